"""The relay beside a plain model of NIP-01, NIP-09 and NIP-40: random requests get the same events in the same order.

A failure names the seed; `--seed N` repeats it. Generated events are the same for the same seed, but for those that
expire: they follow the clock.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from conftest import Figures, RelayFactory
from support.backends import Backend
from support.client import Client, Filter, is_stored
from support.comparison import Comparison, difference, model_of, seconds_since
from support.events import Author, Event, compact, ids
from support.model import ACCEPTED, DELETED, DELETED_WRAP, DUPLICATE, EXPIRED, SUPERSEDED, Model, Record, needs_login
from support.play import Play
from support.random_requests import RandomRequests
from support.relay_process import RelayProcess, run_command
from support.wire import TEXT, FrameSocket, frame
from test_commands import lines, summary

REAL_REQUESTS = 3000
ROUNDS = 30
EVENTS_IN_A_ROUND = 60
REQUESTS_IN_A_ROUND = 80
SAME_SECOND_EVENTS = 100_000
SAME_SECOND_REQUESTS = 250
#: Of the requests, what PostgreSQL is asked: planning and matching are the same code.
SHARE = 0.3


def imported_model(relay: RelayProcess, events: list[Event], file: Path) -> Model:
    """The model after an import into the relay's database; the import's sum must be the model's."""
    relay.stop()
    started = time.time()
    result = run_command("import", "--database", relay.database, file, seconds=300)
    imported = summary(result.stdout)
    counts = []
    for now in seconds_since(started):
        model = Model()
        counts.append(import_summary(model, events, now))
        if imported == counts[-1]:
            relay.start()
            published = model_of(relay)
            model.default_limit, model.max_limit = published.default_limit, published.max_limit
            return model
    pytest.fail(f"the import says {imported}, the model {counts}")


def import_summary(model: Model, events: list[Event], now: int) -> dict[str, int]:
    """What an import should say that it did."""
    counts = {name: 0 for name in ("duplicate", "deleted by request", "replaced by newer", "expired", "never stored")}
    names = {SUPERSEDED: "replaced by newer", DELETED: "deleted by request", EXPIRED: "expired", DUPLICATE: "duplicate"}
    names[DELETED_WRAP] = names[DELETED]
    for event in events:
        record = Record(event)
        if record.is_ephemeral:
            counts["never stored"] += 1
            continue
        [answer] = model.answers_to(record, now)
        if answer == ACCEPTED:
            for _ in model.take(record):
                counts["deleted by request" if record.kind == 5 else "replaced by newer"] += 1
        else:
            counts[names[answer]] += 1
    return counts | {"read": len(events), "stored": len(model.stored), "rejected": 0}


@dataclass
class RealEvents:
    relay: RelayProcess
    model: Model
    events: list[Event]


@pytest.fixture(scope="module")
def real(backend: Backend, real_events: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealEvents]:
    """A relay and a model with the real events."""
    events = [json.loads(line) for line in real_events.read_text(encoding="utf-8").split("\n")[:-1]]
    folder = tmp_path_factory.mktemp("real")
    relay = RelayProcess(folder, backend.database(folder)).start()
    try:
        yield RealEvents(relay, imported_model(relay, events, real_events), events)
    finally:
        relay.stop()


@pytest.mark.timeout(600)
def test_random_requests_about_real_events_get_the_models_answers(
    backend: Backend, real: RealEvents, seed: int, figures: Figures
) -> None:
    comparison = Comparison(real.model, f"seed {seed}, real events")
    requests = RandomRequests(Random(f"{seed} real"), real.events)
    with Client(real.relay.url, deflate=False) as client, Client(real.relay.url) as deflating:
        for number in range(backend.part(REAL_REQUESTS, SHARE)):
            comparison.ask(deflating if number % 10 == 0 else client, requests.request())
    figures(f"{comparison.asked} requests about {len(real.model.stored)} stored events, {comparison.shown} events shown")


@pytest.mark.timeout(300)
def test_paging_by_until_reassembles_the_whole_answer(real: RealEvents, seed: int, figures: Figures) -> None:
    random = Random(f"{seed} paging")
    requests = RandomRequests(random, real.events)
    answers = pages = shown = 0
    with Client(real.relay.url, deflate=False) as client:
        while answers < 40:
            filter = requests.filter()
            filter.pop("limit", None)
            started = time.time()
            expected = real.model.everything(filter, int(started))
            in_one_second = max(Counter(event["created_at"] for event in expected).values(), default=0)
            if len(expected) < 30 or in_one_second > 50 or needs_login([filter]):
                continue
            # A page must hold more than one second does, or the next one would be the same.
            limit = random.randint(in_one_second + 1, min(len(expected), 400) + in_one_second)
            received, count = paged(client, filter, limit)
            if any(real.model.everything(filter, now) != expected for now in seconds_since(started)):
                continue
            if received != expected:
                where = f"seed {seed}, answer {answers}: {compact(filter)} in pages of {limit}"
                pytest.fail(f"{where}\n{difference(received, expected)}", pytrace=False)
            answers, pages, shown = answers + 1, pages + count, shown + len(received)
    figures(f"{answers} answers of {shown} events reassembled from {pages} pages")


def paged(client: Client, filter: Filter, limit: int) -> tuple[list[Event], int]:
    """What a client gathers that goes back in time page by page, and in how many pages."""
    received: dict[str, Event] = {}
    window: Filter = {}
    pages = 0
    while True:
        page = client.fetch(filter | window | {"limit": limit})
        pages += 1
        fresh = {event["id"]: event for event in page if event["id"] not in received}
        if not fresh:
            return list(received.values()), pages
        received |= fresh
        window = {"until": min(event["created_at"] for event in page)}


@pytest.mark.timeout(600)
def test_generated_events_get_the_models_answers_in_history_and_live(
    backend: Backend, start_relay: RelayFactory, seed: int, figures: Figures
) -> None:
    play = Play(start_relay(), seed)
    for number in range(1, ROUNDS + 1):
        play.begin(f"seed {seed}, round {number}")
        play.change_subscriptions()
        if number % 3 == 0:
            play.publish_at_once(EVENTS_IN_A_ROUND)
        else:
            play.publish_one_by_one(EVENTS_IN_A_ROUND)
        play.ask(backend.part(REQUESTS_IN_A_ROUND, SHARE))
        if number % 8 == 0:
            play.restart(killed=number % 16 == 0)
            play.ask(backend.part(REQUESTS_IN_A_ROUND, SHARE))
    play.disconnect()
    figures(play.summary)
    # Otherwise the events are not what this test is about.
    assert play.outcomes.keys() - {DELETED_WRAP[1]} == {text for _, text in (ACCEPTED, DUPLICATE, SUPERSEDED, DELETED, EXPIRED)}
    assert play.heard > play.published and len(play.model.stored) > 100


@dataclass
class OneSecond:
    relay: RelayProcess
    model: Model
    events: list[Event]
    second: int


@pytest.fixture(scope="module")
def one_second(backend: Backend, seed: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneSecond]:
    """A relay and a model with many events of one second, and a few of the seconds beside it."""
    random = Random(f"{seed} second")
    second = 1_700_000_000
    authors = [Author(f"{random.getrandbits(250) + 1:064x}") for _ in range(20)]
    events = [
        event_of_the_crowd(random, random.choice(authors), number, second) for number in range(SAME_SECOND_EVENTS)
    ]
    events += [authors[0].event(1, f"beside {n}", [["t", "0"]], second - 25 + n) for n in range(51) if n != 25]
    for author in authors[:10]:
        own = [event for event in events if event["pubkey"] == author.pubkey]
        events.append(author.event(5, "", [["e", event["id"]] for event in random.sample(own, 20)], second))
    folder = tmp_path_factory.mktemp("second")
    file = folder / "events.jsonl"
    file.write_bytes(lines(*events))
    # One request may touch all of it several times.
    relay = RelayProcess(folder, backend.database(folder), {"subscriptions": {"query_time": "2m"}}).start()
    try:
        yield OneSecond(relay, imported_model(relay, events, file), events, second)
    finally:
        relay.stop()


def event_of_the_crowd(random: Random, author: Author, number: int, second: int) -> Event:
    """Common kinds and values, rare ones, and now and then one of several versions."""
    common, rare = str(int(random.expovariate(0.3))), str(random.randrange(20_000))
    tags = [["t", common], ["r", rare]][: random.randint(0, 2)]
    kind = random.choices([1, 7, 6, 1984, 30023], [60, 30, 8, 2, 0.3])[0]
    if kind == 30023:
        tags.append(["d", str(random.randrange(3))])
    return author.event(kind, str(number), tags, second)


@pytest.mark.timeout(600)
def test_random_requests_among_100_000_events_of_one_second_get_the_models_answers(
    backend: Backend, one_second: OneSecond, seed: int, figures: Figures
) -> None:
    comparison = Comparison(one_second.model, f"seed {seed}, one second")
    requests = RandomRequests(Random(f"{seed} crowd"), one_second.events)
    with Client(one_second.relay.url, deflate=False) as client:
        for _ in range(backend.part(SAME_SECOND_REQUESTS, SHARE)):
            comparison.ask(client, requests.request())
    stored = len(one_second.model.stored)
    figures(f"{comparison.asked} requests about {stored} events of one second, {comparison.shown} events shown")


@pytest.mark.timeout(300)
def test_a_page_of_one_second_holds_its_first_thousand_events_by_id(one_second: OneSecond) -> None:
    second = one_second.second
    expected = one_second.model.everything({"since": second, "until": second}, int(time.time()))[:1000]
    assert ids(expected) == sorted(ids(expected)) and len(expected) == 1000
    with Client(one_second.relay.url) as client:
        filter = {"since": second, "until": second, "limit": 1000}
        assert client.fetch(filter) == expected
        # A client that pages by `until` alone gets the same page again: it can tell that the second holds more.
        assert paged(client, filter, 1000) == (expected, 2)


def sent_in_one_piece(relay: RelayProcess, events: list[Event]) -> list[str]:
    """Publishes events that the relay reads at once, and returns the answers."""
    with FrameSocket(relay.port) as connection:
        connection.send(b"".join(frame(TEXT, compact(["EVENT", event]).encode()) for event in events))
        return [connection.read().payload.decode() for _ in events]


def versions_and_deletion(author: Author) -> list[Event]:
    """Two versions of an article, and the deletion of the second one alone."""
    old, new = (author.event(30023, str(n), [["d", "x"]], 1_700_000_000 + n) for n in range(2))
    return [old, new, author.event(5, tags=[["e", new["id"]]])]


def test_line_40_a_known_event_sent_together_with_its_deletion_and_behind_it_is_refused(
    relay: RelayProcess, client: Client, author: Author
) -> None:
    client.publish_all([event := author.event()])
    answers = sent_in_one_piece(relay, [author.event(5, tags=[["e", event["id"]]]), event])
    assert answers[1] == compact(["OK", event["id"], *DELETED])


def test_an_event_that_got_ok_true_in_a_burst_is_stored(relay: RelayProcess, client: Client, author: Author) -> None:
    old, new, deletion = versions_and_deletion(author)
    client.publish_all([old])
    assert '",true,"' in sent_in_one_piece(relay, [new, deletion, old])[2]
    assert is_stored(client, old)


def test_an_event_that_one_burst_replaces_and_stores_again_is_sent_live(
    relay: RelayProcess, client: Client, other: Client, author: Author
) -> None:
    other.subscribe("live", {"authors": [author.pubkey]})
    old, new, deletion = versions_and_deletion(author)
    sent_in_one_piece(relay, [old, new, deletion, old])
    assert is_stored(client, old)
    assert [message[2] for message in other.arrived()][-1] == old
