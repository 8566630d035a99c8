"""The system's clock set back and forward under the running relay: only what goes by the calendar changes."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from glob import glob
from pathlib import Path

import pytest

from support.backends import Backend, Database
from support.client import Client, is_stored
from support.events import Author, Event
from support.places import is_sanitized
from support.relay_process import Configuration, RelayProcess, wait_until

DAY = 86_400
LIBRARIES = glob("/usr/lib/*/faketime/libfaketime.so.1") + glob("/usr/lib/faketime/libfaketime.so.1")
pytestmark = [
    pytest.mark.skipif(not LIBRARIES, reason="needs libfaketime (Debian: faketime)"),
    pytest.mark.skipif(is_sanitized(), reason="libfaketime and a sanitizer both want to be loaded first"),
]
JUMPS = {
    "a day forward": lambda now: now + DAY,
    "a day back": lambda now: now - DAY,
    "to 1971": lambda now: 365 * DAY,
    "to 2040": lambda now: 70 * 365 * DAY + 17 * DAY,
}


def variables(name: str, value: object) -> dict[str, str]:
    """A configuration as the environment has it."""
    if isinstance(value, dict):
        return {
            key: text for part in value for key, text in variables(f"{name}_{part.upper()}", value[part]).items()
        }
    return {name: str(value).lower() if isinstance(value, bool) else str(value)}


class Clockwork:
    """A relay whose calendar is a file; the clock that never runs back is the system's."""

    def __init__(self, folder: Path, store: Database, configuration: Configuration | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "clock"
        self.offset = 0
        self.set("+0")
        environment = {"LD_PRELOAD": LIBRARIES[0], "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1"}
        environment |= {"DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"}
        self.relay = RelayProcess(folder, store, configuration, environment)
        # The library adds to the environment before the program starts, and Swift then finds no arguments: the
        # configuration comes by the environment.
        self.relay.environment |= variables("MARTLET", self.relay.configuration)

    def set(self, text: str) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_text(text + "\n")
        fresh.replace(self.file)

    def jump(self, seconds: int) -> None:
        """Sets the clock so many seconds beside the right time."""
        self.offset = seconds
        self.set(f"{seconds:+d}")

    def freeze(self, moment: int) -> None:
        self.set(datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S"))

    def now(self) -> int:
        return int(time.time()) + self.offset


@pytest.fixture
def clockwork(backend: Backend, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Clockwork]:
    folder = tmp_path / "clockwork"
    made = Clockwork(folder, backend.database(folder), getattr(request, "param", None))
    made.relay.start()
    yield made
    assert made.relay.stop() == 0


def expiring(author: Author, moment: int, **fields: object) -> Event:
    return author.event(tags=[["expiration", str(moment)]], **fields)


QUICK_PINGS = {
    "connections": {"ping_interval": "1s", "idle_timeout": "1h"},
    "rate_limits": {
        "enabled": True,
        "connection": {"events": "1/h burst 8", "messages": "none"},
        "address": {"connections": "1/h burst 6", "open_connections": "none"},
    },
}


@pytest.mark.parametrize("clockwork", [QUICK_PINGS], indirect=True)
@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
def test_connections_timers_and_rates_do_not_notice_a_jump(clockwork: Clockwork, author: Author, jump) -> None:
    relay = clockwork.relay
    with Client(relay.url) as client, Client(relay.url) as listener, Client(relay.url) as idle:
        listener.subscribe("live", {"authors": [author.pubkey]})
        published = []
        for seconds in (0, jump(int(time.time())) - int(time.time()), 0):
            clockwork.jump(seconds)
            for _ in range(2):
                event = author.event(content=str(len(published)), created_at=clockwork.now())
                assert client.publish(event) == ["OK", event["id"], True, ""]
                assert listener.live("live") == event
                published.append(event)
            time.sleep(2.5)  # Two pings of the relay, and the time after which it gives up a silent peer.
        for connection in (client, listener, idle):
            assert connection.fetch({"ids": ["0" * 64]}) == [], "nobody was cut off"
        expected = sorted(published, key=lambda event: (-event["created_at"], event["id"]))
        assert client.fetch({"authors": [author.pubkey]}) == expected
        answers = [client.publish(author.event(content=f"more {n}"))[2] for n in range(4)]
        assert answers == [True, True, False, False], "a jump neither refills a burst nor empties it"
        for seconds in (DAY, -DAY, 0):
            clockwork.jump(seconds)
            assert client.publish(author.event(content="too many", created_at=5))[3].startswith("rate-limited: ")
        for _ in range(3):
            with Client(relay.url):
                pass
        with pytest.raises(Exception, match="429"):
            Client(relay.url)
    assert relay.process is not None and relay.process.poll() is None
    assert not [line for line in relay.log() if line["level"] in ("error", "critical")]


@pytest.mark.parametrize("clockwork", [{"events": {"max_age": "2d", "max_future": "15m"}}], indirect=True)
def test_the_limits_of_created_at_follow_the_clock_at_once(clockwork: Clockwork, author: Author) -> None:
    with Client(clockwork.relay.url) as client:
        for offset in (0, DAY, -DAY, 14 * 365 * DAY, -50 * 365 * DAY, 0):
            clockwork.jump(offset)
            now = clockwork.now()
            for created_at, is_accepted in (
                (now, True),
                (now + 800, True),
                (now + 1000, False),
                (now - 2 * DAY + 60, True),
                (now - 2 * DAY - 60, False),
            ):
                answer = client.publish(author.event(content=str(offset), created_at=created_at))
                assert answer[2] is is_accepted, (offset, created_at - now, answer)
                assert is_accepted or answer[3].startswith("invalid: created_at ")


@pytest.mark.timeout(120)
def test_expiry_follows_the_clock_and_what_was_swept_stays_gone(clockwork: Clockwork, author: Author) -> None:
    relay = clockwork.relay
    now = int(time.time())
    lasting, soon = author.event(), expiring(author, now + 3600, content="soon")
    with Client(relay.url) as client:
        # The next sweep is not put off to the year that the clock once showed.
        clockwork.jump(14 * 365 * DAY)
        client.publish_all([lasting])
        clockwork.jump(0)
        client.publish_all([soon])
        clockwork.jump(-DAY)
        past = expiring(author, now - 60, content="past", created_at=now - DAY)
        client.publish_all([past])
        assert is_stored(client, past) and is_stored(client, soon) and is_stored(client, lasting)
        clockwork.jump(0)
        assert not is_stored(client, past) and is_stored(client, soon)
        clockwork.jump(DAY)
        assert not is_stored(client, soon) and is_stored(client, lasting)
        assert client.publish(expiring(author, now + 7200))[3] == "invalid: the event has expired"
        wait_until(lambda: relay.store.count() == 1, seconds=70, what="the sweep of what has expired by the new clock")
        clockwork.jump(0)
        assert client.fetch({"authors": [author.pubkey]}) == [lasting], "what was swept does not come back"
        client.publish_all([soon, expiring(author, now + 7200)])
        assert len(client.fetch({"authors": [author.pubkey]})) == 3


@pytest.mark.parametrize("clockwork", [{"events": {"max_age": "1h", "max_future": "15m"}}], indirect=True)
def test_line_47_and_55_limits_of_time_are_exact_to_the_second(clockwork: Clockwork, author: Author) -> None:
    now = int(time.time()) - 5 * DAY
    clockwork.freeze(now)
    with Client(clockwork.relay.url) as client:
        for created_at, is_accepted in ((900, True), (901, False), (-3600, True), (-3601, False)):
            answer = client.publish(author.event(content=str(created_at), created_at=now + created_at))
            assert answer[2] is is_accepted, (created_at, answer)
        for expires, is_accepted in ((-1, False), (0, False), (1, True)):
            event = expiring(author, now + expires, content=str(expires), created_at=now)
            assert client.publish(event)[2] is is_accepted, expires
        assert is_stored(client, event)
        clockwork.freeze(now + 1)
        assert not is_stored(client, event)


def test_a_relay_started_with_a_wrong_clock_serves_what_it_has(clockwork: Clockwork, author: Author) -> None:
    with Client(clockwork.relay.url) as client:
        client.publish_all(events := author.notes(5))
    for offset in (-50 * 365 * DAY, 13 * 365 * DAY, 0):
        assert clockwork.relay.stop() == 0
        clockwork.jump(offset)
        clockwork.relay.start()
        with Client(clockwork.relay.url) as client:
            assert client.fetch({"authors": [author.pubkey], "kinds": [1]}) == events[::-1]
            client.publish_all([event := author.event(7, created_at=clockwork.now())])
            assert is_stored(client, event)
