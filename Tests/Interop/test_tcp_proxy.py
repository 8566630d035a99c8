"""The failing line that other tests put between a relay and its database fails as they need it."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from support.relay_process import wait_until
from support.tcp_proxy import TcpProxy


@pytest.fixture
def proxy() -> Iterator[TcpProxy]:
    """A proxy before a server that sends back what it gets."""
    with socket.create_server(("127.0.0.1", 0)) as listener, TcpProxy(listener.getsockname()[1]) as proxy:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield proxy


def serve(listener: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            threading.Thread(target=echo, args=(listener.accept()[0],), daemon=True).start()


def echo(connection: socket.socket) -> None:
    with contextlib.suppress(OSError), connection:
        while data := connection.recv(1 << 16):
            connection.sendall(data)


def connect(proxy: TcpProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=10)


def say(connection: socket.socket, data: bytes = b"hello") -> None:
    connection.sendall(data)
    received = b""
    while len(received) < len(data):
        received += connection.recv(1 << 16)
    assert received == data


def is_silent(connection: socket.socket) -> bool:
    """Whether nothing comes for a while; the end of the connection is something."""
    connection.settimeout(0.3)
    try:
        connection.recv(1, socket.MSG_PEEK)
        return False
    except TimeoutError:
        return True
    finally:
        connection.settimeout(10)


def test_bytes_pass_in_both_directions_and_an_end_is_handed_on(proxy: TcpProxy) -> None:
    with connect(proxy) as connection:
        say(connection, bytes(range(256)) * 50_000)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    wait_until(lambda: not proxy.pairs, what="the end of the pair")


def test_a_cut_ends_connections_and_refuses_new_ones_until_it_is_mended(proxy: TcpProxy) -> None:
    with connect(proxy) as connection:
        say(connection)
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            assert connection.recv(1) != b"", "an end in good order"
        with pytest.raises(ConnectionRefusedError):
            connect(proxy)
        proxy.mend()
    with connect(proxy) as connection:
        say(connection)


def test_what_is_sent_into_a_frozen_line_arrives_when_it_is_mended(proxy: TcpProxy) -> None:
    with connect(proxy) as connection:
        say(connection)
        proxy.freeze()
        connection.sendall(b"late")
        with connect(proxy) as stranger:
            stranger.sendall(b"later")
            assert is_silent(connection) and is_silent(stranger)
            proxy.mend()
            assert (connection.recv(10), stranger.recv(10)) == (b"late", b"later")


def test_a_forgetful_line_loses_bytes_and_resets_when_it_is_mended(proxy: TcpProxy) -> None:
    with connect(proxy) as connection:
        say(connection)
        proxy.freeze(is_forgetful=True)
        connection.sendall(b"x" * 1_000_000)
        assert is_silent(connection)
        proxy.mend()
        with pytest.raises(ConnectionError):
            connection.recv(1)
    with connect(proxy) as connection:
        say(connection)


def test_latency_delays_and_does_not_throttle(proxy: TcpProxy) -> None:
    proxy.latency = 0.1
    with connect(proxy) as connection:
        started = time.monotonic()
        say(connection)
        assert time.monotonic() - started >= 0.2
