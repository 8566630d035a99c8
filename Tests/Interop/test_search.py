"""Search (NIP-50): checklist 72 to 74, and what of 51, 52, 56 and 99 concerns it."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import RelayFactory
from support.backends import Backend
from support.client import Client
from support.events import Author, Event, compact, ids
from support.relay_process import Configuration, RelayProcess, run_command, wait_until
from support.wire import request
from test_http import metrics, value

NOW = int(time.time()) - 10_000
TEXTS = {
    "en": "The quick brown Fox jumps over the lazy dog",
    "fr": "Le café naïf est à l'hôtel",
    "de": "Die Straße führt über den Fluß",
    "ru": "Съешь ещё этих мягких французских булок",
    "ar": "مُحَمَّد يقرأ الكتاب",
    "hi": "हिन्दी में लिखा हुआ",
    "ja": "私は東京都に住んでいます。ビットコインが好き",
    "zh": "比特币是一种去中心化的货币",
    "th": "ฉันชอบดื่มกาแฟร้อนตอนเช้า",
    "ko": "비트코인을 사고 싶어요",
    "emoji": "launch 🚀🚀 now 👍🏽",
}
HOSTILE = [
    '"', "*", "'", "\\", "\0", "(", "a AND b OR NOT c", "NEAR(a b)", "a:*", "' | 'b", "word:* & !x", "@a1", "~61", "-",
    '"" * ""', "%", "\u202e\u200d", "\U0010ffff", "{a}", "^a", "a+b", "col : a", "東*", "ฉ", "🚀*", "x" * 500,
]
BAD_VALUES: list[Any] = [None, 1, True, ["word"], {"word": 1}, [], "x" * 501, " ".join(f"w{n}" for n in range(33))]


def advertised(relay: RelayProcess) -> list[int]:
    answer = request(relay.port, fields={"Accept": "application/nostr+json"})
    return json.loads(answer.body)["supported_nips"]


def lag(relay: RelayProcess) -> float:
    text = metrics(relay.port)
    return value(text, "nostr_relay_search_lag_events") + value(text, "nostr_relay_search_rebuilding")


def wait_for_index(relay: RelayProcess, seconds: float = 120) -> None:
    wait_until(lambda: lag(relay) == 0 and lag(relay) == 0, seconds, "an index without a lag")
    # A look that began before the last commit may have told it.
    time.sleep(0.5)
    wait_until(lambda: lag(relay) == 0, seconds, "an index without a lag")


def indexed(relay: RelayProcess) -> int:
    """How many events the index holds."""
    schema = "" if relay.database.startswith("sqlite:") else "martlet."
    return int(relay.store.query(f"SELECT count(*) FROM {schema}search_document")[0][0])


@pytest.fixture(params=["at once", "from the index"])
def settled(request: pytest.FixtureRequest, relay: RelayProcess) -> Iterator[Any]:
    """Does nothing, or waits until everything is indexed: the answers are the same."""
    yield lambda: wait_for_index(relay) if request.param == "from the index" else None


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("fox", ["en"]), ("FOX quick", ["en"]), ("fox cat", []), ('"brown fox"', ["en"]), ('"fox brown"', []),
        ("jum*", ["en"]), ("ump", []), ("cafe", ["fr"]), ("CAFÉ", ["fr"]), ("l'hotel", ["fr"]), ("strasse", ["de"]),
        ("ЕЩЕ", ["ru"]), ("французских", ["ru"]), ("محمد", ["ar"]), ("हिन्दी", ["hi"]), ("東京", ["ja"]), ("東", ["ja"]),
        ("ビットコイン", ["ja"]), ("去中心化", ["zh"]), ("比特币", ["zh"]), ("กาแฟ", ["th"]), ("비트코인", ["ko"]),
        ("🚀", ["emoji"]), ("👍", ["emoji"]), ("the lazy dog -fox", ["en"]),
    ],
)
def test_line_72_content_is_found_by_its_words_in_any_script(
    client: Client, author: Author, settled: Any, search: str, found: list[str]
) -> None:
    events = {name: author.event(1, text, created_at=NOW) for name, text in TEXTS.items()}
    client.publish_all(events.values())
    settled()
    answer = client.fetch({"search": search, "authors": [author.pubkey]})
    assert sorted(ids(answer)) == sorted(events[name]["id"] for name in found)


def test_line_72_the_best_match_comes_first_and_the_limit_counts_after_that(
    client: Client, author: Author, settled: Any
) -> None:
    best = author.event(1, "zebra zebra zebra", created_at=NOW)
    good = [author.event(1, f"a zebra {n}", created_at=NOW + n) for n in range(1, 6)]
    poor = author.event(1, "zebra " + "filler " * 200, created_at=NOW + 100)
    client.publish_all([best, *good, poor])
    settled()
    base = {"search": "zebra", "authors": [author.pubkey]}
    assert ids(client.fetch(base)) == ids([best, *reversed(good), poor])
    assert ids(client.fetch(base | {"limit": 1})) == [best["id"]]
    assert ids(client.fetch(base | {"limit": 3})) == ids([best, good[4], good[3]])
    assert client.fetch(base | {"limit": 0}) == []


def test_line_72_the_other_fields_of_the_filter_still_apply(client: Client, author: Author, settled: Any) -> None:
    other = Author()
    note = author.event(1, "maple", [["t", "tree"], ["e", "0" * 63 + "1"]], NOW)
    article = author.event(30023, "maple", [["d", "x"], ["title", "Sycamore"]], NOW + 10)
    foreign = other.event(1, "maple", [["t", "tree"]], NOW + 20)
    reaction = author.event(7, "maple", [["t", "tree"]], NOW + 30)
    client.publish_all([note, article, foreign, reaction])
    settled()
    both = {"authors": [author.pubkey, other.pubkey]}

    def found(**fields: Any) -> set[str]:
        names = {note["id"]: "note", article["id"]: "article", foreign["id"]: "foreign", reaction["id"]: "reaction"}
        answer = client.fetch(both | {"search": "maple"} | fields)
        return {names[event["id"]] for event in answer}

    assert found() == {"note", "article", "foreign"}
    assert found(authors=[author.pubkey]) == {"note", "article"}
    assert found(kinds=[1]) == {"note", "foreign"}
    assert found(kinds=[7]) == set()
    assert found(since=NOW + 5) == {"article", "foreign"}
    assert found(until=NOW + 5) == {"note"}
    assert found(**{"#t": ["tree"]}) == {"note", "foreign"}
    assert found(**{"#e": ["0" * 63 + "1"]}) == {"note"}
    assert found(ids=[article["id"], reaction["id"]]) == {"article"}
    assert found(search="sycamore maple") == {"article"}


def test_line_72_several_filters_show_each_event_once(client: Client, author: Author, settled: Any) -> None:
    oranges = [author.event(1, "orange fruit", created_at=NOW + n) for n in range(3)]
    purples = [author.event(2, "purple fruit", created_at=NOW + n) for n in range(3)]
    purple = author.event(1, "purple fruit", created_at=NOW)
    client.publish_all([*oranges, *purples, purple])
    settled()
    mine = {"authors": [author.pubkey]}
    answer = client.fetch(mine | {"search": "orange"}, mine | {"search": "fruit"}, mine | {"limit": 2})
    assert len(answer) == len(set(ids(answer)))
    assert ids(answer)[:3] == ids(reversed(oranges))
    assert set(ids(answer)) == set(ids([*oranges, purple])) | set(ids(client.fetch(mine | {"limit": 2})))


@pytest.mark.parametrize(
    "extension",
    ["include:spam", "domain:example.com", "language:en", "sentiment:positive", "nsfw:false", "foo:bar", 'foo:"a b"'],
)
def test_line_73_extensions_are_passed_over(client: Client, author: Author, extension: str) -> None:
    event = author.event(1, "plain text")
    other = author.event(1, "something else")
    client.publish_all([event, other])
    mine = {"authors": [author.pubkey]}
    assert ids(client.fetch(mine | {"search": f"plain {extension}"})) == [event["id"]]
    assert ids(client.fetch(mine | {"search": f"{extension} plain text"})) == [event["id"]]
    # What asks for nothing else is no condition.
    assert set(ids(client.fetch(mine | {"search": extension}))) == {event["id"], other["id"]}


@pytest.mark.parametrize("search", ["", " ", "!!!", '""'])
def test_a_search_for_nothing_is_no_condition(client: Client, author: Author, search: str) -> None:
    events = [author.event(7, "+", created_at=NOW), author.event(1, "text", created_at=NOW + 1)]
    client.publish_all(events)
    answer = client.fetch({"authors": [author.pubkey], "search": search})
    assert ids(answer) == ids(reversed(events))


@pytest.mark.parametrize("kind", [4, 1059])
def test_line_74_and_51_private_kinds_are_not_found(
    client: Client, other: Client, author: Author, settled: Any, kind: int
) -> None:
    reader = Author()
    word = f"secret{random.randrange(10**12)}"
    event = author.event(kind, word, [["p", reader.pubkey]])
    other.send("REQ", "live", {"search": word})
    assert other.stored("live") == []
    assert client.publish(event)[2] is True
    settled()
    for fields in ({}, {"ids": [event["id"]]}, {"authors": [author.pubkey]}, {"#p": [reader.pubkey]}):
        assert client.fetch({"search": word} | fields) == []
    client.send("REQ", "q", {"search": word, "kinds": [kind]})
    answer = client.wait_for(lambda message: message[1] == "q")
    assert answer[0] == "CLOSED" and answer[2].startswith(("auth-required: ", "restricted: "))
    assert not [message for message in other.arrived() if message[0] == "EVENT"]


def test_line_74_and_56_expired_events_are_not_found(client: Client, author: Author) -> None:
    event = author.event(1, "fleeting", [["expiration", str(int(time.time()) + 3)]])
    client.publish_all([event])
    base = {"search": "fleeting", "authors": [author.pubkey]}
    assert ids(client.fetch(base)) == [event["id"]]
    wait_until(lambda: client.fetch(base) == [], 20, "expiry")


def test_line_74_what_is_deleted_or_replaced_is_not_found(client: Client, author: Author, settled: Any) -> None:
    old = author.event(0, compact({"name": "oldname", "about": "gardener"}), created_at=NOW)
    note = author.event(1, "gardener's note", created_at=NOW)
    client.publish_all([old, note])
    settled()
    mine = {"authors": [author.pubkey]}
    assert ids(client.fetch(mine | {"search": "oldname gardener"})) == [old["id"]]
    assert client.fetch(mine | {"search": "name"}) == [], "the keys of a profile are not its words"
    new = author.event(0, compact({"name": "newname", "about": "gardener"}), created_at=NOW + 1)
    client.publish_all([new, author.event(5, "", [["e", note["id"]]])])
    for _ in range(2):
        assert client.fetch(mine | {"search": "oldname"}) == []
        assert ids(client.fetch(mine | {"search": "gardener"})) == [new["id"]]
        settled()


def test_live_events_match_by_the_same_words(client: Client, other: Client, author: Author) -> None:
    mine = {"authors": [author.pubkey]}
    client.subscribe("words", mine | {"search": "comet tail"})
    client.subscribe("phrase", mine | {"search": '"comet tail"'}, {"ids": ["0" * 64]})
    miss = author.event(1, "a comet")
    reaction = author.event(7, "comet tail")
    hit = author.event(1, "the Comet's tail, a COMET TAIL")
    apart = author.event(1, "tail of a comet")
    other.publish_all([miss, reaction, hit, apart])
    arrived = [message for message in client.arrived() if message[0] == "EVENT"]
    assert [message[2]["id"] for message in arrived if message[1] == "words"] == ids([hit, apart])
    assert [message[2]["id"] for message in arrived if message[1] == "phrase"] == ids([hit])


@pytest.mark.parametrize("bad", BAD_VALUES, ids=lambda bad: compact(bad)[:20])
def test_line_99_a_search_that_is_none_or_too_much_is_refused(client: Client, bad: Any) -> None:
    client.send("REQ", "bad", {"search": bad})
    answer = client.wait_for(lambda message: message[1] == "bad")
    assert answer[0] == "CLOSED" and answer[2].startswith("invalid: ")
    assert client.fetch({"search": "nothing like this", "limit": 1}) == []


@pytest.mark.parametrize("search", HOSTILE, ids=lambda search: compact(search)[:12])
def test_line_99_whatever_is_searched_for_is_answered(client: Client, author: Author, search: str) -> None:
    event = author.event(1, search)
    client.publish_all([event])
    answer = client.fetch({"search": search, "authors": [author.pubkey]})
    assert ids(answer) == [event["id"]], "a text is found by itself"


def test_line_99_a_search_that_is_broken_json_is_answered_and_hurts_nobody(client: Client) -> None:
    for text in ('["REQ","a",{"search":"x]', '["REQ","a",{"search":"\\ud800"}]', '["REQ","a",{"search":}]'):
        assert client.ask(text)[0] == "NOTICE"
    assert client.fetch({"search": "still here", "limit": 1}) == []


def test_line_45_search_is_advertised_where_it_is_on_and_refused_where_it_is_off(
    relay: RelayProcess, start_relay: RelayFactory, author: Author
) -> None:
    assert 50 in advertised(relay)
    off = start_relay({"search": {"enabled": False}})
    assert 50 not in advertised(off)
    with Client(off.url) as client:
        client.publish_all([author.event(1, "word")])
        client.send("REQ", "s", {"search": "word"})
        answer = client.receive()
        assert answer[:2] == ["CLOSED", "s"] and answer[2].startswith("unsupported: ")


def test_a_change_of_the_kinds_has_the_index_made_anew(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay({"search": {"kinds": ["1"]}})
    note, reaction = author.event(1, "word", created_at=NOW), author.event(7, "word", created_at=NOW + 1)
    with Client(relay.url) as client:
        client.publish_all([note, reaction])
        wait_for_index(relay)
        assert ids(client.fetch({"search": "word"})) == [note["id"]]
    assert indexed(relay) == 1
    for kinds, found in ([["7"], [reaction]], [["1", "7"], [reaction, note]]):
        restart(relay, {"search": {"kinds": kinds}})
        wait_for_index(relay)
        with Client(relay.url) as client:
            assert ids(client.fetch({"search": "word"})) == ids(found)
        assert indexed(relay) == len(found)
    restart(relay, {"search": {"enabled": False}})
    wait_until(lambda: indexed(relay) == 0, 60, "an empty index")


def restart(relay: RelayProcess, changes: Configuration) -> None:
    assert relay.stop() == 0
    relay.configuration |= changes
    relay.write_configuration()
    relay.start()


def test_what_import_adds_beside_the_relay_is_indexed(
    start_relay: RelayFactory, author: Author, tmp_path: Path
) -> None:
    relay = start_relay()
    events = [author.event(1, f"imported {n}", created_at=NOW + n) for n in range(300)]
    result = run_command(
        "import", "--config", relay.config_file, stdin="".join(compact(event) + "\n" for event in events).encode()
    )
    assert result.returncode == 0, result.stderr
    wait_until(lambda: indexed(relay) == 300, 60, "everything indexed")
    with Client(relay.url) as client:
        assert set(ids(client.fetch({"search": "imported"}))) == set(ids(events))


@pytest.mark.timeout(300)
def test_line_100_kill_9_while_indexing_loses_nothing_and_does_nothing_twice(
    start_relay: RelayFactory, author: Author
) -> None:
    relay = start_relay({"search": {"enabled": False}})
    choose = random.Random(50)
    events = [author.event(1, f"word{n % 7} text {n} " + "filler " * 30, created_at=NOW + n) for n in range(2_500)]
    lines = "".join(compact(event) + "\n" for event in events)
    assert run_command("import", "--config", relay.config_file, stdin=lines.encode()).returncode == 0
    assert relay.stop() == 0
    relay.configuration |= {"search": {"enabled": True}}
    relay.write_configuration()
    live: list[Event] = []
    for _ in range(5):
        relay.start()
        with Client(relay.url) as client:
            more = [author.event(1, f"word0 live {len(live) + n}", created_at=NOW - n - 1) for n in range(5)]
            client.publish_all(more)
            live += more
        time.sleep(choose.random() * 0.6)
        relay.kill()
    relay.start()
    wait_for_index(relay)
    assert indexed(relay) == len(events) + len(live)
    with Client(relay.url) as client:
        for word in range(7):
            expected = {event["id"] for event in [*events, *live] if event["content"].startswith(f"word{word} ")}
            answer = ids(client.fetch({"search": f"word{word}", "limit": 1000}))
            assert len(answer) == len(set(answer)) and set(answer) == expected
        victims = events[:10]
        client.publish_all([author.event(5, "", [["e", event["id"]] for event in victims])])
        wait_until(lambda: indexed(relay) == len(events) + len(live) - 10, 60, "victims out of the index")


@pytest.mark.timeout(300)
def test_two_nodes_find_what_either_stores_and_share_the_work(
    backend: Backend, tmp_path: Path, author: Author
) -> None:
    if not backend.is_postgres:
        pytest.skip("nodes share a PostgreSQL database")
    database = backend.database(tmp_path)
    nodes = [RelayProcess(tmp_path / name, database).start() for name in ("one", "other")]
    try:
        clients = [Client(node.url) for node in nodes]
        events = [author.event(1, f"shared {n}", created_at=NOW + n) for n in range(200)]
        for number, client in enumerate(clients):
            client.subscribe("live", {"search": "shared"})
            client.publish_all(events[number::2])
        for client in clients:
            assert set(ids(client.fetch({"search": "shared"}))) == set(ids(events))
            seen = {client.live("live")["id"] for _ in events}
            assert seen == set(ids(events))
        for node in nodes:
            wait_for_index(node)
        assert indexed(nodes[0]) == 200
        looked = sum(value(metrics(node.port), "nostr_relay_search_indexed_total") for node in nodes)
        assert looked == 200
        # One that dies leaves the rest to the other.
        nodes[0].kill()
        more = [author.event(1, f"shared late {n}", created_at=NOW + 500 + n) for n in range(100)]
        clients[1].publish_all([*more, author.event(5, "", [["e", events[0]["id"]]])])
        wait_until(lambda: indexed(nodes[1]) == 299, 60, "everything indexed")
        assert len(clients[1].fetch({"search": "shared"})) == 299
    finally:
        for node in nodes:
            if node.process is not None and node.process.poll() is None:
                node.stop()
