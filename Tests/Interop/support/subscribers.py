"""Subscribers of a storm: many subscriptions on few connections, each with a record of what it received."""

import json
import select
import time
from array import array
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from support.client import Client
from support.events import Event, compact
from support.light import EVENT, IDENTIFIER, NAME, LightSocket, Sending, answered_id


@dataclass
class Plan:
    """A subscription to open: its name, which filters, and the two events that its last filter asks for.

    These mark its end. What was committed before the stored marker is delivered before it, also where the relay has
    sent EOSE and still catches up; the answer to another request would not tell that. Ephemeral events wait for the
    end of the catching up, in their own order, so that there is an ephemeral marker too.
    """

    name: str
    design: int
    filters: list[dict[str, Any]]
    markers: tuple[int, ...]
    # Seconds from EOSE to the markers; None ends it after some events or at EOSE, without them.
    stay: float | None = 0
    is_passing: bool = False


FAREWELL = Plan("farewell", -1, [{"ids": ["0" * 64], "limit": 0}], markers=())


@dataclass
class Record:
    """What a subscription received, by the numbers of the events, and when it was open."""

    plan: Plan
    asked: int
    numbers: array = field(default_factory=lambda: array("I"))
    # How many came before EOSE.
    stored: int | None = None
    complete: int | None = None
    # When its markers were sent: what was answered before belongs to it.
    ending: int | None = None
    marked: int = 0
    closed: int | None = None
    # When nothing more could come.
    ended: int | None = None


@dataclass
class Report:
    """What a process of subscribers hands back."""

    records: list[Record] = field(default_factory=list)
    markers: dict[str, Sending] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class Line:
    """One connection with subscriptions that last and some that come and go, `slots` at a time."""

    def __init__(
        self, port: int, events: list[Event], numbers: dict[bytes, int], lasting: list[Plan], passing: list[Plan]
    ) -> None:
        self.socket = LightSocket(port, seconds=120)
        self.events = events
        self.numbers = numbers
        self.report = Report()
        self.open: dict[bytes, Record] = {}
        self.ending: deque[Record] = deque()
        self.passing = deque(passing)
        self.present: list[Record] = []
        self.farewell: Record | None = None
        self.lasting = [self.ask(plan) for plan in lasting]

    def ask(self, plan: Plan) -> Record:
        record = Record(plan, time.monotonic_ns())
        self.open[plan.name.encode()] = record
        self.report.records.append(record)
        self.socket.send(compact(["REQ", plan.name, *plan.filters]))
        return record

    def take(self) -> None:
        """Takes what one read brings."""
        opened, numbers = self.open, self.numbers
        for text in self.socket.texts():
            if not text.startswith(EVENT):
                self.take_answer(text)
                continue
            record, number = opened.get(text[NAME]), numbers.get(text[IDENTIFIER])
            if record is None or number is None:
                self.report.problems.append(f"nobody asked for {text[:120]!r}")
                continue
            record.numbers.append(number)
            if number in record.plan.markers:
                record.marked += 1
                if record.marked == len(record.plan.markers):
                    self.close(record)

    def take_answer(self, text: bytes) -> None:
        if (identifier := answered_id(text)) is not None:
            self.report.markers[identifier.decode()].take(text)
            return
        message = json.loads(text)
        record = self.open.get(message[1].encode())
        if message[0] != "EOSE" or record is None or record.stored is not None:
            self.report.problems.append(f"unexpected: {message}")
            return
        record.complete = time.monotonic_ns()
        record.stored = len(record.numbers)
        # A request that is answered was read after the CLOSEs before it: of those nothing more may come.
        while self.ending and self.ending[0].closed < record.asked:
            gone = self.ending.popleft()
            gone.ended = record.complete
            del self.open[gone.plan.name.encode()]

    def mark(self, record: Record) -> None:
        """Begins to end a subscription."""
        record.ending = time.monotonic_ns()
        markers = [self.events[number] for number in record.plan.markers]
        self.report.markers |= {event["id"]: Sending(record.ending) for event in markers}
        self.socket.send(*(compact(["EVENT", event]) for event in markers))

    def close(self, record: Record) -> None:
        if record.closed is None:
            record.closed = time.monotonic_ns()
            self.ending.append(record)
            self.socket.send(compact(["CLOSE", record.plan.name]))

    def come_and_go(self, slots: int) -> None:
        """Ends the passing subscriptions whose time has come, and opens the next ones."""
        for record in self.present:
            stay = record.plan.stay
            if stay is None:
                if record.complete or len(record.numbers) > 20:
                    self.close(record)
            elif record.complete and record.ending is None and time.monotonic_ns() - record.complete >= stay * 1e9:
                self.mark(record)
        self.present = [record for record in self.present if record.closed is None]
        while len(self.present) < slots and self.passing:
            self.present.append(self.ask(self.passing.popleft()))

    def say_farewell(self) -> None:
        """Asks once more when all subscriptions are closed: behind the answer nothing can come."""
        if self.farewell is None:
            if all(record.closed for record in self.report.records):
                self.farewell = self.ask(FAREWELL)
                self.report.records.pop()
        elif self.farewell.complete:
            self.open.pop(FAREWELL.name.encode(), None)

    @property
    def is_answered(self) -> bool:
        return all(record.complete for record in self.lasting)

    @property
    def is_quiet(self) -> bool:
        return not self.open and all(sending.answered for sending in self.report.markers.values())


def subscribe(
    port: int, events: list[Event], plans: list[tuple[list[Plan], list[Plan]]], ready: Any, end: Any
) -> Report:
    """Runs the subscriptions of some connections until `end` is set and all of them have ended with their markers."""
    numbers = {event["id"].encode(): number for number, event in enumerate(events)}
    lines = [Line(port, events, numbers, *plan) for plan in plans]
    by_socket = {line.socket.socket: line for line in lines}

    def take(seconds: float) -> None:
        for socket in select.select(list(by_socket), [], [], seconds)[0]:
            by_socket[socket].take()

    while not all(line.is_answered for line in lines):
        take(1)
    ready.wait(60)
    while not end.is_set():
        take(0.01)
        for line in lines:
            line.come_and_go(slots=2)
    for line in lines:
        line.passing.clear()
        for record in line.lasting:
            line.mark(record)
    while not all(line.is_quiet for line in lines):
        take(0.01)
        for line in lines:
            line.come_and_go(slots=0)
            line.say_farewell()
    for line in lines:
        line.socket.close()
    return merged(lines)


def merged(lines: list[Line]) -> Report:
    whole = Report()
    for line in lines:
        whole.records += line.report.records
        whole.markers |= line.report.markers
        whole.problems += line.report.problems
    return whole


def subscribe_compressed(url: str, events: list[Event], plans: list[Plan], ready: Any, end: Any) -> Report:
    """The same for subscriptions that last, with a client that understands compressed messages."""
    numbers = {event["id"]: number for number, event in enumerate(events)}
    report = Report()
    with Client(url) as client:
        for plan in plans:
            report.records.append(Record(plan, time.monotonic_ns()))
            client.send("REQ", plan.name, *plan.filters)
        by_name = {record.plan.name: record for record in report.records}

        def take(seconds: float) -> None:
            try:
                kind, name, *rest = client.receive(seconds)
            except TimeoutError:
                return
            now = time.monotonic_ns()
            if kind == "EVENT":
                record, number = by_name[name], numbers[rest[0]["id"]]
                record.numbers.append(number)
                record.marked += number in record.plan.markers
            elif kind == "EOSE":
                by_name[name].complete, by_name[name].stored = now, len(by_name[name].numbers)
            elif kind == "OK":
                sending = report.markers[name]
                sending.answered, sending.accepted = now, rest[0]
            else:
                report.problems.append(f"unexpected: {[kind, name, *rest]}")

        while not all(record.complete for record in report.records):
            take(1)
        ready.wait(60)
        while not end.is_set():
            take(0.05)
        for record in report.records:
            record.ending = time.monotonic_ns()
            for number in record.plan.markers:
                report.markers[events[number]["id"]] = Sending(record.ending)
                client.send("EVENT", events[number])
        while not all(record.marked == len(record.plan.markers) for record in report.records) or not all(
            sending.answered for sending in report.markers.values()
        ):
            take(1)
        for record in report.records:
            record.ended = time.monotonic_ns()
    return report
