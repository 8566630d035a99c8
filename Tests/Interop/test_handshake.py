"""The opening handshake (RFC 6455 §4), byte by byte."""

import socket
import struct
import time
from contextlib import ExitStack

import pytest

from conftest import RelayFactory
from support.events import Author, compact
from support.relay_process import RelayProcess, wait_until
from support.wire import (
    SAMPLE_ACCEPT,
    TEXT,
    Answer,
    FrameSocket,
    exchange,
    frame,
    handshake,
    open_socket,
    parse_answer,
    read_to_end,
)


def refusal(relay: RelayProcess, raw: bytes) -> Answer:
    """The answer to a handshake that is refused; the connection is closed behind it."""
    received = exchange(relay.port, raw)
    assert received, "the relay closed without an answer"
    answer = parse_answer(received)
    assert answer.one("connection").lower() == "close"
    assert len(answer.body) == int(answer.one("content-length"))
    return answer


def accepted(relay: RelayProcess, raw: bytes) -> Answer:
    with open_socket(relay.port) as connection:
        connection.sendall(raw)
        received = b""
        while b"\r\n\r\n" not in received:
            piece = connection.recv(4096)
            assert piece, received
            received += piece
    answer = parse_answer(received)
    assert answer.status == 101
    return answer


def test_a_handshake_is_answered_by_the_book(relay: RelayProcess) -> None:
    answer = accepted(relay, handshake(relay.port))
    assert answer.one("upgrade").lower() == "websocket"
    assert answer.one("connection").lower() == "upgrade"
    assert answer.one("sec-websocket-accept") == SAMPLE_ACCEPT
    assert answer.all("sec-websocket-extensions") == [] and answer.all("sec-websocket-protocol") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"Upgrade": "WebSocket"},
        {"Upgrade": "WEBSOCKET"},
        {"Connection": "keep-alive, Upgrade"},
        {"Connection": "upgrade"},
        {"Origin": "https://client.example"},
        {"Host": "relay.example"},
        {"User-Agent": "x" * 2000},
        {"Sec-WebSocket-Extensions": "unknown-extension; a=1"},
        {"Sec-WebSocket-Protocol": "nostr"},
    ],
)
def test_what_browsers_and_proxies_change_is_accepted(relay: RelayProcess, changes: dict[str, str]) -> None:
    assert accepted(relay, handshake(relay.port, changes)).one("sec-websocket-accept") == SAMPLE_ACCEPT


def test_a_query_behind_the_path_is_accepted(relay: RelayProcess) -> None:
    accepted(relay, handshake(relay.port, path="/?utm_source=client"))


@pytest.mark.parametrize("version", ["8", "7", "14", "130", "x", "", None])
def test_another_version_gets_426_and_the_version_that_is_spoken(relay: RelayProcess, version: str | None) -> None:
    answer = refusal(relay, handshake(relay.port, {"Sec-WebSocket-Version": version}))
    assert answer.status == 426
    assert answer.one("sec-websocket-version") == "13"


@pytest.mark.parametrize("path", ["/other", "/health", "/metrics", "//", "/%2f", "/index.html"])
def test_line_34_a_handshake_on_another_path_gets_404(relay: RelayProcess, path: str) -> None:
    assert refusal(relay, handshake(relay.port, path=path)).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_a_handshake_that_is_not_get_gets_405(relay: RelayProcess, method: str) -> None:
    received = exchange(relay.port, handshake(relay.port, method=method))
    assert received, "the relay closed without an answer"
    assert parse_answer(received).status == 405
    assert "GET" in parse_answer(received).one("allow").split(", ")


@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "short",
        "dGhlIHNhbXBsZSBub25jZQ",
        "dGhlIHNhbXBsZSBub25jZQ==x",
        "!" * 24,
        "dGhlIHNhbXBsZSBub25jZTEyMzQ1Njc4OQ==",
    ],
)
def test_a_missing_or_bad_key_gets_400(relay: RelayProcess, key: str | None) -> None:
    assert refusal(relay, handshake(relay.port, {"Sec-WebSocket-Key": key})).status == 400


def test_two_keys_get_400(relay: RelayProcess) -> None:
    raw = handshake(relay.port).replace(
        b"Upgrade: websocket", b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nUpgrade: websocket"
    )
    assert refusal(relay, raw).status == 400


def test_http_1_0_gets_400(relay: RelayProcess) -> None:
    received = exchange(relay.port, handshake(relay.port, version="HTTP/1.0"))
    assert received, "the relay closed without an answer"
    assert parse_answer(received).status in (400, 426, 505)


def test_a_handshake_without_a_host_gets_400(relay: RelayProcess) -> None:
    assert refusal(relay, handshake(relay.port, {"Host": None})).status == 400


def test_a_malformed_extension_header_gets_400(relay: RelayProcess) -> None:
    answer = refusal(relay, handshake(relay.port, {"Sec-WebSocket-Extensions": 'permessage-deflate; =;"'}))
    assert answer.status == 400


@pytest.mark.parametrize("changes", [{"Upgrade": None}, {"Upgrade": "h2c"}, {"Upgrade": "TLS/1.2, HTTP/1.1"}])
def test_without_an_upgrade_to_websocket_it_is_a_plain_request(
    relay: RelayProcess, changes: dict[str, str | None]
) -> None:
    answer = refusal(relay, handshake(relay.port, changes))
    assert answer.status == 200 and answer.one("content-type").startswith("text/html")


@pytest.mark.parametrize("connection", [None, "close", "keep-alive"])
def test_a_handshake_without_connection_upgrade_is_not_accepted(relay: RelayProcess, connection: str | None) -> None:
    with open_socket(relay.port) as open_connection:
        open_connection.sendall(handshake(relay.port, {"Connection": connection}))
        assert b" 101 " not in open_connection.recv(4096)


def test_a_handshake_in_pieces_is_accepted(relay: RelayProcess) -> None:
    raw = handshake(relay.port)
    with open_socket(relay.port) as connection:
        for start in range(0, len(raw), 40):
            connection.sendall(raw[start : start + 40])
            time.sleep(0.01)
        assert connection.recv(4096).startswith(b"HTTP/1.1 101 ")


def test_frames_sent_together_with_the_handshake_are_not_lost(relay: RelayProcess) -> None:
    request = frame(TEXT, b'["REQ","early",{"ids":["' + b"0" * 64 + b'"]}]')
    with open_socket(relay.port) as connection:
        connection.sendall(handshake(relay.port) + request)
        received = b""
        while b'["EOSE","early"' not in received:
            piece = connection.recv(4096)
            assert piece, received
            received += piece


def test_slow_handshakes_are_cut_off(relay: RelayProcess) -> None:
    silent, dripping = open_socket(relay.port), open_socket(relay.port)
    started, raw, sent = time.monotonic(), handshake(relay.port, {"X-Filler": "x" * 500}), 0
    dripping.settimeout(0.2)
    while time.monotonic() - started < 30:
        try:
            dripping.sendall(raw[sent : sent + 1])
            sent += 1
            if dripping.recv(1024) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    assert time.monotonic() - started < 30, "a client that sends its request byte by byte is cut off in time"
    assert read_to_end(silent) == b""
    silent.close()
    dripping.close()


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"hello\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x00\x00\x00\x00\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_a_garbage_first_line_gets_400_and_the_connection_is_closed(relay: RelayProcess, garbage: bytes) -> None:
    received = exchange(relay.port, garbage, seconds=6)
    assert received.startswith(b"HTTP/1."), received
    assert parse_answer(received).status in (400, 404, 505)


def test_pipelined_requests_get_one_answer_and_a_closed_connection(relay: RelayProcess) -> None:
    one = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    received = exchange(relay.port, one * 3)
    assert received.count(b"HTTP/1.1 200 OK") == 1
    assert parse_answer(received).body == b'{"status":"ok"}'


def test_a_handshake_behind_a_plain_request_is_not_taken(relay: RelayProcess) -> None:
    received = exchange(relay.port, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n" + handshake(relay.port))
    assert b" 101 " not in received and received.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "head",
    [
        b"".join(b"X-Header-%d: value\r\n" % n for n in range(500)),
        b"X-Long: " + b"x" * 20000 + b"\r\n",
        b"".join(b"X-%d: " % n + b"y" * 1000 + b"\r\n" for n in range(50)),
        b"X" * 20000 + b": y\r\n",
    ],
)
def test_a_flood_of_headers_is_refused(relay: RelayProcess, head: bytes) -> None:
    received = exchange(relay.port, b"GET / HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n", seconds=6)
    assert received, "the relay closed without an answer"
    assert parse_answer(received).status in (400, 431)


def test_a_long_path_is_refused(relay: RelayProcess) -> None:
    received = exchange(relay.port, b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", seconds=6)
    assert received == b"" or parse_answer(received).status in (400, 404, 414, 431)


def test_clients_that_vanish_during_the_handshake_do_no_harm(relay: RelayProcess, author: Author) -> None:
    for _ in range(50):
        connection = socket.create_connection(("127.0.0.1", relay.port))
        connection.sendall(handshake(relay.port)[:60])
        connection.close()
    with FrameSocket(relay.port) as connection:
        connection.send_text(compact(["EVENT", author.event()]))
        assert b'"OK"' in connection.read().payload


def test_clients_that_vanish_after_their_handshake_are_counted_out(start_relay: RelayFactory) -> None:
    relay = start_relay({"connections": {"max": 5}})
    for _ in range(200):
        vanish(relay)
    with ExitStack() as stack:
        for _ in range(5):
            wait_until(lambda: opens(stack, relay), what="room for another connection")


def vanish(relay: RelayProcess) -> None:
    """Sends a handshake and resets the connection."""
    with open_socket(relay.port) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(handshake(relay.port))


def opens(stack: ExitStack, relay: RelayProcess) -> bool:
    connection = stack.enter_context(open_socket(relay.port))
    connection.sendall(handshake(relay.port))
    return connection.recv(1024).startswith(b"HTTP/1.1 101 ")
