"""Random filters about given events: of every shape, and most of them match something."""

import re
from collections.abc import Iterable
from random import Random

from support.client import Filter
from support.events import Event

HEX = re.compile("[0-9a-f]{64}")
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
DAY = 86400


class RandomRequests:
    """The same seed and the same events give the same requests."""

    def __init__(self, random: Random, events: Iterable[Event]) -> None:
        self.random = random
        self.events = list(events)
        # A list of all occurrences gives common values often, a list of the distinct ones gives rare ones their turn.
        self.authors = [event["pubkey"] for event in self.events]
        self.kinds = [event["kind"] for event in self.events]
        self.values: dict[str, list[str]] = {}
        for event in self.events:
            for letter, value in askable(event):
                self.values.setdefault(letter, []).append(value)
        self.distinct_values = {letter: sorted(set(values)) for letter, values in self.values.items()}
        self.distinct_kinds = sorted(set(self.kinds))

    def request(self) -> list[Filter]:
        """One to three filters; sometimes they are about the same events."""
        about = self.random.choice(self.events)
        filters = []
        for _ in range(self._one_of((55, 1), (28, 2), (17, 3))):
            filters.append(self.filter(about))
            if self._happens(0.6):
                about = self.random.choice(self.events)
        return filters

    def filter(self, about: Event | None = None) -> Filter:
        """Conditions that the event meets, unless one of them was chosen to fail."""
        about = about or self.random.choice(self.events)
        fields: Filter = {}
        if self._happens(0.12):
            fields["ids"] = self._list(about["id"], [event["id"] for event in self._some_events()])
        if self._happens(0.35):
            fields["authors"] = self._list(about["pubkey"], self.authors)
        if self._happens(0.45):
            fields["kinds"] = self._list(about["kind"], self._either(self.kinds, self.distinct_kinds))
        self._add_tags(fields, about)
        self._add_times(fields, about["created_at"])
        if self._happens(0.7):
            fields["limit"] = self._limit()
        if self._happens(0.02) and len(fields) > 1:
            emptied = self.random.choice(sorted(fields))
            fields[emptied] = [] if isinstance(fields[emptied], list) else fields[emptied]
        names = list(fields)
        self.random.shuffle(names)
        return {name: fields[name] for name in names}

    def _add_tags(self, fields: Filter, about: Event) -> None:
        own = list(askable(about))
        for _ in range(self._one_of((50, 0), (35, 1), (11, 2), (4, 3))):
            if own and self._happens(0.8):
                letter, value = self.random.choice(own)
            elif self.values:
                letter = self.random.choice(sorted(self.values))
                value = self.random.choice(self.distinct_values[letter])
            else:
                return
            fields[f"#{letter}"] = self._list(value, self._either(self.values[letter], self.distinct_values[letter]))

    def _add_times(self, fields: Filter, time: int) -> None:
        shape = self._one_of((58, ""), (14, "since"), (14, "until"), (10, "window"), (4, "second"))
        if shape in ("since", "window"):
            fields["since"] = max(0, time - self._distance())
        if shape in ("until", "window"):
            fields["until"] = max(0, time + self._distance())
        if shape == "second":
            fields["since"] = fields["until"] = time
        if self._happens(0.02):
            fields[self.random.choice(["since", "until"])] = self.random.choice([0, 1, 2**31, 2**40, 2**53])

    def _distance(self) -> int:
        """Seconds between an event and the end of a window; sometimes the window just misses it."""
        return self._one_of(
            (30, 0), (10, 1), (8, -1), (25, self.random.randint(0, 10)), (20, self.random.randint(0, 400 * DAY))
        )

    def _limit(self) -> int:
        few = self.random.randint(3, 20)
        many = self.random.randint(21, 150)
        return self._one_of(
            (5, 0), (14, 1), (12, 2), (45, few), (15, many), (2, 499), (2, 500), (2, 501), (2, 1000), (1, 5000)
        )

    def _list(self, wanted: object, pool: list) -> list:
        """The value alone or among others, some of them twice; rarely without it, or with one that nothing has."""
        count = self._one_of((55, 0), (28, self.random.randint(1, 4)), (13, self.random.randint(5, 30)), (4, 250))
        values = [wanted, *(self.random.choice(pool) for _ in range(min(count, len(pool) * 2)))]
        if isinstance(wanted, str) and HEX.fullmatch(wanted) and self._happens(0.08):
            values.append(f"{self.random.getrandbits(256):064x}")
        if len(values) > 1 and self._happens(0.1):
            values.pop(0)
        self.random.shuffle(values)
        return values

    def _some_events(self) -> list[Event]:
        return [self.random.choice(self.events) for _ in range(300)]

    def _either(self, *pools: list) -> list:
        return self.random.choice(pools)

    def _happens(self, probability: float) -> bool:
        return self.random.random() < probability

    def _one_of(self, *choices: tuple[int, object]) -> object:
        """One of the values, by weight."""
        return self.random.choices([value for _, value in choices], [weight for weight, _ in choices])[0]


def askable(event: Event) -> Iterable[tuple[str, str]]:
    """The tags that a filter may ask for: of one letter, not too long, and ids and keys whole."""
    for tag in event["tags"]:
        if len(tag) >= 2 and tag[0] in LETTERS and len(tag[1]) < 2000:
            if tag[0] not in "ep" or HEX.fullmatch(tag[1]):
                yield tag[0], tag[1]
