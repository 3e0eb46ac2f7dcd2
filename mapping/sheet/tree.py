"""The mind map on paper: the very layout of the screen, in mm; drafts dashed, with nothing filled as if decided."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import shapely

from mapping.mindmap_boxes import TREE_TYPE, Box, Link
from mapping.mindmap_layout import tree
from mapping.mindmaps import MindMap
from mapping.sheet.canvas import Canvas
from mapping.sheet.paper import PT, Paper
from mapping.styles import TOKENS

INKS = {"effect": "effect", "cause": "cause", "root": "cause", "problem": "ink"}
GROUNDS = {"effect": "effect-bg", "cause": "cause-bg", "root": "paper", "problem": "ink"}
RADII = {"effect": 14, "problem": 10}
"""Rounding of boxes in units of the layout, as on the screen."""
FIXED = ("state", "type", "welfare_system", "status", "direction", "problem_code", "area_code", "stamp")
CAPTION_SIZE = TREE_TYPE["caption"].size


def printed(mind_map: MindMap, paper: Paper) -> MindMap:
    """Return a mind map with its texts as they are printed."""
    made: MindMap = _each_text(mind_map, paper.words)
    return made


def _each_text(value: Any, change: Callable[[str], str], name: str = "") -> Any:
    if isinstance(value, str):
        return value if name in FIXED else change(value)
    if isinstance(value, tuple):
        return tuple(_each_text(each, change, name) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        own = {f.name: _each_text(getattr(value, f.name), change, f.name) for f in fields(value) if f.name not in FIXED}
        return replace(value, **own)
    return value


def draw_tree(paper: Paper, mind_map: MindMap, width: float) -> Canvas:
    """Draw the problem tree `width` mm wide, as high as its texts need."""
    unit = paper.sizes["tree"] * PT / TREE_TYPE["cause"].size
    layout = tree(printed(mind_map, paper), width / unit)
    canvas = Canvas(paper, width, layout.height * unit)
    draft = mind_map.stamp is not None
    for link in layout.links:
        _link(canvas, link, unit, draft)
    for box in layout.boxes:
        _box(canvas, box, unit, draft)
    for caption in layout.captions:
        colour, size = TOKENS[INKS[caption.kind]], CAPTION_SIZE * unit / PT
        canvas.text(caption.x * unit, caption.y * unit, caption.text, size, 700, colour, anchor="start", what="caption")
    return canvas


def _link(canvas: Canvas, link: Link, unit: float, draft: bool) -> None:
    colour = TOKENS[INKS[link.kind]]
    points = [(x * unit, y * unit) for x, y in link.points]
    canvas.line(points, colour, 0.3, "1.1 .9" if draft else "")
    (x0, y0), (x1, y1) = points[-2:]
    long = max(abs(x1 - x0), abs(y1 - y0)) or 1
    dx, dy = (x1 - x0) / long * 1.5, (y1 - y0) / long * 1.5
    head = shapely.polygons(
        [(x1, y1), (x1 - dx - dy * 0.55, y1 - dy + dx * 0.55), (x1 - dx + dy * 0.55, y1 - dy - dx * 0.55)]
    )
    canvas.path(head, fill=colour)


def _box(canvas: Canvas, box: Box, unit: float, draft: bool) -> None:
    open_ = draft and box.kind == "problem"
    ground = TOKENS["paper"] if open_ else TOKENS[GROUNDS[box.kind]]
    ink = TOKENS["paper"] if box.kind == "problem" and not draft else TOKENS["ink"]
    place = (box.x * unit, box.y * unit, (box.x + box.w) * unit, (box.y + box.h) * unit)
    line = 0.25 if box.kind == "root" else 0.35 if open_ else 0.3
    radius = RADII.get(box.kind, 5) * unit
    canvas.rectangle(
        place, radius, fill=ground, stroke=TOKENS[INKS[box.kind]], line=line, dash="1.2 .8" if draft else ""
    )
    if box.number:
        _number(canvas, box, unit)
    for line_ in box.lines():
        size = line_.type.size * unit / PT
        anchor = "middle" if line_.align == "middle" else "start"
        what = f"{box.kind} {'.'.join(map(str, box.index))}"
        canvas.text(line_.x * unit, line_.y * unit, line_.text, size, line_.type.weight, ink, anchor, what)  # type: ignore[arg-type]


def _number(canvas: Canvas, box: Box, unit: float) -> None:
    """Draw the disc with a cause's number."""
    size = TREE_TYPE["cause"].size
    x, y = (box.x + 15.5) * unit, (box.y + box.paras[0].y + size * 0.72) * unit
    canvas.circle(x, y, 8.2 * unit, fill=TOKENS["cause"])
    base = y + size * 0.33 * unit
    canvas.text(x, base, str(box.number), (size - 1) * unit / PT, 700, TOKENS["paper"], what="number")
