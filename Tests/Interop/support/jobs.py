"""Work in processes of its own, so that a test's clients do not share one interpreter."""

import multiprocessing
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

# Forked, so that a job has the test's events without a copy being sent to it.
FORK = multiprocessing.get_context("fork")


class Job:
    """A function that runs in a process and hands back what it returns, which has to be plain data."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.results, sender = FORK.Pipe(duplex=False)
        self.process = FORK.Process(target=_run, args=(sender, function, arguments), daemon=True)
        self.process.start()
        # The child's copy is the only one left: its death ends `result`.
        sender.close()

    def result(self, seconds: float = 120) -> Any:
        """What the function returned; fails with the child's traceback, or when there is nothing in time."""
        assert self.results.poll(seconds), f"{self.process.name} has no result after {seconds} s"
        try:
            succeeded, value = self.results.recv()
        except EOFError:
            self.process.join()
            raise AssertionError(f"{self.process.name} ended with {self.process.exitcode}") from None
        self.process.join()
        assert succeeded, f"in a process of the test:\n{value}"
        return value

    def stop(self) -> None:
        """Ends the process, if it still runs."""
        if self.process.is_alive():
            self.process.kill()
        self.process.join()


def _run(sender: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        result = (True, function(*arguments))
    except BaseException:
        result = (False, traceback.format_exc())
    sender.send(result)
