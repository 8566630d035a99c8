"""Members: added and removed beside a running relay, and what that means to connections that are open."""

import time
from pathlib import Path

import pytest

from conftest import RelayFactory
from support.access import RELAY_URL, authenticate, challenge, connected_as
from support.backends import Backend
from support.client import Client
from support.events import Author, ids
from support.relay_process import RelayProcess, run_command, wait_until

PRIVATE = {"url": RELAY_URL, "access": {"read": "members", "write": "members"}}


def npub(author: Author) -> str:
    return author.keys.public_key().to_bech32()


def may_publish(client: Client, author: Author) -> bool:
    return client.publish(author.event())[2]


def test_a_member_is_let_in_within_a_second(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay(PRIVATE)
    with connected_as(relay.url, author) as client:
        assert not may_publish(client, author)
        assert relay.run("members", "add", npub(author)).stdout == "added 1 member\n"
        added = time.monotonic()
        wait_until(lambda: may_publish(client, author), what="membership")
        assert time.monotonic() - added < 5
        assert len(client.fetch({"kinds": [1]})) == 1
        assert npub(author) in relay.run("members", "list").stdout
        assert "for ever" in relay.run("members", "show", author.pubkey).stdout


def test_who_is_no_member_any_more_hears_no_more(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay(PRIVATE)
    other = Author()
    relay.run("members", "add", npub(author), other.pubkey)
    with connected_as(relay.url, author) as client, connected_as(relay.url, other) as publisher:
        wait_until(lambda: may_publish(publisher, other), what="membership")
        client.subscribe("live", {"kinds": [1]})
        relay.run("members", "remove", author.pubkey)
        assert client.wait_for(lambda message: message[:2] == ["CLOSED", "live"])[2].startswith("restricted: ")
        assert may_publish(publisher, other)
        client.send("REQ", "again", {"kinds": [1]})
        assert client.wait_for(lambda message: message[1] == "again")[0] == "CLOSED"
        assert not may_publish(client, author)


def test_a_membership_ends(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay(PRIVATE | {"connections": {"ping_interval": "1s"}})
    relay.run("members", "add", npub(author), "--for", "4s", "--note", "a short one")
    with connected_as(relay.url, author) as client:
        wait_until(lambda: may_publish(client, author), what="membership")
        client.subscribe("live", {"kinds": [1]})
        assert client.wait_for(lambda message: message[:2] == ["CLOSED", "live"])[2].startswith("restricted: ")
        assert not may_publish(client, author)
        relay.run("members", "extend", npub(author), "--for", "1h")
        wait_until(lambda: may_publish(client, author), what="a longer membership")


def test_members_stay_members_after_a_restart_and_a_kill(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay(PRIVATE)
    relay.run("members", "add", npub(author))
    relay.kill()
    relay.start()
    with connected_as(relay.url, author) as client:
        wait_until(lambda: may_publish(client, author), what="membership")


def test_an_account_has_several_keys(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay(PRIVATE)
    phone = Author()
    relay.run("members", "add", npub(author))
    relay.run("members", "add", npub(phone), "--account", npub(author))
    with connected_as(relay.url, author) as client:
        wait_until(lambda: may_publish(client, phone), what="membership")
        assert not may_publish(client, Author())


@pytest.mark.parametrize(
    "words",
    [
        ("add",), ("add", "npub1x"), ("add", "zz"), ("add", "0" * 64, "--for", "soon"), ("remove",), ("extend", "0" * 64),
        ("show", "nsec1" + "q" * 58),
    ],
)
def test_wrong_usage_is_told(start_relay: RelayFactory, words: tuple[str, ...]) -> None:
    relay = start_relay(PRIVATE)
    result = relay.run("members", *words, check=False)
    assert result.returncode == 64 and result.stderr


def test_what_cannot_be_done_is_told(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay(PRIVATE)
    for words in [("remove", author.pubkey), ("show", author.pubkey), ("extend", author.pubkey, "--for", "1d")]:
        result = relay.run("members", *words, check=False)
        assert result.returncode == 1 and "is no member" in result.stderr
    relay.run("members", "add", author.pubkey)
    result = relay.run("members", "extend", author.pubkey, "--for", "1d", check=False)
    assert result.returncode == 1 and "does not end" in result.stderr


def test_a_member_added_through_one_node_is_known_to_all(
    backend: Backend, start_relay: RelayFactory, author: Author, tmp_path
) -> None:
    first = start_relay(PRIVATE)
    second = RelayProcess(tmp_path / "second", first.store, PRIVATE).start()
    try:
        first.run("members", "add", npub(author))
        with connected_as(second.url, author) as client:
            wait_until(lambda: may_publish(client, author), what="membership on the other node")
            assert len(ids(client.fetch({"authors": [author.pubkey]}))) >= 1
    finally:
        assert second.stop() == 0


def test_access_without_a_url_is_no_configuration(start_relay: RelayFactory, tmp_path: Path) -> None:
    file = tmp_path / "closed.yaml"
    for access in ("{read: members}", "{write: members}", "{write: authenticated}"):
        file.write_text(f"listen: 0.0.0.0:7777\naccess: {access}\n")
        for command in (("config", "check"), ("relay",)):
            result = run_command(*command, "--config", file, folder=tmp_path)
            assert result.returncode == 1 and "public URL" in result.stderr, result
    relay = start_relay({"access": {"write": "members", "require_auth": False}})
    with Client(relay.url) as client:
        assert client.fetch({"limit": 1}) == []


def test_line_46_what_the_document_says_of_access(start_relay: RelayFactory) -> None:
    for access, auth, restricted in [
        ({}, False, False),
        ({"write": "members"}, False, True),
        ({"read": "members"}, False, False),
        ({"read": "authenticated", "write": "members"}, True, True),
    ]:
        relay = start_relay({"url": RELAY_URL, "access": access})
        document = relay.information()
        assert document["limitation"]["auth_required"] is auth
        assert document["limitation"]["restricted_writes"] is restricted
        assert {42, 70} <= set(document["supported_nips"])


def test_a_proof_counts_for_the_connection_only(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay(PRIVATE | {"access": {"read": "members", "write": "members", "members": [author.pubkey]}})
    with Client(relay.url) as first, Client(relay.url) as second:
        authenticate(first, challenge(first), author)
        challenge(second)
        assert first.fetch({"kinds": [1]}) == []
        second.send("REQ", "x", {"kinds": [1]})
        assert second.wait_for(lambda message: message[1] == "x")[2].startswith("auth-required: ")
