"""The relay of nostr-sdk, in this process: one that others wrote and that compares sets of events (NIP-77)."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from nostr_sdk import LocalRelay, LocalRelayBuilder, RateLimit


@contextmanager
def local_relay() -> Iterator[str]:
    """Its URL; what it holds is gone with it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work):  # type: ignore[no-untyped-def]
        return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=30)

    async def start() -> LocalRelay:
        relay = LocalRelayBuilder().rate_limit(RateLimit(max_reqs=1000, notes_per_minute=10_000_000)).build()
        await relay.run()
        return relay

    relay = run(start())

    async def url() -> str:
        return str(await relay.url())

    async def end() -> None:
        relay.shutdown()

    try:
        yield run(url())
    finally:
        run(end())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=20)
        loop.close()
