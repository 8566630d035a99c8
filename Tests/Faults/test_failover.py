"""The primary server dies and its standby takes over: the relay goes on, by one URL that names both."""

import json

import pytest

from conftest import RelayFactory
from support.backends import PostgresDatabase
from support.client import Client
from support.events import ids
from support.figures import Figures
from support.outages import (
    Publisher,
    Publishers,
    Watcher,
    all_served,
    wait_until_not_ready,
    wait_until_ready,
)
from support.postgres import ROLE, PostgresServer
from support.relay_process import run_command


def both(primary: PostgresServer, standby: PostgresServer) -> str:
    """A URL by which whoever takes writes is found."""
    hosts = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
    return f"postgres://{ROLE}:{primary.password}@{hosts}/{ROLE}?target_session_attrs=read-write"


@pytest.mark.parametrize("is_synchronous", [True, False], ids=["synchronous", "asynchronous"])
def test_a_relay_goes_on_when_a_standby_takes_over(
    server: PostgresServer, start_relay: RelayFactory, figures: Figures, is_synchronous: bool
) -> None:
    standby = server.standby()
    if is_synchronous:
        server.make_synchronous()
    relay = start_relay(both(server, standby))
    watcher = Watcher(relay, "before", {"kinds": [1]}).wait()
    with Publishers(Publisher(relay.port) for _ in range(5)) as publishers:
        publishers.wait_for_more(300)
        caught_up = set(publishers.accepted)
        server.wait_for_standby()
        if not is_synchronous:
            # What comes from now on is lost with the primary.
            standby.stop()
        publishers.wait_for_more(300)
        server.kill()
        publishers.wait_for_refusals()
        wait_until_not_ready(relay)
        if not is_synchronous:
            standby.start()
        standby.promote()
        wait_until_ready(relay)
        publishers.wait_for_each()
        publishers.stop()
    publishers.check_answers()
    stored = PostgresDatabase(standby.url(), ROLE, standby).ids()
    due = set(publishers.accepted) if is_synchronous else caught_up
    assert not due - stored, f"{len(due - stored)} of {len(due)} events are gone"
    served = ids(all_served(relay, publishers.authors))
    assert len(served) == len(set(served)) and set(served) == stored
    watcher.wait_for(stored)
    watcher.stop()
    watcher.check()
    lost = publishers.accepted.keys() - stored
    assert is_synchronous == (not lost), "the standby was away"
    with Client(relay.url) as client:
        for identifier in lost:
            event = publishers.accepted[identifier]
            assert client.publish(event) == ["OK", identifier, True, ""], "the relay remembers what is no more"
    assert set(ids(all_served(relay, publishers.authors))) == stored | lost
    figures(
        f"{len(publishers.accepted)} events with OK true, {len(lost)} of them lost with the primary, "
        f"{len(publishers.refused)} refused; the slowest answer took {publishers.slowest:.1f} s"
    )


def test_a_relay_starts_on_the_server_that_takes_writes(server: PostgresServer, start_relay: RelayFactory) -> None:
    """The order of the hosts says nothing: the first one named may be the standby."""
    standby = server.standby()
    relay = start_relay(both(standby, server))
    with Publishers([Publisher(relay.port)]) as publishers:
        publishers.wait_for_more(20)
        publishers.stop()
    publishers.check_answers()
    assert not publishers.refused
    assert PostgresDatabase(server.url(), ROLE, server).ids() == publishers.accepted.keys()


def test_commands_that_only_read_may_ask_a_standby(server: PostgresServer, start_relay: RelayFactory) -> None:
    """A relay may not: it compares what it reads with what is committed at the moment."""
    standby = server.standby()
    relay = start_relay(server.url())
    with Publishers([Publisher(relay.port)]) as publishers:
        publishers.wait_for_more(50)
        publishers.stop()
    server.wait_for_standby()
    url = f"postgres://{ROLE}:{server.password}@127.0.0.1:{standby.port}/{ROLE}?target_session_attrs=any"
    exported = run_command("export", "--database", url)
    assert set(ids(json.loads(line) for line in exported.stdout.splitlines())) == set(publishers.accepted), exported
    counted = run_command("count", "{}", "--database", url)
    assert counted.stdout.strip() == str(len(publishers.accepted)), counted
    refused = run_command("import", "--database", url)
    assert refused.returncode == 1 and "read-only" in refused.stderr, refused
