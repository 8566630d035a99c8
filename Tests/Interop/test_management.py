"""The management API (checklist 92 to 95): NIP-98 at the door, NIP-86 behind it, and what its decisions do."""

import json
import time
from pathlib import Path

import pytest

from conftest import RelayFactory
from support.backends import Backend
from support.client import Client, is_stored
from support.events import Author
from support.management import URL, ask, authorization, call, document, fails, header, post, request_body
from support.relay_process import RelayProcess, run_command, wait_until
from support.wire import exchange, handshake, open_socket, parse_answer, read_to_end, request

NOBODY = "0" * 64
ADMIN = Author()
MANAGED = {"url": URL, "admins": [ADMIN.pubkey]}


@pytest.fixture(scope="module")
def managed(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> RelayProcess:
    """A relay with an admin, for the tests that leave it as it was."""
    folder = tmp_path_factory.mktemp("managed")
    process = RelayProcess(folder, backend.database(folder), MANAGED).start()
    yield process
    assert process.stop() == 0


def refused(client: Client, author: Author, kind: int = 1) -> bool:
    answer = client.publish(author.event(kind, f"{time.time_ns()}"))
    return answer[2] is False and answer[3].startswith("blocked: ")


def info(relay: RelayProcess) -> dict:
    return json.loads(request(relay.port, fields={"Accept": "application/nostr+json"}).body)


# At the door.


def test_line_92_a_call_is_a_post_with_the_media_type_and_answers_result_or_error(managed: RelayProcess) -> None:
    methods = call(managed.port, ADMIN, "supportedmethods")
    assert {"banpubkey", "unbanpubkey", "listbannedpubkeys", "banevent", "blockip", "changerelayname"} <= set(methods)
    assert "supportedmethods" not in methods and methods == sorted(methods)
    assert "no method" in fails(managed.port, ADMIN, "makecoffee")


def test_line_92_every_method_that_is_listed_works(managed: RelayProcess) -> None:
    for method in call(managed.port, ADMIN, "supportedmethods"):
        if method.startswith("list"):
            assert isinstance(call(managed.port, ADMIN, method), list), method
        else:
            # Without parameters: refused for that, and not for its name.
            assert "no method" not in fails(managed.port, ADMIN, method), method


def test_line_92_the_media_type_may_have_parameters_and_either_case(managed: RelayProcess) -> None:
    for kind in ("application/nostr+json+rpc; charset=utf-8", "Application/Nostr+JSON+RPC"):
        body = request_body("supportedmethods")
        answer = post(managed.port, body, header(authorization(ADMIN, body)), {"Content-Type": kind})
        assert answer.status == 200


@pytest.mark.parametrize("fields", [{"Content-Type": "application/json"}, {"Content-Type": ""}])
def test_line_92_another_media_type_is_no_call(managed: RelayProcess, fields: dict[str, str]) -> None:
    body = request_body("supportedmethods")
    assert post(managed.port, body, header(authorization(ADMIN, body)), fields).status == 405


def test_line_92_a_browser_may_ask_first(managed: RelayProcess) -> None:
    answer = request(managed.port, "OPTIONS", fields={"Access-Control-Request-Headers": "authorization,content-type"})
    assert "authorization" in answer.one("access-control-allow-headers").lower()
    assert "POST" in answer.one("access-control-allow-methods")


def test_line_93_without_an_authorization_the_answer_is_401(managed: RelayProcess) -> None:
    answer = post(managed.port, request_body("supportedmethods"), None)
    assert answer.status == 401 and answer.one("www-authenticate") == "Nostr"
    assert document(answer)["error"]


@pytest.mark.parametrize(
    "text", ["", "Nostr", "Nostr ", "Nostr !", "Basic YWRtaW46YWRtaW4=", "Nostr e30=", "Nostr " + "W" * 4000]
)
def test_line_93_what_is_no_authorization_gets_401(managed: RelayProcess, text: str) -> None:
    assert post(managed.port, request_body("supportedmethods"), text).status == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"u": None},
        {"u": "wss://other.example.com"},
        {"u": URL + "/path"},
        {"u": URL + ":8443"},
        {"u": URL + "/?x=1"},
        {"method": None},
        {"method": "GET"},
        {"method": "post"},
        {"payload": None},
        {"payload": NOBODY},
    ],
)
def test_line_93_tags_that_are_not_the_requests_get_401(managed: RelayProcess, changes: dict) -> None:
    body = request_body("supportedmethods")
    answer = post(managed.port, body, header(authorization(ADMIN, body, changes)))
    assert answer.status == 401 and document(answer)["error"]


@pytest.mark.parametrize("seconds", [-65, 65, -1_000_000])
def test_line_94_an_event_of_another_time_gets_401(managed: RelayProcess, seconds: int) -> None:
    body = request_body("supportedmethods")
    event = authorization(ADMIN, body, created_at=int(time.time()) + seconds)
    assert post(managed.port, body, header(event)).status == 401


@pytest.mark.parametrize("kind", [1, 22242])
def test_line_94_an_event_of_another_kind_gets_401(managed: RelayProcess, kind: int) -> None:
    body = request_body("supportedmethods")
    assert post(managed.port, body, header(authorization(ADMIN, body, kind=kind))).status == 401


def test_line_94_a_forged_signature_or_id_gets_401(managed: RelayProcess) -> None:
    body = request_body("supportedmethods")
    event = authorization(ADMIN, body)
    for change in ({"sig": "0" * 128}, {"id": NOBODY}, {"pubkey": Author().pubkey}):
        assert post(managed.port, body, header(event | change)).status == 401


def test_line_94_the_url_may_be_written_as_http(managed: RelayProcess) -> None:
    for url in ("https://relay.example.com/", "http://RELAY.example.com", "ws://relay.example.com"):
        body = request_body("supportedmethods")
        assert post(managed.port, body, header(authorization(ADMIN, body, {"u": url}))).status == 200


def test_line_94_an_authorization_is_good_once(managed: RelayProcess) -> None:
    body = request_body("supportedmethods")
    text = header(authorization(ADMIN, body))
    assert post(managed.port, body, text).status == 200
    again = post(managed.port, body, text)
    assert again.status == 401 and "before" in document(again)["error"]


def test_line_93_somebody_who_is_no_admin_gets_403(managed: RelayProcess) -> None:
    answer = ask(managed.port, Author(), request_body("supportedmethods"))
    assert answer.status == 403 and document(answer)["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"nul", b"\xff\xfe", b'{"method":"x"} more', b"[" * 100_000])
def test_a_body_that_is_no_json_gets_an_error(managed: RelayProcess, body: bytes) -> None:
    answer = ask(managed.port, ADMIN, body)
    assert answer.status == 400 and "JSON" in document(answer)["error"]


@pytest.mark.parametrize(
    "value", [[], "x", 1, None, {}, {"method": 1}, {"method": None}, {"method": "supportedmethods", "params": {}}]
)
def test_a_body_of_another_shape_gets_an_error(managed: RelayProcess, value: object) -> None:
    body = json.dumps(value).encode()
    answer = post(managed.port, body, header(authorization(ADMIN, body, content=f"{time.time_ns()}")))
    assert answer.status == 400 and document(answer)["error"]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("banpubkey", []),
        ("banpubkey", [None]),
        ("banpubkey", ["npub1x"]),
        ("banpubkey", ["A" * 64]),
        ("banpubkey", [NOBODY, 1]),
        ("banpubkey", [NOBODY, "r", "more"]),
        ("banpubkey", [NOBODY, "r" * 1001]),
        ("banpubkey", [ADMIN.pubkey]),
        ("banevent", [1]),
        ("allowkind", ["1"]),
        ("allowkind", [65536]),
        ("allowkind", [-1]),
        ("allowkind", [1.5]),
        ("blockip", ["localhost"]),
        ("blockip", ["10.0.0.1/8"]),
        ("blockip", [167772161]),
        ("changerelayname", [["x"]]),
        ("changerelayname", ["x" * 201]),
        ("changerelayname", ["two\nlines"]),
        ("changerelayicon", ["javascript:alert(1)"]),
    ],
)
def test_wrong_parameters_get_an_error(managed: RelayProcess, method: str, params: list) -> None:
    assert fails(managed.port, ADMIN, method, *params)


def test_a_huge_body_is_refused_before_it_is_sent(managed: RelayProcess) -> None:
    with open_socket(managed.port) as connection:
        head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/nostr+json+rpc\r\nContent-Length: 1073741824\r\n"
        connection.sendall(head.encode() + b"\r\n")
        assert parse_answer(read_to_end(connection)).status == 413


def test_a_huge_body_in_pieces_is_refused(managed: RelayProcess) -> None:
    head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/nostr+json+rpc\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with open_socket(managed.port) as connection:
        connection.sendall(head.encode())
        try:
            for _ in range(40):
                connection.sendall(piece)
        except OSError:
            pass  # The relay has answered and hung up.
        received = read_to_end(connection)
    assert not received or parse_answer(received).status == 413
    assert request(managed.port, path="/health").status == 200


def test_a_body_that_breaks_off_changes_nothing(managed: RelayProcess) -> None:
    body = request_body("changerelayname", "never")
    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/nostr+json+rpc\r\nContent-Length: {len(body)}\r\n"
    text = header(authorization(ADMIN, body))
    with open_socket(managed.port) as connection:
        connection.sendall(f"{head}Authorization: {text}\r\n\r\n".encode() + body[:-1])
        connection.shutdown(1)
        read_to_end(connection)
    assert info(managed)["name"] != "never"


def test_a_relay_without_admins_is_not_managed(relay: RelayProcess) -> None:
    answer = ask(relay.port, ADMIN, request_body("supportedmethods"))
    assert answer.status == 403 and "admins" in document(answer)["error"]
    assert 86 not in info(relay)["supported_nips"]


def test_line_95_86_is_advertised_where_there_are_admins(managed: RelayProcess) -> None:
    assert 86 in info(managed)["supported_nips"]


def test_without_a_public_url_administration_is_off_and_says_why(start_relay: RelayFactory) -> None:
    relay = start_relay({"listen": "0.0.0.0:0", "admins": [ADMIN.pubkey]})
    answer = ask(relay.port, ADMIN, request_body("supportedmethods"))
    assert answer.status == 403 and "url" in document(answer)["error"]
    assert 86 not in info(relay)["supported_nips"]


def test_admins_are_reloaded(start_relay: RelayFactory) -> None:
    relay = start_relay(MANAGED)
    other = Author()
    assert ask(relay.port, other, request_body("supportedmethods")).status == 403
    relay.rewrite({ADMIN.pubkey: other.pubkey})
    wait_until(lambda: ask(relay.port, other, request_body("supportedmethods")).status == 200)
    assert ask(relay.port, ADMIN, request_body("supportedmethods")).status == 403


# What decisions do.


def test_line_95_a_banned_pubkey_is_refused_at_once_and_its_events_are_removed(start_relay: RelayFactory) -> None:
    relay = start_relay(MANAGED)
    bad, good = Author(), Author()
    with Client(relay.url) as client, Client(relay.url) as other:
        notes = bad.notes(30)
        client.publish_all([*notes, *good.notes(3)])
        other.subscribe("live", {"kinds": [1], "limit": 0})
        assert call(relay.port, ADMIN, "banpubkey", bad.pubkey, "spam") is True
        assert refused(client, bad)
        assert call(relay.port, ADMIN, "listbannedpubkeys") == [{"pubkey": bad.pubkey, "reason": "spam"}]
        wait_until(lambda: client.fetch({"authors": [bad.pubkey]}) == [], what="the removal")
        assert len(client.fetch({"authors": [good.pubkey]})) == 3
        assert not refused(client, good)
        # What it had published does not come back either, nor is anything of it delivered.
        assert client.publish(notes[0])[2] is False
        assert all(event["pubkey"] != bad.pubkey for _, _, event in other.arrived())
        assert call(relay.port, ADMIN, "unbanpubkey", bad.pubkey) is True
        assert call(relay.port, ADMIN, "listbannedpubkeys") == []
        assert not refused(client, bad)


def test_line_95_a_ban_holds_across_a_restart(start_relay: RelayFactory) -> None:
    relay = start_relay(MANAGED)
    bad = Author()
    call(relay.port, ADMIN, "banpubkey", bad.pubkey)
    call(relay.port, ADMIN, "changerelayname", "Renamed")
    relay.kill()
    relay.start()
    with Client(relay.url) as client:
        assert refused(client, bad)
    assert info(relay)["name"] == "Renamed"


def test_line_95_a_purge_that_was_cut_off_is_finished(start_relay: RelayFactory) -> None:
    relay = start_relay(MANAGED)
    bad = Author()
    with Client(relay.url) as client:
        client.publish_all(bad.notes(2_000))
    call(relay.port, ADMIN, "banpubkey", bad.pubkey)
    relay.kill()
    relay.start()
    with Client(relay.url) as client:
        wait_until(lambda: client.fetch({"authors": [bad.pubkey], "limit": 1}) == [], what="the removal")


def test_line_95_a_flood_of_a_banned_author_leaves_nothing_behind(start_relay: RelayFactory) -> None:
    relay = start_relay(MANAGED)
    bad = Author()
    notes = bad.notes(300)
    with Client(relay.url) as client:
        for note in notes[:150]:
            client.send("EVENT", note)
        # What is on its way to the disk now is either refused or removed.
        call(relay.port, ADMIN, "banpubkey", bad.pubkey)
        for note in notes[150:]:
            client.send("EVENT", note)
        answers = [client.ok(note) for note in notes]
        assert all(answer[2] is False for answer in answers[150:])
        wait_until(lambda: client.fetch({"authors": [bad.pubkey]}) == [], what="the removal")
        assert client.fetch({"authors": [bad.pubkey]}) == []


def test_line_95_a_banned_event_is_removed_and_does_not_come_back(start_relay: RelayFactory) -> None:
    relay = start_relay(MANAGED)
    author = Author()
    with Client(relay.url) as client:
        bad, good = author.notes(2)
        client.publish_all([bad, good])
        call(relay.port, ADMIN, "banevent", bad["id"], "rude")
        wait_until(lambda: not is_stored(client, bad), what="the removal")
        assert client.publish(bad)[2:] == [False, "blocked: the event is banned from this relay"]
        assert is_stored(client, good)
        assert call(relay.port, ADMIN, "listbannedevents") == [{"id": bad["id"], "reason": "rude"}]
        call(relay.port, ADMIN, "allowevent", bad["id"])
        assert call(relay.port, ADMIN, "listbannedevents") == []
        assert client.publish(bad)[2] is True


def test_line_95_an_event_may_be_banned_before_it_arrives(start_relay: RelayFactory) -> None:
    relay = start_relay(MANAGED)
    note = Author().event()
    call(relay.port, ADMIN, "banevent", note["id"])
    with Client(relay.url) as client:
        assert client.publish(note)[2] is False


def test_line_95_bans_hold_for_imports(start_relay: RelayFactory, tmp_path: Path) -> None:
    relay = start_relay(MANAGED)
    bad, good = Author(), Author()
    banned = good.event(content="banned")
    call(relay.port, ADMIN, "banpubkey", bad.pubkey)
    call(relay.port, ADMIN, "banevent", banned["id"])
    lines = tmp_path / "events.jsonl"
    lines.write_text("".join(json.dumps(event) + "\n" for event in [*bad.notes(5), *good.notes(3), banned]))
    done = run_command("import", lines, "--config", relay.config_file, folder=relay.folder)
    assert done.returncode == 0, done.stderr
    assert "stored 3," in done.stdout and "rejected 6" in done.stdout
    with Client(relay.url) as client:
        assert client.fetch({"authors": [bad.pubkey]}) == [] and not is_stored(client, banned)


def test_line_95_a_blocked_address_is_refused_and_its_connections_are_closed(start_relay: RelayFactory) -> None:
    relay = start_relay(MANAGED | {"trusted_proxies": ["127.0.0.1"]})

    def connect(address: str) -> Client:
        return Client(relay.url, additional_headers={"X-Forwarded-For": address})

    with connect("203.0.113.7") as bad, connect("203.0.113.8") as good, connect("2001:db8::1") as other:
        call(relay.port, ADMIN, "blockip", "203.0.113.7", "scraper")
        call(relay.port, ADMIN, "blockip", "2001:db8::/64")
        assert bad.close_code() == 1008 and other.close_code() == 1008
        assert good.publish(Author().event())[2] is True
    answer = parse_answer(exchange(relay.port, handshake(relay.port, {"X-Forwarded-For": "203.0.113.7"})))
    assert answer.status == 403
    assert call(relay.port, ADMIN, "listblockedips") == [
        {"ip": "2001:db8::/64", "reason": ""},
        {"ip": "203.0.113.7", "reason": "scraper"},
    ]
    call(relay.port, ADMIN, "unblockip", "203.0.113.7")
    with connect("203.0.113.7") as back:
        assert back.publish(Author().event())[2] is True


def test_line_95_an_admin_can_block_and_unblock_the_own_address(start_relay: RelayFactory) -> None:
    relay = start_relay(MANAGED)
    call(relay.port, ADMIN, "blockip", "127.0.0.1")
    assert parse_answer(exchange(relay.port, handshake(relay.port))).status == 403
    call(relay.port, ADMIN, "unblockip", "127.0.0.1")
    with Client(relay.url) as client:
        assert client.publish(Author().event())[2] is True


def test_line_95_kinds_are_allowed_and_disallowed(start_relay: RelayFactory) -> None:
    relay = start_relay(MANAGED | {"events": {"kinds": {"allow": ["0-3", 7], "deny": [2]}}})
    author = Author()
    with Client(relay.url) as client:
        assert refused(client, author, 2) and refused(client, author, 30_023)
        assert call(relay.port, ADMIN, "listallowedkinds") == [0, 1, 3, 7]
        call(relay.port, ADMIN, "allowkind", 2)
        call(relay.port, ADMIN, "allowkind", 30_023)
        call(relay.port, ADMIN, "disallowkind", 7)
        assert not refused(client, author, 2) and not refused(client, author, 30_023) and refused(client, author, 7)
    assert call(relay.port, ADMIN, "listallowedkinds") == [0, 1, 2, 3, 30_023]
    assert call(relay.port, ADMIN, "listdisallowedkinds") == [7]


def test_line_95_name_description_and_icon_change_at_once(start_relay: RelayFactory) -> None:
    relay = start_relay(MANAGED | {"info": {"name": "Before", "description": "Old"}})
    call(relay.port, ADMIN, "changerelayname", "After <b>")
    call(relay.port, ADMIN, "changerelaydescription", "One\n\nTwo")
    call(relay.port, ADMIN, "changerelayicon", "https://example.com/icon.png")
    document = info(relay)
    assert (document["name"], document["description"]) == ("After <b>", "One\n\nTwo")
    assert document["icon"] == "https://example.com/icon.png"
    assert "After &lt;b&gt;" in request(relay.port).text
    # An empty text gives back what the configuration says.
    call(relay.port, ADMIN, "changerelayname", "")
    call(relay.port, ADMIN, "changerelayicon", "")
    document = info(relay)
    assert document["name"] == "Before" and "icon" not in document


def test_line_95_reported_events_wait_for_a_decision(start_relay: RelayFactory) -> None:
    relay = start_relay(MANAGED)
    author, reporter = Author(), Author()

    def queue() -> dict[str, str]:
        return {entry["id"]: entry["reason"] for entry in call(relay.port, ADMIN, "listeventsneedingmoderation")}

    with Client(relay.url) as client:
        rude, fine, gone = author.notes(3)
        client.publish_all([rude, fine, gone])
        for number, note in enumerate([rude, fine, gone]):
            tags = [["e", note["id"], "spam"], ["p", author.pubkey]]
            client.publish(reporter.event(1984, f"look {number}", tags))
        client.publish(reporter.event(1984, "", [["e", NOBODY, "spam"], ["e", "x"], ["e"], ["p", author.pubkey, "spam"]]))
        wait_until(lambda: len(queue()) == 3, what="the queue")
        assert queue()[rude["id"]] == "spam: look 0"
        client.publish(author.event(5, tags=[["e", gone["id"]]]))
        assert set(queue()) == {rude["id"], fine["id"]}
        call(relay.port, ADMIN, "banevent", rude["id"], "rude")
        call(relay.port, ADMIN, "allowevent", fine["id"])
        assert queue() == {}
        # What an admin has allowed is not asked about again.
        client.publish(Author().event(1984, "still", [["e", fine["id"], "spam"]]))
        other = author.event(content="one more")
        client.publish(other)
        client.publish(Author().event(1984, "", [["e", other["id"], "illegal"]]))
        wait_until(lambda: queue() == {other["id"]: "illegal"}, what="the queue")
        wait_until(lambda: not is_stored(client, rude), what="the removal")
        assert is_stored(client, fine)


def test_line_95_what_admins_do_is_on_record(start_relay: RelayFactory) -> None:
    relay = start_relay(MANAGED)
    victim = Author()
    call(relay.port, ADMIN, "banpubkey", victim.pubkey, "spam")
    fails(relay.port, ADMIN, "banpubkey", ADMIN.pubkey)
    call(relay.port, ADMIN, "listbannedpubkeys")
    call(relay.port, ADMIN, "changerelayname", "Named")
    done = run_command("audit", "--config", relay.config_file, folder=relay.folder)
    assert done.returncode == 0, done.stderr
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(entry["method"], entry["result"] == "done") for entry in entries] == [
        ("banpubkey", True),
        ("banpubkey", False),
        ("changerelayname", True),
    ]
    assert entries[0]["params"] == [victim.pubkey, "spam"]
    assert all(entry["by"] == ADMIN.pubkey and abs(entry["at"] - time.time()) < 60 for entry in entries)


@pytest.mark.postgres_only("two nodes share a database")
def test_line_95_a_ban_on_one_node_is_in_force_on_the_other_within_a_second(start_relay: RelayFactory) -> None:
    first = start_relay(MANAGED)
    second = start_relay(MANAGED | {"database": first.database})
    bad = Author()
    with Client(second.url) as client:
        client.publish_all(bad.notes(20))
        call(first.port, ADMIN, "banpubkey", bad.pubkey)
        started = time.monotonic()
        wait_until(lambda: refused(client, bad), what="the ban")
        assert time.monotonic() - started < 5
        wait_until(lambda: client.fetch({"authors": [bad.pubkey]}) == [], what="the removal")
        time.sleep(0.5)
        assert client.fetch({"authors": [bad.pubkey]}) == []
    call(first.port, ADMIN, "changerelayname", "Both")
    wait_until(lambda: info(second)["name"] == "Both", what="the name")


@pytest.mark.postgres_only("two nodes share a database")
def test_line_94_an_authorization_is_good_once_on_all_nodes(start_relay: RelayFactory) -> None:
    first = start_relay(MANAGED)
    second = start_relay(MANAGED | {"database": first.database})
    body = request_body("supportedmethods")
    text = header(authorization(ADMIN, body))
    assert post(first.port, body, text).status == 200
    assert post(second.port, body, text).status == 401


def test_line_95_allowed_pubkeys_are_members(start_relay: RelayFactory) -> None:
    relay = start_relay(MANAGED | {"access": {"write": "members", "require_auth": False}})
    member = Author()
    with Client(relay.url) as client:
        assert client.publish(member.event())[3].startswith("restricted: ")
        assert call(relay.port, ADMIN, "allowpubkey", member.pubkey, "a friend") is True
        assert client.publish(member.event())[2] is True
        assert call(relay.port, ADMIN, "listallowedpubkeys") == [{"pubkey": member.pubkey, "reason": "a friend"}]
        # Once more changes nothing but the reason.
        call(relay.port, ADMIN, "allowpubkey", member.pubkey)
        assert call(relay.port, ADMIN, "listallowedpubkeys") == [{"pubkey": member.pubkey, "reason": "a friend"}]
        # A ban is stronger.
        call(relay.port, ADMIN, "banpubkey", member.pubkey)
        assert client.publish(member.event())[3].startswith("blocked: ")
        call(relay.port, ADMIN, "unbanpubkey", member.pubkey)
        call(relay.port, ADMIN, "unallowpubkey", member.pubkey)
        assert call(relay.port, ADMIN, "listallowedpubkeys") == []
        assert client.publish(member.event())[3].startswith("restricted: ")
