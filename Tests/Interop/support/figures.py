"""What tests measure, for the end of the report."""

from collections.abc import Callable

import pytest

Figures = Callable[[str], None]

FIGURES = pytest.StashKey[list[str]]()
