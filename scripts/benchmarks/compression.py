"""What permessage-deflate saves on the wire, and what it costs the relay."""

import base64
import os
import socket
import struct
from collections.abc import Iterator
from urllib.parse import urlsplit

from benchmarks.tool import Bench, Relay

#: What a client offers; nothing, each message by itself, and messages that refer back.
OFFERS = {
    "plain": None,
    "without context": "permessage-deflate; server_no_context_takeover",
    "with context": "permessage-deflate",
}
#: Questions whose answers are histories of hundreds of events.
QUESTIONS = ['{"kinds":[1],"limit":500}', '{"limit":1000}', '{"kinds":[7],"limit":500}', '{"kinds":[0,3],"limit":200}']


class Reader:
    """A client that counts what it is sent and inflates nothing: its own work is no part of the figure."""

    def __init__(self, url: str, offer: str | None) -> None:
        place = urlsplit(url)
        assert place.hostname and place.port
        self.socket = socket.create_connection((place.hostname, place.port), timeout=60)
        fields = [
            "GET / HTTP/1.1",
            f"Host: {place.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        ]
        if offer:
            fields.append(f"Sec-WebSocket-Extensions: {offer}")
        self.socket.sendall("\r\n".join([*fields, "", ""]).encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self._receive()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        if b" 101 " not in head or (b"permessage-deflate" in head) != (offer is not None):
            raise RuntimeError(f"the relay does not agree: {head.decode()}")

    def _receive(self) -> None:
        piece = self.socket.recv(1 << 20)
        if not piece:
            raise RuntimeError("the relay closed the connection")
        self.buffer += piece

    def _frames(self) -> Iterator[tuple[int, bytes]]:
        """The size on the wire and the payload of each frame."""
        start = 0
        while True:
            if len(self.buffer) < start + 2:
                self.buffer, start = self.buffer[start:], 0
            while len(self.buffer) < 2:
                self._receive()
            form = self.buffer[start + 1] & 0x7F
            head = {126: 4, 127: 10}.get(form, 2)
            while len(self.buffer) < start + head:
                self._receive()
            extended = self.buffer[start + 2 : start + head]
            size = int.from_bytes(extended, "big") if extended else form
            while len(self.buffer) < start + head + size:
                self._receive()
            yield head + size, self.buffer[start + head : start + head + size]
            start += head + size

    def ask(self, question: str) -> tuple[int, int]:
        """The events of an answer, and the bytes up to its EOSE, which is always plain."""
        text = f'["REQ","q",{question}]'.encode()
        # With a key of zeros the payload stays as it is.
        self.socket.sendall(bytes([0x81, 0x80 | len(text)]) + struct.pack("!I", 0) + text)
        events, count = 0, 0
        for size, payload in self._frames():
            count += size
            if payload.startswith(b'["EOSE","q"'):
                self.buffer = b""
                return events, count
            events += 1
        raise AssertionError("frames come without end")


def cpu(relay: Relay) -> float:
    """Microseconds of CPU that the relay has taken."""
    with open(f"/proc/{relay.process.pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") * 1e6


def compression(bench: Bench) -> None:
    relay = bench.relay()
    bench.load(relay, "publish", events=bench.sizes.events)
    rounds = max(5, bench.sizes.queries // 20)
    for name, offer in OFFERS.items():
        client = Reader(relay.url, offer)
        before, events, count = cpu(relay), 0, 0
        for _ in range(rounds):
            for question in QUESTIONS:
                more = client.ask(question)
                events, count = events + more[0], count + more[1]
        spent = cpu(relay) - before
        bench.figures.add(f"histories, {name}", count / events, "bytes on the wire an event")
        bench.figures.add(f"histories, {name}", spent / events, "µs of CPU an event")
        bench.figures.reports.append(
            {"workload": "compression", "offer": offer, "events": events, "bytes": count, "relay_cpu_us": spent}
        )
