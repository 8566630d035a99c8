"""What NIP-01 asks a relay to answer, judged from a message's text alone and without the relay's code.

Where the protocol leaves a choice, the relay's documented one stands here: whole numbers are written without fraction
and exponent, half a surrogate pair is no JSON, values nest 64 deep, of duplicate keys the last counts and every one has
to be well formed, AUTH is not supported, private kinds are shown to nobody.
"""

import hashlib
import json
import re
import time
from dataclasses import dataclass
from json.decoder import scanstring
from typing import Any

from nostr_sdk import Event as SignedEvent
from nostr_sdk import NostrSdkError

from support.events import compact, preimage

PREFIXES = {"duplicate", "pow", "blocked", "rate-limited", "invalid", "restricted", "mute", "error", "unsupported"}
PREFIXES |= {"auth-required", "closed"}
PRIVATE_KINDS = {4, 1059, 21059}
FIELDS = ["id", "pubkey", "created_at", "kind", "tags", "content", "sig"]
MAX_FUTURE, MAX_TAGS, MAX_ELEMENT, MAX_CONTENT, MAX_EVENT = 900, 2000, 16 << 10, 100_000, 128 << 10
MAX_FILTERS, MAX_VALUES, MAX_ID, MAX_DEPTH = 20, 10_000, 64, 64
SPACE = re.compile(r"[ \t\r\n]*")


class Number(str):
    """A number as it is written."""


class Object(list):
    """The pairs of an object, in order, duplicates and all."""


@dataclass
class Expected:
    """The one answer that a message has to get; `name` is the event's or the subscription's id."""

    kind: str
    name: str = ""
    accepted: bool = False
    or_notice: bool = False


NOTHING, NOTICE = Expected("nothing"), Expected("NOTICE")


def _no_constant(_: str) -> Any:
    raise ValueError("NaN and Infinity are no JSON")


def parse(text: str) -> Any:
    """The value of a JSON text by RFC 8259; ValueError where it is none."""
    try:
        value = json.loads(
            text, parse_int=Number, parse_float=Number, parse_constant=_no_constant, object_pairs_hook=Object
        )
    except RecursionError as error:
        raise ValueError("too deep") from error
    _check(value, 0)
    return value


def _check(value: Any, depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise ValueError("too deep")
    if isinstance(value, str):
        value.encode()  # UnicodeEncodeError, which is a ValueError, for half a surrogate pair
    elif isinstance(value, Object):
        for key, item in value:
            key.encode()
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)


def is_string(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Number)


def is_array(value: Any) -> bool:
    return isinstance(value, list) and not isinstance(value, Object)


def whole(value: Any, most: int | None = None) -> bool:
    """Whether a value is a whole number of at most `most` that is not negative."""
    is_number = isinstance(value, Number) and re.fullmatch(r"0|[1-9][0-9]*", value) is not None
    return is_number and (most is None or (len(value) < 30 and int(value) <= most))


def hexadecimal(value: Any, digits: int) -> bool:
    return is_string(value) and re.fullmatch(rf"[0-9a-f]{{{digits}}}", value) is not None


def head(text: str) -> tuple[str | None, str | None, int]:
    """The first string of a text that begins like a message, the second, and the second's length in bytes as written.

    The rest of the text may be anything.
    """
    verb = name = None
    length = 0
    try:
        position = SPACE.match(text).end()
        if text[position] != "[":
            return None, None, 0
        position = SPACE.match(text, position + 1).end()
        if text[position] != '"':
            return None, None, 0
        verb, position = scanstring(text, position + 1, True)
        position = SPACE.match(text, position).end()
        if text[position] != ",":
            return verb, None, 0
        position = SPACE.match(text, position + 1).end()
        if text[position] == '"':
            name, end = scanstring(text, position + 1, True)
            length = len(text[position + 1 : end - 1].encode())
            name.encode()
    except (IndexError, ValueError):
        return verb, None, 0
    return verb, name, length


def expected(text: str) -> Expected:
    """The answer that a relay with the default limits owes a text message."""
    verb, name, length = head(text)
    try:
        message = parse(text)
    except ValueError:
        message = None
    if verb in ("REQ", "COUNT"):
        if name is None or length > 12 * MAX_ID:
            return NOTICE
        if message is not None and 1 <= len(name) <= MAX_ID and filters_are_good(message[2:]):
            # What a search finds is not counted; one for nothing is no search.
            if verb == "COUNT" and any(dict(filter).get("search") for filter in message[2:]):
                return Expected("CLOSED", name)
            return Expected("EOSE" if verb == "REQ" else "COUNT", name)
        # What is read from left to right may be refused before its end is found to be no JSON.
        return Expected("CLOSED", name, or_notice=message is None)
    if verb == "CLOSE" and name is not None:
        if not 1 <= len(name) <= MAX_ID:
            return Expected("CLOSED", name, or_notice=True)
        return NOTHING if message is not None and len(message) == 2 else NOTICE
    if verb in ("NEG-OPEN", "NEG-MSG", "NEG-CLOSE") and name is not None and length <= 12 * MAX_ID:
        if verb == "NEG-CLOSE" and message is not None and len(message) == 2 and 1 <= len(name) <= MAX_ID:
            return NOTHING
        return Expected("NEG-ERR", name, or_notice=True)
    if verb in ("EVENT", "AUTH") and message is not None and len(message) == 2 and isinstance(message[1], Object):
        return judged(message[1], is_published=verb == "EVENT")
    return NOTICE


def judged(pairs: Object, is_published: bool) -> Expected:
    """The answer to an event."""
    event = dict(pairs)
    named = [value for key, value in pairs if key == "id" and is_string(value)]
    if not named or len(named[-1].encode()) > 128:
        return NOTICE
    identifier = named[-1]
    good = is_published and all(_field_is_good(key, value) for key, value in pairs) and set(FIELDS) <= set(event)
    accepted = good and _is_acceptable({name: plain(event[name]) for name in FIELDS})
    # A short id may have been written with so many escapes that it is not repeated.
    return Expected("OK", identifier, accepted, or_notice=not hexadecimal(identifier, 64))


def _field_is_good(name: str, value: Any) -> bool:
    match name:
        case "id" | "pubkey":
            return hexadecimal(value, 64)
        case "sig":
            return hexadecimal(value, 128)
        case "created_at":
            return whole(value, 2**63 - 1)
        case "kind":
            return whole(value, 65535)
        case "content":
            return is_string(value)
        case "tags":
            return is_array(value) and all(
                is_array(tag) and len(tag) > 0 and all(is_string(item) for item in tag) for tag in value
            )
    return True


def plain(value: Any) -> Any:
    return int(value) if isinstance(value, Number) else value


def _is_acceptable(event: dict[str, Any]) -> bool:
    """Whether an event of the right shape is genuine and within what the relay takes."""
    escaped = preimage(event)
    verbatim = re.sub(r"\\u00([01][0-9a-f])|(\\.)", lambda found: found[2] or chr(int(found[1], 16)), escaped)
    if event["id"] not in (hashlib.sha256(text.encode()).hexdigest() for text in (escaped, verbatim)):
        return False
    return _is_signed(event) and _is_within_limits(event)


def _is_signed(event: dict[str, Any]) -> bool:
    try:
        return SignedEvent.from_json(compact(event)).verify_signature()
    except NostrSdkError:
        return False


def _is_within_limits(event: dict[str, Any]) -> bool:
    now, kind, tags = time.time(), event["kind"], event["tags"]
    expirations = [tag[1] for tag in tags if tag[0] == "expiration" and len(tag) > 1][:1]
    is_ephemeral = 20000 <= kind < 30000
    has_expired = any(re.fullmatch("[0-9]+", value) and int(value) <= now for value in expirations)
    return (
        kind != 22242
        and ["-"] not in tags
        and event["created_at"] <= now + MAX_FUTURE
        and (is_ephemeral or not has_expired)
        and len(tags) <= MAX_TAGS
        and all(len(compact(item).encode()) - 2 <= MAX_ELEMENT for tag in tags for item in tag)
        and len(event["content"]) <= MAX_CONTENT
        and len(compact(event).encode()) <= MAX_EVENT
    )


def filters_are_good(filters: list[Any]) -> bool:
    if not 1 <= len(filters) <= MAX_FILTERS or not all(_filter_is_good(filter) for filter in filters):
        return False
    if sum(len(value) for filter in filters for _, value in filter if is_array(value)) > MAX_VALUES:
        return False
    kinds = [dict(filter).get("kinds") for filter in filters]
    return not all(listed and {int(kind) for kind in listed} <= PRIVATE_KINDS for listed in kinds)


def _filter_is_good(filter: Any) -> bool:
    return isinstance(filter, Object) and all(_condition_is_good(name, value) for name, value in filter)


def _condition_is_good(name: str, value: Any) -> bool:
    if name in ("ids", "authors", "#e", "#p"):
        return is_array(value) and all(hexadecimal(item, 64) for item in value)
    if name == "kinds":
        return is_array(value) and all(whole(item, 65535) for item in value)
    if name in ("since", "until", "limit"):
        return whole(value)
    if name == "search":
        return is_string(value) and len(value) <= 500
    return re.fullmatch("#[a-zA-Z]", name) is not None and is_array(value) and all(is_string(item) for item in value)


def matches(event: dict[str, Any], filters: list[Object]) -> bool:
    """Whether an event matches one of the filters of a good REQ."""
    return any(all(_meets(event, name, value) for name, value in dict(filter).items()) for filter in filters)


def _meets(event: dict[str, Any], name: str, value: Any) -> bool:
    match name:
        case "ids":
            return event["id"] in value
        case "authors":
            return event["pubkey"] in value
        case "kinds":
            return event["kind"] in map(int, value)
        case "since":
            return event["created_at"] >= int(value)
        case "until":
            return event["created_at"] <= int(value)
        case "search":
            # Nothing of what tests ask for is anybody's word; a search for nothing is no condition.
            return value == ""
        case "limit":
            return True
    return any(len(tag) > 1 and tag[0] == name[1] and tag[1] in value for tag in event["tags"])
