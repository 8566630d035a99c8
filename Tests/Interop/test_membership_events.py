"""Membership as the relay tells it and clients ask for it (checklist 44 and 65 to 68, NIP-43)."""

import json
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import RelayFactory
from support.access import challenge, proof, prove
from support.backends import Backend
from support.client import Client
from support.events import Author, Event, compact, ids
from support.management import URL, call, fails
from support.outages import wait_until_ready
from support.relay_process import RelayProcess, run_command, wait_until

ADDED, REMOVED, LIST, JOIN, INVITATION, LEAVE = 8000, 8001, 13534, 28934, 28935, 28936
MEMBER, ADMIN = Author(), Author()
KILLS = 10
ON = {
    "url": URL,
    "admins": [ADMIN.pubkey],
    "access": {"write": "members", "membership_events": True, "members": [MEMBER.pubkey]},
}


@pytest.fixture(scope="module")
def offering(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    """A relay that offers all of this, for the tests that ask it for something of their own."""
    folder = tmp_path_factory.mktemp("offering")
    process = RelayProcess(folder, backend.database(folder), ON).start()
    yield process
    assert process.stop() == 0


def authenticate(client: Client, text: str, *authors: Author) -> None:
    for author in authors:
        answer = prove(client, proof(author, text, URL))
        assert answer[2] is True, answer


def connected_as(url: str, *authors: Author) -> Client:
    client = Client(url)
    authenticate(client, challenge(client), *authors)
    return client


def command(relay: RelayProcess, *arguments: str) -> str:
    return relay.run("members", *arguments).stdout.strip()


def own_key(relay: RelayProcess) -> str:
    return relay.information()["self"]


def join(author: Author, code: str | None, **fields: object) -> Event:
    tags = [["-"]] + ([] if code is None else [["claim", code]])
    return author.event(**({"kind": JOIN, "tags": tags} | fields))


def leave(author: Author, **fields: object) -> Event:
    return author.event(**({"kind": LEAVE, "tags": [["-"]]} | fields))


def ask(relay: RelayProcess, author: Author, event: Event) -> tuple[bool, str]:
    """What the relay answers to an event that its author hands in, authenticated."""
    with connected_as(relay.url, author) as client:
        accepted, text = client.publish(event)[2:]
        return accepted, text


def fetch(client: Client, query: dict) -> list[Event]:
    """What is stored, the oldest first; live events of the fetch before may have come meanwhile."""
    events = {event["id"]: event for event in client.fetch(query)}
    return sorted(events.values(), key=lambda event: event["created_at"])


def listed(client: Client, key: str) -> set[str]:
    """Whom the relay's list names."""
    events = fetch(client, {"kinds": [LIST], "authors": [key]})
    if not events:
        return set()
    event = events[-1]
    assert event["tags"][0] == ["-"] and event["content"] == ""
    assert all(len(tag) == 2 and tag[0] == "member" for tag in event["tags"][1:])
    names = [tag[1] for tag in event["tags"][1:]]
    assert len(set(names)) == len(names)
    return set(names)


def wait_for_list(client: Client, key: str, *authors: Author) -> None:
    expected = {author.pubkey for author in (MEMBER, *authors)}
    wait_until(lambda: listed(client, key) == expected, what="the list")


def told(client: Client, key: str) -> list[tuple[int, str]]:
    """Who came and who went, the oldest first; each is told as NIP-43 says."""
    events = fetch(client, {"kinds": [ADDED, REMOVED], "authors": [key]})
    assert all(len(event["tags"]) == 2 and event["tags"][0] == ["-"] for event in events)
    assert all(event["tags"][1][0] == "p" for event in events)
    return [(event["kind"], event["tags"][1][1]) for event in events]


class TestKey:
    """Line 44, and where the relay keeps its key."""

    def test_line_44_self_is_the_relays_key_and_stays_the_same(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON)
        key = own_key(relay)
        assert len(key) == 64 and key == key.lower() and int(key, 16)
        assert relay.stop() == 0
        assert own_key(relay.start()) == key
        relay.kill()
        assert own_key(relay.start()) == key

    @pytest.mark.sqlite_only("beside a PostgreSQL database there is no file")
    def test_the_relays_key_is_a_file_of_its_owners_and_is_shown_nowhere(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON)
        [file] = relay.folder.glob("*.key*")
        assert file.name == "relay.db.key" and file.stat().st_mode & 0o777 == 0o600
        secret = file.read_text().strip()
        assert Author(secret).pubkey == own_key(relay)
        self._is_hidden(relay, secret)

    @pytest.mark.sqlite_only("beside a PostgreSQL database there is no file")
    def test_a_key_that_is_there_is_whole_whenever_its_maker_is_killed(self, backend: Backend, tmp_path: Path) -> None:
        relay = RelayProcess(tmp_path, backend.database(tmp_path), ON)
        file, found = tmp_path / "relay.db.key", set()
        for milliseconds in range(0, 300, 20):
            relay.launch()
            time.sleep(milliseconds / 1_000)
            relay.kill()
            if file.exists():
                assert file.stat().st_mode & 0o777 == 0o600
                found.add(Author(file.read_text().strip()).pubkey)
        assert len(found) <= 1
        assert own_key(relay.start()) in found or not found
        assert relay.stop() == 0

    @pytest.mark.postgres_only("beside an SQLite database the key is a file")
    def test_the_relays_key_is_a_record_that_is_shown_nowhere(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON)
        [(value,)] = relay.store.query(
            "SELECT convert_from(value, 'UTF8') FROM martlet.record WHERE section = 'relay_key'"
        )
        secret = json.loads(value)["hex"]
        assert Author(secret).pubkey == own_key(relay)
        assert list(relay.folder.glob("*.key*")) == []
        self._is_hidden(relay, secret)

    @staticmethod
    def _is_hidden(relay: RelayProcess, secret: str) -> None:
        shown = [
            relay.run(*words).stdout for words in (("config", "show"), ("config", "check"), ("audit",), ("export",))
        ]
        shown += [relay.run("members", words).stdout for words in ("list", "invitations")]
        shown.append(relay.run("backup", relay.folder / "backup").stdout)
        for method in call(relay.port, ADMIN, "supportedmethods"):
            if method.startswith("list"):
                shown.append(json.dumps(call(relay.port, ADMIN, method)))
        shown += [json.dumps(relay.information()), relay.log_file.read_text()]
        assert all(secret not in text for text in shown)

    def test_the_relays_key_may_be_a_file_that_is_configured(self, start_relay: RelayFactory, tmp_path: Path) -> None:
        file, own = tmp_path / "own.key", Author()
        configuration = {"url": URL, "access": {"membership_events": True, "relay_key_file": str(file)}}
        for text in (own.keys.secret_key().to_hex() + "\n", own.keys.secret_key().to_bech32()):
            file.touch(0o600)
            file.write_text(text)
            relay = start_relay(configuration)
            assert own_key(relay) == own.pubkey
            assert list(relay.folder.glob("*.key*")) == []
            assert relay.stop() == 0
        file.unlink()
        made = own_key(start_relay(configuration))
        assert made != own.pubkey and file.stat().st_mode & 0o777 == 0o600
        assert Author(file.read_text().strip()).pubkey == made

    def test_a_file_that_is_no_key_or_no_secret_ends_the_start(self, backend: Backend, tmp_path: Path) -> None:
        file, exposed, no_key = tmp_path / "own.key", "may be read by others than its owner", "holds no secret key"
        access = {"membership_events": True, "relay_key_file": str(file)}
        relay = RelayProcess(tmp_path, backend.database(tmp_path), {"url": URL, "access": access})
        texts = ["", "a1" * 31, "a1" * 33, "A1" * 32, "00" * 32, "ff" * 32, "npub1qqqqqq"]
        cases = [("a1" * 32, mode, exposed) for mode in (0o644, 0o640)] + [(text, 0o600, no_key) for text in texts]
        for text, mode, why in cases:
            file.write_text(text)
            file.chmod(mode)
            for words in (("config", "check"), ("relay",)):
                result = run_command(*words, "--config", relay.config_file, folder=tmp_path)
                assert result.returncode == 1 and why in result.stderr and str(file) in result.stderr, result
                assert not text or text not in result.stdout + result.stderr
            assert file.read_text() == text

    @pytest.mark.postgres_only("another server may be away")
    def test_a_key_that_is_not_to_be_had_yet_is_waited_for(self, backend: Backend, tmp_path: Path) -> None:
        store = backend.database(tmp_path)
        store.execute(f'ALTER DATABASE "{store.name}" SET default_transaction_read_only = on')
        relay = RelayProcess(tmp_path / "relay", store, ON).start()
        try:
            document, friend = relay.information(), Author()
            assert "self" not in document and 43 not in document["supported_nips"]
            with connected_as(relay.url, MEMBER, friend) as client:
                assert client.publish(join(friend, "x"))[3].startswith("error: ")
                client.send("REQ", "x", {"kinds": [INVITATION]})
                assert client.wait_for(lambda message: message[1] == "x")[0] == "CLOSED"
                store.execute(
                    f'SET transaction_read_only = off; ALTER DATABASE "{store.name}" RESET default_transaction_read_only'
                )
                wait_until(lambda: 43 in relay.information()["supported_nips"], what="the key")
                wait_until_ready(relay)
                # Each session with the database comes back in its own time.
                for kind in (LIST, INVITATION):
                    found = wait_until(lambda kind=kind: self._answer(client, kind), what=f"kind {kind}")
                    assert found["pubkey"] == own_key(relay)
                code = command(relay, "invite")
                joined = lambda: client.publish(join(friend, code))[3].startswith(("info: ", "duplicate: "))
                wait_until(joined, what="joining")
        finally:
            assert relay.stop() == 0

    @staticmethod
    def _answer(client: Client, kind: int) -> Event | None:
        """An event of a kind; None also where the request is refused."""
        client.send("REQ", "answer", {"kinds": [kind]})
        message = client.wait_for(lambda message: message[1] == "answer")
        if message[0] == "EVENT":
            client.stored("answer")
        client.send("CLOSE", "answer")
        return message[2] if message[0] == "EVENT" else None

    def test_the_relays_own_key_is_not_banned(self, offering: RelayProcess) -> None:
        assert "relay's own" in fails(offering.port, ADMIN, "banpubkey", own_key(offering))


class TestList:
    """Line 65."""

    def test_line_65_members_are_listed_and_told_as_they_come_and_go(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON)
        key, friend = own_key(relay), Author()
        with Client(relay.url) as client:
            wait_for_list(client, key)
            client.subscribe("told", {"kinds": [ADDED, REMOVED, LIST], "authors": [key], "limit": 0})
            for kind, action in ((ADDED, "add"), (REMOVED, "remove")):
                command(relay, action, friend.pubkey)
                events = [client.live("told"), client.live("told")]
                assert {event["kind"] for event in events} == {kind, LIST}
                [change] = [event for event in events if event["kind"] == kind]
                assert change["tags"] == [["-"], ["p", friend.pubkey]] and change["pubkey"] == key
            wait_for_list(client, key)
            assert told(client, key) == [(ADDED, friend.pubkey), (REMOVED, friend.pubkey)]

    def test_line_65_admins_bans_and_ends_of_memberships_are_told_too(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON)
        key, friend, guest = own_key(relay), Author(), Author()
        with Client(relay.url) as client:
            wait_for_list(client, key)
            call(relay.port, ADMIN, "allowpubkey", friend.pubkey)
            wait_for_list(client, key, friend)
            command(relay, "add", guest.pubkey, "--for", "4s")
            wait_for_list(client, key, friend, guest)
            wait_for_list(client, key, friend)
            call(relay.port, ADMIN, "banpubkey", friend.pubkey)
            wait_for_list(client, key)
            call(relay.port, ADMIN, "unbanpubkey", friend.pubkey)
            wait_for_list(client, key, friend)
            call(relay.port, ADMIN, "unallowpubkey", friend.pubkey)
            wait_for_list(client, key)
            comings = [(ADDED, friend.pubkey), (ADDED, guest.pubkey), (REMOVED, guest.pubkey)]
            again = [(REMOVED, friend.pubkey), (ADDED, friend.pubkey), (REMOVED, friend.pubkey)]
            assert told(client, key) == comings + again

    def test_line_65_what_happens_while_the_relay_is_dead_is_told_at_its_start(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON)
        key, friends = own_key(relay), [Author() for _ in range(3)]
        with Client(relay.url) as client:
            wait_for_list(client, key)
            command(relay, "add", friends[0].pubkey)
            relay.kill()
        command(relay, "add", friends[1].pubkey, friends[2].pubkey)
        command(relay, "remove", friends[1].pubkey)
        relay.start()
        with Client(relay.url) as client:
            wait_for_list(client, key, friends[0], friends[2])
            assert sorted(told(client, key)) == sorted((ADDED, friends[index].pubkey) for index in (0, 2))

    def test_line_65_a_relay_that_is_killed_again_and_again_tells_each_change_once(
        self, start_relay: RelayFactory
    ) -> None:
        relay = start_relay(ON)
        key, friends = own_key(relay), [Author() for _ in range(8)]
        for index, friend in enumerate(friends):
            command(relay, "add", friend.pubkey)
            time.sleep(index * 0.07)
            relay.kill()
            relay.start()
        with Client(relay.url) as client:
            wait_for_list(client, key, *friends)
            assert sorted(told(client, key)) == sorted((ADDED, friend.pubkey) for friend in friends)

    def test_line_65_what_was_about_to_be_published_is_published_once(
        self, start_relay: RelayFactory, tmp_path: Path
    ) -> None:
        file, own, friend = tmp_path / "own.key", Author(), Author()
        file.touch(0o600)
        file.write_text(own.keys.secret_key().to_hex())
        relay = start_relay(ON | {"access": ON["access"] | {"relay_key_file": str(file)}})
        with Client(relay.url) as client:
            wait_for_list(client, own.pubkey)
        relay.kill()
        # As a relay leaves it that dies between the two.
        command(relay, "add", friend.pubkey)
        now = int(time.time())
        added = own.event(ADDED, tags=[["-"], ["p", friend.pubkey]], created_at=now)
        names = [["member", author.pubkey] for author in (MEMBER, friend)]
        new_list = own.event(LIST, tags=[["-"], *names], created_at=now + 1)
        plan = compact({"cut": False, "events": [compact(added), compact(new_list)]})
        table, value = ("martlet.record", f"convert_to('{plan}', 'UTF8')")
        if not relay.database.startswith("postgres"):
            table, value = ("record", f"CAST('{plan}' AS BLOB)")
        relay.store.execute(f"UPDATE {table} SET value = {value} WHERE section = 'membership' AND key = 'list'")
        relay.start()
        with Client(relay.url) as client:
            wait_for_list(client, own.pubkey, friend)
            time.sleep(1)
            assert fetch(client, {"kinds": [ADDED, REMOVED]}) == [added]
            assert fetch(client, {"kinds": [LIST]}) == [new_list]

    def test_line_65_the_list_is_read_by_whom_everything_is(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON | {"access": ON["access"] | {"read": "members"}})
        with connected_as(relay.url, MEMBER) as client:
            wait_for_list(client, own_key(relay))
        for client in (Client(relay.url), connected_as(relay.url, Author())):
            with client:
                client.send("REQ", "x", {"kinds": [LIST]})
                answer = client.wait_for(lambda message: message[0] != "AUTH")
                assert answer[0] == "CLOSED" and answer[2].split(":")[0] in ("auth-required", "restricted")

    def test_line_65_what_others_publish_of_these_kinds_is_theirs(self, start_relay: RelayFactory) -> None:
        relay = start_relay({"url": URL, "access": {"membership_events": True}})
        key, stranger = own_key(relay), Author()
        assert relay.information()["limitation"]["restricted_writes"] is False
        with connected_as(relay.url, stranger) as client:
            wait_until(lambda: client.fetch({"kinds": [LIST], "authors": [key]}), what="the list")
            foreign = [stranger.event(LIST, tags=[["-"], ["member", stranger.pubkey]])]
            foreign += [stranger.event(kind, tags=[["-"], ["p", stranger.pubkey]]) for kind in (ADDED, REMOVED)]
            foreign.append(stranger.event(33534, tags=[["-"], ["d", "king"]]))
            client.publish_all(foreign)
            assert listed(client, key) == set() and told(client, key) == []
            [own] = client.fetch({"kinds": [LIST], "authors": [key]})
            assert {event["id"] for event in fetch(client, {"kinds": [LIST]})} == {own["id"], foreign[0]["id"]}
            # It is protected: nobody hands it in but the relay.
            assert client.publish(own)[3].split(":")[0] in ("restricted", "duplicate")
            forged = own | {"tags": [["-"], ["member", stranger.pubkey]]}
            assert client.publish(forged)[2] is False

    def test_line_65_a_crowd_is_told_one_by_one(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON)
        key, crowd = own_key(relay), [Author() for _ in range(600)]
        with Client(relay.url) as client:
            wait_for_list(client, key)
            command(relay, "add", *(author.pubkey for author in crowd))
            wait_for_list(client, key, *crowd)
            names = {event["tags"][1][1] for event in client.fetch({"kinds": [ADDED], "limit": 1000})}
            assert names == {author.pubkey for author in crowd}

    def test_line_65_more_members_than_a_list_holds(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON | {"events": {"max_tags": 4}})
        key, friends = own_key(relay), [Author() for _ in range(5)]
        with Client(relay.url) as client:
            wait_for_list(client, key)
            command(relay, "add", *(author.pubkey for author in friends))
            everyone = sorted([MEMBER.pubkey, *(author.pubkey for author in friends)])
            wait_until(lambda: listed(client, key) == set(everyone[:3]), what="the list")
            assert told(client, key) == []
            assert any("does not hold all" in message for message in relay.messages())

    @pytest.mark.postgres_only("two nodes share a database")
    def test_line_65_nodes_share_the_key_and_tell_each_change_once(
        self, start_relay: RelayFactory, tmp_path: Path
    ) -> None:
        first = start_relay(ON)
        second = RelayProcess(tmp_path / "second", first.store, ON).start()
        try:
            key, friends = own_key(first), [Author() for _ in range(6)]
            assert own_key(second) == key
            codes = [command(first, "invite") for _ in friends]
            with Client(second.url) as client:
                wait_for_list(client, key)
                client.subscribe("told", {"kinds": [ADDED], "limit": 0})
                for index, (friend, code) in enumerate(zip(friends, codes, strict=True)):
                    node = (first, second)[index % 2]
                    assert ask(node, friend, join(friend, code))[1].startswith("info: ")
                assert {client.live("told")["tags"][1][1] for _ in friends} == {friend.pubkey for friend in friends}
                wait_for_list(client, key, *friends)
                assert ask(first, friends[0], leave(friends[0]))[0]
                first.kill()
                wait_for_list(client, key, *friends[1:])
                first.start()
                time.sleep(2)
                expected = [(ADDED, friend.pubkey) for friend in friends] + [(REMOVED, friends[0].pubkey)]
                assert sorted(told(client, key)) == sorted(expected)
        finally:
            assert second.stop() == 0

    @pytest.mark.postgres_only("two nodes share a database")
    def test_line_65_nodes_that_are_killed_tell_each_change_once(
        self, backend: Backend, tmp_path: Path, pytestconfig: pytest.Config
    ) -> None:
        chance = random.Random(pytestconfig.getoption("seed"))
        store = backend.database(tmp_path)
        nodes = [RelayProcess(tmp_path / f"node-{number}", store, ON).start() for number in range(2)]
        try:
            key, current, gone = own_key(nodes[0]), {}, set()
            for _ in range(KILLS):
                for _ in range(chance.randrange(1, 4)):
                    if current and chance.random() < 0.4:
                        friend = current.pop(chance.choice(sorted(current)))
                        command(nodes[0], "remove", friend.pubkey)
                        gone.add(friend.pubkey)
                    else:
                        friend = Author()
                        command(nodes[0], "add", friend.pubkey)
                        current[friend.pubkey] = friend
                    time.sleep(chance.random() * 0.4)
                node = chance.choice(nodes)
                node.kill()
                node.start()
            with Client(nodes[0].url) as client:
                wait_for_list(client, key, *current.values())
                time.sleep(2)
                wait_for_list(client, key, *current.values())
                events = told(client, key)
                assert len(set(events)) == len(events), "nothing is told twice"
                added, removed = ({name for kind, name in events if kind == wanted} for wanted in (ADDED, REMOVED))
                # Who came and went before anybody had told so was nobody.
                assert added == set(current) | removed and removed <= gone
        finally:
            assert [node.stop() for node in nodes] == [0, 0]

    @pytest.mark.postgres_only("two nodes share a database")
    def test_line_65_nodes_that_start_at_once_agree_on_a_key(self, backend: Backend, tmp_path: Path) -> None:
        store = backend.database(tmp_path)
        nodes = [RelayProcess(tmp_path / f"node-{number}", store, ON) for number in range(3)]
        try:
            starts = [threading.Thread(target=node.start) for node in nodes]
            for start in starts:
                start.start()
            for start in starts:
                start.join()
            assert len({own_key(node) for node in nodes}) == 1
            with Client(nodes[0].url) as client:
                wait_for_list(client, own_key(nodes[0]))
                assert told(client, own_key(nodes[0])) == []
        finally:
            assert [node.stop() for node in nodes] == [0, 0, 0]


class TestJoining:
    """Line 66."""

    def test_line_66_a_code_lets_in_whoever_has_it_as_often_as_it_says(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON)
        key = own_key(relay)
        code = command(relay, "invite", "--uses", "2", "--expires", "1h")
        first, second, third = Author(), Author(), Author()
        with connected_as(relay.url, first) as client, Client(relay.url) as other:
            other.subscribe("all", {"limit": 0})
            assert client.publish(first.event())[2] is False
            asked = join(first, code)
            assert client.publish(asked)[2:] == [True, f"info: welcome to {URL}!"]
            assert client.publish(first.event())[2] is True
            for again in (asked, join(first, code), join(first, "nonsense")):
                assert client.publish(again)[2:] == [True, "duplicate: you are already a member of this relay."]
            assert "1 use " in command(relay, "invitations") and code in command(relay, "invitations")
            assert ask(relay, second, join(second, code))[1].startswith("info: ")
            assert command(relay, "invitations") == ""
            assert ask(relay, third, join(third, code)) == (False, "restricted: that is an invalid invite code.")
            wait_for_list(client, key, first, second)
            assert sorted(told(client, key)) == sorted((ADDED, author.pubkey) for author in (first, second))
            # Nobody sees a request, and none is kept.
            assert {message[2]["kind"] for message in other.arrived()} <= {1, ADDED, LIST}
            assert client.fetch({"kinds": [JOIN]}) == []
            assert client.publish(join(MEMBER, code))[3].startswith("restricted: "), "it is another's"
        assert ask(relay, MEMBER, join(MEMBER, code))[1].startswith("duplicate: ")

    def test_line_66_a_protected_request_is_its_authors_to_hand_in(self, offering: RelayProcess) -> None:
        code = command(offering, "invite")
        friend = Author()
        with Client(offering.url) as client:
            text = challenge(client)
            assert client.publish(join(friend, code))[3].startswith("auth-required: ")
            authenticate(client, text, Author())
            assert client.publish(join(friend, code))[3].startswith("restricted: ")
            # Without the tag the signature is enough.
            assert client.publish(join(friend, code, tags=[["claim", code]]))[3].startswith("info: ")

    def test_line_66_a_code_that_is_none_is_restricted(self, offering: RelayProcess) -> None:
        good = command(offering, "invite")
        friend = Author()
        with connected_as(offering.url, friend) as client:
            odd = ["é\u0000", "'; DROP TABLE record; --", "c" * 10_000]
            for code in (None, "", "x", "0" * 32, good[:-1], good + " ", *odd):
                accepted, text = client.publish(join(friend, code))[2:]
                assert (accepted, text.split(":")[0]) == (False, "restricted"), code
            empty = client.publish(join(friend, None, tags=[["-"], ["claim"], ["claim", "x"]]))
            assert empty[2] is False and empty[3].startswith("restricted: ")
            assert client.publish(join(friend, good))[3].startswith("info: ")

    def test_line_66_requests_of_another_time_and_ended_codes_are_restricted(self, offering: RelayProcess) -> None:
        ended, good = command(offering, "invite", "--expires", "1s"), command(offering, "invite")
        friend = Author()
        with connected_as(offering.url, friend) as client:
            for seconds in (-310, 310):
                accepted, text = client.publish(join(friend, good, created_at=int(time.time()) + seconds))[2:]
                assert accepted is False and text.startswith("restricted: ")
            time.sleep(2)
            assert client.publish(join(friend, ended))[2:] == [False, "restricted: that invite code is expired."]
            assert ended not in command(offering, "invitations")
            forged = join(friend, good) | {"sig": "0" * 128}
            assert client.publish(forged)[3].startswith("invalid: ")
            late = join(friend, good, created_at=int(time.time()) - 290)
            assert client.publish(late)[3].startswith("info: ")

    def test_line_66_a_code_is_used_no_more_often_than_it_says_by_many_at_once(
        self, start_relay: RelayFactory, backend: Backend, tmp_path: Path
    ) -> None:
        nodes = [start_relay(ON)]
        if backend.is_postgres:
            nodes.append(RelayProcess(tmp_path / "second", nodes[0].store, ON).start())
        code = command(nodes[0], "invite", "--uses", "5")
        authors = [Author() for _ in range(12)]
        clients = [connected_as(nodes[index % len(nodes)].url, author) for index, author in enumerate(authors)]
        requests = [join(author, code) for author in authors]
        for client, request in zip(clients, requests, strict=True):
            client.send("EVENT", request)
        answers = [client.ok(request) for client, request in zip(clients, requests, strict=True)]
        assert sum(answer[2] for answer in answers) == 5, answers
        assert all(answer[3].startswith(("info: ", "restricted: ")) for answer in answers), answers
        joined = {author.pubkey for author, answer in zip(authors, answers, strict=True) if answer[2]}
        with Client(nodes[-1].url) as client:
            key = own_key(nodes[-1])
            wait_until(lambda: listed(client, key) == joined | {MEMBER.pubkey}, what="the list")
            assert sorted(told(client, key)) == sorted((ADDED, name) for name in joined)
        for client in clients:
            client.open.close()
        assert all(node.stop() == 0 for node in nodes)

    def test_line_66_the_banned_do_not_join(self, offering: RelayProcess) -> None:
        friend, code = Author(), command(offering, "invite")
        call(offering.port, ADMIN, "banpubkey", friend.pubkey)
        with Client(offering.url) as client:
            assert client.publish(join(friend, code, tags=[["claim", code]]))[3].startswith("blocked: ")

    def test_invitations_are_listed_and_revoked(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON)
        code, other = command(relay, "invite", "--uses", "3"), command(relay, "invite")
        lines = [json.loads(line) for line in command(relay, "invitations", "--json").splitlines()]
        assert [(line["code"], line["uses"]) for line in lines] == [(code, 3), (other, 1)]
        assert command(relay, "revoke", code) == "revoked 1 invitation"
        assert code not in command(relay, "invitations")
        friend = Author()
        assert ask(relay, friend, join(friend, code))[1].startswith("restricted: ")
        assert ask(relay, friend, join(friend, other))[1].startswith("info: ")

    def test_commands_that_make_no_sense_are_refused(self, backend: Backend, tmp_path: Path) -> None:
        relay = RelayProcess(tmp_path, backend.database(tmp_path), ON)
        for arguments in (
            *(("invite", "--uses", uses) for uses in ("0", "-1", "x", "1000001")),
            *(("invite", "--expires", length) for length in ("0s", "soon", "101y")),
            *(("revoke", *codes) for codes in ((), ("nonsense",), ("",), ("c" * 1_000,))),
        ):
            result = relay.run("members", *arguments, check=False)
            assert result.returncode != 0 and result.stderr and result.stdout == "", arguments
        relay.configuration = relay.configuration | {"access": {}}
        relay.write_configuration()
        result = relay.run("members", "invite", check=False)
        assert result.returncode == 1 and "access.membership_events" in result.stderr, "nobody could join"


class TestInvitations:
    """Line 67, the first half."""

    def test_line_67_members_are_given_invitations_that_are_not_stored(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON)
        key, friend = own_key(relay), Author()
        with Client(relay.url) as client:
            text = challenge(client)
            assert client.fetch({"kinds": [INVITATION]}) == []
            authenticate(client, text, MEMBER)
            [invitation] = client.subscribe("invite", {"kinds": [INVITATION], "authors": [key]})
            [other] = client.subscribe("invite", {"kinds": [INVITATION, 1], "limit": 3}, {"kinds": [INVITATION]})
            assert invitation["pubkey"] == key and abs(invitation["created_at"] - time.time()) < 20
            assert [tag[0] for tag in invitation["tags"]] == ["-", "claim"]
            code = invitation["tags"][1][1]
            assert code not in json.dumps(other)
            assert client.fetch({"ids": [invitation["id"]]}) == []
            # What asks for something else, or of another's, gets none.
            for asked in (
                {"kinds": [INVITATION], "authors": [MEMBER.pubkey]},
                {"kinds": [INVITATION], "limit": 0},
                {"kinds": [INVITATION], "#p": [MEMBER.pubkey]},
                {"kinds": [INVITATION], "until": 1},
                {"authors": [key], "kinds": [1, JOIN, LEAVE]},
            ):
                assert client.fetch(asked) == [], asked
            assert INVITATION not in {event["kind"] for event in client.fetch({"authors": [key]})}
            client.send("COUNT", "count", {"kinds": [INVITATION]})
            assert client.wait_for(lambda message: message[0] == "COUNT")[2]["count"] == 0
            assert command(relay, "invitations").count(MEMBER.keys.public_key().to_bech32()) == 2
        assert ask(relay, friend, join(friend, code))[1].startswith("info: ")
        stranger = Author()
        assert ask(relay, stranger, join(stranger, code))[1].startswith("restricted: ")
        assert "invited by" in command(relay, "show", friend.pubkey)

    def test_line_67_admins_invite_and_strangers_do_not(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON)
        with connected_as(relay.url, ADMIN) as client:
            assert len(client.fetch({"kinds": [INVITATION]})) == 1
        with connected_as(relay.url, Author()) as client:
            assert client.fetch({"kinds": [INVITATION]}) == []
        assert len(command(relay, "invitations").splitlines()) == 1

    def test_line_67_who_may_not_read_is_not_answered(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON | {"access": ON["access"] | {"read": "members"}})
        for client, prefix in ((Client(relay.url), "auth-required"), (connected_as(relay.url, Author()), "restricted")):
            with client:
                client.send("REQ", "x", {"kinds": [INVITATION]})
                answer = client.wait_for(lambda message: message[0] != "AUTH")
                assert answer[:2] == ["CLOSED", "x"] and answer[2].startswith(prefix + ": ")
        assert command(relay, "invitations") == ""

    def test_line_67_nobody_fills_the_database_with_invitations(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON)
        with connected_as(relay.url, MEMBER) as client:
            codes = [client.fetch({"kinds": [INVITATION]})[0]["tags"][1][1] for _ in range(15)]
            assert len(set(codes)) == 10 and codes[9:] == [codes[9]] * 6
            assert len(command(relay, "invitations").splitlines()) == 10
            # Asked for at once, also by one name: each name is answered, or told to wait.
            for number in range(100):
                client.send("REQ", f"{number}", {"kinds": [INVITATION]})
            for _ in range(100):
                client.send("REQ", "same", {"kinds": [INVITATION]})
            for number in range(100):
                name = f"{number}"
                answer = client.wait_for(lambda message, name=name: message[1] == name)
                assert answer[0] in ("EVENT", "CLOSED"), answer
            assert len(command(relay, "invitations").splitlines()) == 10
            friend = Author()
            assert ask(relay, friend, join(friend, codes[0]))[1].startswith("info: ")
        with connected_as(relay.url, MEMBER) as client:
            [fresh] = client.fetch({"kinds": [INVITATION]})
            assert fresh["tags"][1][1] not in codes, "one was used, so there is room for another"

    def test_line_67_a_code_is_worth_nothing_when_its_giver_is_gone(self, offering: RelayProcess) -> None:
        friend, stranger = Author(), Author()
        command(offering, "add", friend.pubkey)
        with connected_as(offering.url, friend) as client:
            events = wait_until(lambda: client.fetch({"kinds": [INVITATION]}), what="an invitation")
            assert client.publish(leave(friend))[2] is True
            code = events[0]["tags"][1][1]
            assert client.publish(join(friend, code))[3].startswith("restricted: ")
        assert ask(offering, stranger, join(stranger, code))[1].startswith("restricted: ")

    def test_line_67_nobody_but_the_relay_publishes_invitations(self, offering: RelayProcess) -> None:
        with connected_as(offering.url, MEMBER) as client, Client(offering.url) as other:
            other.subscribe("all", {"kinds": [INVITATION, JOIN, LEAVE]})
            false = MEMBER.event(INVITATION, tags=[["-"], ["claim", "x"]])
            assert client.publish(false)[3].startswith("blocked: ")
            client.publish(join(MEMBER, "x"))
            assert other.arrived() == []


class TestLeaving:
    """Line 67, the second half."""

    def test_line_67_members_leave(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON)
        key, friend, stranger = own_key(relay), Author(), Author()
        command(relay, "add", friend.pubkey)
        with connected_as(relay.url, friend, stranger, MEMBER) as client:
            wait_for_list(client, key, friend)
            now = int(time.time())
            for bad in (
                leave(friend, tags=[]),
                leave(friend, tags=[["x", "-"], ["-", ""]]),
                leave(friend, created_at=now - 310),
                leave(friend, created_at=now + 310),
                leave(stranger),
                leave(MEMBER),
            ):
                accepted, text = client.publish(bad)[2:]
                assert accepted is False and text.startswith("restricted: "), text
            assert client.publish(leave(friend) | {"sig": "0" * 128})[3].startswith("invalid: ")
            assert listed(client, key) == {MEMBER.pubkey, friend.pubkey}
            request = leave(friend)
            assert client.publish(request)[2:] == [True, "info: you are no longer a member of this relay."]
            assert client.publish(request)[3].startswith("restricted: ")
            wait_for_list(client, key)
            assert told(client, key) == [(ADDED, friend.pubkey), (REMOVED, friend.pubkey)]
            assert client.fetch({"kinds": [LEAVE]}) == []
        assert friend.keys.public_key().to_bech32() not in command(relay, "list")

    def test_line_67_nobody_makes_another_leave(self, offering: RelayProcess) -> None:
        friend = Author()
        command(offering, "add", friend.pubkey)
        # A request that another relay was given, and hands on: it names no relay, but it is protected.
        request = leave(friend)
        with Client(offering.url) as client:
            assert client.publish(request)[3].startswith("auth-required: ")
        assert ask(offering, Author(), request)[1].startswith("restricted: ")
        assert friend.keys.public_key().to_bech32() in command(offering, "list")

    def test_line_67_a_member_who_has_left_can_come_back(self, start_relay: RelayFactory) -> None:
        relay = start_relay(ON)
        key, friend = own_key(relay), Author()
        code = command(relay, "invite", "--uses", "2")
        with connected_as(relay.url, friend) as client:
            for _ in range(2):
                assert client.publish(join(friend, code))[3].startswith("info: ")
                wait_for_list(client, key, friend)
                assert client.publish(leave(friend))[3].startswith("info: ")
                wait_for_list(client, key)
            assert len(told(client, key)) == 4


class TestOffer:
    """Line 68."""

    def test_line_68_43_is_advertised_where_it_is_on(self, start_relay: RelayFactory) -> None:
        document = start_relay(ON).information()
        assert 43 in document["supported_nips"] and document["supported_nips"] == sorted(document["supported_nips"])
        off = start_relay({"url": URL})
        document = off.information()
        assert 43 not in document["supported_nips"] and "self" not in document
        assert list(off.folder.glob("*.key*")) == []
        friend = Author()
        with connected_as(off.url, friend) as client:
            assert client.fetch({"kinds": [LIST]}) == []
            # They are ephemeral events like others.
            client.subscribe("live", {"kinds": [JOIN]})
            client.publish_all([request := join(friend, "x")])
            assert ids([client.live("live")]) == [request["id"]]

    def test_line_68_what_cannot_work_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "closed.yaml"
        file.write_text("listen: 0.0.0.0:7777\naccess: {membership_events: true}\n")
        for words in (("config", "check"), ("relay",)):
            result = run_command(*words, "--config", file, folder=tmp_path)
            assert result.returncode == 1 and "access.membership_events" in result.stderr
            assert "public URL" in result.stderr
