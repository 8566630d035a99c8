"""Queries that take long: they are ended, stopped when nobody wants them any more, and told of in the log."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.backends import Backend, Database
from support.client import Client, Filter
from support.events import Author
from support.relay_process import Configuration, RelayProcess, run_command, wait_until
from test_descriptors import processor_seconds
from test_http import metrics, value

EVENTS = 20_000
AUTHORS = 8
# A filter reads all that its authors have written; several read it several times. There is room for one more.
FILTERS = 19

RelayOfMany = Callable[[Configuration], RelayProcess]


@pytest.fixture(scope="module")
def crowded(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A database with many events of few authors."""
    folder = tmp_path_factory.mktemp("crowded")
    generated = run_command("bench", "generate", "--events", str(EVENTS), "--authors", str(AUTHORS), "--unsigned")
    assert generated.returncode == 0, generated.stderr
    (folder / "events.jsonl").write_text(generated.stdout)
    database = backend.database(folder, "crowded")
    result = run_command("import", "--database", database.url, "--no-verify", folder / "events.jsonl")
    assert result.returncode == 0, result.stderr
    return database


@pytest.fixture
def start_crowded(backend: Backend, crowded: Database, tmp_path: Path) -> Iterator[RelayOfMany]:
    """Starts relays with copies of that database."""
    started: list[RelayProcess] = []

    def start(configuration: Configuration) -> RelayProcess:
        folder = tmp_path / f"crowded-{len(started)}"
        relay = RelayProcess(folder, backend.copy(crowded, folder), configuration)
        started.append(relay)
        return relay.start()

    yield start
    for relay in started:
        assert relay.stop() == 0


def authors_of(client: Client) -> list[str]:
    authors = sorted({event["pubkey"] for event in client.fetch({"limit": 1000})})
    assert len(authors) == AUTHORS
    return authors


def slow(authors: list[str], filters: int = FILTERS) -> list[Filter]:
    """Filters that touch much and show nothing."""
    return [{"authors": authors, "#t": [f"zugspitze {number}"]} for number in range(filters)]


def is_idle(relay: RelayProcess) -> bool:
    """Whether the relay hardly works at the moment."""
    before = processor_seconds(relay)
    time.sleep(0.5)
    return processor_seconds(relay) - before < 0.1


def answers(client: Client, name: str) -> list[str]:
    """The sorts of messages about a subscription that have come."""
    return [message[0] for message in client.arrived() if len(message) > 1 and message[1] == name]


@pytest.mark.timeout(120)
def test_a_query_that_takes_too_long_is_closed_and_counted(start_crowded: RelayOfMany, author: Author) -> None:
    relay = start_crowded({"subscriptions": {"query_time": "100ms"}})
    with Client(relay.url) as client, Client(relay.url) as other:
        filters = slow(authors_of(client))
        assert value(metrics(relay.port), "nostr_relay_queries_cut_total") == 0
        for count in (1, 2):
            client.send("REQ", "slow", *filters, {"authors": [author.pubkey]})
            sort, name, text = client.wait_for(lambda message: message[0] in ("CLOSED", "EOSE"), 60)
            assert (sort, name) == ("CLOSED", "slow") and text.startswith("error: "), text
            assert value(metrics(relay.port), "nostr_relay_queries_cut_total") == count
        # It is closed: nothing comes live. The connection and all others are as before.
        event = author.event()
        assert other.publish(event)[2] is True
        assert answers(client, "slow") == []
        assert client.fetch({"authors": [author.pubkey]}) == [event]
        assert len(client.fetch({"kinds": [1], "limit": 5})) == 5
    assert value(metrics(relay.port), "nostr_relay_active_subscriptions") == 0


@pytest.mark.timeout(120)
def test_what_a_query_has_found_before_it_is_closed_is_sent(start_crowded: RelayOfMany, author: Author) -> None:
    relay = start_crowded({"subscriptions": {"query_time": "300ms"}})
    with Client(relay.url) as client:
        filters = slow(authors_of(client))
        # Newer than all that is stored, and so the first of the answer.
        client.publish_all([found := author.event()])
        client.send("REQ", "slow", {"authors": [author.pubkey]}, *filters)
        assert client.wait_for(lambda message: message[1] == "slow", 60) == ["EVENT", "slow", found]
        assert client.wait_for(lambda message: message[1] == "slow", 60)[:2] == ["CLOSED", "slow"]


@pytest.mark.timeout(180)
def test_closing_a_subscription_stops_its_query_and_no_other(start_crowded: RelayOfMany, author: Author) -> None:
    relay = start_crowded({"subscriptions": {"query_time": "1h"}})
    with Client(relay.url) as client, Client(relay.url) as other:
        authors = authors_of(client)
        client.publish_all([event := author.event()])
        # The first page of each has come: both are under way, and there are as many readers.
        for name in ("slow", "kept"):
            client.send("REQ", name, {"ids": [event["id"]]}, *slow(authors, FILTERS if name == "slow" else 2))
            assert client.wait_for(lambda message: message[1] == name, 60)[0] == "EVENT"
        assert len(other.fetch({"kinds": [1], "limit": 300})) == 300
        client.send("CLOSE", "slow")
        assert client.wait_for(lambda message: message[0] == "EOSE", 60)[1] == "kept"
        wait_until(lambda: is_idle(relay), 60, "the end of a query that was closed")
        assert answers(client, "slow") == []
        # The other one is live.
        client.publish_all([late := author.event(tags=[["t", "zugspitze 1"]])])
        assert answers(client, "kept") == []
        with_authors = {"authors": [author.pubkey], "#t": ["zugspitze 1"]}
        assert client.subscribe("slow", with_authors) == [late]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("is_abrupt", [False, True])
def test_a_client_that_goes_takes_its_queries_along(
    start_crowded: RelayOfMany, author: Author, is_abrupt: bool
) -> None:
    relay = start_crowded({"subscriptions": {"query_time": "1h"}})
    with Client(relay.url) as client:
        authors = authors_of(client)
        client.publish_all([event := author.event()])
    client = Client(relay.url)
    for number in range(6):
        client.send("REQ", f"slow {number}", {"ids": [event["id"]]}, *slow(authors))
    assert client.wait_for(lambda message: message[1] == "slow 0", 60)[0] == "EVENT"
    if is_abrupt:
        client.socket.socket.close()
    client.open.close()
    wait_until(lambda: is_idle(relay), 60, "the end of queries that nobody waits for")
    wait_until(lambda: value(metrics(relay.port), "nostr_relay_active_subscriptions") == 0)
    assert value(metrics(relay.port), "nostr_relay_queries_cut_total") == 0
    with Client(relay.url) as client:
        assert client.fetch({"authors": [author.pubkey]}) == [event]


@pytest.mark.timeout(120)
def test_a_slow_query_is_logged_once_by_its_shape(start_crowded: RelayOfMany) -> None:
    relay = start_crowded({"subscriptions": {"query_time": "1h"}, "log": {"slow_query": "100ms"}})
    with Client(relay.url) as client:
        authors = authors_of(client)
        before = len([line for line in relay.log() if line["message"] == "a slow query"])
        window = {"since": 1_600_000_123, "until": 1_800_000_321, "limit": 345}
        client.send("REQ", "name", *(filter | window for filter in slow(authors, 4)))
        assert client.wait_for(lambda message: message[1] == "name", 60) [:2] == ["EOSE", "name"]
        # Nothing slow about these.
        for _ in range(5):
            client.fetch({"ids": ["0" * 64]})
    lines = [line for line in relay.log() if line["message"] == "a slow query"][before:]
    assert len(lines) == 1, lines
    [line] = lines
    shape = line["filters"]
    assert shape.count(f"authors:{AUTHORS}") == 4 and shape.count("#t:1") == 4 and "by author" in shape
    assert int(line["rows"]) >= EVENTS // 2 and int(line["milliseconds"]) >= 100
    text = relay.log_file.read_text()
    assert "zugspitze" not in text and not any(author in text for author in authors)


@pytest.mark.timeout(120)
def test_a_query_that_is_ended_is_logged_too(start_crowded: RelayOfMany) -> None:
    relay = start_crowded({"subscriptions": {"query_time": "200ms"}, "log": {"slow_query": "100ms"}})
    with Client(relay.url) as client:
        client.send("REQ", "name", *slow(authors_of(client)))
        assert client.wait_for(lambda message: message[1] == "name", 60)[0] == "CLOSED"
    lines = [line for line in relay.log() if line["message"] == "a slow query" and "#t:1" in line["filters"]]
    assert len(lines) == 1 and int(lines[0]["milliseconds"]) >= 200


@pytest.mark.timeout(120)
def test_query_time_can_be_changed_while_the_relay_runs(start_crowded: RelayOfMany) -> None:
    relay = start_crowded({"subscriptions": {"query_time": "1h"}})
    with Client(relay.url) as client:
        filters = slow(authors_of(client), 6)
        client.send("REQ", "patient", *filters)
        assert client.wait_for(lambda message: message[1] == "patient", 60) [:2] == ["EOSE", "patient"]
        relay.rewrite({"query_time: 1h": "query_time: 100ms"})
        wait_until(lambda: "configuration reloaded" in relay.messages(), what="the reload")
        client.send("REQ", "hasty", *filters)
        assert client.wait_for(lambda message: message[1] == "hasty", 60)[0] == "CLOSED"
