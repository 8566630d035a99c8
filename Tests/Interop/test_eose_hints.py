"""What EOSE says of the stored events before it (NIP-67)."""

import json
import time

import pytest

from conftest import RelayFactory
from support.client import Client, Filter
from support.events import Author, Event, ids
from support.relay_process import RelayProcess
from support.wire import request

NOW = int(time.time()) - 1000
Answer = tuple[list[Event], list | None]


def asked(client: Client, *filters: Filter, name: str = "hint") -> Answer:
    """The stored events, and the third element of EOSE, where there is one; the subscription is closed again."""
    client.send("REQ", name, *filters)
    events = []
    while True:
        message = client.wait_for(lambda message: message[0] in ("EVENT", "EOSE", "CLOSED") and message[1] == name)
        if message[0] == "EVENT":
            events.append(message[2])
            continue
        assert message[0] == "EOSE" and len(message) in (2, 3), message
        client.send("CLOSE", name)
        return events, message[2] if len(message) == 3 else None


class TestHints:
    """Line 81."""

    def test_line_81_finish_where_all_is_sent_and_more_where_it_is_not(self, client: Client, author: Author) -> None:
        client.publish_all(author.notes(6))
        mine = {"authors": [author.pubkey]}
        for limit, hint in ((1, "more"), (5, "more"), (6, "finish"), (7, "finish"), (500, "finish")):
            for _ in range(3):
                # The second answer is from memory, where the relay keeps any.
                events, hints = asked(client, mine | {"limit": limit})
                assert (len(events), hints) == (min(limit, 6), [hint]), limit
        assert asked(client, mine) == (asked(client, mine | {"limit": 6})[0], ["finish"])

    @pytest.mark.parametrize("shape", ["ids", "tag", "kind and author", "replaceable", "window", "several"])
    def test_line_81_whatever_the_shape(self, client: Client, author: Author, shape: str) -> None:
        others = [Author() for _ in range(8)]
        tag = ["t", author.pubkey]
        events = [other.event(0, tags=[tag], created_at=NOW + n) for n, other in enumerate(others)]
        client.publish_all(events)
        authors = [other.pubkey for other in others]
        filters: list[Filter] = {
            "ids": [{"ids": ids(events)}],
            "tag": [{"#t": [author.pubkey]}],
            "kind and author": [{"#t": [author.pubkey], "authors": authors, "kinds": [0]}],
            "replaceable": [{"authors": authors, "kinds": [0]}],
            "window": [{"authors": authors, "since": NOW, "until": NOW + 100}],
            "several": [{"#t": [author.pubkey]}, {"authors": authors, "kinds": [0]}],
        }[shape]
        assert asked(client, *filters) == (events[::-1], ["finish"])
        assert asked(client, *[filter | {"limit": 8} for filter in filters]) == (events[::-1], ["finish"])
        assert asked(client, *[filter | {"limit": 7} for filter in filters]) == (events[:0:-1], ["more"])

    def test_line_81_a_filter_may_send_what_another_leaves_out(self, client: Client, author: Author) -> None:
        client.publish_all([*author.notes(5), *author.notes(5, kind=7)])
        mine = {"authors": [author.pubkey]}
        assert asked(client, mine | {"kinds": [1], "limit": 2}, mine)[1] == ["finish"]
        assert asked(client, mine | {"kinds": [1], "limit": 2}, mine | {"kinds": [7]})[1] == ["more"]
        assert asked(client, mine | {"kinds": [1], "limit": 2}, mine | {"limit": 9})[1] == ["more"]
        assert asked(client, mine | {"kinds": [1]}, mine | {"kinds": [7]})[1] == ["finish"]

    def test_line_81_nothing_stored_is_finished_and_nothing_asked_for_says_nothing(
        self, client: Client, author: Author
    ) -> None:
        mine = {"authors": [author.pubkey]}
        assert asked(client, mine) == ([], ["finish"])
        assert asked(client, {"kinds": []}) == ([], ["finish"])
        assert asked(client, {"since": 5, "until": 4}, {"ids": []}) == ([], ["finish"])
        client.publish_all(author.notes(2))
        assert asked(client, mine | {"limit": 0}) == ([], None)
        events, hints = asked(client, mine | {"limit": 0}, mine | {"limit": 1})
        assert (len(events), hints) == (1, ["more"])
        assert asked(client, mine | {"limit": 0}, mine)[1] is None

    def test_line_81_an_answer_of_many_pages_says_it_once(self, client: Client, author: Author) -> None:
        events = author.notes(900)
        client.publish_all(events)
        mine = {"authors": [author.pubkey]}
        for limit, hint in ((899, "more"), (900, "finish"), (1000, "finish")):
            assert asked(client, mine | {"limit": limit}) == (events[::-1][:limit], [hint])
        assert asked(client, mine) == (events[::-1][:500], ["more"])

    def test_line_81_what_is_stored_or_removed_changes_the_hint(self, client: Client, author: Author) -> None:
        notes = author.notes(3, start=NOW)
        mine = {"authors": [author.pubkey], "kinds": [1], "limit": 2}
        client.publish_all(notes[:2])
        assert [asked(client, mine)[1] for _ in range(3)] == [["finish"]] * 3
        client.publish_all(notes[2:])
        assert [asked(client, mine)[1] for _ in range(3)] == [["more"]] * 3
        client.publish_all([author.event(5, tags=[["e", notes[0]["id"]]])])
        assert [asked(client, mine)[1] for _ in range(3)] == [["finish"]] * 3

    def test_line_56_what_expires_behind_an_answer_is_no_more(self, client: Client, author: Author) -> None:
        soon = int(time.time()) + 3
        expiring = author.event(tags=[["expiration", str(soon)]], created_at=NOW)
        client.publish_all([expiring, *author.notes(2)])
        mine = {"authors": [author.pubkey], "limit": 2}
        hints = []
        while time.time() < soon + 2:
            before = time.time()
            hint = asked(client, mine)[1]
            if time.time() < soon - 1:
                assert hint == ["more"]
            if before >= soon + 1:
                assert hint == ["finish"]
            hints.append(hint)
            time.sleep(0.1)
        assert hints[-1] == ["finish"]

    def test_line_51_what_a_reader_may_not_see_leaves_no_trace(self, client: Client, author: Author) -> None:
        tags = [["t", author.pubkey]]
        hidden = [author.event(kind, tags=tags, created_at=NOW + n) for n, kind in enumerate([4, 1059] * 5)]
        client.publish_all([*hidden, *(author.event(1, str(n), tags, NOW + 100 + n) for n in range(3))])
        for filter in (
            {"authors": [author.pubkey]},
            {"#t": [author.pubkey]},
            {"authors": [author.pubkey], "kinds": [1, 4]},
        ):
            events, hints = asked(client, filter | {"limit": 3})
            assert (len(events), hints) == (3, ["finish"]), filter
            assert asked(client, filter | {"limit": 2})[1] == ["more"]

    def test_line_81_ephemeral_events_are_none_of_it(self, client: Client, author: Author) -> None:
        client.publish_all([author.event(20001), note := author.event()])
        assert asked(client, {"authors": [author.pubkey], "limit": 1}) == ([note], ["finish"])


class TestTies:
    """Line 82."""

    @pytest.fixture
    def capped(self, start_relay: RelayFactory) -> RelayProcess:
        return start_relay({"subscriptions": {"max_limit": 10, "default_limit": 4}})

    def test_line_82_a_second_is_sent_whole_where_the_relays_own_cap_cuts(
        self, capped: RelayProcess, author: Author
    ) -> None:
        same = [author.event(content=str(n), created_at=NOW) for n in range(15)]
        newer = [author.event(content="newer", created_at=NOW + 1 + n) for n in range(2)]
        older = author.event(content="older", created_at=NOW - 1)
        mine: Filter = {"authors": [author.pubkey]}
        with Client(capped.url) as client:
            client.publish_all([*same, *newer, older])
            boundary = [*newer[::-1], *sorted(same, key=lambda event: event["id"])]
            for filter in (mine, mine | {"kinds": [1]}, {"kinds": [1]}, {}):
                assert asked(client, filter) == (boundary, ["more"])
                assert asked(client, filter | {"limit": 100}) == (boundary, ["more"])
                # Never beyond what the client asks for.
                for limit in (1, 2, 3, 9, 10, 11, 16):
                    assert asked(client, filter | {"limit": limit}) == (boundary[:limit], ["more"])
            assert asked(client, mine | {"until": NOW - 1}) == ([older], ["finish"])

    def test_line_82_a_client_that_pages_by_until_gets_everything(self, capped: RelayProcess, author: Author) -> None:
        events = [author.event(content=str(n), created_at=NOW + n // 7) for n in range(60)]
        with Client(capped.url) as client:
            client.publish_all(events)
            found: dict[str, Event] = {}
            until, rounds = NOW + 1000, 0
            while True:
                page, hints = asked(client, {"authors": [author.pubkey], "until": until})
                found |= {event["id"]: event for event in page}
                rounds += 1
                assert rounds < 30 and hints is not None
                if hints == ["finish"]:
                    break
                until = page[-1]["created_at"] - 1
            assert set(found) == set(ids(events))


def test_line_83_hints_are_advertised_and_live_delivery_is_as_ever(
    relay: RelayProcess, client: Client, author: Author
) -> None:
    document = json.loads(request(relay.port, fields={"Accept": "application/nostr+json"}).body)
    assert 67 in document["supported_nips"]
    client.publish_all(author.notes(3, start=NOW))
    client.send("REQ", "more", {"authors": [author.pubkey], "limit": 1})
    client.send("REQ", "finish", {"authors": [author.pubkey]})
    found = {
        name: client.wait_for(lambda message, name=name: message[:2] == ["EOSE", name]) for name in ("more", "finish")
    }
    assert found == {name: ["EOSE", name, [name]] for name in ("more", "finish")}
    client.waiting.clear()
    client.publish_all([event := author.event()])
    assert sorted(client.arrived()) == sorted(["EVENT", name, event] for name in ("more", "finish"))
