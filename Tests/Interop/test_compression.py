"""permessage-deflate (RFC 7692) from one end to the other, with the compression of others: `websockets` and zlib."""

import json
import signal
import zlib
from collections.abc import Callable, Iterator
from itertools import product

import pytest
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from conftest import RelayFactory
from support.backends import SQLiteBackend
from support.client import Client
from support.events import Author, Event, compact
from support.places import is_sanitized
from support.relay_process import RelayProcess, wait_until
from support.wire import CLOSE, TEXT, FrameSocket, frame

MEBIBYTE = 1 << 20
NOTHING = b'["REQ","x",{"ids":["' + b"0" * 64 + b'"]}]'
END = b'["EOSE","x"'
NOW = 1_700_000_000
#: connections.compression_context, and the window that a client is limited to.
CONTEXTS = {"none": None, "512B": 9, "4KiB": 12, "32KiB": 15}
#: Every way in which a client can offer the extension: the four parameters, each absent, bare or with a value.
OFFERS = [
    {
        "server_no_context_takeover": server_alone,
        "client_no_context_takeover": client_alone,
        "server_max_window_bits": server_bits,
        "client_max_window_bits": client_bits,
    }
    for server_alone, client_alone, server_bits, client_bits in product(
        (False, True), (False, True), (None, 9, 12, 15), (None, True, 9, 12, 15)
    )
]


@pytest.fixture(scope="module", params=CONTEXTS)
def context_relay(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RelayProcess, int | None]]:
    """A relay on SQLite, whose database has nothing to do with the matter, and the window that it grants."""
    folder = tmp_path_factory.mktemp("compression")
    configuration = {"connections": {"compression_context": request.param}}
    process = RelayProcess(folder, SQLiteBackend().database(folder), configuration).start()
    yield process, CONTEXTS[request.param]
    assert process.stop() == 0


def connect(relay: RelayProcess, offer: dict) -> Client:
    extension = ClientPerMessageDeflateFactory(**offer, compress_settings={"memLevel": 5})
    return Client(relay.url, deflate=False, extensions=[extension])


def words(author: Author, count: int) -> list[Event]:
    """Events of many sizes that have much in common."""
    return [
        author.event(content=f"{n} good morning, nostr ".ljust(n * 37 % 1500 + 20, "~"), created_at=NOW + n)
        for n in range(count)
    ]


def test_a_client_that_offers_it_in_any_way_gets_every_event_whole(
    context_relay: tuple[RelayProcess, int | None],
) -> None:
    relay, _ = context_relay
    author = Author()
    events = [*words(author, 60), author.event(content="large " * 12_000, created_at=NOW + 1_000)]
    with Client(relay.url, deflate=False) as plain:
        plain.publish_all(events)
        for number, offer in enumerate(OFFERS):
            with connect(relay, offer) as client:
                mine = {"authors": [author.pubkey], "limit": 200}
                for _ in range(2):
                    assert client.fetch(mine) == events[::-1], offer
                mine_again = author.event(content=f"{offer}", created_at=NOW + 2_000 + number)
                client.publish_all([mine_again])
                assert client.fetch({"ids": [mine_again["id"]]}) == [mine_again], offer
            events.append(mine_again)


def test_live_events_reach_clients_that_offer_it_in_any_way(context_relay: tuple[RelayProcess, int | None]) -> None:
    relay, _ = context_relay
    author = Author()
    sizes = [10, 300, 600, 2_000, 3_900, 5_000, 20_000, 90_000]
    live = [author.event(content=("héllo %d " % size * size)[:size]) for size in sizes]
    stored = words(Author(), 20)
    clients = [connect(relay, offer) for offer in OFFERS[::2]] + [Client(relay.url, deflate=False)]
    try:
        clients[-1].publish_all(stored)
        for client in clients:
            client.subscribe("live", {"authors": [author.pubkey]})
        for event in live:
            clients[-1].publish_all([event])
            # A history between two live events: what it refers back to must not be mixed up with them.
            for client in clients[:: len(sizes)]:
                assert client.fetch({"ids": [event["id"] for event in stored]}) == stored[::-1]
        for client in clients:
            assert [client.live("live") for _ in live] == live
    finally:
        for client in clients:
            client.open.close()


def answer(relay: RelayProcess, *offers: str) -> str | None:
    with FrameSocket(relay.port, {"Sec-WebSocket-Extensions": ", ".join(offers)}) as connection:
        found = connection.answer.all("sec-websocket-extensions")
        return found[0] if found else None


def test_the_answer_keeps_to_what_each_parameter_means(context_relay: tuple[RelayProcess, int | None]) -> None:
    relay, granted = context_relay
    for offer in OFFERS:
        text = "permessage-deflate"
        for name, value in offer.items():
            if value is not None and value is not False:
                text += f"; {name}" + ("" if value is True else f"={value}")
        found = answer(relay, text)
        assert found is not None, text
        name, *parameters = found.split("; ")
        assert name == "permessage-deflate" and len(set(parameters)) == len(parameters)
        values = dict((parameter.split("=") + [""])[:2] for parameter in parameters)
        assert ("server_no_context_takeover" in values) == offer["server_no_context_takeover"]
        assert values.get("server_max_window_bits") == (
            None if offer["server_max_window_bits"] is None else str(offer["server_max_window_bits"])
        )
        own = offer["client_max_window_bits"]
        can_take_over = granted is not None and (own is not None or granted == 15)
        keeps = can_take_over and not offer["client_no_context_takeover"]
        assert ("client_no_context_takeover" in values) == (not keeps), (text, found)
        if keeps and own is not None:
            assert int(values["client_max_window_bits"]) == min(granted, 15 if own is True else own)
        else:
            assert "client_max_window_bits" not in values


def test_the_first_offer_that_can_be_kept_is_taken(relay: RelayProcess) -> None:
    impossible = ["permessage-deflate; server_max_window_bits=8", "permessage-deflate; unknown=1", "x-other; a=1"]
    nine, ten = (f"permessage-deflate; server_max_window_bits={bits}" for bits in (9, 10))
    plain = "permessage-deflate; client_no_context_takeover"
    assert answer(relay, *impossible, ten, nine) == f"{plain}; server_max_window_bits=10"
    assert answer(relay, nine, ten, "permessage-deflate") == f"{plain}; server_max_window_bits=9"
    assert answer(relay, "permessage-deflate", nine) == plain
    assert answer(relay, *impossible) is None


def deflating(bits: int = 15) -> Callable[[bytes], bytes]:
    """A client's stream that takes its context over: each call compresses the next message."""
    stream = zlib.compressobj(wbits=-bits)
    return lambda text: (stream.compress(text) + stream.flush(zlib.Z_SYNC_FLUSH))[:-4]


def test_a_client_refers_back_as_far_as_the_operator_lets_it(context_relay: tuple[RelayProcess, int | None]) -> None:
    relay, granted = context_relay
    if granted is None:
        pytest.skip("the operator lets nobody refer back")
    fields = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}
    with FrameSocket(relay.port, fields) as connection:
        deflate = deflating(granted)
        lengths = []
        for _ in range(200):
            payload = deflate(NOTHING)
            lengths.append(len(payload))
            connection.send(frame(TEXT, payload, reserved=4))
            assert END in connection.read().payload
        assert max(lengths[1:]) < lengths[0] / 2, "zlib refers back"


def test_a_reference_where_none_was_agreed_on_closes_with_1007(relay: RelayProcess) -> None:
    with FrameSocket(relay.port, {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}) as peer:
        assert "client_no_context_takeover" in peer.answer.one("sec-websocket-extensions")
        deflate = deflating()
        peer.send(frame(TEXT, deflate(NOTHING), reserved=4))
        assert END in peer.read().payload
        peer.send(frame(TEXT, deflate(NOTHING), reserved=4))
        assert peer.close_code() == 1007


def test_a_bomb_that_refers_back_is_stopped_while_it_inflates(context_relay: tuple[RelayProcess, int | None]) -> None:
    relay, granted = context_relay
    with FrameSocket(relay.port, {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}) as peer:
        deflate = deflating(granted or 15)
        peer.send(frame(TEXT, deflate(NOTHING), reserved=4))
        assert END in peer.read().payload
        bomb = (deflate if granted else deflating())(b" " * (64 * MEBIBYTE))
        assert len(bomb) < MEBIBYTE
        peer.send(frame(TEXT, bomb, reserved=4))
        assert peer.close_code() == 1009


def history_bytes(relay: RelayProcess, events: list[Event], offer: str | None) -> tuple[int, list[bool]]:
    """Bytes on the wire of a history, and which of its frames were compressed."""
    with FrameSocket(relay.port, {"Sec-WebSocket-Extensions": offer}) as peer:
        request = compact(["REQ", "x", {"authors": [events[0]["pubkey"]], "limit": len(events)}])
        peer.send_text(request)
        count, compressed = 0, []
        window = zlib.decompressobj(wbits=-15)
        for event in reversed(events):
            first, second = peer._take(2)
            assert first & 0x0F == TEXT
            length = {126: 2, 127: 8}.get(second, 0)
            size = int.from_bytes(peer._take(length), "big") if length else second
            payload = peer._take(size)
            count += 2 + length + size
            compressed.append(bool(first & 0x40))
            if first & 0x40:
                if offer and "server_no_context_takeover" in offer:
                    window = zlib.decompressobj(wbits=-15)
                payload = window.decompress(payload + b"\0\0\xff\xff")
            assert json.loads(payload) == ["EVENT", "x", event]
        assert peer.read().payload.startswith(END)
        return count, compressed


def test_context_saves_what_events_have_in_common_and_small_messages_go_plain(
    relay: RelayProcess, client: Client, author: Author
) -> None:
    people = [Author().pubkey for _ in range(30)]
    events = [
        author.event(content=f"hello {n}", tags=[["p", pubkey] for pubkey in people[: n % 5 + 1]], created_at=NOW + n)
        for n in range(100)
    ]
    client.publish_all(events)
    plain, none = history_bytes(relay, events, None)
    alone, some = history_bytes(relay, events, "permessage-deflate; server_no_context_takeover")
    context, most = history_bytes(relay, events, "permessage-deflate")
    assert not any(none)
    assert sum(some) < len(events), "what is small by itself is not worth it"
    assert sum(most) > sum(some)
    assert context < 0.6 * plain and context < 0.8 * alone < 0.8 * plain, (plain, alone, context)



@pytest.mark.skipif(is_sanitized(), reason="a sanitized relay takes other amounts of memory")
def test_connections_with_compression_take_no_stream_of_their_own(start_relay: RelayFactory) -> None:
    relay = start_relay({"connections": {"compression_context": "4KiB"}})

    def resident() -> int:
        status = open(f"/proc/{relay.process.pid}/status").read()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))

    offer = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}
    peers: list[FrameSocket] = []

    def join(count: int) -> None:
        for _ in range(count):
            peers.append(FrameSocket(relay.port, offer))
            peers[-1].send(frame(TEXT, deflating(12)(NOTHING), reserved=4))
            assert END in peers[-1].read().payload

    join(100)
    before = resident()
    join(400)
    each = (resident() - before) / 400
    for peer in peers:
        peer.socket.close()
    assert each < 30, f"{each:.1f} KiB for each connection; a stream would take 40 to inflate and 160 to deflate"


def test_a_reload_changes_what_new_connections_are_granted(start_relay: RelayFactory) -> None:
    relay = start_relay({})
    offer = "permessage-deflate; client_max_window_bits"
    assert answer(relay, offer) == "permessage-deflate; client_no_context_takeover"
    relay.configuration["connections"] = {"compression_context": "4KiB"}
    relay.write_configuration()
    with FrameSocket(relay.port, {"Sec-WebSocket-Extensions": offer}) as early:
        relay.signal(signal.SIGHUP)
        wait_until(lambda: answer(relay, offer) == "permessage-deflate; client_max_window_bits=12")
        early.send(frame(TEXT, deflating()(NOTHING), reserved=4))
        assert END in early.read().payload
        early.send(frame(CLOSE, b"\x03\xe8"))
        assert early.close_code() == 1000


@pytest.mark.parametrize(
    "value", ["permessage-deflate;", "permessage-deflate; =", 'permessage-deflate; a="', "permessage-deflate; a b"]
)
def test_a_malformed_offer_fails_the_handshake(relay: RelayProcess, value: str) -> None:
    with pytest.raises(AssertionError, match="400"):
        FrameSocket(relay.port, {"Sec-WebSocket-Extensions": value})
