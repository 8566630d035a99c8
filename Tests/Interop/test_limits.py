"""Checklist 47: each limit that NIP-11 advertises is enforced at exactly that value."""

import json
import time
from collections.abc import Iterator

import pytest

from conftest import RelayFactory
from support.backends import Backend
from support.client import Client, is_stored
from support.events import Author, compact, ids, mined
from support.relay_process import RelayProcess
from support.wire import CONTINUATION, TEXT, FrameSocket, frame, request

SMALL = {
    "connections": {"max_message": "4KiB"},
    "events": {
        "max_size": "3KiB",
        "max_tags": 4,
        "max_tag_length": "64B",
        "max_content": 10,
        "max_age": "1h",
        "max_future": "60s",
        "min_pow": 0,
        "kinds": {"deny": [1234]},
    },
    "subscriptions": {
        "max": 3,
        "max_filters": 2,
        "max_limit": 7,
        "default_limit": 5,
        "max_id_length": 8,
        "max_values": 6,
    },
}


@pytest.fixture(scope="module")
def relay(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    """A relay with small limits."""
    folder = tmp_path_factory.mktemp("small")
    process = RelayProcess(folder, backend.database(folder), SMALL).start()
    yield process
    process.stop()


def limitation(relay: RelayProcess) -> dict[str, int]:
    return json.loads(request(relay.port, fields={"Accept": "application/nostr+json"}).body)["limitation"]


def test_the_document_advertises_what_is_configured(relay: RelayProcess) -> None:
    assert limitation(relay) == {
        "max_message_length": 4096,
        "max_subscriptions": 3,
        "max_filters": 2,
        "max_limit": 7,
        "default_limit": 5,
        "max_subid_length": 8,
        "max_event_tags": 4,
        "max_content_length": 10,
        "min_pow_difficulty": 0,
        "created_at_lower_limit": 3600,
        "created_at_upper_limit": 60,
        "auth_required": False,
        "payment_required": False,
        "restricted_writes": False,
    }


@pytest.mark.parametrize("deflate", [True, False])
def test_line_47_max_message_length_counts_bytes(relay: RelayProcess, deflate: bool) -> None:
    text = '["REQ","é",{"ids":["' + "0" * 64 + '"]}]'
    with Client(relay.url, deflate=deflate) as client:
        assert client.ask(text + " " * (4096 - len(text.encode()))) [:2] == ["EOSE", "é"]
        client.send_text(text + " " * (4097 - len(text.encode())))
        assert client.close_code() == 1009


def test_line_47_max_message_length_counts_all_fragments(relay: RelayProcess) -> None:
    with FrameSocket(relay.port) as connection:
        connection.send(frame(TEXT, b"[" + b" " * 4000, final=False) + frame(CONTINUATION, b" " * 95))
        assert connection.read().payload.startswith(b'["NOTICE"')
        connection.send(frame(TEXT, b"[" + b" " * 4000, final=False) + frame(CONTINUATION, b" " * 96))
        assert connection.close_code() == 1009


def test_line_47_max_subscriptions(client: Client) -> None:
    for name in "abc":
        client.subscribe(name, {"kinds": [1]})
    client.send("REQ", "d", {"kinds": [1]})
    answer = client.receive()
    assert answer[:2] == ["CLOSED", "d"] and ": " in answer[2]
    assert client.subscribe("c", {"kinds": [7]}) == []
    client.send("CLOSE", "a")
    assert client.subscribe("d", {"kinds": [1]}) == []


def test_max_subscriptions_is_per_connection(client: Client, other: Client) -> None:
    for connection in (client, other):
        for name in "abc":
            assert connection.subscribe(name, {"kinds": [9]}) == []


def test_line_47_max_filters(client: Client) -> None:
    assert client.subscribe("two", {"kinds": [9]}, {"kinds": [9]}) == []
    client.send("REQ", "three", *[{"kinds": [9]}] * 3)
    answer = client.receive()
    assert answer[:2] == ["CLOSED", "three"] and answer[2].startswith("invalid: ")


def test_max_values_counts_all_lists_of_a_request(client: Client) -> None:
    assert client.subscribe("six", {"kinds": [1, 2, 3]}, {"#t": ["a", "b", "c"]}) == []
    client.send("REQ", "seven", {"kinds": [1, 2, 3]}, {"#t": ["a", "b", "c", "d"]})
    assert client.receive()[:2] == ["CLOSED", "seven"]


def test_line_47_max_limit_and_default_limit(client: Client, author: Author) -> None:
    events = author.notes(10)
    client.publish_all(events)
    mine = {"authors": [author.pubkey]}
    newest = events[::-1]
    assert client.fetch(mine) == newest[:5]
    assert client.fetch(mine | {"limit": 6}) == newest[:6]
    assert client.fetch(mine | {"limit": 7}) == newest[:7]
    assert client.fetch(mine | {"limit": 8}) == newest[:7]
    assert client.fetch(mine | {"limit": 10**9}) == newest[:7]


def test_line_25_a_limit_of_the_client_is_never_exceeded_within_a_second(client: Client, author: Author) -> None:
    now = int(time.time())
    client.publish_all(author.event(content=str(n), created_at=now) for n in range(10))
    assert len(client.fetch({"authors": [author.pubkey], "limit": 4})) == 4


@pytest.mark.parametrize("name", ["x" * 8, "é" * 8, "😀" * 8])
def test_line_47_max_subid_length_counts_characters(client: Client, name: str) -> None:
    assert client.subscribe(name, {"kinds": [9]}) == []
    client.send("REQ", name + "x", {"kinds": [9]})
    answer = client.receive()
    assert answer[:2] == ["CLOSED", name + "x"] and answer[2].startswith("invalid: ")


def assert_refused(client: Client, event: dict, prefix: str = "invalid: ") -> None:
    answer = client.publish(event)
    assert answer[2] is False and answer[3].startswith(prefix), answer
    assert not is_stored(client, event)


def test_line_47_max_event_tags(client: Client, author: Author) -> None:
    client.publish_all([author.event(tags=[["t", str(n)] for n in range(4)])])
    assert_refused(client, author.event(tags=[["t", str(n)] for n in range(5)]))


@pytest.mark.parametrize("character", ["x", "é", "日", "😀", "e\u0301"[1], "\n", "\x01"])
def test_line_47_max_content_length_counts_unicode_characters(client: Client, author: Author, character: str) -> None:
    client.publish_all([author.event(content=character * 10)])
    assert_refused(client, author.event(content=character * 11))


def test_line_47_created_at_limits(client: Client, author: Author) -> None:
    now = int(time.time())
    client.publish_all(author.event(created_at=moment) for moment in (now - 3590, now, now + 55))
    for moment in (now - 3605, now + 75, 0, 1, 2**32, 2**53):
        assert_refused(client, author.event(created_at=moment))


def test_line_47_min_pow_difficulty(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay({"events": {"min_pow": 6}})
    assert limitation(relay)["min_pow_difficulty"] == 6
    with Client(relay.url) as client:
        assert client.publish(mined(author, 6, exactly=True))[2] is True
        assert_refused(client, mined(author, 5, exactly=True), "pow: ")


def test_the_size_of_an_event_is_limited(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay({"events": {"max_size": "2KiB", "max_tag_length": "1KiB"}})
    with Client(relay.url) as client:
        room = 2048 - len(compact(author.event()))
        client.publish_all([author.event(content="x" * room)])
        assert_refused(client, author.event(content="x" * (room + 1)))


def test_the_size_of_a_tag_is_limited(client: Client, author: Author) -> None:
    client.publish_all([author.event(tags=[["t", "x" * 63]])])
    assert_refused(client, author.event(tags=[["t", "x" * 65]]))


def test_kinds_can_be_denied_and_allowed(start_relay: RelayFactory, client: Client, author: Author) -> None:
    assert_refused(client, author.event(1234), "blocked: ")
    relay = start_relay({"events": {"kinds": {"allow": [1, "30000-39999"], "deny": [30023]}}})
    with Client(relay.url) as strict:
        strict.publish_all([author.event(1), author.event(30000), author.event(39999)])
        for kind in (0, 7, 30023, 40000, 20001):
            assert_refused(strict, author.event(kind), "blocked: ")


def test_the_number_of_connections_is_limited(start_relay: RelayFactory) -> None:
    relay = start_relay({"connections": {"max": 2}})
    with Client(relay.url), Client(relay.url):
        answer = request(
            relay.port,
            fields={
                "Upgrade": "websocket",
                "Connection": "Upgrade",
                "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            },
        )
        assert answer.status == 503
        assert int(answer.one("retry-after")) > 0
        assert request(relay.port, path="/health").status == 200


def test_a_client_without_a_subscription_may_stay_idle_only_so_long(start_relay: RelayFactory) -> None:
    relay = start_relay({"connections": {"idle_timeout": "2s", "ping_interval": "1s"}})
    with Client(relay.url) as idle, Client(relay.url) as listening:
        listening.subscribe("live", {"kinds": [1]})
        assert idle.close_code() == 1000
        assert listening.arrived() == []
        assert ids(listening.fetch({"kinds": [1]})) == []
