"""The Word document: map, figures, mind map as a list, action plan, sources; landscape A4, to be written on."""

import io
from datetime import UTC
from typing import Any

from docx import Document
from docx.shared import Mm

from boundaries.messages import text
from mapping.area_map import AreaMap
from mapping.documents.styles import HEIGHT, MARGIN, WIDTH, add_field, add_run, add_table, dress
from mapping.documents.words import PlanRow, explanations, figure_grid, plain, plan_rows, written
from mapping.map_drawings import to_picture
from mapping.mindmaps import MindMap
from mapping.packing import packed
from mapping.sheet import words as said
from mapping.sheet.canvas import Canvas
from mapping.sheet.layouts import map_words
from mapping.sheet.parts import Imprint

ROOM = WIDTH - 2 * MARGIN
MAP_ROOM = HEIGHT - 20.0 - MARGIN - 72.0
"""Height that a map has under the title."""
SHARES = (23, 27, 14, 24, 12, 10, 7)
"""Columns of the plan in parts of its width."""


def write_document(area_map: AreaMap, picture: Canvas, imprint: Imprint, logo: bytes | None) -> bytes:
    """Return the document as DOCX; the same content and time give the same bytes."""
    document = Document()
    dress(document)
    mind_map = area_map.mind_maps.get(area_map.area.code)
    _edges(document, area_map, mind_map)
    _opening(document, area_map, imprint, logo)
    _map(document, area_map, picture)
    _figures(document, area_map)
    if mind_map is not None:
        _tree(document, mind_map)
        _plan(document, mind_map)
    _sources(document, area_map, imprint)
    _describe(document.core_properties, area_map, imprint)
    made = io.BytesIO()
    document.save(made)
    return packed(made.getvalue(), imprint.printed_at)


def stamps(area_map: AreaMap, mind_map: MindMap | None) -> str:
    """Return the stamps as one line."""
    found = [text("page.invented").th] if area_map.figures.invented else []
    found.append(said.audience_stamp(area_map))
    if mind_map is not None and mind_map.stamp is not None:
        found.append(mind_map.stamp.th)
    return " · ".join(found)


def _edges(document: Any, area_map: AreaMap, mind_map: MindMap | None) -> None:
    """Put stamps above and the page's number below every page."""
    section = document.sections[0]
    head = section.header.paragraphs[0]
    add_run(head, stamps(area_map, mind_map), bold=True, colour="late")
    foot = section.footer.paragraphs[0]
    add_run(foot, f"{plain(said.title(area_map))} · {text('document.page').th} ")
    add_field(foot, "PAGE")
    add_run(foot, " / ")
    add_field(foot, "NUMPAGES")


def _opening(document: Any, area_map: AreaMap, imprint: Imprint, logo: bytes | None) -> None:
    plan = area_map.area.code in area_map.mind_maps
    key = "document.title" if plan else "document.title.figures"
    title = document.add_paragraph(style="Title")
    if logo:
        shape = title.add_run().add_picture(io.BytesIO(logo), height=Mm(12))
        shape._inline.docPr.set("descr", text("slides.alt.logo").th)
        add_run(title, "  ")
    add_run(title, plain(text(key, area=area_map.area.full_name_th).th))
    add_run(document.add_paragraph(style="Subtitle"), plain(said.subject(area_map)))
    line = document.add_paragraph()
    add_run(line, plain(imprint.office), bold=True)
    add_run(line, f" · {said.printed_line(imprint.printed_at)}")
    add_run(document.add_paragraph(), plain(said.headline(area_map)), bold=True, size=12, colour="effect")


def _map(document: Any, area_map: AreaMap, picture: Canvas) -> None:
    factor = min(ROOM / picture.width, MAP_ROOM / picture.height, 1.0)
    paragraph = document.add_paragraph()
    shape = paragraph.add_run().add_picture(io.BytesIO(to_picture(picture)), width=Mm(picture.width * factor))
    shape._inline.docPr.set("descr", plain(map_words(area_map)))
    add_run(document.add_paragraph(style="Caption"), plain(area_map.title))


def _figures(document: Any, area_map: AreaMap) -> None:
    grid = figure_grid(area_map)
    add_run(_heading(document, 1, apart=True), plain(grid.title))
    whole = sum(head.share for head in grid.heads)
    widths = [ROOM * head.share / whole for head in grid.heads]
    heads = [head.words for head in grid.heads]
    title = plain(grid.title)
    alt = text("slides.alt.table", title=title, rows=len(grid.rows)).th
    table = add_table(document, heads, widths, len(grid.rows), title, alt)
    for number, row in enumerate((None, *grid.rows)):
        strong = grid.total and number == len(grid.rows)
        for place, (cell, head) in enumerate(zip(table.rows[number].cells, grid.heads, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.alignment = 2 if head.kind in ("count", "value") else 0
            if row is not None:
                add_run(paragraph, written(row[place], head.kind), bold=strong)


def _heading(document: Any, level: int, *, apart: bool = False) -> Any:
    """Add an empty heading, on a new page where it is to stand `apart`."""
    paragraph = document.add_paragraph(style=f"Heading {level}")
    paragraph.paragraph_format.page_break_before = apart or None
    return paragraph


def _tree(document: Any, mind_map: MindMap) -> None:
    """Write the mind map as a list that is read from the effects down to the goal."""
    add_run(_heading(document, 1, apart=True), plain(text("sheet.tree", area=mind_map.area_name).th))
    problem = document.add_paragraph()
    add_run(problem, f"{text('mapping.mindmap.caption.problem').th}: ", bold=True)
    add_run(problem, plain(f"{mind_map.title} {mind_map.size}"))
    if mind_map.stamp is not None:
        add_run(
            document.add_paragraph(), f"{mind_map.stamp.th} · {text('mapping.mindmap.questions').th}", colour="late"
        )
    _listed(document, "effect", [(words, ()) for words in mind_map.effects])
    _listed(document, "cause", [(f"{n}. {one.text}", one.roots) for n, one in enumerate(mind_map.causes, start=1)])
    if mind_map.assets:
        add_run(_heading(document, 2), text("mapping.mindmap.caption.asset").th)
        add_run(document.add_paragraph(), plain(" · ".join(mind_map.assets)))


def _listed(document: Any, kind: str, nodes: list[tuple[str, tuple[str, ...]]]) -> None:
    add_run(_heading(document, 2), text(f"mapping.mindmap.caption.{kind}").th)
    for words, below in nodes:
        line = document.add_paragraph(style="List Bullet")
        line.paragraph_format.space_after = Mm(0.6)
        add_run(line, plain(words))
        for root in below:
            line = document.add_paragraph(style="List Bullet 2")
            line.paragraph_format.space_after = Mm(0.6)
            add_run(line, f"{text('mapping.mindmap.caption.root').th}: ", colour="ink-2")
            add_run(line, plain(root))


def _plan(document: Any, mind_map: MindMap) -> None:
    title = plain(text("slides.plan", area=mind_map.area_name).th)
    add_run(_heading(document, 1, apart=True), title)
    goal = document.add_paragraph()
    add_run(goal, f"{text('mapping.mindmap.caption.goal').th}: ", bold=True, colour="solution")
    add_run(goal, plain(mind_map.goal))
    rows = plan_rows(mind_map)
    names = ("activity", "lead", "indicator", "budget", "period", "status")
    heads = [text("document.solution").th, *(text(f"mapping.mindmap.column.{name}").th for name in names)]
    widths = [ROOM * share / sum(SHARES) for share in SHARES]
    alt = text("slides.alt.table", title=title, rows=len(rows)).th
    table = add_table(document, heads, widths, len(rows), title, alt)
    for target, row in zip(table.rows[1:], rows, strict=True):
        _plan_row(target, row)


def _plan_row(target: Any, row: PlanRow) -> None:
    """Write one activity; where the team has to state something, it says so."""
    first, *others = target.cells
    if row.solution:
        add_run(first.paragraphs[0], f"{row.letter} ", bold=True, colour="solution")
        add_run(first.paragraphs[0], row.solution, bold=True)
        add_run(first.add_paragraph(), row.under, size=9, colour="solution")
    for cell, words in zip(others, row.cells, strict=True):
        lines = words.split("\n") if words else []
        for place, line in enumerate(lines):
            add_run(cell.paragraphs[0] if place == 0 else cell.add_paragraph(), line)
        if not lines:
            add_run(cell.paragraphs[0], text("mapping.mindmap.open_field").th, colour="ink-2")
    for cell in target.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.space_after = Mm(0.4)


def _sources(document: Any, area_map: AreaMap, imprint: Imprint) -> None:
    add_run(_heading(document, 1), text("document.sources").th)
    for name, words in explanations(area_map, imprint):
        line = document.add_paragraph()
        line.paragraph_format.space_after = Mm(0.6)
        add_run(line, f"{name}: ", bold=True)
        add_run(line, words)


def _describe(core: Any, area_map: AreaMap, imprint: Imprint) -> None:
    core.title, core.subject = plain(said.title(area_map))[:255], plain(said.subject(area_map))[:255]
    core.author = core.last_modified_by = plain(imprint.office)[:255]
    core.keywords, core.comments = text("slides.keywords").th, ""
    core.category, core.language = said.audience_stamp(area_map), "th-TH"
    core.created = core.modified = imprint.printed_at.astimezone(UTC).replace(tzinfo=None)
    core.revision = 1
