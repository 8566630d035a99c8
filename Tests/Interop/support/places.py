"""Where the binary and the test data lie."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]


def binary() -> Path:
    """The program under test: MARTLET_BINARY, or the debug build of this project."""
    return Path(os.environ.get("MARTLET_BINARY", PROJECT / ".build" / "debug" / "martlet"))


def shared_data() -> Path:
    """The folder of real-world data, which may be absent: MARTLET_SHARED/data, or ../shared/data."""
    return Path(os.environ.get("MARTLET_SHARED", PROJECT.parent / "shared")) / "data"


def is_sanitized() -> bool:
    """Whether the program under test was built with a sanitizer: it is slow, large, and wants to be loaded first."""
    return "TSAN_OPTIONS" in os.environ or "ASAN_OPTIONS" in os.environ
