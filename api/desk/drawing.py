"""Maps of the desk: the queue's cases on their areas, and the places that one case is said to be at."""

from collections.abc import Mapping, Sequence
from typing import cast

from markupsafe import Markup
from sqlalchemy.orm import Session

from boundaries.areas import Detail, list_named_shapes
from boundaries.codes import COUNTRY, Level, level_of
from boundaries.messages import text
from layers.desk import QueueLine, QueuePlace
from layers.taxonomy import get_problem, urgencies
from mapping.case_map_svg import Mark, Outline, draw_cases

PARTS: Mapping[str, str] = {"country": "province", "province": "district", "district": "subdistrict"}
"""The areas that a map of an area shows."""


def draw_queue(session: Session, within: str, lines: Sequence[QueueLine], places: Sequence[QueuePlace]) -> Markup:
    """Draw an area with the cases of one page as marks that lead to them, and the others of the list as dots."""
    level = level_of(within)
    parts = cast(Level, PARTS.get(level, level))
    shapes = list_named_shapes(session, parts, None if within == COUNTRY else within, detail=_detail(level))
    listed = {line.id for line in lines}
    marks = [_mark(line) for line in lines if line.lon is not None]
    dots = [(one.lon, one.lat) for one in places if one.id not in listed]
    outlines = [Outline(name, shape) for name, shape in shapes.values()]
    return Markup(draw_cases(outlines, marks, text("desk.map").th, dots))  # noqa: S704  (our own markup, escaped)


def draw_places(
    session: Session,
    point: tuple[float, float] | None,
    area: str | None,
    stated: str | None,
    urgency: str,
    words: str,
) -> Markup:
    """Draw where a case is: its point (lon, lat), the area that it has and the stated one where that is another."""
    found = {code for code in (area, stated) if code and code != "00"}
    if not found:
        return Markup("")
    # The two as one map: their district where it is one, their province else.
    common = _common(sorted(found))
    level: Level = "subdistrict" if len(common) >= 4 else "district"
    shapes = list_named_shapes(session, level, common or None)
    outlines = [Outline(name, shape, _accent(code, area, stated)) for code, (name, shape) in shapes.items()]
    marks = [Mark("case", urgency, words, None, *point)] if point else []
    return Markup(draw_cases(outlines, marks, text("desk.place_map").th))  # noqa: S704  (our own markup, escaped)


def draw_pair(session: Session, one: QueueLine, other: QueueLine) -> Markup:
    """Draw two cases on the areas around them."""
    common = _common(sorted({line.area_code for line in (one, other)} - {"00"}) or ["00"])
    level: Level = "subdistrict" if len(common) >= 4 else "district"
    shapes = list_named_shapes(session, level, common if common not in ("", "00") else None)
    marks = [_mark(line) for line in (one, other) if line.lon is not None]
    outlines = [Outline(name, shape) for name, shape in shapes.values()]
    return Markup(draw_cases(outlines, marks, text("desk.pair_map").th))  # noqa: S704  (our own markup, escaped)


def _accent(code: str, area: str | None, stated: str | None) -> str | None:
    if stated and stated != area and (code.startswith(stated) or stated.startswith(code)):
        return "stated"
    return "point" if area and (code.startswith(area) or area.startswith(code)) else None


def _common(codes: list[str]) -> str:
    """Return the district or province that holds all codes, '' for none."""
    for length in (4, 2):
        if len({code[:length] for code in codes}) == 1 and all(len(code) >= length for code in codes):
            return codes[0][:length]
    return ""


def _mark(line: QueueLine) -> Mark:
    words = f"{urgencies()[line.urgency].th} · {get_problem(line.problem_code).short_th}"
    return Mark(
        str(line.id), line.urgency, words, f"/desk/cases/{line.id}", cast(float, line.lon), cast(float, line.lat)
    )


def _detail(level: str) -> Detail:
    return "country" if level == "country" else "province"
