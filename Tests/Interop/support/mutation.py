"""Valid messages, and what chance makes of them: at the level of JSON, of bytes and of frames."""

import hashlib
import json
import time
from random import Random
from typing import Any

from support.events import Author
from support.oracle import Number, Object
from support.wire import frame

NUMBERS = ["0", "1", "5", "7", "-0", "-1", "1.0", "1e2", "1E+2", "0.1", "1e400", "1e-5"]
NUMBERS += ["22242", "20001", "30023", "10002", "65535", "65536", "2147483648", "9007199254740992"]
NUMBERS += ["9" * 200, "9223372036854775807", "9223372036854775808", "18446744073709551616", "1700000000"]
TEXTS = ["", "x", "\0", "é😀", '"\\/\b\f\n\r\t', "\x1f\x7f\u2028", "a" * 63, "A" * 64, "ab" * 32, "0" * 128, "#t"]
TEXTS += ["#e", "kinds", "EVENT", "REQ", "CLOSE", "COUNT", "AUTH", "NEG-OPEN", "NOTICE", "id", "sig"]
TEXTS += ["limit", "y" * 3000, "[]"]
BYTES = [b'"', b"\\", b"[", b"]", b"{", b"}", b",", b":", b"\0", b"\n", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\\u0000"]
BYTES += [b"\\ud800", b"\\u00", b"1e9", b"null", b" ", b"\xef\xbb\xbf", b"0", b"-", b".", b"'"]
BYTES += [b"\xf0\x9f\x98\x80"]

CLOSINGS = [b"", b"\x03", b"\x03\xe8", b"\x03\xe9bye", b"\x03\xed", b"\x0f\xa0", b"\x03\xe8\xff"]


def tree(value: Any) -> Any:
    """A value as this module changes it: objects as pairs, numbers as written."""
    if isinstance(value, dict):
        return Object((key, tree(item)) for key, item in value.items())
    if isinstance(value, list):
        return [tree(item) for item in value]
    return Number(value) if isinstance(value, int) and not isinstance(value, bool) else value


def render(value: Any) -> str:
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, Object):
        return "{" + ",".join(f"{render(key)}:{render(item)}" for key, item in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(render, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


class Mutator:
    """Everything it makes follows from its random numbers, but for keys and times."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.author = Author()
        self.serial = 0

    def message(self) -> list[Any]:
        """A valid message of one of the five sorts, as a tree."""
        self.serial += 1
        choose = self.random.choice
        sort = choose(["EVENT", "EVENT", "EVENT", "REQ", "REQ", "COUNT", "CLOSE", "AUTH"])
        if sort in ("EVENT", "AUTH"):
            tags = [["e", "%064x" % self.random.getrandbits(256)], ["t", "word", "é"], ["nonce", "1", "2"]]
            kind = choose([0, 1, 1, 7, 10002, 20001, 30023]) if sort == "EVENT" else 22242
            return tree([sort, self.author.event(kind, f"text {self.serial}", tags, int(time.time()) - self.serial)])
        if sort == "CLOSE":
            return ["CLOSE", "name"]
        filters = [{"authors": [self.author.pubkey], "kinds": [0, 1], "since": 5, "limit": 3}]
        filters.append({"ids": ["ab" * 32], "#t": ["word"], "#e": ["cd" * 32], "until": 2000000000, "limit": 2})
        return tree([sort, "name", *filters[: choose([1, 2])]])

    def mutated_tree(self) -> str:
        """A valid message with one to three changes of its structure; events are often signed anew."""
        message = self.message()
        for _ in range(self.random.choice([1, 1, 2, 3])):
            self._change(message)
        if len(message) > 1 and isinstance(message[1], Object) and self.random.random() < 0.6:
            self._sign(message[1])
        return render(message)

    def _slots(self, node: Any) -> list[tuple[list, int]]:
        """Every place in a tree, as a list and an index."""
        slots = [(node, index) for index in range(len(node))]
        for item in list(node):
            child = item[1] if isinstance(node, Object) else item
            if isinstance(child, list):
                slots += self._slots(child)
        return slots

    def _change(self, message: list) -> None:
        slots = self._slots(message)
        if not slots:
            return
        place, index = self.random.choice(slots)
        match self.random.randrange(7):
            case 0:
                del place[index]
            case 1:
                place.insert(self.random.randrange(len(place) + 1), place[index])
            case 2:
                other = self.random.randrange(len(place))
                place[index], place[other] = place[other], place[index]
            case 3 if isinstance(place, Object):
                place[index] = (self.random.choice(TEXTS), place[index][1])
            case 4:
                self._put(place, index, self._nested(self._get(place, index)))
            case 5:
                there, position = self.random.choice(slots)
                if position < len(there):
                    self._put(place, index, json_copy(self._get(there, position)))
            case _:
                self._put(place, index, self._junk())

    def _get(self, place: list, index: int) -> Any:
        return place[index][1] if isinstance(place, Object) else place[index]

    def _put(self, place: list, index: int, value: Any) -> None:
        place[index] = (place[index][0], value) if isinstance(place, Object) else value

    def _nested(self, value: Any) -> Any:
        value = json_copy(value)
        for _ in range(self.random.choice([1, 1, 2, 50, 61, 62, 63, 64, 90])):
            value = [value] if self.random.random() < 0.7 else Object([("k", value)])
        return value

    def _junk(self) -> Any:
        choose = self.random.choice
        value = choose(["number", "text", "literal", "empty"])
        if value == "number":
            return Number(choose(NUMBERS))
        if value == "text":
            return choose(TEXTS)
        return choose([True, False, None]) if value == "literal" else choose([[], Object(), [[]], [Object()]])

    def _sign(self, event: Object) -> None:
        """Gives an event, whatever it is, the id and the signature that belong to its fields."""
        fields = dict(event)
        content = [Number("0"), *(fields.get(name) for name in ("pubkey", "created_at", "kind", "tags", "content"))]
        identifier = hashlib.sha256(render(content).encode()).hexdigest()
        proof = {"id": identifier, "sig": self.author.keys.sign_schnorr(bytes.fromhex(identifier))}
        event[:] = [(name, proof.get(name, value)) for name, value in event]

    def mutated_bytes(self) -> bytes:
        """The bytes of a valid message with one to four of them changed, added, doubled or lost."""
        raw = render(self.message()).encode()
        for _ in range(self.random.choice([1, 1, 2, 4])):
            raw = self._spoilt(raw)
        return raw

    def _spoilt(self, raw: bytes) -> bytes:
        start = self.random.randrange(len(raw) + 1)
        end = min(len(raw), start + self.random.choice([1, 1, 2, 5, 40]))
        match self.random.randrange(6):
            case 0 if raw:
                position = self.random.randrange(len(raw))
                return raw[:position] + bytes([raw[position] ^ 1 << self.random.randrange(8)]) + raw[position + 1 :]
            case 1:
                return raw[:start] + self.random.choice(BYTES) + raw[start:]
            case 2:
                return raw[:start] + raw[end:]
            case 3:
                return raw[:start]
            case 4:
                return raw[:end] + raw[start:end] * self.random.choice([1, 2, 30]) + raw[end:]
            case _:
                other = render(self.message()).encode()
                return raw[:start] + other[self.random.randrange(len(other)) :]

    def frames(self) -> bytes:
        """A few frames, most of them by the book, some with a changed header or in the wrong place."""
        raw = b"".join(self._frame() for _ in range(self.random.randrange(1, 9)))
        match self.random.randrange(4):
            case 0:
                return self._spoilt(raw)
            case 1:
                position = self.random.choice([0, 1, self.random.randrange(len(raw))])
                return raw[:position] + self.random.randbytes(1) + raw[position + 1 :]
        return raw

    def _frame(self) -> bytes:
        random, text = self.random, self.random.choice(['["COUNT","x",{"limit":0}]', "[]", '["CLOSE","x"]', "{", ""])
        payload, kind = text.encode(), random.randrange(24)
        cut = random.randrange(len(payload) + 1)
        if kind < 8:
            return frame(0x1, payload)
        if kind < 14:
            ping = frame(0x9, random.randbytes(random.choice([0, 3, 125]))) if random.random() < 0.3 else b""
            return frame(0x1, payload[:cut], final=False) + ping + frame(0x0, payload[cut:])
        if kind < 17:
            return frame(random.choice([0x9, 0xA]), random.randbytes(random.choice([0, 1, 125])))
        if kind == 17:
            return frame(0x8, random.choice(CLOSINGS))
        if kind == 18:
            return frame(random.randrange(16), payload, final=random.random() < 0.8, masked=random.random() < 0.8)
        if kind == 19:
            return frame(0x1, payload, reserved=random.choice([0, 1, 2, 4]))
        if kind == 20:
            return frame(0x1, payload, final=False) + frame(0x1, payload)
        if kind == 21:
            return frame(0x1, random.choice([b"\xff", b"\xed\xa0\x80", b"\xc0\x80", payload + b"\xe2\x82"]))
        if kind == 22:
            return frame(0x9, bytes(126)) if random.random() < 0.5 else frame(0x9, b"", final=False)
        return frame(0x1, b" " * random.choice([125, 126, 127, 65535, 65536]) + payload)


def json_copy(value: Any) -> Any:
    if isinstance(value, Object):
        return Object((key, json_copy(item)) for key, item in value)
    return [json_copy(item) for item in value] if isinstance(value, list) else value
