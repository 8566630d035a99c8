"""Proofs of keys (NIP-42) and protected events (NIP-70) as nostr-sdk does them, whose side this project did not write."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
import pytest_asyncio
from nostr_sdk import (
    Client,
    ClientBuilder,
    Event,
    EventBuilder,
    Filter,
    Keys,
    Kind,
    RelayUrl,
    ReqTarget,
    SignerAuthenticator,
    Tag,
)

from conftest import RelayFactory
from support.postgres import free_port
from support.relay_process import Configuration, RelayProcess

pytestmark = pytest.mark.usefixtures("sdk_callbacks")
PATIENCE = timedelta(seconds=20)
#: For what is to be refused: how long the library waits before it says so.
SHORT = timedelta(seconds=3)

Connect = Callable[[RelayProcess, Keys | None], Awaitable[Client]]


@pytest.fixture
def start_named(start_relay: RelayFactory) -> Callable[[Configuration], RelayProcess]:
    """Starts relays that know the URL under which the library reaches them: it proves keys to that one."""

    def start(configuration: Configuration) -> RelayProcess:
        port = free_port()
        return start_relay({"listen": f"127.0.0.1:{port}", "url": f"ws://127.0.0.1:{port}/", **configuration})

    return start


@pytest_asyncio.fixture
async def connect() -> AsyncIterator[Connect]:
    """Connects clients that prove the key where a relay asks for it, or none."""
    clients: list[Client] = []

    async def connected(relay: RelayProcess, keys: Keys | None) -> Client:
        builder = ClientBuilder()
        if keys is not None:
            builder = builder.authenticator(SignerAuthenticator(keys))
        client = builder.build()
        clients.append(client)
        await client.add_relay(RelayUrl.parse(relay.url))
        await client.connect(and_wait=PATIENCE)
        return client

    yield connected
    for client in clients:
        await client.shutdown()


def note(keys: Keys, content: str, *tags: Tag, kind: int = 1) -> Event:
    return EventBuilder(Kind(kind), content).tags(list(tags)).finalize(keys)


async def is_accepted(client: Client, event: Event, patience: timedelta = PATIENCE) -> bool:
    output = await client.send_event(event, ok_timeout=patience, authentication_timeout=patience)
    return len(output.success) == 1


async def fetch(client: Client, filter: Filter, patience: timedelta = PATIENCE) -> list[str]:
    events = await client.fetch_events(ReqTarget.auto([filter]), timeout=patience)
    return [event.id().to_hex() for event in events]


async def test_line_58_a_member_reads_and_publishes_by_its_key_and_nobody_else_does(
    start_named: Callable[[Configuration], RelayProcess], connect: Connect
) -> None:
    member, stranger = Keys.generate(), Keys.generate()
    access = {"read": "members", "write": "members", "members": [member.public_key().to_hex()]}
    relay = start_named({"access": access})
    client = await connect(relay, member)
    ours = note(member, "among us")
    assert await is_accepted(client, ours)
    mine = Filter().author(member.public_key())
    assert await fetch(client, mine) == [ours.id().to_hex()]
    for keys in (stranger, None):
        other = await connect(relay, keys)
        assert not await is_accepted(other, note(stranger, "let me in"), SHORT)
        assert await fetch(other, mine, SHORT) == []


async def test_line_52_a_gift_wrap_goes_to_its_recipient_once_the_key_is_proven(
    start_named: Callable[[Configuration], RelayProcess], connect: Connect
) -> None:
    recipient, stranger = Keys.generate(), Keys.generate()
    relay = start_named({})
    wrap = note(Keys.generate(), "sealed", Tag.public_key(recipient.public_key()), kind=1059)
    assert await is_accepted(await connect(relay, None), wrap)
    asked = Filter().kind(Kind(1059)).pubkey(recipient.public_key())
    assert await fetch(await connect(relay, recipient), asked) == [wrap.id().to_hex()]
    for keys in (stranger, None):
        assert await fetch(await connect(relay, keys), asked, SHORT) == []


async def test_line_85_a_protected_event_is_taken_from_its_author_alone(
    start_named: Callable[[Configuration], RelayProcess], connect: Connect
) -> None:
    author, stranger = Keys.generate(), Keys.generate()
    relay = start_named({})
    protected = note(author, "for this relay only", Tag.protected())
    for keys in (None, stranger):
        assert not await is_accepted(await connect(relay, keys), protected, SHORT)
    client = await connect(relay, author)
    assert await is_accepted(client, protected)
    assert await fetch(client, Filter().id(protected.id())) == [protected.id().to_hex()]
