"""Thousands of messages that chance has changed: each gets exactly the answer that the protocol owes it."""

import codecs
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import pytest

from support.backends import Backend
from support.client import Client
from support.conversation import Conversation
from support.events import Author
from support.mutation import Mutator
from support.oracle import expected
from support.relay_process import RelayProcess
from support.wire import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Frame

TREES, TEXTS, STREAMS = 10_000, 12_000, 6_000
# Bytes and frames are judged above the database: of them, the second backend gets a sample.
SAMPLE = 0.2
MEBIBYTE = 1 << 20


@pytest.fixture(autouse=True)
def unharmed(relay: RelayProcess, author: Author) -> Iterator[None]:
    """After all of it the same process serves a fresh client, and its log tells of no crash."""
    assert relay.process is not None
    yield
    assert relay.process.poll() is None
    with Client(relay.url) as client:
        event = author.event()
        client.publish_all([event])
        assert client.fetch({"ids": [event["id"]]}) == [event]
    assert not [line for line in relay.log() if line["level"] in ("error", "critical")]


def replay(number: int, seed: int, text: object) -> str:
    return f"message {number} of --seed {seed}: {text!r}"


@pytest.mark.timeout(180)
def test_a_message_of_a_changed_structure_gets_the_one_answer_that_it_is_owed(relay: RelayProcess, seed: int) -> None:
    mutator = Mutator(Random(seed))
    counts: dict[str, int] = {}
    with Conversation(relay.port) as conversation:
        for number in range(TREES):
            text = mutator.mutated_tree()
            try:
                conversation.ask(text)
            except (AssertionError, OSError) as error:
                raise AssertionError(replay(number, seed, text)) from error
            wanted = expected(text)
            kind = f"{wanted.kind} {wanted.accepted}" if wanted.kind == "OK" else wanted.kind
            counts[kind] = counts.get(kind, 0) + 1
    # Too few to be relied on: mutants of other messages become one by chance.
    counts.pop("NEG-ERR", None)
    assert set(counts) == {"OK True", "OK False", "NOTICE", "EOSE", "COUNT", "CLOSED", "nothing"}, "all answers are tried"
    assert min(counts.values()) > 20, counts


@pytest.mark.timeout(180)
def test_a_message_of_changed_bytes_gets_its_one_answer_or_close_1007(
    backend: Backend, relay: RelayProcess, seed: int
) -> None:
    mutator = Mutator(Random(seed + 1))
    conversation = Conversation(relay.port)
    try:
        for number in range(backend.part(TEXTS, SAMPLE)):
            raw = mutator.mutated_bytes()
            try:
                conversation = answered(relay, conversation, raw)
            except (AssertionError, OSError) as error:
                raise AssertionError(replay(number, seed, raw)) from error
    finally:
        conversation.socket.close()


def answered(relay: RelayProcess, conversation: Conversation, raw: bytes) -> Conversation:
    """Sends the bytes as a text message and judges the answer; returns the connection to go on with."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        conversation.send_bytes(raw)
        assert conversation.close_code() == 1007
        conversation.socket.close()
        return Conversation(relay.port)
    conversation.ask(text)
    return conversation


@dataclass
class Receiver:
    """What RFC 6455 makes of a client's bytes: pongs, texts, and the code of a close."""

    raw: bytes
    position: int = 0
    pongs: list[bytes] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    parts: bytes | None = None
    first: int = 0
    is_cut: bool = False

    def take(self, count: int) -> bytes:
        if self.position + count > len(self.raw):
            raise EOFError
        self.position += count
        return self.raw[self.position - count : self.position]

    def run(self) -> int | None:
        """The code with which the relay has to close, or None where it waits for more."""
        try:
            while self.position < len(self.raw):
                if (code := self.step()) is not None:
                    return code
        except EOFError:
            self.is_cut = True
        return None

    def step(self) -> int | None:
        one, two = self.take(2)
        opcode, is_final, length = one & 0x0F, one & 0x80 != 0, two & 0x7F
        is_control = opcode >= 8
        long = self.take({126: 2, 127: 8}.get(length, 0))
        # A header is judged when all of it is there.
        key = self.take(4 if two & 0x80 else 0)
        if one & 0x70 or opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG) or not two & 0x80:
            return 1002
        if is_control and (not is_final or length > 125):
            return 1002
        if long:
            length = int.from_bytes(long, "big")
            if length < (126 if len(long) == 2 else 65536) or length >= 1 << 63:
                return 1002
        if not is_control:
            if (opcode == CONTINUATION) is (self.parts is None):
                return 1002
            if length + len(self.parts or b"") > MEBIBYTE:
                return 1009
        kind = self.first if opcode == CONTINUATION else opcode
        here = self.raw[self.position : self.position + length]
        there = b"" if opcode != CONTINUATION else self.parts or b""
        # Text is refused at its first wrong byte, however much of it is still to come.
        if kind == TEXT and not may_become_text(there + unmasked(here, key)):
            return 1007
        payload = unmasked(self.take(length), key)
        return self.control(opcode, payload) if is_control else self.data(opcode, is_final, payload)

    def control(self, opcode: int, payload: bytes) -> int | None:
        if opcode == PING:
            self.pongs.append(payload)
        if opcode != CLOSE:
            return None
        if not payload:
            return 1000
        if len(payload) == 1:
            return 1002
        [code] = struct.unpack("!H", payload[:2])
        if not (1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999):
            return 1002
        return code if is_text(payload[2:]) else 1007

    def data(self, opcode: int, is_final: bool, payload: bytes) -> int | None:
        if opcode != CONTINUATION:
            self.first, self.parts = opcode, b""
        message = (self.parts or b"") + payload
        self.parts = None if is_final else message
        if not is_final:
            return None
        if self.first == BINARY:
            return 1003
        if not is_text(message):
            return 1007
        self.texts.append(message.decode())
        return None


def unmasked(payload: bytes, key: bytes) -> bytes:
    return bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))


def may_become_text(raw: bytes) -> bool:
    """Whether it is the beginning of UTF-8."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return False
    return True


def is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.timeout(180)
def test_changed_frames_are_answered_in_order_or_closed_with_the_code_of_the_rfc(
    backend: Backend, relay: RelayProcess, seed: int
) -> None:
    random = Random(seed + 2)
    streams = backend.part(STREAMS, SAMPLE)
    mutator = Mutator(random)
    closed = 0
    for number in range(streams):
        raw = mutator.frames()
        try:
            closed += streamed(relay, raw, random)
        except (AssertionError, OSError) as error:
            raise AssertionError(replay(number, seed, raw)) from error
    assert 50 < closed < streams - 50, "some streams break a rule, and some do not"


def streamed(relay: RelayProcess, raw: bytes, random: Random) -> bool:
    """Sends frames in pieces and compares what comes back; returns whether the relay had to close."""
    receiver = Receiver(raw)
    code = receiver.run()
    owed = [answer for answer in (expected(text) for text in receiver.texts) if answer.kind != "nothing"]
    with Conversation(relay.port) as connection:
        step = random.choice([1 << 20, 1000, 77, 7]) if len(raw) < 9000 else 1 << 20
        try:
            for start in range(0, len(raw), step):
                connection.send(raw[start : start + step])
        except OSError:
            assert code is not None, "the relay closed, and nothing was wrong"
        # What is stored is counted beside what follows, and not any more once the relay closes or the count is closed.
        in_order = [wanted for wanted in owed if wanted.kind != "COUNT"]
        sorts, pongs, counted = [], [], 0
        while len(sorts) < len(in_order) or len(pongs) < len(receiver.pongs):
            got = connection.read()
            assert got.opcode in (TEXT, PONG), f"{got} before all of {owed} and {receiver.pongs}"
            if got.opcode == PONG:
                pongs.append(got.payload)
            elif is_count(got):
                counted += 1
            else:
                sorts.append(json.loads(got.payload)[0])
        assert pongs == receiver.pongs and counted <= len(owed) - len(in_order)
        for sort, wanted in zip(sorts, in_order, strict=True):
            assert sort == wanted.kind or (wanted.or_notice and sort == "NOTICE"), (sorts, owed)
        if code is not None:
            while is_count(closing := connection.read()):
                pass
            assert closing.opcode == CLOSE, f"{closing} came instead of a close with {code}"
            assert (closing.close_code if closing.payload else 1000) == code
        elif receiver.parts is None and not receiver.is_cut:
            assert [message for message in connection.barrier() if message[0] != "COUNT"] == []
    return code is not None


def is_count(frame: Frame) -> bool:
    return frame.opcode == TEXT and json.loads(frame.payload)[0] == "COUNT"
