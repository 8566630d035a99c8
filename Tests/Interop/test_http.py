"""Plain HTTP: NIP-11 (checklist 42 to 47), health, metrics and the landing page."""

import json
import re
from html.parser import HTMLParser

import pytest

from conftest import RelayFactory
from support.client import Client
from support.events import Author
from support.relay_process import RelayProcess
from support.wire import Answer, exchange, open_socket, parse_answer, read_to_end, request

NOSTR_JSON = {"Accept": "application/nostr+json"}
METRICS = [
    "nostr_relay_active_connections",
    "nostr_relay_total_connections",
    "nostr_relay_events_received_total",
    "nostr_relay_events_stored_total",
    "nostr_relay_events_rejected_total",
    "nostr_relay_active_subscriptions",
    "nostr_relay_query_duration_seconds",
    "nostr_relay_storage_bytes",
    "nostr_relay_event_count",
    "nostr_relay_cpu_usage_percent",
    "nostr_relay_memory_usage_bytes",
    "nostr_relay_rate_limit_hits_total",
]


def assert_open_to_browsers(answer: Answer) -> None:
    assert answer.one("access-control-allow-origin") == "*"
    assert answer.one("access-control-allow-headers")
    assert "GET" in answer.one("access-control-allow-methods")


@pytest.mark.parametrize(
    "accept",
    [
        "application/nostr+json",
        "text/html, application/nostr+json;q=0.9",
        "APPLICATION/NOSTR+JSON",
        "application/nostr+json, */*",
    ],
)
def test_line_42_a_client_that_accepts_nostr_json_gets_the_document(relay: RelayProcess, accept: str) -> None:
    answer = request(relay.port, fields={"Accept": accept})
    assert answer.status == 200
    assert answer.one("content-type").startswith("application/nostr+json")
    assert json.loads(answer.body)["name"] == "Martlet relay"


@pytest.mark.parametrize(
    "fields", [{}, {"Accept": "*/*"}, {"Accept": "text/html,application/xhtml+xml"}, {"Accept": "application/json"}]
)
def test_line_42_a_browser_gets_the_page(relay: RelayProcess, fields: dict[str, str]) -> None:
    answer = request(relay.port, fields=fields)
    assert answer.status == 200
    assert answer.one("content-type") == "text/html; charset=utf-8"


def test_line_42_caches_are_told_that_the_answer_depends_on_accept(relay: RelayProcess) -> None:
    for fields in ({}, NOSTR_JSON):
        assert "accept" in request(relay.port, fields=fields).one("vary").lower()


def test_line_43_the_document_carries_all_three_cors_headers(relay: RelayProcess) -> None:
    assert_open_to_browsers(request(relay.port, fields=NOSTR_JSON))


def test_line_43_options_is_answered_with_all_three_cors_headers(relay: RelayProcess) -> None:
    answer = request(
        relay.port,
        "OPTIONS",
        fields={
            "Origin": "https://client.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "accept",
        },
    )
    assert answer.status in (200, 204)
    assert_open_to_browsers(answer)


def test_line_43_head_has_the_headers_of_get_and_no_body(relay: RelayProcess) -> None:
    head, get = (request(relay.port, method, fields=NOSTR_JSON) for method in ("HEAD", "GET"))
    assert head.status == 200 and head.body == b""
    assert_open_to_browsers(head)
    assert head.one("content-type") == get.one("content-type")
    assert int(head.one("content-length")) == len(get.body)


def test_line_44_software_is_a_url_and_pubkey_is_hex(start_relay: RelayFactory) -> None:
    npub = Author().keys.public_key()
    relay = start_relay({"info": {"pubkey": npub.to_bech32(), "name": "n", "contact": "mailto:o@example.com"}})
    document = json.loads(request(relay.port, fields=NOSTR_JSON).body)
    assert document["pubkey"] == npub.to_hex()
    assert document["software"].startswith("https://")
    assert re.fullmatch(r"[0-9a-f]{64}", document.get("self", "0" * 64))
    assert (document["name"], document["contact"]) == ("n", "mailto:o@example.com")


def test_line_45_supported_nips_are_numbers_of_the_relay_side_without_the_folded_ones(relay: RelayProcess) -> None:
    nips = json.loads(request(relay.port, fields=NOSTR_JSON).body)["supported_nips"]
    assert {1, 9, 11, 40} <= set(nips)
    assert not {12, 15, 16, 20, 22, 33} & set(nips)
    assert nips == sorted(set(nips)) and all(isinstance(number, int) for number in nips)


def test_line_46_a_relay_open_to_everyone_asks_for_nothing(relay: RelayProcess) -> None:
    limitation = json.loads(request(relay.port, fields=NOSTR_JSON).body)["limitation"]
    assert not any(limitation[name] for name in ("auth_required", "payment_required", "restricted_writes"))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/health", "/ready", "/metrics"])
def test_other_methods_get_405_and_the_allowed_ones(relay: RelayProcess, method: str, path: str) -> None:
    answer = request(relay.port, method, path, {"Content-Length": "0"})
    assert answer.status == 405
    assert {"GET", "HEAD"} <= set(answer.one("allow").split(", "))


@pytest.mark.parametrize(
    "path", ["/other", "/favicon.ico", "/.env", "/health/", "/%2e%2e/etc/passwd", "/../../etc/passwd", "/HEALTH"]
)
def test_an_unknown_path_gets_404_as_a_page(relay: RelayProcess, path: str) -> None:
    answer = request(relay.port, path=path)
    assert answer.status == 404
    assert "default-src 'none'" in answer.one("content-security-policy")


@pytest.mark.parametrize("path", ["/", "/health", "/ready", "/metrics", "/other"])
def test_a_plain_answer_closes_the_connection(relay: RelayProcess, path: str) -> None:
    for connection in ("keep-alive", "close"):
        answer = request(relay.port, path=path, fields={"Connection": connection})
        assert answer.one("connection").lower() == "close"
        assert len(answer.body) == int(answer.one("content-length"))


def test_http_1_0_gets_plain_answers(relay: RelayProcess) -> None:
    answer = parse_answer(exchange(relay.port, b"GET /health HTTP/1.0\r\n\r\n"))
    assert (answer.status, answer.body) == (200, b'{"status":"ok"}')


def test_a_request_with_a_body_is_answered(relay: RelayProcess) -> None:
    raw = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000
    assert parse_answer(exchange(relay.port, raw)).status == 405


def test_a_request_with_a_malformed_body_gets_one_answer(relay: RelayProcess) -> None:
    received = exchange(relay.port, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
    assert received.count(b"HTTP/1.1 ") == 1 and parse_answer(received).status in (400, 405)


def test_a_client_that_ends_its_side_early_is_answered(relay: RelayProcess) -> None:
    with open_socket(relay.port) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.shutdown(1)
        assert parse_answer(read_to_end(connection)).status == 200


def test_health_and_ready_answer_in_json(relay: RelayProcess) -> None:
    for path, status in (("/health", "ok"), ("/ready", "ready"), ("/health?probe=1", "ok")):
        answer = request(relay.port, path=path)
        assert answer.status == 200
        assert answer.one("content-type") == "application/json"
        assert json.loads(answer.body) == {"status": status}


def metrics(port: int, fields: dict[str, str] | None = None) -> str:
    answer = request(port, path="/metrics", fields=fields)
    assert answer.status == 200
    assert answer.one("content-type").startswith("text/plain; version=0.0.4")
    return answer.text


def value(text: str, name: str) -> float:
    [line] = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(line.split(" ")[1])


def test_metrics_have_every_name_of_the_interface(client: Client, relay: RelayProcess, author: Author) -> None:
    client.publish(author.event())
    client.publish(author.event() | {"sig": "0" * 128})
    client.fetch({"authors": [author.pubkey]})
    text = metrics(relay.port)
    for name in METRICS:
        assert f"# TYPE {name} " in text, name
        assert re.search(rf"^{name}(_bucket|_sum|_count)?(\{{.*\}})? [0-9.e+-]+$", text, re.MULTILINE), name
    bounds = re.findall(r'nostr_relay_query_duration_seconds_bucket\{le="([^"]+)"\}', text)
    assert bounds == ["0.001", "0.005", "0.01", "0.05", "0.1", "0.5", "1", "5", "+Inf"]


def test_metrics_are_well_formed_prometheus_text(client: Client, relay: RelayProcess) -> None:
    for line in metrics(relay.port).splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [0-9.e+-]+', line), line


def test_metrics_count_what_happens(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay()
    with Client(relay.url) as client:
        client.publish_all(author.notes(3))
        client.publish(author.event(7) | {"sig": "0" * 128})
        client.subscribe("open", {"kinds": [1]})
        text = metrics(relay.port)
    assert value(text, "nostr_relay_active_connections") == 1
    assert value(text, "nostr_relay_total_connections") == 1
    assert value(text, "nostr_relay_active_subscriptions") == 1
    assert value(text, "nostr_relay_event_count") == 3
    assert value(text, 'nostr_relay_events_received_total{kind="1"}') == 3
    assert value(text, 'nostr_relay_events_stored_total{kind="1"}') == 3
    assert value(text, 'nostr_relay_events_rejected_total{reason="invalid"}') == 1
    assert value(text, "nostr_relay_query_duration_seconds_count") == 1


def test_label_values_stay_bounded_whatever_kinds_are_published(
    client: Client, relay: RelayProcess, author: Author
) -> None:
    client.publish_all(author.event(kind) for kind in range(50_000, 50_300))
    client.publish_all(author.event(kind) for kind in range(20_000, 20_100))
    for kind in (70_000, -1):
        client.publish(author.event(kind))
    text = metrics(relay.port)
    labels = set(re.findall(r'^nostr_relay_events_received_total\{kind="([^"]+)"\}', text, re.MULTILINE))
    assert "other" in labels and len(labels) < 60
    assert len(text.splitlines()) < 300


def test_metrics_are_refused_from_a_network_that_is_not_allowed(start_relay: RelayFactory) -> None:
    relay = start_relay({"metrics": {"allow": ["10.0.0.0/8"]}})
    assert request(relay.port, path="/metrics").status == 403
    forged = {"X-Forwarded-For": "10.1.2.3", "X-Real-IP": "10.1.2.3"}
    assert request(relay.port, path="/metrics", fields=forged).status == 403


def test_metrics_believe_a_trusted_proxy(start_relay: RelayFactory) -> None:
    relay = start_relay({"trusted_proxies": ["127.0.0.1"]})
    assert request(relay.port, path="/metrics", fields={"X-Forwarded-For": "203.0.113.9"}).status == 403
    assert request(relay.port, path="/metrics", fields={"X-Forwarded-For": "203.0.113.9, 127.0.0.1"}).status == 403
    assert request(relay.port, path="/metrics", fields={"X-Real-IP": "203.0.113.9"}).status == 403
    assert request(relay.port, path="/metrics", fields={"X-Forwarded-For": "127.0.0.1"}).status == 200


def test_metrics_on_their_own_port_are_not_on_the_relays(start_relay: RelayFactory) -> None:
    relay = start_relay({"metrics": {"listen": "127.0.0.1:0"}})
    by_status = {request(port, path="/metrics").status: port for port in relay.ports()}
    assert sorted(by_status) == [200, 404]
    assert request(by_status[200], path="/").status == 404
    assert request(by_status[404], path="/health").status == 200


class Page(HTMLParser):
    """What a browser sees of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    @property
    def links(self) -> list[str]:
        return [attributes.get("href") or "" for tag, attributes in self.elements if tag == "a"]


def test_the_landing_page_carries_no_script_and_forbids_it(relay: RelayProcess) -> None:
    answer = request(relay.port)
    policy = answer.one("content-security-policy")
    assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy
    assert answer.one("x-content-type-options") == "nosniff"
    page = Page(answer.text)
    assert not [tag for tag, _ in page.elements if tag in ("script", "iframe", "object", "embed", "form")]
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]


def test_the_landing_page_names_the_relay_its_address_and_its_limits(start_relay: RelayFactory) -> None:
    relay = start_relay(
        {
            "info": {"name": "Swallow Lane", "description": "First.\n\nSecond."},
            "url": "wss://relay.example",
            "events": {"max_content": 4321},
            "subscriptions": {"max": 77},
        }
    )
    page = Page(request(relay.port).text)
    for text in ("Swallow Lane", "First.", "Second.", "wss://relay.example", "77"):
        assert text in page.words, text
    assert re.search(r"4[,\s\u202f\u00a0]?321", page.words)


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{name}}&amp;"


def test_hostile_texts_are_escaped_on_the_page_and_kept_in_the_document(start_relay: RelayFactory) -> None:
    info = {"name": HOSTILE, "description": HOSTILE, "contact": "javascript:alert(3)"}
    relay = start_relay({"info": info})
    page = Page(request(relay.port).text)
    assert HOSTILE in page.words
    assert not [tag for tag, _ in page.elements if tag in ("script", "img")]
    assert not [link for link in page.links if link.lower().startswith("javascript:")]
    document = json.loads(request(relay.port, fields=NOSTR_JSON).body)
    assert {key: document[key] for key in info} == info
