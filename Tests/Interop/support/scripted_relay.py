"""A relay in few lines that another relay is a client of: it pages, compares sets, and has the faults that it is given."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.sync.server import ServerConnection

from support.events import Event
from support.odd_relay import odd_relay


def matches(filter: dict[str, Any], event: Event) -> bool:
    """Whether an event matches a filter without tags (NIP-01)."""
    return (
        event["id"] in filter.get("ids", [event["id"]])
        and event["kind"] in filter.get("kinds", [event["kind"]])
        and event["pubkey"] in filter.get("authors", [event["pubkey"]])
        and filter.get("since", 0) <= event["created_at"] <= filter.get("until", 2**63)
    )


def id_list(events: list[Event]) -> str:
    """A message of NIP-77 that tells all ids at once."""
    count, digits = len(events), []
    while count or not digits:
        digits.insert(0, count % 128 | (128 if digits else 0))
        count //= 128
    return "61000002" + bytes(digits).hex() + "".join(event["id"] for event in events)


@dataclass
class ScriptedRelay:
    """What a relay holds, and what it has been told."""

    events: list[Event] = field(default_factory=list)
    #: Events that one request gets at most.
    cap: int = 500
    #: Events that one comparison may be about; None where the relay knows no NIP-77.
    comparable: int | None = 1_000_000
    #: Answers an EVENT with whether it is accepted, and why; takes the relay and the event.
    judge: Callable[["ScriptedRelay", Event], tuple[bool, str]] = lambda relay, event: (True, "")
    #: Whether requests and events are answered before the client has authenticated.
    wants_key: bool = False
    received: list[Event] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    comparisons: list[dict[str, Any]] = field(default_factory=list)
    authenticated: list[Event] = field(default_factory=list)

    def answer(self, message: list[Any], connection: ServerConnection) -> None:
        """Answers a message as the protocol says."""

        def send(*answer: Any) -> None:
            connection.send(json.dumps(answer))

        verb, name = message[0], message[1]
        if verb == "AUTH":
            self.authenticated.append(name)
            send("OK", name["id"], True, "")
        elif verb == "EVENT" and self.wants_key and not self.authenticated:
            send("OK", name["id"], False, "auth-required: who are you?")
        elif verb == "EVENT":
            is_accepted, reason = self.judge(self, name)
            if is_accepted:
                self.received.append(name)
            send("OK", name["id"], is_accepted, reason)
        elif verb == "REQ" and self.wants_key and not self.authenticated:
            send("CLOSED", name, "auth-required: who are you?")
        elif verb == "REQ":
            self.requests.append(message[2])
            for event in self.page(message[2]):
                send("EVENT", name, event)
            send("EOSE", name)
        elif verb == "NEG-OPEN" and self.comparable is None:
            send("NOTICE", "ERROR: bad msg: unknown cmd")
        elif verb == "NEG-OPEN":
            self.comparisons.append(message[2])
            found = [event for event in self.events if matches(message[2], event)]
            if len(found) > self.comparable:
                send("NEG-ERR", name, "blocked: too many records", self.comparable)
            else:
                found.sort(key=lambda event: (event["created_at"], event["id"]))
                send("NEG-MSG", name, id_list(found))

    def page(self, filter: dict[str, Any]) -> list[Event]:
        found = [event for event in self.events if matches(filter, event)]
        found.sort(key=lambda event: (-event["created_at"], event["id"]))
        return found[: min(filter.get("limit", self.cap), self.cap)]

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Its URL."""
        greeting = json.dumps(["AUTH", "challenge"]) if self.wants_key else None
        with odd_relay(self.answer, greeting) as url:
            yield url
