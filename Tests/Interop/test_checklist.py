"""The checklist as a whole: that each line has its test, and parts of lines that belong to no other file."""

import ast
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import RelayFactory
from support.client import Client, is_stored
from support.events import Author, compact, difficulty, event_id, ids, mined
from support.relay_process import RelayProcess, run_command
from support.wire import request

NOW = int(time.time()) - 1000
NOSTR_JSON = {"Accept": "application/nostr+json"}
REQUIRED_LINES = {*range(1, 79), *range(81, 96), 99, 100}
PRIVATE_KINDS = [4, 1059]


def document(relay: RelayProcess) -> dict:
    return json.loads(request(relay.port, fields=NOSTR_JSON).body)


def test_each_line_of_the_checklist_has_a_test_that_bears_its_number() -> None:
    found: set[int] = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if numbered := re.match(r"test_line_(\d+)_", node.name):
                    found.add(int(numbered[1]))
    assert REQUIRED_LINES - found == set()
    assert found <= set(range(1, 101)), "a number that the checklist does not have"


class TestFilters:
    """Lines 20 and 25."""

    @pytest.mark.parametrize("letter", ["e", "p"])
    def test_line_20_the_letters_that_hold_ids_are_queryable_in_both_cases(
        self, client: Client, author: Author, letter: str
    ) -> None:
        value = Author().pubkey
        lower, upper = (author.event(tags=[[name, value]]) for name in (letter, letter.upper()))
        client.publish_all([lower, upper])
        assert client.fetch({f"#{letter}": [value]}) == [lower]
        assert client.fetch({f"#{letter.upper()}": [value]}) == [upper]

    def test_line_20_upper_case_tags_take_any_text(self, client: Client, author: Author) -> None:
        event = author.event(tags=[["E", "short"], ["P", "Ünï"], ["A", ""]])
        client.publish_all([event])
        for name, value in event["tags"]:
            assert client.fetch({f"#{name}": [value], "authors": [author.pubkey]}) == [event], name

    def test_line_20_live_events_are_told_apart_by_case_and_element_too(self, client: Client, author: Author) -> None:
        value = Author().pubkey
        client.subscribe("lower", {"#e": [value]})
        client.subscribe("upper", {"#E": [value]})
        client.subscribe("long", {"#r": [value]})
        events = [
            author.event(tags=[["e", value]]),
            author.event(tags=[["E", value]]),
            author.event(tags=[["relay", value]]),
            author.event(tags=[["r", "first", value]]),
            author.event(tags=[["r"], ["e"]]),
        ]
        client.publish_all(events)
        assert client.arrived() == [["EVENT", "lower", events[0]], ["EVENT", "upper", events[1]]]

    def test_line_20_a_tag_value_is_matched_whole(self, client: Client, author: Author) -> None:
        client.publish_all([event := author.event(tags=[["t", "Word"]])])
        mine = {"authors": [author.pubkey]}
        for value in ("word", "Wor", "Words", "Word ", ""):
            assert client.fetch(mine | {"#t": [value]}) == [], value
        assert client.fetch(mine | {"#t": ["Word"]}) == [event]

    def test_line_25_the_published_caps_are_the_enforced_ones(self, start_relay: RelayFactory, author: Author) -> None:
        relay = start_relay({"subscriptions": {"max_limit": 9, "default_limit": 4}})
        limitation = document(relay)["limitation"]
        most, default = limitation["max_limit"], limitation["default_limit"]
        assert (most, default) == (9, 4)
        events = author.notes(12, start=NOW - 12) + author.notes(12, kind=7, start=NOW)
        mine = {"authors": [author.pubkey]}
        with Client(relay.url) as client:
            client.publish_all(events)
            assert len(client.fetch(mine)) == default
            for limit in (1, most - 1, most, most + 1, 2**40):
                assert len(client.fetch(mine | {"limit": limit})) == min(limit, most), limit
            each = [mine | {"kinds": [kind], "limit": 100} for kind in (1, 7)]
            assert len(client.fetch(*each)) == 2 * most, "the cap is per filter"


class TestDeletion:
    """Lines 36 to 41, in combination."""

    def test_line_36_a_request_that_names_own_and_foreign_events_deletes_the_own_ones(
        self, client: Client, author: Author
    ) -> None:
        stranger = Author()
        own, article = author.event(), author.event(30023, tags=[["d", "x"]], created_at=NOW)
        foreign, foreign_article = stranger.event(), stranger.event(30023, tags=[["d", "x"]], created_at=NOW)
        client.publish_all([own, article, foreign, foreign_article])
        tags = [["e", foreign["id"]], ["e", own["id"]], ["a", f"30023:{stranger.pubkey}:x"]]
        client.publish_all([author.event(5, tags=[*tags, ["a", f"30023:{author.pubkey}:x"], ["p", stranger.pubkey]])])
        assert [is_stored(client, event) for event in (own, article, foreign, foreign_article)] == [
            False,
            False,
            True,
            True,
        ]

    def test_line_36_a_request_with_a_bad_signature_deletes_nothing(self, client: Client, author: Author) -> None:
        client.publish_all([event := author.event()])
        forged = Author().event(5, tags=[["e", event["id"]]]) | {"pubkey": author.pubkey}
        assert client.publish(forged)[2] is False
        assert is_stored(client, event)

    def test_line_37_a_stranger_cannot_bar_an_address_in_advance(self, client: Client, author: Author) -> None:
        client.publish_all([Author().event(5, tags=[["a", f"30023:{author.pubkey}:x"]])])
        client.publish_all([article := author.event(30023, tags=[["d", "x"]], created_at=NOW)])
        assert is_stored(client, article)

    def test_line_37_the_second_of_the_request_itself_counts_as_before_it(self, client: Client, author: Author) -> None:
        address = ["a", f"30023:{author.pubkey}:x"]
        client.publish_all([author.event(30023, "same", [["d", "x"]], NOW)])
        client.publish_all([request := author.event(5, tags=[address], created_at=NOW)])
        assert client.fetch({"authors": [author.pubkey]}) == [request]
        assert client.publish(author.event(30023, "again", [["d", "x"]], NOW))[2] is False
        client.publish_all([newer := author.event(30023, "newer", [["d", "x"]], NOW + 1)])
        assert is_stored(client, newer)

    def test_line_37_an_older_request_does_not_shorten_a_later_one(self, client: Client, author: Author) -> None:
        address = ["a", f"30023:{author.pubkey}:x"]
        client.publish_all([author.event(5, tags=[address], created_at=NOW + offset) for offset in (10, 5)])
        assert client.publish(author.event(30023, "between", [["d", "x"]], NOW + 7))[2] is False
        assert client.publish(author.event(30023, "beyond", [["d", "x"]], NOW + 11))[2] is True

    def test_line_37_deleting_a_version_by_id_leaves_the_address_open(self, client: Client, author: Author) -> None:
        first = author.event(30023, "first", [["d", "x"]], NOW)
        client.publish_all([first, author.event(5, tags=[["e", first["id"]]], created_at=NOW + 50)])
        client.publish_all([second := author.event(30023, "second", [["d", "x"]], NOW + 1)])
        assert client.fetch({"kinds": [30023], "authors": [author.pubkey]}) == [second]

    def test_line_38_and_40_hold_across_a_restart_and_an_import(
        self, start_relay: RelayFactory, author: Author
    ) -> None:
        relay = start_relay()
        note, article = author.event(created_at=NOW), author.event(30023, tags=[["d", "x"]], created_at=NOW)
        tags = [["e", note["id"]], ["a", f"30023:{author.pubkey}:x"]]
        deletion = author.event(5, tags=tags, created_at=NOW)
        with Client(relay.url) as client:
            client.publish_all([note, article, deletion])
        assert relay.stop() == 0
        lines = "".join(compact(event) + "\n" for event in (note, article)).encode()
        assert "deleted by request 2" in run_command("import", "--database", relay.database, stdin=lines).stdout
        relay.start()
        with Client(relay.url) as client:
            assert client.fetch({"authors": [author.pubkey]}) == [deletion]
            for event in (note, article):
                assert client.publish(event)[3] == "blocked: deleted by its author"

    def test_line_39_the_address_of_a_deletion_deletes_nothing(self, client: Client, author: Author) -> None:
        client.publish_all([event := author.event()])
        client.publish_all([deletion := author.event(5, tags=[["e", event["id"]]], created_at=NOW)])
        tags = [["a", f"5:{author.pubkey}:"], ["e", deletion["id"]], ["k", "5"]]
        client.publish_all([again := author.event(5, tags=tags, created_at=NOW + 1)])
        assert client.fetch({"authors": [author.pubkey]}) == [again, deletion]
        assert client.publish(event)[3] == "blocked: deleted by its author"

    def test_line_41_a_new_version_can_be_deleted_and_written_in_turns(self, client: Client, author: Author) -> None:
        for turn in range(3):
            version = author.event(30023, str(turn), [["d", "x"]], NOW + 2 * turn)
            client.publish_all([version])
            assert client.fetch({"kinds": [30023], "authors": [author.pubkey]}) == [version]
            tags = [["a", f"30023:{author.pubkey}:x"]]
            client.publish_all([author.event(5, tags=tags, created_at=NOW + 2 * turn + 1)])
            assert client.fetch({"kinds": [30023], "authors": [author.pubkey]}) == []


class TestDocument:
    """Lines 45, 46 and 48."""

    def test_line_45_an_optional_nip_is_advertised_only_where_it_works(
        self, relay: RelayProcess, client: Client, author: Author
    ) -> None:
        nips = set(document(relay)["supported_nips"])
        client.send("COUNT", "c", {"kinds": [1]})
        assert (client.receive()[0] == "COUNT") is (45 in nips)
        client.send("REQ", "s", {"search": "nobodyhaseverwrittenthisword"})
        assert (client.receive()[0] == "EOSE") is (50 in nips)
        assert (client.ask('["NEG-OPEN","n",{},"61"]')[0] == "NEG-MSG") is (77 in nips)
        login = author.event(22242, tags=[["relay", relay.url], ["challenge", "none"]])
        client.send("AUTH", login)
        answer = client.receive()
        assert answer[:3] == ["OK", login["id"], False]
        assert answer[3].startswith("unsupported: ") is (42 not in nips)
        assert not nips & {29, 43, 66, 86, 98}, "none of these is built, or not switched on"
        assert nips == {1, 9, 11, 13, 40, 45, 50, 62, 67, 77}

    def test_line_46_a_relay_that_asks_for_nothing_serves_a_client_that_gives_nothing(
        self, relay: RelayProcess, author: Author
    ) -> None:
        with Client(relay.url) as client:
            assert client.publish(event := author.event()) == ["OK", event["id"], True, ""]
            assert client.fetch({"ids": [event["id"]]}) == [event]
            assert client.arrived() == [], "no challenge is forced on anyone"

    @pytest.mark.parametrize("events", [{"min_pow": 8}, {"kinds": {"allow": [30023]}}])
    def test_line_46_conditions_on_writing_are_restricted_writes_and_no_auth(
        self, start_relay: RelayFactory, events: dict
    ) -> None:
        limitation = document(start_relay({"events": events}))["limitation"]
        assert (limitation["auth_required"], limitation["payment_required"]) == (False, False)
        assert limitation["restricted_writes"] is True

    def test_line_48_a_relay_that_charges_nothing_names_no_fees(self, relay: RelayProcess) -> None:
        full = document(relay)
        assert full["limitation"]["payment_required"] is False
        assert not {"fees", "payments_url", "payment_url"} & set(full)


def committed(author: Author, bits: int, target: str | None) -> dict:
    """An event with at least so many leading zero bits whose nonce tag commits to another target, or to none."""
    nonce = 0
    while True:
        tag = ["nonce", str(nonce)] if target is None else ["nonce", str(nonce), target]
        fields = {"pubkey": author.pubkey, "created_at": int(time.time()), "kind": 1, "tags": [tag], "content": ""}
        if difficulty({"id": event_id(fields)}) >= bits:
            return author.signed(fields)
        nonce += 1


class TestWork:
    """Line 50."""

    @pytest.fixture
    def demanding(self, start_relay: RelayFactory) -> Iterator[Client]:
        with Client(start_relay({"events": {"min_pow": 8}}).url) as connected:
            yield connected

    @pytest.mark.parametrize("target", ["7", "0", "1", "-1"])
    def test_line_50_a_lucky_id_does_not_pass_with_a_lower_target(
        self, demanding: Client, author: Author, target: str
    ) -> None:
        event = committed(author, 8, target)
        answer = demanding.publish(event)
        assert answer[2] is False and answer[3] == f"pow: 8 bits needed, got {max(int(target), 0)}"
        assert not is_stored(demanding, event)

    def test_line_50_a_target_at_or_above_the_floor_passes_with_the_work_that_is_there(
        self, demanding: Client, author: Author
    ) -> None:
        assert demanding.publish(mined(author, 8, exactly=True))[2] is True
        assert demanding.publish(committed(author, 8, "30"))[2] is True
        assert demanding.publish(committed(author, 8, None))[2] is True

    def test_line_50_a_high_target_is_no_work(self, demanding: Client, author: Author) -> None:
        event = author.event(tags=[["nonce", "1", "200"]])
        while difficulty(event) >= 8:
            event = author.event(content=event["id"], tags=[["nonce", "1", "200"]])
        assert demanding.publish(event)[3] == f"pow: 8 bits needed, got {difficulty(event)}"


class TestExpiration:
    """Line 57: a malformed value is no expiry, and the first tag counts."""

    @pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "1e3", "0x10", " 5", "5 ", "+5", "٥", "9" * 30, "5\n"])
    def test_line_57_a_malformed_value_is_no_expiry(self, client: Client, author: Author, value: str) -> None:
        client.publish_all([event := author.event(tags=[["expiration", value]])])
        assert is_stored(client, event)

    @pytest.mark.parametrize("tags", [[["expiration"]], [["Expiration", "5"]], [["x", "expiration", "5"]]])
    def test_line_57_what_is_no_expiration_tag_is_no_expiry(self, client: Client, author: Author, tags: list) -> None:
        client.publish_all([event := author.event(tags=tags)])
        assert is_stored(client, event)

    def test_line_57_of_several_expirations_the_first_counts(self, client: Client, author: Author) -> None:
        past, future = "5", str(int(time.time()) + 3600)
        assert client.publish(author.event(tags=[["expiration", past], ["expiration", future]]))[2] is False
        assert client.publish(author.event(tags=[["expiration", future], ["expiration", past]]))[2] is True

    @pytest.mark.parametrize("value", ["1", "00000000000000000005", "0"])
    def test_line_57_a_time_long_past_is_past_however_it_is_written(
        self, client: Client, other: Client, author: Author, value: str
    ) -> None:
        assert client.publish(author.event(tags=[["expiration", value]]))[2] is False
        other.subscribe("live", {"authors": [author.pubkey]})
        client.publish_all([event := author.event(20001, tags=[["expiration", value]])])
        assert other.live("live") == event


class TestPrivateEvents:
    """Line 99: one rule at every door."""

    @pytest.mark.parametrize("kind", PRIVATE_KINDS)
    def test_line_99_every_door_is_shut_to_a_stranger_and_the_operators_is_open(
        self, relay: RelayProcess, client: Client, other: Client, author: Author, kind: int
    ) -> None:
        recipient = Author()
        private = author.event(kind, "secret words", [["p", recipient.pubkey]], NOW + 1)
        public = author.event(1, "public", [["p", recipient.pubkey]], NOW)
        doors = [
            {"authors": [author.pubkey], "limit": 1},
            {"ids": [private["id"], public["id"]]},
            {"#p": [recipient.pubkey], "limit": 1},
            {"kinds": [1, kind], "authors": [author.pubkey], "limit": 1},
            {"authors": [author.pubkey], "since": NOW},
        ]
        for number, door in enumerate(doors):
            other.subscribe(f"live {number}", door)
        client.publish_all([private, public])
        assert sorted(map(compact, other.arrived())) == sorted(
            compact(["EVENT", f"live {number}", public]) for number in range(len(doors))
        )
        for door in doors:
            assert client.fetch(door) == [public], "a private event takes no room within a limit either"
            client.send("COUNT", "count", door)
            answer = client.receive()
            assert answer[:2] == ["COUNT", "count"] and answer[2]["count"] == 1
        assert client.fetch({"ids": [private["id"]]}) == []
        for name in ("REQ", "COUNT"):
            client.send(name, "refused", {"kinds": [kind], "authors": [author.pubkey]})
            assert client.receive()[:2] == ["CLOSED", "refused"]
        for path in ("/", "/metrics", "/health", "/ready"):
            assert private["id"] not in (text := request(relay.port, path=path).text) and "secret words" not in text
        mine = compact({"authors": [author.pubkey]})
        exported = run_command("export", "--database", relay.database, "--filter", mine).stdout
        assert [json.loads(line) for line in exported.splitlines()] == [public, private]
        assert run_command("count", "--database", relay.database, mine).stdout.strip() == "2"
        scanned = run_command("scan", "--database", relay.database, mine).stdout
        assert ids(map(json.loads, scanned.splitlines())) == [private["id"], public["id"]]

    def test_line_99_a_private_ephemeral_event_reaches_nobody(
        self, client: Client, other: Client, author: Author
    ) -> None:
        for number, door in enumerate(({"authors": [author.pubkey]}, {"kinds": [1, 21059], "limit": 0})):
            other.subscribe(f"live {number}", door)
        client.publish_all([author.event(21059, "secret"), shown := author.event(20001)])
        assert other.arrived() == [["EVENT", "live 0", shown]]

    @pytest.mark.parametrize("kind", PRIVATE_KINDS)
    def test_line_99_an_import_beside_the_relay_tells_no_stranger(
        self, relay: RelayProcess, other: Client, author: Author, kind: int
    ) -> None:
        other.subscribe("live", {"authors": [author.pubkey]})
        private, public = author.event(kind, "secret"), author.event(1)
        lines = "".join(compact(event) + "\n" for event in (private, public)).encode()
        assert run_command("import", "--database", relay.database, stdin=lines).returncode == 0
        assert other.live("live") == public
        assert other.arrived() == []
