"""Clients that cost little: messages are cut out of the bytes, without JSON and without a library."""

import select
import time
from collections.abc import Sequence
from dataclasses import dataclass

from support.events import Event, compact
from support.wire import CLOSE, PING, PONG, TEXT, FrameSocket, frame

EVENT = b'["EVENT","'
# Subscriptions that are cut out by position have names of this length: ["EVENT","NAME",{"id":"…
NAME_LENGTH = 8
NAME = slice(len(EVENT), len(EVENT) + NAME_LENGTH)
IDENTIFIER = slice(NAME.stop + len('",{"id":"'), NAME.stop + len('",{"id":"') + 64)


def split(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """The whole frames of a relay's bytes as opcode and payload, and what is left of the last one."""
    frames = []
    at, end = 0, len(data)
    while end - at >= 2:
        length, start = data[at + 1], at + 2
        if length == 126:
            start = at + 4
            length = int.from_bytes(data[at + 2 : start], "big")
        elif length == 127:
            start = at + 10
            length = int.from_bytes(data[at + 2 : start], "big")
        if start + length > end:
            break
        frames.append((data[at] & 0x0F, data[start : start + length]))
        at = start + length
    return frames, data[at:]


class LightSocket:
    """A connection without compression that is read in large pieces."""

    def __init__(self, port: int, receive_buffer: int | None = None, seconds: float = 60) -> None:
        connection = FrameSocket(port, receive_buffer=receive_buffer, seconds=seconds)
        self.socket = connection.socket
        self.rest = connection.buffer
        self.close_payload: bytes | None = None

    def send(self, *messages: str) -> None:
        self.socket.sendall(b"".join(frame(TEXT, message.encode()) for message in messages))

    def texts(self) -> list[bytes]:
        """The messages of the next read; pings are answered. Raises EOFError at the end of the connection."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise EOFError("the relay closed the connection")
        frames, self.rest = split(self.rest + data if self.rest else data)
        if all(opcode == TEXT for opcode, _ in frames):
            return [payload for _, payload in frames]
        for opcode, payload in frames:
            if opcode == PING:
                self.socket.sendall(frame(PONG, payload))
            elif opcode == CLOSE:
                self.close_payload = payload
        return [payload for opcode, payload in frames if opcode == TEXT]

    def wait_for_eose(self) -> None:
        """Reads up to an EOSE, which has to be the first message."""
        while not (texts := self.texts()):
            pass
        assert len(texts) == 1 and texts[0].startswith(b'["EOSE"'), texts[:3]

    def close(self) -> None:
        self.socket.close()


@dataclass
class Sending:
    """What became of one publication; times are those of time.monotonic_ns, which all processes share."""

    sent: int
    answered: int | None = None
    accepted: bool = False
    text: str = ""

    def take(self, answer: bytes) -> None:
        self.answered = time.monotonic_ns()
        self.accepted = answer[73:77] == b"true"
        self.text = answer[answer.index(b',"', 73) + 2 : -2].decode()


def answered_id(answer: bytes) -> bytes | None:
    """The id in an OK, or None for another message."""
    return answer[7:71] if answer.startswith(b'["OK","') else None


def publish(port: int, events: Sequence[Event], window: int = 200) -> dict[str, Sending]:
    """Publishes all events, in this order, on one connection, with so many unanswered; what came of each, by id."""
    waiting = {event["id"].encode(): compact(["EVENT", event]) for event in events}
    order = list(waiting)
    sendings: dict[str, Sending] = {}
    connection = LightSocket(port)
    unanswered = position = 0
    while waiting:
        if position < len(order) and unanswered <= window // 2:
            batch = order[position : position + window - unanswered]
            now = time.monotonic_ns()
            sendings |= {identifier.decode(): Sending(now) for identifier in batch}
            connection.send(*(waiting[identifier] for identifier in batch))
            position += len(batch)
            unanswered += len(batch)
        for text in connection.texts():
            identifier = answered_id(text)
            assert identifier in waiting, f"no answer to one of the events: {text[:200]!r}"
            del waiting[identifier]
            sendings[identifier.decode()].take(text)
            unanswered -= 1
    assert not select.select([connection.socket], [], [], 0)[0], "more answers than events"
    connection.close()
    return sendings
