"""What a file holds, before its format is known: rows with their columns and shapes, and what is told about them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from boundaries.dates import BANGKOK, thai_date
from boundaries.errors import SocialMapError
from boundaries.messages import Text
from boundaries.messages import text as message
from layers.dates import english_date
from layers.exporting.style import Style
from layers.scope import Audience

Kind = Literal["text", "whole", "number", "date", "yes_no"]
Value = str | int | float | bool | date | None
Shapes = NDArray[Any]

MOST_ROWS = 50_000
"""So many rows has a file at most; nothing is cut off silently."""


class ExportLarge(SocialMapError):
    """More rows were asked for than one file takes."""

    key = "error.export_large"


@dataclass(frozen=True)
class Column:
    """A column: its name in every format and the kind of its values. Its words stand in the catalogue."""

    name: str
    kind: Kind = "text"

    @property
    def title(self) -> Text:
        """What people call it."""
        return message(f"export.column.{self.name}")

    @property
    def meaning(self) -> Text:
        """What its values are and how they are to be read."""
        return message(f"export.meaning.{self.name}")


@dataclass(frozen=True)
class Credit:
    """Where data come from and under which licence; None where the source states none."""

    name: Text
    licence: str | None


@dataclass(frozen=True)
class About:
    """What all rows of a file share and whoever gets it has to know."""

    title: Text
    audience: Audience
    as_of: date
    sources: tuple[Credit, ...]
    boundaries: Credit
    period: Text | None = None
    released_at: datetime | None = None
    notes: tuple[Text, ...] = ()

    def facts(self) -> Iterator[tuple[str, Text]]:
        """Give the facts by name, in the order in which they are read; a name may come more than once."""
        yield "title", self.title
        yield "audience", message(f"audience.{self.audience}")
        if self.period:
            yield "period", self.period
        yield "as_of", _day(self.as_of)
        if self.released_at:
            yield "released_at", _day(self.released_at.astimezone(BANGKOK).date())
        for one in self.sources:
            yield "source", one.name
            yield "licence", Text(one.licence, one.licence) if one.licence else message("export.licence_unknown")
        yield "boundaries", self.boundaries.name
        if self.boundaries.licence:
            yield "boundaries_licence", Text(self.boundaries.licence, self.boundaries.licence)
        for note in self.notes:
            yield "note", note


@dataclass(frozen=True)
class Content:
    """The rows of one layer, each with a shape (EPSG:4326) or None; `key` names the column that tells rows apart."""

    name: str
    about: About
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    shapes: Shapes = field(repr=False)
    shape_kind: Literal["MultiPolygon", "Point"]
    key: str
    style: Style | None = None

    def dicts(self) -> Iterator[dict[str, Value]]:
        """Give the rows by the names of their columns."""
        names = [column.name for column in self.columns]
        for row in self.rows:
            yield dict(zip(names, row, strict=True))

    def bounds(self) -> tuple[float, float, float, float] | None:
        """Return west, south, east, north of all shapes; None without any."""
        known = self.shapes[~shapely.is_missing(self.shapes)]
        if not len(known):
            return None
        west, south, east, north = shapely.total_bounds(known)
        return (float(west), float(south), float(east), float(north))


def shapes_array(shapes: list[Any]) -> Shapes:
    """Return shapes as an array of objects, also where there are none."""
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made


def check_size(rows: int) -> None:
    """Raise ExportLarge for more rows than a file takes."""
    if rows > MOST_ROWS:
        raise ExportLarge(most=f"{MOST_ROWS:,}")


def _day(day: date) -> Text:
    return Text(thai_date(day), english_date(day))
