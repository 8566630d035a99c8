"""A relay and the model side by side: what they say to the same messages must be the same."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from support.client import Client, Filter
from support.events import Event, compact, ids
from support.model import Model, needs_login
from support.relay_process import RelayProcess
from support.wire import request


def model_of(relay: RelayProcess) -> Model:
    """An empty model with the limits that the relay publishes (NIP-11)."""
    document = json.loads(request(relay.port, fields={"Accept": "application/nostr+json"}).body)
    limitation = document["limitation"]
    return Model(limitation["default_limit"], limitation["max_limit"])


def seconds_since(earlier: float) -> range:
    """The seconds that the relay's clock may have shown since; it may lag behind by a tick."""
    return range(int(earlier - 0.1), int(time.time()) + 1)


@dataclass
class Comparison:
    """Asks both; `where` is what a failure says of how to come to it again."""

    model: Model
    where: str
    asked: int = 0
    shown: int = 0
    names: int = field(default=0, repr=False)

    def fail(self, what: str) -> None:
        pytest.fail(f"{self.where}: {what}", pytrace=False)

    def ask(self, client: Client, filters: list[Filter]) -> None:
        """Sends a REQ and compares all that comes before its EOSE."""
        self.asked += 1
        if needs_login(filters):
            name = self._next_name()
            client.send("REQ", name, *filters)
            answer = client.wait_for(lambda message: message[1] == name)
            if answer[0] != "CLOSED" or not answer[2].startswith("auth-required: "):
                self.fail(f"request {self.asked}: {compact(filters)} got {answer}")
            return
        self.compare(lambda: self._fetch(client, filters), filters)

    def _fetch(self, client: Client, filters: list[Filter]) -> list[Event]:
        name = self._next_name()
        events = client.subscribe(name, *filters)
        client.send("CLOSE", name)
        return events

    def _next_name(self) -> str:
        """A name of its own for each request: events may still come live for the one before, though it was closed."""
        self.names += 1
        return f"asked {self.names}"

    def compare(self, ask: Callable[[], list[Event]], filters: list[Filter]) -> None:
        """Compares an answer. Where an event expires meanwhile it counts for nothing: two pages may differ in it."""
        while True:
            before = time.time()
            received = ask()
            expected = self._expected(filters, seconds_since(before))
            if any(answer != expected[0] for answer in expected):
                continue
            if received != expected[0]:
                asked = compact(filters)[:3000]
                self.fail(f"request {self.asked} at {before:.2f}: {asked}\n{difference(received, expected[0])}")
            self.shown += len(received)
            return

    def _expected(self, filters: list[Filter], seconds: range) -> list[list[Event]]:
        """The model's answers in these seconds; one for all of them if nothing expires meanwhile."""
        if len(self.model.visible(seconds[0])) == len(self.model.visible(seconds[-1])):
            return [self.model.answer(filters, seconds[0])]
        return [self.model.answer(filters, now) for now in seconds]


def difference(received: list[Event], expected: list[Event]) -> str:
    """Where two answers part, without all that they hold."""
    got, wanted = ids(received), ids(expected)
    lines = [f"{len(got)} events instead of {len(wanted)}"]
    for name, own, others, events in (
        ("missing", wanted, set(got), expected),
        ("too many", got, set(wanted), received),
    ):
        lines += [f"{name}: {compact(event)[:400]}" for event, one in zip(events, own) if one not in others][:3]
    if sorted(got) == sorted(wanted):
        for position, (one, other) in enumerate(zip(received, expected)):
            if one != other:
                lines.append(f"number {position} is {compact(one)[:400]}\ninstead of {compact(other)[:400]}")
                break
    elif len(got) != len(set(got)):
        lines.append("an event comes twice")
    return "\n".join(lines)
