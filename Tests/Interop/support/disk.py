"""Small file systems of a test's own, where mounting is permitted."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def run(*command: str | Path) -> bool:
    """Whether a command of the system succeeds; a command that is not there does not."""
    try:
        return subprocess.run(command, capture_output=True, timeout=20).returncode == 0
    except OSError:
        return False


@contextmanager
def small_disk(place: Path, size: str = "4m") -> Iterator[Path]:
    """An empty file system in memory; the test is skipped where none can be mounted."""
    place.mkdir(parents=True, exist_ok=True)
    if not run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place):
        pytest.skip("needs the right to mount a file system in memory")
    try:
        yield place
    finally:
        run("umount", place) or run("umount", "-l", place)


def make_read_only(place: Path) -> None:
    """The file system takes no more writing; files that are open for writing bar that."""
    assert run("mount", "-o", "remount,ro", place), f"{place} cannot be made read-only"


def fill(filler: Path, leave: int = 0) -> None:
    """Takes all the space that is left, but for some bytes."""
    descriptor = os.open(filler, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        for piece in (1 << 16, 4096, 1):
            try:
                while True:
                    os.write(descriptor, b"x" * piece)
            except OSError:
                continue
        os.ftruncate(descriptor, os.fstat(descriptor).st_size - leave)
    finally:
        os.close(descriptor)
