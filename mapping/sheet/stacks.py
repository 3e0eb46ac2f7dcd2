"""What stands under each other on a sheet: legend, figures, mind map and plan, each under its heading."""

from collections.abc import Sequence

from boundaries.messages import text
from mapping.area_map import AreaMap, level_word
from mapping.mindmaps import MindMap
from mapping.sheet import parts, words
from mapping.sheet.canvas import Canvas
from mapping.sheet.content import Content, Parts
from mapping.sheet.drawing import DrawnMap
from mapping.sheet.figure_tables import FigureWords
from mapping.sheet.legend import draw_legend
from mapping.sheet.pages import height_of_part
from mapping.sheet.plan import plan_table
from mapping.sheet.tables import Table
from mapping.sheet.tree import draw_tree


def legend_parts(content: Content, width: float, unit: float) -> Parts:
    """Return the legend under its heading; `unit` is the radius in mm of one case's circle."""
    legend = draw_legend(content.paper, content.area_map, circles=unit, boxed=False, room=width)
    heading = parts.section(content.paper, width, text("page.legend").th)
    return [("section", heading, ""), ("legend", legend, "")]


def column_parts(
    content: Content, figures: FigureWords | None, tree: Parts, width: float, columns: int, *, with_facts: bool = True
) -> Parts:
    """Return what stands beside or beneath a map: message, facts, mind map, figures. Raises TooNarrow."""
    paper, area_map = content.paper, content.area_map
    found: Parts = [("message", parts.message(paper, area_map, width), "")]
    if with_facts:
        found.append(("facts", parts.facts(paper, words.facts(area_map)[: 3 if paper.large else 2], width), ""))
    return [*found, *tree, *(figure_parts(content, figures, width, columns) if figures else [])]


def figure_parts(content: Content, figures: FigureWords, width: float, columns: int) -> Parts:
    """Return the figures under their heading, in so many tables side by side. Raises TooNarrow."""
    tables = figures.tables(width, columns)
    return [("section", _figure_heading(content, tables, width, keyed=True), ""), ("figures", tables, "")]


def told_of_key(stack: Parts, content: Content, drawn: DrawnMap) -> Parts:
    """Return parts whose heading speaks of framed numbers only where the map shows any."""
    if any(spot.keyed for spot in drawn.spots):
        return stack
    made = list(stack)
    for place, (what, tables, _) in enumerate(stack):
        if what == "figures" and not isinstance(tables, Canvas | Table):
            width = stack[place - 1][1].width  # type: ignore[union-attr]
            made[place - 1] = ("section", _figure_heading(content, tables, width, keyed=False), "")
    return made


def _figure_heading(content: Content, tables: Sequence[Table], width: float, *, keyed: bool) -> Canvas:
    word = level_word(content.area_map.area, content.area_map.level)
    note = figures_note(content.area_map, tables, keyed=keyed)
    return parts.section(content.paper, width, text("sheet.figures", level=word).th, note)


def figures_note(area_map: AreaMap, tables: Sequence[Table], *, keyed: bool) -> str:
    """Explain the signs of tables of figures: those that are there, framed numbers where the map is `keyed`."""
    notes = [text("sheet.note.framed").th] if keyed else []
    if any(figure.state == "unstable" for figure in area_map.figures.rows()):
        notes.append(text("sheet.note.unstable").th)
    if any(plotted(table) for table in tables):
        notes.append(text("sheet.dashed").th)
    return " · ".join(notes)


def plotted(table: Table) -> bool:
    """Say whether a table draws its values beside that of the whole."""
    return any("plot" in cell for row in table.rows for cell in row)


def tree_parts(content: Content, mind_map: MindMap, width: float) -> Parts:
    """Return the problem tree under its heading and the social capital."""
    paper = content.paper
    name = text("sheet.tree", area=mind_map.area_name).th
    stamped = mind_map.stamp.th if mind_map.stamp else ""
    asked = f"{text('mapping.mindmap.questions').th} · {text('sheet.plan_note').th}"
    note = asked if mind_map.state == "template" else ""
    found: Parts = [("section", parts.section(paper, width, name, note, stamped), "")]
    found.append(("tree", draw_tree(paper, mind_map, width), tree_words(mind_map)))
    capital = parts.capital(paper, mind_map, width)
    return [*found, ("assets", capital, "")] if capital.height else found


def tree_words(mind_map: MindMap) -> str:
    """Tell the tree to those who cannot see it."""
    return text("sheet.alt.tree", title=mind_map.title, effects=len(mind_map.effects), causes=len(mind_map.causes)).th


def plan_parts(content: Content, mind_map: MindMap, width: float) -> Parts:
    """Return the plan as a table under its heading and goal."""
    paper = content.paper
    made = plan_table(paper, mind_map, width)
    return [("section", parts.plan_head(paper, mind_map, width), ""), ("plan", made, "")]


def gaps_of(found: Parts, *, section: float, rest: float) -> list[float]:
    """Return the room before each part in mm: `section` before a heading, none before a message at the top."""
    return [
        0.0 if place == 0 and part[0] == "message" else section if part[0] == "section" else rest
        for place, part in enumerate(found)
    ]


def height_of_stack(found: Parts, section: float, rest: float) -> float:
    """Return the height in mm of parts with the room before each."""
    return sum(height_of_part(part[1]) for part in found) + sum(gaps_of(found, section=section, rest=rest))
