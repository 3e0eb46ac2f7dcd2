"""The first page of many sheets in one document: which area stands on which page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from boundaries.messages import text
from mapping.sheet.canvas import Canvas
from mapping.sheet.pages import Page
from mapping.sheet.paper import BASELINE, PT, Paper, height_of
from mapping.sheet.tables import Column, Table, broken_cell, make_table
from mapping.sheet.words import printed_line
from mapping.styles import TOKENS

GAP = 6.0
LOGO = (16.0, 14.0)
"""Room that a logo takes on paper, in mm."""
NUMBER, CODE, PAGE, ROOM = 14.0, 20.0, 16.0, 62.0
"""Widths of the columns: number, code, page, and the least for a name."""


@dataclass(frozen=True)
class Entry:
    """One area of the document: its code and full name, how many pages it has."""

    code: str
    name: str
    pages: int


@dataclass(frozen=True)
class Cover:
    """What the first page says above the table: title, subject, audience, office, time of printing."""

    title: str
    subject: str
    stamp: str
    office: str
    printed_at: datetime
    logo: bool = False


def index_pages(paper: Paper, cover: Cover, entries: Sequence[Entry]) -> list[Page]:
    """Return the pages of the index; the pages of the areas follow it. Raises SheetFull, TooNarrow."""
    count, pages = 1, _lay(paper, cover, entries, 1)
    while len(pages) != count:  # how many pages it has itself decides on which the areas stand
        count = len(pages)
        pages = _lay(paper, cover, entries, count)
    return pages


def _lay(paper: Paper, cover: Cover, entries: Sequence[Entry], before: int) -> list[Page]:
    width = paper.width - 2 * paper.margin
    side_by_side = max(1, int((width + GAP) // (NUMBER + CODE + ROOM + PAGE + GAP)))
    each = (width - GAP * (side_by_side - 1)) / side_by_side
    rest: Table | None = _table(paper, entries, each, before + 1)
    pages: list[Page] = []
    while rest is not None:
        page, top = Page(paper), paper.margin
        if not pages:
            top = page.put("head", _head(paper, cover, width), paper.margin, top) + 4
        room = paper.height - paper.margin - top - 0.5
        for place in range(side_by_side):
            part, rest = rest.split(room)
            page.put("index", part, paper.margin + place * (each + GAP), top)
            if rest is None:
                break
        pages.append(page)
    return pages


def _head(paper: Paper, cover: Cover, width: float) -> Canvas:
    sizes, canvas = paper.sizes, Canvas(paper, width, 0)
    left = LOGO[0] + 3 if cover.logo else 0.0
    y = 0.0
    for line in paper.lines(cover.title, width - left, sizes["title"], 700):
        base = y + BASELINE * sizes["title"] * PT
        canvas.text(left, base, line, sizes["title"], 700, anchor="start", what="title", level=0 if y else 1)
        y += height_of(1, sizes["title"])
    y += 0.6
    said = f"{cover.subject} · {cover.stamp}"
    y += canvas.paragraph(left, y, said, width - left, sizes["subtitle"], colour=TOKENS["ink-2"], what="subject")
    made = f"{cover.office} · {printed_line(cover.printed_at)}"
    y += 0.6 + canvas.paragraph(left, y + 0.6, made, width - left, sizes["body"], colour=TOKENS["ink-2"], what="made")
    canvas.height = max(y, LOGO[1] if cover.logo else 0.0) + 1.5
    canvas.rectangle((0, canvas.height - 0.9, width, canvas.height), fill=TOKENS["ink"])
    return canvas


def _table(paper: Paper, entries: Sequence[Entry], width: float, first: int) -> Table:
    columns = (
        Column(NUMBER, text("prints.index.number").th, "right"),
        Column(CODE, text("prints.index.code").th),
        Column(width - NUMBER - CODE - PAGE, text("prints.index.area").th),
        Column(PAGE, text("prints.index.page").th, "right"),
    )
    rows, page = [], first
    for number, entry in enumerate(entries, start=1):
        said = (str(number), entry.code, entry.name, str(page))
        rows.append(tuple(broken_cell(paper, column, words) for column, words in zip(columns, said, strict=True)))
        page += entry.pages
    return make_table(paper, columns, rows)
