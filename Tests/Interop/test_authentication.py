"""Proofs of keys (NIP-42), and who may read and publish what by them."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from conftest import RelayFactory
from support.access import RELAY_URL, authenticate, challenge, connected_as, proof, prove
from support.client import Client, is_stored
from support.events import Author, compact, ids
from support.relay_process import RelayProcess


@pytest.fixture
def open_relay(start_relay: RelayFactory) -> RelayProcess:
    """A relay that has a public URL and lets everyone in."""
    return start_relay({"url": RELAY_URL})


@pytest.fixture
def as_author(request: pytest.FixtureRequest) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def closed(client: Client, name: str) -> str:
    return client.wait_for(lambda message: message[:2] == ["CLOSED", name])[2]


def test_line_58_a_challenge_is_sent_at_connect_and_is_random(open_relay: RelayProcess) -> None:
    seen = set()
    for _ in range(5):
        with Client(open_relay.url) as client:
            message = client.receive()
            assert message[0] == "AUTH" and len(message) == 2
            assert len(message[1]) >= 16
            seen.add(message[1])
    assert len(seen) == 5


def test_line_58_a_challenge_is_valid_on_its_connection_only(open_relay: RelayProcess, author: Author) -> None:
    with Client(open_relay.url) as client, Client(open_relay.url) as other:
        text, another = challenge(client), challenge(other)
        assert prove(client, proof(author, another))[2:] == [False, "invalid: the challenge is not the one of this connection"]
        assert prove(client, proof(author, text))[2] is True
        assert prove(client, proof(author, text))[2] is True


def test_line_59_every_auth_is_answered_by_ok(open_relay: RelayProcess, author: Author) -> None:
    now = int(time.time())
    with Client(open_relay.url) as client:
        text = challenge(client)
        good = proof(author, text)
        bad = [
            proof(author, text, created_at=now - 700),
            proof(author, text, created_at=now + 700),
            proof(author, text, url="wss://other.test"),
            proof(author, text, kind=1),
            proof(author, ""),
            author.event(22242),
            author.event(22242, tags=[["relay"], ["challenge"]]),
            good | {"sig": "0" * 128},
        ]
        for event in bad:
            answer = prove(client, event)
            assert answer[2] is False and answer[3].startswith("invalid: "), answer
        assert prove(client, good)[2:] == [True, ""]


def test_line_60_several_keys_count(open_relay: RelayProcess) -> None:
    authors = [Author() for _ in range(3)]
    with connected_as(open_relay.url, *authors) as client:
        for author in authors:
            assert client.publish(author.event(tags=[["-"]]))[2] is True


def test_line_61_the_relay_is_named_in_many_ways(open_relay: RelayProcess, author: Author) -> None:
    with Client(open_relay.url) as client:
        text = challenge(client)
        for url in ["wss://relay.test", "ws://relay.test/", "WSS://RELAY.TEST:443/", "wss://relay.test//"]:
            assert prove(client, proof(author, text, url))[2] is True
        for url in ["wss://relay.test:8080", "wss://relay.test/inbox", "relay.test", "", "wss://relay.test.evil.test"]:
            assert prove(client, proof(author, text, url))[2] is False


def test_line_62_a_proof_is_never_stored_and_never_told(open_relay: RelayProcess, author: Author) -> None:
    with Client(open_relay.url) as client, Client(open_relay.url) as other:
        other.subscribe("live", {"kinds": [22242]})
        event = proof(author, challenge(client))
        assert client.publish(event)[2:] == [False, "invalid: kind 22242 is sent in an AUTH message and never stored"]
        assert prove(client, event)[2] is True
        assert client.fetch({"kinds": [22242]}, {"ids": [event["id"]]}) == []
        assert [message for message in other.arrived() if message[0] == "EVENT"] == []


def test_line_63_and_64_a_challenge_comes_before_the_first_auth_required(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay({"url": RELAY_URL, "access": {"read": "members", "write": "members", "members": [author.pubkey]}})
    with Client(relay.url) as client:
        text = challenge(client)
        client.send("REQ", "a", {"kinds": [1]})
        assert client.receive() == ["AUTH", text]
        assert client.receive()[2].startswith("auth-required: ")
        # No loop: the next refusals come alone.
        for _ in range(3):
            client.send("REQ", "a", {"kinds": [1]})
            assert client.receive()[0] == "CLOSED"
            event = author.event()
            client.send("EVENT", event)
            answer = client.receive()
            assert answer[:3] == ["OK", event["id"], False] and answer[3].startswith("auth-required: ")
        stranger = Author()
        authenticate(client, text, stranger)
        client.send("REQ", "a", {"kinds": [1]})
        assert closed(client, "a").startswith("restricted: ")
        assert client.publish(stranger.event())[3].startswith("restricted: ")
        authenticate(client, text, author)
        assert client.publish(event := author.event())[2] is True
        assert ids(client.fetch({"kinds": [1]})) == [event["id"]]


def test_line_64_what_follows_a_proof_at_once_is_judged_by_it(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay({"url": RELAY_URL, "access": {"read": "members", "write": "members", "members": [author.pubkey]}})
    with Client(relay.url) as client:
        text = challenge(client)
        event = author.event()
        client.send("AUTH", proof(author, text))
        client.send("EVENT", event)
        client.send("REQ", "a", {"ids": [event["id"]]})
        assert client.ok(event)[2] is True
        assert client.stored("a") in ([event], [])


def test_members_publish_for_their_own_keys_only(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay({"url": RELAY_URL, "access": {"write": "members", "members": [author.pubkey]}})
    other = Author()
    with connected_as(relay.url, author) as client:
        assert client.publish(author.event())[2] is True
        assert client.publish(other.event())[2:] == [False, "restricted: members publish events of their own keys only"]
        wrap = other.event(1059, tags=[["p", author.pubkey]])
        assert client.publish(wrap)[2] is True
    with Client(relay.url) as client:
        assert len(client.fetch({"kinds": [1]})) == 1


def test_line_79_relay_lists_are_taken_from_anyone_where_the_operator_says_so(start_relay: RelayFactory) -> None:
    relay = start_relay({"url": RELAY_URL, "access": {"write": "members", "open_kinds": [10002, 10050]}})
    author = Author()
    with Client(relay.url) as client:
        assert client.publish(author.event(10002))[2] is True
        assert client.publish(author.event(10050))[2] is True
        assert client.publish(author.event(10003))[3].startswith("auth-required: ")


def test_without_proofs_the_author_decides(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay({"access": {"write": "members", "require_auth": False, "members": [author.pubkey]}})
    with Client(relay.url) as client:
        assert client.publish(author.event())[2] is True
        assert client.publish(Author().event())[2:] == [False, "restricted: only members may publish here"]


def test_line_85_protected_events_are_their_author_s_to_publish(open_relay: RelayProcess, author: Author) -> None:
    event = author.event(tags=[["-"]])
    with Client(open_relay.url) as client:
        text = challenge(client)
        client.send("EVENT", event)
        assert client.receive() == ["AUTH", text]
        assert client.ok(event)[3].startswith("auth-required: ")
        authenticate(client, text, Author())
        assert client.publish(event)[3].startswith("restricted: ")
        assert not is_stored(client, event)
        authenticate(client, text, author)
        assert client.publish(event)[2] is True
        assert is_stored(client, event)
    with Client(open_relay.url) as client:
        # A copy in a stranger's hand is refused, stored or not.
        assert client.publish(event)[3].startswith("auth-required: ")


def test_line_86_a_repost_of_a_protected_event(open_relay: RelayProcess, author: Author) -> None:
    protected = author.event(tags=[["-"], ["t", "x"]])
    with connected_as(open_relay.url, author) as client:
        for kind in (6, 16):
            for content in (compact(protected), " " + compact(protected)):
                answer = client.publish(author.event(kind, content))
                assert answer[2] is False and answer[3].startswith("blocked: "), answer
            assert client.publish(author.event(kind, compact(author.event())))[2] is True
            assert client.publish(author.event(kind, ""))[2] is True
        assert client.publish(author.event(1, compact(protected)))[2] is True


def test_line_84_a_relay_without_a_url_authenticates_nobody(client: Client, author: Author) -> None:
    event = proof(author, "x")
    answer = prove(client, event)
    assert answer[2] is False and answer[3].startswith("unsupported: ")
    assert client.publish(author.event(tags=[["-"]]))[3].startswith("blocked: ")
    client.send("REQ", "dm", {"kinds": [4]})
    assert closed(client, "dm").startswith("auth-required: ")
    assert client.fetch({"kinds": [1], "limit": 1}) is not None


def test_too_many_proofs_on_one_connection(open_relay: RelayProcess) -> None:
    with Client(open_relay.url) as client:
        text = challenge(client)
        answers = [prove(client, proof(Author(), text)) for _ in range(40)]
        assert [answer[2] for answer in answers] == [True] * 32 + [False] * 8
        assert answers[-1][3].startswith("rate-limited: ")
        for _ in range(100):
            last = prove(client, proof(Author(), "wrong"))
        assert last[3].startswith("rate-limited: ")
        assert client.fetch({"kinds": [1]}) == []


@pytest.mark.parametrize(
    "text",
    ['["AUTH"]', '["AUTH",1]', '["AUTH","x"]', '["AUTH",{}]', '["AUTH",[]]', '["AUTH",{"id":"x"}]', '["AUTH",null,null]'],
)
def test_an_auth_message_that_is_none_is_answered(open_relay: RelayProcess, text: str) -> None:
    with Client(open_relay.url) as client:
        challenge(client)
        assert client.ask(text)[0] in ("NOTICE", "OK")
        assert client.fetch({"limit": 1}) == []
