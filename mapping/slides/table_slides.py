"""Tables on slides: as many slides as their rows need, the head on each, every row as high as its cells need."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from lxml import etree
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Mm, Pt

from boundaries.messages import text
from mapping.area_map import AreaMap, level_word
from mapping.map_drawings import without_plans
from mapping.mindmaps import MindMap
from mapping.screen import Screen
from mapping.sheet.figure_tables import figure_words
from mapping.sheet.paper import PT, TooNarrow
from mapping.sheet.plan import plan_table
from mapping.sheet.tables import INSET, Table
from mapping.slides.frame import Opened, Show, Stamp, content_room, open_slide, stamps_of
from mapping.slides.writing import LINE, Words, tell, write
from mapping.styles import TOKENS

NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""Office's table style without lines and fills."""
PAD = 0.6
"""Room above and below the lines of a cell, in mm."""
CHIP = 5.6
SMALLER = 2.1
"""How much smaller the lines under a solution are, as the plan breaks them."""
SHARES = (22, 24, 13, 21, 13, 11, 9)
"""Columns of the plan in parts of its width: type is larger than on paper, short words need more."""
LARGER = (15.0, 14.5, 14.0, 13.5, 13.0, 12.5, 12.0)
"""Types that a table is tried in, so that a small one can be read from afar."""
GAP = 6.0
MANY = 17
"""Beyond so many areas their figures stand in two tables side by side."""


def figure_slides(show: Show, area_map: AreaMap) -> None:
    """Add the slides of a map's figures."""
    columns = 2 if len(area_map.names) >= MANY else 1
    made = _largest(show, lambda paper: _figures(paper, area_map, columns), columns)
    title = text("slides.figures", level=level_word(area_map.area, area_map.level), area=area_map.area.full_name_th).th
    table_slides(show, area_map, made, title, stamps_of(area_map), columns)


def _figures(paper: Screen, area_map: AreaMap, columns: int) -> Table:
    """Return the figures as one table as wide as one of so many columns. Raises TooNarrow."""
    country = area_map.area.level == "country"
    parts = figure_words(paper, without_plans(area_map), codes=country).tables(
        paper.width - 2 * paper.margin, columns, GAP
    )
    rows = tuple(row for part in parts for row in part.rows)
    heights = (parts[0].heights[0], *(high for part in parts for high in part.heights[1:]))
    return _plain(replace(parts[0], rows=rows, heights=heights, strong_last=True))


def plan_slides(show: Show, area_map: AreaMap, mind_map: MindMap) -> None:
    """Add the slides of a mind map's plan."""
    width = show.paper.width - 2 * show.paper.margin
    made = _largest(show, lambda paper: plan_table(paper, mind_map, width, SHARES))
    title = text("slides.plan", area=mind_map.area_name).th
    table_slides(show, area_map, made, title, stamps_of(area_map, mind_map))


def _largest(show: Show, make: Callable[[Screen], Table], columns: int = 1) -> Table:
    """Return a table in the largest type in which one slide holds it, else in the usual one."""
    for size in LARGER:
        try:
            made = _measured(make(replace(show.paper, table=size, strict=True)))
        except TooNarrow:
            continue
        if made.height + (columns - 1) * made.heights[0] <= columns * _room(show):
            return made
    return make(show.paper)


def table_slides(
    show: Show, area_map: AreaMap, table: Table, title: str, stamps: Sequence[Stamp], columns: int = 1
) -> None:
    """Add the slides of a table, its parts side by side in so many columns."""
    pages = _paged(_measured(_continued(_measured(table), _room(show))), _room(show), columns)
    for number, parts in enumerate(pages, start=1):
        named = text("slides.paged", title=title, page=number, pages=len(pages)).th if len(pages) > 1 else title
        opened = open_slide(show, area_map, named, stamps)
        x = show.paper.margin
        for part in parts:
            put_table(opened, part, x, named)
            x += part.width + GAP


def _paged(table: Table, room: float, columns: int) -> list[list[Table]]:
    """Part a table into the fewest slides, all about as full: none ends with a row or two."""
    pages = _split(table, room, columns)
    while True:
        room -= 2.0
        tried = _split(table, room, columns) if room > table.heights[0] + 2.0 else []
        if len(tried) != len(pages) or any(part.height > room + 2.0 for page in tried for part in page):
            return pages
        pages = tried


def _split(table: Table, room: float, columns: int) -> list[list[Table]]:
    rest: Table | None = table
    pages: list[list[Table]] = []
    while rest is not None:
        pages.append([])
        while rest is not None and len(pages[-1]) < columns:
            part, rest = rest.split(room)
            pages[-1].append(replace(part, strong_last=table.strong_last and rest is None))
    return pages


def _room(show: Show) -> float:
    """Return the height that a table may have; a little is left for programs that set lines higher."""
    return content_room(show.paper) - 1.5


def _plain(table: Table) -> Table:
    """Leave out the column of drawn intervals and give its width to the others."""
    kept = [place for place, one in enumerate(table.rows[0]) if "plot" not in one]
    if len(kept) == len(table.widths):
        return table
    more = (table.width - sum(table.widths[place] for place in kept)) / len(kept)
    return replace(
        table,
        widths=tuple(table.widths[place] + more for place in kept),
        aligns=tuple(table.aligns[place] for place in kept),
        head=tuple(table.head[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in table.rows),
    )


def _measured(table: Table) -> Table:
    """Return a table whose rows are as high as presentation programs need."""
    heights = [max(_cell_height(one, table.size) for one in row) for row in (table.head, *table.rows)]
    return replace(table, heights=tuple(heights))


def _continued(table: Table, room: float) -> Table:
    """Part rows that no slide holds: their further lines stand in rows of their own."""
    rows: list[tuple[dict[str, Any], ...]] = []
    most = int((room - table.heights[0] - 2 * PAD) / (table.size * LINE * PT))
    for row, high in zip(table.rows, table.heights[1:], strict=True):
        if high <= room - table.heights[0]:
            rows.append(row)
            continue
        parts = [_sized(cell) for cell in row]
        for start in range(0, max(map(len, parts)), most):
            first, end = start == 0, start + most
            cells = zip(row, parts, strict=True)
            rows.append(tuple(_part_of(cell, lines[start:end], first=first) for cell, lines in cells))
    return replace(table, rows=tuple(rows))


def _sized(cell: dict[str, Any]) -> list[tuple[str, bool]]:
    """Return the lines of a cell, each with whether it is one of the smaller ones."""
    return [(line, False) for line in cell["lines"]] + [(line, True) for line in cell.get("small", ())]


def _part_of(cell: dict[str, Any], lines: list[tuple[str, bool]], *, first: bool) -> dict[str, Any]:
    """Return a cell with some of its lines; only the first part has the letter."""
    kept = {name: value for name, value in cell.items() if name not in ("lines", "small", "small_lines")}
    if not first:
        kept = {name: value for name, value in kept.items() if name not in ("chip", "blank")}
    small = [line for line, smaller in lines if smaller]
    return kept | {"lines": [line for line, smaller in lines if not smaller], "small": small, "small_lines": len(small)}


def _cell_height(cell: dict[str, Any], size: float) -> float:
    lines = max(len(cell["lines"]), 1) * size + cell.get("small_lines", 0) * (size - SMALLER)
    return lines * LINE * PT + 2 * PAD


def put_table(opened: Opened, table: Table, x: float, title: str) -> None:
    """Put a table on a slide as one that can be edited, its first row marked as the head."""
    rows = (table.head, *table.rows)
    frame = opened.slide.shapes.add_table(
        len(rows), len(table.widths), Mm(x), Mm(opened.top), Mm(table.width), Mm(table.height)
    )
    frame.name = "table"
    alt = text("slides.alt.table", title=title, rows=len(table.rows)).th
    tell(frame._element.nvGraphicFramePr.cNvPr, alt)
    made = frame.table
    made.horz_banding = False
    made._tbl.tblPr.find(qn("a:tableStyleId")).text = NO_STYLE
    for place, width in enumerate(table.widths):
        made.columns[place].width = Mm(width)
    for number, (row, high) in enumerate(zip(rows, table.heights, strict=True)):
        made.rows[number].height = Mm(high)
        strong = number == 0 or number == len(rows) - 1 or (table.strong_last and number == len(rows) - 2)
        for place, cell in enumerate(row):
            _fill(made.cell(number, place), cell, table, place)
            _line(made.cell(number, place), TOKENS["ink"] if strong else TOKENS["line"], 1.0 if strong else 0.5)


def _fill(target: Any, cell: dict[str, Any], table: Table, place: int) -> None:
    """Write a cell: its lines, a letter before them, smaller lines under them, or that the team is to state it."""
    apart = 1.2 if place and table.aligns[place - 1 : place + 1] == ("right", "left") else 0.0
    target.margin_left, target.margin_right = Mm(INSET + apart), Mm(INSET - apart / 2)
    target.margin_top = target.margin_bottom = Mm(PAD / 2)
    target.vertical_anchor = MSO_ANCHOR.MIDDLE
    bold, colour = cell.get("weight", 400) >= 600, TOKENS[cell.get("colour", "ink")]
    indent = CHIP if "chip" in cell else 0.0
    lines = cell["lines"]
    if cell.get("blank"):
        lines, colour = [text("mapping.mindmap.open_field").th], TOKENS["ink-2"]
    words = [Words(lines, table.size, bold, colour, cell.get("chip", ""), indent)]
    if cell.get("small"):
        words.append(Words(cell["small"], table.size - SMALLER, False, TOKENS["solution"], "", indent))
    frame = target.text_frame
    frame.word_wrap = True
    for number, each in enumerate(words):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        write(paragraph, each, "right" if table.aligns[place] == "right" else "left")


def _line(target: Any, colour: str, points: float) -> None:
    """Draw the line under a cell."""
    properties = target._tc.get_or_add_tcPr()
    line = etree.Element(qn("a:lnB"), w=str(Pt(points)))
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=colour.lstrip("#"))
    properties.insert(0, line)
