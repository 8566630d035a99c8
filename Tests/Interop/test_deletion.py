"""NIP-09: deletion requests (checklist 36 to 41)."""

import time

import pytest

from support.client import Client, is_stored
from support.events import Author, ids

NOW = int(time.time()) - 100


def test_line_36_an_author_deletes_own_events_by_id(client: Client, author: Author) -> None:
    kept, *doomed = author.notes(3)
    client.publish_all([kept, *doomed])
    client.publish_all([request := author.event(5, "mistakes", [["e", event["id"]] for event in doomed])])
    assert client.fetch({"authors": [author.pubkey]}) == [request, kept]


def test_line_36_nobody_deletes_the_events_of_others(client: Client, author: Author) -> None:
    event, article = author.event(), author.event(30023, tags=[["d", "x"]])
    client.publish_all([event, article])
    tags = [["e", event["id"]], ["e", article["id"]], ["a", f"30023:{author.pubkey}:x"], ["p", author.pubkey]]
    client.publish_all([Author().event(5, tags=tags)])
    assert is_stored(client, event) and is_stored(client, article)


def test_line_36_a_stranger_cannot_delete_what_has_yet_to_arrive(client: Client, author: Author) -> None:
    event = author.event()
    client.publish_all([Author().event(5, tags=[["e", event["id"]]]), event])
    assert is_stored(client, event)


@pytest.mark.parametrize("kind, name", [(30023, "x"), (30023, ""), (30023, "a:b:c"), (10002, ""), (0, "")])
def test_line_37_an_address_deletes_all_versions_up_to_the_request(
    client: Client, author: Author, kind: int, name: str
) -> None:
    tags = [["d", name]] if kind >= 30000 else []
    old, new = (author.event(kind, str(n), tags, NOW + n) for n in range(2))
    client.publish_all([old, new])
    client.publish_all([request := author.event(5, tags=[["a", f"{kind}:{author.pubkey}:{name}"]], created_at=NOW + 1)])
    assert client.fetch({"authors": [author.pubkey]}) == [request]
    for event in (old, new):
        assert client.publish(event)[2] is False


def test_line_37_versions_newer_than_the_request_stay(client: Client, author: Author) -> None:
    article = author.event(30023, tags=[["d", "x"]], created_at=NOW + 10)
    client.publish_all([article])
    client.publish_all([author.event(5, tags=[["a", f"30023:{author.pubkey}:x"]], created_at=NOW + 9)])
    assert is_stored(client, article)


def test_line_37_only_the_named_address_is_deleted(client: Client, author: Author) -> None:
    events = [
        author.event(kind, tags=[["d", name]], created_at=NOW)
        for kind, name in ((30023, "x"), (30023, "y"), (30024, "x"))
    ]
    client.publish_all(events)
    client.publish_all([author.event(5, tags=[["a", f"30023:{author.pubkey}:x"]])])
    assert [is_stored(client, event) for event in events] == [False, True, True]


def test_line_38_the_deletion_request_itself_is_kept_served_and_sent_live(
    client: Client, other: Client, author: Author
) -> None:
    client.publish_all([event := author.event()])
    other.subscribe("live", {"kinds": [5], "authors": [author.pubkey]})
    client.publish_all([request := author.event(5, "why", [["e", event["id"]], ["k", "1"]])])
    assert other.live("live") == request
    assert client.fetch({"kinds": [5], "#e": [event["id"]]}) == [request]


def test_line_39_a_deletion_of_a_deletion_does_nothing(client: Client, author: Author) -> None:
    client.publish_all([event := author.event()])
    client.publish_all([first := author.event(5, tags=[["e", event["id"]]], created_at=NOW)])
    client.publish_all([second := author.event(5, tags=[["e", first["id"]]], created_at=NOW + 1)])
    assert client.fetch({"authors": [author.pubkey]}) == [second, first]
    assert client.publish(event)[2] is False


def test_line_39_a_deletion_that_arrives_after_its_own_deletion_still_counts(client: Client, author: Author) -> None:
    client.publish_all([event := author.event()])
    first = author.event(5, tags=[["e", event["id"]]], created_at=NOW)
    client.publish_all([author.event(5, tags=[["e", first["id"]]], created_at=NOW + 1)])
    assert client.publish(first)[2] is True
    assert not is_stored(client, event)
    assert is_stored(client, first)


def test_line_40_an_event_that_arrives_after_its_deletion_is_refused(client: Client, author: Author) -> None:
    event = author.event()
    client.publish_all([author.event(5, tags=[["e", event["id"]]])])
    assert client.publish(event) == ["OK", event["id"], False, "blocked: deleted by its author"]
    assert not is_stored(client, event)


def test_line_40_an_article_that_arrives_after_the_deletion_of_its_address_is_refused(
    client: Client, author: Author
) -> None:
    article = author.event(30023, tags=[["d", "x"]], created_at=NOW)
    client.publish_all([author.event(5, tags=[["a", f"30023:{author.pubkey}:x"]], created_at=NOW)])
    assert client.publish(article) == ["OK", article["id"], False, "blocked: deleted by its author"]


def test_line_40_a_deleted_event_cannot_be_published_again(client: Client, author: Author) -> None:
    client.publish_all([event := author.event()])
    client.publish_all([author.event(5, tags=[["e", event["id"]]])])
    assert client.publish(event) == ["OK", event["id"], False, "blocked: deleted by its author"]
    assert not is_stored(client, event)


def test_line_40_an_event_and_its_deletion_sent_at_once_leave_only_the_deletion(client: Client, author: Author) -> None:
    events = author.notes(20)
    requests = [author.event(5, tags=[["e", event["id"]]]) for event in events]
    for event, request in zip(events, requests):
        client.send("EVENT", event)
        client.send("EVENT", request)
    for request in requests:
        assert client.ok(request)[2] is True
    assert sorted(ids(client.fetch({"authors": [author.pubkey]}))) == sorted(ids(requests))


def test_line_41_a_deleted_address_may_be_written_again(client: Client, author: Author) -> None:
    old, new = (author.event(30023, str(n), [["d", "x"]], NOW + n * 10) for n in range(2))
    client.publish_all([old])
    client.publish_all([author.event(5, tags=[["a", f"30023:{author.pubkey}:x"]], created_at=NOW + 5)])
    assert client.publish(new) == ["OK", new["id"], True, ""]
    assert client.fetch({"kinds": [30023], "authors": [author.pubkey]}) == [new]
    assert client.publish(old)[2] is False


def test_a_deleted_event_is_found_by_no_query(client: Client, author: Author) -> None:
    client.publish_all([event := author.event(tags=[["t", "doomed"]])])
    client.publish_all([request := author.event(5, tags=[["e", event["id"]]])])
    for filter in (
        {"ids": [event["id"]]},
        {"#t": ["doomed"], "authors": [author.pubkey]},
        {"kinds": [1], "authors": [author.pubkey]},
    ):
        assert client.fetch(filter) == []
    assert client.fetch({"authors": [author.pubkey]}) == [request]


def test_malformed_deletion_tags_delete_nothing(client: Client, author: Author) -> None:
    client.publish_all([event := author.event(), article := author.event(30023, tags=[["d", "x"]])])
    tags = [
        ["e"],
        ["e", ""],
        ["e", "x"],
        ["E", event["id"]],
        ["a"],
        ["a", "x"],
        ["a", "30023::x"],
        ["a", f"99999:{author.pubkey}:x"],
        ["a", f"30023:{author.pubkey}"],
        ["A", f"30023:{author.pubkey}:x"],
        ["d", event["id"]],
    ]
    client.publish_all([author.event(5, tags=tags)])
    assert is_stored(client, event) and is_stored(client, article)
