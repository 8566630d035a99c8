"""Start, reload and shutdown."""

import json
import os
import re
import signal
import time
from pathlib import Path

import pytest

from conftest import RelayFactory
from support.client import Client
from support.events import Author, compact
from support.places import is_sanitized
from support.publishing import start_storm, stored_ids
from support.relay_process import wait_until
from support.wire import FrameSocket, request


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_relay_with_0_and_closes_clients_with_1001(
    start_relay: RelayFactory, number: signal.Signals
) -> None:
    relay = start_relay()
    with Client(relay.url) as idle, Client(relay.url, deflate=False) as listening:
        listening.subscribe("live", {"kinds": [1]})
        relay.signal(number)
        assert idle.close_code() == 1001
        assert listening.close_code() == 1001
        assert relay.wait(20) == 0
    assert relay.messages()[-1] == "the relay has ended"


def test_a_shutdown_amid_publishing_answers_what_it_took_and_keeps_what_it_answered(start_relay: RelayFactory) -> None:
    relay = start_relay()
    storms = start_storm(relay)
    relay.signal(signal.SIGTERM)
    assert relay.wait(20) == 0
    for storm in storms:
        storm.join()
        assert storm.close_code == 1001
        assert all(storm.answers.values())
    relay.start()
    stored = stored_ids(relay)
    for storm in storms:
        assert set(storm.accepted) <= stored


def test_nothing_is_stored_at_a_shutdown_that_was_not_answered(start_relay: RelayFactory) -> None:
    relay = start_relay()
    [storm] = start_storm(relay, 1)
    relay.signal(signal.SIGTERM)
    assert relay.wait(20) == 0
    storm.join()
    assert stored_ids(relay) == set(storm.accepted)


def test_a_client_that_does_not_read_cannot_hold_up_a_shutdown(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay()
    with Client(relay.url) as publisher, FrameSocket(relay.port, receive_buffer=4096) as stuck:
        publisher.publish_all(author.notes(300, size=20_000))
        stuck.send_text(compact(["REQ", "all", {"authors": [author.pubkey]}]))
        stuck.read()
        time.sleep(0.5)
        relay.signal(signal.SIGTERM)
        assert relay.wait(20) == 0


def test_nothing_new_is_accepted_during_and_after_a_shutdown(start_relay: RelayFactory) -> None:
    relay = start_relay()
    relay.signal(signal.SIGTERM)
    assert relay.wait(20) == 0
    with pytest.raises(ConnectionRefusedError):
        FrameSocket(relay.port)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_the_relay_at_once(
    start_relay: RelayFactory, author: Author, number: signal.Signals
) -> None:
    relay = start_relay()
    with Client(relay.url) as publisher, FrameSocket(relay.port, receive_buffer=4096) as stuck:
        publisher.publish_all(author.notes(300, size=20_000))
        stuck.send_text(compact(["REQ", "all", {"authors": [author.pubkey]}]))
        stuck.read()
        relay.signal(number)
        wait_until(lambda: "shutting down" in relay.messages(), what="the shutdown")
        if relay.process is not None and relay.process.poll() is None:
            relay.signal(number)
        # The kernel takes its time to clear away the shadow memory of a sanitizer.
        assert relay.wait(60 if is_sanitized() else 5) in (0, -number)


def test_restarting_keeps_replacements_deletions_and_order(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay()
    now = int(time.time()) - 100
    old, new = (author.event(0, str(n), created_at=now + n) for n in range(2))
    note, doomed = author.event(created_at=now + 5), author.event(created_at=now + 6)
    deletion = author.event(5, tags=[["e", doomed["id"]]], created_at=now + 7)
    with Client(relay.url) as client:
        client.publish_all([old, new, note, doomed, deletion])
    assert relay.stop() == 0
    relay.start()
    with Client(relay.url) as client:
        assert client.fetch({"authors": [author.pubkey]}) == [deletion, note, new]
        assert client.publish(doomed)[3] == "blocked: deleted by its author"
        assert client.publish(old)[3] == "duplicate: a newer version is stored"
        assert client.publish(note)[3].startswith("duplicate: ")


def content_limit(client: Client, author: Author) -> bool:
    """Whether 20 characters are accepted."""
    return client.publish(author.notes(1, size=20)[0])[2]


def test_a_changed_file_is_reloaded_for_connections_that_exist(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay({"events": {"max_content": 1000}, "info": {"name": "before"}})
    with Client(relay.url) as client:
        assert content_limit(client, author)
        relay.rewrite({"max_content: 1000": "max_content: 10"})
        wait_until(lambda: "configuration reloaded" in relay.messages(), what="the reload")
        assert not content_limit(client, author)
    with Client(relay.url) as client:
        assert not content_limit(client, author)


def test_sighup_reloads_for_connections_that_exist(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay({"events": {"max_content": 1000}, "subscriptions": {"max": 100}})
    before = relay.config_file.stat()
    with Client(relay.url) as client:
        assert content_limit(client, author)
        relay.rewrite({"max_content: 1000": "max_content: 10"})
        os.utime(relay.config_file, ns=(before.st_atime_ns, before.st_mtime_ns))
        relay.signal(signal.SIGHUP)
        wait_until(lambda: "configuration reloaded" in relay.messages(), what="the reload")
        assert not content_limit(client, author)


def test_a_reload_names_its_keys_and_those_that_need_a_restart(start_relay: RelayFactory) -> None:
    relay = start_relay({"events": {"max_content": 1000}, "storage": {"readers": 2}})
    relay.rewrite({"readers: 2": "readers: 3", "max_content: 1000": "max_content: 10"})
    wait_until(lambda: "these changes need a restart" in relay.messages(), what="the warning")
    by_message = {line["message"]: line for line in relay.log()}
    assert by_message["configuration reloaded"]["keys"] == "events.max_content"
    assert by_message["these changes need a restart"]["keys"] == "storage.readers"
    assert by_message["these changes need a restart"]["level"] == "warning"


def test_a_broken_file_is_told_in_the_log_and_changes_nothing(start_relay: RelayFactory, author: Author) -> None:
    relay = start_relay({"events": {"max_content": 1000}})
    relay.rewrite({"max_content: 1000": "max_contend: 10"})
    problem = wait_until(
        lambda: [message for message in relay.messages() if message.startswith("configuration not reloaded: ")],
        what="the error",
    )
    assert re.search(r"martlet\.yaml:\d+: .*events\.max_content", problem[0])
    with Client(relay.url) as client:
        assert content_limit(client, author)


def test_a_reload_changes_the_information_document_and_the_page(start_relay: RelayFactory) -> None:
    relay = start_relay({"info": {"name": "before"}})
    relay.rewrite({"name: before": "name: afterwards"})
    wait_until(lambda: "afterwards" in request(relay.port).text, what="the new page")
    document = json.loads(request(relay.port, fields={"Accept": "application/nostr+json"}).body)
    assert document["name"] == "afterwards"


def test_a_file_replaced_by_renaming_is_noticed(start_relay: RelayFactory, tmp_path: Path) -> None:
    relay = start_relay({"info": {"name": "before"}})
    fresh = tmp_path / "fresh.yaml"
    fresh.write_text(relay.config_file.read_text().replace("before", "after!"))
    fresh.replace(relay.config_file)
    wait_until(lambda: "configuration reloaded" in relay.messages(), what="the reload")
