"""The database server dies without notice under a relay: every OK true stands, and the relay needs no restart."""

import time

import pytest

from conftest import RelayFactory
from support.backends import PostgresDatabase
from support.crowd import MIB, Memory
from support.events import ids
from support.figures import Figures
from support.outages import (
    Publisher,
    Publishers,
    Watcher,
    all_served,
    ask,
    wait_until_not_ready,
    wait_until_ready,
)
from support.postgres import PostgresServer

ROUNDS = 3
PUBLISHERS = 20
DOWN_SECONDS = 3
#: What an outage may cost beyond the memory of a relay that has warmed up.
MOST_MEMORY = 256 * MIB


@pytest.mark.timeout(400)
def test_every_ok_true_survives_a_server_that_is_killed_and_comes_back(
    server: PostgresServer, database: PostgresDatabase, start_relay: RelayFactory, figures: Figures
) -> None:
    relay = start_relay()
    memory = Memory(relay)
    watchers = [Watcher(relay, "before", {"kinds": [1]}).wait()]
    with Publishers(Publisher(relay.port) for _ in range(PUBLISHERS)) as publishers:
        publishers.wait_for_more(2000)
        warm = memory.now
        memory.forget_peak()
        for number in range(ROUNDS):
            server.kill()
            killed = time.monotonic()
            publishers.wait_for_refusals()
            wait_until_not_ready(relay)
            last = ask(relay, {"kinds": [1], "limit": 10})
            assert last[0] == "EOSE" or last[2].startswith("error: "), last
            watchers.append(Watcher(relay, f"during {number}", {"kinds": [1]}))
            time.sleep(max(DOWN_SECONDS - (time.monotonic() - killed), 0))
            server.start()
            wait_until_ready(relay)
            publishers.wait_for_each()
            publishers.wait_for_more(500)
        watchers.append(Watcher(relay, "after", {"kinds": [1]}).wait())
        publishers.stop()
    publishers.check_answers()
    stored = database.ids()
    lost = publishers.accepted.keys() - stored
    assert not lost, f"{len(lost)} of {len(publishers.accepted)} events with OK true are gone"
    assert stored <= publishers.sent.keys()
    served = ids(all_served(relay, publishers.authors))
    assert len(served) == len(set(served)) and set(served) == stored
    for watcher in watchers:
        watcher.wait_for(stored)
        watcher.stop()
        watcher.check()
        assert watcher.times.keys() == stored, watcher.name
    unknown = publishers.resend_refused(relay.port)
    assert database.ids() == publishers.sent.keys()
    assert memory.peak < warm + MOST_MEMORY, f"{memory.peak // MIB} MiB, and {warm // MIB} MiB before"
    figures(
        f"{ROUNDS} kills, {len(publishers.accepted)} events kept, {len(publishers.refused)} refused, {unknown} of "
        f"them stored nevertheless; the slowest answer took {publishers.slowest:.1f} s; memory {warm // MIB} MiB at "
        f"first and at most {memory.peak // MIB} MiB"
    )


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_relay_outlives_a_restart_of_the_server(server: PostgresServer, start_relay: RelayFactory, mode: str) -> None:
    relay = start_relay()
    watcher = Watcher(relay, "before", {"kinds": [1]}).wait()
    with Publishers(Publisher(relay.port) for _ in range(3)) as publishers:
        publishers.wait_for_more(200)
        server.restart(mode)
        publishers.wait_for_each()
        publishers.stop()
    publishers.check_answers()
    watcher.wait_for(publishers.accepted)
    watcher.stop()
    watcher.check()


def test_a_relay_outlives_the_end_of_all_its_sessions(server: PostgresServer, start_relay: RelayFactory) -> None:
    """An administrator ends them, or an idle timeout of the server."""
    relay = start_relay()
    watcher = Watcher(relay, "before", {"kinds": [1]}).wait()
    with Publishers(Publisher(relay.port) for _ in range(3)) as publishers:
        for _ in range(5):
            publishers.wait_for_more(100)
            assert server.disconnect() > 0
        publishers.wait_for_each()
        publishers.stop()
    publishers.check_answers()
    watcher.wait_for(publishers.accepted)
    watcher.stop()
    watcher.check()


def test_a_relay_whose_server_is_away_stops_in_good_order(server: PostgresServer, start_relay: RelayFactory) -> None:
    relay = start_relay()
    with Publishers([Publisher(relay.port)]) as publishers:
        publishers.wait_for_more(50)
        server.kill()
        publishers.wait_for_refusals()
        assert relay.stop() == 0
    assert all(attempt.text.startswith("error: ") for attempt in publishers.refused)


def test_a_relay_that_is_idle_notices_that_its_server_was_away(
    server: PostgresServer, start_relay: RelayFactory
) -> None:
    """Nobody writes while the server is away: what another node stores afterwards arrives all the same."""
    first, second = start_relay(), start_relay()
    watcher = Watcher(second, "before", {"kinds": [1]}).wait()
    server.kill()
    time.sleep(DOWN_SECONDS)
    server.start()
    for relay in (first, second):
        wait_until_ready(relay)
    with Publishers([Publisher(first.port)]) as publishers:
        publishers.wait_for_more(50)
        publishers.stop()
    watcher.wait_for(publishers.accepted)
    watcher.stop()
    watcher.check()
