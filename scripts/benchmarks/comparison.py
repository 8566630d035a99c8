"""What was found on two backends, side by side."""

from dataclasses import dataclass
from typing import Any

from benchmarks.figures import aligned, number


@dataclass(frozen=True)
class Comparison:
    name: str
    unit: str
    sqlite: float
    postgres: float
    #: How many times the first value the second may be; or which share of the first rate is to be left of the second,
    #: where the values are what one thing costs.
    most: float | None = None
    least: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times as much it is on PostgreSQL, or which share of the rate is left there."""
        over, under = (self.sqlite, self.postgres) if self.least is not None else (self.postgres, self.sqlite)
        return over / under if under else None

    @property
    def verdict(self) -> str:
        if self.ratio is None or (self.most is None and self.least is None):
            return ""
        is_good = self.ratio <= self.most if self.most is not None else self.ratio >= (self.least or 0)
        return "pass" if is_good else "miss"

    @property
    def goal(self) -> str:
        if self.most is not None:
            return f"≤ {number(self.most)} times"
        return f"≥ {number(self.least)} of the rate" if self.least is not None else ""

    @property
    def row(self) -> list[str]:
        ratio = "" if self.ratio is None else number(self.ratio)
        return [self.name, number(self.sqlite), number(self.postgres), self.unit, ratio, self.goal, self.verdict]


class Comparisons:
    """All comparisons of a run, in order, and the raw reports that they come from."""

    def __init__(self) -> None:
        self.rows: list[Comparison] = []
        self.notes: list[str] = []
        self.reports: list[dict[str, Any]] = []

    def add(self, *fields: Any, **goals: float | None) -> None:
        self.rows.append(Comparison(*fields, **goals))

    def table(self) -> str:
        rows = [["figure", "SQLite", "PostgreSQL", "unit", "ratio", "goal", ""], *(one.row for one in self.rows)]
        lines = aligned(rows, numeric=(1, 2, 4))
        judged = [one for one in self.rows if one.verdict]
        met = sum(one.verdict == "pass" for one in judged)
        return "\n".join([*lines, "", *self.notes, f"{met} of {len(judged)} goals are met"])

    def as_json(self) -> dict[str, Any]:
        figures = [
            {
                "name": one.name,
                "unit": one.unit,
                "sqlite": one.sqlite,
                "postgres": one.postgres,
                "ratio": one.ratio,
                "most": one.most,
                "least": one.least,
                "verdict": one.verdict or None,
            }
            for one in self.rows
        ]
        return {"comparisons": figures, "notes": self.notes, "reports": self.reports}
