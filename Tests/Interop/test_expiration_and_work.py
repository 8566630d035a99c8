"""NIP-40 (checklist 55 to 57) and NIP-13 (checklist 49)."""

import time
from collections.abc import Iterator

import pytest

from conftest import RelayFactory
from support.client import Client, is_stored
from support.events import Author, difficulty, mined
from support.relay_process import wait_until


def expiring(author: Author, seconds: int, kind: int = 1) -> dict:
    """An event that expires in so many seconds, or up to one second before that."""
    return author.event(kind, "for a while", [["expiration", str(int(time.time()) + seconds)], ["t", "soon"]])


def test_line_55_an_event_that_has_expired_is_refused(client: Client, author: Author) -> None:
    for event in (expiring(author, -1), expiring(author, -(10**6)), author.event(tags=[["expiration", "1"]])):
        answer = client.publish(event)
        assert answer[2] is False and answer[3].startswith("invalid: ")
        assert not is_stored(client, event)


def test_line_55_an_event_that_will_expire_is_accepted_and_served(client: Client, author: Author) -> None:
    event = expiring(author, 3600)
    assert client.publish(event)[2] is True
    assert is_stored(client, event)


def test_line_56_an_event_is_not_served_from_the_moment_when_it_expires(client: Client, author: Author) -> None:
    event, lasting = expiring(author, 4), author.event(tags=[["t", "soon"]])
    client.publish_all([event, lasting])
    wait_until(lambda: time.time() > int(event["tags"][0][1]) + 0.1, what="expiry")
    mine = {"authors": [author.pubkey]}
    for filter in (mine, {"ids": [event["id"], lasting["id"]]}, mine | {"#t": ["soon"]}, mine | {"kinds": [1]}):
        assert client.fetch(filter) == [lasting], filter
    assert client.subscribe("limited", mine | {"limit": 1}) == [lasting]


def test_line_56_an_expired_version_of_an_address_makes_way_for_a_new_one(client: Client, author: Author) -> None:
    old = author.event(30023, tags=[["d", "x"], ["expiration", str(int(time.time()) + 4)]])
    client.publish_all([old])
    wait_until(lambda: time.time() > int(old["tags"][1][1]) + 0.1, what="expiry")
    assert client.fetch({"authors": [author.pubkey]}) == []
    client.publish_all([new := author.event(30023, "new", [["d", "x"]])])
    assert client.fetch({"authors": [author.pubkey]}) == [new]


def test_line_57_ephemeral_events_are_passed_on_whatever_their_expiration(
    client: Client, other: Client, author: Author
) -> None:
    other.subscribe("live", {"authors": [author.pubkey]})
    event = expiring(author, -1, kind=20001)
    assert client.publish(event)[2] is True
    assert other.live("live") == event


@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "1e3", "0x10", " 5", "9" * 30])
def test_line_57_a_malformed_expiration_is_invalid_or_ignored(client: Client, author: Author, value: str) -> None:
    event = author.event(tags=[["expiration", value]])
    answer = client.publish(event)
    assert answer[2] is True or answer[3].startswith("invalid: ")
    assert is_stored(client, event) is answer[2]


@pytest.mark.parametrize("value", [str(2**31), str(2**32), str(2**53), str(2**63 - 1)])
def test_line_57_values_of_64_bits_are_accepted(client: Client, author: Author, value: str) -> None:
    event = author.event(tags=[["expiration", value]])
    assert client.publish(event)[2] is True
    assert is_stored(client, event)


@pytest.fixture
def demanding(start_relay: RelayFactory) -> Iterator[Client]:
    """A relay that asks for 10 bits of work."""
    with Client(start_relay({"events": {"min_pow": 10}}).url) as connected:
        yield connected


def test_line_49_difficulty_counts_leading_zero_bits_of_the_id(demanding: Client, author: Author) -> None:
    for bits, accepted in ((10, True), (9, False), (11, True), (8, False)):
        event = mined(author, bits, exactly=True)
        assert difficulty(event) == bits
        answer = demanding.publish(event)
        assert answer[2] is accepted, bits
        assert answer[3] == ("" if accepted else f"pow: 10 bits needed, got {bits}")


def test_line_49_work_is_asked_of_every_kind(demanding: Client, author: Author) -> None:
    for kind in (0, 5, 20001, 30023):
        event = author.event(kind)
        while difficulty(event) >= 10:
            event = author.event(kind, content=event["id"])
        assert demanding.publish(event)[3].startswith("pow: ")
