"""`martlet sync`: comparing sets with other relays (NIP-77), and moving only what differs."""

import json
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import RelayFactory
from support.backends import Backend
from support.client import Client
from support.events import Author, Event, compact, ids
from support.figures import Figures
from support.local_relay import local_relay
from support.odd_relay import odd_relay
from support.relay_process import RelayProcess, run_command
from support.scripted_relay import ScriptedRelay, id_list
from test_download import NOW, Result, count, exported, imported, lines, same

#: How many events two relays hold, and how many of them only one does; MARTLET_SYNC_EVENTS=100000 is the size in the README.
EVENTS = int(os.environ.get("MARTLET_SYNC_EVENTS", "3000"))
DIFFERENT = EVENTS // 200 if EVENTS >= 100_000 else EVENTS // 50


@pytest.fixture
def database(backend: Backend, tmp_path: Path) -> str:
    return backend.database(tmp_path, "own").url


@pytest.fixture(scope="module")
def foreign() -> Iterator[str]:
    """A relay that this project did not write, for all tests of the module."""
    with local_relay() as url:
        yield url


def sync(database: str, url: str, *options: str | Path, code: int = 0, seconds: float = 120) -> Result:
    result = run_command("sync", "--database", database, url, "--timeout", "20", *options, seconds=seconds)
    assert result.returncode == code, result.stdout + result.stderr
    return result


def of(author: Author) -> list[str]:
    """The option that asks for an author's events."""
    return ["--filter", compact({"authors": [author.pubkey]})]


def compared(output: str) -> dict[str, int]:
    """What the first line says."""
    form = (
        r"compared (?P<here>\d+) events here: (?P<get>\d+) to get, (?P<give>\d+) to give; "
        r"(?P<trips>\d+) round trips, (?P<sent>\d+) bytes sent, (?P<received>\d+) bytes received"
    )
    return {name: int(value) for name, value in re.fullmatch(form, output.splitlines()[0]).groupdict().items()}


def stored(url: str, author: Author) -> list[Event]:
    """All events of an author, read from a relay by pages."""
    with Client(url) as client:
        found: dict[str, Event] = {}
        until = 2**40
        while True:
            page = client.fetch({"authors": [author.pubkey], "until": until, "limit": 500})
            fresh = [event for event in page if event["id"] not in found]
            if not fresh:
                return list(found.values())
            found |= {event["id"]: event for event in fresh}
            until = min(event["created_at"] for event in page)


def publish(url: str, events: list[Event]) -> None:
    with Client(url) as client:
        client.publish_all(events)


class TestForeignRelay:
    """Against the relay of nostr-sdk."""

    def test_both_sides_hold_the_same_afterwards(self, foreign: str, database: str, author: Author) -> None:
        events = author.notes(900, start=NOW)
        imported(database, *events[:860])
        publish(foreign, events[40:])
        result = sync(database, foreign, *of(author))
        facts = compared(result.stdout)
        assert (facts["here"], facts["get"], facts["give"]) == (860, 40, 40)
        assert "down: read 40: stored 40," in result.stdout and "up: sent 40: accepted 40," in result.stdout
        assert same(exported(database), events) and same(stored(foreign, author), events)
        again = compared(sync(database, foreign, *of(author)).stdout)
        assert (again["here"], again["get"], again["give"], again["trips"]) == (900, 0, 0, 1)

    @pytest.mark.parametrize("direction", ["down", "up"])
    def test_one_direction_moves_nothing_the_other_way(
        self, foreign: str, database: str, author: Author, direction: str
    ) -> None:
        events = author.notes(60, start=NOW)
        imported(database, *events[:40])
        publish(foreign, events[20:])
        result = sync(database, foreign, *of(author), "--direction", direction)
        assert (compared(result.stdout)["get"], compared(result.stdout)["give"]) == (20, 20)
        own, other = (events, events[20:]) if direction == "down" else (events[:40], events)
        assert same(exported(database), own) and same(stored(foreign, author), other)
        assert ("down:" in result.stdout, "up:" in result.stdout) == (direction == "down", direction == "up")

    def test_a_dry_run_only_counts(self, foreign: str, database: str, author: Author) -> None:
        events = author.notes(60, start=NOW)
        imported(database, *events[:40])
        publish(foreign, events[20:])
        output = sync(database, foreign, *of(author), "--dry-run").stdout
        assert compared(output)["get"] == 20 and output.count("\n") == 1
        assert same(exported(database), events[:40]) and same(stored(foreign, author), events[20:])

    def test_only_what_matches_is_compared(self, foreign: str, database: str, author: Author) -> None:
        events = [author.event(kind, str(n), created_at=NOW + n) for n, kind in enumerate([1, 7, 1, 7, 6, 6])]
        imported(database, events[0], events[1], events[4])
        publish(foreign, [events[2], events[3], events[5]])
        options = [
            *("--filter", compact({"authors": [author.pubkey], "kinds": [1]})),
            *("--filter", compact({"authors": [author.pubkey], "kinds": [6], "since": NOW + 5})),
        ]
        output = sync(database, foreign, *options).stdout
        assert (compared(output)["get"], compared(output)["give"]) == (2, 1)
        assert same(exported(database), [events[0], events[1], events[2], events[4], events[5]])
        assert same(stored(foreign, author), [events[0], events[2], events[3], events[5]])

    def test_empty_sides_are_compared_too(self, foreign: str, database: str, author: Author) -> None:
        assert compared(sync(database, foreign, *of(author)).stdout)["here"] == 0
        events = author.notes(70, start=NOW)
        publish(foreign, events)
        assert compared(sync(database, foreign, *of(author)).stdout)["get"] == 70
        assert same(exported(database), events)

    def test_many_events_of_one_second_are_compared(self, foreign: str, database: str, author: Author) -> None:
        events = [author.event(content=str(n), created_at=NOW) for n in range(400)]
        imported(database, *events[:390])
        publish(foreign, events[10:])
        sync(database, foreign, *of(author))
        assert same(exported(database), events) and same(stored(foreign, author), events)

    def test_what_arrives_beside_a_running_relay_reaches_its_subscribers(
        self, foreign: str, relay: RelayProcess, client: Client, author: Author
    ) -> None:
        events = author.notes(20, start=NOW)
        publish(foreign, events)
        client.subscribe("live", {"authors": [author.pubkey]})
        sync(relay.database, foreign, *of(author))
        assert same([client.live("live") for _ in events], events)


@pytest.mark.timeout(60 + EVENTS // 100)
def test_two_relays_exchange_only_what_differs(
    start_relay: RelayFactory, database: str, author: Author, figures: Figures, seed: int
) -> None:
    """The goal that the README names, at the size of MARTLET_SYNC_EVENTS."""
    other = start_relay()
    if 77 not in other_nips(other):
        pytest.skip("this build's relay does not compare sets of events")
    events = author.notes(EVENTS, start=NOW)
    only = random.Random(seed).sample(range(EVENTS), DIFFERENT)
    ours, theirs = set(only[: DIFFERENT // 2]), set(only[DIFFERENT // 2 :])
    for url, absent in [(database, theirs), (other.database, ours)]:
        kept = [event for n, event in enumerate(events) if n not in absent]
        result = run_command("import", "--no-verify", "--database", url, stdin=lines(*kept), seconds=600)
        assert result.returncode == 0, result.stderr
    start = time.monotonic()
    output = sync(database, other.url, seconds=600).stdout
    seconds = time.monotonic() - start
    facts = compared(output)
    assert (facts["get"], facts["give"]) == (len(theirs), len(ours))
    assert count(output, "stored") == len(theirs) and count(output, "accepted") == len(ours)
    # Far less than the ids alone, which are 64 digits each.
    assert facts["sent"] + facts["received"] < EVENTS * 64
    for url in (database, other.database):
        counted = run_command("count", "--database", url, compact({"authors": [author.pubkey]}), seconds=300)
        assert counted.stdout.strip() == str(EVENTS)
    figures(f"{DIFFERENT} of {EVENTS} events moved in {seconds:.1f} s: {output.splitlines()[0]}")


def other_nips(relay: RelayProcess) -> list[int]:
    """What a relay says that it supports."""
    import urllib.request

    request = urllib.request.Request(
        relay.url.replace("ws://", "http://"), headers={"Accept": "application/nostr+json"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)["supported_nips"]


class TestLimits:
    """Relays that compare so many records at once and no more."""

    @pytest.mark.parametrize("comparable", [3, 10, 50])
    def test_what_is_too_much_is_split_by_time(self, database: str, author: Author, comparable: int) -> None:
        events = [author.event(content=str(n), created_at=NOW + n // 2) for n in range(80)]
        imported(database, *events[:70])
        other = ScriptedRelay(events[10:], comparable=comparable)
        with other.listening() as url:
            output = sync(database, url).stdout
        assert (compared(output)["get"], compared(output)["give"]) == (10, 10)
        assert same(exported(database), events) and same(other.received, events[:10])

    def test_a_side_without_events_finds_those_of_the_other(self, database: str, author: Author) -> None:
        events = author.notes(40, start=NOW)
        other = ScriptedRelay(events, comparable=5)
        with other.listening() as url:
            sync(database, url)
        assert same(exported(database), events) and len(other.comparisons) < 200

    def test_a_second_that_is_too_much_ends_it_with_what_was_done(self, database: str, author: Author) -> None:
        events = author.notes(5, start=NOW) + [author.event(content=str(n), created_at=NOW + 9) for n in range(30)]
        with ScriptedRelay(events, comparable=10).listening() as url:
            result = sync(database, url, code=1)
        assert "not even one second of it is compared: blocked: too many records" in result.stderr
        assert count(result.stdout, "stored") == 5


class TestOddRelays:
    def test_a_relay_that_has_much_to_do_is_asked_again(self, database: str, author: Author) -> None:
        other = ScriptedRelay(author.notes(5, start=NOW))
        refusals = [1]

        def answer(message: list[Any], connection: Any) -> None:
            if message[0] == "NEG-OPEN" and refusals:
                refusals.pop()
                connection.send(json.dumps(["NEG-ERR", message[1], "rate-limited: try again later"]))
            else:
                other.answer(message, connection)

        with odd_relay(answer) as url:
            sync(database, url)
        assert same(exported(database), other.events) and len(other.comparisons) == 1

    @pytest.mark.parametrize("kind", ["notice", "error", "blocked", "closed", "silence"])
    def test_a_relay_that_does_not_compare_is_told(self, database: str, kind: str) -> None:
        def answer(message: list[Any], connection: Any) -> None:
            answers = {
                "notice": ["NOTICE", "ERROR: bad msg: unknown cmd"],
                "error": ["NEG-ERR", message[1], "error: negentropy disabled"],
                "blocked": ["NEG-ERR", message[1], "blocked: this relay does not reconcile"],
                "closed": ["CLOSED", message[1], "unsupported: NEG-OPEN"],
            }
            if kind in answers:
                connection.send(json.dumps(answers[kind]))

        with odd_relay(answer) as url:
            result = sync(database, url, "--timeout", "1", code=1)
        assert "does not compare sets of events (NIP-77)" in result.stderr and result.stderr.count("\n") == 1
        assert result.stdout == ""

    def test_everything_is_moved_instead_where_that_is_wished(self, database: str, author: Author) -> None:
        events = author.notes(60, start=NOW)
        imported(database, *events[:40])
        other = ScriptedRelay(events[20:], comparable=None, cap=7)
        with other.listening() as url:
            result = sync(database, url, "--fallback")
        assert "everything is downloaded and uploaded instead" in result.stderr
        assert same(exported(database), events) and same(other.received, events)

    @pytest.mark.parametrize(
        ("message", "sentence"),
        [
            ("", "cut short"),
            ("62", "version"),
            ("61000009", "no mode 9"),
            ("610000027f", "cut short"),
            ("61" + "ff" * 12, "malformed"),
        ],
    )
    def test_a_message_that_cannot_be_understood_ends_it(self, database: str, message: str, sentence: str) -> None:
        def answer(request: list[Any], connection: Any) -> None:
            connection.send(json.dumps(["NEG-MSG", request[1], message]))

        with odd_relay(answer) as url:
            result = sync(database, url, code=1)
        assert "the comparison with the other relay failed" in result.stderr and sentence in result.stderr

    def test_a_comparison_without_an_end_is_given_up(self, database: str, author: Author) -> None:
        imported(database, *author.notes(100, start=NOW))

        def answer(request: list[Any], connection: Any) -> None:
            if request[0].startswith("NEG-"):
                connection.send(json.dumps(["NEG-MSG", request[1], "61000001" + "00" * 16]))

        with odd_relay(answer) as url:
            assert "told nothing new" in sync(database, url, code=1).stderr

    def test_a_comparison_that_breaks_off_is_told(self, database: str, author: Author) -> None:
        imported(database, *author.notes(100, start=NOW))

        def answer(request: list[Any], connection: Any) -> None:
            if request[0] == "NEG-OPEN":
                connection.send(json.dumps(["NEG-MSG", request[1], "61000001" + "00" * 16]))
            elif request[0] == "NEG-MSG":
                connection.send(json.dumps(["NEG-ERR", request[1], "closed: you took too long"]))

        with odd_relay(answer) as url:
            assert "closed: you took too long" in sync(database, url, code=1).stderr

    def test_what_is_told_of_and_not_given_or_does_not_match_is_not_stored(
        self, database: str, author: Author
    ) -> None:
        note, reaction, unasked = author.event(content="note"), author.event(7), author.event(content="unasked")

        def answer(message: list[Any], connection: Any) -> None:
            def send(*answer: Any) -> None:
                connection.send(json.dumps(answer))

            if message[0] == "NEG-OPEN":
                send("NEG-MSG", message[1], id_list([note, reaction, {"id": "0" * 64}]))
            elif message[0] == "REQ":
                for event in [note, note, reaction, unasked, note | {"sig": "0" * 128}]:
                    send("EVENT", message[1], event)
                send("EOSE", message[1])

        with odd_relay(answer) as url:
            output = sync(database, url, "--filter", '{"kinds":[1]}').stdout
        assert exported(database) == [note]
        assert "rejected 1: the event does not match the filter" in output
        assert "rejected 3: the event was not asked for" in output
        assert "1 events were told of, and not given" in output

    def test_a_relay_that_wants_a_key_gets_it(self, database: str, author: Author, tmp_path: Path) -> None:
        events = author.notes(5, start=NOW)
        other = ScriptedRelay(events[1:], wants_key=True)
        imported(database, events[0])
        judged: Callable[[list[Any], Any], None] = other.answer

        def answer(message: list[Any], connection: Any) -> None:
            if message[0] == "NEG-OPEN" and not other.authenticated:
                connection.send(json.dumps(["NEG-ERR", message[1], "auth-required: who are you?"]))
            else:
                judged(message, connection)

        key = tmp_path / "key"
        key.write_text(author.keys.secret_key().to_hex())
        key.chmod(0o600)
        with odd_relay(answer, json.dumps(["AUTH", "challenge"])) as url:
            assert "--key-file" in sync(database, url, code=1).stderr
            sync(database, url, "--key-file", key)
        assert same(exported(database), events) and ids(other.received) == [events[0]["id"]]

    def test_private_events_stay_and_are_not_asked_for_again(self, database: str, author: Author) -> None:
        private = author.event(4, "x", [["p", Author().pubkey]], created_at=NOW)
        imported(database, private, note := author.event(created_at=NOW))
        other = ScriptedRelay()
        with other.listening() as url:
            sync(database, url)
            assert other.received == [note]
            sync(database, url, "--private", "--filter", '{"kinds":[4]}')
        assert other.received == [note, private]

    def test_wrong_usage_is_told(self, database: str) -> None:
        filters = ['{"limit":5}', "x", '{"search":"cats"}']
        for options in [["--direction", "sideways"], ["--timeout", "0"], *(["--filter", text] for text in filters)]:
            assert sync(database, "ws://127.0.0.1:1", *options, code=64).stderr != ""
