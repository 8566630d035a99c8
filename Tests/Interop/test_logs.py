"""The log: JSON lines where nobody sits at a terminal, and nothing of what users write."""

import json
import os
import pty
import re
import signal
import subprocess
from datetime import datetime
from pathlib import Path

from conftest import RelayFactory
from support.backends import Backend
from support.client import Client
from support.events import Author
from support.places import binary
from support.relay_process import RelayProcess, clean_environment, wait_until
from support.wire import exchange, request

SECRET = "zugspitze"


def misbehave(relay: RelayProcess, author: Author) -> None:
    """Does what a log might be tempted to repeat."""
    with Client(relay.url) as client:
        client.publish(author.event(content=SECRET, tags=[["t", SECRET]]))
        client.publish(author.event(content=SECRET) | {"sig": "0" * 128})
        client.publish(author.event(70000, content=SECRET))
        client.ask(f'["{SECRET}"]')
        client.ask(f"{SECRET}")
        client.send("REQ", SECRET, {"#t": [SECRET]})
        client.send("REQ", SECRET, {SECRET: [SECRET]})
        client.arrived()
        client.socket.send(SECRET.encode())
        client.close_code()
    exchange(relay.port, f"{SECRET}\r\n\r\n".encode())
    exchange(relay.port, f"GET /{SECRET} HTTP/1.1\r\nHost: {SECRET}\r\n\r\n".encode())


def test_each_line_is_a_json_object_with_time_level_and_message(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay()
    misbehave(relay, author)
    relay.stop()
    lines = [json.loads(line) for line in relay.log_file.read_text().splitlines()]
    assert len(lines) >= 3
    for line in lines:
        assert list(line)[:3] == ["time", "level", "message"]
        datetime.fromisoformat(line["time"])
        assert all(isinstance(value, str) for value in line.values())


def test_no_content_of_an_event_or_a_request_is_in_the_log(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay()
    misbehave(relay, author)
    relay.stop()
    log = relay.log_file.read_text()
    assert SECRET not in log and author.pubkey not in log


def test_the_level_decides_what_is_logged_and_can_be_reloaded(start_relay: RelayFactory) -> None:
    relay = start_relay({"log": {"level": "info"}, "info": {"name": "before"}})
    for old, new in (("before", "sooner"), ("sooner", "latest")):
        relay.rewrite({"level: info": "level: error", old: new})
        wait_until(lambda: new in request(relay.port).text, what="the reload")
    # A page shows its reload a moment before the level is in force; the second one comes after that.
    assert "configuration reloaded" not in relay.messages()
    count = len(relay.log())
    assert relay.stop() == 0
    assert len(relay.log()) == count


def test_a_terminal_gets_text(backend: Backend, tmp_path: Path) -> None:
    master, terminal = pty.openpty()
    process = subprocess.Popen(
        [binary(), "relay", "--listen", "127.0.0.1:0", "--database", backend.database(tmp_path).url],
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=terminal,
        env=clean_environment(),
        cwd=tmp_path,
    )
    os.close(terminal)
    try:
        text = b""
        while not re.search(rb"listening.*\n", text):
            text += os.read(master, 4096)
        assert re.search(rb"\d\d:\d\d:\d\d\.\d{3} info listening address=127\.0\.0\.1:\d+", text)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=15)
        os.close(master)


def test_each_node_shows_its_name_in_logs_and_metrics(start_relay: RelayFactory) -> None:
    for name in ("north", 'a "quoted" name'):
        relay = start_relay({"node": name})
        assert {line["node"] for line in relay.log()} == {name}
        escaped = name.replace('"', '\\"')
        assert f'nostr_relay_info{{node="{escaped}",' in request(relay.port, path="/metrics").text
    unnamed = start_relay()
    assert {line["node"] for line in unnamed.log()} == {os.uname().nodename}
