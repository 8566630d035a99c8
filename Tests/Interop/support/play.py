"""Rounds of generated events that go to a relay and to the model, while subscriptions listen."""

import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from support.client import Client, Filter
from support.comparison import Comparison, model_of, seconds_since
from support.events import Event, compact, ids
from support.model import ACCEPTED, Record, is_sent_live, needs_login
from support.random_events import RandomEvents
from support.random_requests import RandomRequests
from support.relay_process import RelayProcess

LISTENERS = 3
SUBSCRIPTIONS = 6


@dataclass
class Listener:
    """A client with subscriptions, by name."""

    client: Client
    subscriptions: dict[str, list[Filter]] = field(default_factory=dict)


@dataclass
class Delivery:
    """An event that was accepted, and so goes to those who listen."""

    record: Record
    # It may be left out: the burst that it came in has replaced or deleted it.
    is_gone: bool = False


class Play:
    """One relay, one publisher, a few listeners; commit order is the order of sending."""

    def __init__(self, relay: RelayProcess, seed: int) -> None:
        self.relay = relay
        self.events = RandomEvents(Random(f"{seed} events"))
        self.random = Random(f"{seed} rounds")
        self.comparison = Comparison(model_of(relay), f"seed {seed}")
        self.model = self.comparison.model
        self.opened = self.published = self.heard = self.restarts = 0
        self.outcomes: Counter[str] = Counter()
        self.connect()

    @property
    def summary(self) -> str:
        said = ", ".join(f"{count} {text or 'accepted'}" for text, count in sorted(self.outcomes.items()))
        return (
            f"{self.published} events ({said}), {self.comparison.asked} requests that showed {self.comparison.shown},"
            f" {self.opened} subscriptions that heard {self.heard}, {self.restarts} restarts"
        )

    def connect(self) -> None:
        self.publisher = Client(self.relay.url)
        self.listeners = [Listener(Client(self.relay.url, deflate=number > 0)) for number in range(LISTENERS)]
        for listener in self.listeners:
            self.subscribe(listener, "everything", [{"limit": 0}])

    def disconnect(self) -> None:
        for client in (self.publisher, *(listener.client for listener in self.listeners)):
            client.open.close()

    def restart(self, killed: bool) -> None:
        """Ends the relay, in good order or not, and starts it again with the same database."""
        if killed:
            self.relay.kill()
        else:
            assert self.relay.stop() == 0
        self.disconnect()
        self.relay.start()
        self.restarts += 1
        self.connect()

    def begin(self, where: str) -> None:
        """A new round; `where` is what a failure in it says."""
        self.comparison.where = where

    def ask(self, count: int) -> None:
        """Asks for everything, then at random."""
        self.comparison.ask(self.publisher, [{"limit": self.model.max_limit}])
        requests = self._requests()
        for _ in range(count):
            self.comparison.ask(self.publisher, requests.request())

    def change_subscriptions(self) -> None:
        """Closes some, replaces some, opens others; their stored events are compared too."""
        requests = self._requests()
        for listener in self.listeners:
            for number in range(SUBSCRIPTIONS):
                name = f"live {number}"
                chance = self.random.random()
                if chance < 0.2 and name in listener.subscriptions:
                    listener.client.send("CLOSE", name)
                    del listener.subscriptions[name]
                elif chance < 0.6:
                    self.subscribe(listener, name, requests.request())

    def subscribe(self, listener: Listener, name: str, filters: list[Filter]) -> None:
        if needs_login(filters):
            return
        self.opened += 1
        self.comparison.compare(lambda: listener.client.subscribe(name, *filters), filters)
        listener.subscriptions[name] = filters

    def _requests(self) -> RandomRequests:
        """Requests about all that was ever made: what is gone must stay away."""
        events = self.events.made or [self.events.next(int(time.time()))]
        return RandomRequests(Random(self.random.random()), events)

    def publish_one_by_one(self, count: int) -> None:
        """Each event waits for the answer to the one before; whatever is accepted must be heard, in order."""
        deliveries = []
        for _ in range(count):
            started = time.time()
            event = self.events.next(int(started))
            record = self._settle(event, self.publisher.publish(event), started)
            if record:
                self.model.take(record)
                deliveries.append(Delivery(record))
        for listener in self.listeners:
            for name, received in self._live(listener).items():
                wanted = self._wanted(deliveries, listener, name)
                self._compare_live(listener, name, received, wanted)

    def publish_at_once(self, count: int) -> None:
        """All events are sent before an answer is read, so that several share a commit.

        Ephemeral ones pass those that wait for their commit, and what a commit removes again may be left out; all else
        must be heard in the order of sending.
        """
        started = time.time()
        events = [self.events.next(int(started)) for _ in range(count)]
        for event in events:
            self.publisher.send("EVENT", event)
        answers = [self.publisher.ok(event) for event in events]
        deliveries: list[Delivery] = []
        for event, answer in zip(events, answers):
            record = self._settle(event, answer, started)
            if record:
                removed = {one.id for one in self.model.take(record)}
                for delivery in deliveries:
                    delivery.is_gone = delivery.is_gone or delivery.record.id in removed
                deliveries.append(Delivery(record))
        for listener in self.listeners:
            for name, received in self._live(listener).items():
                for is_ephemeral in (True, False):
                    wanted = self._wanted(
                        [one for one in deliveries if one.record.is_ephemeral == is_ephemeral], listener, name
                    )
                    part = [event for event in received if (20000 <= event["kind"] < 30000) == is_ephemeral]
                    self._compare_live(listener, name, part, wanted)

    def _settle(self, event: Event, answer: list, started: float) -> Record | None:
        """Compares an OK with the model; returns what was accepted."""
        self.published += 1
        record = Record(event)
        said = (answer[2], answer[3])
        possible = set().union(*(self.model.answers_to(record, now) for now in seconds_since(started)))
        if said not in possible:
            self.comparison.fail(f"event {self.published} got {answer[2:]}, not {possible}: {compact(event)}")
        self.outcomes[said[1]] += 1
        return record if said == ACCEPTED else None

    def _live(self, listener: Listener) -> dict[str, list[Event]]:
        """What each subscription has heard since it was asked last."""
        heard: dict[str, list[Event]] = {name: [] for name in listener.subscriptions}
        for message in listener.client.arrived():
            if message[0] != "EVENT" or message[1] not in heard:
                self.comparison.fail(f"this was not asked for: {compact(message)}")
            heard[message[1]].append(message[2])
            self.heard += 1
        return heard

    def _wanted(self, deliveries: list[Delivery], listener: Listener, name: str) -> list[Delivery]:
        filters = listener.subscriptions[name]
        return [delivery for delivery in deliveries if is_sent_live(delivery.record, filters)]

    def _compare_live(self, listener: Listener, name: str, received: list[Event], wanted: list[Delivery]) -> None:
        """All that is wanted must have been heard in this order, but for what may be left out.

        It goes from the end: of an event that was removed and stored again the last delivery is the one that counts.
        """
        rest = list(received)
        for delivery in reversed(wanted):
            if rest and rest[-1] == delivery.record.event:
                rest.pop()
            elif not delivery.is_gone:
                break
        else:
            if not rest:
                return
        filters = compact(listener.subscriptions[name])
        self.comparison.fail(
            f"{filters} heard {ids(received)}\ninstead of {[delivery.record.id for delivery in wanted]}\n"
            f"the last events sent: {compact([delivery.record.event for delivery in wanted][-5:])}"
        )
