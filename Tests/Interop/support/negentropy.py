"""The protocol of NIP-77 once more, as its text has it, and a client that reconciles by it."""

import hashlib
from collections.abc import Iterable
from typing import Any

from support.client import Client, Filter
from support.events import Event

INFINITY = 2**64 - 1
SKIP, FINGERPRINT, IDS = range(3)

#: A second, and an id or its beginning.
Bound = tuple[int, bytes]


def varint(number: int) -> bytes:
    digits = [number & 127]
    while number := number >> 7:
        digits.insert(0, number & 127 | 128)
    return bytes(digits)


def fingerprint(ids: list[bytes]) -> bytes:
    total = sum(int.from_bytes(one, "little") for one in ids) % 2**256
    return hashlib.sha256(total.to_bytes(32, "little") + varint(len(ids))).digest()[:16]


class Reader:
    """Reads a message piece by piece."""

    def __init__(self, message: bytes) -> None:
        self.rest = message
        self.second = 0

    def take(self, count: int) -> bytes:
        taken, self.rest = self.rest[:count], self.rest[count:]
        assert len(taken) == count, "the message is cut short"
        return taken

    def number(self) -> int:
        number = 0
        while (digit := self.take(1)[0]) & 128:
            number = (number | digit & 127) << 7
        return number | digit

    def bound(self) -> Bound:
        offset = self.number()
        self.second = INFINITY if offset == 0 else self.second + offset - 1
        return self.second, self.take(self.number()).ljust(32, b"\0")

    def ranges(self) -> Iterable[tuple[Bound, int, Any]]:
        """The end, the mode and the contents of each range."""
        while self.rest:
            end = self.bound()
            mode = self.number()
            if mode == FINGERPRINT:
                yield end, mode, self.take(16)
            elif mode == IDS:
                yield end, mode, [self.take(32) for _ in range(self.number())]
            else:
                assert mode == SKIP
                yield end, mode, None


class Writer:
    """Writes a message range by range."""

    def __init__(self) -> None:
        self.bytes = b"\x61"
        self.second = 0

    def range(self, end: Bound, mode: int, contents: bytes = b"") -> None:
        offset = 0 if end[0] == INFINITY else end[0] - self.second + 1
        self.second = end[0]
        prefix = end[1].rstrip(b"\0")
        self.bytes += varint(offset) + varint(len(prefix)) + prefix + varint(mode) + contents

    def ids(self, end: Bound, ids: list[bytes]) -> None:
        self.range(end, IDS, varint(len(ids)) + b"".join(ids))


class Initiator:
    """The side that learns."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.items = sorted((event["created_at"], bytes.fromhex(event["id"])) for event in events)
        self.have: set[str] = set()
        self.need: set[str] = set()

    def first(self) -> bytes:
        writer = Writer()
        self._split(writer, self.items, (INFINITY, b""))
        return writer.bytes

    def next(self, message: bytes) -> bytes | None:
        """What to say after a message; nothing where all is known."""
        assert message[0] == 0x61
        reader, writer = Reader(message[1:]), Writer()
        start: Bound = (0, b"")
        skipped: Bound | None = None
        for end, mode, contents in reader.ranges():
            mine = [item for item in self.items if start <= item < end]
            ids = [one for _, one in mine]
            if mode == FINGERPRINT and contents != fingerprint(ids):
                if skipped:
                    writer.range(skipped, SKIP)
                skipped = None
                self._split(writer, mine, end)
            else:
                skipped = end
            if mode == IDS:
                self.have |= {one.hex() for one in ids} - {one.hex() for one in contents}
                self.need |= {one.hex() for one in contents} - {one.hex() for one in ids}
            start = end
        return writer.bytes if len(writer.bytes) > 1 else None

    @staticmethod
    def _split(writer: Writer, items: list[Bound], end: Bound) -> None:
        if len(items) < 20:
            return writer.ids(end, [one for _, one in items])
        cuts = [number * len(items) // 8 for number in range(9)]
        for first, last in zip(cuts, cuts[1:]):
            edge = end if last == len(items) else items[last]
            writer.range(edge, FINGERPRINT, fingerprint([one for _, one in items[first:last]]))


def reconcile(
    client: Client, events: Iterable[Event], condition: Filter, name: str = "n", seconds: float = 60
) -> tuple[set[str], set[str]]:
    """The ids that the relay lacks of `events`, and those that it has beyond them."""
    side = Initiator(events)
    client.send("NEG-OPEN", name, condition, side.first().hex())
    while True:
        answer = neg(client, name, seconds)
        assert answer[0] == "NEG-MSG", answer
        message = side.next(bytes.fromhex(answer[2]))
        if message is None:
            client.send("NEG-CLOSE", name)
            return side.have, side.need
        client.send("NEG-MSG", name, message.hex())


def held(client: Client, condition: Filter, name: str = "n") -> set[str]:
    """The ids of all that the relay compares for a filter."""
    have, need = reconcile(client, [], condition, name)
    assert have == set()
    return need


def neg(client: Client, name: str, seconds: float = 60) -> list[Any]:
    """The next answer to a reconciliation."""
    return client.wait_for(lambda message: message[0] in ("NEG-MSG", "NEG-ERR") and message[1] == name, seconds)


def sum_of_all(ids: Iterable[str]) -> str:
    """A message that asks whether the relay has exactly these."""
    writer = Writer()
    writer.range((INFINITY, b""), FINGERPRINT, fingerprint([bytes.fromhex(one) for one in ids]))
    return writer.bytes.hex()


#: A message that asks for the ids of all.
ALL_IDS = "6100000200"
