"""What happens in a storm: which events are published in which order, and which subscriptions there are."""

import random
import time
from dataclasses import dataclass, field
from typing import Any

from support.events import Author, Event
from support.storm_model import address, matches
from support.subscribers import Plan

Filter = dict[str, Any]
TOPICS = [f"topic {number}" for number in range(6)]
SPAN = 2_000
# Names of subscriptions are cut out by their length.
NAME = "{:02}{}{:05}"


@dataclass
class StormPlan:
    """Events by number: `stored` are there before the storm, `streams` are published during it, one list a client."""

    random: random.Random
    lines: int
    passing: int
    authors: list[Author] = field(default_factory=lambda: [Author() for _ in range(6)])
    start: int = field(default_factory=lambda: int(time.time()) - 10 * SPAN)
    events: list[Event] = field(default_factory=list)
    stored: list[int] = field(default_factory=list)
    streams: list[list[int]] = field(default_factory=list)
    imported: list[int] = field(default_factory=list)
    versions: int = 0

    def __post_init__(self) -> None:
        first, second, third, fourth, *_ = (author.pubkey for author in self.authors)
        start = self.start
        self.designs: list[list[Filter]] = [
            [{}],
            [{"kinds": [1]}],
            [{"kinds": [1, 7], "#t": TOPICS[:2]}],
            [{"authors": [first, second]}],
            [{"authors": [third]}, {"kinds": [1]}],
            [{"#t": TOPICS[1:2]}, {"#t": TOPICS[1:3]}, {"authors": [first], "kinds": [1]}],
            [{"kinds": [20_001, 20_002]}],
            [{"kinds": [0, 10_002, 30_023]}],
            [{"kinds": [30_023], "authors": [third, fourth]}],
            [{"since": start + SPAN // 4, "until": start + SPAN // 2}],
            [{"kinds": [5]}, {"kinds": [5, 7], "authors": [first]}],
            [{"kinds": [1], "limit": 0}],
            [{"since": start + SPAN // 2, "kinds": [1], "limit": 100_000}, {"#p": [first]}],
        ]

    def add(self, event: Event) -> int:
        self.events.append(event)
        return len(self.events) - 1

    def note(self) -> int:
        """A regular event; many share a second, some are too large to go uncompressed."""
        choose = self.random
        tags = [["t", topic] for topic in choose.sample(TOPICS, choose.randrange(3))]
        if choose.random() < 0.1:
            tags.append(["p", choose.choice(self.authors).pubkey])
        size = 6_000 if choose.random() < 0.01 else choose.randrange(100)
        content = f"{len(self.events)} ".ljust(size, "~")
        kind = choose.choice([1, 1, 1, 7])
        return self.add(choose.choice(self.authors).event(kind, content, tags, self.moment()))

    def moment(self) -> int:
        return self.start + self.random.randrange(SPAN)

    def version(self) -> int:
        """A version of one of few addresses, mostly newer than those before it, at times of the same second."""
        self.versions += 1
        choose = self.random
        kind = choose.choice([0, 10_002, 30_023, 30_023])
        tags = [["d", choose.choice("abc")]] if kind == 30_023 else []
        created_at = self.start + self.versions // 8 - choose.choice([0, 0, 0, 3])
        return self.add(choose.choice(self.authors).event(kind, f"version {self.versions}", tags, created_at))

    def ephemeral(self) -> int:
        tags = [["t", self.random.choice(TOPICS)]]
        kind = self.random.choice([20_001, 20_002])
        return self.add(self.random.choice(self.authors).event(kind, f"{len(self.events)}", tags, self.moment()))

    def deletion(self, targets: list[int]) -> int:
        """A deletion of regular events, some of others' events, or of an address up to now."""
        choose = self.random
        [author] = choose.choices(self.authors)
        if choose.random() < 0.1:
            [letter] = choose.choices("abc")
            tags = [["a", f"30023:{author.pubkey}:{letter}"]]
            return self.add(author.event(5, str(len(self.events)), tags, self.start + self.versions // 8))
        chosen = choose.sample(targets, min(len(targets), 3))
        by_pubkey = {author.pubkey: author for author in self.authors}
        if choose.random() < 0.9:
            author = by_pubkey[self.events[chosen[0]]["pubkey"]]
        tags = [["e", self.events[number]["id"]] for number in chosen]
        return self.add(author.event(5, str(len(self.events)), tags, self.moment()))

    def publications(self, count: int) -> list[int]:
        """Events in the order of their publication; deletions come after their targets, beside them, or before."""
        numbers: list[int] = []
        for _ in range(count):
            draw = self.random.random()
            if draw < 0.08:
                numbers.append(self.version())
            elif draw < 0.14:
                numbers.append(self.ephemeral())
            elif draw < 0.17 and len(numbers) > 50:
                recent = [number for number in numbers[-400:] if self.is_regular(number)]
                position = len(numbers) - self.random.choice([0, 0, 0, 20, 400])
                numbers.insert(max(position, 0), self.deletion(recent))
            else:
                numbers.append(self.note())
        return numbers

    def is_regular(self, number: int) -> bool:
        kind = self.events[number]["kind"]
        return kind in (1, 7) and not any(tag[0] == "x" for tag in self.events[number]["tags"])

    def fill(self, stored: int, deliveries: int, publishers: int, imported: int = 0) -> None:
        """Makes the events: so many that the lasting subscriptions receive `deliveries` that nothing can remove."""
        self.stored = [
            number for number in self.publications(stored) if self.events[number]["kind"] not in (20_001, 20_002)
        ]
        order: list[int] = []
        certain = 0
        while certain < deliveries:
            part = self.publications(500)
            order += part
            deleted = {tag[1] for number in part for tag in self.events[number]["tags"] if tag[0] == "e"}
            for number in part:
                event = self.events[number]
                if event["id"] not in deleted and address(event) is None:
                    certain += self.lines * sum(
                        any(matches(filter, event) for filter in filters) for filters in self.designs
                    )
        self.streams = [[] for _ in range(publishers)]
        for number in order:
            self.random.choice(self.streams).append(number)
        self.imported = [self.note() for _ in range(imported)]

    def marked(self, name: str, design: int, stay: float | None = 0, is_passing: bool = False) -> Plan:
        """A subscription with a filter and events for its markers."""
        markers = tuple(
            self.add(self.authors[0].event(kind, name, [["x", name]], self.moment())) for kind in (8, 20_008)
        )
        filters = self.designs[design]
        mine = {"#x": [name]} | ({"limit": 0} if filters[0].get("limit") == 0 else {})
        return Plan(name, design, [*filters, mine], markers, stay, is_passing)

    def subscriptions(self, line: int) -> tuple[list[Plan], list[Plan]]:
        """What one connection asks for: one of each design that lasts, and others that come and go."""
        lasting = [self.marked(NAME.format(line, "l", number), number) for number in range(len(self.designs))]
        stays = [None, 0, 0, 0.05, 0.1, 0.3]
        passing = [
            self.marked(
                NAME.format(line, "p", number),
                self.random.randrange(len(self.designs)),
                self.random.choice(stays),
                is_passing=True,
            )
            for number in range(self.passing)
        ]
        return lasting, passing
