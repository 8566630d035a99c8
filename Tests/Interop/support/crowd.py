"""Crowds of clients that do not read, and what they cost the relay."""

import select
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from support.events import compact
from support.light import EVENT, IDENTIFIER, LightSocket
from support.relay_process import RelayProcess, wait_until
from support.wire import TEXT, frame, request

MIB = 1 << 20


def metric(relay: RelayProcess, name: str) -> int:
    """A figure without labels from the relay's metrics."""
    for line in request(relay.port, path="/metrics").text.splitlines():
        if line.startswith(f"{name} "):
            return int(line.split(" ")[1])
    raise AssertionError(f"there is no {name}")


class Memory:
    """Resident memory of a relay's process, in bytes."""

    def __init__(self, relay: RelayProcess) -> None:
        assert relay.process is not None
        self.folder = Path(f"/proc/{relay.process.pid}")

    def _field(self, name: str) -> int:
        lines = (self.folder / "status").read_text().splitlines()
        [value] = [line.split()[1] for line in lines if line.startswith(f"{name}:")]
        return int(value) * 1024

    @property
    def now(self) -> int:
        return self._field("VmRSS")

    @property
    def peak(self) -> int:
        """The most since the last `forget_peak`."""
        return self._field("VmHWM")

    def forget_peak(self) -> None:
        (self.folder / "clear_refs").write_text("5")


class Crowd:
    """Connections with the smallest receive buffer."""

    def __init__(self, port: int, count: int) -> None:
        self.sockets = [LightSocket(port, receive_buffer=4096) for _ in range(count)]

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self.sockets:
            connection.close()

    def subscribe(self, filter: dict[str, Any]) -> None:
        """Opens a subscription on each; nothing is read."""
        for connection in self.sockets:
            connection.send(compact(["REQ", "unread", filter]))

    def subscribe_live(self, filter: dict[str, Any]) -> None:
        """Opens a subscription on each and reads its EOSE, and nothing more."""
        self.subscribe(filter | {"limit": 0})
        for connection in self.sockets:
            connection.wait_for_eose()

    def read_a_little(self) -> None:
        """Reads some bytes on each connection that has any."""
        readable, _, _ = select.select([connection.socket for connection in self.sockets], [], [], 0)
        for connection in self.sockets:
            if connection.socket in readable:
                with suppress(ConnectionError):
                    connection.rest += connection.socket.recv(64)

    def send_without_reading(self, messages: Sequence[str]) -> None:
        """Sends as much of the messages as the relay takes, on all connections in turn."""
        data = b"".join(frame(TEXT, message.encode()) for message in messages)
        rest = {connection.socket: memoryview(data) for connection in self.sockets}
        for socket in rest:
            socket.setblocking(False)

        def send_more() -> bool:
            """Whether nobody could send anything."""
            is_stuck = True
            for socket in list(rest):
                try:
                    sent = socket.send(rest[socket][:65_536])
                except BlockingIOError:
                    continue
                except OSError:
                    del rest[socket]
                    continue
                is_stuck = False
                rest[socket] = rest[socket][sent:]
                if not rest[socket]:
                    del rest[socket]
            return is_stuck

        wait_until(send_more, seconds=60, what="the end of what the relay takes")


def follow(port: int, filter: dict[str, Any], last: str, ready: Any) -> list[str]:
    """The ids of all events of a live subscription, up to that of the last one."""
    connection = LightSocket(port)
    connection.send(compact(["REQ", "follower", filter | {"limit": 0}]))
    connection.wait_for_eose()
    ready.wait(60)
    received: list[str] = []
    while not received or received[-1] != last:
        for text in connection.texts():
            assert text.startswith(EVENT), text[:200]
            received.append(text[IDENTIFIER].decode())
    connection.close()
    return received


@contextmanager
def repeated(action: Callable[[], None], pause: float) -> Iterator[None]:
    """Runs an action again and again beside the block."""
    over = threading.Event()

    def run() -> None:
        while not over.wait(pause):
            action()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
