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
