"""What was found, beside what is aimed at."""

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
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        lines = [
            f"{name:{widths[0]}}  {value:>{widths[1]}}  {unit:{widths[2]}}  {goal:>{widths[3]}}  {verdict}".rstrip()
            for name, value, unit, goal, verdict in rows
        ]
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
