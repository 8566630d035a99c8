"""NIP-01: what is kept, replaced and passed on (checklist 9 to 15)."""

import time

import pytest

from support.client import Client, is_stored
from support.events import Author, Event, ids

NOW = int(time.time()) - 100


@pytest.mark.parametrize("kind", [1, 2, 4, 44, 45, 999, 1000, 9999, 40000, 65535])
def test_line_9_regular_and_unlisted_kinds_are_kept_side_by_side(client: Client, author: Author, kind: int) -> None:
    events = [author.event(kind, f"number {n}", created_at=NOW + n) for n in range(2)]
    client.publish_all(events)
    stored = client.fetch({"authors": [author.pubkey], "ids": ids(events)})
    expected = [] if kind == 4 else [events[1], events[0]]
    assert stored == expected


@pytest.mark.parametrize("kind", [0, 3, 10000, 19999])
def test_line_10_one_event_of_a_replaceable_kind_is_kept_per_author(client: Client, author: Author, kind: int) -> None:
    old, new = (author.event(kind, f"number {n}", [["d", str(n)]], NOW + n) for n in range(2))
    stranger = Author().event(kind, created_at=NOW)
    client.publish_all([old, stranger, new])
    assert client.fetch({"authors": [author.pubkey], "kinds": [kind]}) == [new]
    assert is_stored(client, stranger)
    assert not is_stored(client, old)


@pytest.mark.parametrize("kind", [30000, 39999])
def test_line_11_one_event_of_an_addressable_kind_is_kept_per_d_tag(client: Client, author: Author, kind: int) -> None:
    old, other, new = (
        author.event(kind, f"number {n}", [["d", name]], NOW + n) for n, name in enumerate(["a", "b", "a"])
    )
    client.publish_all([old, other, new])
    assert client.fetch({"authors": [author.pubkey]}) == [new, other]


def test_line_11_a_missing_d_tag_equals_an_empty_one(client: Client, author: Author) -> None:
    tags: list[list[list[str]]] = [[], [["d", ""]], [["d"]], []]
    events = [author.event(30001, f"number {n}", tags[n], NOW + n) for n in range(4)]
    client.publish_all(events)
    assert client.fetch({"authors": [author.pubkey]}) == [events[3]]


def test_line_11_only_the_first_d_tag_counts(client: Client, author: Author) -> None:
    first = author.event(30002, "first", [["d", "a"], ["d", "b"]], NOW)
    second = author.event(30002, "second", [["d", "b"], ["d", "a"]], NOW + 1)
    client.publish_all([first, second])
    assert client.fetch({"authors": [author.pubkey]}) == [second, first]


def test_line_11_d_tags_are_compared_after_unescaping(client: Client, author: Author) -> None:
    first = author.event(30003, "first", [["d", "é/"]], NOW)
    second = author.event(30003, "second", [["d", "é/"]], NOW + 1)
    client.publish_all([first])
    escaped = str(second).replace("'", '"').replace("é/", "\\u00e9\\/")
    client.send_text(f'["EVENT",{escaped}]')
    assert client.ok(second)[2] is True
    assert client.fetch({"authors": [author.pubkey]}) == [second]


def same_second(author: Author, kind: int, tags: list[list[str]]) -> list[Event]:
    """Two versions of the same second, the one with the lower id first."""
    return sorted((author.event(kind, str(n), tags, NOW) for n in range(2)), key=lambda event: event["id"])


@pytest.mark.parametrize("kind", [0, 30023])
@pytest.mark.parametrize("lower_first", [True, False])
def test_line_12_the_lower_id_survives_whatever_the_order(
    client: Client, author: Author, kind: int, lower_first: bool
) -> None:
    lower, higher = same_second(author, kind, [["d", "x"]])
    for event in (lower, higher) if lower_first else (higher, lower):
        assert client.publish(event)[2] is True
    assert client.fetch({"authors": [author.pubkey]}) == [lower]


@pytest.mark.parametrize("kind", [3, 30023])
def test_line_13_an_older_version_that_arrives_later_is_never_served(
    client: Client, other: Client, author: Author, kind: int
) -> None:
    other.subscribe("live", {"authors": [author.pubkey]})
    new, old = (author.event(kind, name, created_at=NOW + n) for name, n in (("new", 1), ("old", 0)))
    assert client.publish(new) == ["OK", new["id"], True, ""]
    assert client.publish(old) == ["OK", old["id"], True, "duplicate: a newer version is stored"]
    assert client.fetch({"authors": [author.pubkey]}) == [new]
    assert client.fetch({"ids": [old["id"]]}) == []
    assert other.arrived() == [["EVENT", "live", new]]


def test_line_14_no_query_returns_a_replaced_version(client: Client, author: Author) -> None:
    versions = [author.event(30023, str(n), [["d", "x"], ["t", "topic"]], NOW + n) for n in range(5)]
    client.publish_all(versions)
    for filter in (
        {"ids": ids(versions)},
        {"authors": [author.pubkey]},
        {"kinds": [30023], "authors": [author.pubkey]},
        {"#d": ["x"], "authors": [author.pubkey]},
        {"#t": ["topic"], "authors": [author.pubkey]},
        {"authors": [author.pubkey], "until": NOW + 2},
    ):
        assert client.fetch(filter) == ([] if "until" in filter else [versions[4]]), filter


@pytest.mark.parametrize("kind", [20000, 22222, 29999])
def test_line_15_ephemeral_events_are_broadcast_and_never_stored(
    client: Client, other: Client, author: Author, kind: int
) -> None:
    other.subscribe("live", {"kinds": [kind], "authors": [author.pubkey]})
    event = author.event(kind, "now or never")
    assert client.publish(event)[2] is True
    assert other.live("live") == event
    assert client.fetch({"ids": [event["id"]]}) == []
    assert client.fetch({"kinds": [kind]}) == []


def test_line_15_an_ephemeral_event_without_a_listener_gets_an_ok(client: Client, author: Author) -> None:
    answer = client.publish(author.event(20001))
    assert answer[2] is True or answer[3].startswith("mute: ")


def test_kind_22242_is_neither_stored_nor_passed_on(client: Client, other: Client, author: Author) -> None:
    other.subscribe("live", {"authors": [author.pubkey]})
    event = author.event(22242, tags=[["relay", "ws://127.0.0.1"], ["challenge", "x"]])
    answer = client.publish(event)
    assert answer[2] is False and answer[3].startswith("invalid: ")
    assert other.arrived() == []
    assert not is_stored(client, event)


SUPERSEDED = "duplicate: a newer version is stored"


@pytest.mark.parametrize("kind", [0, 30023])
def test_line_13_an_older_version_may_come_again_and_again(
    client: Client, other: Client, author: Author, kind: int
) -> None:
    old, new = (author.event(kind, str(n), [["d", "x"]], NOW + n) for n in range(2))
    for event in (old, new):
        assert client.publish(event) == ["OK", event["id"], True, ""]
    for connection in (client, other, client):
        assert connection.publish(old) == ["OK", old["id"], True, SUPERSEDED]
        forged = old | {"sig": old["sig"][:-1] + ("0" if old["sig"][-1] != "0" else "1")}
        answer = connection.publish(forged)
        assert answer[2] is False and answer[3].startswith("invalid: ")
    assert client.fetch({"authors": [author.pubkey]}) == [new]


@pytest.mark.parametrize("kind", [0, 30023])
def test_line_13_an_older_version_is_stored_again_when_the_newer_one_is_deleted(
    client: Client, author: Author, kind: int
) -> None:
    old, new, newest = (author.event(kind, str(n), [["d", "x"]], NOW + n) for n in range(3))
    for event in (old, new, newest):
        assert client.publish(event)[2] is True
    for _ in range(2):
        assert [client.publish(event)[3] for event in (old, new)] == [SUPERSEDED] * 2
    assert client.publish(author.event(5, tags=[["e", newest["id"]], ["e", new["id"]]]))[2] is True
    answer = client.publish(new)
    assert answer[2] is False and answer[3].startswith("blocked: ")
    assert client.publish(old) == ["OK", old["id"], True, ""]
    assert client.fetch({"authors": [author.pubkey], "kinds": [kind]}) == [old]
