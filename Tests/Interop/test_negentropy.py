"""Reconciling sets of events (NIP-77)."""

import json
import random
import time

import pytest

from conftest import RelayFactory
from support.access import RELAY_URL, authenticate, challenge, connected_as
from support.client import Client
from support.events import Author, Event
from support.negentropy import ALL_IDS, Initiator, Reader, held, neg, reconcile, sum_of_all
from support.relay_process import RelayProcess, run_command, wait_until
from support.wire import request

NOW = int(time.time())


def ids(events: list[Event]) -> set[str]:
    return {event["id"] for event in events}


def refusal(client: Client, name: str = "n") -> list:
    """The next NEG-ERR, which is all that may come."""
    answer = neg(client, name)
    assert answer[0] == "NEG-ERR", answer
    return answer[2:]


class TestProtocol:
    """Lines 87 to 90."""

    def test_line_87_ids_are_apart_from_those_of_subscriptions(self, client: Client, author: Author) -> None:
        events = author.notes(3)
        client.publish_all(events)
        mine = {"authors": [author.pubkey]}
        assert len(client.subscribe("x", mine)) == 3
        client.send("NEG-OPEN", "x", mine, ALL_IDS)
        assert neg(client, "x")[0] == "NEG-MSG"
        client.send("CLOSE", "x")
        client.send("NEG-MSG", "x", sum_of_all(ids(events)))
        assert neg(client, "x") == ["NEG-MSG", "x", "61"]
        client.subscribe("x", mine)
        client.send("NEG-CLOSE", "x")
        later = author.event(content="later")
        client.publish_all([later])
        assert client.live("x")["id"] == later["id"]
        client.send("CLOSE", "x")

    def test_line_87_a_second_neg_open_of_an_id_closes_the_first(self, client: Client, author: Author) -> None:
        notes, likes = author.notes(2), author.notes(3, kind=7)
        client.publish_all(notes + likes)
        for kind, events in ((1, notes), (7, likes), (1, notes)):
            client.send("NEG-OPEN", "n", {"authors": [author.pubkey], "kinds": [kind]}, ALL_IDS)
            assert neg(client, "n")[0] == "NEG-MSG"
            client.send("NEG-MSG", "n", sum_of_all(ids(events)))
            assert neg(client, "n") == ["NEG-MSG", "n", "61"]
        client.send("NEG-CLOSE", "n")

    def test_line_87_two_neg_opens_at_once_are_answered_for_the_second(self, client: Client, author: Author) -> None:
        likes = author.notes(3, kind=7)
        client.publish_all(author.notes(2) + likes)
        for kind in (1, 1, 7):
            client.send("NEG-OPEN", "n", {"authors": [author.pubkey], "kinds": [kind]}, sum_of_all(ids(likes)))
        # Each that came to an answer in time has one, and the last has it.
        answers = [neg(client, "n")]
        while answers[-1] != ["NEG-MSG", "n", "61"]:
            answers.append(neg(client, "n"))
        assert len(answers) <= 3 and all(answer[0] == "NEG-MSG" for answer in answers)
        client.send("NEG-CLOSE", "n")

    @pytest.mark.parametrize("version", ["60", "62", "6f", "00", "ff"])
    def test_line_88_another_version_is_answered_with_ours(self, client: Client, author: Author, version: str) -> None:
        client.send("NEG-OPEN", "n", {"authors": [author.pubkey]}, version + "00000200")
        assert neg(client, "n") == ["NEG-MSG", "n", "61"]
        # The client may try again with what it was told.
        client.send("NEG-MSG", "n", ALL_IDS)
        assert neg(client, "n") == ["NEG-MSG", "n", ALL_IDS]
        client.send("NEG-CLOSE", "n")

    def test_line_89_records_come_by_time_and_id_and_sums_are_those_of_the_text(
        self, client: Client, author: Author
    ) -> None:
        events = [author.event(content=str(n), created_at=NOW - n // 5) for n in range(40)]
        client.publish_all(events)
        mine = {"authors": [author.pubkey]}
        client.send("NEG-OPEN", "n", mine, ALL_IDS)
        [(_, mode, found)] = Reader(bytes.fromhex(neg(client, "n")[2])[1:]).ranges()
        order = sorted((event["created_at"], event["id"]) for event in events)
        assert mode == 2 and [one.hex() for one in found] == [identifier for _, identifier in order]
        client.send("NEG-MSG", "n", sum_of_all(ids(events)))
        assert neg(client, "n") == ["NEG-MSG", "n", "61"]
        client.send("NEG-MSG", "n", sum_of_all(ids(events[1:])))
        ranges = list(Reader(bytes.fromhex(neg(client, "n")[2])[1:]).ranges())
        assert len(ranges) == 16 and {mode for _, mode, _ in ranges} == {1}
        client.send("NEG-CLOSE", "n")

    def test_line_90_what_is_too_large_is_blocked_with_the_cap(
        self, start_relay: RelayFactory, author: Author
    ) -> None:
        relay = start_relay({"negentropy": {"max_records": 10}})
        events = author.notes(10)
        with Client(relay.url) as client:
            client.publish_all(events)
            for condition in ({}, {"kinds": [1]}, {"since": 1}):
                assert held(client, condition) == ids(events)
            client.publish_all(author.notes(1))
            for condition in ({}, {"kinds": [1]}, {"since": 1}, {}):
                client.send("NEG-OPEN", "n", condition, ALL_IDS)
                text, cap = refusal(client)
                assert text.startswith("blocked: ") and cap == 10
                client.send("NEG-MSG", "n", ALL_IDS)
                assert refusal(client)[0].startswith("closed: ")
            # Less of it is served.
            assert held(client, {"until": events[4]["created_at"]}) == ids(events[:5])
            assert len(held(client, {"limit": 10})) == 10

    def test_line_90_who_is_silent_is_closed(self, start_relay: RelayFactory, author: Author) -> None:
        relay = start_relay({"negentropy": {"idle_timeout": "1s"}, "connections": {"ping_interval": "1s"}})
        with Client(relay.url) as client:
            client.send("NEG-OPEN", "n", {}, ALL_IDS)
            assert neg(client, "n")[0] == "NEG-MSG"
            assert refusal(client) == ["closed: you took too long to respond"]
            client.send("NEG-MSG", "n", ALL_IDS)
            assert refusal(client)[0].startswith("closed: ")
            assert held(client, {}) == set()

    def test_line_90_what_is_not_open_is_closed(self, client: Client) -> None:
        client.send("NEG-CLOSE", "never")
        client.send("NEG-MSG", "never", ALL_IDS)
        assert neg(client, "never")[:3] == ["NEG-ERR", "never", "closed: nothing is open under this id"]


class TestSets:
    """What is compared is what a subscription would show."""

    FILTERS = ({}, {"kinds": [1, 4, 7, 1059]}, {"since": 1}, {"until": 2**40}, {"#t": ["x"]}, {"since": 1, "kinds": [1]})

    def test_lines_51_56_91_and_99_nothing_hidden_leaves_a_trace(
        self, start_relay: RelayFactory, author: Author
    ) -> None:
        public = [author.event(1, f"{n}", [["t", "x"]], NOW - 50 + n) for n in range(40)]
        deleted = author.notes(5)
        hidden = [author.event(kind, f"{n}", [["p", author.pubkey], ["t", "x"]]) for n in range(3) for kind in (4, 1059)]
        deletion = author.event(5, tags=[["e", one["id"]] for one in deleted])
        fleeting = author.event(1, "soon gone", [["t", "x"], ["expiration", str(int(time.time()) + 4)]])
        with Client(start_relay().url) as plain, Client(start_relay().url) as client:
            plain.publish_all([*public, deletion])
            # The set that all share is there before most of it is told.
            assert held(client, {}) == set()
            client.publish_all(public[:20] + deleted + hidden + [fleeting])
            shown = held(client, {})
            assert shown == ids([*public[:20], *deleted]) or shown == ids([*public[:20], *deleted, fleeting])
            client.publish_all(public[20:] + [deletion])
            wait_until(lambda: held(client, {}) == ids([*public, deletion]), what="the expiry")
            for condition in self.FILTERS:
                for name, one in (("a", plain), ("b", client)):
                    one.send("NEG-OPEN", name, condition, sum_of_all(held(plain, condition)))
                    assert neg(one, name) == ["NEG-MSG", name, "61"], condition

    def test_lines_51_and_91_a_reader_finds_its_own_private_events_beside_the_set_of_all(
        self, start_relay: RelayFactory, author: Author
    ) -> None:
        relay = start_relay({"url": RELAY_URL})
        reader, stranger = Author(), Author()
        public = author.notes(40)
        own = [author.event(kind, f"{n}", [["p", reader.pubkey]]) for n in range(4) for kind in (4, 1059)]
        others = [author.event(4, f"{n}", [["p", stranger.pubkey]]) for n in range(4)]
        written = [reader.event(4, "mine", [["p", stranger.pubkey]])]
        # A gift wrap is for whom it names; who wrote it is nobody's key.
        with connected_as(relay.url, author, reader) as writer:
            writer.publish_all(public[:30])
            assert held(writer, {}) == ids(public[:30])
            writer.publish_all([*public[30:], *own, *others, *written])
        seen = {"nobody": [], "reader": [*own, *written], "stranger": [*others, *written]}
        clients = {"nobody": Client(relay.url)}
        clients |= {"reader": connected_as(relay.url, reader), "stranger": connected_as(relay.url, stranger)}
        for name, client in clients.items():
            for condition in ({}, {"since": 1}, {"until": 2**40, "since": 0}, {"kinds": [1, 4, 1059]}):
                assert held(client, condition) == ids([*public, *seen[name]]), (name, condition)
                assert reconcile(client, [*public, *own], condition)[1] == ids(seen[name]) - ids(own)
        later = public[20]["created_at"]
        assert held(clients["reader"], {"until": later}) == ids(public[:21])
        for client in clients.values():
            client.open.close()

    def test_a_session_of_somebody_who_may_read_more_now_is_closed(self, start_relay: RelayFactory) -> None:
        with Client(start_relay({"url": RELAY_URL}).url) as client:
            text = challenge(client)
            client.send("NEG-OPEN", "n", {}, ALL_IDS)
            assert neg(client, "n")[0] == "NEG-MSG"
            authenticate(client, text, Author())
            client.send("NEG-MSG", "n", ALL_IDS)
            assert refusal(client)[0].startswith("closed: ")
            assert held(client, {}) == set()

    @pytest.mark.parametrize("condition", [{"kinds": [4]}, {"kinds": [1059, 4]}, {"kinds": [4], "since": 5}])
    def test_lines_51_and_91_who_asks_for_private_kinds_alone_is_told_to_log_in(
        self, client: Client, condition: dict
    ) -> None:
        client.send("NEG-OPEN", "n", condition, ALL_IDS)
        assert refusal(client)[0].startswith("auth-required: ")

    def test_line_56_what_expires_goes_at_its_second_from_the_set_of_all(
        self, start_relay: RelayFactory, author: Author
    ) -> None:
        with Client(start_relay().url) as client:
            stays = author.event(content="stays")
            goes = author.event(content="goes", tags=[["expiration", str(int(time.time()) + 3)]])
            client.publish_all([stays, goes])
            assert held(client, {}) in (ids([stays, goes]), ids([stays]))
            wait_until(lambda: held(client, {}) == ids([stays]))
            assert held(client, {"kinds": [1]}) == ids([stays])

    def test_both_sides_differences_are_found_for_any_filter(self, client: Client, author: Author, seed: int) -> None:
        chance = random.Random(seed)
        events = [
            author.event(chance.choice([1, 7]), f"{n}", [["t", chance.choice("xyz")]], NOW - chance.randrange(60))
            for n in range(600)
        ]
        theirs = events[:500]
        client.publish_all(theirs)
        mine = chance.sample(events, 500)
        base = {"authors": [author.pubkey]}
        conditions = [
            (base, lambda _: True),
            (base | {"kinds": [7]}, lambda event: event["kind"] == 7),
            (base | {"#t": ["x", "z"]}, lambda event: event["tags"][0][1] != "y"),
            (base | {"since": NOW - 40, "until": NOW - 20}, lambda event: NOW - 40 <= event["created_at"] <= NOW - 20),
            ({"ids": [event["id"] for event in events[450:550]]}, lambda event: event in events[450:550]),
        ]
        for condition, matches in conditions:
            local, remote = ids(filter(matches, mine)), ids(filter(matches, theirs))
            assert reconcile(client, filter(matches, mine), condition) == (local - remote, remote - local)
            assert reconcile(client, [], condition) == (set(), remote)

    def test_nothing_is_compared_by_words(self, client: Client) -> None:
        for condition in ({"search": "heron"}, {"search": "heron", "since": 1}):
            client.send("NEG-OPEN", "words", condition, "6100000200")
            answer = client.wait_for(lambda message: message[1] == "words")
            assert answer[0] == "NEG-ERR" and answer[2].startswith("unsupported: "), answer

    def test_a_limit_is_obeyed(self, client: Client, author: Author) -> None:
        events = author.notes(30)
        client.publish_all(events)
        assert held(client, {"authors": [author.pubkey], "limit": 7}) == ids(events[-7:])
        assert held(client, {"authors": [author.pubkey], "limit": 0}) == set()
        assert held(client, {"authors": []}) == set()

    def test_a_large_difference_comes_in_many_messages_of_bounded_size(
        self, start_relay: RelayFactory, author: Author
    ) -> None:
        relay = start_relay()
        events = author.notes(6_000)
        lines = "".join(json.dumps(event) + "\n" for event in events)
        imported = run_command("import", "--database", relay.database, stdin=lines.encode())
        assert imported.returncode == 0, imported.stderr
        with Client(relay.url) as client:
            wait_until(lambda: held(client, {}) == ids(events))
            client.send("NEG-OPEN", "n", {"kinds": [1]}, ALL_IDS)
            answer = neg(client, "n")
            assert 200_000 < len(answer[2]) <= 2 * 128 * 1024
            assert held(client, {"kinds": [1]}) == ids(events)
            half = events[::2]
            assert reconcile(client, half, {}) == (set(), ids(events[1::2]))


class TestChanges:
    """Sessions and the set that all share, while the database changes."""

    def test_a_session_is_about_the_moment_of_its_opening(self, start_relay: RelayFactory, author: Author) -> None:
        with Client(start_relay().url) as client:
            events = author.notes(100)
            client.publish_all(events)
            for condition in ({}, {"kinds": [1]}, {"since": 1}):
                before = held(client, condition)
                client.send("NEG-OPEN", "s", condition, ALL_IDS)
                assert neg(client, "s")[0] == "NEG-MSG"
                later = author.notes(50)
                client.publish_all([*later, author.event(5, tags=[["e", events.pop()["id"]]])])
                client.send("NEG-MSG", "s", sum_of_all(before))
                assert neg(client, "s") == ["NEG-MSG", "s", "61"]
                client.send("NEG-CLOSE", "s")
                assert ids(later) <= held(client, condition)

    def test_what_is_replaced_and_deleted_leaves_the_set_of_all(
        self, start_relay: RelayFactory, author: Author, seed: int
    ) -> None:
        chance = random.Random(seed)
        with Client(start_relay().url) as client:
            assert held(client, {}) == set()
            second = NOW - 2_000
            notes: list[Event] = []
            for _ in range(15):
                second += 10
                batch = [author.event(1, f"{second} {n}", created_at=second) for n in range(5)]
                batch += [author.event(0, f"{second}", created_at=second)]
                batch += [author.event(30023, f"{second}", [["d", chance.choice("ab")]], second)]
                gone = [notes.pop(chance.randrange(len(notes))) for _ in range(min(len(notes), 2))]
                batch += [author.event(5, tags=[["e", one["id"]] for one in gone], created_at=second)] if gone else []
                notes += batch[:5]
                client.publish_all(batch)
                shown = ids(client.fetch({"limit": 1_000}))
                assert held(client, {}) == shown
                assert held(client, {"since": second - 30}) == ids(client.fetch({"since": second - 30, "limit": 1_000}))

    def test_sessions_go_on_while_others_write(self, start_relay: RelayFactory) -> None:
        relay = start_relay()
        authors = [Author() for _ in range(4)]
        clients = [Client(relay.url) for _ in authors]
        with Client(relay.url) as reader:
            for round_ in range(5):
                for author, client in zip(authors, clients):
                    for event in author.notes(40):
                        client.send("EVENT", event)
                for condition in ({}, {"kinds": [1]}):
                    assert len(held(reader, condition)) >= round_ * 160
                for client in clients:
                    for _ in range(40):
                        assert client.receive()[2] is True
            everything = ids(reader.fetch({"limit": 1_000}))
            assert len(everything) == 800
            assert held(reader, {}) == held(reader, {"kinds": [1]}) == everything
        for client in clients:
            client.open.close()

    def test_what_other_processes_do_is_seen(self, start_relay: RelayFactory, author: Author) -> None:
        relay = start_relay()
        events = author.notes(30)
        with Client(relay.url) as client:
            client.publish_all(events[:10])
            assert held(client, {}) == ids(events[:10])
            lines = "".join(json.dumps(event) + "\n" for event in events[10:])
            imported = run_command("import", "--database", relay.database, stdin=lines.encode())
            assert imported.returncode == 0, imported.stderr
            wait_until(lambda: held(client, {}) == ids(events), what="the import")
            condition = json.dumps({"ids": [event["id"] for event in events[::2]]})
            deleted = run_command("delete", "--database", relay.database, "--filter", condition, "--yes")
            assert deleted.returncode == 0, deleted.stderr
            wait_until(lambda: held(client, {}) == ids(events[1::2]), what="the deletion")

    @pytest.mark.postgres_only("one process has an SQLite database to itself")
    def test_two_nodes_compare_the_same(self, start_relay: RelayFactory, author: Author) -> None:
        first = start_relay()
        second = start_relay({"database": first.database})
        with Client(first.url) as one, Client(second.url) as other:
            assert held(one, {}) == held(other, {}) == set()
            events = author.notes(60)
            one.publish_all(events[:30])
            other.publish_all(events[30:])
            for client in (one, other):
                wait_until(lambda: held(client, {}) == ids(events), what="what the other node stored")
            gone = author.event(5, tags=[["e", event["id"]] for event in events[::3]])
            other.publish_all([gone])
            left = ids(events) - ids(events[::3]) | {gone["id"]}
            assert held(other, {}) == left
            wait_until(lambda: held(one, {}) == left, what="what the other node removed")


class TestLimits:
    """Each door has a limit, and answers what is no message."""

    def test_a_client_may_have_ten_open(self, client: Client, author: Author) -> None:
        for number in range(11):
            client.send("NEG-OPEN", str(number), {"authors": [author.pubkey]}, ALL_IDS)
        for number in range(10):
            assert neg(client, str(number))[0] == "NEG-MSG"
        assert refusal(client, "10")[0].startswith("rate-limited: ")
        client.send("NEG-CLOSE", "3")
        client.send("NEG-OPEN", "10", {"authors": [author.pubkey]}, ALL_IDS)
        assert neg(client, "10")[0] == "NEG-MSG"
        for number in range(11):
            client.send("NEG-CLOSE", str(number))

    def test_messages_alternate(self, client: Client) -> None:
        client.send("NEG-OPEN", "n", {"kinds": [1]}, ALL_IDS)
        client.send("NEG-MSG", "n", ALL_IDS)
        answers = [neg(client, "n")]
        while answers[-1][0] == "NEG-MSG" and len(answers) < 2:
            answers.append(neg(client, "n"))
        assert answers[-1][0] == "NEG-MSG" or answers[-1][2].startswith("invalid: ")
        client.send("NEG-CLOSE", "n")

    def test_too_many_messages_are_refused_and_close_the_session(self, start_relay: RelayFactory) -> None:
        relay = start_relay({"rate_limits": {"enabled": True, "connection": {"messages": "1/h burst 2"}}})
        with Client(relay.url) as client:
            client.send("NEG-OPEN", "n", {}, ALL_IDS)
            assert neg(client, "n")[0] == "NEG-MSG"
            for _ in range(2):
                client.send("NEG-MSG", "n", sum_of_all([]))
                neg(client, "n")
            client.send("NEG-OPEN", "n", {}, ALL_IDS)
            assert refusal(client)[0].startswith("rate-limited: ")
            client.send("NEG-CLOSE", "n")

    @pytest.mark.parametrize(
        "message",
        [
            "", "61ff", "6100", "61000002", "6100000201", "610000028fffffffff7f", "61" + "ff" * 5_000, "61000003",
            "610021" + "00" * 40, "610501090001010800", "618001", "61000001" + "00" * 15, "6100000201" + "00" * 31,
        ],
    )  # fmt: skip
    def test_a_spoilt_message_is_an_error_that_ends_the_session(self, client: Client, message: str) -> None:
        client.send("NEG-OPEN", "n", {"kinds": [1]}, ALL_IDS)
        assert neg(client, "n")[0] == "NEG-MSG"
        client.send("NEG-MSG", "n", message)
        assert refusal(client)[0].startswith("invalid: ")
        client.send("NEG-MSG", "n", ALL_IDS)
        assert refusal(client)[0].startswith("closed: ")
        client.send("NEG-OPEN", "n", {"kinds": [1]}, message)
        assert refusal(client)[0].startswith("invalid: ")

    @pytest.mark.parametrize(
        "text",
        [
            '["NEG-OPEN"]', '["NEG-OPEN",1,{},"61"]', '["NEG-OPEN","n"]', '["NEG-OPEN","n",{}]', '["NEG-OPEN","n",{},61]',
            '["NEG-OPEN","n",{},"6"]', '["NEG-OPEN","n",{},"6G"]', '["NEG-OPEN","n",[],"61"]', '["NEG-OPEN","n","61"]',
            '["NEG-OPEN","n",{"kinds":"1"},"61"]', '["NEG-OPEN","n",{"nothing":1},"61"]', '["NEG-OPEN","",{},"61"]',
            '["NEG-OPEN","n",{},"61",{}]', '["NEG-OPEN","n",{},"61"', '["NEG-MSG"]', '["NEG-MSG","n"]',
            '["NEG-MSG","n",null]', '["NEG-MSG","n","zz"]', '["NEG-CLOSE"]', '["NEG-CLOSE",{}]', '["NEG-CLOSE","a","b"]',
            '["NEG-OPEN","' + "x" * 65 + '",{},"61"]', '["NEG-ERR","n","x"]',
        ],
    )  # fmt: skip
    def test_what_is_no_message_is_answered(self, client: Client, author: Author, text: str) -> None:
        answer = client.ask(text)
        assert answer[0] in ("NOTICE", "NEG-ERR"), answer
        assert answer[-1].startswith(("invalid: ", "unsupported: ", "closed: "))
        assert held(client, {"authors": [author.pubkey]}) == set()

    def test_hostile_ranges_are_answered_within_bounds(self, client: Client, author: Author) -> None:
        client.publish_all(author.notes(100))
        mine = {"authors": [author.pubkey]}
        # A hundred thousand empty ranges, and lists that hold nothing, each asking for all that there is.
        for piece in ("0100" + "01" + "00" * 16, "0100" + "0200", "010000"):
            message = "61" + piece * (400_000 // len(piece))
            client.send("NEG-OPEN", "n", mine, message)
            answer = neg(client, "n")
            assert answer[0] == "NEG-MSG" and len(answer[2]) <= 2 * 128 * 1024
        client.send("NEG-CLOSE", "n")
        assert len(held(client, mine)) == 100

    def test_clients_that_go_away_leave_nothing_behind(self, start_relay: RelayFactory, author: Author) -> None:
        relay = start_relay()
        with Client(relay.url) as client:
            client.publish_all(author.notes(50))
            for _ in range(5):
                with Client(relay.url) as other:
                    for number in range(8):
                        other.send("NEG-OPEN", str(number), {"kinds": [1]}, ALL_IDS)
                    neg(other, "0")
                    assert gauge(relay, "active_negentropy_sessions") >= 1
            wait_until(lambda: gauge(relay, "active_negentropy_sessions") == 0)
            wait_until(lambda: gauge(relay, "negentropy_records") == 0)

    def test_what_is_switched_off_is_not_advertised(self, start_relay: RelayFactory) -> None:
        relay = start_relay({"negentropy": {"enabled": False}})
        assert 77 not in nips(relay)
        with Client(relay.url) as client:
            client.send("NEG-OPEN", "n", {}, ALL_IDS)
            assert refusal(client)[0].startswith("blocked: ")

    def test_it_is_advertised(self, relay: RelayProcess) -> None:
        assert 77 in nips(relay)

    def test_a_large_first_message_is_taken(self, client: Client, author: Author) -> None:
        side = Initiator(author.notes(2_000))
        client.send("NEG-OPEN", "n", {"authors": [author.pubkey]}, side.first().hex())
        assert neg(client, "n")[0] == "NEG-MSG"
        client.send("NEG-CLOSE", "n")


def gauge(relay: RelayProcess, name: str) -> int:
    lines = request(relay.port, path="/metrics").text.splitlines()
    [line] = [line for line in lines if line.startswith(f"nostr_relay_{name} ")]
    return int(line.split()[1])


def nips(relay: RelayProcess) -> set[int]:
    body = request(relay.port, fields={"Accept": "application/nostr+json"}).text
    return set(json.loads(body)["supported_nips"])
