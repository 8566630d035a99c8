"""`martlet bench` against the relay, and against relays that answer oddly."""

import asyncio
import json
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from nostr_sdk import Event as VerifiedEvent
from nostr_sdk import LocalRelayBuilder
from websockets.sync.server import ServerConnection

from conftest import RelayFactory
from support.backends import Backend, PostgresBackend
from support.client import Client
from support.events import compact, ids
from support.odd_relay import odd_relay
from support.places import PROJECT, binary
from support.postgres import sql
from support.relay_process import RelayProcess, run_command

Report = dict[str, Any]

CLASSES = ["ids", "author", "feed", "reactions", "mentions", "profiles", "hashtag", "global", "recent", "window"]
MEASURED = ["seconds", "operations", "per_second", "relay_cpu_us_each", "relay_memory_kb", "relay_anonymous_kb"]
SMALL = ["--events", "200", "--authors", "20"]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run_command("bench", *arguments)


def report(relay: RelayProcess, workload: str, *arguments: str) -> Report:
    """What a run against the relay found; it measures the relay's process."""
    assert relay.process is not None
    result = bench(workload, "--url", relay.url, "--pid", str(relay.process.pid), "--json", *arguments)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("\n") == 1
    found = json.loads(result.stdout)
    assert found["workload"] == workload
    assert all(found[name] > 0 for name in MEASURED), found
    return found


def failure(*arguments: str) -> str:
    """The one sentence with which a run ends that cannot go on."""
    result = bench(*arguments)
    assert result.returncode == 1, (result.returncode, result.stdout, result.stderr)
    assert result.stdout == "" and result.stderr.count("\n") == 1, result.stderr
    return result.stderr.removeprefix("Error: ").strip()


def generated(*arguments: str) -> list[dict[str, Any]]:
    result = bench("generate", *arguments)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.split("\n")[:-1]]


def is_ordered(times: dict[str, float]) -> bool:
    return times["p50"] <= times["p95"] <= times["p99"] <= times["max"]


class TestCorpus:
    def test_its_events_are_what_nostr_sdk_takes_for_valid(self) -> None:
        events = generated(*SMALL)
        assert len(set(ids(events))) == 200
        for event in events:
            assert VerifiedEvent.from_json(compact(event)).verify()

    def test_the_same_numbers_give_the_same_lines_and_another_seed_others(self) -> None:
        assert generated(*SMALL, "--seed", "3") == generated(*SMALL, "--seed", "3")
        assert not set(ids(generated(*SMALL))) & set(ids(generated(*SMALL, "--seed", "3")))

    def test_an_import_takes_it_and_the_unsigned_one_without_verification(
        self, backend: Backend, tmp_path: Path
    ) -> None:
        for options, flags, rejected in (([], [], 0), (["--unsigned"], [], 200), (["--unsigned"], ["--no-verify"], 0)):
            lines = bench("generate", *SMALL, *options).stdout.encode()
            database = backend.database(tmp_path, f"import{len(options)}{len(flags)}").url
            result = run_command("import", "--database", database, *flags, stdin=lines)
            assert result.stdout.startswith("read 200: ") and f"rejected {rejected}" in result.stdout.split("\n")[0]

    def test_a_reader_that_goes_away_ends_it_without_a_crash(self) -> None:
        script = '"$@" | head -n 1 >/dev/null; exit "${PIPESTATUS[0]}"'
        arguments = ["bench", "generate", "--unsigned", "--events", "20000"]
        result = run_command(*arguments, prefix=["bash", "-c", script, "-"])
        assert result.returncode in (1, 128 + 13) and "Fatal" not in result.stderr


def refuse(message: list[Any], connection: ServerConnection) -> None:
    """Closes every subscription."""
    if message[0] == "REQ":
        connection.send(json.dumps(["CLOSED", message[1], "error: not here"]))


class TestPublish:
    def test_new_events_are_accepted_and_the_same_again_are_duplicates(self, relay: RelayProcess) -> None:
        first = report(relay, "publish", *SMALL, "--seed", "11")
        assert (first["operations"], first["accepted"], first["rejected"]) == (200, 200, 0)
        assert first["first_rejection"] is None and is_ordered(first["latency_ms"])
        assert first["fewest_events_of_a_connection"] * 8 <= 200 <= first["most_events_of_a_connection"] * 8
        again = report(relay, "publish", *SMALL, "--seed", "11")
        assert (again["accepted"], again["duplicates"]) == (200, 200)

    def test_what_it_publishes_is_what_generate_prints(self, relay: RelayProcess, client: Client) -> None:
        report(relay, "publish", *SMALL, "--seed", "12")
        notes = [event for event in generated(*SMALL, "--seed", "12") if event["kind"] == 1]
        stored = client.fetch({"ids": ids(notes)})
        assert sorted(stored, key=lambda event: event["created_at"]) == notes

    def test_one_event_at_a_time_reaches_a_subscriber(self, relay: RelayProcess) -> None:
        options = ["--connections", "1", "--window", "1", "--subscriber", "--seed", "13"]
        found = report(relay, "publish", *SMALL, *options)
        # Kind 4 is private, and an older version of what was replaced goes nowhere.
        hidden = sum(event["kind"] == 4 for event in generated(*SMALL, "--seed", "13"))
        assert found["deliveries"] == found["expected_deliveries"] == 200 - hidden - found["duplicates"]
        assert is_ordered(found["delivery_ms"]) and is_ordered(found["delivery_after_ok_ms"])

    def test_rejections_are_counted_and_the_first_is_told(self, start_relay: RelayFactory) -> None:
        relay = start_relay({"events": {"kinds": {"deny": [7]}}})
        found = report(relay, "publish", *SMALL)
        reactions = sum(event["kind"] == 7 for event in generated(*SMALL))
        assert (found["rejected"], found["accepted"]) == (reactions, 200 - reactions)
        assert "kind" in found["first_rejection"]

    def test_without_a_process_nothing_is_said_of_it(self, relay: RelayProcess) -> None:
        result = bench("publish", "--url", relay.url, "--json", *SMALL, "--seed", "14")
        found = json.loads(result.stdout)
        assert found["operations"] == 200 and found["relay_cpu_us_each"] is None

    def test_a_table_is_for_people(self, relay: RelayProcess) -> None:
        result = bench("publish", "--url", relay.url, *SMALL, "--seed", "15")
        rows = [line.split() for line in result.stdout.splitlines()]
        assert ["workload", "publish"] in rows and ["accepted", "200"] in rows


@pytest.fixture(scope="module")
def filled(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A relay with a corpus of 1,000 events."""
    folder = tmp_path_factory.mktemp("filled")
    process = RelayProcess(folder, backend.database(folder)).start()
    report(process, "publish", "--events", "1000")
    yield process
    assert process.stop() == 0


class TestQuery:
    @pytest.mark.parametrize("name", CLASSES)
    def test_each_class_finds_what_was_published(self, filled: RelayProcess, name: str) -> None:
        found = report(filled, "query", "--events", "1000", "--queries", "40", "--class", name)
        assert (found["class"], found["operations"], found["rejected"]) == (name, 40, 0)
        assert found["events"] > 0 and found["relay_cpu_us_per_event"] > 0

    def test_the_mix_is_asked_over_fewer_queries_than_connections_too(self, filled: RelayProcess) -> None:
        found = report(filled, "query", "--events", "1000", "--queries", "3")
        assert (found["class"], found["operations"]) == ("mix", 3)
        assert is_ordered(found["latency_ms"])

    def test_all_events_that_are_sent_are_counted(self, filled: RelayProcess) -> None:
        found = report(filled, "query", "--events", "1000", "--queries", "5", "--class", "global")
        assert found["events"] == 5 * 100

    def test_refused_queries_are_counted(self) -> None:
        with odd_relay(refuse) as url:
            found = json.loads(bench("query", "--url", url, "--json", "--events", "200", "--queries", "12").stdout)
        assert (found["operations"], found["events"], found["rejected"]) == (12, 0, 12)
        assert found["first_rejection"] == "error: not here"


class TestFanout:
    @pytest.mark.parametrize("options", [["--follows", "5"], ["--kind", "1"], ["--kind", "7", "--rate", "400"]])
    def test_each_subscriber_gets_what_it_asked_for(self, relay: RelayProcess, options: list[str]) -> None:
        found = report(relay, "fanout", *SMALL, "--subscribers", "30", *options)
        assert found["operations"] == found["expected_deliveries"] > 0
        assert found["events"] == 200 and is_ordered(found["latency_ms"])

    def test_two_runs_publish_different_events(self, relay: RelayProcess) -> None:
        for _ in range(2):
            found = report(relay, "fanout", *SMALL, "--subscribers", "2", "--kind", "1")
            assert found["duplicates"] < 20

    def test_refused_subscriptions_end_the_run(self) -> None:
        with odd_relay(refuse) as url:
            sentence = failure("fanout", "--url", url, *SMALL, "--subscribers", "3")
        assert "refuses 3 of 3 subscriptions: error: not here" in sentence


def test_idle_connections_are_weighed(relay: RelayProcess) -> None:
    found = report(relay, "idle", "--connections", "50", "--filter", '{"kinds":[30000]}')
    assert (found["operations"], found["rejected"], found["events"]) == (50, 0, 0)
    assert found["relay_memory_kb_each"] is not None


class TestPaging:
    def test_a_history_is_read_to_its_end(self, relay: RelayProcess) -> None:
        options = ["--author-events", "1234", "--limit", "100"]
        found = report(relay, "paging", *options, "--publish")
        assert (found["events"], found["operations"], found["crowded_seconds"]) == (1234, 13, 0)
        for part in ("head", "middle", "tail"):
            assert found[f"{part}_ms_per_page"] > 0 and found[f"{part}_relay_cpu_us_per_page"] >= 0
        assert report(relay, "paging", *options)["events"] == 1234

    def test_the_notes_of_generate_are_its_notes(self, tmp_path: Path, start_relay: RelayFactory) -> None:
        relay = start_relay()
        lines = bench("generate", "--single-author", "--unsigned", "--events", "700", "--seed", "5").stdout.encode()
        run_command("import", "--no-verify", "--database", relay.database, stdin=lines)
        assert report(relay, "paging", "--author-events", "700", "--seed", "5")["events"] == 700
        author = json.loads(lines.split(b"\n")[0])["pubkey"]
        assert report(relay, "paging", "--author", author, "--limit", "7")["events"] == 700

    def test_an_author_without_notes_is_an_error(self, relay: RelayProcess) -> None:
        assert "no notes of" in failure("paging", "--url", relay.url, "--author", "a" * 64)


def test_a_bare_verification_is_a_number() -> None:
    result = bench("verification")
    assert result.returncode == 0 and float(result.stdout) > 0


@pytest.mark.timeout(300)
@pytest.mark.postgres_only("it is the comparison with SQLite")
def test_both_backends_are_measured_side_by_side(backend: Backend, tmp_path: Path) -> None:
    assert isinstance(backend, PostgresBackend)
    file = tmp_path / "figures.json"
    databases = "SELECT datname FROM pg_database WHERE datname LIKE 'martlet_bench%'"
    before = set(sql(backend.url, databases))
    options = ["--quick", "--binary", str(binary()), "--database", backend.url, "--json", str(file)]
    result = subprocess.run([PROJECT / "scripts" / "bench", *options], capture_output=True, encoding="utf-8")
    assert result.returncode == 0, result.stderr
    found = {(one["name"], one["unit"]): one for one in json.loads(file.read_text())["comparisons"]}
    for name in ("publish", "duplicates", "import", "fan-out, 50 following, with publishing", "query, mix"):
        [cost] = [one for (key, unit), one in found.items() if key == name and unit.startswith("µs of CPU")]
        assert cost["sqlite"] > 0 and cost["postgres"] > 0
    for name in CLASSES:
        assert found[f"query, {name}", "µs of CPU an event"]["ratio"] > 0
    assert all(one["postgres"] == 0 for (name, _), one in found.items() if "not delivered" in name)
    assert found["an event of another node", "µs of CPU"]["postgres"] > 0
    assert all(found["disk after import", "bytes a stored event"][name] > 500 for name in ("sqlite", "postgres"))
    assert set(sql(backend.url, databases)) <= before


class TestErrors:
    def test_nothing_listens(self) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            url = f"ws://127.0.0.1:{unused.getsockname()[1]}"
            for workload in ("publish", "query", "fanout", "idle", "paging"):
                assert "cannot connect" in failure(workload, "--url", url)

    @pytest.mark.parametrize(
        ("url", "words"),
        [
            ("wss://127.0.0.1:7777", "TLS"),
            ("http://127.0.0.1:7777", "not a URL"),
            ("ws://no-such-host.invalid", "no address"),
        ],
    )
    def test_the_url_is_none_that_it_speaks(self, url: str, words: str) -> None:
        assert words in failure("publish", "--url", url)

    def test_the_relay_has_no_such_path(self, relay: RelayProcess) -> None:
        assert "404" in failure("publish", "--url", f"{relay.url}/elsewhere")

    def test_the_process_does_not_exist(self, relay: RelayProcess) -> None:
        assert "no process" in failure("publish", "--url", relay.url, "--pid", str(2**31 - 1))

    def test_what_listens_is_no_relay(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:

            def greet() -> None:
                connection, _ = server.accept()
                with connection:
                    connection.sendall(b"220 mail.example ESMTP\r\n\r\n")
                    connection.recv(4096)

            thread = threading.Thread(target=greet)
            thread.start()
            assert "does not speak HTTP" in failure("publish", "--url", f"ws://127.0.0.1:{server.getsockname()[1]}")
            thread.join(timeout=20)

    def test_the_relay_never_answers_the_handshake(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            url = f"ws://127.0.0.1:{server.getsockname()[1]}"
            assert "no answer in 1 s" in failure("publish", "--url", url, "--timeout", "1")

    def test_the_relay_closes_the_connection_meanwhile(self) -> None:
        def close(message: list[Any], connection: ServerConnection) -> None:
            connection.close(1008, "enough of it")

        with odd_relay(close) as url:
            sentence = failure("publish", "--url", url, *SMALL, "--window", "1")
        assert "1008" in sentence and "enough of it" in sentence

    def test_the_relay_stalls(self) -> None:
        with odd_relay(lambda message, connection: None) as url:
            sentence = failure("publish", "--url", url, *SMALL, "--timeout", "1")
            assert "owes answers to 200 of 200 events" in sentence
            assert "owes answers to 5 of 5 queries" in failure(
                "query", "--url", url, "--events", "200", "--queries", "5", "--timeout", "1"
            )

    @pytest.mark.parametrize(
        "arguments",
        [
            ["publish"],
            ["publish", "--window", "0"],
            ["publish", "--events", "0"],
            ["publish", "--pid", "x"],
            ["publish", "--timeout", "0"],
            ["query", "--class", "all"],
            ["fanout", "--subscribers", "0"],
            ["idle", "--filter", "nonsense"],
            ["paging", "--author", "short"],
            ["paging", "--author", "a" * 64, "--publish"],
        ],
    )
    def test_wrong_usage_is_told_apart(self, arguments: list[str]) -> None:
        url = ["--url", "ws://127.0.0.1:1"] if len(arguments) > 1 else []
        assert bench(*arguments, *url).returncode == 64


def odd(message: list[Any], connection: ServerConnection) -> None:
    """Answers with spaces, fields in another order, and more than was asked for."""
    match message:
        case ["EVENT", event]:
            connection.send(r'[ "NOTICE" , "I have read \"it\"" ]')
            connection.send(f'\n[ "OK" ,\t"{event["id"]}" , true , "duplicate:\\u0020no" ] ')
        case ["REQ", name, *_]:
            for number in range(3):
                identity = {"created_at": 5 - number, "id": f"{number + 1:064}"[::-1]}
                event = {"tags": [["e", "id"]], "content": '{"id":"no"}\\', **identity}
                connection.send(json.dumps(["EVENT", name, event], indent=1))
            connection.send(json.dumps(["EOSE", name], indent=1))


def test_a_relay_may_write_its_json_as_it_likes_and_say_more_than_asked() -> None:
    with odd_relay(odd, greeting='["AUTH","challenge"]') as url:
        found = json.loads(bench("publish", "--url", url, "--json", *SMALL).stdout)
        assert (found["accepted"], found["duplicates"], found["notices"]) == (200, 200, 200)
        assert found["first_notice"] == r"I have read \"it\""
        found = json.loads(bench("query", "--url", url, "--json", "--events", "200", "--queries", "10").stdout)
        assert (found["operations"], found["events"]) == (10, 30)
        # It sends the same page again and again, whatever it is asked.
        found = json.loads(bench("paging", "--url", url, "--json").stdout)
        assert found["events"] == 3


async def test_another_relay_is_loaded_like_this_one() -> None:
    other = LocalRelayBuilder().build()
    await other.run()
    try:
        few = ["--url", str(await other.url()), "--json", "--events", "40", "--authors", "10"]
        found = json.loads((await asyncio.to_thread(bench, "publish", *few, "--subscriber")).stdout)
        assert (found["accepted"], found["rejected"]) == (40, 0)
        assert found["deliveries"] == found["expected_deliveries"] > 0
        found = json.loads((await asyncio.to_thread(bench, "query", *few, "--queries", "24")).stdout)
        assert (found["operations"], found["rejected"]) == (24, 0) and found["events"] > 0
        options = ["--subscribers", "10", "--kind", "1"]
        found = json.loads((await asyncio.to_thread(bench, "fanout", *few, *options)).stdout)
        assert found["operations"] == found["expected_deliveries"] > 0
    finally:
        other.shutdown()
