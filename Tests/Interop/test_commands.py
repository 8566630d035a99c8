"""`martlet import`, `export`, `scan`, `count` and `delete`, alone and beside a running relay."""

import json
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from nostr_sdk import Event as VerifiedEvent

from conftest import RelayFactory
from support.backends import Backend
from support.client import Client, is_stored
from support.events import Author, Event, compact, ids
from support.places import binary
from support.relay_process import RelayProcess, clean_environment, run_command

NOW = int(time.time()) - 1000
PARTS = ["stored", "duplicate", "replaced by newer", "deleted by request", "expired", "never stored", "rejected"]


@pytest.fixture
def database(backend: Backend, tmp_path: Path) -> str:
    return backend.database(tmp_path, "commands").url


def lines(*events: Event) -> bytes:
    return "".join(compact(event) + "\n" for event in events).encode()


def summary(output: str) -> dict[str, int]:
    """What an import says that it did; the parts add up to what was read."""
    first = output.splitlines()[0]
    read, parts = re.fullmatch(r"read (\d+): (.*)", first).groups()
    counts = {name: int(re.search(rf"\b{name} (\d+)", parts).group(1)) for name in PARTS}
    assert sum(counts.values()) == int(read), first
    return counts | {"read": int(read)}


def imported(database: str, data: bytes | Path, *options: str | Path) -> dict[str, int]:
    stdin, file = (data, []) if isinstance(data, bytes) else (None, [data])
    result = run_command("import", "--database", database, *file, *options, stdin=stdin)
    assert result.returncode == 0, result.stderr
    return summary(result.stdout)


def exported(database: str, *options: str) -> list[Event]:
    result = run_command("export", "--database", database, *options)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.split("\n")[:-1]]


@pytest.fixture(scope="module")
def store(backend: Backend, real_events: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the real events, imported once."""
    url = backend.database(tmp_path_factory.mktemp("real"), "real").url
    counts = imported(url, real_events)
    assert counts["read"] == 12361
    assert counts["rejected"] == 0 and counts["stored"] > 11000 and counts["never stored"] >= 3
    return url


class TestRealEvents:
    """12,361 events from the wild."""

    def test_a_second_import_stores_nothing(self, store: str, real_events: Path) -> None:
        before = exported(store)
        counts = imported(store, real_events)
        assert counts["read"] == 12361 and counts["stored"] == 0
        assert counts["duplicate"] == len(before)
        assert exported(store) == before

    def test_every_exported_event_verifies_and_is_one_that_was_imported(self, store: str, real_events: Path) -> None:
        originals = {event["id"]: event for event in map(json.loads, real_events.read_text().split("\n")[:-1])}
        events = exported(store)
        assert len(events) == len(set(ids(events)))
        for event in events:
            assert event == {name: originals[event["id"]][name] for name in event}
            assert VerifiedEvent.from_json(compact(event)).verify()

    def test_an_export_is_ordered_oldest_first_and_the_other_way_round_newest_first(self, store: str) -> None:
        events = exported(store)
        times = [event["created_at"] for event in events]
        assert times == sorted(times)
        assert exported(store, "--reverse") == sorted(events, key=lambda event: (-event["created_at"], event["id"]))

    def test_an_export_of_a_window_and_a_filter_is_that_part_of_the_whole(self, store: str) -> None:
        events = exported(store)
        middle = events[len(events) // 2]["created_at"]
        window = [event for event in events if middle <= event["created_at"] <= middle + 10**6]
        assert exported(store, "--since", str(middle), "--until", str(middle + 10**6)) == window
        notes = [event for event in events if event["kind"] == 1]
        assert exported(store, "--filter", '{"kinds":[1]}') == notes
        assert (
            exported(store, "--filter", '{"kinds":[1],"limit":7}', "--reverse")
            == exported(store, "--filter", '{"kinds":[1]}', "--reverse")[:7]
        )

    def test_count_and_scan_agree_with_the_export(self, store: str) -> None:
        kinds = [event["kind"] for event in exported(store)]
        for kind in (0, 1, 7, 30023):
            result = run_command("count", "--database", store, compact({"kinds": [kind]}))
            assert result.stdout.strip() == str(kinds.count(kind)), kind
        scanned = run_command("scan", "--database", store, '{"kinds":[1],"limit":20}').stdout.split("\n")[:-1]
        assert [json.loads(line) for line in scanned] == exported(store, "--reverse", "--filter", '{"kinds":[1]}')[:20]

    def test_an_export_can_be_imported_again_whole(self, backend: Backend, store: str, tmp_path: Path) -> None:
        events = exported(store)
        copy = backend.database(tmp_path, "copy").url
        assert imported(copy, lines(*events))["stored"] == len(events)
        assert exported(copy) == events


def test_each_sort_of_line_is_counted(database: str, author: Author) -> None:
    note = author.event(content="note", created_at=NOW)
    old, new = (author.event(0, str(n), created_at=NOW + n) for n in range(2))
    doomed = author.event(content="doomed", created_at=NOW)
    data = (
        lines(
            note,
            note,
            new,
            old,
            author.event(5, tags=[["e", doomed["id"]]], created_at=NOW),
            doomed,
            author.event(tags=[["expiration", "5"]]),
            author.event(20001),
            author.event(22242),
            note | {"sig": "0" * 128},
        )
        + b"garbage\n"
    )
    assert imported(database, data) == {
        "read": 11,
        "stored": 3,
        "duplicate": 1,
        "replaced by newer": 1,
        "deleted by request": 1,
        "expired": 1,
        "never stored": 2,
        "rejected": 2,
    }


GARBAGE = [b"garbage", b"{}", b"[]", b"null", b'{"id":', b"\xff\xfe", b"\x00", b'["EVENT",{}]', b"[" * 10000]


def test_garbage_lines_never_stop_an_import_and_are_kept_with_rejects(
    database: str, tmp_path: Path, author: Author
) -> None:
    good = author.notes(3)
    rejects = tmp_path / "rejects.jsonl"
    data = b"".join(line + b"\n" + lines(good[n % 3]) for n, line in enumerate(GARBAGE))
    (tmp_path / "input").write_bytes(data)
    counts = imported(database, tmp_path / "input", "--rejects", rejects)
    assert (counts["stored"], counts["rejected"]) == (3, len(GARBAGE))
    assert rejects.read_bytes().split(b"\n")[:-1] == GARBAGE
    assert exported(database) == good


def test_rejects_name_their_reasons(database: str, author: Author) -> None:
    event = author.event()
    data = lines(event | {"sig": "0" * 128}, event | {"content": "changed"}) + b"garbage\n"
    output = run_command("import", "--database", database, stdin=data).stdout
    reasons = [line for line in output.splitlines() if line.startswith("rejected 1: ")]
    assert len(reasons) == 3 and any("signature" in reason for reason in reasons)


def test_a_line_that_is_too_long_is_rejected_and_the_next_is_read(
    database: str, tmp_path: Path, author: Author
) -> None:
    good = author.notes(2)
    (tmp_path / "input").write_bytes(lines(good[0]) + b"x" * (5 << 20) + b"\n" + lines(good[1]))
    counts = imported(database, tmp_path / "input", "--rejects", tmp_path / "rejects")
    assert (counts["stored"], counts["rejected"]) == (2, 1)


@pytest.mark.parametrize("separator", [b"\r\n", b"\n\n", b"\n \t\n", b" \n"])
def test_line_ends_and_blank_lines_do_not_matter(database: str, author: Author, separator: bytes) -> None:
    good = author.notes(3)
    data = separator.join(compact(event).encode() for event in good)
    assert imported(database, data + separator) == imported_nothing() | {"read": 3, "stored": 3}


def imported_nothing() -> dict[str, int]:
    return {name: 0 for name in ["read", *PARTS]}


def test_a_last_line_without_an_end_is_read(database: str, author: Author) -> None:
    assert imported(database, compact(author.event()).encode())["stored"] == 1


@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n\r\n"])
def test_an_empty_file_is_imported(database: str, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "empty").write_bytes(data)
    assert imported(database, tmp_path / "empty") == imported_nothing()


def test_no_verify_believes_the_signature_and_not_the_id(database: str, author: Author) -> None:
    event = author.event()
    unsigned = event | {"sig": "1" * 128}
    assert imported(database, lines(unsigned))["rejected"] == 1
    assert imported(database, lines(unsigned), "--no-verify")["stored"] == 1
    assert imported(database, lines(event | {"content": "changed"}), "--no-verify")["rejected"] == 1


def test_policy_applies_the_operators_limits(database: str, tmp_path: Path, author: Author) -> None:
    config = tmp_path / "martlet.yaml"
    config.write_text("events:\n  max_content: 5\n  max_age: 1d\n  kinds:\n    deny: [7]\n")
    data = lines(
        author.event(content="123456"),
        author.event(created_at=1600000000),
        author.event(7),
        author.event(content="12345"),
    )
    assert imported(database, data, "--config", config, "--policy")["rejected"] == 3
    assert imported(database, data, "--config", config)["stored"] == 3


def test_the_file_named_with_a_dash_is_standard_input(database: str, author: Author) -> None:
    assert run_command("import", "--database", database, "-", stdin=lines(author.event())).returncode == 0
    assert len(exported(database)) == 1


def test_two_imports_at_once_do_not_disturb_each_other(database: str, tmp_path: Path, author: Author) -> None:
    batches = [author.notes(500, start=NOW + 1000 * n) for n in range(2)]
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(lambda batch: imported(database, lines(*batch)), batches))
    assert [counts["stored"] for counts in results] == [500, 500]
    assert len(exported(database)) == 1000


def test_imported_events_reach_live_subscribers_of_a_running_relay(
    relay: RelayProcess, client: Client, author: Author
) -> None:
    client.subscribe("live", {"authors": [author.pubkey]})
    events = author.notes(1200, start=NOW)
    assert imported(relay.database, lines(*events))["stored"] == 1200
    assert [client.live("live") for _ in events] == events
    assert client.arrived() == []
    assert client.fetch({"authors": [author.pubkey], "limit": 2000}) == events[::-1][:1000]


def test_a_replacement_by_import_replaces_what_the_running_relay_stored(
    relay: RelayProcess, client: Client, author: Author
) -> None:
    old, new = (author.event(0, str(n), created_at=NOW + n) for n in range(2))
    client.publish_all([old])
    imported(relay.database, lines(new))
    assert client.fetch({"authors": [author.pubkey]}) == [new]
    assert client.publish(old)[3] == "duplicate: a newer version is stored"


def test_a_running_relay_knows_what_was_imported_for_a_duplicate(
    relay: RelayProcess, client: Client, author: Author
) -> None:
    event = author.event()
    imported(relay.database, lines(event))
    assert client.publish(event)[3].startswith("duplicate: ")


def test_an_export_beside_a_running_relay_holds_what_was_published(
    relay: RelayProcess, client: Client, author: Author
) -> None:
    client.publish_all(events := author.notes(20))
    assert exported(relay.database, "--filter", compact({"authors": [author.pubkey]})) == events


def test_publishing_and_importing_at_the_same_time_lose_nothing(
    relay: RelayProcess, client: Client, author: Author
) -> None:
    stranger = Author()
    with ThreadPoolExecutor() as pool:
        running = pool.submit(imported, relay.database, lines(*stranger.notes(3000)))
        client.publish_all(author.notes(1000))
        assert running.result()["stored"] == 3000
    counted = run_command("count", "--database", relay.database, compact({"authors": [author.pubkey, stranger.pubkey]}))
    assert counted.stdout.strip() == "4000"


def test_scan_prints_what_a_req_returns(relay: RelayProcess, client: Client, author: Author) -> None:
    client.publish_all([*author.notes(10), author.event(7), author.event(4)])
    filters = [{"authors": [author.pubkey], "kinds": [1], "limit": 3}, {"authors": [author.pubkey], "kinds": [7]}]
    result = run_command("scan", "--database", relay.database, *map(compact, filters))
    assert [json.loads(line) for line in result.stdout.split("\n")[:-1]] == client.fetch(*filters)


def test_count_counts_an_event_once_whatever_the_number_of_filters(database: str, author: Author) -> None:
    imported(database, lines(*author.notes(5), author.event(7)))
    mine = compact({"authors": [author.pubkey]})
    assert run_command("count", "--database", database, mine, '{"kinds":[1]}').stdout.strip() == "6"
    assert run_command("count", "--database", database, '{"kinds":[9]}').stdout.strip() == "0"


def test_a_dry_run_deletes_nothing(database: str, author: Author) -> None:
    imported(database, lines(*author.notes(5), author.event(7)))
    result = run_command("delete", "--database", database, "--filter", '{"kinds":[1]}', "--dry-run")
    assert result.returncode == 0 and "5" in result.stdout
    assert len(exported(database)) == 6


def test_delete_removes_what_matches_and_nothing_else(database: str, author: Author) -> None:
    imported(database, lines(*author.notes(1200), reaction := author.event(7)))
    result = run_command("delete", "--database", database, "--filter", '{"kinds":[1]}')
    assert result.returncode == 0 and "1200" in result.stdout + result.stderr
    assert exported(database) == [reaction]


def test_a_delete_takes_effect_in_a_running_relay_and_the_event_may_come_back(
    relay: RelayProcess, client: Client, author: Author
) -> None:
    kept, doomed = author.event(7), author.event()
    client.publish_all([kept, doomed])
    result = run_command("delete", "--database", relay.database, "--filter", compact({"ids": [doomed["id"]]}), "--yes")
    assert result.returncode == 0
    assert client.fetch({"authors": [author.pubkey]}) == [kept]
    assert client.publish(doomed) == ["OK", doomed["id"], True, ""]
    assert is_stored(client, doomed)


def test_a_deletion_request_by_import_deletes_in_a_running_relay(
    relay: RelayProcess, client: Client, author: Author
) -> None:
    client.publish_all([event := author.event()])
    imported(relay.database, lines(author.event(5, tags=[["e", event["id"]]])))
    assert not is_stored(client, event)
    assert client.publish(event)[3] == "blocked: deleted by its author"


def test_an_export_into_a_closed_pipe_ends_without_a_crash(database: str, author: Author) -> None:
    imported(database, lines(*author.notes(2000, size=300)))
    process = subprocess.Popen(
        [binary(), "export", "--database", database],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
    )
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read().decode()
    assert process.wait(timeout=20) in (0, 1, -13), errors
    assert "Fatal" not in errors


def test_a_relay_started_on_an_imported_database_serves_it(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay()
    relay.stop()
    imported(relay.database, lines(*(events := author.notes(3))))
    relay.start()
    with Client(relay.url) as client:
        assert client.fetch({"authors": [author.pubkey]}) == events[::-1]
