"""NIP-11 as of 2026, field by field (checklist 42 to 48): what stands in the document, and for whom it can be read."""

import json
import re
import signal
from typing import Any

import pytest

from conftest import RelayFactory
from support.events import Author
from support.relay_process import RelayProcess, wait_until
from support.wire import Answer, request

NOSTR_JSON = {"Accept": "application/nostr+json"}
#: The fields of NIP-11, and those that left it in February 2026 and are still read.
FIELDS = {
    "name": str,
    "description": str,
    "banner": str,
    "icon": str,
    "pubkey": str,
    "self": str,
    "contact": str,
    "supported_nips": list,
    "software": str,
    "version": str,
    "terms_of_service": str,
    "limitation": dict,
    "payments_url": str,
    "fees": dict,
    "posting_policy": str,
    "privacy_policy": str,
    "relay_countries": list,
    "language_tags": list,
    "tags": list,
}
LIMITATION = {
    "max_message_length": int,
    "max_subscriptions": int,
    "max_filters": int,
    "max_limit": int,
    "max_subid_length": int,
    "max_event_tags": int,
    "max_content_length": int,
    "min_pow_difficulty": int,
    "auth_required": bool,
    "payment_required": bool,
    "restricted_writes": bool,
    "created_at_lower_limit": int,
    "created_at_upper_limit": int,
    "default_limit": int,
}
WRITTEN = {
    "name": "Swallow 日本 \"quoted\" \\ /",
    "description": "First paragraph.\n\nSecond, with é and 😀.",
    "contact": "mailto:operator@example.com",
    "icon": "https://relay.example/icon.png",
    "banner": "https://relay.example/banner.png",
    "posting_policy": "https://relay.example/posting",
    "privacy_policy": "https://relay.example/privacy",
    "terms_of_service": "https://relay.example/terms",
    "relay_countries": ["DE", "AT"],
    "language_tags": ["de", "en-419"],
    "tags": ["sfw-only"],
}


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({name for name, _ in pairs}) == len(pairs), "a field stands there twice"
    return dict(pairs)


def document(relay: RelayProcess) -> dict[str, Any]:
    return json.loads(request(relay.port, fields=NOSTR_JSON).body.decode(), object_pairs_hook=unique)


def assert_open(answer: Answer) -> None:
    for name in ("origin", "headers", "methods"):
        assert answer.one(f"access-control-allow-{name}")


def test_line_42_every_field_has_the_type_that_the_nip_gives_it(start_relay: RelayFactory) -> None:
    pubkey = Author().pubkey
    relay = start_relay({"info": WRITTEN | {"pubkey": pubkey}})
    found = document(relay)
    assert {name: type(value) for name, value in found.items()} == {name: FIELDS[name] for name in found}
    assert {name: found[name] for name in WRITTEN} == WRITTEN
    assert found["pubkey"] == pubkey


def test_line_42_what_an_operator_has_not_written_is_left_out(relay: RelayProcess) -> None:
    found = document(relay)
    assert {"name", "supported_nips", "software", "version", "limitation"} <= set(found)
    assert not set(found) & (set(WRITTEN) - {"name"}) and "pubkey" not in found
    assert "" not in found.values() and None not in found.values()


def test_line_42_the_document_is_on_the_address_of_the_websocket_and_nowhere_else(relay: RelayProcess) -> None:
    assert request(relay.port, path="/?some=query", fields=NOSTR_JSON).status == 200
    for path in ("/other", "/nostr.json", "//"):
        assert request(relay.port, path=path, fields=NOSTR_JSON).status == 404


def test_line_42_the_document_follows_the_configuration_while_the_relay_runs(start_relay: RelayFactory) -> None:
    relay = start_relay({"info": {"name": "before"}})
    assert document(relay)["name"] == "before"
    relay.configuration |= {"info": {"name": "after"}, "subscriptions": {"max_limit": 777}}
    relay.write_configuration()
    relay.signal(signal.SIGHUP)
    wait_until(lambda: document(relay)["name"] == "after")
    assert document(relay)["limitation"]["max_limit"] == 777


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("origin", ["https://client.example", "null"])
def test_line_43_pages_of_any_origin_may_read_the_document(relay: RelayProcess, method: str, origin: str) -> None:
    answer = request(relay.port, method, fields=NOSTR_JSON | {"Origin": origin})
    assert answer.status == (204 if method == "OPTIONS" else 200)
    assert_open(answer)
    assert answer.one("access-control-allow-origin") == "*"
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.one("access-control-allow-methods").split(", "))


def test_line_43_a_preflight_that_names_headers_is_granted_them(relay: RelayProcess) -> None:
    fields = {"Origin": "https://client.example", "Access-Control-Request-Method": "GET"}
    answer = request(relay.port, "OPTIONS", fields=fields | {"Access-Control-Request-Headers": "accept, x-anything"})
    assert answer.status == 204 and answer.body == b""
    assert "*" in answer.one("access-control-allow-headers").split(", ")


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_line_43_the_other_json_may_be_read_by_pages_too(relay: RelayProcess, path: str) -> None:
    answer = request(relay.port, path=path, fields={"Origin": "https://client.example"})
    assert answer.one("access-control-allow-origin") == "*"


def test_line_43_metrics_and_pages_stay_closed_to_other_origins(relay: RelayProcess) -> None:
    for path in ("/metrics", "/"):
        answer = request(relay.port, path=path, fields={"Origin": "https://client.example"})
        assert answer.all("access-control-allow-origin") == []


def test_line_44_keys_are_64_hex_and_links_are_urls(start_relay: RelayFactory) -> None:
    keys = Author().keys.public_key()
    for written in (keys.to_hex(), keys.to_bech32()):
        found = document(start_relay({"info": {"pubkey": written}}))
        assert found["pubkey"] == keys.to_hex()
        assert re.fullmatch(r"[0-9a-f]{64}", found.get("self", "0" * 64))
        assert re.fullmatch(r"https://[^ ]+", found["software"])
        assert re.fullmatch(r"\d+\.\d+\.\d+.*", found["version"])


def test_line_45_supported_nips_are_distinct_whole_numbers_in_order(relay: RelayProcess) -> None:
    nips = document(relay)["supported_nips"]
    assert all(type(number) is int for number in nips) and nips == sorted(set(nips))
    assert {1, 9, 11, 13, 40} <= set(nips)


@pytest.mark.parametrize(
    "events, is_restricted",
    [
        ({}, False),
        ({"kinds": {"deny": [4]}}, False),
        ({"max_size": "1KiB", "max_age": "1h"}, False),
        ({"kinds": {"allow": [1, 7]}}, True),
        ({"min_pow": 8}, True),
    ],
    ids=["nothing", "a kind is denied", "sizes and times", "only some kinds", "work"],
)
def test_line_46_restricted_writes_tells_of_conditions_that_a_writer_must_know(
    start_relay: RelayFactory, events: dict[str, Any], is_restricted: bool
) -> None:
    limits = document(start_relay({"events": {"max_tag_length": "1KiB"} | events}))["limitation"]
    assert limits["restricted_writes"] is is_restricted
    assert limits["auth_required"] is False and limits["payment_required"] is False


def test_line_47_every_limit_has_the_type_that_the_nip_gives_it(start_relay: RelayFactory) -> None:
    limits = document(start_relay({"events": {"max_age": "365d"}}))["limitation"]
    assert {name: type(value) for name, value in limits.items()} == LIMITATION
    assert limits["created_at_lower_limit"] == 365 * 86_400
    assert limits["default_limit"] <= limits["max_limit"]


def test_line_48_a_relay_that_costs_nothing_names_no_price(relay: RelayProcess) -> None:
    found = document(relay)
    assert "fees" not in found and "payments_url" not in found
    assert found["limitation"]["payment_required"] is False
