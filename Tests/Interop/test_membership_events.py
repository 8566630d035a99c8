"""Membership as the relay tells it and clients ask for it (checklist 44 and 65 to 68, NIP-43)."""

import json
import os
import time
from pathlib import Path

import pytest

from conftest import RelayFactory
from support.client import Client
from support.events import Author, Event
from support.management import URL
from support.relay_process import RelayProcess, run_command, wait_until
from support.wire import request

ADDED, REMOVED, LIST, JOIN, INVITATION, LEAVE = 8000, 8001, 13534, 28934, 28935, 28936
MEMBER = Author()
ON = {"url": URL, "access": {"write": "members", "membership_events": True, "members": [MEMBER.pubkey]}}


def info(relay: RelayProcess) -> dict:
    return json.loads(request(relay.port, fields={"Accept": "application/nostr+json"}).body)


def command(relay: RelayProcess, *arguments: str) -> str:
    done = run_command("members", *arguments, "--config", relay.config_file, folder=relay.folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def join(author: Author, code: str | None, **fields: object) -> Event:
    tags = [["-"]] + ([] if code is None else [["claim", code]])
    return author.event(**({"kind": JOIN, "tags": tags} | fields))


def leave(author: Author, **fields: object) -> Event:
    return author.event(**({"kind": LEAVE, "tags": [["-"]]} | fields))


def log_in(client: Client, author: Author) -> None:
    challenge = client.wait_for(lambda message: message[0] == "AUTH")[1]
    proof = author.event(22242, tags=[["relay", URL], ["challenge", challenge]])
    client.send("AUTH", proof)
    assert client.ok(proof)[2] is True


def members(client: Client, key: str) -> set[str]:
    """Whom the relay's list names."""
    [event] = client.fetch({"kinds": [LIST], "authors": [key]})
    assert ["-"] in event["tags"]
    return {tag[1] for tag in event["tags"] if tag[0] == "member"}


def test_line_44_self_is_the_relays_key_and_stays_the_same(start_relay: RelayFactory) -> None:
    relay = start_relay(ON)
    key = info(relay)["self"]
    assert len(key) == 64 and int(key, 16)
    assert relay.stop() == 0
    relay.start()
    assert info(relay)["self"] == key


@pytest.mark.sqlite_only("beside a PostgreSQL database there is no file")
def test_the_relays_key_is_a_file_of_its_owners_and_is_shown_nowhere(start_relay: RelayFactory) -> None:
    relay = start_relay(ON)
    [file] = relay.folder.glob("*.key")
    assert os.stat(file).st_mode & 0o777 == 0o600
    secret = file.read_text().strip()
    assert Author(secret).pubkey == info(relay)["self"]
    assert secret not in relay.log_file.read_text()
    assert secret not in run_command("config", "show", "--config", relay.config_file, folder=relay.folder).stdout


def test_the_relays_key_may_be_a_file_that_is_configured(start_relay: RelayFactory, tmp_path: Path) -> None:
    file = tmp_path / "relay.key"
    own = Author()
    file.touch(0o600)
    file.write_text(own.keys.secret_key().to_hex() + "\n")
    relay = start_relay({"url": URL, "access": {"membership_events": True, "relay_key_file": str(file)}})
    assert info(relay)["self"] == own.pubkey


def test_line_65_members_are_listed_and_told_as_they_come_and_go(start_relay: RelayFactory) -> None:
    relay = start_relay(ON)
    key = info(relay)["self"]
    friend = Author()
    with Client(relay.url) as client:
        wait_until(lambda: client.fetch({"kinds": [LIST]}), what="the list")
        assert members(client, key) == {MEMBER.pubkey}
        assert client.subscribe("told", {"kinds": [ADDED, REMOVED], "authors": [key]}) == []
        command(relay, "add", friend.pubkey)
        added = client.live("told")
        assert added["kind"] == ADDED and sorted(added["tags"]) == [["-"], ["p", friend.pubkey]]
        wait_until(lambda: members(client, key) == {MEMBER.pubkey, friend.pubkey}, what="the list")
        command(relay, "remove", friend.pubkey)
        removed = client.live("told")
        assert removed["kind"] == REMOVED and sorted(removed["tags"]) == [["-"], ["p", friend.pubkey]]
        wait_until(lambda: members(client, key) == {MEMBER.pubkey}, what="the list")


def test_line_66_a_code_lets_in_whoever_has_it_as_often_as_it_says(start_relay: RelayFactory) -> None:
    relay = start_relay(ON)
    key = info(relay)["self"]
    code = command(relay, "invite", "--uses", "2", "--expires", "1h")
    first, second, third = Author(), Author(), Author()
    with Client(relay.url) as client:
        assert client.publish(first.event())[2] is False
        answer = client.publish(join(first, code))
        assert answer[2] is True and answer[3].startswith("info: ")
        wait_until(lambda: first.pubkey in members(client, key), what="the list")
        again = client.publish(join(first, code))
        assert again[2] is True and again[3].startswith("duplicate: ")
        assert client.publish(join(second, code))[3].startswith("info: ")
        late = client.publish(join(third, code))
        assert late[2] is False and late[3].startswith("restricted: ")
        # Nobody sees a request, and none is kept.
        assert client.fetch({"kinds": [JOIN]}) == []
    with Client(relay.url) as client:
        log_in(client, first)
        assert client.publish(first.event())[2] is True


@pytest.mark.parametrize("code", [None, "", "x", "0" * 32, "é\u0000", "'; DROP TABLE record; --", "c" * 10_000])
def test_line_66_a_code_that_is_none_is_restricted(start_relay: RelayFactory, code: str | None) -> None:
    relay = start_relay(ON)
    with Client(relay.url) as client:
        answer = client.publish(join(Author(), code))
        assert answer[2] is False and answer[3].startswith("restricted: ")


def test_line_66_requests_of_another_time_and_ended_codes_are_restricted(start_relay: RelayFactory) -> None:
    relay = start_relay(ON)
    code = command(relay, "invite", "--expires", "1s")
    good = command(relay, "invite")
    with Client(relay.url) as client:
        for seconds in (-400, 400):
            answer = client.publish(join(Author(), good, created_at=int(time.time()) + seconds))
            assert answer[2] is False and answer[3].startswith("restricted: ")
        time.sleep(2)
        answer = client.publish(join(Author(), code))
        assert answer[2:] == [False, "restricted: that invite code is expired."]
        forged = join(Author(), good) | {"sig": "0" * 128}
        assert client.publish(forged)[3].startswith("invalid: ")
        assert client.publish(join(Author(), good))[2] is True


def test_line_67_members_are_given_invitations_that_are_not_stored(start_relay: RelayFactory) -> None:
    relay = start_relay(ON)
    key = info(relay)["self"]
    friend = Author()
    with Client(relay.url) as client:
        assert client.fetch({"kinds": [INVITATION]}) == []
        log_in(client, MEMBER)
        [invitation] = client.subscribe("invite", {"kinds": [INVITATION], "authors": [key]})
        [other] = client.subscribe("invite", {"kinds": [INVITATION]})
        assert invitation["pubkey"] == key and ["-"] in invitation["tags"]
        [code] = [tag[1] for tag in invitation["tags"] if tag[0] == "claim"]
        assert code not in json.dumps(other)
        assert client.fetch({"ids": [invitation["id"]]}) == []
        # What asks for something else, or of another's, gets none.
        assert client.fetch({"kinds": [INVITATION], "authors": [MEMBER.pubkey]}) == []
        assert client.publish(join(friend, code))[3].startswith("info: ")
        assert client.publish(join(Author(), code))[2] is False


def test_line_67_strangers_are_given_no_invitations(start_relay: RelayFactory) -> None:
    relay = start_relay(ON)
    with Client(relay.url) as client:
        log_in(client, Author())
        assert client.fetch({"kinds": [INVITATION]}) == []


def test_line_67_members_leave(start_relay: RelayFactory) -> None:
    relay = start_relay(ON)
    key = info(relay)["self"]
    friend = Author()
    command(relay, "add", friend.pubkey)
    with Client(relay.url) as client:
        wait_until(lambda: friend.pubkey in members(client, key), what="the list")
        for bad in (leave(friend, tags=[]), leave(friend, created_at=int(time.time()) - 400), leave(Author())):
            answer = client.publish(bad)
            assert answer[2] is False and answer[3].startswith("restricted: ")
        answer = client.publish(leave(friend))
        assert answer[2] is True and answer[3].startswith("info: ")
        wait_until(lambda: friend.pubkey not in members(client, key), what="the list")
        assert friend.pubkey not in command(relay, "list")


def test_line_68_43_is_advertised_where_it_is_on(start_relay: RelayFactory) -> None:
    assert 43 in info(start_relay(ON))["supported_nips"]
    document = info(start_relay({"url": URL}))
    assert 43 not in document["supported_nips"] and "self" not in document


@pytest.mark.postgres_only("two nodes share a database")
def test_line_65_nodes_share_the_key_and_tell_once(start_relay: RelayFactory) -> None:
    first = start_relay(ON)
    second = start_relay(ON | {"database": first.database})
    key = info(first)["self"]
    assert info(second)["self"] == key
    friend = Author()
    with Client(second.url) as client:
        client.subscribe("told", {"kinds": [ADDED]})
        command(first, "add", friend.pubkey)
        assert client.live("told")["tags"][1] == ["p", friend.pubkey]
        wait_until(lambda: friend.pubkey in members(client, key), what="the list")
        time.sleep(1)
        assert len(client.fetch({"kinds": [ADDED]})) == 1
