"""Signed events, good and bad, made field by field."""

import hashlib
import itertools
import json
import time
from collections.abc import Iterable
from typing import Any

from nostr_sdk import Keys

Event = dict[str, Any]
Tags = Iterable[list[str]]


class Author:
    """A key pair; a random one, or that of a secret of 64 hexadecimal digits."""

    def __init__(self, secret: str | None = None) -> None:
        self.keys = Keys.generate() if secret is None else Keys.parse(secret)
        self.serial = itertools.count()
        self.pubkey = self.keys.public_key().to_hex()

    def event(self, kind: int = 1, content: str = "", tags: Tags = (), created_at: int | None = None) -> Event:
        """A valid event, unless a field is not what NIP-01 allows."""
        return self.signed(
            {
                "pubkey": self.pubkey,
                "created_at": int(time.time()) if created_at is None else created_at,
                "kind": kind,
                "tags": list(tags),
                "content": content,
            }
        )

    def signed(self, fields: Event) -> Event:
        """The fields with the id and signature that belong to them, whatever they are."""
        return self.signed_with_id(fields, event_id(fields))

    def signed_with_id(self, fields: Event, identifier: str) -> Event:
        signature = self.keys.sign_schnorr(bytes.fromhex(identifier))
        return {"id": identifier, **fields, "sig": signature}

    def notes(self, count: int, kind: int = 1, start: int | None = None, size: int = 0) -> list[Event]:
        """Events a second apart, oldest first, from `start` on or up to now; no two calls give the same ones."""
        first = int(time.time()) - count if start is None else start
        return [
            self.event(kind, f"note {next(self.serial)} ".ljust(size, "."), created_at=first + n) for n in range(count)
        ]


def compact(value: Any) -> str:
    """JSON without white space that escapes as clients do: seven short forms, and \\u00xx for other controls."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def preimage(event: Event) -> str:
    """What the id is the hash of (NIP-01)."""
    return compact([0, *(event[name] for name in ("pubkey", "created_at", "kind", "tags", "content"))])


def event_id(event: Event) -> str:
    return hashlib.sha256(preimage(event).encode()).hexdigest()


def difficulty(event: Event) -> int:
    """Leading zero bits of the id (NIP-13)."""
    return 256 - int(event["id"], 16).bit_length()


def mined(author: Author, bits: int, exactly: bool = False) -> Event:
    """An event whose id has at least, or exactly, so many leading zero bits."""
    fields = {"pubkey": author.pubkey, "created_at": int(time.time()), "kind": 1, "content": ""}
    nonce = 0
    while True:
        fields["tags"] = [["nonce", str(nonce), str(bits)]]
        found = 256 - int(event_id(fields), 16).bit_length()
        if found == bits or (found > bits and not exactly):
            return author.signed(fields)
        nonce += 1


def ids(events: Iterable[Event]) -> list[str]:
    return [event["id"] for event in events]
