"""The relay as seen by nostr-sdk, a client that this project did not write."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from nostr_sdk import (
    Client,
    ClientBuilder,
    ClientNotificationStream,
    Event,
    EventBuilder,
    Filter,
    Keys,
    Kind,
    RelayInformationDocument,
    RelayUrl,
    ReqTarget,
    Tag,
    Timestamp,
)

from support.relay_process import RelayProcess
from support.wire import request

PATIENCE = timedelta(seconds=20)
NOW = int(time.time()) - 100


async def connected(relay: RelayProcess) -> Client:
    client = ClientBuilder().build()
    await client.add_relay(RelayUrl.parse(relay.url))
    await client.connect(and_wait=PATIENCE)
    return client


@pytest_asyncio.fixture
async def alice(relay: RelayProcess) -> AsyncIterator[Client]:
    client = await connected(relay)
    yield client
    await client.shutdown()


@pytest_asyncio.fixture
async def bob(relay: RelayProcess) -> AsyncIterator[Client]:
    client = await connected(relay)
    yield client
    await client.shutdown()


@pytest.fixture
def keys() -> Keys:
    return Keys.generate()


def event(
    keys: Keys, kind: int = 1, content: str = "", tags: list[list[str]] | None = None, at: int | None = None
) -> Event:
    builder = EventBuilder(Kind(kind), content).tags([Tag.parse(tag) for tag in tags or []])
    if at is not None:
        builder = builder.custom_created_at(Timestamp.from_secs(at))
    return builder.finalize(keys)


async def publish(client: Client, *events: Event) -> None:
    for one in events:
        output = await client.send_event(one, ok_timeout=PATIENCE)
        assert len(output.success) == 1 and not output.failed, output


async def fetch(client: Client, *filters: Filter) -> list[str]:
    events = await client.fetch_events(ReqTarget.auto(list(filters)), timeout=PATIENCE)
    for one in events:
        one.verify()
    return [one.as_json() for one in events]


async def next_event(notifications: ClientNotificationStream) -> Event:
    async def search() -> Event:
        while notification := await notifications.next():
            if notification.is_new_event():
                return notification.event
        raise AssertionError("the notifications ended")

    return await asyncio.wait_for(search(), 20)


async def test_an_event_that_one_client_publishes_is_fetched_by_another(alice: Client, bob: Client, keys: Keys) -> None:
    note = event(keys, content='hello, emoji 🐦, quotes " and \\ and\nlines', tags=[["t", "nostr"]])
    await publish(alice, note)
    assert await fetch(bob, Filter().id(note.id())) == [note.as_json()]
    assert await fetch(bob, Filter().author(keys.public_key()).kind(Kind(1)).hashtag("nostr")) == [note.as_json()]


async def test_a_subscription_gets_events_live(alice: Client, bob: Client, keys: Keys) -> None:
    notifications = bob.notifications()
    await bob.subscribe(ReqTarget.auto([Filter().author(keys.public_key())]))
    note = event(keys, content="live")
    await publish(alice, note)
    assert (await next_event(notifications)).as_json() == note.as_json()


async def test_after_unsubscribing_no_event_comes(alice: Client, bob: Client, keys: Keys) -> None:
    notifications = bob.notifications()
    first = await bob.subscribe(ReqTarget.auto([Filter().author(keys.public_key()).kind(Kind(1))]), id="first")
    await bob.subscribe(ReqTarget.auto([Filter().author(keys.public_key()).kind(Kind(7))]), id="second")
    await publish(alice, event(keys, 7, "before"))
    assert (await next_event(notifications)).content() == "before"
    await bob.unsubscribe(first.id)
    # The answer to another request tells that the relay has read the CLOSE.
    assert await fetch(bob, Filter().author(Keys.generate().public_key())) == []
    await publish(alice, event(keys, 1, "missed"), event(keys, 7, "seen"))
    assert (await next_event(notifications)).content() == "seen"


async def test_several_filters_are_joined(alice: Client, keys: Keys) -> None:
    events = [event(keys, kind, at=NOW + kind) for kind in (1, 6, 7)]
    await publish(alice, *events)
    mine = Filter().author(keys.public_key())
    found = await fetch(alice, mine.kind(Kind(1)), mine.kind(Kind(7)), Filter().id(events[0].id()))
    assert sorted(found) == sorted(one.as_json() for one in (events[0], events[2]))


async def test_times_and_limits_are_obeyed(alice: Client, keys: Keys) -> None:
    events = [event(keys, content=str(n), at=NOW + n) for n in range(10)]
    await publish(alice, *events)
    mine = Filter().author(keys.public_key())
    window = mine.since(Timestamp.from_secs(NOW + 2)).until(Timestamp.from_secs(NOW + 5))
    assert sorted(await fetch(alice, window)) == sorted(one.as_json() for one in events[2:6])
    assert sorted(await fetch(alice, mine.limit(3))) == sorted(one.as_json() for one in events[7:])


async def test_a_profile_update_replaces_the_profile(alice: Client, bob: Client, keys: Keys) -> None:
    old, new = (event(keys, 0, json.dumps({"name": name}), at=NOW + n) for n, name in enumerate(("old", "new")))
    await publish(alice, old, new)
    assert await fetch(bob, Filter().author(keys.public_key()).kind(Kind(0))) == [new.as_json()]


async def test_an_article_update_replaces_the_article_of_its_name(alice: Client, bob: Client, keys: Keys) -> None:
    old, other, new = (
        event(keys, 30023, text, [["d", name]], NOW + n)
        for n, (text, name) in enumerate((("old", "a"), ("other", "b"), ("new", "a")))
    )
    await publish(alice, old, other, new)
    found = await fetch(bob, Filter().author(keys.public_key()).kind(Kind(30023)))
    assert sorted(found) == sorted([new.as_json(), other.as_json()])
    assert await fetch(bob, Filter().author(keys.public_key()).identifier("a")) == [new.as_json()]


async def test_a_deletion_takes_an_event_away(alice: Client, bob: Client, keys: Keys) -> None:
    note = event(keys)
    await publish(alice, note)
    await publish(alice, event(keys, 5, "gone", [["e", note.id().to_hex()]]))
    assert await fetch(bob, Filter().id(note.id())) == []
    output = await alice.send_event(note, ok_timeout=PATIENCE)
    assert not output.success and "blocked: deleted by its author" in str(output.failed)


async def test_a_refusal_reaches_the_client_with_its_reason(alice: Client, keys: Keys) -> None:
    future = event(keys, at=int(time.time()) + 10**6)
    output = await alice.send_event(future, ok_timeout=PATIENCE)
    assert not output.success and "invalid: " in str(output.failed)


async def test_the_information_document_is_read(relay: RelayProcess) -> None:
    body = request(relay.port, fields={"Accept": "application/nostr+json"}).text
    document = RelayInformationDocument.from_json(body)
    assert document.name() == "Martlet relay"
    assert {1, 9, 11, 40} <= set(document.supported_nips())
    assert document.limitation().max_subscriptions == 100


async def test_ten_clients_talk_at_once(relay: RelayProcess) -> None:
    clients = await asyncio.gather(*[connected(relay) for _ in range(10)])
    authors = [Keys.generate() for _ in clients]
    await asyncio.gather(
        *[
            publish(client, *[event(keys, content=str(n), at=NOW + n) for n in range(20)])
            for client, keys in zip(clients, authors)
        ]
    )
    found = await fetch(clients[0], *[Filter().author(keys.public_key()) for keys in authors])
    assert len(found) == 200
    await asyncio.gather(*[client.shutdown() for client in clients])
