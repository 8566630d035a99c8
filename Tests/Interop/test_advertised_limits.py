"""Checklist 47: every limit in the document is enforced at exactly its number, with any configuration."""

import itertools
import json
import time
from collections.abc import Callable

import pytest

from conftest import RelayFactory
from support.client import Client
from support.events import Author, Event, compact, difficulty, mined
from support.relay_process import RelayProcess
from support.wire import request

FLAGS = {"auth_required", "payment_required", "restricted_writes"}
NOTHING = {"ids": ["0" * 64]}
CONFIGURATIONS = {
    "defaults": {},
    "others": {
        "connections": {"max_message": "70000B"},
        "events": {"max_size": "50000B", "max_tags": 3, "max_content": 33, "max_age": "2h", "max_future": "2m"}
        | {"min_pow": 4},
        "subscriptions": {"max": 2, "max_filters": 3, "max_limit": 12, "default_limit": 11, "max_id_length": 5},
    },
}


def relay_time() -> int:
    """A second that the relay's clock has reached; it may lag behind by a tick."""
    return int(time.time() - 0.1)


class Prober:
    """Tries each limit at its number and just beyond it, on a connection of its own."""

    def __init__(self, relay: RelayProcess, limitation: dict[str, int]) -> None:
        self.relay = relay
        self.limitation = limitation
        self.author = Author()
        self.serial = itertools.count()

    def event(self, **fields: object) -> Event:
        """An event with as much work as is asked for; its kind is the nonce, so no two are the same."""
        bits = self.limitation["min_pow_difficulty"]
        while difficulty(event := self.author.event(1000 + next(self.serial) % 9000, **fields)) < bits:
            continue
        return event

    def takes(self, event: Event) -> bool:
        with Client(self.relay.url) as client:
            identifier, accepted, text = client.publish(event)[1:]
            assert accepted or text.split(": ")[0] in ("invalid", "pow"), (identifier, text)
            return accepted

    def max_message_length(self, number: int) -> None:
        text = compact(["REQ", "é", NOTHING])
        with Client(self.relay.url) as client:
            assert client.ask(text + " " * (number - len(text.encode())))[:2] == ["EOSE", "é"]
            client.send_text(text + " " * (number + 1 - len(text.encode())))
            assert client.close_code() == 1009

    def max_subscriptions(self, number: int) -> None:
        with Client(self.relay.url) as client:
            for count in range(number):
                assert client.subscribe(f"{count}", NOTHING) == []
            client.send("REQ", "more", NOTHING)
            assert client.receive()[:2] == ["CLOSED", "more"]

    def max_filters(self, number: int) -> None:
        with Client(self.relay.url) as client:
            assert client.subscribe("most", *[NOTHING] * number) == []
            client.send("REQ", "more", *[NOTHING] * (number + 1))
            assert client.receive()[:2] == ["CLOSED", "more"]

    def max_subid_length(self, number: int) -> None:
        with Client(self.relay.url) as client:
            assert client.subscribe("😀" * number, NOTHING) == []
            client.send("REQ", "x" * (number + 1), NOTHING)
            assert client.receive()[:2] == ["CLOSED", "x" * (number + 1)]

    def _stored(self, number: int, limit: int | None) -> None:
        # A second apart: at its own cap the relay sends the events of one second together.
        self.author = Author()
        mine = {"authors": [self.author.pubkey]} | ({} if limit is None else {"limit": limit})
        now = int(time.time())
        with Client(self.relay.url) as client:
            client.publish_all(self.event(created_at=now - 2 * count) for count in range(number + 2))
            assert len(client.fetch(mine)) == number

    def max_limit(self, number: int) -> None:
        self._stored(number, number)
        self._stored(number, number + 1)

    def default_limit(self, number: int) -> None:
        self._stored(number, None)

    def max_event_tags(self, number: int) -> None:
        assert self.takes(self.event(tags=[["x", str(count)] for count in range(number)]))
        assert not self.takes(self.event(tags=[["x", str(count)] for count in range(number + 1)]))

    def max_content_length(self, number: int) -> None:
        assert self.takes(self.event(content="x" * (number - 1) + "日"))
        assert not self.takes(self.event(content="x" * number + "日"))

    def min_pow_difficulty(self, number: int) -> None:
        assert self.takes(mined(self.author, number, exactly=True))
        if number > 0:
            assert not self.takes(mined(self.author, number - 1, exactly=True))

    def created_at_lower_limit(self, number: int) -> None:
        """Within seconds: the relay's clock runs on; to the second it is tried with a clock that stands still."""
        assert self.takes(self.event(created_at=int(time.time()) - number + 30))
        assert not self.takes(self.event(created_at=relay_time() - number - 1))

    def created_at_upper_limit(self, number: int) -> None:
        assert self.takes(self.event(created_at=relay_time() + number))
        assert not self.takes(self.event(created_at=int(time.time()) + number + 30))


@pytest.mark.parametrize("configuration", CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_line_47_every_advertised_limit_is_enforced_at_exactly_its_number(
    start_relay: RelayFactory, configuration: dict
) -> None:
    relay = start_relay(configuration)
    fields = {"Accept": "application/nostr+json"}
    limitation = json.loads(request(relay.port, fields=fields).body)["limitation"]
    prober = Prober(relay, limitation)
    for name, number in limitation.items():
        if name not in FLAGS:
            probe: Callable[[int], None] | None = getattr(prober, name, None)
            assert probe is not None, f"{name} is advertised, and nothing here tries it"
            probe(number)


def test_line_47_a_limit_that_is_not_enforced_is_not_advertised(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay({"events": {"max_age": "none"}})
    limitation = json.loads(request(relay.port, fields={"Accept": "application/nostr+json"}).body)["limitation"]
    assert "created_at_lower_limit" not in limitation
    with Client(relay.url) as client:
        assert client.publish(author.event(created_at=0))[2] is True
