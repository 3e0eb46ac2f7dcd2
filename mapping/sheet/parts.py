"""The parts of a page beside maps, trees and tables: head, headings of sections, facts, the goal, the small print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from boundaries.messages import text
from mapping.area_map import AreaMap
from mapping.mindmaps import MindMap
from mapping.sheet import words
from mapping.sheet.canvas import Canvas
from mapping.sheet.paper import BASELINE, LINE, PT, Paper, height_of
from mapping.styles import TOKENS

RULE = 0.9
MOST_RIGHT = 0.4
"""Share of the head's width that stamps and office take at most."""


@dataclass(frozen=True)
class Imprint:
    """What a sheet says of itself: who made it, when it was printed, the size in mm of a logo where there is one."""

    office: str
    printed_at: datetime
    logo: tuple[float, float] | None = None


def head(
    paper: Paper, area_map: AreaMap, imprint: Imprint, width: float, *, first: bool = True, title: str = ""
) -> Canvas:
    """Draw title and subject at the left, stamps, office and day of printing at the right, a rule beneath."""
    sizes, canvas = paper.sizes, Canvas(paper, width, 0)
    right = _right(paper, area_map, imprint, width * MOST_RIGHT)
    left = imprint.logo[0] + 3 if imprint.logo else 0.0
    room = width - right.width - 6 - left
    title, size = title or words.title(area_map), sizes["title"]
    size = min(size, max(size * 0.72, size * (room - 1) / paper.width_of(title, size, 700)))
    y = 0.0
    for line in paper.lines(title, room, size, 700):
        base = y + BASELINE * size * PT
        canvas.text(left, base, line, size, 700, anchor="start", what="title", level=1 if first and not y else 0)
        y += height_of(1, size)
    subject = words.subject(area_map)
    y += canvas.paragraph(left, y + 0.4, subject, room, sizes["subtitle"], colour=TOKENS["ink-2"], what="subject") + 0.4
    canvas.paste(right, width - right.width, 0)
    bottom = max(y, right.height, imprint.logo[1] if imprint.logo else 0) + 1.2
    canvas.rectangle((0, bottom, width, bottom + RULE), fill=TOKENS["ink"])
    canvas.height = bottom + RULE
    return canvas


def _right(paper: Paper, area_map: AreaMap, imprint: Imprint, most: float) -> Canvas:
    """Draw stamps, office and day of printing, set from the right, at most so wide."""
    sizes = paper.sizes
    stamps = [(words.audience_stamp(area_map), TOKENS["ink"], area_map.figures.audience == "internal")]
    if area_map.figures.invented:
        stamps.insert(0, (text("page.invented").th, TOKENS["late"], True))
    widths = [paper.width_of(said, sizes["body"], 700) + 4.8 for said, _, _ in stamps]
    room = max(most, sum(widths) + 1.5 * (len(widths) - 1) + 0.4)
    lines = [(line, sizes["table"], 600, "ink") for line in paper.lines(imprint.office, room, sizes["table"], 600)]
    lines.append((words.printed_line(imprint.printed_at), sizes["note"], 400, "ink-2"))
    needs = [paper.width_of(line, size, weight) for line, size, weight, _ in lines]
    width = max(sum(widths) + 1.5 * (len(widths) - 1), *needs) + 0.4
    canvas, x, y = Canvas(paper, width, 0), width - 0.2, height_of(1, sizes["body"]) + 2.8
    for (said, colour, filled), wide in zip(reversed(stamps), reversed(widths), strict=True):
        stamp(canvas, x - wide, 0.2, said, colour, filled=filled)
        x -= wide + 1.5
    for line, size, weight, ink in lines:
        canvas.text(width, y + BASELINE * size * PT, line, size, weight, TOKENS[ink], anchor="end", what="imprint")
        y += height_of(1, size) + 0.2
    canvas.height = y
    return canvas


def stamp(canvas: Canvas, x: float, y: float, said: str, colour: str, *, filled: bool = False, dash: str = "") -> None:
    """Draw a framed word; a filled one is white on its colour."""
    size = canvas.paper.sizes["body"]
    width, height = canvas.paper.width_of(said, size, 700) + 4.8, height_of(1, size) + 1.2
    ground = colour if filled else TOKENS["paper"]
    canvas.rectangle((x, y, x + width, y + height), 0.8, fill=ground, stroke=colour, line=0.35, dash=dash)
    ink = TOKENS["paper"] if filled else colour
    canvas.text(x + 2.4, y + 0.6 + BASELINE * size * PT, said, size, 700, ink, anchor="start", what="stamp")


def section(paper: Paper, width: float, name: str, note: str = "", stamped: str = "") -> Canvas:
    """Draw the heading of a section over its rule, a note or a dashed stamp at the right."""
    size = paper.sizes["heading"]
    canvas = Canvas(paper, width, height_of(1, size) + 1.4)
    base = BASELINE * size * PT
    canvas.text(0, base, name, size, 700, anchor="start", what="section", level=2)
    right = width
    if stamped:
        wide = paper.width_of(stamped, paper.sizes["body"], 700) + 4.8
        stamp(canvas, width - wide - 0.2, 0, stamped, TOKENS["late"], dash="1.2 .8")
        right -= wide + 3
    if note and paper.width_of(note, paper.sizes["note"]) < right - paper.width_of(name, size, 700) - 4:
        canvas.text(right, base, note, paper.sizes["note"], colour=TOKENS["ink-2"], anchor="end", what="section")
    canvas.rectangle((0, canvas.height - 0.6, width, canvas.height - 0.25), fill=TOKENS["ink"])
    return canvas


def message(paper: Paper, area_map: AreaMap, width: float) -> Canvas:
    """Draw what the figures say in one sentence."""
    canvas = Canvas(paper, width, 0)
    size = paper.sizes["heading"] + 0.5
    canvas.height = canvas.paragraph(0, 0, words.headline(area_map), width, size, 700, TOKENS["effect"], "headline")
    return canvas


def facts(paper: Paper, found: Sequence[words.Fact], width: float) -> Canvas:
    """Draw facts side by side."""
    canvas = Canvas(paper, width, 0)
    if not found:
        return canvas
    sizes, gap = paper.sizes, 4.0
    each = (width - gap * (len(found) - 1)) / len(found)
    for place, fact in enumerate(found):
        x = place * (each + gap)
        base = BASELINE * sizes["fact"] * PT
        canvas.text(x + 3, base, fact.big, sizes["fact"], 700, anchor="start", what=f"fact {place}")
        unit_x = x + 4.2 + paper.width_of(fact.big, sizes["fact"], 700)
        canvas.text(unit_x, base, fact.unit, sizes["body"], 600, anchor="start", what=f"fact {place}")
        top = sizes["fact"] * PT * LINE
        high = canvas.paragraph(x + 3, top, fact.words, each - 3, sizes["table"], 400, TOKENS["ink-2"], f"fact {place}")
        canvas.height = max(canvas.height, top + high)
    for place, fact in enumerate(found):
        x = place * (each + gap)
        canvas.rectangle((x, 1, x + 1.1, canvas.height), fill=TOKENS[fact.colour])
    return canvas


def plan_head(paper: Paper, mind_map: MindMap, width: float) -> Canvas:
    """Draw the plan's heading and beside it the goal as a bar, dashed and open while the mind map is a draft."""
    draft, sizes = mind_map.stamp is not None, paper.sizes
    name, size = text("sheet.plan").th, sizes["heading"]
    left = paper.width_of(name, size, 700) + 5
    label = text("mapping.mindmap.caption.goal").th
    indent = left + paper.width_of(label, sizes["body"], 700) + 5.5
    ink = TOKENS["solution"] if draft else TOKENS["paper"]
    words_ = Canvas(paper, width, 0)
    high = words_.paragraph(indent, 1.0, mind_map.goal, width - indent - 2, sizes["body"], 600, ink, "goal") + 1.6
    canvas = Canvas(paper, width, high + 0.6)
    fill = TOKENS["paper"] if draft else TOKENS["solution"]
    dash = "1.2 .8" if draft else ""
    canvas.rectangle(
        (left, 0.2, width - 0.2, high - 0.2), 1, fill=fill, stroke=TOKENS["solution"], line=0.35, dash=dash
    )
    base = 1.0 + BASELINE * sizes["body"] * PT
    canvas.text(0, base, name, size, 700, anchor="start", what="section", level=2)
    canvas.text(left + 2.4, base, label, sizes["body"], 700, ink, anchor="start", what="goal")
    canvas.paste(words_, 0, 0)
    return canvas


def capital(paper: Paper, mind_map: MindMap, width: float) -> Canvas:
    """Write the social capital of the area in one paragraph."""
    canvas = Canvas(paper, width, 0)
    if not mind_map.assets:
        return canvas
    size = paper.sizes["table"]
    name = text("mapping.mindmap.caption.asset").th
    indent = paper.width_of(name, size, 700) + 3
    canvas.text(0, 0.8 + BASELINE * size * PT, name, size, 700, anchor="start", what="assets")
    said = " · ".join(mind_map.assets)
    canvas.height = 0.8 + canvas.paragraph(indent, 0.8, said, width - indent, size, what="assets")
    return canvas


def foot(paper: Paper, area_map: AreaMap, width: float) -> Canvas:
    """Draw the small print under a thin rule."""
    canvas = Canvas(paper, width, 0)
    canvas.rectangle((0, 0, width, 0.2), fill=TOKENS["ink"])
    size = paper.sizes["note"]
    canvas.height = 1 + canvas.paragraph(0, 1, words.small_print(area_map), width, size, 400, TOKENS["ink-2"], "foot")
    return canvas
