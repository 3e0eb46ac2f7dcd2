"""Badges of plan states on paper, as the screen draws them: a shape each, and the letter that says the same."""

from collections.abc import Mapping

import shapely

from boundaries.messages import text
from mapping.area_map import AreaMap
from mapping.sheet.canvas import Canvas
from mapping.sheet.paper import PT, Paper
from mapping.styles import BADGES, TOKENS

GAP = 0.7
"""Room between a badge and the name beside it, in mm."""
SHOWN = {"template": "draft"}
"""A template's draft wears the badge of a draft."""


def badges(area_map: AreaMap) -> Mapping[str, str]:
    """Return the badge of every area; none at all where the reader is shown no plan of any area."""
    if not area_map.mind_maps:
        return {}
    states = {code: area_map.plan_state(code) for code in area_map.names}
    return {code: SHOWN.get(state, state) for code, state in states.items()}


def badge_entries(area_map: AreaMap) -> list[tuple[str, str, int]]:
    """Return (state, its words, how many areas wear it) of the badges that are worn, in the legend's order."""
    worn = list(badges(area_map).values())
    return [
        (state, text(f"plan.{state}").th, worn.count(state)) for state, _ in area_map.legend.badges if state in worn
    ]


def radius_of(paper: Paper) -> float:
    """Return the radius in mm of a badge beside a name."""
    return paper.sizes["label"] * PT * 0.4


def draw_badge(canvas: Canvas, x: float, y: float, state: str, radius: float, what: str) -> None:
    """Draw a badge with its middle at (x, y)."""
    solid, ink = state in ("approved", "overdue"), TOKENS["ink"]
    if state == "draft":
        side = radius * 0.92
        box = (x - side, y - side, x + side, y + side)
        canvas.rectangle(
            box, side * 0.2, fill=TOKENS["paper"], stroke=ink, line=0.22, dash=f"{side * 0.5:.2f} {side * 0.3:.2f}"
        )
    elif state == "overdue":
        out = radius * 1.22
        corners = shapely.polygons([(x, y - out), (x + out, y), (x, y + out), (x - out, y)])
        canvas.path(corners, fill=TOKENS["late"], stroke=TOKENS["paper"], line=0.2)
    elif state == "approved":
        canvas.circle(x, y, radius, fill=TOKENS["solution"], stroke=TOKENS["paper"], line=0.2)
    else:
        dash = f"{radius * 0.45:.2f} {radius * 0.34:.2f}"
        canvas.circle(x, y, radius * 0.95, fill=TOKENS["paper"], stroke=ink, line=0.22, dash=dash)
    size = radius / PT * 1.22
    colour = TOKENS["paper"] if solid else ink
    canvas.text(x, y + size * PT * 0.32, BADGES[state], size, 700, colour, what=what, aside=True)
