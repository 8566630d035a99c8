"""What each subscription of a storm has to receive, and what it may: the protocol's rules on a list of events."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from support.events import Event
from support.light import Sending
from support.subscribers import Record

NEVER = 1 << 62
# Nanoseconds in which the relay's threads have surely had their turn.
ON_THE_WAY = 5_000_000_000


def matches(filter: dict[str, Any], event: Event) -> bool:
    """NIP-01: every field of a filter has to match; `limit` is no matter of matching."""
    for name, wanted in filter.items():
        if name == "ids" and event["id"] not in wanted:
            return False
        if name == "authors" and event["pubkey"] not in wanted:
            return False
        if name == "kinds" and event["kind"] not in wanted:
            return False
        if name == "since" and event["created_at"] < wanted:
            return False
        if name == "until" and event["created_at"] > wanted:
            return False
        if name[0] == "#" and not any(tag[0] == name[1] and tag[1] in wanted for tag in event["tags"]):
            return False
    return True


def is_ephemeral(event: Event) -> bool:
    return 20_000 <= event["kind"] < 30_000


def address(event: Event) -> str | None:
    """What a replaceable or addressable event is a version of."""
    kind = event["kind"]
    if kind in (0, 3) or 10_000 <= kind < 20_000:
        return f"{kind}:{event['pubkey']}:"
    if 30_000 <= kind < 40_000:
        return f"{kind}:{event['pubkey']}:{next((tag[1] for tag in event['tags'] if tag[0] == 'd'), '')}"
    return None


def rank(event: Event) -> tuple[int, int]:
    """Of two versions the one of the higher rank stands: the later one, or that with the lower id."""
    return event["created_at"], -int(event["id"], 16)


@dataclass
class Life:
    """When an event was published, and from when on it need not, and must not, be shown."""

    sending: Sending
    # When the first thing was sent that removes it, and when such a thing was first answered with true.
    threatened: int = NEVER
    gone: int = NEVER
    # Whether a deletion that removes it was answered before it was sent.
    is_late: bool = False
    is_foreign: bool = False


@dataclass
class Outcome:
    """What the check of one subscription found."""

    must: set[int]
    may: set[int]
    problems: list[str] = field(default_factory=list)


class StormModel:
    """All events of a storm, which of them remove which, and when all that happened.

    Events without a `Sending` were never published.
    """

    def __init__(self, events: list[Event], sendings: dict[str, Sending], foreign: Iterable[int] = ()) -> None:
        self.events = events
        self.lives = [Life(sendings.get(event["id"], Sending(NEVER, NEVER))) for event in events]
        for number in foreign:
            self.lives[number].is_foreign = True
        self.addresses = [address(event) for event in events]
        versions: dict[str, list[int]] = defaultdict(list)
        by_id = {event["id"]: number for number, event in enumerate(events)}
        for number, coordinate in enumerate(self.addresses):
            if coordinate:
                versions[coordinate].append(number)
        for group in versions.values():
            for killer in group:
                for number in group:
                    if rank(events[number]) < rank(events[killer]):
                        self.remove(number, killer)
        for killer, event in enumerate(events):
            for tag in event["tags"] if event["kind"] == 5 else []:
                targets = [by_id[tag[1]]] if tag[0] == "e" else versions[tag[1]] if tag[0] == "a" else []
                for number in targets:
                    if events[number]["pubkey"] != event["pubkey"] or events[number]["kind"] == 5:
                        continue
                    if tag[0] == "e" or events[number]["created_at"] <= event["created_at"]:
                        self.remove(number, killer)
                        if self.lives[killer].sending.answered < self.lives[number].sending.sent:
                            self.lives[number].is_late = True
        self.matching: dict[int, list[int]] = {}

    def remove(self, number: int, killer: int) -> None:
        life, sending = self.lives[number], self.lives[killer].sending
        life.threatened = min(life.threatened, sending.sent)
        if sending.accepted:
            life.gone = min(life.gone, sending.answered)

    def is_untouched(self, number: int) -> bool:
        """Whether an event was accepted and nothing that removes it was ever sent."""
        life = self.lives[number]
        return life.sending.accepted and life.threatened == NEVER

    def answers(self) -> list[str]:
        """What is wrong with the OKs: only what was deleted before it came, or while it came, is refused."""
        problems = []
        for event, life in zip(self.events, self.lives, strict=True):
            if life.sending.sent == NEVER:
                continue
            if life.sending.accepted and life.is_late:
                problems.append(f"accepted after its deletion: {event['id']}")
            is_blocked = life.threatened < NEVER and life.sending.text.startswith("blocked: ")
            if not life.sending.accepted and not is_blocked:
                problems.append(f"refused: {event['id']}: {life.sending.text}")
        return problems

    def asked_for(self, record: Record) -> list[int]:
        """The events that a subscription's filters match."""
        if record.plan.design not in self.matching:
            filters = record.plan.filters[:-1]
            self.matching[record.plan.design] = [
                number for number, event in enumerate(self.events) if any(matches(filter, event) for filter in filters)
            ]
        return list({*self.matching[record.plan.design], *record.plan.markers})

    def check(self, record: Record) -> Outcome:
        """Compares what a subscription received with what it had to and might receive."""
        begin, end, complete = record.ending or 0, record.ended or NEVER, record.complete or NEVER
        is_live_only = all(filter.get("limit") == 0 for filter in record.plan.filters)
        must, may = set(), set()
        for number in self.asked_for(record):
            life = self.lives[number]
            sending = life.sending
            # An event that was answered shortly before the request may still be on its way to the subscriptions, and
            # reach one that has no history to be part of; so may one that was removed since.
            wanted_from = record.asked - ON_THE_WAY if is_live_only else record.asked
            if not sending.accepted or sending.sent >= end or life.gone < wanted_from or life.gone < sending.sent:
                continue
            may.add(number)
            if is_live_only or is_ephemeral(self.events[number]):
                is_due = sending.sent > complete
            else:
                is_due = True
            if is_due and sending.answered < begin and life.threatened > end:
                must.add(number)
        got = set(record.numbers)
        outcome = Outcome(must, may)
        if len(got) < len(record.numbers):
            twice = [number for number in got if record.numbers.count(number) > 1]
            outcome.problems.append(self.told("twice", record, twice))
        if missing := must - got:
            outcome.problems.append(self.told("missing", record, missing))
        if extra := got - may:
            outcome.problems.append(self.told("too much", record, extra))
        outcome.problems += self.order(record)
        return outcome

    def order(self, record: Record) -> list[str]:
        """History is sorted, versions only get newer, and what was sent after another's OK comes after it."""
        problems = []
        stored = len(record.numbers) if record.stored is None else record.stored
        history = list(record.numbers[:stored])
        wanted = sorted(history, key=lambda number: (-self.events[number]["created_at"], self.events[number]["id"]))
        if any(is_ephemeral(self.events[number]) for number in history):
            problems.append(self.told("ephemeral events in the history", record, history))
        if history and all(filter.get("limit") == 0 for filter in record.plan.filters):
            problems.append(self.told("history beyond limit 0", record, history))
        if history != wanted:
            problems.append(self.told("history out of order", record, history))
        newest: dict[str, int] = {}
        for number in record.numbers:
            if coordinate := self.addresses[number]:
                if coordinate in newest and rank(self.events[newest[coordinate]]) > rank(self.events[number]):
                    problems.append(self.told("older than what came before", record, [number]))
                newest[coordinate] = number
        first_answer = NEVER
        for number in reversed(record.numbers[stored:]):
            life = self.lives[number]
            if life.is_foreign or is_ephemeral(self.events[number]):
                continue
            if life.sending.sent > first_answer:
                problems.append(self.told("earlier than what was answered before it was sent", record, [number]))
            first_answer = min(first_answer, life.sending.answered)
        return problems

    def told(self, what: str, record: Record, numbers: Iterable[int]) -> str:
        numbers = list(numbers)
        shown = [(self.events[number]["id"], self.events[number]["kind"], self.lives[number]) for number in numbers[:3]]
        return (
            f"{what}: {len(numbers)} events, such as {shown}, in {record.plan.name} ({record.plan.filters}), "
            f"asked {record.asked}, EOSE {record.complete} after {record.stored}, "
            f"markers {record.ending}, ended {record.ended}"
        )
