"""Live events, back-pressure, and the seam between history and live (checklist 22, 27, 28, 33, 99)."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from conftest import Figures, RelayFactory
from support.client import Client, is_stored
from support.conversation import Conversation
from support.events import Author, Event, compact, ids
from support.relay_process import RelayProcess, wait_until
from support.wire import CLOSE, PING, TEXT, FrameSocket, frame, request

PRIVATE_KINDS = [4, 1059]


def test_live_events_reach_every_matching_subscription_of_every_client(relay: RelayProcess, author: Author) -> None:
    clients = [Client(relay.url) for _ in range(5)]
    for client in clients:
        client.subscribe("mine", {"authors": [author.pubkey]})
        client.subscribe("notes", {"kinds": [1], "authors": [author.pubkey]})
        client.subscribe("others", {"authors": [Author().pubkey]})
    clients[0].publish_all([event := author.event()])
    for client in clients:
        assert sorted(client.arrived()) == [["EVENT", "mine", event], ["EVENT", "notes", event]]
        client.open.close()


@pytest.mark.parametrize(
    "filter",
    [
        {"kinds": [1]},
        {"#t": ["live"]},
        {"#t": ["other", "live"], "kinds": [1, 7]},
        {"since": 1},
        {},
        {"kinds": [1], "limit": 0},
        {"kinds": [1], "until": 2**40},
    ],
)
def test_a_live_event_finds_each_kind_of_filter(client: Client, other: Client, author: Author, filter: dict) -> None:
    other.send("REQ", "live", filter)
    other.stored("live")
    client.publish_all([event := author.event(tags=[["t", "live"]])])
    assert other.arrived() == [["EVENT", "live", event]]


def test_a_refused_or_known_event_is_not_sent_live(client: Client, other: Client, author: Author) -> None:
    client.publish_all([known := author.event()])
    other.subscribe("live", {"authors": [author.pubkey], "limit": 0})
    client.publish(known)
    client.publish(author.event(content="bad") | {"sig": "0" * 128})
    assert other.arrived() == []


def test_what_got_ok_before_a_subscription_without_history_is_not_sent_live(start_relay: RelayFactory) -> None:
    relay, author = start_relay(), Author()
    with Client(relay.url) as writer, ExitStack() as stack:
        others = [stack.enter_context(Client(relay.url)) for _ in range(8)]
        for number in range(25):
            writer.publish_all([event := author.event(content=f"{number}")])
            for other in others:
                other.send("REQ", "live", {"authors": [author.pubkey], "limit": 0})
            for other in others:
                assert other.stored("live") == []
                assert other.arrived() == [], event
                other.send("CLOSE", "live")


def test_live_events_come_in_the_order_in_which_they_were_stored(client: Client, other: Client, author: Author) -> None:
    other.subscribe("live", {"authors": [author.pubkey]})
    events = author.notes(300)[::-1]
    client.publish_all(events)
    assert [message[2] for message in other.arrived()] == events


def test_line_33_nothing_is_missing_or_doubled_between_history_and_live(relay: RelayProcess, author: Author) -> None:
    events = author.notes(400)
    published = threading.Semaphore(0)
    publisher = threading.Thread(target=publish_slowly, args=(relay.url, events, published.release))
    with Client(relay.url) as client:
        publisher.start()
        names = [f"seam {number}" for number in range(60)]
        for name in names:
            assert published.acquire(timeout=20)
            client.send("REQ", name, {"authors": [author.pubkey], "limit": 500})
        publisher.join()
        received: dict[str, list[str]] = {name: [] for name in names}
        for _ in range(len(events) * len(names)):
            message = client.wait_for(lambda message: message[0] == "EVENT")
            received[message[1]].append(message[2]["id"])
        assert all(message[0] == "EOSE" for message in client.arrived())
    expected = sorted(ids(events))
    assert all(sorted(received[name]) == expected for name in names)


def publish_slowly(url: str, events: list[Event], tell: Callable[[], object] = lambda: None) -> None:
    """Publishes five at a time, and tells when they are answered."""
    with Client(url) as client:
        for start in range(0, len(events), 5):
            client.publish_all(events[start : start + 5])
            tell()


def test_line_33_a_new_version_during_a_subscription_is_seen_once(relay: RelayProcess, author: Author) -> None:
    start = int(time.time()) - 1000
    versions = [author.event(30023, str(n), [["d", "x"]], start + n) for n in range(200)]
    publisher = threading.Thread(target=publish_slowly, args=(relay.url, versions))
    with Client(relay.url) as client:
        publisher.start()
        stored: dict[str, list[Event]] = {}
        while publisher.is_alive() and len(stored) < 40:
            name = f"seam {len(stored)}"
            stored[name] = client.subscribe(name, {"authors": [author.pubkey]})
        publisher.join()
        client.fetch({"authors": [author.pubkey]})
        live = [message for message in client.arrived() if message[0] == "EVENT"]
    for name, events in stored.items():
        seen = ids(events + [message[2] for message in live if message[1] == name])
        assert len(seen) == len(set(seen))


def test_a_client_that_never_reads_is_closed_and_others_are_unaffected(
    start_relay: RelayFactory, author: Author
) -> None:
    relay = start_relay({"connections": {"max_unsent": "256KiB"}})
    with (
        FrameSocket(relay.port, receive_buffer=4096) as stuck,
        Client(relay.url) as reader,
        Client(relay.url) as publisher,
    ):
        stuck.send_text(compact(["REQ", "all", {"kinds": [1]}]))
        assert stuck.read().payload.startswith(b'["EOSE","all"')
        reader.subscribe("all", {"kinds": [1]})
        published = 0
        while published < 500 and not slow_clients(relay):
            batch = author.notes(10, size=50_000)
            publisher.publish_all(batch)
            assert [message[2] for message in reader.arrived()] == batch
            published += len(batch)
        assert slow_clients(relay) == 1, f"{published} events of 50 kB are unread"
        wait_until(lambda: "\nnostr_relay_active_connections 2\n" in metrics(relay), what="the end of the connection")
        publisher.publish_all([last := author.event(content="after")])
        assert reader.arrived() == [["EVENT", "all", last]]


def metrics(relay: RelayProcess) -> str:
    return request(relay.port, path="/metrics").text


def slow_clients(relay: RelayProcess) -> int:
    [line] = [line for line in metrics(relay).splitlines() if line.startswith("nostr_relay_slow_clients_closed_total ")]
    return int(line.split(" ")[1])


@pytest.mark.parametrize("most", ["128KiB", "1MiB"])
def test_a_client_that_reads_a_long_history_slowly_gets_all_of_it(
    start_relay: RelayFactory, author: Author, most: str
) -> None:
    relay = start_relay({"connections": {"max_unsent": most}})
    events = author.notes(400, size=20_000)
    with Client(relay.url) as publisher, Conversation(relay.port, receive_buffer=4096) as slow:
        publisher.publish_all(events)
        slow.send_text(compact(["REQ", "all", {"authors": [author.pubkey], "limit": 400}]))
        time.sleep(2)
        received = slow.up_to(lambda message: message[:2] == ["EOSE", "all"])
        assert received == [["EVENT", "all", event] for event in events[::-1]]


def test_a_client_that_reads_no_answer_to_5000_events_gets_all_of_them_later(
    relay: RelayProcess, author: Author
) -> None:
    events = author.notes(5000)
    waiting = set(ids(events))
    with FrameSocket(relay.port, receive_buffer=4096, seconds=50) as connection:
        writer = threading.Thread(target=send_all, args=(connection, events))
        writer.start()
        writer.join(timeout=10)
        while waiting:
            received = connection.read()
            if received.opcode == PING:
                continue  # What it sends tells that it is there.
            answer = received.payload.decode()
            identifier, accepted = answer[7:71], answer[73:77]
            assert answer.startswith('["OK","') and accepted == "true", answer
            waiting.remove(identifier)
        writer.join()


def send_all(connection: FrameSocket, events: list[Event]) -> None:
    for event in events:
        connection.send(frame(TEXT, compact(["EVENT", event]).encode()))


def test_a_client_that_goes_in_the_middle_of_a_history_does_no_harm(relay: RelayProcess, author: Author) -> None:
    with Client(relay.url) as publisher:
        publisher.publish_all(author.notes(200, size=5000))
        for _ in range(20):
            with FrameSocket(relay.port, receive_buffer=4096) as leaving:
                leaving.send_text(compact(["REQ", "x", {"authors": [author.pubkey]}]))
                leaving.read()
        assert len(publisher.fetch({"authors": [author.pubkey], "limit": 200})) == 200


def test_many_subscriptions_opened_and_closed_leave_nothing_behind(relay: RelayProcess, author: Author) -> None:
    with Client(relay.url) as client:
        for n in range(500):
            client.send("REQ", f"s{n}", {"authors": [author.pubkey]}, {"#t": ["x"]})
            client.send("CLOSE", f"s{n}")
        client.arrived()
        client.publish_all([author.event(tags=[["t", "x"]])])
        assert client.arrived() == []
    wait_until(lambda: "\nnostr_relay_active_subscriptions 0\n" in metrics(relay), what="no subscription")


def test_a_connection_cut_without_a_close_frame_is_noticed(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay()
    connection = FrameSocket(relay.port)
    connection.send_text(compact(["REQ", "x", {"authors": [author.pubkey]}]))
    connection.read()
    connection.socket.close()
    wait_until(lambda: "\nnostr_relay_active_connections 0\n" in metrics(relay), what="no connection")
    wait_until(lambda: "\nnostr_relay_active_subscriptions 0\n" in metrics(relay), what="no subscription")


@pytest.mark.parametrize("kind", PRIVATE_KINDS)
def test_line_99_private_events_are_in_no_answer_to_a_stranger(
    client: Client, other: Client, author: Author, kind: int
) -> None:
    recipient = Author()
    filters = [
        {"authors": [author.pubkey]},
        {"#p": [recipient.pubkey]},
        {"kinds": [kind, 1], "authors": [author.pubkey]},
        {"since": int(time.time()) - 100, "authors": [author.pubkey]},
    ]
    other.send("REQ", "live", *filters)
    other.stored("live")
    private = author.event(kind, "secret", [["p", recipient.pubkey]])
    public = author.event(1, "public", [["p", recipient.pubkey]])
    client.publish_all([private, public])
    assert other.arrived() == [["EVENT", "live", public]]
    for filter in [*filters, {"ids": [private["id"], public["id"]]}]:
        assert client.fetch(filter) == [public], filter


@pytest.mark.parametrize("kind", [*PRIVATE_KINDS, 21059])
def test_a_filter_that_names_only_private_kinds_is_refused_with_auth_required(client: Client, kind: int) -> None:
    client.send("REQ", "private", {"kinds": [kind]})
    answer = client.receive()
    if answer[0] == "AUTH":
        answer = client.receive()
    assert answer[:2] == ["CLOSED", "private"] and answer[2].startswith("auth-required: ")


def test_a_close_frame_ends_the_events_at_once(relay: RelayProcess, client: Client, author: Author) -> None:
    with FrameSocket(relay.port) as leaving:
        leaving.send_text(compact(["REQ", "x", {"authors": [author.pubkey]}]))
        leaving.read()
        leaving.send(frame(CLOSE, b"\x03\xe8"))
        assert leaving.close_code() == 1000
    client.publish_all([author.event()])


def test_clients_that_send_thousands_of_tiny_messages_get_each_answer_and_leave_the_others_their_turn(
    relay: RelayProcess, client: Client, author: Author, figures: Figures
) -> None:
    flood = frame(TEXT, b'["x"]') * 3_000
    with ExitStack() as stack:
        floods = [stack.enter_context(Conversation(relay.port)) for _ in range(5)]
        for connection in floods:
            connection.send(flood)
        waits = []
        for event in author.notes(20):
            started = time.monotonic()
            assert client.publish(event)[2] is True
            waits.append(time.monotonic() - started)
            assert is_stored(client, event)
        for connection in floods:
            for _ in range(3_000):
                assert connection.message()[0] == "NOTICE"
    figures(f"an event beside them took {max(waits) * 1000:.0f} ms at most")


def test_an_event_of_thousands_of_tags_is_sent_once_and_leaves_the_others_their_turn(
    relay: RelayProcess, client: Client, other: Client, author: Author, figures: Figures
) -> None:
    others = [{"#t": ["x"], "#p": ["ab" * 32], "since": since, "limit": 0} for since in range(100)]
    for number in range(5):
        other.subscribe(f"others {number}", *others[number * 20 : number * 20 + 20])
    other.subscribe("matching", *[{"#t": ["x"], "since": since, "limit": 0} for since in range(20)])
    event = author.event(tags=[["t", "x"]] * 1000 + [["p", "cd" * 32]] * 1000)
    client.send("EVENT", event)
    waits = []
    for _ in range(20):
        started = time.monotonic()
        other.fetch({"ids": ["0" * 64]})
        waits.append(time.monotonic() - started)
    assert client.ok(event)[2] is True
    assert other.arrived() == [["EVENT", "matching", event]]
    figures(f"a request beside it took {max(waits) * 1000:.0f} ms at most")


def test_what_a_client_sends_in_one_piece_before_it_hangs_up_is_stored(
    relay: RelayProcess, client: Client, author: Author
) -> None:
    events = author.notes(600)
    with FrameSocket(relay.port) as leaving:
        leaving.send(b"".join(frame(TEXT, compact(["EVENT", event]).encode()) for event in events))
    filter = {"authors": [author.pubkey], "limit": 1000}
    wait_until(lambda: len(client.fetch(filter)) == len(events), what="all that was sent")
