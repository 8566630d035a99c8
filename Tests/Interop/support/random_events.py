"""Random events that collide: few authors, kinds, seconds and values, and values that are easy to get wrong."""

from random import Random

from support.events import Author, Event
from support.model import address_of

AUTHORS = 4
SECONDS = 8
START = 1_700_000_000

REGULAR = [1, 1, 1, 7, 7, 1000, 44, 40000, 65535, 4, 1059]
REPLACEABLE = [0, 3, 10002, 19999]
ADDRESSABLE = [30000, 30023, 30023, 39999]
EPHEMERAL = [20000, 25000, 29999, 21059]

# Each is a value of its own: of none the relay may think that it is another.
VALUES = [
    "",
    "a",
    "A",
    "b",
    " a",
    "é",
    "e\u0301",
    "日本",
    "🙂",
    "🙂\ufe0f",
    '"',
    "\\",
    '\\"',
    "\\n",
    "\n",
    "\r\n\t\b\f",
    "\x01\x1f",
    "\x7f",
    "\u2028",
    "/",
    "a:b",
    '["t","a"]',
    'a"],["t","b',
    "%",
    "'",
    "long " * 60,
    "long " * 60 + "!",
]


class RandomEvents:
    """The same seed gives the same events, but for those that expire: they follow the clock."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.authors = [Author(f"{random.getrandbits(250) + 1:064x}") for _ in range(AUTHORS)]
        self.by_key = {author.pubkey: author for author in self.authors}
        self.made: list[Event] = []
        # Deletions may name these before they are sent.
        self.kept_back: list[Event] = []

    def next(self, now: int) -> Event:
        """The next event to send: a new one, one that was sent before, or one that was kept back."""
        make = self._one_of(
            (34, self._regular),
            (26, self._version),
            (6, self._ephemeral),
            (9, self._deletion_by_id),
            (7, self._deletion_by_address),
            (12, self._again),
            (6, self._kept_back),
        )
        return make(now)

    def _regular(self, now: int) -> Event:
        return self._new(self._any(REGULAR), self._tags(now))

    def _version(self, now: int) -> Event:
        kind = self._any(REPLACEABLE if self._happens(0.3) else ADDRESSABLE)
        identifiers = self._one_of(
            (60, [["d", self._any(VALUES[:6])]]),
            (10, [["d", self._any(VALUES)]]),
            (8, []),
            (8, [["d"]]),
            (14, [["d", self._any(VALUES[:3]), "b"], ["d", self._any(VALUES[:3])]]),
        )
        tags = [*identifiers, *self._tags(now)]
        if self._happens(0.3):
            tags.reverse()
        return self._new(kind, tags)

    def _ephemeral(self, now: int) -> Event:
        return self._new(self._any(EPHEMERAL), self._tags(now))

    def _deletion_by_id(self, now: int) -> Event:
        targets = [self._target() for _ in range(self.random.randint(1, 3))]
        tags = [["e", target["id"]] for target in targets]
        if self._happens(0.1):
            tags = [[self._any(["e", "E"]), target["id"].upper()] for target in targets]
        return self._new(5, [*tags, ["k", str(targets[0]["kind"])]], self._deleter(targets[0]))

    def _deletion_by_address(self, now: int) -> Event:
        target = next((event for event in (self._target() for _ in range(20)) if address_of(event)), None)
        if target is None:
            return self._deletion_by_id(now)
        address = address_of(target)
        malformed = [address.upper(), f"0{address}", f" {address}", address[:-1], f"{address}x"]
        value = self._any(malformed) if self._happens(0.15) else address
        return self._new(5, [["a", value], ["e"], ["a"]], self._deleter(target))

    def _again(self, now: int) -> Event:
        return self._any(self.made) if self.made else self._regular(now)

    def _kept_back(self, now: int) -> Event:
        """Sends what was kept back earlier, or makes something to keep back and sends something else."""
        if len(self.kept_back) < 6:
            (self._version if self._happens(0.4) else self._regular)(now)
            self.kept_back.append(self.made.pop())
            return self._regular(now)
        event = self.kept_back.pop(self.random.randrange(len(self.kept_back)))
        self.made.append(event)
        return event

    def _new(self, kind: int, tags: list[list[str]], author: Author | None = None) -> Event:
        author = author or self._any(self.authors)
        content = f"{len(self.made)} {self._any(VALUES)}"
        event = author.event(kind, content, tags, START + self.random.randrange(SECONDS))
        self.made.append(event)
        return event

    def _target(self) -> Event:
        """What a deletion is about: mostly something recent."""
        if self.kept_back and self._happens(0.25):
            return self._any(self.kept_back)
        if not self.made:
            return self._regular(0)
        return self._any(self.made[-60:] if self._happens(0.7) else self.made)

    def _deleter(self, target: Event) -> Author:
        return self.by_key[target["pubkey"]] if self._happens(0.75) else self._any(self.authors)

    def _tags(self, now: int) -> list[list[str]]:
        tags = [self._tag() for _ in range(self._one_of((20, 0), (30, 1), (25, 2), (25, 4)))]
        if self._happens(0.12):
            value = self._one_of(
                (60, now + self.random.randint(1, 4)),
                (10, now - self.random.randint(0, 100)),
                (10, now + 10**6),
                (5, 2**63 - 1),
                (5, ""),
                (5, "soon"),
                (5, "-5"),
            )
            tags.insert(self.random.randint(0, len(tags)), ["expiration", str(value)])
        return tags

    def _tag(self) -> list[str]:
        letter = self._any(["t", "t", "T", "r", "g", "d", "Z"])
        return self._one_of(
            (50, [letter, self._any(VALUES[:6])]),
            (25, [letter, self._any(VALUES)]),
            (5, [letter]),
            (5, [letter, "a", "b"]),
            (5, ["tt", "a"]),
            (3, ["", "a"]),
            (10, ["p", self._any(self.authors).pubkey, self._any(VALUES)]),
            (10, ["e", self._any(self.made)["id"] if self.made else ""]),
        )

    def _any(self, values: list) -> object:
        return self.random.choice(values)

    def _happens(self, probability: float) -> bool:
        return self.random.random() < probability

    def _one_of(self, *choices: tuple[int, object]) -> object:
        """One of the values, by weight."""
        return self.random.choices([value for _, value in choices], [weight for weight, _ in choices])[0]
