"""NIP-01: what a filter matches, in history and live (checklist 16 to 25)."""

import time
from typing import Any

import pytest

from support.client import Client, Filter, Message
from support.events import Author, ids

NOW = int(time.time()) - 1000


def answer_to(client: Client, filter: Any) -> Message:
    """The only answer to a REQ that matches nothing: EOSE or CLOSED."""
    client.send("REQ", "q", filter)
    return client.wait_for(lambda message: message[0] in ("EOSE", "CLOSED", "NOTICE"))


def assert_refused(client: Client, filter: Any) -> None:
    answer = answer_to(client, filter)
    assert answer[:2] == ["CLOSED", "q"] and answer[2].split(": ")[0] in ("invalid", "unsupported"), answer


@pytest.mark.parametrize("field", ["ids", "authors", "#e", "#p"])
@pytest.mark.parametrize("value", ["ab", "A" * 64, "a" * 63, "a" * 65, "g" * 64, ""])
def test_line_16_a_prefix_or_other_text_in_place_of_an_id_is_an_error(client: Client, field: str, value: str) -> None:
    assert_refused(client, {field: [value]})


@pytest.mark.parametrize("field", ["ids", "authors", "kinds", "#e", "#p", "#t"])
def test_line_17_an_empty_list_never_matches_everything(client: Client, author: Author, field: str) -> None:
    client.publish_all([author.event(content="bait")])
    answer = answer_to(client, {field: []})
    assert answer[0] in ("EOSE", "CLOSED") and answer[1] == "q"
    client.publish_all([author.event(content="live bait")])
    assert client.arrived() == []


@pytest.mark.parametrize(
    "filter",
    [
        {"ids": "a" * 64},
        {"ids": [1]},
        {"authors": None},
        {"kinds": [1.5]},
        {"kinds": ["1"]},
        {"kinds": [-1]},
        {"kinds": [65536]},
        {"kinds": {}},
        {"since": "1"},
        {"since": -1},
        {"until": 1.5},
        {"until": None},
        {"limit": -1},
        {"limit": "1"},
        {"limit": 1.5},
        {"#t": "x"},
        {"#t": [1]},
        [],
        "filter",
        5,
        None,
    ],
)
def test_a_filter_of_another_form_is_refused(client: Client, filter: Any) -> None:
    assert_refused(client, filter)


@pytest.mark.parametrize("field", ["#tt", "#", "#1", "#é", "unknown", "search "])
def test_an_unknown_filter_field_is_refused_as_unsupported(client: Client, field: str) -> None:
    answer = answer_to(client, {field: ["x"]})
    assert answer[:2] == ["CLOSED", "q"] and answer[2].startswith("unsupported: ")


def test_line_18_conditions_of_one_filter_are_joined_with_and(client: Client, author: Author) -> None:
    match = author.event(1, "match", [["t", "and"], ["g", "x"]], NOW)
    misses = [
        author.event(2, "kind", [["t", "and"], ["g", "x"]], NOW),
        author.event(1, "tag", [["t", "and"]], NOW),
        Author().event(1, "author", [["t", "and"], ["g", "x"]], NOW),
        author.event(1, "time", [["t", "and"], ["g", "x"]], NOW - 1),
    ]
    client.publish_all([*misses, match])
    filter = {"authors": [author.pubkey], "kinds": [1], "#t": ["and"], "#g": ["x"], "since": NOW}
    assert client.fetch(filter) == [match]


def test_line_18_filters_are_joined_with_or_and_an_event_comes_once(client: Client, author: Author) -> None:
    events = [author.event(kind, "or", [["t", "or"]], NOW + kind) for kind in (1, 6, 7)]
    client.publish_all(events)
    filters = [
        {"kinds": [1, 6], "authors": [author.pubkey]},
        {"kinds": [6, 7], "authors": [author.pubkey]},
        {"ids": ids(events)},
        {"#t": ["or"], "authors": [author.pubkey]},
    ]
    assert client.subscribe("or", *filters) == events[::-1]
    client.publish_all([live := author.event(6, "live", [["t", "or"]])])
    assert client.arrived() == [["EVENT", "or", live]]


def test_line_19_since_and_until_are_inclusive(client: Client, author: Author) -> None:
    events = [author.event(created_at=NOW + n) for n in range(5)]
    client.publish_all(events)
    filter: Filter = {"authors": [author.pubkey]}
    assert client.fetch(filter | {"since": NOW + 1, "until": NOW + 3}) == [events[3], events[2], events[1]]
    assert client.fetch(filter | {"since": NOW + 2, "until": NOW + 2}) == [events[2]]
    assert client.fetch(filter | {"since": NOW + 3, "until": NOW + 2}) == []


def test_line_19_since_and_until_count_for_live_events_too(client: Client, other: Client, author: Author) -> None:
    other.subscribe("live", {"authors": [author.pubkey], "since": NOW + 1, "until": NOW + 2})
    events = [author.event(created_at=NOW + n) for n in range(4)]
    client.publish_all(events)
    assert [message[2] for message in other.arrived()] == events[1:3]


def test_line_20_every_letter_is_queryable_and_case_matters(client: Client, author: Author) -> None:
    letters = [letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter not in "ep"]
    events = [
        author.event(content=name, tags=[[name, "value"]]) for letter in letters for name in (letter, letter.upper())
    ]
    client.publish_all(events)
    for event in events:
        filter = {f"#{event['content']}": ["value"], "authors": [author.pubkey]}
        assert client.fetch(filter) == [event], filter


def test_line_20_e_is_not_upper_case_e(client: Client, author: Author) -> None:
    value = "ab" * 32
    lower, upper = author.event(tags=[["e", value]]), author.event(tags=[["E", value]])
    client.publish_all([lower, upper])
    assert client.fetch({"#e": [value], "authors": [author.pubkey]}) == [lower]
    assert client.fetch({"#E": [value], "authors": [author.pubkey]}) == [upper]


def test_line_20_only_the_second_element_is_indexed(client: Client, author: Author) -> None:
    client.publish_all([author.event(tags=[["t", "second", "third"], ["word", "value"]])])
    assert len(client.fetch({"#t": ["second"], "authors": [author.pubkey]})) == 1
    assert client.fetch({"#t": ["third"], "authors": [author.pubkey]}) == []
    assert client.fetch({"#w": ["value"], "authors": [author.pubkey]}) == []


def test_line_21_values_are_joined_with_or_and_tags_with_and(client: Client, author: Author) -> None:
    a, b, both = (
        author.event(tags=tags, created_at=NOW + n)
        for n, tags in enumerate(
            (
                [["t", "a"], ["r", "x"]],
                [["t", "b"]],
                [["t", "a"], ["t", "b"], ["r", "y"]],
            )
        )
    )
    client.publish_all([a, b, both])
    mine: Filter = {"authors": [author.pubkey]}
    assert client.fetch(mine | {"#t": ["a", "b", "a"]}) == [both, b, a]
    assert client.fetch(mine | {"#t": ["a", "b"], "#r": ["x", "y"]}) == [both, a]
    assert client.fetch(mine | {"#t": ["b"], "#r": ["x"]}) == []


def test_line_22_limit_is_per_filter_and_does_not_stop_live_events(client: Client, author: Author) -> None:
    ones, twos = author.notes(4, 1, NOW), author.notes(4, 2, NOW)
    client.publish_all([*ones, *twos])
    filters = [{"authors": [author.pubkey], "kinds": [kind], "limit": 2} for kind in (1, 2)]
    stored = client.subscribe("limited", *filters)
    assert sorted(ids(stored)) == sorted(ids([*ones[2:], *twos[2:]]))
    live = [author.event(1, f"live {n}") for n in range(5)]
    client.publish_all(live)
    assert [message[2] for message in client.arrived()] == live


def test_line_23_stored_events_come_newest_first_and_ties_by_ascending_id(client: Client, author: Author) -> None:
    events = [author.event(content=str(n), tags=[["t", "order"]], created_at=NOW + n // 4) for n in range(12)]
    client.publish_all(events)
    expected = sorted(events, key=lambda event: (-event["created_at"], event["id"]))
    for filter in (
        {"authors": [author.pubkey]},
        {"ids": ids(events)},
        {"#t": ["order"], "authors": [author.pubkey]},
        {"authors": [author.pubkey, Author().pubkey], "kinds": [1, 2]},
    ):
        assert client.fetch(filter) == expected, filter
    assert client.fetch({"authors": [author.pubkey], "limit": 6}) == expected[:6]


def test_line_23_several_filters_give_one_order(client: Client, author: Author) -> None:
    events = [author.event((1, 6, 7)[n % 3], content=str(n), created_at=NOW + n) for n in range(12)]
    client.publish_all(events)
    filters = [{"authors": [author.pubkey], "kinds": [kind]} for kind in (1, 6, 7)]
    assert client.fetch(*filters) == events[::-1]


def test_line_24_limit_0_gives_no_stored_events_then_eose_then_live_ones(client: Client, author: Author) -> None:
    client.publish_all([author.event(content="stored")])
    assert client.subscribe("zero", {"authors": [author.pubkey], "limit": 0}) == []
    client.publish_all([live := author.event(content="live")])
    assert client.arrived() == [["EVENT", "zero", live]]


def test_line_24_limit_0_beside_another_filter_silences_only_its_own(client: Client, author: Author) -> None:
    note, reaction = author.event(1), author.event(7)
    client.publish_all([note, reaction])
    filters = [{"authors": [author.pubkey], "kinds": [1], "limit": 0}, {"authors": [author.pubkey], "kinds": [7]}]
    assert client.fetch(*filters) == [reaction]


@pytest.mark.parametrize("limit", [1, 3, 9, 10])
def test_line_25_never_more_than_limit_events_even_within_one_second(
    client: Client, author: Author, limit: int
) -> None:
    events = [author.event(content=str(n), created_at=NOW) for n in range(10)]
    client.publish_all(events)
    assert len(client.fetch({"authors": [author.pubkey], "limit": limit})) == limit


def test_a_huge_limit_is_cut_down_not_refused(client: Client, author: Author) -> None:
    client.publish_all([event := author.event()])
    assert client.fetch({"authors": [author.pubkey], "limit": 2**53}) == [event]


def test_a_tag_value_with_escapes_is_matched_by_its_meaning(client: Client, author: Author) -> None:
    event = author.event(tags=[["t", 'é/"\n']])
    client.publish_all([event])
    client.send_text(f'["REQ","t",{{"authors":["{author.pubkey}"],"#t":["\\u00e9\\/\\u0022\\u000a"]}}]')
    assert client.stored("t") == [event]
