"""COUNT and its HyperLogLog (NIP-45)."""

import asyncio
import hashlib
import json
import signal
import time
from datetime import timedelta

import pytest
from nostr_sdk import ClientBuilder, Kind, RelayUrl
from nostr_sdk import Filter as SDKFilter

from conftest import RelayFactory
from support.client import Client, Filter, Message
from support.events import Author, Event, compact
from support.relay_process import RelayProcess, run_command, wait_until
from support.wire import request
from test_http import metrics, value
from test_queries import EVENTS, RelayOfMany, authors_of
from test_queries import crowded as crowded
from test_queries import start_crowded as start_crowded

NOW = int(time.time()) - 1000
HEXADECIMAL = set("0123456789abcdef")


def counted(client: Client, *filters: Filter, name: str = "count") -> dict:
    """The object that a COUNT is answered with."""
    client.send("COUNT", name, *filters)
    answer = client.wait_for(lambda message: message[0] in ("COUNT", "CLOSED", "NOTICE"), 60)
    assert answer[:2] == ["COUNT", name] and len(answer) == 3, answer
    return answer[2]


def refused(client: Client, *filters: Filter) -> str:
    client.send("COUNT", "refused", *filters)
    answer = client.wait_for(lambda message: message[0] in ("COUNT", "CLOSED", "NOTICE"), 60)
    assert answer[:2] == ["CLOSED", "refused"] and len(answer) == 3, answer
    return answer[2]


def is_hexadecimal(text: str) -> bool:
    return len(text) == 64 and set(text) <= HEXADECIMAL


def registers(value: str, authors: list[str]) -> str:
    """NIP-45's registers, as a second person would write them."""
    parts = value.split(":", 2)
    if is_hexadecimal(value):
        reference = value
    elif len(parts) == 3 and parts[0].isdigit() and is_hexadecimal(parts[1]):
        reference = parts[1]
    else:
        reference = hashlib.sha256(value.encode()).hexdigest()
    offset = int(reference[32], 16) + 8
    found = [0] * 256
    for author in authors:
        key = bytes.fromhex(author)
        bits = "".join(f"{byte:08b}" for byte in key[offset + 1 :])
        zeros = len(bits) - len(bits.lstrip("0"))
        found[key[offset]] = max(found[key[offset]], zeros + 1)
    return bytes(found).hex()


def answers(client: Client, name: str, seconds: float = 60) -> Message:
    return client.wait_for(lambda message: message[0] in ("COUNT", "CLOSED") and message[1] == name, seconds)


class TestUnion:
    """Line 69."""

    def test_line_69_several_filters_are_one_count(self, client: Client, author: Author) -> None:
        client.publish_all([*author.notes(7), *author.notes(5, kind=7), author.event(tags=[["t", author.pubkey]])])
        mine = {"authors": [author.pubkey]}
        assert counted(client, mine) == {"count": 13}
        assert counted(client, mine | {"kinds": [1]}, mine | {"kinds": [7]}) == {"count": 13}
        assert counted(client, mine | {"kinds": [1]}, mine, {"#t": [author.pubkey]}) == {"count": 13}
        assert counted(client, mine | {"kinds": [1]}, {"#t": [author.pubkey]}) == {"count": 8}
        assert counted(client, *[mine | {"kinds": [7]}] * 20) == {"count": 5}

    def test_line_69_a_limit_says_nothing_about_a_count(self, client: Client, author: Author) -> None:
        client.publish_all(author.notes(9))
        for limit in (0, 1, 5, 2**40):
            assert counted(client, {"authors": [author.pubkey], "limit": limit}) == {"count": 9}, limit

    def test_line_69_more_is_counted_than_one_request_is_sent(self, start_relay: RelayFactory, author: Author) -> None:
        relay = start_relay({"subscriptions": {"max_limit": 5, "default_limit": 3}})
        with Client(relay.url) as client:
            client.publish_all(author.notes(20))
            assert counted(client, {"kinds": [1]}) == {"count": 20}
            assert counted(client, {}) == {"count": 20}

    def test_line_69_what_matches_nothing_counts_nothing(self, client: Client, author: Author) -> None:
        for filter in ({"kinds": []}, {"ids": []}, {"since": 5, "until": 4}, {"authors": [author.pubkey]}):
            assert counted(client, filter) == {"count": 0}, filter

    def test_line_69_the_command_counts_the_same(self, relay: RelayProcess, client: Client, author: Author) -> None:
        client.publish_all([*author.notes(4), author.event(30023, tags=[["d", "x"]])])
        for filters in (
            [{"authors": [author.pubkey], "limit": 2}],
            [{"authors": [author.pubkey], "kinds": [1]}, {"authors": [author.pubkey], "#d": ["x"]}],
        ):
            result = run_command("count", "--database", relay.database, *map(compact, filters))
            assert counted(client, *filters) == {"count": int(result.stdout)} == {"count": 5}

    @pytest.mark.timeout(120)
    def test_line_69_what_takes_too_long_is_estimated_and_says_so(self, start_crowded: RelayOfMany) -> None:
        relay = start_crowded({"subscriptions": {"count_time": "10ms"}})
        with Client(relay.url) as client:
            filters: list[Filter] = [{"kinds": [*range(100)]}, {"since": 1}, {"#t": ["none"]}]
            answer = counted(client, *filters)
            assert answer.keys() == {"count", "approximate"} and answer["approximate"] is True
            stored = int(run_command("count", "--database", relay.database, "{}").stdout)
            assert 0.7 * stored <= answer["count"] <= 1.3 * stored
            # By the index alone it is soon counted.
            assert "approximate" not in counted(client, {"ids": ["0" * 64]})
        assert value(metrics(relay.port), "nostr_relay_counts_total") == 2
        assert value(metrics(relay.port), "nostr_relay_counts_estimated_total") == 1

    @pytest.mark.timeout(120)
    def test_line_69_a_count_with_time_enough_is_exact(self, start_crowded: RelayOfMany) -> None:
        relay = start_crowded({"subscriptions": {"count_time": "1h"}})
        with Client(relay.url) as client:
            events = run_command("export", "--database", relay.database).stdout.splitlines()
            public = [event for event in map(json.loads, events) if event["kind"] not in (4, 1059)]
            authors = authors_of(client)
            assert counted(client, {}) == {"count": len(public)}
            assert counted(client, {"kinds": [1]}) == {"count": sum(event["kind"] == 1 for event in public)}
            assert counted(client, {"authors": authors[:3]}) == {
                "count": sum(event["pubkey"] in authors[:3] for event in public)
            }
            overlapping: list[Filter] = [{"kinds": [1, 7]}, {"authors": authors[:3]}]
            both = sum(event["kind"] in (1, 7) or event["pubkey"] in authors[:3] for event in public)
            assert counted(client, *overlapping) == {"count": both}


class TestRefusals:
    """Line 70, and what is refused of a REQ."""

    @pytest.mark.parametrize("kinds", [[1059], [4], [4, 1059, 21059]])
    def test_line_70_private_kinds_are_refused_as_a_req_is(
        self, client: Client, author: Author, kinds: list[int]
    ) -> None:
        filter = {"kinds": kinds, "#p": [author.pubkey]}
        text = refused(client, filter)
        assert text.startswith("auth-required: ")
        client.send("REQ", "request", filter)
        assert client.wait_for(lambda message: message[1] == "request") == ["CLOSED", "request", text]
        assert refused(client, filter, filter) == text

    def test_line_51_private_events_are_not_counted(self, client: Client, author: Author) -> None:
        recipient = Author()
        tags = [["p", recipient.pubkey], ["t", author.pubkey]]
        client.publish_all([author.event(kind, tags=tags) for kind in (1, 4, 1059)])
        for filter in ({"authors": [author.pubkey]}, {"authors": [author.pubkey], "kinds": [1, 4, 1059]}):
            assert counted(client, filter) == {"count": 1}
        for filter in (
            {"#p": [recipient.pubkey]},
            {"#t": [author.pubkey]},
            {"#p": [recipient.pubkey], "kinds": [1, 4]},
        ):
            assert counted(client, filter)["count"] == 1
        of_others = counted(client, {"#p": [recipient.pubkey], "kinds": [4, 7]})
        assert of_others == {"count": 0, "hll": "00" * 256}, "no register tells of what is not shown"

    def test_line_52_an_ephemeral_wrap_is_not_counted(self, client: Client, author: Author) -> None:
        client.publish_all([author.event(21059), author.event(20001), author.event()])
        assert counted(client, {"authors": [author.pubkey]}) == {"count": 1}

    def test_line_56_expired_events_are_not_counted(self, client: Client, author: Author) -> None:
        soon = int(time.time()) + 3
        expiring = [author.event(content=str(n), tags=[["expiration", str(soon)], ["t", "x"]]) for n in range(3)]
        client.publish_all([*expiring, *author.notes(2)])
        mine = {"authors": [author.pubkey]}
        assert counted(client, mine) == {"count": 5} or time.time() >= soon
        wait_until(lambda: counted(client, mine) == {"count": 2})
        assert time.time() >= soon
        of_tag = counted(client, mine | {"#t": ["x"]})
        assert of_tag == {"count": 0, "hll": "00" * 256}
        assert counted(client, mine | {"kinds": [1]}, mine) == {"count": 2}

    def test_line_99_deleted_and_replaced_events_are_not_counted(self, client: Client, author: Author) -> None:
        client.publish_all(notes := author.notes(3))
        client.publish_all([author.event(0, str(n), created_at=NOW + n) for n in range(3)])
        client.publish_all([author.event(5, tags=[["e", notes[0]["id"]]])])
        assert counted(client, {"authors": [author.pubkey]}) == {"count": 4}
        assert counted(client, {"authors": [author.pubkey], "kinds": [0, 1]}) == {"count": 3}

    @pytest.mark.parametrize(
        ("rest", "prefix"),
        [
            ([], "invalid"),
            ([1], "invalid"),
            ([{"ids": ["x"]}], "invalid"),
            ([{"kinds": [-1]}], "invalid"),
            ([{"color": 1}], "unsupported"),
            ([{}] * 21, "invalid"),
            ([{"kinds": [1]}, {"#t": [""] * 10_001}], "invalid"),
        ],
    )
    def test_bad_counts_are_closed_and_leave_the_subscription_of_their_id_alone(
        self, client: Client, author: Author, rest: list, prefix: str
    ) -> None:
        client.subscribe("refused", {"authors": [author.pubkey]})
        assert refused(client, *rest).startswith(f"{prefix}: ")
        client.publish_all([event := author.event()])
        assert client.live("refused") == event

    @pytest.mark.parametrize(
        "text", ['["COUNT"]', '["COUNT",1,{}]', '["COUNT","x",{}', '["COUNT",null]', '["COUNT","x" {}]']
    )
    def test_what_is_no_count_gets_a_notice(self, client: Client, text: str) -> None:
        assert client.ask(text)[0] == "NOTICE"
        assert counted(client, {"ids": ["0" * 64]}) == {"count": 0}

    def test_ids_that_are_too_long_or_empty_are_refused(self, client: Client) -> None:
        for name in ("", "a" * 65):
            client.send("COUNT", name, {})
            assert client.receive()[:2] == ["CLOSED", name]

    @pytest.mark.timeout(120)
    def test_more_counts_than_may_be_open_are_refused_and_all_others_are_answered(
        self, start_crowded: RelayOfMany
    ) -> None:
        relay = start_crowded({"subscriptions": {"max": 5, "count_time": "1h"}})
        with Client(relay.url) as client:
            for number in range(12):
                client.send("COUNT", f"{number}", {"#t": ["x"], "since": 1}, {"kinds": [1, 7]}, {"since": 2})
            sorts = [answers(client, f"{number}")[0] for number in range(12)]
            assert sorts[:5] == ["COUNT"] * 5 and "CLOSED" in sorts
            assert counted(client, {"ids": ["0" * 64]}) == {"count": 0}


class TestIds:
    """A COUNT's id is not the name of a subscription."""

    def test_a_count_with_the_id_of_a_subscription_disturbs_nothing(self, client: Client, author: Author) -> None:
        mine = {"authors": [author.pubkey]}
        client.publish_all(author.notes(3))
        assert len(client.subscribe("same", mine)) == 3
        assert counted(client, mine, name="same") == {"count": 3}
        client.publish_all([event := author.event()])
        assert client.live("same") == event
        client.send("COUNT", "same", {"kinds": [1059]})
        assert client.wait_for(lambda message: message[0] == "CLOSED")[1] == "same"
        client.publish_all([event := author.event()])
        assert client.live("same") == event

    def test_counts_of_one_id_are_each_answered(self, client: Client, author: Author) -> None:
        client.publish_all(author.notes(3))
        for kind in (1, 7, 1):
            client.send("COUNT", "same", {"authors": [author.pubkey], "kinds": [kind]})
        found = [client.receive() for _ in range(3)]
        assert sorted(message[2]["count"] for message in found) == [0, 3, 3]

    @pytest.mark.timeout(120)
    def test_closing_its_id_ends_a_count_and_no_other(self, start_crowded: RelayOfMany) -> None:
        relay = start_crowded({"subscriptions": {"count_time": "1h"}})
        slow: list[Filter] = [{"#t": ["x"], "since": 1}, {"kinds": [*range(50)]}, {"since": 2}]
        with Client(relay.url) as client:
            for name in ("first", "closed", "closed", "kept"):
                client.send("COUNT", name, *slow)
            client.send("CLOSE", "closed")
            client.send("CLOSE", "nobody")
            assert answers(client, "kept")[0] == "COUNT"
            assert answers(client, "first")[0] == "COUNT"
            assert not [message for message in client.arrived() if message[1] == "closed"]
            assert 0 < counted(client, *slow, name="closed")["count"] <= EVENTS

    @pytest.mark.timeout(120)
    def test_others_are_served_while_one_client_counts(self, start_crowded: RelayOfMany, author: Author) -> None:
        relay = start_crowded({"subscriptions": {"count_time": "1h"}})
        with Client(relay.url) as busy, Client(relay.url) as other:
            for number in range(20):
                busy.send("COUNT", f"{number}", {"#t": ["x"], "since": 1}, {"kinds": [*range(50)]}, {"since": 2})
            client_events = author.notes(3)
            other.publish_all(client_events)
            assert other.fetch({"authors": [author.pubkey]}) == client_events[::-1]
            assert counted(other, {"authors": [author.pubkey]}) == {"count": 3}
            assert all(answers(busy, f"{number}")[0] == "COUNT" for number in range(20))

    @pytest.mark.timeout(120)
    @pytest.mark.parametrize("ends", ["client", "relay"])
    def test_the_end_of_either_side_ends_its_counts(self, start_crowded: RelayOfMany, ends: str) -> None:
        relay = start_crowded({"subscriptions": {"count_time": "1h"}})
        client = Client(relay.url)
        for number in range(20):
            client.send("COUNT", f"{number}", {"#t": ["x"], "since": 1}, {"kinds": [*range(50)]}, {"since": 2})
        if ends == "client":
            client.open.close()
            with Client(relay.url) as other:
                assert counted(other, {"ids": ["0" * 64]}) == {"count": 0}
            return
        relay.signal(signal.SIGTERM)
        assert client.close_code() == 1001
        assert relay.wait() == 0
        client.open.close()


class TestHyperLogLog:
    """Line 71."""

    @pytest.fixture(scope="class")
    def reactors(self) -> list[Author]:
        return [Author() for _ in range(40)]

    @pytest.mark.parametrize("letter", ["e", "p", "E", "q", "t", "a", "x"])
    def test_line_71_the_registers_are_those_of_a_second_implementation(
        self, client: Client, author: Author, reactors: list[Author], letter: str
    ) -> None:
        target = author.event(content=letter)
        values = {
            "a": f'30023:{author.pubkey}:a:b "é"\n',
            "t": 'word "é"\n😀 ' + target["id"],
            "x": target["id"].upper(),
            "p": author.pubkey,
        }
        wanted = values.get(letter, target["id"])
        events = [reactor.event(7, tags=[[letter, wanted]]) for reactor in reactors]
        # More of the same authors, and of others about something else, change nothing.
        events += [reactors[0].event(7, "again", tags=[[letter, wanted]]), Author().event(7)]
        client.publish_all(events)
        answer = counted(client, {"kinds": [7], f"#{letter}": [wanted]})
        assert answer.keys() == {"count", "hll"} and answer["count"] == 41
        assert len(answer["hll"]) == 512 and set(answer["hll"]) <= HEXADECIMAL
        assert answer["hll"] == registers(wanted, [reactor.pubkey for reactor in reactors])

    def test_line_71_the_first_value_of_the_first_tag_attribute_tells_the_offset(
        self, client: Client, author: Author
    ) -> None:
        # Of these digits at position 32 each is another one.
        first, second = (hashlib.sha256(author.pubkey.encode()).hexdigest()[:32] + digit * 32 for digit in "0f")
        client.publish_all([author.event(tags=[["e", first], ["x", second]])])
        for text, offset_of in [
            (f'{{"#e":["{first}","{second}"],"#x":["{second}"]}}', first),
            (f'{{"#x":["{second}"],"#e":["{first}","{second}"]}}', second),
            (f'{{"#e":["{second}","{first}"]}}', second),
        ]:
            client.send_text(f'["COUNT","h",{text}]')
            assert client.receive() == ["COUNT", "h", {"count": 1, "hll": registers(offset_of, [author.pubkey])}]

    def test_line_71_there_is_none_without_a_tag_attribute_or_for_several_filters(
        self, client: Client, author: Author
    ) -> None:
        client.publish_all([author.event(tags=[["t", author.pubkey]])])
        for filter in ({"authors": [author.pubkey]}, {"authors": [author.pubkey], "kinds": [1]}):
            assert counted(client, filter) == {"count": 1}
        tagged = {"#t": [author.pubkey]}
        assert counted(client, tagged, tagged | {"kinds": [1]}) == {"count": 1}
        assert counted(client, tagged).keys() == {"count", "hll"}

    def test_line_71_nothing_counted_is_a_sketch_of_zeros(self, client: Client) -> None:
        assert counted(client, {"#e": ["ab" * 32]}) == {"count": 0, "hll": "00" * 256}


def test_line_45_counting_is_advertised(relay: RelayProcess) -> None:
    document = json.loads(request(relay.port, fields={"Accept": "application/nostr+json"}).body)
    assert 45 in document["supported_nips"]


def test_nostr_sdk_counts(relay: RelayProcess, client: Client, author: Author) -> None:
    client.publish_all([*author.notes(12), author.event(7)])

    async def count() -> int:
        sdk = ClientBuilder().build()
        url = RelayUrl.parse(relay.url)
        await sdk.add_relay(url)
        await sdk.connect(and_wait=timedelta(seconds=20))
        found = await sdk.relay(url)
        filter = SDKFilter().author(author.keys.public_key()).kind(Kind(1))
        try:
            return await found.count_events(filter, timedelta(seconds=20))
        finally:
            await sdk.shutdown()

    assert asyncio.run(count()) == 12


def test_counts_keep_up_with_events_that_come(client: Client, other: Client, author: Author) -> None:
    events: list[Event] = author.notes(60)
    for number, event in enumerate(events):
        client.publish_all([event])
        assert counted(other, {"authors": [author.pubkey]}) == {"count": number + 1}
