"""A Nostr client that shows every message: the `websockets` library and JSON."""

import json
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from support.events import Event, compact, ids

Message = list[Any]
Filter = dict[str, Any]


class Client:
    """One connection; messages that a call does not look for wait for the next call."""

    def __init__(self, url: str, *, deflate: bool = True, **options: Any) -> None:
        compression = "deflate" if deflate else None
        # Without a bound on the queue the library always notices when the relay closes.
        defaults = {"max_size": None, "max_queue": None, "open_timeout": 20, "proxy": None, "ping_interval": None}
        self.open = ExitStack()
        self.socket = self.open.enter_context(connect(url, compression=compression, **(defaults | options)))
        self.waiting: deque[Message] = deque()
        self._barriers = 0

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.open.close()

    def send(self, *message: Any) -> None:
        self.socket.send(compact(list(message)))

    def send_text(self, text: str) -> None:
        self.socket.send(text)

    def receive(self, seconds: float = 20) -> Message:
        """The next message."""
        if self.waiting:
            return self.waiting.popleft()
        return json.loads(self.socket.recv(timeout=seconds))

    def wait_for(self, matches: Callable[[Message], bool], seconds: float = 20) -> Message:
        """The next message that matches; those before it are kept, in their order."""
        for position, message in enumerate(self.waiting):
            if matches(message):
                del self.waiting[position]
                return message
        deadline = time.monotonic() + seconds
        while True:
            message = json.loads(self.socket.recv(timeout=max(deadline - time.monotonic(), 0)))
            if matches(message):
                return message
            self.waiting.append(message)

    def ask(self, text: str) -> Message:
        """The first answer to a text that is no ordinary message."""
        self.send_text(text)
        return self.receive()

    def publish(self, event: Event) -> Message:
        """Sends an event and returns its OK."""
        self.send("EVENT", event)
        return self.ok(event)

    def ok(self, event: Event) -> Message:
        return self.wait_for(lambda message: message[:2] == ["OK", event["id"]])

    def publish_all(self, events: Iterable[Event]) -> None:
        """Sends events, all of which have to be accepted."""
        events = list(events)
        for start in range(0, len(events), 100):
            for event in events[start : start + 100]:
                self.send("EVENT", event)
            for event in events[start : start + 100]:
                answer = self.ok(event)
                assert answer[2] is True, answer

    def subscribe(self, name: str, *filters: Filter) -> list[Event]:
        """Opens a subscription and returns the events before EOSE."""
        self.send("REQ", name, *filters)
        return self.stored(name)

    def stored(self, name: str) -> list[Event]:
        """The events of a subscription up to its EOSE."""
        events = []
        while True:
            message = self.wait_for(lambda message: message[0] in ("EVENT", "EOSE", "CLOSED") and message[1] == name)
            if message[0] != "EVENT":
                assert message[0] == "EOSE", message
                return events
            events.append(message[2])

    def fetch(self, *filters: Filter) -> list[Event]:
        """The stored events that match; the subscription is closed again."""
        events = self.subscribe("fetch", *filters)
        self.send("CLOSE", "fetch")
        return events

    def live(self, name: str, seconds: float = 20) -> Event:
        """The next event of a subscription."""
        return self.wait_for(lambda message: message[:2] == ["EVENT", name], seconds)[2]

    def receive_many(self, count: int, name: str) -> list[Message]:
        """Everything up to the last of `count` messages of this name, such as EOSE."""
        messages = []
        while count > 0:
            messages.append(self.receive())
            count -= messages[-1][0] == name
        return messages

    def arrived(self) -> list[Message]:
        """What came before the answers to two more requests: all live events of publications that are answered by now.

        Two, since the relay may read a request before it gets to an event that was handed to this connection earlier.
        Answers to events and to other requests may still be on their way. The challenge of the beginning (NIP-42) is left
        out.
        """
        for _ in range(2):
            self._barrier()
        messages = [message for message in self.waiting if message[0] != "AUTH"]
        self.waiting.clear()
        return messages

    def _barrier(self) -> None:
        self._barriers += 1
        name = f"{self._barriers}"
        self.send("REQ", name, {"ids": ["0" * 64], "limit": 0})
        self.wait_for(lambda message: message == ["EOSE", name])
        self.send("CLOSE", name)

    def close_code(self, seconds: float = 20) -> int | None:
        """Reads on until the relay closes, and returns the code of its close frame."""
        try:
            while True:
                self.socket.recv(timeout=seconds)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


def is_stored(client: Client, event: Event) -> bool:
    return ids(client.fetch({"ids": [event["id"]]})) == [event["id"]]
