"""How rows are drawn by other programs, as a value: it is computed where the look is, and written here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from boundaries.messages import Text


@dataclass(frozen=True)
class Mark:
    """A pattern over a fill: rising lines, dots or small crosses of one colour (`#RRGGBB`)."""

    kind: Literal["lines", "dots", "crosses"]
    colour: str


@dataclass(frozen=True)
class Fill:
    """One entry of a legend: which rows wear it, and its colour.

    `state` None means rows of any state; `low` belongs to the entry, `high` to the next one.
    """

    label: Text
    colour: str
    state: str | None = None
    low: float | None = None
    high: float | None = None
    mark: Mark | None = None

    def fits(self, row: Mapping[str, Any]) -> bool:
        """Say whether a row wears it."""
        if self.state is not None and row["state"] != self.state:
            return False
        if self.low is not None and not row["value"] >= self.low:
            return False
        return self.high is None or bool(row["value"] < self.high)


@dataclass(frozen=True)
class Style:
    """All entries, of which each row wears the first that fits, and the colour of outlines."""

    fills: tuple[Fill, ...]
    edge: str
    shape: Literal["area", "outline", "place"] = "area"

    def place_of(self, row: Mapping[str, Any]) -> int | None:
        """Return the place of the entry that a row wears; None where none fits."""
        return next((place for place, fill in enumerate(self.fills) if fill.fits(row)), None)
