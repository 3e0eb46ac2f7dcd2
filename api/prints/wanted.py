"""What is asked of a print: area, filters and classes as the map's address names them, paper, office, logo."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from layers.aggregation import newest_period
from layers.classification import Method
from layers.filters import Filter
from layers.periods import parse_period
from layers.scope import Scope
from mapping.legends import parse_breaks
from mapping.sheet.paper import Paper, to_paper

Measure = Literal["count", "rate"]


@dataclass(frozen=True)
class Wanted:
    """One print as it was asked for; the same values give the same sheet from the same figures."""

    code: str
    paper: str = "A3"
    orientation: str = "landscape"
    thai_digits: bool = False
    problem: str | None = None
    period: str | None = None
    measure: Measure | None = None
    method: Method | None = None
    breaks: str | None = None
    fill: bool = False
    office: str | None = None
    logo: bool = False
    """Whether the account's own logo stands on it."""

    def to_paper(self) -> Paper:
        """Return the paper. Raises BadPaper."""
        return to_paper(self.paper, self.orientation, self.thai_digits)

    def classes(self) -> dict[str, Any]:
        """Return measure, method, breaks and fill as maps and sheets take them. Raises BadBreaks."""
        breaks = parse_breaks(self.breaks) if self.breaks else ()
        return {"measure": self.measure, "method": self.method, "breaks": breaks, "fill_counts": self.fill}

    def filter(self, session: Session, scope: Scope) -> Filter:
        """Return what the sheet shows: by default all problems in the newest fiscal year. Raises as `parse_period`."""
        period = parse_period(self.period) if self.period else newest_period(session, scope)
        return Filter(problem=self.problem, period=period)

    def told(self) -> list[tuple[str, str]]:
        """Return what differs from the defaults, as addresses and forms say it; the area is not among it."""
        return list(_told(self))

    def query(self, **more: str) -> str:
        """Write it as the query of an address."""
        return urlencode([*self.told(), *more.items()])

    def of(self, code: str) -> "Wanted":
        """Return the same for another area."""
        return replace(self, code=code)


def _told(wanted: Wanted) -> Iterator[tuple[str, str]]:
    usual = Wanted(wanted.code)
    for name in Wanted.__dataclass_fields__:
        value = getattr(wanted, name)
        if name != "code" and value != getattr(usual, name):
            yield name, ("true" if value is True else str(value))
