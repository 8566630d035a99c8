"""Reconciling with nostr-sdk, whose side of NIP-77 this project did not write."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from nostr_sdk import (
    Client,
    ClientBuilder,
    Event,
    EventBuilder,
    Filter,
    Keys,
    Kind,
    NostrLmdb,
    RelayUrl,
    SyncDirection,
    SyncOptions,
    Timestamp,
)

from support.relay_process import RelayProcess

PATIENCE = timedelta(seconds=30)
NOW = int(time.time()) - 5_000


pytestmark = pytest.mark.usefixtures("sdk_callbacks")


def notes(keys: Keys, count: int, first: int = 0) -> list[Event]:
    """Several a second."""
    return [
        EventBuilder(Kind(1), f"note {n}").custom_created_at(Timestamp.from_secs(NOW + n // 3)).finalize(keys)
        for n in range(first, first + count)
    ]


async def connected(relay: RelayProcess, folder: Path, name: str, events: list[Event]) -> tuple[Client, NostrLmdb]:
    """A client that holds these events."""
    database = await NostrLmdb.open(str(folder / name))
    for event in events:
        await database.save_event(event)
    client = ClientBuilder().database(database).build()
    await client.add_relay(RelayUrl.parse(relay.url))
    await client.connect(and_wait=PATIENCE)
    return client, database


async def publish(client: Client, events: list[Event]) -> None:
    for event in events:
        output = await client.send_event(event, ok_timeout=PATIENCE)
        assert len(output.success) == 1, output


def options(direction: SyncDirection) -> SyncOptions:
    return SyncOptions().direction(direction).initial_timeout(PATIENCE)


def hexes(ids: object) -> set[str]:
    return {one.to_hex() for one in ids}


async def test_sync_down_fetches_what_the_client_lacks(relay: RelayProcess, tmp_path: Path) -> None:
    keys = Keys.generate()
    events = notes(keys, 150)
    writer, _ = await connected(relay, tmp_path, "writer", [])
    await publish(writer, events)
    client, database = await connected(relay, tmp_path, "reader", events[:20] + events[60:90])
    mine = Filter().author(keys.public_key())
    output = await client.sync(mine, opts=options(SyncDirection.DOWN))
    lacked = {event.id().to_hex() for event in events[20:60] + events[90:]}
    assert hexes(output.report.received) == lacked and not hexes(output.report.local)
    assert await database.count(mine) == 150
    again = await client.sync(mine, opts=options(SyncDirection.BOTH))
    assert not again.report.received and not again.report.sent and not again.report.remote
    await writer.shutdown()
    await client.shutdown()


async def test_sync_up_sends_what_the_relay_lacks(relay: RelayProcess, tmp_path: Path) -> None:
    keys = Keys.generate()
    events = notes(keys, 120)
    client, _ = await connected(relay, tmp_path, "writer", events)
    await publish(client, events[:40])
    mine = Filter().author(keys.public_key())
    output = await client.sync(mine, opts=options(SyncDirection.UP))
    assert hexes(output.report.sent) == {event.id().to_hex() for event in events[40:]}
    reader, database = await connected(relay, tmp_path, "reader", [])
    await reader.sync(mine, opts=options(SyncDirection.DOWN))
    assert await database.count(mine) == 120
    await client.shutdown()
    await reader.shutdown()


async def test_sync_both_ways_makes_both_sides_the_same(relay: RelayProcess, tmp_path: Path) -> None:
    keys = Keys.generate()
    events = notes(keys, 160)
    writer, _ = await connected(relay, tmp_path, "writer", [])
    await publish(writer, events[:100])
    client, database = await connected(relay, tmp_path, "both", events[70:])
    mine = Filter().author(keys.public_key())
    output = await client.sync(mine, opts=options(SyncDirection.BOTH))
    assert hexes(output.report.received) == {event.id().to_hex() for event in events[:70]}
    assert hexes(output.report.sent) == {event.id().to_hex() for event in events[100:]}
    assert await database.count(mine) == 160
    fresh, copy = await connected(relay, tmp_path, "fresh", [])
    await fresh.sync(mine, opts=options(SyncDirection.DOWN))
    assert await copy.count(mine) == 160
    for one in (writer, client, fresh):
        await one.shutdown()


async def test_sync_of_everything_goes_by_the_set_that_all_share(relay: RelayProcess, tmp_path: Path) -> None:
    keys = Keys.generate()
    events = notes(keys, 90)
    writer, _ = await connected(relay, tmp_path, "writer", [])
    await publish(writer, events[:60])
    client, database = await connected(relay, tmp_path, "all", events[30:])
    await client.sync(Filter(), opts=options(SyncDirection.BOTH))
    assert await database.count(Filter().author(keys.public_key())) == 90
    dry = await client.sync(Filter(), opts=options(SyncDirection.BOTH).dry_run())
    assert not dry.report.local and not dry.report.remote
    await writer.shutdown()
    await client.shutdown()
