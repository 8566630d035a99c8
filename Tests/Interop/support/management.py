"""Calls of the relay's management API (NIP-86), authorized by NIP-98, by hand: also those that no client would make."""

import base64
import hashlib
import json
import time
from typing import Any

from support.events import Author, Event, compact
from support.wire import Answer, exchange, parse_answer

TYPE = "application/nostr+json+rpc"
#: What the relays of these tests are called; it need not lead anywhere.
URL = "wss://relay.example.com"


def authorization(admin: Author, body: bytes, changes: dict[str, str | None] | None = None, **fields: Any) -> Event:
    """The event that authorizes a request; `changes` to its tags, None to leave one out."""
    tags = {"u": URL, "method": "POST", "payload": hashlib.sha256(body).hexdigest()} | (changes or {})
    named = [[name, value] for name, value in tags.items() if value is not None]
    return admin.event(**({"kind": 27235, "tags": named} | fields))


def header(event: Event) -> str:
    return "Nostr " + base64.b64encode(compact(event).encode()).decode()


def post(port: int, body: bytes, authorized: str | None, fields: dict[str, str] | None = None) -> Answer:
    """One request with a body, as it is."""
    headers = {"Host": "relay.example.com", "Content-Type": TYPE, "Content-Length": str(len(body))} | (fields or {})
    if authorized is not None:
        headers["Authorization"] = authorized
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return parse_answer(exchange(port, f"POST / HTTP/1.1\r\n{head}\r\n".encode() + body))


def ask(port: int, admin: Author, body: bytes) -> Answer:
    """A request with this body, well authorized."""
    return post(port, body, header(authorization(admin, body)))


def request_body(method: Any, *params: Any) -> bytes:
    # The time makes no two bodies the same, nor two authorizations within a second.
    return compact({"method": method, "params": list(params), "time": time.time_ns()}).encode()


def document(answer: Answer) -> dict[str, Any]:
    assert answer.one("content-type") == TYPE
    assert answer.one("access-control-allow-origin") == "*"
    return json.loads(answer.body)


def call(port: int, admin: Author, method: str, *params: Any) -> Any:
    """The result of a call, which has to have one."""
    answer = ask(port, admin, request_body(method, *params))
    assert answer.status == 200, answer.body
    reply = document(answer)
    assert "error" not in reply, reply
    return reply["result"]


def fails(port: int, admin: Author, method: str, *params: Any) -> str:
    """The error of a call, which has to have one."""
    answer = ask(port, admin, request_body(method, *params))
    assert answer.status == 200, answer.body
    reply = document(answer)
    assert "result" not in reply, reply
    return reply["error"]
