"""What no library would send, made by hand: wrong fields, wrong forms, wrong moments."""

import hashlib
import itertools
import json
from collections.abc import Iterator

import pytest

from support.client import Client
from support.conversation import Conversation
from support.events import Author, Event, compact
from support.mutation import render, tree
from support.oracle import Expected, Number, expected
from support.relay_process import RelayProcess
from support.wire import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, exchange, frame, handshake, open_socket
from support.wire import read_to_end

NUMBERS = ["1e400", str(2**53), str(2**63 - 1), str(2**63), str(2**64), "9" * 400, "-0", "0", "-1", "1.0", "1e2", "1E0"]
NUMBERS += ["0.5", "1e-1", "65535", "65536"]
BROKEN_NUMBERS = ["01", "+1", "1.", ".5", "1e", "0x1", "NaN", "Infinity", "-Infinity", "-", "1_000", "1 2", "1١"]
VALUES = ["null", "true", "false", "0", "1.5", '""', '"x"', "[]", "[[]]", "[null]", "[1]", '["x"]', "{}", '{"id":"x"}']
NOWHERE = '{"ids":["' + "0" * 64 + '"]}'
FILTER_FIELDS = ["ids", "authors", "kinds", "since", "until", "limit", "#e", "#p", "#t", "#A", "search", "#tt", ""]
VERBS = ["EVENT", "REQ", "COUNT", "CLOSE", "AUTH", "NEG-OPEN", "NEG-MSG", "NEG-CLOSE", "event", ""]
HALVES = ["\\ud800", "\\udc00", "\\ud800\\ud800", "\\ud800x", "\\ud83d\\u0041", "\\uDE00\\uD83D"]
ESCAPES = ["\\u00e", "\\u", "\\x41", "\\'", "\\U0041", "\\0", "\\u00g0", "\\", "\x01", "\n", "\t"]
EXTRAS = ["[1,2,[3,{}]]", '{"id":"x","sig":[]}', "1e400", "true", '"\\ud83d\\ude00"', "-0.0e-0"]


@pytest.fixture(scope="module", autouse=True)
def same_process(relay: RelayProcess) -> Iterator[None]:
    """Nothing in this file ends the relay, or has it complain of itself."""
    yield
    assert relay.process is not None and relay.process.poll() is None
    assert not [line for line in relay.log() if line["level"] in ("error", "critical")]


@pytest.fixture
def conversation(relay: RelayProcess) -> Iterator[Conversation]:
    with Conversation(relay.port) as connected:
        yield connected


def ask_all(conversation: Conversation, texts: list[str]) -> None:
    for text in texts:
        try:
            conversation.ask(text)
        except (AssertionError, OSError) as error:
            raise AssertionError(f"{text[:500]!r}") from error


def with_field(event: Event, name: str, text: str) -> str:
    """An EVENT with a field as it is written, and with the id and signature of the others."""
    return render(["EVENT", tree(event)]).replace(f'"{name}":{render(tree(event[name]))}', f'"{name}":{text}')


@pytest.mark.parametrize("verb", ["EVENT", "AUTH"])
@pytest.mark.parametrize("name", ["id", "pubkey", "created_at", "kind", "tags", "content", "sig"])
def test_an_event_with_a_field_of_every_wrong_form_gets_its_one_answer(
    conversation: Conversation, author: Author, verb: str, name: str
) -> None:
    event = author.event(content="text", tags=[["t", "x"]])
    texts = [with_field(event, name, text) for text in [*VALUES, *NUMBERS, *BROKEN_NUMBERS, f'"{"x" * 70_000}"']]
    texts.append(compact(["EVENT", {key: value for key, value in event.items() if key != name}]))
    ask_all(conversation, [text.replace('"EVENT"', f'"{verb}"', 1) for text in texts])


@pytest.mark.parametrize("name", ["created_at", "kind"])
@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_of_another_form_is_refused_even_with_a_signature_over_it(
    conversation: Conversation, author: Author, name: str, number: str
) -> None:
    """Signed over the number as it is written, and over the whole number that it may stand for."""
    unsigned = {key: value for key, value in author.event().items() if key not in ("id", "sig")}
    for signed_number in {number, "100" if number == "1e2" else "1", "0"}:
        changed = [(key, Number(signed_number) if key == name else value) for key, value in tree(unsigned)]
        content = [Number("0"), *(dict(changed)[key] for key in ("pubkey", "created_at", "kind", "tags", "content"))]
        identifier = hashlib.sha256(render(content).encode()).hexdigest()
        conversation.ask(with_field(author.signed_with_id(unsigned, identifier), name, number))


@pytest.mark.parametrize("verb", ["REQ", "COUNT"])
@pytest.mark.parametrize("name", FILTER_FIELDS)
def test_a_filter_with_a_field_of_every_form_gets_its_one_answer(
    conversation: Conversation, verb: str, name: str
) -> None:
    values = [*VALUES, *NUMBERS, *BROKEN_NUMBERS, *(f"[{number}]" for number in NUMBERS), '["' + "a" * 64 + '"]']
    values += ['["' + "A" * 64 + '"]', '["' + "a" * 64 + '",1]', "[" * 100 + "]" * 100, '["x","x"]', "[1,]", "[,1]"]
    ask_all(conversation, [f'["{verb}","x",{{"{name}":{value}}}]' for value in values])
    ask_all(conversation, [f'["{verb}","x",{NOWHERE},{{"{name}":{value}}}]' for value in values])


@pytest.mark.parametrize("verb", VERBS)
def test_a_message_with_every_sort_of_element_in_every_place_gets_its_one_answer(
    conversation: Conversation, verb: str
) -> None:
    values = [*VALUES, *NUMBERS[:4], '"' + "é" * 65 + '"', '"' + "y" * 2000 + '"', '"\\u0000"', NOWHERE]
    texts = [f'["{verb}"]', f'["{verb}",]', f'["{verb}" ', f'{{"{verb}":1}}', f'"{verb}"', f'[["{verb}"],"x"]']
    texts += [f'["{verb}",{first}]' for first in values]
    texts += [f'["{verb}",{first},{second}]' for first in ('"x"', *values) for second in values]
    texts += [f'["{verb}","x",{NOWHERE},{third}]' for third in values]
    ask_all(conversation, texts)


@pytest.mark.parametrize("first", [*VALUES, *NUMBERS, '"NOTICE"', '"OK"', '"EOSE"', '"CLOSED"', '"\\u0000"', '"REQ "'])
def test_a_message_that_begins_with_no_known_name_gets_a_notice(conversation: Conversation, first: str) -> None:
    for text in (f"[{first}]", f'[{first},"x",{{}}]', f'[{first},"x"'):
        assert expected(text) == Expected("NOTICE")
        conversation.ask(text)


TEXTS = {
    "a byte order mark": "\ufeff%s",
    "a byte order mark behind": "%s\ufeff",
    "white space": " \t\r\n%s\n",
    "white space that is none": "\u00a0%s",
    "a form feed": "\f%s",
    "garbage behind": "%s x",
    "twice": "%s%s",
    "twice in lines": "%s\n%s",
    "a comma": "%s,",
    "a comment": "%s // text",
    "a NUL": "%s\0",
    "a NUL before": "\0%s",
    "in an array": "[%s]",
    "a bracket more": "%s]",
}


@pytest.mark.parametrize("pattern", TEXTS.values(), ids=TEXTS)
def test_what_stands_around_a_message_counts(conversation: Conversation, author: Author, pattern: str) -> None:
    for message in (["EVENT", author.event()], ["REQ", "x", json.loads(NOWHERE)], ["COUNT", "x", {}], ["CLOSE", "x"]):
        conversation.ask(pattern.replace("%s", compact(message)))


@pytest.mark.parametrize("deep", [1, 10, 58, 59, 60, 61, 62, 63, 64, 65, 1000, 100_000])
def test_values_nest_64_deep_and_deeper_ones_are_refused(
    conversation: Conversation, author: Author, deep: int
) -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        nested = opening * deep + "1" + closing * deep
        event = compact(author.event())
        texts = [f'["EVENT",{event[:-1]},"extra":{nested}}}]', f'["EVENT",{event[:-1]},"tags":{nested}}}]']
        texts += [f'["REQ","x",{{"#t":{nested}}}]', f'["REQ","x",{nested}]', f"[{nested}]", nested, opening * deep]
        ask_all(conversation, texts)


@pytest.mark.parametrize("extra", EXTRAS)
def test_unknown_keys_of_an_event_may_hold_anything(conversation: Conversation, author: Author, extra: str) -> None:
    text = f'["EVENT",{compact(author.event())[:-1]},"x":{extra},"":{extra}}}]'
    assert expected(text).accepted
    conversation.ask(text)


@pytest.mark.parametrize("half", HALVES)
def test_half_a_surrogate_pair_is_no_json_wherever_it_stands(
    conversation: Conversation, author: Author, half: str
) -> None:
    event = compact(author.event(content="text", tags=[["t", "word"]]))
    texts = [event.replace("text", half), event.replace("word", half), f'{event[:-1]},"x":"{half}"}}']
    texts.append(f'{{"{half}":1}}')
    ask_all(conversation, [f'["EVENT",{text}]' for text in texts])
    ask_all(conversation, [f'["REQ","{half}",{{}}]', f'["CLOSE","{half}"]', f'["REQ","x",{{"#t":["{half}"]}}]'])
    ask_all(conversation, [f'["{half}"]', f'["REQ","x",{{"{half}":1}}]'])


@pytest.mark.parametrize("escape", ESCAPES)
def test_an_escape_that_json_does_not_have_is_no_json(conversation: Conversation, author: Author, escape: str) -> None:
    event = compact(author.event(content="text"))
    ask_all(conversation, [f'["EVENT",{event.replace("text", escape)}]', f'["REQ","{escape}",{{}}]'])


@pytest.mark.parametrize("name", ["id", "pubkey", "created_at", "kind", "tags", "content", "sig"])
def test_of_duplicate_keys_the_last_counts_and_each_has_to_be_well_formed(
    conversation: Conversation, author: Author, name: str
) -> None:
    other = author.event(7, "other", [["t", "other"]], 5)
    for value in (render(tree(other[name])), "null", "[1]"):
        event = compact(author.event(content="text"))
        texts = [f'{{"{name}":{value},{event[1:]}', f'{event[:-1]},"{name}":{value}}}']
        ask_all(conversation, [f'["EVENT",{text}]' for text in texts])
    for one, two in itertools.product(("[1]", "5"), repeat=2):
        conversation.ask(f'["REQ","x",{{"kinds":{one},"kinds":{two}}}]')


@pytest.mark.parametrize("name", ["id", "pubkey", "sig"])
def test_line_3_hexadecimal_fields_may_be_written_with_escapes(client: Client, author: Author, name: str) -> None:
    event = author.event()
    client.send_text(with_field(event, name, '"' + "".join(f"\\u{ord(digit):04x}" for digit in event[name]) + '"'))
    assert client.receive() == ["OK", event["id"], True, ""]


@pytest.mark.parametrize("name", ["ids", "authors", "#e", "#p"])
def test_line_3_hexadecimal_values_of_a_filter_may_be_written_with_escapes(client: Client, name: str) -> None:
    client.send_text(f'["REQ","x",{{"{name}":["\\u0061{"a" * 63}"]}}]')
    assert client.receive()[:2] == ["EOSE", "x"]


BAD_UTF8 = [b"\xff", b"\xfe\xff", b"\x80", b"\xc0\xaf", b"\xc1\xbf", b"\xe0\x80\xaf", b"\xed\xa0\x80", b"\xed\xbf\xbf"]
BAD_UTF8 += [b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xe2\x82", b"\xf0\x9f\x98"]


@pytest.mark.parametrize("bad", BAD_UTF8, ids=bytes.hex)
def test_text_that_is_not_utf_8_closes_with_1007_wherever_it_stands(
    relay: RelayProcess, author: Author, bad: bytes
) -> None:
    for pattern in (b"%s", b'["EVENT",{"x":"%s"}]', b'["REQ","%s",{}]', b'["CLOSE","x"] %s'):
        raw = pattern.replace(b"%s", bad)
        with Conversation(relay.port) as whole, Conversation(relay.port) as parted:
            whole.send_bytes(raw)
            assert whole.close_code() == 1007
            parted.send(frame(TEXT, raw[:1], final=False) + frame(CONTINUATION, raw[1:]))
            assert parted.close_code() == 1007


class TestWrongMoments:
    """Good messages where they do not belong."""

    def test_requests_amid_a_history_are_answered(self, relay: RelayProcess, client: Client, author: Author) -> None:
        client.publish_all(stored := author.notes(400, size=1000))
        with Conversation(relay.port) as conversation:
            conversation.send_text(compact(["REQ", "long", {"authors": [author.pubkey]}]))
            event = author.event(7, "amid it", created_at=5)
            for text in ("nonsense", compact(["EVENT", event]), '["COUNT","c",{}]', '["CLOSE","other"]', '["AUTH",5]'):
                conversation.send_text(text)
            messages = conversation.up_to(lambda message: message[:2] == ["EOSE", "long"])
            messages += conversation.barrier()
            while not [message for message in messages if message[0] == "OK"]:
                messages.append(conversation.message())
        assert [message[2] for message in messages if message[:2] == ["EVENT", "long"]][:400] == stored[::-1]
        others = sorted(message[0] for message in messages if message[0] != "EVENT")
        assert others == ["COUNT", "NOTICE", "NOTICE", "OK"]

    @pytest.mark.parametrize("count", [1, 7, 3000])
    def test_a_message_in_tiny_fragments_with_pings_between_is_one_message(
        self, conversation: Conversation, author: Author, count: int
    ) -> None:
        raw = compact(["EVENT", event := author.event(content="é" * count)]).encode()
        frames = [frame(TEXT, raw[:1], final=False)]
        empty = frame(CONTINUATION, b"", final=False)
        frames += [frame(CONTINUATION, raw[n : n + 1], final=False) + empty for n in range(1, len(raw))]
        pings = list(range(0, len(frames), max(1, len(frames) // 50)))
        for number in pings:
            frames[number] += frame(PING, str(number).encode())
        conversation.send(b"".join(frames) + frame(CONTINUATION))
        answers = [conversation.read() for _ in range(len(pings) + 1)]
        assert [answer.payload for answer in answers if answer.opcode == PONG] == [str(n).encode() for n in pings]
        [answer] = [answer for answer in answers if answer.opcode == TEXT]
        assert json.loads(answer.payload) == ["OK", event["id"], True, ""]

    def test_a_message_within_a_fragmented_one_closes_with_1002_and_counts_for_nothing(
        self, conversation: Conversation, client: Client, author: Author
    ) -> None:
        outer, inner = (compact(["EVENT", author.event(content=name)]).encode() for name in ("outer", "inner"))
        conversation.send(frame(TEXT, outer[:50], final=False) + frame(TEXT, inner) + frame(CONTINUATION, outer[50:]))
        assert conversation.close_code() == 1002
        assert client.fetch({"authors": [author.pubkey]}) == []

    @pytest.mark.parametrize("last", [frame(CLOSE, b"\x03\xe8"), frame(CLOSE), frame(0x3), frame(BINARY, b"x")])
    def test_nothing_counts_after_the_end(
        self, conversation: Conversation, client: Client, author: Author, last: bytes
    ) -> None:
        late = frame(TEXT, compact(["EVENT", author.event(content="late")]).encode())
        conversation.send(last + late + late)
        assert conversation.read().opcode == CLOSE
        assert client.fetch({"authors": [author.pubkey]}) == []

    def test_an_event_and_a_close_frame_in_one_segment_store_the_event(
        self, conversation: Conversation, client: Client, author: Author
    ) -> None:
        client.subscribe("live", {"authors": [author.pubkey]})
        event = author.event()
        conversation.send(frame(TEXT, compact(["EVENT", event]).encode()) + frame(CLOSE, b"\x03\xe8"))
        while (received := conversation.read()).opcode != CLOSE:
            assert json.loads(received.payload)[:3] == ["OK", event["id"], True]
        assert client.live("live") == event

    def test_a_thousand_reqs_and_closes_of_one_id_in_one_segment_leave_nothing(
        self, conversation: Conversation, client: Client, author: Author
    ) -> None:
        client.publish_all([author.event()])
        request = frame(TEXT, compact(["REQ", "same", {"authors": [author.pubkey]}]).encode())
        conversation.send((request + frame(TEXT, b'["CLOSE","same"]')) * 1000)
        assert all(message[:2] in (["EVENT", "same"], ["EOSE", "same"]) for message in conversation.barrier())
        client.publish_all([author.event(content="late")])
        assert conversation.barrier() + conversation.barrier() == []

    def test_a_thousand_reqs_of_one_id_end_in_one_subscription(
        self, conversation: Conversation, client: Client, author: Author
    ) -> None:
        client.publish_all([stored := author.event(created_at=5)])
        texts = [compact(["REQ", "same", {"authors": [author.pubkey], "since": n % 5}]) for n in range(1001)]
        conversation.send(b"".join(frame(TEXT, text.encode()) for text in texts))
        messages = conversation.barrier()
        lives = author.notes(2)
        for live in lives:
            client.publish_all([live])
            arrived = ["EVENT", "same", live]
            messages += [*conversation.up_to(lambda message: message == arrived), arrived]
        messages += conversation.barrier() + conversation.barrier()
        assert [messages.count(["EVENT", "same", live]) for live in lives] == [1, 1], "a live event comes once"
        assert ["EVENT", "same", stored] in messages
        assert ["EOSE", "same"] in [message[:2] for message in messages]

    def test_messages_in_the_segment_of_the_handshake_are_answered_or_nothing_is_stored(
        self, relay: RelayProcess, client: Client, author: Author
    ) -> None:
        event = author.event()
        text = frame(TEXT, compact(["EVENT", event]).encode())
        with open_socket(relay.port) as connection:
            connection.sendall(handshake(relay.port) + text + frame(TEXT, b"nonsense") + frame(CLOSE, b"\x03\xe8"))
            received = b""
            while b"\x88" not in received.rpartition(b"\r\n\r\n")[2] and (piece := connection.recv(65536)):
                received += piece
        assert received.startswith(b"HTTP/1.1 101 ") and b'["NOTICE"' in received
        client.subscribe("live", {"authors": [author.pubkey]})
        assert client.publish(event)[2] is True

    @pytest.mark.parametrize("version", ["8", None])
    def test_frames_behind_a_refused_handshake_are_not_taken(
        self, relay: RelayProcess, client: Client, author: Author, version: str | None
    ) -> None:
        text = frame(TEXT, compact(["EVENT", author.event()]).encode())
        received = exchange(relay.port, handshake(relay.port, {"Sec-WebSocket-Version": version}) + text)
        assert b" 101 " not in received and b"OK" not in received.partition(b"\r\n")[2]
        assert client.fetch({"authors": [author.pubkey]}) == []

    @pytest.mark.parametrize("cut", [1, 2, 5, 6, 7, 100])
    def test_half_a_frame_and_an_end_store_nothing(
        self, relay: RelayProcess, client: Client, author: Author, cut: int
    ) -> None:
        whole = frame(TEXT, compact(["EVENT", author.event()]).encode())
        with Conversation(relay.port) as conversation:
            conversation.send(whole[:cut])
            conversation.socket.shutdown(1)
            assert read_to_end(conversation.socket) == b""
        assert client.fetch({"authors": [author.pubkey]}) == []

    def test_a_huge_length_that_is_never_sent_costs_nothing(self, relay: RelayProcess) -> None:
        with Conversation(relay.port) as waiting, Conversation(relay.port) as other:
            waiting.send(b"\x81\xff" + (1 << 20).to_bytes(8, "big") + bytes(4))
            other.ask("nonsense")


def test_numbers_keep_their_writing_in_these_tests() -> None:
    assert render(tree({"a": [1, "x"]})) == '{"a":[1,"x"]}' and render(Number("1e400")) == "1e400"
