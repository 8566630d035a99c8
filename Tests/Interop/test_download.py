"""`martlet download` and `upload`: plain requests to other relays, which may be slow, broken or hostile."""

import json
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from nostr_sdk import Event as VerifiedEvent

from conftest import RelayFactory
from support.backends import Backend
from support.certificates import encryption
from support.client import Client
from support.events import Author, Event, compact, ids
from support.management import URL as PUBLIC_URL
from support.management import call
from support.odd_relay import odd_relay
from support.places import binary
from support.relay_process import RelayProcess, clean_environment, run_command, wait_until
from support.scripted_relay import ScriptedRelay

NOW = int(time.time()) - 100_000
Result = subprocess.CompletedProcess[str]


@pytest.fixture
def database(backend: Backend, tmp_path: Path) -> str:
    return backend.database(tmp_path, "own").url


def lines(*events: Event) -> bytes:
    return "".join(compact(event) + "\n" for event in events).encode()


def imported(database: str, *events: Event) -> None:
    result = run_command("import", "--database", database, stdin=lines(*events))
    assert result.returncode == 0, result.stderr


def exported(database: str) -> list[Event]:
    result = run_command("export", "--database", database)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.split("\n")[:-1]]


def same(one: list[Event], other: list[Event]) -> bool:
    return sorted(ids(one)) == sorted(ids(other))


def count(output: str, name: str) -> int:
    """The number behind a word in what a command prints."""
    return int(re.search(rf"\b{name} (\d+)", output).group(1))


def download(database: str, url: str, *options: str | Path, code: int = 0) -> Result:
    result = run_command("download", "--database", database, url, "--timeout", "20", *options)
    assert result.returncode == code, result.stdout + result.stderr
    return result


def upload(database: str, url: str, *options: str | Path, code: int = 0) -> Result:
    result = run_command("upload", "--database", database, url, "--timeout", "20", *options)
    assert result.returncode == code, result.stdout + result.stderr
    return result


@pytest.fixture
def key_file(tmp_path: Path, author: Author) -> Path:
    path = tmp_path / "key"
    path.write_text(author.keys.secret_key().to_bech32() + "\n")
    path.chmod(0o600)
    return path


class TestDownload:
    def test_everything_of_another_martlet_is_stored_once(
        self, start_relay: RelayFactory, database: str, author: Author
    ) -> None:
        other = start_relay()
        # More than a page in one second, and more than the relay sends at once in all.
        events = author.notes(1200, start=NOW)
        events += [author.event(content=f"tie {n}", created_at=NOW + 500) for n in range(700)]
        imported(other.database, *events)
        result = download(database, other.url)
        assert count(result.stdout, "stored") == 1900 and count(result.stdout, "rejected") == 0
        assert same(exported(database), events)
        again = download(database, other.url)
        assert count(again.stdout, "stored") == 0 and count(again.stdout, "duplicate") == 1900

    def test_what_is_stored_beside_a_running_relay_reaches_its_subscribers(
        self, relay: RelayProcess, client: Client, author: Author
    ) -> None:
        client.subscribe("live", {"authors": [author.pubkey]})
        events = author.notes(30, start=NOW)
        with ScriptedRelay(events).listening() as url:
            download(relay.database, url)
        assert same([client.live("live") for _ in events], events)
        assert client.fetch({"authors": [author.pubkey]}) == events[::-1]

    @pytest.mark.parametrize("cap", [7, 20, 500])
    def test_a_relay_with_a_cap_is_read_to_its_end(self, database: str, author: Author, cap: int) -> None:
        events = [author.event(content=str(n), created_at=NOW + n // 4) for n in range(90)]
        with ScriptedRelay(events, cap=cap).listening() as url:
            download(database, url)
        assert same(exported(database), events)

    def test_only_what_matches_is_asked_for_with_any_number_of_filters(self, database: str, author: Author) -> None:
        events = [author.event(kind, str(n), created_at=NOW + n) for n, kind in enumerate([1, 7, 6, 1, 7])]
        other = ScriptedRelay(events)
        with other.listening() as url:
            options = ["--filter", '{"kinds":[1],"limit":1}', "--filter", compact({"kinds": [7], "until": NOW + 3})]
            download(database, url, *options)
        assert same(exported(database), [events[3], events[1]])

    def test_a_crowded_second_is_told(self, database: str, author: Author) -> None:
        events = [author.event(content=str(n), created_at=NOW) for n in range(50)] + author.notes(3, start=NOW - 9)
        with ScriptedRelay(events, cap=20).listening() as url:
            result = download(database, url)
        assert "1 seconds hold more events than the other relay sends at once" in result.stdout
        assert count(result.stdout, "stored") == 23

    def test_storage_rules_hold_for_what_is_downloaded(self, database: str, author: Author) -> None:
        old, new = (author.event(0, str(n), created_at=NOW + n) for n in range(2))
        doomed = author.event(content="doomed", created_at=NOW)
        imported(database, new, author.event(5, tags=[["e", doomed["id"]]], created_at=NOW))
        events = [old, doomed, author.event(tags=[["expiration", "5"]]), author.event(20001), author.event()]
        with ScriptedRelay(events).listening() as url:
            output = download(database, url).stdout
        assert (count(output, "stored"), count(output, "expired"), count(output, "never stored")) == (1, 1, 1)
        assert (count(output, "replaced by newer"), count(output, "deleted by request")) == (1, 1)

    def test_protected_events_are_left_to_their_authors(
        self, database: str, author: Author, key_file: Path
    ) -> None:
        events = [author.event(1, "own", [["-"]], created_at=NOW), Author().event(1, "x", [["-"]], created_at=NOW)]
        with ScriptedRelay(events).listening() as url:
            result = download(database, url)
            assert "rejected 2: a protected event is its author's alone to publish (NIP-70)" in result.stdout
            assert exported(database) == []
            download(database, url, "--key-file", key_file)
        assert exported(database) == events[:1]

    def test_what_an_admin_has_banned_is_not_taken(self, start_relay: RelayFactory, author: Author) -> None:
        admin, bad = Author(), Author()
        relay = start_relay({"url": PUBLIC_URL, "admins": [admin.pubkey]})
        call(relay.port, admin, "banpubkey", bad.pubkey)
        with ScriptedRelay([*bad.notes(5, start=NOW), *author.notes(3, start=NOW)]).listening() as url:
            output = download(relay.database, url).stdout
        assert count(output, "stored") == 3 and count(output, "rejected") == 5

    def test_an_interrupt_ends_it_with_the_line_and_the_filters_that_go_on(
        self, database: str, author: Author
    ) -> None:
        other = ScriptedRelay(author.notes(100, start=NOW), cap=10)

        def answer(message: list[Any], connection: Any) -> None:
            if len(other.requests) < 5:
                other.answer(message, connection)

        with odd_relay(answer) as url:
            command = [binary(), "download", "--database", database, url]
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=clean_environment()
            )
            wait_until(lambda: len(other.requests) == 5, what="five pages")
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=30)
            assert process.returncode == 1 and "stopped before the end" in errors
            stored = count(output, "stored")
            assert 30 <= stored <= 50 and len(exported(database)) == stored
        rest = re.search(r"--filter '(.*)'", output).group(1)
        assert json.loads(rest)["until"] <= NOW + 70
        with ScriptedRelay(other.events).listening() as url:
            download(database, url, "--filter", rest)
        assert same(exported(database), other.events)


class TestHostileRelays:
    def test_nothing_forged_garbled_or_unasked_for_is_stored(self, database: str, author: Author) -> None:
        good = author.notes(3, start=NOW)
        other = author.event(content="other", created_at=NOW)

        def answer(message: list[Any], connection: Any) -> None:
            if message[0] != "REQ":
                return
            for text in ["", "x", "[]", "{}", "null", '["EVENT"]', '["EVENT",1,2]', "[" * 5000, '["NOTICE","\\u001b[2J"]']:
                connection.send(text)
            connection.send(b"\xff\xfe")
            name = message[1]
            for event in [
                good[0] | {"sig": "0" * 128},
                good[0] | {"content": "changed"},
                good[1] | {"sig": other["sig"]},
                author.event(7),
                {"id": 1},
                [],
                None,
                "event",
            ]:
                connection.send(json.dumps(["EVENT", name, event]))
            connection.send(json.dumps(["EVENT", "another", other]))
            if message[2].get("until", NOW + 9) > NOW + 2:
                connection.send(json.dumps(["EVENT", name, good[2]]))
            connection.send(json.dumps(["EOSE", name]))

        with odd_relay(answer) as url:
            result = run_command("download", "--database", database, url, "--filter", '{"kinds":[1]}')
        assert exported(database) == [good[2]], result.stdout
        assert "the signature is not the author's" in result.stdout
        assert "id is not the hash of the event" in result.stdout
        assert "the event was not asked for" in result.stdout
        assert "\x1b" not in result.stdout + result.stderr

    def test_silence_is_not_waited_for_for_ever(self, database: str) -> None:
        with odd_relay(lambda message, connection: None) as url:
            result = download(database, url, "--timeout", "1", code=1)
        assert "has not answered for 1 seconds" in result.stderr and result.stderr.count("\n") == 1

    def test_a_relay_that_talks_without_an_answer_is_given_up(self, database: str, author: Author) -> None:
        event = author.event()

        def answer(message: list[Any], connection: Any) -> None:
            while message[0] == "REQ":
                connection.send(json.dumps(["EVENT", message[1], event]))

        with odd_relay(answer) as url:
            result = download(database, url, "--timeout", "50", code=1)
        assert "messages, and no answer" in result.stderr
        assert exported(database) == [event]

    def test_a_relay_that_sends_little_but_forgeries_is_given_up(self, database: str, author: Author) -> None:
        events = [event | {"sig": "1" * 128} for event in author.notes(50, start=NOW)]

        def answer(message: list[Any], connection: Any) -> None:
            if message[0] == "REQ":
                # Each page is of other events, so that the walk seems to go on.
                for event in events:
                    fields = {name: event[name] for name in event if name not in ("id", "sig")}
                    fields["created_at"] = message[2].get("until", NOW) - 1
                    connection.send(json.dumps(["EVENT", message[1], author.signed(fields) | {"sig": "1" * 128}]))
                connection.send(json.dumps(["EOSE", message[1]]))

        with odd_relay(answer) as url:
            result = run_command("download", "--database", database, url, seconds=120)
        assert result.returncode == 1 and "most of what the other relay sends cannot be taken" in result.stderr
        assert exported(database) == []

    def test_a_relay_that_ignores_until_is_not_asked_for_ever(self, database: str, author: Author) -> None:
        events = author.notes(20, start=NOW)
        requests = []

        def answer(message: list[Any], connection: Any) -> None:
            if message[0] == "REQ":
                requests.append(message)
                for event in events:
                    connection.send(json.dumps(["EVENT", message[1], event]))
                connection.send(json.dumps(["EOSE", message[1]]))

        with odd_relay(answer) as url:
            run_command("download", "--database", database, url)
        assert len(requests) < 10 and same(exported(database), events)

    def test_what_came_before_the_end_of_a_connection_is_kept(self, database: str, author: Author) -> None:
        events = author.notes(20, start=NOW)

        def answer(message: list[Any], connection: Any) -> None:
            for event in events:
                connection.send(json.dumps(["EVENT", message[1], event]))
            connection.socket.close()

        with odd_relay(answer) as url:
            result = download(database, url, code=1)
        assert same(exported(database), events)
        assert result.stderr.startswith("Error: ") and "to go on: martlet download ws://" in result.stdout

    def test_a_close_with_a_reason_is_told(self, database: str) -> None:
        with odd_relay(lambda message, connection: connection.close(1008, "go \x1b[31maway")) as url:
            result = download(database, url, code=1)
        assert "closed the connection with code 1008: go  [31maway" in result.stderr

    def test_a_request_that_is_refused_is_told(self, database: str) -> None:
        def answer(message: list[Any], connection: Any) -> None:
            connection.send(json.dumps(["CLOSED", message[1], "restricted: members only"]))

        with odd_relay(answer) as url:
            assert "restricted: members only" in download(database, url, code=1).stderr

    def test_a_huge_message_ends_it(self, database: str) -> None:
        with odd_relay(lambda message, connection: connection.send("x" * (5 << 20))) as url:
            assert "more than 4194304 bytes" in download(database, url, code=1).stderr

    def test_a_huge_message_in_fragments_ends_it(self, database: str) -> None:
        with odd_relay(lambda message, connection: connection.send("x" * 65536 for _ in range(100))) as url:
            assert "more than 4194304 bytes" in download(database, url, code=1).stderr

    def test_what_is_no_relay_is_told(self, relay: RelayProcess, database: str) -> None:
        assert "no WebSocket" in download(database, relay.url + "/nowhere", code=1).stderr
        assert "cannot be reached" in download(database, "ws://127.0.0.1:1", code=1).stderr
        for url in ["http://127.0.0.1", "127.0.0.1:7777", "ws://", "ws://x y"]:
            assert download(database, url, code=64).stderr != ""
        assert download(database, relay.url, "--filter", '{"kinds":7}', code=64).stderr != ""


class TestKeys:
    def test_a_challenge_is_answered_with_the_key(self, database: str, author: Author, key_file: Path) -> None:
        other = ScriptedRelay(author.notes(5, start=NOW), wants_key=True)
        with other.listening() as url:
            download(database, url, "--key-file", key_file)
            assert same(exported(database), other.events)
            [event] = other.authenticated
            assert event["kind"] == 22242 and event["pubkey"] == author.pubkey
            assert event["tags"] == [["relay", url], ["challenge", "challenge"]]
            assert VerifiedEvent.from_json(compact(event)).verify()

    def test_without_a_key_it_says_what_is_missing(self, database: str, author: Author) -> None:
        other = ScriptedRelay(author.notes(5, start=NOW), wants_key=True)
        with other.listening() as url:
            assert "--key-file" in download(database, url, code=1).stderr
            imported(database, *other.events)
            result = upload(database, url, code=1)
            assert "--key-file" in result.stderr and "sent 5: accepted 0, duplicate 0, refused 5" in result.stdout
        assert other.received == []

    def test_an_upload_is_authenticated_too(self, database: str, author: Author, key_file: Path) -> None:
        events = author.notes(5, start=NOW)
        imported(database, *events)
        other = ScriptedRelay(wants_key=True)
        with other.listening() as url:
            assert "accepted 5" in upload(database, url, "--key-file", key_file).stdout
        assert same(other.received, events) and len(other.authenticated) == 1

    @pytest.mark.parametrize("fault", ["absent", "exposed", "public", "garbage", "empty"])
    def test_a_key_file_that_cannot_be_used_is_told_and_not_shown(
        self, database: str, author: Author, key_file: Path, fault: str
    ) -> None:
        text = {"public": author.keys.public_key().to_bech32(), "garbage": "hunter2", "empty": ""}.get(fault)
        if text is not None:
            key_file.write_text(text)
        if fault == "absent":
            key_file.unlink()
        if fault == "exposed":
            key_file.chmod(0o644)
        result = download(database, "ws://127.0.0.1:1", "--key-file", key_file, code=1)
        assert str(key_file) in result.stderr and "reached" not in result.stderr
        assert "hunter2" not in result.stderr and "nsec1" not in result.stderr


class TestEncryption:
    def test_a_certificate_counts_where_its_authority_is_trusted(
        self, database: str, tmp_path: Path, author: Author
    ) -> None:
        other = ScriptedRelay(author.notes(600, start=NOW))
        context, authority = encryption(tmp_path, "IP:127.0.0.1")
        with odd_relay(other.answer, encryption=context) as url:
            result = download(database, url, code=1)
            assert "certificate is not to be trusted" in result.stderr
            assert other.requests == [] and exported(database) == []
            download(database, url, "--ca", authority)
        assert same(exported(database), other.events)

    def test_a_certificate_for_another_name_does_not_count(self, database: str, tmp_path: Path) -> None:
        other = ScriptedRelay()
        context, authority = encryption(tmp_path, "DNS:elsewhere.example")
        with odd_relay(other.answer, encryption=context) as url:
            for address in (url, url.replace("127.0.0.1", "localhost")):
                result = download(database, address, "--ca", authority, code=1)
                assert "certificate is not to be trusted" in result.stderr
        assert other.requests == []

    def test_a_port_that_does_not_encrypt_is_told(self, database: str, tmp_path: Path) -> None:
        with odd_relay(ScriptedRelay().answer) as url:
            assert "Error: " in download(database, url.replace("ws:", "wss:"), code=1).stderr
        (tmp_path / "no.pem").write_text("no certificate")
        assert "no.pem" in download(database, "wss://127.0.0.1:1", "--ca", tmp_path / "no.pem", code=1).stderr


class TestUpload:
    def test_everything_reaches_another_martlet_and_is_a_duplicate_the_second_time(
        self, start_relay: RelayFactory, database: str, author: Author
    ) -> None:
        other = start_relay({"events": {"kinds": {"deny": [7]}}})
        events = author.notes(1500, start=NOW)
        imported(database, *events, author.event(7))
        result = upload(database, other.url)
        assert "sent 1501: accepted 1500, duplicate 0, refused 1\n" in result.stdout
        assert "refused 1: blocked: this relay does not take kind 7" in result.stdout
        assert same(exported(other.database), events)
        assert "accepted 0, duplicate 1500, refused 1" in upload(database, other.url).stdout

    def test_only_what_matches_is_sent(self, database: str, author: Author) -> None:
        events = [author.event(kind, str(n), created_at=NOW + n) for n, kind in enumerate([1, 7, 6])]
        imported(database, *events)
        other = ScriptedRelay()
        with other.listening() as url:
            upload(database, url, "--filter", '{"kinds":[1]}', "--filter", '{"kinds":[6]}')
        assert other.received == [events[0], events[2]]

    def test_private_and_protected_events_stay_unless_they_are_meant(
        self, database: str, author: Author, key_file: Path
    ) -> None:
        stranger = Author()
        note = author.event(created_at=NOW)
        events = [
            author.event(4, "x", [["p", stranger.pubkey]], created_at=NOW + 1),
            stranger.event(4, "x", [["p", "0" * 64]], created_at=NOW + 2),
            author.event(1, "x", [["-"]], created_at=NOW + 3),
            stranger.event(1, "x", [["-"]], created_at=NOW + 4),
        ]
        imported(database, note, *events)
        for options, expected, kept in [
            ([], [note], 2),
            (["--key-file", key_file], [note, events[0], events[2]], 1),
            (["--private"], [note, events[0], events[1]], 2),
        ]:
            other = ScriptedRelay()
            with other.listening() as url:
                result = upload(database, url, *options)
            assert other.received == expected, options
            assert f"kept {kept} protected events" in result.stdout

    def test_a_relay_that_limits_the_rate_gets_everything_more_slowly(self, database: str, author: Author) -> None:
        events = author.notes(60, start=NOW)
        imported(database, *events)
        refused: set[str] = set()

        def judge(relay: ScriptedRelay, event: Event) -> tuple[bool, str]:
            if len(relay.received) in (10, 11) and event["id"] not in refused:
                refused.add(event["id"])
                return False, "rate-limited: slow down"
            return True, ""

        other = ScriptedRelay(judge=judge)
        with other.listening() as url:
            result = upload(database, url)
        assert "sent 60: accepted 60, duplicate 0, refused 0" in result.stdout
        assert same(other.received, events) and refused

    def test_a_relay_that_does_not_answer_is_given_up(self, database: str, author: Author) -> None:
        imported(database, *author.notes(5, start=NOW))
        with odd_relay(lambda message, connection: None) as url:
            result = upload(database, url, "--timeout", "1", code=1)
        assert "has not answered" in result.stderr and "unanswered 5" in result.stdout

    def test_answers_that_nobody_asked_for_count_nothing(self, database: str, author: Author) -> None:
        events = author.notes(3, start=NOW)
        imported(database, *events)

        def answer(message: list[Any], connection: Any) -> None:
            name = message[1]["id"]
            for text in ['["OK"]', '["OK","x",true,""]', json.dumps(["OK", "0" * 64, True, ""])]:
                connection.send(text)
            for _ in range(2):
                connection.send(json.dumps(["OK", name, False, "\x1b]0;title\x07"]))

        with odd_relay(answer) as url:
            result = upload(database, url)
        assert "sent 3: accepted 0, duplicate 0, refused 3" in result.stdout and "\x1b" not in result.stdout
