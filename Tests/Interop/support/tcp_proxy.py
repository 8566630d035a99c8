"""A network that can fail: a TCP proxy between a relay and its database."""

import contextlib
import ctypes
import socket
import threading
import time
from collections import deque

CHUNK = 1 << 16
# What a direction may hold back, before the sender's own buffers fill up.
MOST = 1 << 22
LIBC = ctypes.CDLL(None)


class TcpProxy:
    """Hands on all bytes between its port of 127.0.0.1 and a server, until a test has the line fail.

    `cut` is a server that is gone; `freeze` is a cable that is pulled: nobody is told, and nothing arrives. `mend` ends
    both.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        #: Seconds that each byte is on its way, in each direction.
        self.latency = 0.0
        self.state = threading.Condition()
        self.is_frozen = False
        self.is_forgetful = False
        self.is_closed = False
        self.pairs: set[Pair] = set()
        #: Connections that were taken so far.
        self.accepted = 0
        self.listener: socket.socket | None = None
        self.port = 0
        self.listen()

    def __enter__(self) -> "TcpProxy":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def cut(self) -> None:
        """Ends all connections and refuses new ones."""
        with self.state:
            listener, self.listener = self.listener, None
        if listener:
            # Closing alone does not wake the thread that waits for a connection.
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.drop()

    def drop(self) -> None:
        """Ends all connections; new ones are taken."""
        with self.state:
            pairs = list(self.pairs)
        for pair in pairs:
            pair.close()

    def freeze(self, *, is_forgetful: bool = False) -> None:
        """Hands on nothing more, and keeps every connection open; new ones are taken and get no answer.

        What is sent meanwhile arrives after `mend`, as TCP has it; a forgetful line loses it and resets those
        connections then, as a firewall does that has forgotten them.
        """
        with self.state:
            self.is_frozen, self.is_forgetful = True, is_forgetful

    def mend(self) -> None:
        """All is well again, for what is connected and for what will be."""
        with self.state:
            was_forgetful = self.is_frozen and self.is_forgetful
            self.is_frozen = self.is_forgetful = False
            self.state.notify_all()
        if was_forgetful:
            self.drop()
        if self.listener is None:
            self.listen()

    def close(self) -> None:
        with self.state:
            self.is_closed = True
            self.is_frozen = False
            self.state.notify_all()
        self.cut()

    def listen(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(256)
        self.port = listener.getsockname()[1]
        self.listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self._connect, args=(client, listener), daemon=True).start()

    def _connect(self, client: socket.socket, listener: socket.socket) -> None:
        self.wait_until_mended()
        try:
            server = socket.create_connection(("127.0.0.1", self.target), timeout=10)
        except OSError:
            abort(client)
            return
        pair = Pair(self, client, server)
        with self.state:
            is_late = self.listener is not listener
            if not is_late:
                self.pairs.add(pair)
        if is_late:
            pair.close()
        else:
            pair.start()

    def wait_until_mended(self) -> None:
        with self.state:
            self.state.wait_for(lambda: not self.is_frozen)


class Pair:
    """A client's connection and the one to the server that belongs to it."""

    def __init__(self, proxy: TcpProxy, client: socket.socket, server: socket.socket) -> None:
        self.proxy = proxy
        self.sockets = (client, server)
        self.is_closed = False
        self.ended = 0
        for end in self.sockets:
            end.settimeout(None)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def start(self) -> None:
        client, server = self.sockets
        for source, sink in ((client, server), (server, client)):
            Direction(self, source, sink).start()

    def end(self) -> None:
        """One direction has come to its end; after both, nothing is left to hand on."""
        with self.proxy.state:
            self.ended += 1
        if self.ended == len(self.sockets):
            self.close()

    def close(self) -> None:
        """Resets both connections."""
        with self.proxy.state:
            self.proxy.pairs.discard(self)
            if self.is_closed:
                return
            self.is_closed = True
            self.proxy.state.notify_all()
        for end in self.sockets:
            abort(end)


class Direction:
    """Reads on one side and writes on the other, a little later."""

    def __init__(self, pair: Pair, source: socket.socket, sink: socket.socket) -> None:
        self.pair = pair
        self.proxy = pair.proxy
        self.source = source
        self.sink = sink
        #: What is on its way, and when it arrives.
        self.waiting: deque[tuple[float, bytes]] = deque()
        self.size = 0

    def start(self) -> None:
        for work in (self._read, self._write):
            threading.Thread(target=work, daemon=True).start()

    def _read(self) -> None:
        data = b"first"
        while data:
            try:
                data = self.source.recv(CHUNK)
            except OSError:
                return self.pair.close()
            with self.proxy.state:
                # A forgetful line takes all there is, so that the sender has no sign of it.
                if self.proxy.is_forgetful and data:
                    continue
                self.proxy.state.wait_for(lambda: self.size < MOST or self.pair.is_closed)
                self.waiting.append((time.monotonic() + self.proxy.latency, data))
                self.size += len(data)
                self.proxy.state.notify_all()

    def _write(self) -> None:
        while not self.pair.is_closed:
            with self.proxy.state:
                self.proxy.state.wait_for(lambda: self.pair.is_closed or (self.waiting and not self.proxy.is_frozen))
                if self.pair.is_closed:
                    return
                due, data = self.waiting.popleft()
            if (pause := due - time.monotonic()) > 0:
                time.sleep(pause)
            # Whatever the line was frozen at meanwhile holds for this piece too.
            self.proxy.wait_until_mended()
            try:
                if not data:
                    self.sink.shutdown(socket.SHUT_WR)
                    return self.pair.end()
                self.sink.sendall(data)
            except OSError:
                return self.pair.close()
            with self.proxy.state:
                self.size -= len(data)
                self.proxy.state.notify_all()


def abort(end: socket.socket) -> None:
    """Closes a connection with a reset, also under threads that read from it and write to it."""
    with contextlib.suppress(OSError):
        # connect(2) to no address dissolves a connection at once; Python's own has no such address.
        LIBC.connect(end.fileno(), bytes(16), 16)
    end.close()
