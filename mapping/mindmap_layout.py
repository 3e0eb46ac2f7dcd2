"""Where the nodes of a mind map's problem tree stand: a pure function from a MindMap to boxes, links and captions.

Reads upwards as the method does: effects ← problem ← causes ← root causes. Goal, solutions and activities are rows
of a table beneath it. `radial`, the whole map around a hub, is in `mapping.mindmap_radial` and named here too.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil

from boundaries.messages import text
from mapping.mindmap_boxes import TREE_TYPE, Box, Caption, Kind, Layout, Link, centred, needed, para, shares, stacked
from mapping.mindmap_radial import place, radial
from mapping.mindmaps import Cause, MindMap

__all__ = ["place", "radial", "tree"]

WIDTH = 646
"""Width of the panel's tree in px."""
EDGE, PAD_X, PAD_Y, GAP = 1, 8, 6, 8
NARROWEST = 118
"""No column is narrower, whatever it holds."""
MOST_COLUMNS = 5
NUMBER = 20
"""Room for the numbered disc at the left of a cause."""
SPINE, STACK = 14, 12
"""Room at the left for the line that leads to further rows, and to several roots of a cause."""
TOP, CAPTION, TRUNK = 20, 6, 31
"""Room above the effects, between a caption and its row, and between the problem and a row of causes."""


def tree(mind_map: MindMap, width: float = WIDTH) -> Layout:
    """Lay out the problem tree in `width` px, a margin for the outlines included; as high as its texts need."""
    inner = width - 2 * EDGE
    effects, y = _effects(mind_map.effects, inner)
    problem = _problem(mind_map, y, inner)
    below = problem.y + problem.h
    causes, height, cause_links = _causes(mind_map.causes, below, inner, problem.x + problem.w / 2)
    links = [*(_upward(problem, box) for box in effects), *cause_links]
    captions = _captions(effects, causes)
    return _inset(Layout("tree", width, height + EDGE, (problem, *effects, *causes), tuple(links), captions))


def _inset(layout: Layout) -> Layout:
    """Move everything by the margin at the left."""
    boxes = tuple(box.moved(box.x + EDGE, box.y) for box in layout.boxes)
    links = tuple(replace(link, points=tuple((x + EDGE, y) for x, y in link.points)) for link in layout.links)
    captions = tuple(replace(each, x=each.x + EDGE) for each in layout.captions)
    return replace(layout, boxes=boxes, links=links, captions=captions)


def _captions(effects: Sequence[Box], causes: Sequence[Box]) -> tuple[Caption, ...]:
    """Name the first row of each branch, above it at the left."""
    found = []
    branches: tuple[tuple[Kind, Sequence[Box]], ...] = (("effect", effects), ("cause", causes), ("root", causes))
    for kind, boxes in branches:
        own = [box for box in boxes if box.kind == kind]
        if own:
            words = text(f"mapping.mindmap.caption.{kind}").th
            found.append(Caption(kind, words, own[0].x, min(box.y for box in own) - CAPTION))
    return tuple(found)


def _rows(needs: Sequence[float], width: float) -> list[range]:
    """Split columns into the fewest rows in which each is as wide as it needs, as even as can be."""
    count = len(needs)
    for rows in range(ceil(count / MOST_COLUMNS), count + 1) if count else ():
        edges = [round(row * count / rows) for row in range(rows + 1)]
        split = [range(first, last) for first, last in pairwise(edges)]
        room = width - (SPINE if rows > 1 else 0) + GAP
        if all(max(needs[n] for n in row) <= room / len(row) - GAP for row in split) or rows == count:
            return split
    return []


def _box(
    kind: Kind, index: tuple[int, ...], words: str, x: float, y: float, w: float, number: int | None = None
) -> Box:
    """Wrap a text into a box of a given width; numbered boxes are set from the left, others in the middle."""
    indent = NUMBER if number else 0
    body = para(kind, words, w - 2 * PAD_X - indent, TREE_TYPE)
    align, at = ("start", PAD_X + indent) if number else ("middle", w / 2)
    paras = stacked([body], at, PAD_Y, align)  # type: ignore[arg-type]
    return Box(kind, index, x, y, w, max(body.height, NUMBER) + 2 * PAD_Y, paras, number)


def _problem(mind_map: MindMap, y: float, width: float) -> Box:
    w = min(width, max(width * 0.8, 300))
    limit = w - 2 * PAD_X
    paras = [para("problem", mind_map.title, limit, TREE_TYPE)]
    if mind_map.size.strip():
        paras.append(para("size", mind_map.size, limit, TREE_TYPE))
    height = sum(each.height for each in paras) + 2 * PAD_Y
    return Box("problem", (0,), (width - w) / 2, y, w, height, stacked(paras, w / 2, PAD_Y, "middle"))


def _level(boxes: list[Box]) -> list[Box]:
    """Make a row as high as its highest box."""
    height = max((box.h for box in boxes), default=0)
    return [box if box.number else centred(box) for box in (replace(box, h=height) for box in boxes)]


def _effects(effects: Sequence[str], width: float) -> tuple[list[Box], float]:
    """Return the rows of effects and where the problem begins."""
    boxes: list[Box] = []
    y: float = TOP if effects else 2
    least = [needed("effect", words, TREE_TYPE) + 2 * PAD_X for words in effects]
    rows = _rows([min(NARROWEST, each) for each in least], width)
    left = SPINE if len(rows) > 1 else 0
    for row in rows:
        x: float = left
        room = width - left - GAP * (len(row) - 1)
        placed = []
        for number, w in zip(
            row, shares([effects[n] for n in row], room, [least[n] for n in row], TREE_TYPE["effect"]), strict=True
        ):
            placed.append(_box("effect", (number,), effects[number], x, y, w))
            x += w + GAP
        boxes += _level(placed)
        y += max(box.h for box in placed) + 18
    return boxes, y


def _upward(problem: Box, box: Box) -> Link:
    """Lead from the problem up to an effect; rows further up are reached along a line at the left."""
    start, x, tip = problem.x + problem.w / 2, box.x + box.w / 2, box.y + box.h + 1
    first, second = problem.y - 9, tip + 8
    around = () if second >= first - 2 else ((SPINE / 2, first), (SPINE / 2, second))
    return Link("effect", ((start, problem.y), (start, first), *around, (x, second if around else first), (x, tip)))


def _causes(causes: Sequence[Cause], below: float, width: float, trunk: float) -> tuple[list[Box], float, list[Link]]:
    """Return the rows of causes with their roots beneath, the height of all, and the links up to the problem."""
    boxes: list[Box] = []
    links: list[Link] = []
    rows = _rows([min(width / 3, _cause_need(cause)) for cause in causes], width)
    left = SPINE if len(rows) > 1 else 0
    bottom = below
    for turn, row in enumerate(rows):
        y = bottom + TRUNK
        w = (width - left - GAP * (len(row) - 1)) / len(row)
        places = [left + place * (w + GAP) for place in range(len(row))]
        placed = _level([_box("cause", (n,), causes[n].text, x, y, w, n + 1) for n, x in zip(row, places, strict=True)])
        roots, root_links = _roots([(box, causes[n].roots) for box, n in zip(placed, row, strict=True)])
        boxes += [*placed, *roots]
        links += [_to_problem(box, trunk, below, SPINE / 2 if turn else None) for box in placed] + root_links
        bottom = max(box.y + box.h for box in [*placed, *roots])
    return boxes, bottom, links


def _cause_need(cause: Cause) -> float:
    """Return how wide a cause and its roots must be so that no run is cut."""
    indent = STACK if len(cause.roots) > 1 else 0
    roots = [needed("root", words, TREE_TYPE) + indent for words in cause.roots]
    return max(needed("cause", cause.text, TREE_TYPE) + NUMBER, NARROWEST - 2 * PAD_X, *roots) + 2 * PAD_X


def _to_problem(cause: Box, trunk: float, below: float, spine: float | None) -> Link:
    """Lead from a cause up to the problem; from further rows along a line at the left."""
    x, first, own = cause.x + cause.w / 2, below + 12, cause.y - TRUNK + 12
    tail = ((trunk, first), (trunk, below + 1))
    if spine is None:
        return Link("cause", ((x, cause.y), (x, first), *tail))
    return Link("cause", ((x, cause.y), (x, own), (spine, own), (spine, first), *tail))


def _roots(pairs: list[tuple[Box, tuple[str, ...]]]) -> tuple[list[Box], list[Link]]:
    """Put the roots beneath their causes: one in the middle, several in a stack with a line at its left."""
    boxes: list[Box] = []
    links: list[Link] = []
    for cause, roots in pairs:
        y = cause.y + cause.h + 20
        indent = STACK if len(roots) > 1 else 0
        for number, words in enumerate(roots):
            box = _box("root", (cause.index[0], number), words, cause.x + indent, y, cause.w - indent)
            boxes.append(box)
            y += box.h + GAP
    if all(len(roots) <= 1 for _, roots in pairs):
        boxes = _level(boxes)
    owners = {cause.index[0]: (cause, len(roots)) for cause, roots in pairs}
    for box in boxes:
        cause, count = owners[box.index[0]]
        links.append(_root_link(box, cause, count > 1))
    return boxes, links


def _root_link(root: Box, cause: Box, stack: bool) -> Link:
    tip = cause.y + cause.h + 1
    if not stack:
        x = root.x + root.w / 2
        return Link("root", ((x, root.y), (x, tip)))
    x, middle = cause.x + 5, root.y + root.h / 2
    return Link("root", ((root.x, middle), (x, middle), (x, tip)))
