"""NIP-01: the conversation between client and relay (checklist 26 to 35), with and without compression."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.client import Client
from support.events import Author, compact, ids
from support.places import shared_data
from support.relay_process import RelayProcess
from support.wire import exchange, handshake, parse_answer

PREFIXES = {
    "duplicate",
    "pow",
    "blocked",
    "rate-limited",
    "invalid",
    "restricted",
    "mute",
    "error",
    "unsupported",
    "auth-required",
}


@pytest.fixture(params=[True, False], ids=["compressed", "plain"])
def client(relay: RelayProcess, request: pytest.FixtureRequest) -> Iterator[Client]:
    with Client(relay.url, deflate=request.param) as connected:
        assert ("deflate" in str(connected.socket.response.headers)) is request.param
        yield connected


def test_line_26_a_subscription_id_belongs_to_its_connection(client: Client, other: Client, author: Author) -> None:
    client.subscribe("same", {"authors": [author.pubkey], "kinds": [1]})
    other.subscribe("same", {"authors": [author.pubkey], "kinds": [7]})
    other.send("CLOSE", "unknown")
    note, reaction = author.event(1), author.event(7)
    client.publish_all([note, reaction])
    assert client.arrived() == [["EVENT", "same", note]]
    assert other.arrived() == [["EVENT", "same", reaction]]


@pytest.mark.parametrize("name", ["x", "x" * 64, "😀" * 64, 'quote " backslash \\ /', "\n\t\u0001", " "])
def test_line_26_ids_of_1_to_64_characters_are_taken_and_given_back(client: Client, author: Author, name: str) -> None:
    client.publish_all([event := author.event()])
    client.send("REQ", name, {"ids": [event["id"]]})
    assert client.receive() == ["EVENT", name, event]
    assert client.receive()[:2] == ["EOSE", name]


@pytest.mark.parametrize("name", ["", "x" * 65, "😀" * 65])
def test_line_26_other_lengths_are_refused(client: Client, name: str) -> None:
    client.send("REQ", name, {"kinds": [1]})
    answer = client.receive()
    assert answer[:2] == ["CLOSED", name] and answer[2].startswith("invalid: ")


@pytest.mark.parametrize(
    "message", [["REQ"], ["REQ", 1, {}], ["REQ", None, {}], ["CLOSE"], ["CLOSE", 5], ["REQ", "x" * 5000, {}]]
)
def test_line_26_a_request_without_a_usable_id_gets_a_notice(client: Client, message: list) -> None:
    answer = client.ask(compact(message))
    assert answer[0] == "NOTICE" and isinstance(answer[1], str)


def test_line_27_a_second_req_with_the_same_id_replaces_the_first(client: Client, author: Author) -> None:
    note, reaction = author.event(1, "note"), author.event(7, "reaction")
    client.publish_all([note, reaction])
    assert client.subscribe("same", {"authors": [author.pubkey], "kinds": [1]}) == [note]
    assert client.subscribe("same", {"authors": [author.pubkey], "kinds": [7]}) == [reaction]
    client.publish_all([author.event(1, "late note"), late := author.event(7, "late reaction")])
    assert client.arrived() == [["EVENT", "same", late]]


def test_line_27_replacing_a_running_query_does_not_mix_results(client: Client, author: Author) -> None:
    notes, reactions = author.notes(300, 1, size=500), author.notes(5, 7)
    client.publish_all([*notes, *reactions])
    for _ in range(10):
        client.send("REQ", "mix", {"authors": [author.pubkey], "kinds": [1]})
        client.send("REQ", "mix", {"authors": [author.pubkey], "kinds": [7]})
        history = client.stored("mix")
        if history == notes[::-1]:
            history = client.stored("mix")
        begun = notes[::-1][: len(history) - len(reactions)]
        assert history == begun + reactions[::-1], "after the first result of the new request there are no old ones"
    assert client.arrived() == []


def test_line_28_nothing_comes_after_close(client: Client, other: Client, author: Author) -> None:
    client.subscribe("closed", {"authors": [author.pubkey]})
    client.send("CLOSE", "closed")
    client.arrived()
    other.publish_all(author.notes(5))
    assert client.arrived() == []


def test_line_28_a_close_stops_a_running_history(client: Client, author: Author) -> None:
    client.publish_all(author.notes(300, size=1000))
    client.send("REQ", "stop", {"authors": [author.pubkey]})
    client.send("CLOSE", "stop")
    client.arrived()
    client.publish_all([author.event()])
    assert client.arrived() == []


def test_line_28_closing_an_unknown_subscription_is_harmless(client: Client) -> None:
    client.send("CLOSE", "never opened")
    assert client.arrived() == []


def test_line_29_every_event_gets_one_ok_with_four_elements(client: Client, author: Author) -> None:
    good = author.event(content="good")
    bad = author.event(content="bad") | {"sig": "0" * 128}
    for event in (good, good, bad, good):
        client.send("EVENT", event)
    answers = [client.receive() for _ in range(4)]
    assert all(len(answer) == 4 and answer[0] == "OK" and isinstance(answer[3], str) for answer in answers)
    assert sorted((answer[1], answer[2]) for answer in answers) == sorted(
        [(good["id"], True)] * 3 + [(bad["id"], False)]
    )
    assert client.arrived() == []


def test_line_29_a_duplicate_gets_ok_true_and_says_so(client: Client, other: Client, author: Author) -> None:
    event = author.event()
    assert client.publish(event) == ["OK", event["id"], True, ""]
    for publisher in (client, other):
        answer = publisher.publish(event)
        assert answer[2] is True and answer[3].startswith("duplicate: ")


def test_line_29_a_thousand_events_sent_at_once_get_one_ok_each(client: Client, author: Author) -> None:
    events = author.notes(1000)
    for event in events:
        client.send("EVENT", event)
    for event in events:
        assert client.ok(event)[2] is True
    assert client.arrived() == []


@pytest.mark.parametrize("change", [{"sig": "0" * 128}, {"content": "x"}, {"kind": 70000}, {"tags": [[]]}])
def test_line_30_a_false_ok_has_a_known_prefix_a_colon_and_a_text(client: Client, author: Author, change: dict) -> None:
    answer = client.publish(author.event() | change)
    prefix, colon, text = answer[3].partition(": ")
    assert answer[2] is False and prefix in PREFIXES and colon and text


@pytest.mark.parametrize(
    "request_",
    [
        ["REQ", "x"],
        ["REQ", "x", {"ids": ["abc"]}],
        ["REQ", "x", 5],
        ["REQ", "x", {"unknown": 1}],
        ["REQ", "x", *[{}] * 21],
    ],
)
def test_line_31_a_refused_req_gets_closed_with_a_prefix(client: Client, request_: list) -> None:
    client.send(*request_)
    answer = client.receive()
    assert answer[:2] == ["CLOSED", "x"] and len(answer) == 3 and answer[2].split(": ")[0] in PREFIXES


def test_line_31_nothing_comes_for_a_subscription_after_closed(client: Client, author: Author) -> None:
    client.subscribe("x", {"authors": [author.pubkey]})
    client.send("REQ", "x", {"ids": ["abc"]})
    assert client.receive()[:2] == ["CLOSED", "x"]
    client.publish_all([author.event()])
    assert client.arrived() == [], "after CLOSED the client believes that the subscription has ended"


def test_line_32_eose_comes_once_for_each_req(client: Client, author: Author) -> None:
    client.publish_all(events := author.notes(3))
    client.send("REQ", "many", {"authors": [author.pubkey]}, {"ids": ids(events)}, {"kinds": [9999], "#t": ["x"]})
    client.send("REQ", "none", {"ids": ["0" * 64]})
    client.send("REQ", "empty", {"authors": [author.pubkey], "limit": 0})
    messages = client.receive_many(3, "EOSE") + client.arrived()
    assert sorted(message[1] for message in messages if message[0] == "EOSE") == ["empty", "many", "none"]


def test_line_32_eose_follows_the_stored_events(client: Client, author: Author) -> None:
    client.publish_all(author.notes(20))
    client.send("REQ", "x", {"authors": [author.pubkey]})
    assert [message[0] for message in client.receive_many(1, "EOSE")] == ["EVENT"] * 20 + ["EOSE"]
    assert client.arrived() == []


def test_line_34_a_websocket_on_another_path_is_refused(relay: RelayProcess) -> None:
    for path in ("/other", "/health", "//", "/%2f", "/metrics"):
        answer = parse_answer(exchange(relay.port, handshake(relay.port, path=path)))
        assert answer.status == 404, path


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "hello",
        "{}",
        "[]",
        "[1]",
        "[null]",
        '["UNKNOWN"]',
        '["EVENT"]',
        '["EVENT",',
        '["REQ","x",{]',
        "[" * 10000,
        "\x00",
        '["EVENT",{"id":"\\x"}]',
        '["REQ","x",{}]]',
        '["REQ","x",{}] extra',
        '["event",{}]',
        "null",
        '"REQ"',
        '["NOTICE","x"]',
        '["OK","x",true,""]',
        '["REQ" "x" {}]',
        "\ufeff[]",
    ],
)
def test_line_35_unparseable_input_gets_a_notice_and_the_connection_stays(
    client: Client, author: Author, text: str
) -> None:
    answer = client.ask(text)
    assert answer[0] == "NOTICE" and len(answer) == 2 and answer[1]
    assert client.publish(author.event())[2] is True


def test_line_35_a_deeply_nested_request_is_refused_and_the_connection_stays(client: Client, author: Author) -> None:
    answer = client.ask('["REQ","x",{"ids":[' + "[" * 50000)
    assert answer[0] in ("NOTICE", "CLOSED")
    assert client.publish(author.event())[2] is True


def test_line_35_no_json_text_ends_the_relay(relay: RelayProcess) -> None:
    folder = shared_data() / "json-test-suite"
    if not folder.exists():
        pytest.skip(f"needs {folder}: the JSON test suite lies outside the project")
    texts = [file.read_bytes() for file in sorted(Path(folder).glob("*.json"))]
    texts = [text for text in texts if _is_utf8(text)]
    assert len(texts) > 200
    with Client(relay.url) as client:
        for text in texts:
            for pattern in (b"%s", b'["EVENT",%s]', b'["REQ","x",%s]', b'["REQ","x",{"#t":%s}]', b'["CLOSE",%s]'):
                client.send_text(pattern.replace(b"%s", text).decode())
                client.send("CLOSE", "x")
        assert all(message[0] in ("NOTICE", "OK", "CLOSED", "EOSE", "EVENT") for message in client.arrived())


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_count_and_auth_get_an_answer_in_any_case(client: Client, author: Author) -> None:
    client.send("COUNT", "c", {"kinds": [1]})
    answer = client.receive()
    assert answer[:2] == ["COUNT", "c"]
    event = author.event(22242, tags=[["relay", "ws://x"], ["challenge", "x"]])
    client.send("AUTH", event)
    answer = client.receive()
    assert answer[:3] == ["OK", event["id"], False] and answer[3].split(": ")[0] in PREFIXES


def test_a_count_that_is_refused_leaves_the_subscription_of_its_id_alone(client: Client, author: Author) -> None:
    client.send("REQ", "same", {"authors": [author.pubkey], "limit": 0})
    assert client.receive() == ["EOSE", "same"]
    client.send("COUNT", "same", {"kinds": [4]})
    assert client.receive()[:2] == ["CLOSED", "same"]
    client.send("EVENT", event := author.event())
    arrived = [client.receive(), client.receive()]
    assert ["EVENT", "same", event] in arrived


def test_what_the_relay_sends_is_one_json_array_a_message(client: Client, author: Author) -> None:
    client.publish_all([event := author.event()])
    client.send("REQ", "x", {"ids": [event["id"]]})
    for _ in range(2):
        assert isinstance(json.loads(client.socket.recv(timeout=20)), list)
