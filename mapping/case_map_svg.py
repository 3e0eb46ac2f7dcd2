"""Cases on a small map: outlines, for each case a mark of its urgency that leads to its page, dots for others. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapping.map_svg import MARGIN, WIDTH, outline, projection
from mapping.styles import TOKENS

URGENCY_MARKS: Mapping[str, str] = {
    "U1": '<circle r="10" fill="#FFFFFF" stroke="#4A6276" stroke-width="5"/>',
    "U2": '<circle r="12" fill="#E3B505" stroke="#1B2733" stroke-width="2"/>',
    "U3": '<path d="M0-16L15 11H-15z" fill="#D95F0E" stroke="#1B2733" stroke-width="2"/>',
    "U4": '<path d="M0-18L18 0L0 18L-18 0z" fill="#8B0000" stroke="#FFFFFF" stroke-width="2"/>',
}
"""Each urgency by a shape and a colour of its own: no colour alone says anything. Those that matter most last."""
ACCENTS: Mapping[str, str] = {
    "point": 'fill="#DCE8EF" stroke="#1C5C97" stroke-width="4"',
    "stated": 'fill="#FCF5E8" stroke="#7A4B00" stroke-width="4" stroke-dasharray="14 9"',
}
"""How an area is drawn that a case is said to lie in: by its point, by what was stated."""


@dataclass(frozen=True)
class Outline:
    """An area as it is drawn, in degrees (EPSG:4326); `accent` is one of ACCENTS."""

    name: str
    shape: BaseGeometry
    accent: str | None = None


@dataclass(frozen=True)
class Mark:
    """A case as it is drawn: a key of URGENCY_MARKS, its words, and where its page is. Degrees in EPSG:4326."""

    key: str
    urgency: str
    words: str
    href: str | None
    lon: float
    lat: float


def draw_cases(
    outlines: Sequence[Outline], marks: Sequence[Mark], label: str, dots: Sequence[tuple[float, float]] = ()
) -> str:
    """Draw areas from above, north up, with cases on them; '' without areas.

    `dots` are (lon, lat) of further cases. What lies beyond the outlines is not drawn. Links on the map repeat those of
    a list: the tab key passes them by.
    """
    if not outlines:
        return ""
    place, bottom = projection([one.shape for one in outlines], WIDTH)
    areas = "".join(
        f'<path d="{outline(shapely.transform(one.shape, place))}" {ACCENTS.get(one.accent or "", _PLAIN)}>'
        f"<title>{escape(one.name)}</title></path>"
        for one in sorted(outlines, key=lambda one: one.accent is not None)
    )
    small = "".join(f'<circle cx="{x}" cy="{y}" r="5"/>' for x, y in _at(place, dots, bottom) if x is not None)
    placed = _at(place, [(one.lon, one.lat) for one in marks], bottom)
    order = sorted(range(len(marks)), key=lambda number: marks[number].urgency)
    drawn = "".join(_mark(marks[number], placed[number]) for number in order if placed[number][0] is not None)
    known = "".join(f'<g id="urgency-{code}">{shape}</g>' for code, shape in URGENCY_MARKS.items())
    box = f"{-MARGIN} {-MARGIN} {WIDTH + 2 * MARGIN} {max(bottom, 1) + 2 * MARGIN}"
    return (
        f'<svg class="map" viewBox="{box}" role="group" aria-label="{escape(label)}"><defs>{known}</defs>'
        f'<g stroke-linejoin="round">{areas}</g><g fill="{TOKENS["ink-2"]}" fill-opacity=".55">{small}</g>{drawn}</svg>'
    )


def urgency_mark(code: str) -> str:
    """Write the mark of an urgency as it stands in a text, without words of its own."""
    size = 'width="20" height="20" viewBox="-20 -20 40 40"'
    return f'<svg class="urgency" {size} aria-hidden="true">{URGENCY_MARKS[code]}</svg>'


_PLAIN = f'fill="{TOKENS["paper"]}" stroke="{TOKENS["edge"]}" stroke-width="1.6"'


def _at(place, points: Sequence[tuple[float, float]], bottom: int) -> list[tuple[int | None, int | None]]:  # type: ignore[no-untyped-def]
    """Return where points stand on the drawing, None for those beyond it."""
    if not points:
        return []
    found = place(np.array(points)).tolist()
    return [
        (x, y) if -MARGIN <= x <= WIDTH + MARGIN and -MARGIN <= y <= bottom + MARGIN else (None, None) for x, y in found
    ]


def _mark(mark: Mark, at: tuple[int | None, int | None]) -> str:
    words = escape(mark.words)
    use = f'<use href="#urgency-{mark.urgency}" x="{at[0]}" y="{at[1]}"><title>{words}</title></use>'
    if mark.href is None:
        return f'<g id="mark-{escape(mark.key)}">{use}</g>'
    return f'<a id="mark-{escape(mark.key)}" href="{escape(mark.href)}" tabindex="-1" aria-label="{words}">{use}</a>'
