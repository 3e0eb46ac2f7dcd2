"""The map of a preview: outlines of the areas that the rows fall in, and their points by how each place was found."""

from collections.abc import Mapping

import numpy as np
from markupsafe import Markup
from sqlalchemy.orm import Session

from boundaries.areas import list_shapes
from boundaries.codes import COUNTRY, Level
from boundaries.messages import text
from layers.importing import ImportReport
from layers.places import UNKNOWN
from mapping.map_svg import draw_marked

FEW = 3
"""So many provinces are drawn with their districts; of more, the country's provinces are drawn."""
MARKS: Mapping[str, str] = {
    "inside": '<circle r="7" fill="#1C5C97"/>',
    "nearest": '<path d="M-7-7h14v14h-14z" fill="#8A6100"/>',
    "conflict": '<path d="M0-10L9 7H-9z" fill="#A33A00"/>',
    "outside": '<path d="M-7-7L7 7M7-7L-7 7" stroke="#5A2A82" stroke-width="4" fill="none"/>',
}
"""Each way by a shape and a colour of its own: no colour alone says anything."""


def draw_points(session: Session, report: ImportReport) -> str:
    """Draw a report's points; '' where it has none."""
    if not report.points:
        return ""
    provinces = sorted({code[:2] for code, count in report.areas.items() if count and code != UNKNOWN})
    few = 0 < len(provinces) <= FEW
    within: list[tuple[Level, str]] = [("district", code) for code in provinces] if few else [("province", COUNTRY)]
    frames = [list_shapes(session, level, code, detail="province" if few else "country") for level, code in within]
    shapes = [one for frame in frames for one in zip(frame.name_th.map(str), frame.geometry, strict=True)]
    if not shapes:
        return ""
    at = np.array([(one.lon, one.lat) for one in report.points])
    row = text("imports.row").th
    marks = [(one.match if one.match in MARKS else "inside", f"{row} {one.row}") for one in report.points]
    return draw_marked(shapes, at, marks, MARKS, text("imports.map").th)


def legend(matches: Mapping[str, int]) -> list[tuple[Markup, str, int]]:
    """Return the legend's entries: the mark, the way's name and how many rows were placed so."""
    return [(_mark(MARKS[match]), match, matches[match]) for match in MARKS if matches.get(match)]


def _mark(shape: str) -> Markup:
    made = f'<svg class="swatch" width="20" height="20" viewBox="-12 -12 24 24" aria-hidden="true">{shape}</svg>'
    return Markup(made)  # noqa: S704  (our own markup)
