"""HTTP and WebSocket by hand, for what no library would send."""

import base64
import os
import socket
import struct
from dataclasses import dataclass, field

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
CONTINUATION = 0x0


@dataclass
class Answer:
    """An HTTP answer."""

    status: int
    fields: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name.lower()]

    def one(self, name: str) -> str:
        """The value of a header that stands there once."""
        values = self.all(name)
        assert len(values) == 1, f"{name}: {values}"
        return values[0]

    @property
    def text(self) -> str:
        return self.body.decode()


def open_socket(port: int, seconds: float = 20, receive_buffer: int | None = None) -> socket.socket:
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if receive_buffer is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(seconds)
    connection.connect(("127.0.0.1", port))
    return connection


def read_to_end(connection: socket.socket) -> bytes:
    """All bytes until the peer closes, in good order or not."""
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return received


def parse_answer(raw: bytes) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = [line.split(":", 1) for line in lines[1:]]
    return Answer(int(lines[0].split(" ")[1]), [(key.lower(), value.strip()) for key, value in fields], body)


def exchange(port: int, raw: bytes, seconds: float = 20) -> bytes:
    """Sends bytes and returns all that comes back until the relay closes."""
    with open_socket(port, seconds) as connection:
        connection.sendall(raw)
        return read_to_end(connection)


def request(port: int, method: str = "GET", path: str = "/", fields: dict[str, str] | None = None) -> Answer:
    """One request of HTTP/1.1; the relay has to close the connection after its answer."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in (fields or {}).items()]
    return parse_answer(exchange(port, ("\r\n".join(lines) + "\r\n\r\n").encode()))


HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}
SAMPLE_ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def handshake(
    port: int,
    changes: dict[str, str | None] | None = None,
    *,
    method: str = "GET",
    path: str = "/",
    version: str = "HTTP/1.1",
) -> bytes:
    """An opening handshake (RFC 6455 §4.1) with headers changed, or left out where the change is None."""
    fields = {"Host": f"127.0.0.1:{port}", **HANDSHAKE} | (changes or {})
    lines = [f"{method} {path} {version}"] + [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def frame(opcode: int, payload: bytes = b"", *, final: bool = True, masked: bool = True, reserved: int = 0) -> bytes:
    """One frame as a client sends it (RFC 6455 §5.2)."""
    mask_bit = 0x80 if masked else 0
    head = bytes([(0x80 if final else 0) | reserved << 4 | opcode])
    if len(payload) < 126:
        head += bytes([mask_bit | len(payload)])
    elif len(payload) < 65536:
        head += bytes([mask_bit | 126]) + struct.pack("!H", len(payload))
    else:
        head += bytes([mask_bit | 127]) + struct.pack("!Q", len(payload))
    if not masked:
        return head + payload
    key = os.urandom(4)
    repeated = (key * (len(payload) // 4 + 1))[: len(payload)]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")
    return head + key + mixed.to_bytes(len(payload), "big")


@dataclass
class Frame:
    opcode: int
    payload: bytes
    is_final: bool
    is_masked: bool

    @property
    def close_code(self) -> int:
        assert self.opcode == CLOSE, self
        return struct.unpack("!H", self.payload[:2])[0]


@dataclass
class FrameSocket:
    """A WebSocket connection, frame by frame."""

    port: int
    fields: dict[str, str | None] = field(default_factory=dict)
    receive_buffer: int | None = None
    seconds: float = 20

    def __post_init__(self) -> None:
        self.socket = open_socket(self.port, self.seconds, self.receive_buffer)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(handshake(self.port, {"Sec-WebSocket-Key": key} | self.fields))
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            piece = self.socket.recv(65536)
            assert piece, "the relay closed during the handshake"
            self.buffer += piece
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        self.answer = parse_answer(head + b"\r\n\r\n")
        assert self.answer.status == 101, head

    def __enter__(self) -> "FrameSocket":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, raw: bytes) -> None:
        self.socket.sendall(raw)

    def send_text(self, text: str) -> None:
        self.send(frame(TEXT, text.encode()))

    def _take(self, count: int) -> bytes:
        while len(self.buffer) < count:
            piece = self.socket.recv(65536)
            assert piece, "the relay closed the connection"
            self.buffer += piece
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def read(self) -> Frame:
        """The next frame."""
        first, second = self._take(2)
        length = second & 0x7F
        if length == 126:
            length = struct.unpack("!H", self._take(2))[0]
        elif length == 127:
            length = struct.unpack("!Q", self._take(8))[0]
        return Frame(first & 0x0F, self._take(length), first & 0x80 != 0, second & 0x80 != 0)

    def close_code(self) -> int:
        """Reads up to the relay's close frame and the end of the connection behind it."""
        while (received := self.read()).opcode != CLOSE:
            pass
        assert read_to_end(self.socket) == b"", "nothing follows a close frame"
        return received.close_code
