"""The mind map on slides: the very layout of the screen as editable boxes; long ones part, the longest are lists.

Kinds are told by colour and by words beside them; causes are numbered, solutions lettered. Drafts are dashed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from boundaries.messages import text
from mapping.area_map import AreaMap
from mapping.mindmap_boxes import TREE_TYPE, Box, Layout, Link
from mapping.mindmap_layout import tree
from mapping.mindmap_ways import tag_text
from mapping.mindmaps import MindMap, Solution
from mapping.sheet.paper import PT
from mapping.sheet.plan import letter
from mapping.sheet.tables import Column, broken_cell, make_table
from mapping.sheet.tree import CAPTION_SIZE, GROUNDS, INKS, RADII, printed
from mapping.slides.frame import Opened, Show, content_room, open_slide, stamps_of
from mapping.slides.table_slides import table_slides
from mapping.slides.writing import LINE, Look, Words, circle, height_of, path, put_words
from mapping.styles import TOKENS

SIZES = (16.0, 15.5, 15.0, 14.5, 14.0, 13.5, 13.0, 12.5, 12.0, 11.5, 11.0, 10.5)
SMALL = (10.0, 9.5, 9.0)
"""Types that are tried where a slide holds a tree alone; where none fits, the mind map becomes a list."""
GAP, BETWEEN = 3.0, 5.5
"""Between boxes side by side, and between the tree, the goal and the solutions."""
MOST_COLUMNS = 5
CHIP = 5.4


@dataclass(frozen=True)
class Cards:
    """The goal and the solutions as they are laid out: rows of cards, each with its paragraphs."""

    goal: Words
    rows: tuple[tuple[tuple[str, tuple[Words, ...]], ...], ...]
    heights: tuple[float, ...]

    @property
    def height(self) -> float:
        """Height of everything."""
        return _goal_height(self.goal) + sum(self.heights) + GAP * len(self.heights)


def tree_slides(show: Show, area_map: AreaMap, mind_map: MindMap) -> None:
    """Add the slides of a mind map."""
    room = content_room(show.paper)
    mind_map = printed(mind_map, show.paper)
    for size in SIZES:
        laid, unit = _tree(show, mind_map, size)
        cards = _cards(show, mind_map, size)
        if laid.height * unit + BETWEEN + cards.height <= room:
            opened = _open(show, area_map, mind_map, "sheet.tree")
            _put_tree(opened, laid, unit, mind_map, show.paper.margin)
            _put_cards(show, opened, cards, opened.top + laid.height * unit + BETWEEN, mind_map)
            return
    if not _apart(show, area_map, mind_map, room):
        _outline(show, area_map, mind_map)


def _apart(show: Show, area_map: AreaMap, mind_map: MindMap, room: float) -> bool:
    """Give tree and solutions a slide each where both fit one; say whether they did."""
    trees = ((size, *_tree(show, mind_map, size)) for size in (*SIZES, *SMALL))
    found = next(((laid, unit) for _, laid, unit in trees if laid.height * unit <= room), None)
    fitting = next((c for c in (_cards(show, mind_map, size) for size in (*SIZES, *SMALL)) if c.height <= room), None)
    if found is None or fitting is None:
        return False
    opened = _open(show, area_map, mind_map, "sheet.tree")
    _put_tree(opened, *found, mind_map, show.paper.margin)
    opened = _open(show, area_map, mind_map, "slides.solutions")
    _put_cards(show, opened, fitting, opened.top, mind_map)
    return True


def _open(show: Show, area_map: AreaMap, mind_map: MindMap, key: str) -> Opened:
    title = text(key, area=mind_map.area_name).th
    return open_slide(show, area_map, title, stamps_of(area_map, mind_map))


def _tree(show: Show, mind_map: MindMap, size: float) -> tuple[Layout, float]:
    """Lay out the tree in a size of type; return it with mm for one of its units."""
    unit = size * PT / TREE_TYPE["cause"].size
    width = show.paper.width - 2 * show.paper.margin
    return tree(mind_map, width / unit), unit


def _put_tree(opened: Opened, laid: Layout, unit: float, mind_map: MindMap, left: float) -> None:
    draft = mind_map.stamp is not None
    for link in laid.links:
        _put_link(opened, link, unit, left, draft=draft)
    for box in laid.boxes:
        _put_box(opened, box, unit, left, draft=draft)
    for caption in laid.captions:
        size = CAPTION_SIZE * unit / PT
        words = Words([caption.text], size, True, TOKENS[INKS[caption.kind]])
        top = opened.top + caption.y * unit - size * PT
        put_words(opened.slide, (left + caption.x * unit, top, 60.0, size * LINE * PT), [words], "caption")
    problem = next(box for box in laid.boxes if box.kind == "problem")
    _name_problem(opened, problem, unit, left)


def _name_problem(opened: Opened, box: Box, unit: float, left: float) -> None:
    """Write what the box in the middle is at its left, where there is room."""
    size = CAPTION_SIZE * unit / PT
    room = box.x * unit - 2
    if room < 14:
        return
    words = Words([text("mapping.mindmap.caption.problem").th], size, True)
    place = (left, opened.top + box.y * unit, room, box.h * unit)
    put_words(opened.slide, place, [words], "caption", Look(align="right", anchor="middle"))


def _put_link(opened: Opened, link: Link, unit: float, left: float, *, draft: bool) -> None:
    points = [(left + x * unit, opened.top + y * unit) for x, y in link.points]
    path(opened.slide, points, TOKENS[INKS[link.kind]], dashed=draft)


def _put_box(opened: Opened, box: Box, unit: float, left: float, *, draft: bool) -> None:
    """Put a node as a box with its text, a cause with its number beside it."""
    open_ = draft and box.kind == "problem"
    fill = TOKENS["paper"] if open_ else TOKENS[GROUNDS[box.kind]]
    ink = TOKENS["paper"] if box.kind == "problem" and not draft else TOKENS["ink"]
    place = (left + box.x * unit, opened.top + box.y * unit, box.w * unit, box.h * unit)
    numbered = box.number is not None
    inset = (28 * unit if numbered else 1.0, 0.0, 1.0, 0.0)
    look = Look(
        fill, TOKENS[INKS[box.kind]], 1.2, draft, RADII.get(box.kind, 5) * unit, "left" if numbered else "center",
        "middle", inset,
    )  # fmt: skip
    words = [Words(each.wrapped.lines, each.type.size * unit / PT, each.type.weight >= 600, ink) for each in box.paras]
    kind = text(f"mapping.mindmap.caption.{box.kind}").th
    put_words(opened.slide, place, words, f"{kind} {'.'.join(str(n + 1) for n in box.index)}", look)
    if box.number is not None:
        x, y = place[0] + 15.5 * unit, place[1] + place[3] / 2
        size = (TREE_TYPE["cause"].size - 1) * unit / PT
        number = [Words([str(box.number)], size, True, TOKENS["paper"])]
        disc = Look(TOKENS["cause"], align="center", anchor="middle")
        circle(opened.slide, x, y, 9.0 * unit, disc, number, f"{kind} {box.number}")


def _cards(show: Show, mind_map: MindMap, size: float) -> Cards:
    """Lay out the goal and the solutions in a size of type."""
    width = show.paper.width - 2 * show.paper.margin
    label = text("mapping.mindmap.caption.goal").th
    goal = Words(show.paper.lines(f"{label}: {mind_map.goal}", width - 8, size, 700), size, True)
    solutions = mind_map.solutions
    count = -(-len(solutions) // MOST_COLUMNS)
    per = -(-len(solutions) // count) if count else 1
    rows, heights = [], []
    for start in range(0, len(solutions), per):
        part = solutions[start : start + per]
        wide = (width - GAP * (per - 1)) / per
        row = tuple((letter(start + at), tuple(_card(show, each, wide, size))) for at, each in enumerate(part))
        rows.append(row)
        heights.append(max(height_of(words) for _, words in row) + 2.4)
    return Cards(goal, tuple(rows), tuple(heights))


def _card(show: Show, solution: Solution, wide: float, size: float) -> Iterator[Words]:
    room = wide - CHIP - 4.6
    yield Words(show.paper.lines(solution.text, room, size, 700), size, True)
    objective = text("mapping.mindmap.objective", objective=solution.objective).th
    yield Words(show.paper.lines(objective, room, size - 1), size - 1)
    if solution.addresses:
        yield Words(show.paper.lines(tag_text(solution), room, size - 1, 700), size - 1, True, TOKENS["cause"])


def _goal_height(goal: Words) -> float:
    return height_of([goal]) + 3.0


def _put_cards(show: Show, opened: Opened, cards: Cards, top: float, mind_map: MindMap) -> None:
    """Put the goal as a bar and the solutions as cards under it, each with its letter."""
    draft, width, left = mind_map.stamp is not None, show.paper.width - 2 * show.paper.margin, show.paper.margin
    fill, ink = (TOKENS["paper"], TOKENS["solution"]) if draft else (TOKENS["solution"], TOKENS["paper"])
    look = Look(fill, TOKENS["solution"], 1.4, draft, 1.2, "center", "middle", (2.0, 0.0, 2.0, 0.0))
    goal = Words(cards.goal.lines, cards.goal.size, True, ink)
    put_words(opened.slide, (left, top, width, _goal_height(goal)), [goal], "goal", look)
    y = top + _goal_height(goal) + GAP
    number = 0
    per = max((len(row) for row in cards.rows), default=1)
    wide = (width - GAP * (per - 1)) / per
    for row, high in zip(cards.rows, cards.heights, strict=True):
        for at, (chip, words) in enumerate(row):
            number += 1
            box = (left + at * (wide + GAP), y, wide, high)
            put_card(opened, box, chip, words, draft=draft)
        y += high + GAP


def put_card(
    opened: Opened, box: tuple[float, float, float, float], chip: str, words: Sequence[Words], *, draft: bool
) -> object:
    """Put a solution as a box with its letter at the left and return its shape."""
    look = Look(
        TOKENS["solution-bg"], TOKENS["solution"], 1.2, draft, 1.2, "left", "middle", (CHIP + 2.6, 0.6, 1.0, 0.6)
    )
    name = f"{text('slides.solution').th} {chip}"
    shape = put_words(opened.slide, box, words, name, look)
    mark = Look(TOKENS["solution"], round=0.8, align="center", anchor="middle")
    size = min(words[0].size, 12.0)
    place = (box[0] + 1.5, box[1] + box[3] / 2 - CHIP / 2, CHIP, CHIP)
    put_words(opened.slide, place, [Words([chip], size, True, TOKENS["paper"])], name, mark)
    return shape


def _outline(show: Show, area_map: AreaMap, mind_map: MindMap) -> None:
    """Write a mind map that no slide holds as a table over as many slides as it needs."""
    paper, width = show.paper, show.paper.width - 2 * show.paper.margin
    columns = [Column(46.0, text("slides.outline.kind").th), Column(width - 46.0, text("slides.outline.words").th)]
    rows = [
        [broken_cell(paper, columns[0], kind, 600), broken_cell(paper, columns[1], words)]
        for kind, words in _listed(mind_map)
    ]
    title = text("slides.outline", area=mind_map.area_name).th
    table_slides(show, area_map, make_table(paper, columns, rows), title, stamps_of(area_map, mind_map))


def _listed(mind_map: MindMap) -> Iterator[tuple[str, str]]:
    """Yield every node with its kind, as one reads the tree from above."""
    names = {
        kind: text(f"mapping.mindmap.caption.{kind}").th for kind in ("problem", "effect", "cause", "root", "goal")
    }
    yield from ((f"{names['effect']} {n}", words) for n, words in enumerate(mind_map.effects, start=1))
    yield names["problem"], f"{mind_map.title} {mind_map.size}".strip()
    for n, cause in enumerate(mind_map.causes, start=1):
        yield f"{names['cause']} {n}", cause.text
        yield from ((f"{names['root']} {n}.{m}", words) for m, words in enumerate(cause.roots, start=1))
    yield names["goal"], mind_map.goal
    for place, solution in enumerate(mind_map.solutions):
        objective = text("mapping.mindmap.objective", objective=solution.objective).th
        yield f"{text('slides.solution').th} {letter(place)}", f"{solution.text} {objective} {tag_text(solution)}"
