"""NIP-59: how gift wraps are kept and deleted (checklist 52 to 54).

Who has not logged in is shown none of them, so what is stored is told by the OK of the same event sent again, and by
the database.
"""

import time
from collections.abc import Iterator

import pytest

from conftest import RelayFactory
from support.client import Client
from support.events import Author, Event
from support.relay_process import RelayProcess, run_command
from test_commands import lines

DUPLICATE = "duplicate: already have this event"
DELETED = "blocked: deleted by its author or its recipient"
DAY = 86_400


def wrap(recipient: Author, kind: int = 1059, created_at: int | None = None) -> Event:
    """A message under a key that is used once."""
    return Author().event(kind, "secret", [["p", recipient.pubkey]], created_at)


def deletion(author: Author, event: Event, created_at: int | None = None) -> Event:
    return author.event(5, tags=[["e", event["id"]], ["k", "1059"]], created_at=created_at)


def test_line_52_an_ephemeral_gift_wrap_is_accepted_and_never_stored(relay: RelayProcess, client: Client) -> None:
    before = relay.store.count()
    event = wrap(Author(), 21059)
    assert client.publish(event) == ["OK", event["id"], True, ""]
    # What is not stored is no duplicate.
    assert client.publish(event) == ["OK", event["id"], True, ""]
    client.publish_all([Author().event()])
    assert relay.store.count() == before + 1
    summary = run_command("import", "--database", relay.database, stdin=lines(wrap(Author(), 21059)))
    assert "never stored 1" in summary.stdout


def test_line_53_its_recipient_deletes_a_gift_wrap(relay: RelayProcess, client: Client, author: Author) -> None:
    event = wrap(author)
    client.publish_all([event])
    assert client.publish(event) == ["OK", event["id"], True, DUPLICATE]
    before = relay.store.count()
    client.publish_all([request := deletion(author, event, created_at=int(time.time()) - DAY)])
    assert relay.store.count() == before
    assert client.publish(event) == ["OK", event["id"], False, DELETED]
    assert client.fetch({"authors": [author.pubkey]}) == [request]


def test_line_53_a_gift_wrap_that_arrives_after_its_deletion_is_refused(client: Client, author: Author) -> None:
    event = wrap(author)
    client.publish_all([deletion(author, event)])
    assert client.publish(event) == ["OK", event["id"], False, DELETED]


def test_line_53_a_stranger_deletes_no_gift_wrap(client: Client, author: Author) -> None:
    stored, late = wrap(author), wrap(author)
    client.publish_all([stored, *(deletion(Author(), event) for event in (stored, late)), late])
    assert [client.publish(event)[3] for event in (stored, late)] == [DUPLICATE, DUPLICATE]


def test_line_53_a_recipient_has_no_right_to_other_kinds(client: Client, author: Author) -> None:
    events = [Author().event(kind, tags=[["p", author.pubkey]]) for kind in (1, 4, 13, 1058)]
    client.publish_all([*events, *(deletion(author, event) for event in events)])
    assert {client.publish(event)[3] for event in events} == {DUPLICATE}


@pytest.fixture
def strict(start_relay: RelayFactory) -> Iterator[Client]:
    """A client of a relay that takes what is younger than an hour."""
    with Client(start_relay({"events": {"max_age": "1h"}}).url) as connected:
        yield connected


def test_line_54_gift_wraps_may_be_two_days_older_than_other_events(strict: Client, author: Author) -> None:
    now = int(time.time())
    strict.publish_all([wrap(author, created_at=now - age) for age in (0, 3_000, DAY, 2 * DAY, 2 * DAY + 3_000)])
    old = wrap(author, created_at=now - 2 * DAY - 4_000)
    assert strict.publish(old)[2:] == [False, "invalid: created_at is more than 3600 seconds in the past"]
    for kind in (1, 13, 1058, 1060):
        assert strict.publish(author.event(kind, created_at=now - 4_000))[2] is False
