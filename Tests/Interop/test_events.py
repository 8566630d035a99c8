"""NIP-01: what makes an event an event (checklist 1 to 8), over a real socket."""

import hashlib
import json
import random
from typing import Any

import pytest

from support.client import Client, is_stored
from support.events import Author, Event, compact, event_id, preimage


def refusal(client: Client, event: Event) -> str:
    """The text of the OK that refuses an event."""
    identifier, accepted, text = client.publish(event)[1:]
    assert (identifier, accepted) == (event["id"], False), text
    return text


def test_line_1_an_event_whose_id_is_the_hash_of_its_fields_is_accepted(client: Client, author: Author) -> None:
    event = author.event(content="hello")
    assert client.publish(event) == ["OK", event["id"], True, ""]
    assert client.fetch({"ids": [event["id"]]}) == [event]


@pytest.mark.parametrize(
    "name, value",
    [
        ("content", "other"),
        ("created_at", 1700000000),
        ("kind", 7),
        ("tags", [["t", "other"]]),
    ],
)
def test_line_1_an_event_changed_after_signing_is_refused_as_invalid(
    client: Client, author: Author, name: str, value: Any
) -> None:
    event = author.event(content="hello") | {name: value}
    assert refusal(client, event).startswith("invalid: ")
    assert not is_stored(client, event)


def test_line_2_the_seven_short_escapes_are_hashed_as_such(client: Client, author: Author) -> None:
    event = author.event(content='newline \n quote " backslash \\ return \r tab \t backspace \b feed \f')
    assert client.publish(event)[2] is True
    assert client.fetch({"ids": [event["id"]]}) == [event]


@pytest.mark.parametrize(
    "content",
    [
        "a/b",
        "delete \x7f",
        "separators \u2028 \u2029",
        "emoji 🐦‍⬛ 👩🏽‍🚀",
        "nonascii ünï 日本語",
        "\ufeffbom",
        "noncharacter \uffff",
    ],
)
def test_line_2_all_other_characters_are_hashed_raw(client: Client, author: Author, content: str) -> None:
    event = author.event(content=content, tags=[["t", content]])
    assert client.publish(event)[2] is True
    assert client.fetch({"ids": [event["id"]]}) == [event]


CONTROLS = "control \x01 \x1f and \x0b"


def test_line_2_control_characters_may_be_hashed_as_u_escapes(client: Client, author: Author) -> None:
    event = author.event(content=CONTROLS)
    assert client.publish(event)[2] is True
    assert client.fetch({"ids": [event["id"]]}) == [event]


def test_line_2_control_characters_may_be_hashed_verbatim(client: Client, author: Author) -> None:
    fields = {key: value for key, value in author.event(content=CONTROLS).items() if key not in ("id", "sig")}
    verbatim = preimage(fields).replace("\\u0001", "\x01").replace("\\u001f", "\x1f").replace("\\u000b", "\x0b")
    event = author.signed_with_id(fields, hashlib.sha256(verbatim.encode()).hexdigest())
    assert client.publish(event)[2] is True
    assert client.fetch({"ids": [event["id"]]}) == [event]


def test_line_3_any_legal_json_escape_is_read(client: Client, author: Author) -> None:
    event = author.event(content="é / 😀 tab\t", tags=[["t", "é/"]])
    text = json.dumps(event, ensure_ascii=True).replace("/", "\\/").replace("\\t", "\\u0009")
    assert "\\ud83d\\ude00" in text and "\\u00e9" in text and "\\/" in text
    client.send_text(f'["EVENT",{text}]')
    assert client.ok(event)[2] is True
    assert client.fetch({"ids": [event["id"]]}) == [event]
    assert client.fetch({"#t": ["é/"], "authors": [author.pubkey]}) == [event]


def test_line_3_escapes_in_keys_are_read(client: Client, author: Author) -> None:
    event = author.event(content="hello")
    text = compact(event).replace('"content"', '"c\\u006fntent"')
    client.send_text(f'["EVENT",{text}]')
    assert client.ok(event)[2] is True


def test_line_3_escapes_in_the_name_of_a_message_are_read(client: Client, author: Author) -> None:
    event = author.event(content="hello")
    assert client.ask(f'["\\u0045VENT",{compact(event)}]') == ["OK", event["id"], True, ""]


def test_line_3_a_lone_surrogate_is_refused_and_the_connection_stays(client: Client, author: Author) -> None:
    event = author.event(content="hello")
    answer = client.ask(f'["EVENT",{compact(event).replace("hello", chr(92) + "ud800")}]')
    assert answer[0] == "NOTICE" or answer[:3] == ["OK", event["id"], False]
    assert client.publish(event)[2] is True


@pytest.mark.parametrize("name", ["id", "pubkey", "sig"])
def test_line_4_upper_case_hex_is_invalid(client: Client, author: Author, name: str) -> None:
    event = author.event(content="hello")
    upper = author.signed({**{k: event[k] for k in event if k not in ("id", "sig")}, "pubkey": event["pubkey"].upper()})
    event = upper if name == "pubkey" else event | {name: event[name].upper()}
    assert refusal(client, event).startswith("invalid: ")


@pytest.mark.parametrize(
    "name, length", [("id", 63), ("id", 65), ("pubkey", 62), ("pubkey", 66), ("sig", 126), ("sig", 130)]
)
def test_line_4_hex_of_another_length_is_invalid(client: Client, author: Author, name: str, length: int) -> None:
    event = author.event(content="hello")
    event[name] = (event[name] * 2)[:length]
    assert refusal(client, event).startswith("invalid: ")


def test_line_5_a_signature_of_another_key_is_invalid(client: Client, author: Author) -> None:
    event = author.event(content="hello")
    event["sig"] = Author().keys.sign_schnorr(bytes.fromhex(event["id"]))
    assert refusal(client, event).startswith("invalid: ")
    assert not is_stored(client, event)


def test_line_5_a_valid_signature_over_a_wrong_id_is_invalid(client: Client, author: Author) -> None:
    fields = {key: value for key, value in author.event(content="hello").items() if key not in ("id", "sig")}
    event = author.signed_with_id(fields, random.randbytes(32).hex())
    assert refusal(client, event).startswith("invalid: ")


def test_line_5_a_pubkey_that_is_no_point_of_the_curve_is_invalid(client: Client, author: Author) -> None:
    fields = {key: value for key, value in author.event().items() if key not in ("id", "sig")}
    event = author.signed(fields | {"pubkey": "f" * 64})
    assert refusal(client, event).startswith("invalid: ")


def test_line_5_a_known_id_with_another_signature_is_not_taken_for_a_duplicate(client: Client, author: Author) -> None:
    event = author.event(content="hello")
    assert client.publish(event)[2] is True
    assert refusal(client, event | {"sig": "0" * 128}).startswith("invalid: ")


@pytest.mark.parametrize(
    "name, value",
    [
        ("kind", -1),
        ("kind", 65536),
        ("kind", 1.5),
        ("kind", 1.0),
        ("kind", "1"),
        ("kind", None),
        ("kind", True),
        ("created_at", -1),
        ("created_at", 1700000000.5),
        ("created_at", "1700000000"),
        ("created_at", None),
        ("created_at", 2**63),
        ("created_at", 10**30),
    ],
)
def test_line_6_a_kind_or_time_of_another_form_is_invalid(
    client: Client, author: Author, name: str, value: Any
) -> None:
    fields = {key: item for key, item in author.event().items() if key not in ("id", "sig")}
    assert refusal(client, author.signed(fields | {name: value})).startswith("invalid: ")


@pytest.mark.parametrize("kind", [65535, 0, 44, 9999, 1000, 45, 39999])
def test_line_6_every_kind_up_to_65535_is_accepted(client: Client, author: Author, kind: int) -> None:
    event = author.event(kind)
    assert client.publish(event)[2] is True
    assert is_stored(client, event)


@pytest.mark.parametrize(
    "tags",
    [
        [[]],
        [["t", None]],
        [["t", 1]],
        [["t", ["nested"]]],
        [["t", True]],
        ["t"],
        {},
        "t",
        None,
        [None],
        [["t"], [{}]],
    ],
)
def test_line_7_tags_that_are_not_arrays_of_strings_are_invalid(client: Client, author: Author, tags: Any) -> None:
    fields = {key: item for key, item in author.event().items() if key not in ("id", "sig")}
    assert refusal(client, author.signed(fields | {"tags": tags})).startswith("invalid: ")


@pytest.mark.parametrize("tags", [[["t"]], [[""]], [["t", ""]], [["t"] * 50], [["😀", "x"]]])
def test_line_7_unusual_arrays_of_strings_are_tags(client: Client, author: Author, tags: list[list[str]]) -> None:
    event = author.event(tags=tags)
    assert client.publish(event)[2] is True
    assert client.fetch({"ids": [event["id"]]}) == [event]


def test_line_8_unknown_keys_are_accepted_and_not_given_back(client: Client, author: Author) -> None:
    event = author.event(content="hello")
    assert client.publish(event | {"seen_on": ["wss://a"], "extra": {"deep": [1, None]}})[2] is True
    [stored] = client.fetch({"ids": [event["id"]]})
    assert list(stored) == ["id", "pubkey", "created_at", "kind", "tags", "content", "sig"]
    assert stored == event


def test_line_8_key_order_and_white_space_do_not_matter(client: Client, author: Author) -> None:
    event = author.event(content="hello", tags=[["t", "a"], ["t", "b"]])
    text = json.dumps(dict(reversed(event.items())), indent="\t", separators=(" ,\r\n", " : "))
    client.send_text(f' [ "EVENT" ,\n{text} ] \n')
    assert client.ok(event)[2] is True
    assert client.fetch({"ids": [event["id"]]}) == [event]


def test_line_8_duplicate_keys_do_not_change_acceptance(client: Client, author: Author) -> None:
    event = author.event(content="hello")
    client.send_text('["EVENT",{"content":"first",' + compact(event)[1:] + "]")
    assert client.ok(event)[2] is True
    assert client.fetch({"ids": [event["id"]]}) == [event]


@pytest.mark.parametrize("name", ["pubkey", "created_at", "kind", "tags", "content", "sig"])
def test_an_event_without_a_field_is_invalid(client: Client, author: Author, name: str) -> None:
    event = author.event(content="hello")
    del event[name]
    assert refusal(client, event).startswith("invalid: ")


@pytest.mark.parametrize("event", [{}, {"id": 1}, [], "event", None, 5])
def test_an_event_without_an_id_gets_a_notice(client: Client, event: Any) -> None:
    answer = client.ask(compact(["EVENT", event]))
    assert answer[0] == "NOTICE" and len(answer) == 2


def test_events_come_back_byte_for_byte_in_canonical_json(client: Client, author: Author) -> None:
    event = author.event(content='a/"\\\n\u2028\x01é', tags=[["t", "x", "", "é"]])
    assert client.publish(event)[2] is True
    client.send("REQ", "raw", {"ids": [event["id"]]})
    assert client.socket.recv(timeout=20) == f'["EVENT","raw",{compact(event)}]'
    assert event_id(event) == event["id"]
