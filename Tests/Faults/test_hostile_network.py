"""A line to the database that takes everything and says nothing: bounded answers, and all is well once it is mended."""

import contextlib
from collections.abc import Callable

import pytest

from conftest import Node, NodeFactory
from support.backends import PostgresDatabase
from support.figures import Figures
from support.outages import (
    Publisher,
    Publishers,
    Watcher,
    ask,
    wait_until_not_ready,
    wait_until_ready,
)
from support.postgres import PostgresServer

Change = Callable[[Node, PostgresServer], None]
#: How the line falls silent, and what ends it.
WAYS: dict[str, tuple[Change, Change]] = {
    "held back": (lambda node, _: node.line.freeze(), lambda node, _: node.line.mend()),
    "forgotten": (lambda node, _: node.line.freeze(is_forgetful=True), lambda node, _: node.line.mend()),
    "a server that stands still": (lambda _, server: server.pause(), lambda _, server: server.resume()),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_silent_line_is_answered_in_bounded_time_and_forgotten_when_it_is_mended(
    server: PostgresServer, database: PostgresDatabase, start_node: NodeFactory, figures: Figures, way: str
) -> None:
    silence, mend = WAYS[way]
    node = start_node()
    relay = node.relay
    before = Watcher(relay, "before", {"kinds": [1]}).wait()
    with contextlib.ExitStack() as stack, Publishers(Publisher(relay.port) for _ in range(5)) as publishers:
        # A server that stands still would not end.
        stack.callback(mend, node, server)
        for _ in range(2):
            publishers.wait_for_more(200)
            silence(node, server)
            publishers.wait_for_refusals()
            wait_until_not_ready(relay)
            last = ask(relay, {"kinds": [1], "limit": 10})
            assert last[0] == "EOSE" or last[2].startswith("error: "), last
            mend(node, server)
            wait_until_ready(relay)
            publishers.wait_for_each()
        publishers.stop()
    publishers.check_answers()
    after = Watcher(relay, "after", {"kinds": [1]}).wait()
    # What was refused may have reached the server: the relay cannot know.
    unknown = publishers.resend_refused(relay.port)
    stored = database.ids()
    assert stored == publishers.sent.keys()
    for watcher in (before, after):
        watcher.wait_for(stored)
        watcher.stop()
        watcher.check()
    figures(
        f"{len(publishers.accepted)} events kept, {len(publishers.refused)} refused, {unknown} of those stored "
        f"nevertheless; the slowest answer took {publishers.slowest:.1f} s"
    )


def test_a_distant_database_is_slow_and_nothing_else(
    database: PostgresDatabase, start_node: NodeFactory, figures: Figures
) -> None:
    node = start_node()
    node.line.latency = 0.05
    watcher = Watcher(node.relay, "live", {"kinds": [1]}).wait()
    with Publishers(Publisher(node.relay.port) for _ in range(5)) as publishers:
        publishers.wait_for_more(500)
        publishers.stop()
    publishers.check_answers()
    assert not publishers.refused
    assert database.ids() == publishers.accepted.keys()
    watcher.wait_for(publishers.accepted)
    watcher.stop()
    watcher.check()
    figures(f"{len(publishers.accepted)} events at 50 ms each way; the slowest answer took {publishers.slowest:.2f} s")


def test_connections_that_break_all_the_time_lose_nothing(database: PostgresDatabase, start_node: NodeFactory) -> None:
    node = start_node()
    watcher = Watcher(node.relay, "live", {"kinds": [1]}).wait()
    with Publishers(Publisher(node.relay.port) for _ in range(5)) as publishers:
        for _ in range(20):
            publishers.wait_for_more(20)
            node.line.drop()
        publishers.wait_for_each()
        publishers.stop()
    publishers.check_answers()
    stored = database.ids()
    assert publishers.accepted.keys() <= stored <= publishers.sent.keys()
    watcher.wait_for(stored)
    watcher.stop()
    watcher.check()
