"""What was found, beside what is aimed at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    #: The most, or the least, that it may be; None where it is only told.
    most: float | None = None
    least: float | None = None

    @property
    def verdict(self) -> str:
        if self.most is None and self.least is None:
            return ""
        is_good = (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)
        return "pass" if is_good else "miss"

    @property
    def goal(self) -> str:
        return " ".join(
            f"{sign} {number(bound)}" for sign, bound in (("≤", self.most), ("≥", self.least)) if bound is not None
        )


def number(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 1 else f"{value:.2f}".rstrip("0").rstrip(".")


def aligned(rows: Sequence[Sequence[str]], numeric: tuple[int, ...]) -> list[str]:
    """The rows as lines, column under column; numbers stand at the right of theirs."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            f"{text:>{width}}" if column in numeric else f"{text:{width}}"
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


class Figures:
    """All figures of a run, in order, and the raw reports that they come from."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self.reports: list[dict[str, Any]] = []

    def add(self, name: str, value: float, unit: str, most: float | None = None, least: float | None = None) -> None:
        self.figures.append(Figure(name, value, unit, most, least))

    def table(self) -> str:
        rows = [("figure", "", "unit", "goal", "")]
        rows += [(one.name, number(one.value), one.unit, one.goal, one.verdict) for one in self.figures]
        lines = aligned(rows, numeric=(1, 3))
        missed = sum(one.verdict == "miss" for one in self.figures)
        judged = sum(one.verdict != "" for one in self.figures)
        return "\n".join([*lines, "", f"{judged - missed} of {judged} goals are met"])

    def as_json(self) -> dict[str, Any]:
        figures = [
            {
                "name": one.name,
                "value": one.value,
                "unit": one.unit,
                "most": one.most,
                "least": one.least,
                "verdict": one.verdict or None,
            }
            for one in self.figures
        ]
        return {"figures": figures, "reports": self.reports}
