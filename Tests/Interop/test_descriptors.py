"""A process that may open no more files: who is connected goes on, and room that is made is used."""

import os
import select
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from support.backends import Backend
from support.client import Client
from support.events import Author
from support.relay_process import RelayProcess, wait_until
from support.wire import handshake, open_socket, request

LIMIT = 150
# What the relay keeps back for its database and whatever else it opens for a moment.
SPARE = 50
pytestmark = pytest.mark.skipif(shutil.which("prlimit") is None, reason="needs prlimit (util-linux)")


@pytest.fixture
def relay(backend: Backend, tmp_path: Path) -> Iterator[RelayProcess]:
    """A relay that may have few files open, however many connections it is configured for."""
    process = RelayProcess(tmp_path, backend.database(tmp_path), {"connections": {"max": 10_000}})
    process.prefix = ["prlimit", f"--nofile={LIMIT}:{LIMIT}"]
    yield process.start()
    assert process.stop() == 0


def open_files(relay: RelayProcess) -> int:
    assert relay.process is not None
    return len(os.listdir(f"/proc/{relay.process.pid}/fd"))


def processor_seconds(relay: RelayProcess) -> float:
    assert relay.process is not None
    fields = Path(f"/proc/{relay.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def crowd(stack: ExitStack, relay: RelayProcess, count: int) -> list[socket.socket]:
    """Sockets that each ask for a WebSocket; the relay may leave some of them waiting in the kernel's queue."""
    sockets = [stack.enter_context(open_socket(relay.port)) for _ in range(count)]
    for connection in sockets:
        connection.sendall(handshake(relay.port))
    return sockets


def room(relay: RelayProcess) -> int:
    """How many connections the relay has said that it takes; as it accepts a few at a time, it takes a few more."""
    [line] = [line for line in relay.log() if "room" in line]
    return int(line["room"])


def answered(sockets: list[socket.socket]) -> int:
    return len(select.select(sockets, [], [], 0)[0])


def wait_for_all_places(relay: RelayProcess, sockets: list[socket.socket], taken: int = 0) -> None:
    """Waits until all of the relay's places are taken, so many of them by others than these sockets."""
    wait_until(lambda: answered(sockets) >= room(relay) - taken, what="answers to as many as there is room for")
    assert open_files(relay) >= LIMIT - SPARE


def assert_serves(client: Client, listener: Client, author: Author) -> None:
    client.publish_all([event := author.event(content=str(time.monotonic()))])
    assert listener.live("live") == event
    assert client.fetch({"ids": [event["id"]]}) == [event]


def test_without_descriptors_the_connected_go_on_and_others_come_when_there_is_room(
    relay: RelayProcess, author: Author
) -> None:
    with Client(relay.url) as client, Client(relay.url) as listener:
        listener.subscribe("live", {"authors": [author.pubkey]})
        for _ in range(2):
            with ExitStack() as stack:
                sockets = crowd(stack, relay, LIMIT + 100)
                wait_for_all_places(relay, sockets, taken=2)
                for _ in range(5):
                    assert_serves(client, listener, author)
                assert answered(sockets) < LIMIT
                assert_serves(client, listener, author)
            wait_until(lambda: open_files(relay) < LIMIT // 2, what="room")
            with Client(relay.url) as late:
                assert_serves(late, listener, author)
            assert request(relay.port, path="/health").status == 200
    assert relay.process is not None and relay.process.poll() is None
    assert len(relay.log()) < 200, "the log tells it in a bounded number of lines"


def test_without_descriptors_the_relay_does_not_spin(relay: RelayProcess) -> None:
    with ExitStack() as stack:
        wait_for_all_places(relay, crowd(stack, relay, LIMIT + 100))
        before, started = processor_seconds(relay), time.monotonic()
        time.sleep(2)
        share = (processor_seconds(relay) - before) / (time.monotonic() - started)
        assert share < 0.3, f"the relay takes {share:.0%} of a core while nothing can be accepted"


def test_a_place_that_becomes_free_is_given_to_one_who_waits(relay: RelayProcess) -> None:
    with ExitStack() as stack:
        sockets = crowd(stack, relay, LIMIT + 50)
        wait_for_all_places(relay, sockets)
        served, _, _ = select.select(sockets, [], [], 0)
        waiting = [connection for connection in sockets if connection not in served]
        leaving = served[: len(served) // 2]
        for connection in leaving:
            connection.close()
        wait_until(lambda: answered(waiting) >= len(leaving) // 2, what="answers to those who waited")


def test_a_stop_without_descriptors_ends_in_good_order(relay: RelayProcess, author: Author) -> None:
    with Client(relay.url) as client, ExitStack() as stack:
        wait_for_all_places(relay, crowd(stack, relay, LIMIT + 50), taken=1)
        client.publish_all([event := author.event()])
        assert relay.stop() == 0
    relay.start()
    with Client(relay.url) as client:
        assert client.fetch({"ids": [event["id"]]}) == [event]


def test_the_start_tells_the_limit_of_open_files(relay: RelayProcess) -> None:
    [line] = [line for line in relay.log() if line["message"] == "open files"]
    assert line["limit"] == str(LIMIT)


def test_more_connections_than_descriptors_are_warned_of_at_the_start(relay: RelayProcess) -> None:
    assert [line for line in relay.log() if line["level"] == "warning" and "connections.max" in str(line)]


@pytest.mark.parametrize("limit", [8, 16])
def test_too_few_descriptors_for_a_start_are_told_in_one_sentence(
    backend: Backend, tmp_path: Path, limit: int
) -> None:
    process = RelayProcess(tmp_path, backend.database(tmp_path))
    process.prefix = ["prlimit", f"--nofile={limit}:{limit}"]
    process.launch()
    assert process.wait() == 1
    sentences = [line for line in process.log_file.read_text().splitlines() if not line.startswith("{")]
    assert len(sentences) == 1 and sentences[0].startswith("Error: "), sentences
