"""A relay that answers as a test says, to see what a client makes of it."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

#: Takes a client's message and the connection, and sends what it likes.
Answer = Callable[[list[Any], ServerConnection], None]


@contextmanager
def odd_relay(
    answer: Answer, greeting: str | None = None, encryption: ssl.SSLContext | None = None
) -> Iterator[str]:
    """The URL of a relay that greets and then answers each message."""

    def handle(connection: ServerConnection) -> None:
        try:
            if greeting is not None:
                connection.send(greeting)
            for message in connection:
                answer(json.loads(message), connection)
        except ConnectionClosed:
            pass

    with serve(handle, "127.0.0.1", 0, compression=None, max_size=None, ssl=encryption) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            scheme = "wss" if encryption else "ws"
            yield f"{scheme}://127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join(timeout=20)
