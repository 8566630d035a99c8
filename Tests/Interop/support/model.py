"""What NIP-01, NIP-09 and NIP-40 ask of a relay, written as plainly as can be: lists, scans and sorting, no index.

Where the texts leave a choice, the model takes the one that the relay documents, and says so.
"""

from collections.abc import Iterable

from support.client import Filter
from support.events import Event

FIELDS = ("id", "pubkey", "created_at", "kind", "tags", "content", "sig")
PRIVATE_KINDS = frozenset({4, 1059, 21059})

# What an OK says: whether the event is accepted, and the text.
Answer = tuple[bool, str]
ACCEPTED: Answer = (True, "")
DUPLICATE: Answer = (True, "duplicate: already have this event")
SUPERSEDED: Answer = (True, "duplicate: a newer version is stored")
DELETED: Answer = (False, "blocked: deleted by its author")
DELETED_WRAP: Answer = (False, "blocked: deleted by its author or its recipient")
#: Events of one second that the relay sends beyond its own limit, so that it tells no second half.
MOST_OF_TAIL = 5_000
EXPIRED: Answer = (False, "invalid: the event has expired")


class Record:
    """An event with what the rules ask of it."""

    __slots__ = ("event", "id", "author", "kind", "created_at", "values", "address", "expires_at")

    def __init__(self, event: Event) -> None:
        self.event = {name: event[name] for name in FIELDS}
        self.id: str = event["id"]
        self.author: str = event["pubkey"]
        self.kind: int = event["kind"]
        self.created_at: int = event["created_at"]
        # Second elements by the name of the tag; filters ask for those of one letter only.
        self.values: dict[str, set[str]] = {}
        for tag in event["tags"]:
            if len(tag) >= 2:
                self.values.setdefault(tag[0], set()).add(tag[1])
        self.address = address_of(event)
        self.expires_at = expiry_of(event)

    @property
    def is_ephemeral(self) -> bool:
        return 20000 <= self.kind < 30000

    def has_expired(self, now: int) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    @property
    def order(self) -> tuple[int, str]:
        """Sorts the newest first, and by id within a second; of two versions the first one stands."""
        return (-self.created_at, self.id)


def address_of(event: Event) -> str | None:
    """The value of an `a` tag that names the event; None where its kind is not replaced by newer versions."""
    kind = event["kind"]
    if kind in (0, 3) or 10000 <= kind < 20000:
        return f"{kind}:{event['pubkey']}:"
    if 30000 <= kind < 40000:
        identifiers = [tag[1] if len(tag) >= 2 else "" for tag in event["tags"] if tag[0] == "d"]
        return f"{kind}:{event['pubkey']}:{identifiers[0] if identifiers else ''}"
    return None


def expiry_of(event: Event) -> int | None:
    """The first `expiration` tag counts, and a value that is no number is none: NIP-40 leaves both open."""
    for tag in event["tags"]:
        if tag[0] == "expiration":
            is_number = len(tag) >= 2 and tag[1].isascii() and tag[1].isdigit()
            return int(tag[1]) if is_number else None
    return None


def deletes(request: Record, event: Record) -> bool:
    """Whether a deletion request (kind 5) is about the event; a deletion of a deletion is about nothing."""
    is_recipient = event.kind == 1059 and request.author in event.values.get("p", ())
    if event.kind == 5 or not (event.author == request.author or is_recipient):
        return False
    if event.id in request.values.get("e", ()):
        return True
    return event.author == request.author and event.address in request.values.get("a", ()) and event.created_at <= request.created_at


def matching(filter: Filter, records: list[Record]) -> list[Record]:
    """Those of the records that meet all conditions of a filter but its limit, in their order."""
    for name, wanted in filter.items():
        if name == "ids":
            ids = set(wanted)
            records = [record for record in records if record.id in ids]
        elif name == "authors":
            authors = set(wanted)
            records = [record for record in records if record.author in authors]
        elif name == "kinds":
            kinds = set(wanted)
            records = [record for record in records if record.kind in kinds]
        elif name == "since":
            records = [record for record in records if record.created_at >= wanted]
        elif name == "until":
            records = [record for record in records if record.created_at <= wanted]
        elif name.startswith("#"):
            letter, values = name[1:], set(wanted)
            records = [record for record in records if not values.isdisjoint(record.values.get(letter, ()))]
        else:
            assert name == "limit", name
    return records


class Model:
    """What a relay has stored, and how it answers."""

    def __init__(self, default_limit: int = 500, max_limit: int = 1000) -> None:
        self.default_limit = default_limit
        self.max_limit = max_limit
        self.stored: dict[str, Record] = {}
        # Every request that was ever taken: it counts for what arrives later, too.
        self.requests: list[Record] = []
        # What anyone may see while it has not expired, in the order of an answer, and those of it that expire.
        self._readable: list[Record] | None = None
        self._expiring: list[Record] = []

    def answers_to(self, event: Record, now: int) -> set[Answer]:
        """What the relay may say to an event that arrives now."""
        if event.is_ephemeral:
            return {ACCEPTED}
        if event.has_expired(now):
            return {EXPIRED}
        if event.id in self.stored:
            return {DUPLICATE}
        if any(deletes(request, event) for request in self.requests):
            return {DELETED_WRAP if event.kind == 1059 else DELETED}
        winners = [version for version in self.versions(event) if version.order < event.order]
        if not winners:
            return {ACCEPTED}
        # An expired version is shown to nobody, and stands in the way of older ones until it is swept out.
        return {SUPERSEDED, ACCEPTED} if all(version.has_expired(now) for version in winners) else {SUPERSEDED}

    def take(self, event: Record) -> list[Record]:
        """Notes that the relay has accepted an event; returns what it removes."""
        if event.is_ephemeral:
            return []
        removed = self.versions(event)
        if event.kind == 5:
            self.requests.append(event)
            removed += [record for record in self.stored.values() if deletes(event, record)]
        for record in removed:
            del self.stored[record.id]
        self.stored[event.id] = event
        self._readable = None
        return removed

    def versions(self, event: Record) -> list[Record]:
        """What is stored under the event's address."""
        if event.address is None:
            return []
        return [record for record in self.stored.values() if record.address == event.address]

    def visible(self, now: int) -> list[Record]:
        """What anyone may see, in the order of an answer."""
        if self._readable is None:
            readable = [record for record in self.stored.values() if record.kind not in PRIVATE_KINDS]
            self._readable = sorted(readable, key=lambda record: record.order)
            self._expiring = [record for record in readable if record.expires_at is not None]
        if not any(record.has_expired(now) for record in self._expiring):
            return self._readable
        return [record for record in self._readable if not record.has_expired(now)]

    def answer(self, filters: Iterable[Filter], now: int) -> list[Event]:
        """The stored events that a REQ gets."""
        chosen: dict[str, Record] = {}
        for filter in filters:
            limit = min(filter.get("limit", self.default_limit), self.max_limit)
            own = limit
            found = matching(filter, self.visible(now))
            while 0 < limit < len(found) and found[limit].created_at == found[limit - 1].created_at:
                # The relay's own limit leaves no second half told; what a client asks for is never exceeded.
                if limit in (filter.get("limit"), own + MOST_OF_TAIL):
                    break
                limit += 1
            chosen |= {record.id: record for record in found[:limit]}
        return [record.event for record in sorted(chosen.values(), key=lambda record: record.order)]

    def everything(self, filter: Filter, now: int) -> list[Event]:
        """What a client gets that asks until there is no more."""
        return [record.event for record in matching(filter, self.visible(now))]


def is_sent_live(event: Record, filters: Iterable[Filter]) -> bool:
    """Whether a subscription gets the event when it is accepted; limits say nothing about that."""
    return event.kind not in PRIVATE_KINDS and any(matching(filter, [event]) for filter in filters)


def needs_login(filters: Iterable[Filter]) -> bool:
    """Whether every filter names only kinds that nobody gets who is not logged in."""
    return all(bool(filter.get("kinds")) and PRIVATE_KINDS.issuperset(filter["kinds"]) for filter in filters)
