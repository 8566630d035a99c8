"""One connection on which each message is followed by a barrier, and everything between is looked at."""

import json
import re
import socket
from collections.abc import Callable
from typing import Any

from support.oracle import NOTHING, PREFIXES, Expected, expected, matches, parse
from support.wire import PING, PONG, TEXT, Frame, FrameSocket, frame

# Nothing of the program's inside may be seen: paths, types, a debugger's words.
LEAKS = re.compile(r"/(tmp|home|usr|var|src)\b|\.swift|\bSwift\b|Optional\(|Error\(|NIO|sqlite|Fatal|0x[0-9a-f]{6}")


class Conversation(FrameSocket):
    """A connection that knows what it is owed."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.barriers = 0
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self) -> Frame:
        """The next frame but for the relay's pings, which are answered."""
        while (received := super().read()).opcode == PING:
            self.send(frame(PONG, received.payload))
        return received

    def message(self) -> list[Any]:
        received = self.read()
        assert received.opcode == TEXT, f"{received} came instead of an answer"
        return json.loads(received.payload)

    def up_to(self, is_last: Callable[[list[Any]], bool]) -> list[list[Any]]:
        """All messages up to the last, which is not among them."""
        messages = []
        while not is_last(message := self.message()):
            messages.append(message)
        return messages

    def barrier(self) -> list[list[Any]]:
        """What came before the answer to a request that matches nothing."""
        self.barriers += 1
        name = f"barrier {self.barriers}"
        self.send_text(f'["REQ","{name}",{{"ids":["{"0" * 64}"],"limit":0}}]')
        messages = self.up_to(lambda message: message == ["EOSE", name])
        # Not sooner: what is closed before its turn has no EOSE.
        self.send_text(f'["CLOSE","{name}"]')
        return messages

    def ask(self, text: str) -> None:
        """Sends a text and fails unless the relay answers it as the protocol asks."""
        wanted = expected(text)
        self.send_text(text)
        if wanted.kind == "EOSE":
            # What is subscribed to is closed at once, or live events would come between later answers.
            messages = self.up_to(lambda message: message[0] in ("EOSE", "CLOSED") and message[1] == wanted.name)
            filters = parse(text)[2:]
            for message in messages:
                assert message[:2] == ["EVENT", wanted.name] and matches(message[2], filters), message
            self.send_text(json.dumps(["CLOSE", wanted.name]))
            assert self.barrier() == [], f"more than events and EOSE for {wanted}"
            return
        answers = [message for message in self.barrier() if message[0] != "EVENT"]
        if wanted.kind in ("OK", "COUNT", "NEG-ERR") and not answers:
            answers = [self.message()]
            answers += self.barrier()
        self._compare(answers, wanted)

    def _compare(self, answers: list[list[Any]], wanted: Expected) -> None:
        if wanted == NOTHING:
            assert answers == [], f"{answers} for what is owed no answer"
            return
        assert len(answers) == 1, f"{len(answers)} answers instead of one {wanted}: {answers}"
        [answer] = answers
        assert not LEAKS.search(json.dumps(answer[-1])), f"the answer shows the program's inside: {answer}"
        if answer[0] == "NOTICE" and (wanted.kind == "NOTICE" or wanted.or_notice):
            assert len(answer) == 2 and has_prefix(answer[1]), answer
        elif wanted.kind == "OK":
            assert len(answer) == 4 and answer[:3] == ["OK", wanted.name, wanted.accepted], (answer, wanted)
            assert has_prefix(answer[3]) or (wanted.accepted and answer[3] == ""), answer
        elif wanted.kind == "COUNT":
            assert len(answer) == 3 and answer[:2] == ["COUNT", wanted.name], (answer, wanted)
            assert set(answer[2]) <= {"count", "approximate", "hll"} and answer[2]["count"] >= 0, answer
        else:
            assert wanted.kind in ("CLOSED", "NEG-ERR"), (answer, wanted)
            assert len(answer) == 3 and answer[:2] == [wanted.kind, wanted.name] and has_prefix(answer[2]), answer

    def send_bytes(self, raw: bytes) -> None:
        """Sends one text message, UTF-8 or not."""
        self.send(frame(TEXT, raw))


def has_prefix(text: str) -> bool:
    prefix, colon, sentence = text.partition(": ")
    return prefix in PREFIXES and bool(colon) and bool(sentence)
