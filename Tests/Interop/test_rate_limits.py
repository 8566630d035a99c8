"""Rate limits, and whose address they count."""

from contextlib import ExitStack

import pytest
from websockets.exceptions import InvalidStatus

from conftest import RelayFactory
from support.client import Client
from support.events import Author
from support.relay_process import RelayProcess, wait_until
from support.wire import HANDSHAKE, FrameSocket, request


def attempt(relay: RelayProcess, fields: dict[str, str] | None = None) -> int:
    """The status of a handshake that is refused."""
    return request(relay.port, fields=HANDSHAKE | (fields or {})).status


def open_many(stack: ExitStack, relay: RelayProcess, count: int, fields: dict[str, str] | None = None) -> None:
    for _ in range(count):
        stack.enter_context(FrameSocket(relay.port, fields or {}))


def test_events_beyond_the_rate_of_a_connection_are_answered_rate_limited(
    start_relay: RelayFactory, author: Author
) -> None:
    relay = start_relay({"rate_limits": {"enabled": True, "connection": {"events": "1/h burst 5"}}})
    with Client(relay.url) as client, Client(relay.url) as other:
        answers = [client.publish(event) for event in author.notes(8)]
        assert [answer[2] for answer in answers] == [True] * 5 + [False] * 3
        assert all(answer[3].startswith("rate-limited: ") for answer in answers[5:])
        assert other.publish(author.event())[2] is True, "each connection has a rate of its own"
        assert client.fetch({"ids": ["0" * 64]}) == [], "reading goes on"


def test_messages_beyond_the_rate_of_a_connection_are_answered_rate_limited(start_relay: RelayFactory) -> None:
    relay = start_relay({"rate_limits": {"enabled": True, "connection": {"messages": "1/h burst 3"}}})
    with Client(relay.url) as client:
        for name in "abc":
            assert client.subscribe(name, {"kinds": [1]}) == []
        client.send("REQ", "d", {"kinds": [1]})
        answer = client.receive()
        assert answer[0] in ("CLOSED", "NOTICE") and "rate-limited: " in answer[-1]


def test_line_29_an_event_beyond_the_rate_of_messages_still_gets_its_ok(
    start_relay: RelayFactory, author: Author
) -> None:
    relay = start_relay({"rate_limits": {"enabled": True, "connection": {"messages": "1/h burst 1"}}})
    with Client(relay.url) as client:
        client.publish_all([author.event()])
        client.send("EVENT", event := author.event())
        answer = client.receive()
        assert answer[:3] == ["OK", event["id"], False] and answer[3].startswith("rate-limited: ")


def test_line_31_a_request_beyond_the_rate_of_messages_still_gets_closed(start_relay: RelayFactory) -> None:
    relay = start_relay({"rate_limits": {"enabled": True, "connection": {"messages": "1/h burst 1"}}})
    with Client(relay.url) as client:
        client.subscribe("a", {"kinds": [1]})
        client.send("REQ", "b", {"kinds": [1]})
        answer = client.receive()
        assert answer[:2] == ["CLOSED", "b"] and answer[2].startswith("rate-limited: ")


def test_connections_opened_too_often_get_429_and_retry_after(start_relay: RelayFactory) -> None:
    relay = start_relay({"rate_limits": {"enabled": True, "address": {"connections": "1/m burst 3"}}})
    for _ in range(3):
        FrameSocket(relay.port).socket.close()
    answer = request(relay.port, fields=HANDSHAKE)
    assert answer.status == 429
    assert 0 < int(answer.one("retry-after")) <= 60
    assert request(relay.port, path="/health").status == 200


def test_connections_beyond_those_an_address_may_have_open_get_429_and_retry_after(start_relay: RelayFactory) -> None:
    relay = start_relay({"rate_limits": {"enabled": True, "address": {"open_connections": 2, "connections": None}}})
    with ExitStack() as stack:
        open_many(stack, relay, 2)
        answer = request(relay.port, fields=HANDSHAKE)
        assert answer.status == 429
        assert int(answer.one("retry-after")) > 0


def test_a_closed_connection_makes_room_for_another(start_relay: RelayFactory) -> None:
    relay = start_relay({"rate_limits": {"enabled": True, "address": {"open_connections": 1, "connections": None}}})
    for _ in range(5):
        # The client may know that its connection has ended a moment before the relay has counted it out.
        with wait_until(lambda: connected(relay), what="room") as client:
            assert client.fetch({"kinds": [1]}) == []


def connected(relay: RelayProcess) -> Client | None:
    try:
        return Client(relay.url)
    except InvalidStatus as refused:
        assert refused.response.status_code == 429
        return None


PER_ADDRESS = {"rate_limits": {"enabled": True, "address": {"open_connections": 1}}}


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-IP"])
def test_a_trusted_proxy_is_believed(start_relay: RelayFactory, name: str) -> None:
    relay = start_relay(PER_ADDRESS | {"trusted_proxies": ["127.0.0.0/8"]})
    with ExitStack() as stack:
        for host in range(1, 5):
            open_many(stack, relay, 1, {name: f"203.0.113.{host}"})
        assert attempt(relay, {name: "203.0.113.1"}) == 429


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-IP"])
def test_a_proxy_that_is_not_trusted_is_not_believed(start_relay: RelayFactory, name: str) -> None:
    relay = start_relay(PER_ADDRESS | {"trusted_proxies": ["10.0.0.0/8"]})
    with ExitStack() as stack:
        open_many(stack, relay, 1, {name: "203.0.113.1"})
        assert attempt(relay, {name: "203.0.113.2"}) == 429


def test_what_a_client_writes_in_front_of_the_proxys_entry_is_not_believed(start_relay: RelayFactory) -> None:
    relay = start_relay(PER_ADDRESS | {"trusted_proxies": ["127.0.0.0/8"]})
    with ExitStack() as stack:
        open_many(stack, relay, 1, {"X-Forwarded-For": "198.51.100.1, 203.0.113.1"})
        assert attempt(relay, {"X-Forwarded-For": "198.51.100.2, 203.0.113.1"}) == 429


def test_one_ipv6_network_of_64_bits_counts_as_one_client(start_relay: RelayFactory) -> None:
    relay = start_relay(PER_ADDRESS | {"trusted_proxies": ["127.0.0.0/8"]})
    with ExitStack() as stack:
        open_many(stack, relay, 1, {"X-Forwarded-For": "2001:db8:1:2::1"})
        assert attempt(relay, {"X-Forwarded-For": "2001:db8:1:2::2"}) == 429
        open_many(stack, relay, 1, {"X-Forwarded-For": "2001:db8:1:3::1"})


def test_switched_off_rate_limits_limit_nothing(start_relay: RelayFactory, author: Author) -> None:
    rates = {"enabled": False, "connection": {"messages": "1/h", "events": "1/h"}, "address": {"open_connections": 1}}
    relay = start_relay({"rate_limits": rates})
    with Client(relay.url) as client, Client(relay.url):
        client.publish_all(author.notes(20))


def test_hits_are_counted_in_the_metrics(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay({"rate_limits": {"enabled": True, "connection": {"events": "1/h burst 1"}}})
    with Client(relay.url) as client:
        for event in author.notes(3):
            client.publish(event)
    text = request(relay.port, path="/metrics").text
    assert '\nnostr_relay_rate_limit_hits_total{type="events"} 2\n' in text
    assert '\nnostr_relay_events_rejected_total{reason="rate-limited"} 2\n' in text
