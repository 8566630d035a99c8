"""Proofs of keys (NIP-42)."""

import time

from support.client import Client, Message
from support.events import Author, Event

#: The public URL of relays that tests configure; nobody connects to it.
RELAY_URL = "wss://relay.test/"


def challenge(client: Client) -> str:
    """The challenge that the relay sends."""
    return client.wait_for(lambda message: message[0] == "AUTH")[1]


def proof(author: Author, text: str, url: str = RELAY_URL, kind: int = 22242, created_at: int | None = None) -> Event:
    return author.event(kind, tags=[["relay", url], ["challenge", text]], created_at=created_at or int(time.time()))


def authenticate(client: Client, text: str, *authors: Author) -> None:
    """Proves all of these keys."""
    for author in authors:
        answer = prove(client, proof(author, text))
        assert answer[2] is True, answer


def prove(client: Client, event: Event) -> Message:
    client.send("AUTH", event)
    return client.ok(event)


def connected_as(url: str, *authors: Author) -> Client:
    client = Client(url)
    authenticate(client, challenge(client), *authors)
    return client
