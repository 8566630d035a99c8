"""Frames (RFC 6455 §5 to §7) and compression (RFC 7692), byte by byte."""

import struct
import time
import zlib
from collections.abc import Iterator

import pytest

from conftest import RelayFactory
from support.client import Client
from support.events import Author, compact
from support.relay_process import RelayProcess
from support.wire import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, FrameSocket, frame

MEBIBYTE = 1 << 20
NOTHING = '["REQ","x",{"ids":["' + "0" * 64 + '"]}]'
END = b'["EOSE","x",["finish"]]'


@pytest.fixture
def connection(relay: RelayProcess) -> Iterator[FrameSocket]:
    with FrameSocket(relay.port) as connected:
        yield connected


def deflated(text: bytes) -> bytes:
    """A message as permessage-deflate has it (RFC 7692 §7.2.1)."""
    stream = zlib.compressobj(wbits=-15)
    return (stream.compress(text) + stream.flush(zlib.Z_SYNC_FLUSH))[:-4]


def close_payload(code: int, reason: bytes = b"") -> bytes:
    return struct.pack("!H", code) + reason


def test_the_relay_does_not_mask_its_frames(connection: FrameSocket) -> None:
    connection.send_text(NOTHING)
    answer = connection.read()
    assert (answer.opcode, answer.payload, answer.is_final, answer.is_masked) == (TEXT, END, True, False)


@pytest.mark.parametrize(
    "raw, code",
    [
        (frame(TEXT, b"[]", masked=False), 1002),
        (frame(PING, b"", masked=False), 1002),
        (frame(TEXT, b"[]", reserved=1), 1002),
        (frame(TEXT, b"[]", reserved=2), 1002),
        (frame(TEXT, b"[]", reserved=4), 1002),
        (frame(0x3, b""), 1002),
        (frame(0xB, b""), 1002),
        (frame(PING, b"x" * 126), 1002),
        (frame(PING, b"", final=False), 1002),
        (frame(CLOSE, b"x"), 1002),
        (frame(CLOSE, close_payload(1005)), 1002),
        (frame(CLOSE, close_payload(999)), 1002),
        (frame(CLOSE, close_payload(2000)), 1002),
        (frame(CLOSE, close_payload(1000, b"\xff")), 1007),
        (frame(CONTINUATION, b"x"), 1002),
        (frame(TEXT, b"[", final=False) + frame(TEXT, b"]"), 1002),
        (b"\x81\xfe\x00\x02" + bytes(4) + b"[]", 1002),
        (b"\x81\xff" + b"\xff" * 8 + bytes(4), 1002),
        (frame(TEXT, b'["\xff"]'), 1007),
        (frame(TEXT, b'["\xed\xa0\x80"]'), 1007),
        (frame(TEXT, b'["\xc0\x80"]'), 1007),
        (frame(TEXT, b'["\xe2\x82', final=False) + frame(CONTINUATION, b'x"]'), 1007),
        (frame(BINARY, b"[]"), 1003),
        (frame(BINARY, b""), 1003),
        (frame(TEXT, b" " * (MEBIBYTE + 1)), 1009),
        (b"\x81\xff" + struct.pack("!Q", 1 << 40) + bytes(4), 1009),
        (frame(TEXT, b" " * MEBIBYTE, final=False) + frame(CONTINUATION, b" "), 1009),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
def test_line_35_a_broken_rule_closes_with_its_code(connection: FrameSocket, raw: bytes, code: int) -> None:
    connection.send(raw)
    assert connection.close_code() == code


def test_a_message_of_exactly_the_largest_size_is_read(connection: FrameSocket) -> None:
    connection.send_text(NOTHING.ljust(MEBIBYTE))
    assert connection.read().payload == END


@pytest.mark.parametrize("payload", [b"", b"hello", b"\x00\xff" * 62 + b"x"])
def test_a_ping_gets_a_pong_with_the_same_payload(connection: FrameSocket, payload: bytes) -> None:
    connection.send(frame(PING, payload))
    answer = connection.read()
    assert (answer.opcode, answer.payload, answer.is_final) == (PONG, payload, True)


def test_an_unsolicited_pong_is_ignored(connection: FrameSocket) -> None:
    connection.send(frame(PONG, b"x"))
    connection.send_text(NOTHING)
    assert connection.read().payload == END


def test_a_fragmented_message_with_a_ping_between_is_read(connection: FrameSocket) -> None:
    text = '["REQ","é",{"ids":["' + "0" * 64 + '"]}]'
    raw = text.encode()
    cut = raw.index(b"\xa9")
    connection.send(frame(TEXT, raw[:cut], final=False))
    connection.send(frame(CONTINUATION, b"", final=False))
    connection.send(frame(PING, b"between"))
    answer = connection.read()
    assert (answer.opcode, answer.payload) == (PONG, b"between")
    connection.send(frame(CONTINUATION, raw[cut:]))
    assert connection.read().payload.decode() == '["EOSE","é",["finish"]]'


def test_a_message_sent_byte_by_byte_is_read(connection: FrameSocket) -> None:
    for byte in frame(TEXT, NOTHING.encode()):
        connection.send(bytes([byte]))
    assert connection.read().payload == END


def test_many_messages_in_one_segment_are_all_read(connection: FrameSocket) -> None:
    connection.send(b"".join(frame(TEXT, f'["REQ","{n}",{{"limit":0}}]'.encode()) for n in range(100)))
    # Two histories are sent at a time, and either may be first.
    assert {connection.read().payload.decode() for _ in range(100)} == {f'["EOSE","{n}"]' for n in range(100)}


@pytest.mark.parametrize(
    "payload, code",
    [
        (close_payload(1000), 1000),
        (close_payload(1001, b"bye"), 1001),
        (close_payload(3000), 3000),
        (close_payload(4999), 4999),
    ],
)
def test_a_close_is_echoed_with_its_code(connection: FrameSocket, payload: bytes, code: int) -> None:
    connection.send(frame(CLOSE, payload))
    assert connection.close_code() == code


def test_a_close_without_a_code_is_answered_with_a_close(connection: FrameSocket) -> None:
    connection.send(frame(CLOSE))
    assert connection.read().opcode == CLOSE
    assert connection.socket.recv(1) == b""


def test_events_sent_before_a_close_are_answered_or_stored(
    connection: FrameSocket, client: Client, author: Author
) -> None:
    event = author.event()
    connection.send_text(compact(["EVENT", event]))
    assert connection.read().payload.startswith(b'["OK"')
    connection.send(frame(CLOSE, close_payload(1000)))
    assert connection.close_code() == 1000
    assert client.fetch({"ids": [event["id"]]}) == [event]


def test_after_a_violation_nothing_more_is_taken(connection: FrameSocket, client: Client, author: Author) -> None:
    event = author.event()
    connection.send(frame(TEXT, b"\xff") + frame(TEXT, compact(["EVENT", event]).encode()))
    assert connection.close_code() == 1007
    assert client.fetch({"ids": [event["id"]]}) == []


def test_the_relay_pings_and_closes_a_peer_that_is_silent(start_relay: RelayFactory) -> None:
    relay = start_relay({"connections": {"ping_interval": "1s"}})
    with FrameSocket(relay.port) as silent, FrameSocket(relay.port) as answering:
        deadline = time.monotonic() + 4
        while time.monotonic() < deadline:
            ping = answering.read()
            assert ping.opcode == PING
            answering.send(frame(PONG, ping.payload))
        assert silent.read().opcode == PING
        while piece := silent.socket.recv(1024):
            assert piece[0] & 0x0F in (PING, CLOSE)


DEFLATE = {"Sec-WebSocket-Extensions": "permessage-deflate"}


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
        "unknown, permessage-deflate",
        "permessage-deflate; server_max_window_bits=15; client_max_window_bits=15",
        'permessage-deflate; client_max_window_bits="12"',
    ],
)
def test_compression_is_agreed_to_when_it_is_offered(relay: RelayProcess, offer: str) -> None:
    with FrameSocket(relay.port, {"Sec-WebSocket-Extensions": offer}) as connection:
        assert connection.answer.one("sec-websocket-extensions").startswith("permessage-deflate")
        connection.send(frame(TEXT, deflated(NOTHING.encode()), reserved=4))
        assert END in connection.read().payload


@pytest.mark.parametrize(
    "offer", ["permessage-deflate; unknown", "permessage-deflate; server_max_window_bits=7", "x-webkit-deflate-frame"]
)
def test_an_offer_that_cannot_be_met_is_declined_in_silence(relay: RelayProcess, offer: str) -> None:
    with FrameSocket(relay.port, {"Sec-WebSocket-Extensions": offer}) as connection:
        assert connection.answer.all("sec-websocket-extensions") == []
        connection.send_text(NOTHING)
        assert connection.read().payload == END


def test_compression_can_be_switched_off(start_relay: RelayFactory) -> None:
    relay = start_relay({"connections": {"compression": False}})
    with FrameSocket(relay.port, DEFLATE) as connection:
        assert connection.answer.all("sec-websocket-extensions") == []


def test_a_compressed_message_in_fragments_is_read(relay: RelayProcess) -> None:
    raw = deflated(NOTHING.encode())
    with FrameSocket(relay.port, DEFLATE) as connection:
        connection.send(frame(TEXT, raw[:9], final=False, reserved=4) + frame(PING) + frame(CONTINUATION, raw[9:]))
        assert connection.read().opcode == PONG
        assert END in connection.read().payload


def test_uncompressed_messages_may_be_mixed_in(relay: RelayProcess) -> None:
    with FrameSocket(relay.port, DEFLATE) as connection:
        for raw in (frame(TEXT, NOTHING.encode()), frame(TEXT, deflated(NOTHING.encode()), reserved=4)) * 3:
            connection.send(raw)
            assert END in connection.read().payload


@pytest.mark.parametrize(
    "raw, code",
    [
        (frame(TEXT, deflated(b" " * (MEBIBYTE + 1)), reserved=4), 1009),
        (frame(TEXT, deflated(b" " * (200 * MEBIBYTE)), reserved=4), 1009),
        (frame(TEXT, b"\xff\xff\xff\xff", reserved=4), 1007),
        (frame(TEXT, deflated(b"\xff\xfe"), reserved=4), 1007),
        (frame(BINARY, deflated(b"[]"), reserved=4), 1003),
        (frame(PING, b"x", reserved=4), 1002),
        (frame(TEXT, b"x", final=False) + frame(CONTINUATION, b"x", reserved=4), 1002),
    ],
    ids=["one byte too large", "a bomb", "corrupt", "not UTF-8", "binary", "a compressed ping", "a late RSV1"],
)
def test_compressed_messages_obey_the_same_rules(relay: RelayProcess, raw: bytes, code: int) -> None:
    with FrameSocket(relay.port, DEFLATE) as connection:
        connection.send(raw)
        assert connection.close_code() == code


def test_a_compressed_message_that_inflates_to_exactly_the_largest_size_is_read(relay: RelayProcess) -> None:
    with FrameSocket(relay.port, DEFLATE) as connection:
        connection.send(frame(TEXT, deflated(NOTHING.ljust(MEBIBYTE).encode()), reserved=4))
        assert END in connection.read().payload


def test_large_events_reach_a_client_with_compression(relay: RelayProcess, client: Client, author: Author) -> None:
    events = author.notes(20, size=20_000)
    client.publish_all(events)
    with Client(relay.url) as compressed, Client(relay.url, deflate=False) as plain:
        assert (
            compressed.fetch({"authors": [author.pubkey]}) == plain.fetch({"authors": [author.pubkey]}) == events[::-1]
        )
