"""One rule of who may read what, tried at every door, with every key and nine shapes of filter (NIP-04, 17, 42, 59)."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from conftest import RelayFactory
from support.access import RELAY_URL, authenticate, challenge
from support.client import Client, Filter
from support.events import Author, Event
from support.relay_process import RelayProcess, wait_until

REFUSED = "refused"
#: What a reader is shown: ids, or that nothing is said at all.
Shown = set[str] | str


@dataclass
class Scene:
    """A sender's events, private and not, and those who ask for them."""

    relay: RelayProcess
    sender: Author = field(default_factory=Author)
    recipient: Author = field(default_factory=Author)
    stranger: Author = field(default_factory=Author)
    events: list[Event] = field(default_factory=list)
    word: str = field(default_factory=lambda: f"w{time.time_ns()}")

    def make(self, kind: int) -> Event:
        tags = [["p", self.recipient.pubkey], ["t", self.word]]
        return self.sender.event(kind, f"{self.word} for you, {next(self.sender.serial)}", tags)

    def publish(self) -> None:
        self.events = [self.make(kind) for kind in (1, 4, 1059, 1, 4)]
        self.events[3:] = [self.sender.event(kind, f"{self.word} for all", [["t", self.word]]) for kind in (1, 4)]
        with self.connect(self.sender) as client:
            client.publish_all(self.events)

    def connect(self, *authors: Author) -> Client:
        client = Client(self.relay.url)
        text = challenge(client)
        authenticate(client, text, *authors)
        return client

    @property
    def shapes(self) -> dict[str, Filter]:
        sender, recipient = self.sender.pubkey, self.recipient.pubkey
        now = int(time.time())
        return {
            "all": {"#t": [self.word], "limit": 500},
            "ids": {"ids": [event["id"] for event in self.events]},
            "authors": {"authors": [sender]},
            "author and kinds": {"authors": [sender], "kinds": [1, 4, 1059, 13]},
            "recipient": {"#p": [recipient]},
            "tag and kinds": {"#t": [self.word], "kinds": [1059, 1]},
            "time": {"since": now - 3_600, "until": now + 600, "authors": [sender]},
            "private kinds": {"kinds": [4, 1059], "authors": [sender]},
            "private kinds of a recipient": {"kinds": [1059], "#p": [recipient]},
        }

    def matching(self, filter: Filter) -> list[Event]:
        def matches(event: Event) -> bool:
            values = {tag[0]: tag[1] for tag in event["tags"]}
            return (
                event["id"] in filter.get("ids", [event["id"]])
                and event["kind"] in filter.get("kinds", [event["kind"]])
                and event["pubkey"] in filter.get("authors", [event["pubkey"]])
                and all(values.get(name) in filter.get(f"#{name}", [values.get(name)]) for name in "pt")
            )

        return [event for event in self.events if matches(event)]

    def visible(self, reader: Author | None, filter: Filter) -> Shown:
        """What the rule says: private events are for their author and those whom a `p` tag names."""
        if reader is None and set(filter.get("kinds", [1])) <= {4, 1059}:
            return REFUSED
        shown = set()
        for event in self.matching(filter):
            named = [tag[1] for tag in event["tags"] if tag[0] == "p"]
            if event["kind"] not in (4, 1059) or (reader and reader.pubkey in [event["pubkey"], *named]):
                shown.add(event["id"])
        return shown


def asked(client: Client, filter: Filter) -> Shown:
    client.send("REQ", "read", filter)
    shown = set()
    while True:
        message = client.wait_for(lambda message: message[0] in ("EVENT", "EOSE", "CLOSED") and message[1] == "read")
        if message[0] == "EVENT":
            shown.add(message[2]["id"])
        elif message[0] == "CLOSED":
            assert message[2].startswith(("auth-required: ", "restricted: ")), message
            return REFUSED
        else:
            # Nothing but what was shown is there for this reader.
            assert message[2:] in ([], [["finish"]]), message
            client.send("CLOSE", "read")
            return shown


def counted(client: Client, filter: Filter) -> dict[str, Any] | str:
    client.send("COUNT", "count", filter)
    message = client.wait_for(lambda message: message[0] in ("COUNT", "CLOSED") and message[1] == "count")
    return message[2] if message[0] == "COUNT" else REFUSED


def compared(client: Client, scene: Scene, filter: Filter) -> Shown:
    """What a reconciliation tells somebody who has nothing (NIP-77): the relay lists its ids."""
    client.send("NEG-OPEN", "sync", filter, "6100000200")
    message = client.wait_for(lambda message: message[0] in ("NEG-MSG", "NEG-ERR") and message[1] == "sync")
    if message[0] == "NEG-ERR":
        assert message[2].startswith(("auth-required: ", "restricted: ")), message
        return REFUSED
    client.send("NEG-CLOSE", "sync")
    return {event["id"] for event in scene.events if event["id"] in message[2]}


@pytest.fixture
def scene(start_relay: RelayFactory) -> Iterator[Scene]:
    scene = Scene(start_relay({"url": RELAY_URL}))
    scene.publish()
    yield scene


READERS: dict[str, Callable[[Scene], list[Author]]] = {
    "nobody": lambda scene: [],
    "a stranger": lambda scene: [scene.stranger],
    "the sender": lambda scene: [scene.sender],
    "the recipient": lambda scene: [scene.recipient],
    "a stranger who is the recipient too": lambda scene: [scene.stranger, scene.recipient],
}


@pytest.mark.parametrize("reader", READERS)
def test_line_91_stored_events_ids_counts_and_reconciliation(scene: Scene, reader: str) -> None:
    authors = READERS[reader](scene)
    with scene.connect(*authors) as client:
        for name, filter in scene.shapes.items():
            expected = scene.visible(authors[-1] if authors else None, filter)
            assert asked(client, filter) == expected, name
            count = counted(client, filter)
            assert (count if expected == REFUSED else count["count"]) == (
                REFUSED if expected == REFUSED else len(expected)
            ), name
            assert compared(client, scene, filter) == expected, name


def test_line_71_what_is_hidden_leaves_no_trace_in_registers(scene: Scene) -> None:
    filter = {"#t": [scene.word]}
    with scene.connect() as nobody, scene.connect(scene.stranger) as stranger:
        registers = counted(nobody, filter)["hll"]
        # One author of what is public, however many private events there are.
        assert sum(register != "00" for register in map("".join, zip(*[iter(registers)] * 2, strict=True))) == 1
        assert counted(stranger, filter)["hll"] == registers
        secret = Author().event(4, tags=[["p", scene.recipient.pubkey], ["t", scene.word]])
        with Client(scene.relay.url) as other:
            assert other.publish(secret)[2] is True
        assert counted(nobody, filter)["hll"] == registers
        assert counted(nobody, filter)["count"] == 2


@pytest.mark.parametrize("reader", READERS)
def test_line_74_search(scene: Scene, reader: str) -> None:
    authors = READERS[reader](scene)
    with scene.connect(*authors) as client:
        filter = {"search": scene.word}
        wait_until(lambda: len(client.fetch(filter)) >= 2, what="the index")
        shown = {event["id"] for event in client.fetch(filter)}
        # Private kinds are never indexed, not even for their parties.
        assert shown == {event["id"] for event in scene.events if event["kind"] == 1}


@pytest.mark.parametrize("reader", READERS)
def test_line_51_live(scene: Scene, reader: str) -> None:
    authors = READERS[reader](scene)
    with scene.connect(*authors) as client, scene.connect(scene.sender) as publisher:
        opened = {}
        for name, filter in scene.shapes.items():
            client.send("REQ", name, {key: value for key, value in filter.items() if key != "ids"} | {"limit": 0})
            answer = client.wait_for(lambda message: message[0] in ("EOSE", "CLOSED") and message[1] == name)
            opened[name] = answer[0] == "EOSE"
        before, scene.events = scene.events, [scene.make(kind) for kind in (1, 4, 1059, 21059)]
        for event in scene.events:
            assert publisher.publish(event)[2] is True
        arrived: dict[str, set[str]] = {name: set() for name in opened}
        for message in client.arrived():
            if message[0] == "EVENT" and message[1] in arrived:
                arrived[message[1]].add(message[2]["id"])
        private = {event["id"] for event in scene.events if event["kind"] != 1}
        parties = {scene.sender.pubkey, scene.recipient.pubkey}
        is_party = any(author.pubkey in parties for author in authors)
        for name in opened:
            assert is_party or not arrived[name] & private, name
        if is_party:
            assert arrived["author and kinds"] == {event["id"] for event in scene.events if event["kind"] != 21059}
            assert private <= arrived["authors"]
        assert scene.events[0]["id"] in arrived["authors"]
        scene.events = before


def test_a_limit_counts_what_may_be_read(scene: Scene) -> None:
    with scene.connect(scene.stranger) as client:
        public = [event["id"] for event in scene.events if event["kind"] == 1]
        assert len(client.fetch({"authors": [scene.sender.pubkey], "limit": 2})) == 2
        assert {event["id"] for event in client.fetch({"#t": [scene.word], "limit": 2})} == set(public)


def test_line_99_where_members_read_nobody_else_does_at_any_door(start_relay: RelayFactory) -> None:
    member = Author()
    scene = Scene(
        start_relay({"url": RELAY_URL, "access": {"read": "members", "members": [member.pubkey]}}),
        sender=member,
    )
    scene.publish()
    for authors in ([], [scene.stranger], [scene.recipient]):
        with scene.connect(*authors) as client:
            for name, filter in scene.shapes.items():
                assert asked(client, filter) == REFUSED, name
                assert counted(client, filter) == REFUSED, name
                assert compared(client, scene, filter) == REFUSED, name
            assert asked(client, {"search": scene.word}) == REFUSED
    with scene.connect(member) as client:
        for name, filter in scene.shapes.items():
            assert asked(client, filter) == scene.visible(member, filter), name
