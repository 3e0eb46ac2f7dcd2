"""The whole mind map around a hub, laid on a map: effects above, causes left, solutions right, goal and capital below.

Positions hold for a viewport of the layout's own size in units of one px at scale 1; a larger viewport moves every box
by its share of the extra room (`grow_x`, `grow_y`): the left column stays at the left edge, the right one at the right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from boundaries.messages import text
from mapping.mindmap_boxes import (
    RADIAL_TYPE,
    Box,
    Caption,
    Kind,
    Layout,
    Para,
    Role,
    centred,
    needed,
    para,
    shares,
    stacked,
)  # fmt: skip
from mapping.mindmap_ways import WAY_W, WHOLE_W, brief_way, whole_way
from mapping.mindmaps import MindMap
from mapping.thai_text import text_width

WIDTH, LEAST_HEIGHT, AIMED_HEIGHT = 1278, 720, 772
LOWEST_SCALE, HIGHEST_SCALE = 0.86, 1.35
"""Below the lowest scale text would fall under 12 px: the overlay then grows beyond its viewport and scrolls."""
MARGIN = 22
PAD_X, PAD_Y, GAP = 10, 5, 8
ROOT_W, CAUSE_W, HUB_W, GOAL_W = 186, 212, 264, 370
BEND = 6
"""How much deeper an effect stands the further it is from the middle of the arc."""
TITLE_W, TITLE_H, CLOSE_H = 288, 160, 62
"""Corners left free for the area's card (top left) and the close button (top right)."""
NUMBER = 26
LEFT_EDGE = MARGIN + ROOT_W + 22 + CAUSE_W
RIGHT_EDGE = WIDTH - MARGIN - WAY_W
MIDDLE = (LEFT_EDGE + RIGHT_EDGE) / 2
CAPTION_H = 24
PILL_H = 28
BELOW, ROW_GAP, STACK_GAP = 10, 10, 6
"""Room between the columns and the assets, the rows of a column, and the roots of a cause."""
MOST_LINES = 6
"""Longer texts end with … here and are whole in the tree, the outline and the box's title."""


@dataclass(frozen=True)
class Placed:
    """A radial fitted into a viewport: the scale, and the layout moved to its size in units of that scale."""

    scale: float
    layout: Layout


def radial(mind_map: MindMap, whole: bool = False) -> Layout:
    """Lay out the mind map; `place` fits it into a viewport.

    `whole` tells all that is stated of each activity, in a wider and higher layout. Otherwise a way to solve tells
    lead, figures, budget and period of its activities, of the first alone where all would be too high.
    """
    width = RIGHT_EDGE + (WHOLE_W if whole else WAY_W) + MARGIN
    assets = _assets(mind_map.assets, width)
    assets_h = max((box.y + box.h for box in assets), default=0) + 9
    effects, effects_end = _effects(mind_map.effects)
    pairs = [_cause_row(number, cause.text, cause.roots) for number, cause in enumerate(mind_map.causes)]
    left_top = max(TITLE_H, effects_end) + CAPTION_H + 4
    room = AIMED_HEIGHT - CLOSE_H - CAPTION_H - assets_h - BELOW
    solutions = _whole(mind_map) if whole else _brief(mind_map, room)
    middle = [_hub(mind_map), *_stamp(mind_map)]
    goal = _goal(mind_map.goal)
    height = max(
        LEAST_HEIGHT,
        left_top + _column_height([_row_height(row) for row in pairs]) + BELOW + assets_h,
        CLOSE_H + CAPTION_H + _column_height([box.h for box in solutions]) + BELOW + assets_h,
        effects_end + 60 + sum(box.h for box in middle) + 56 + goal.h + BELOW + assets_h,
    )
    floor = height - assets_h - BELOW
    boxes = [
        *_middle(middle, effects_end, floor - goal.h - CAPTION_H),
        *effects,
        *_spread_rows(pairs, left_top, floor),
        replace(goal, y=floor - goal.h, grow_y=0.9),
        *_spread(solutions, CLOSE_H + CAPTION_H, floor),
        *(replace(box, y=height - assets_h + box.y, grow_x=0.5, grow_y=1) for box in assets),
    ]
    return Layout("radial", width, height, tuple(boxes), (), _captions(boxes))


def place(layout: Layout, width: float, height: float) -> Placed:
    """Fit a radial into a viewport: scaled, then stretched to fill it; larger than it where text would be too small."""
    scale = max(LOWEST_SCALE, min(HIGHEST_SCALE, width / layout.width, height / layout.height))
    more_x, more_y = max(0, width / scale - layout.width), max(0, height / scale - layout.height)
    boxes = tuple(box.moved(box.x + box.grow_x * more_x, box.y + box.grow_y * more_y) for box in layout.boxes)
    captions = tuple(replace(c, x=c.x + c.grow_x * more_x, y=c.y + c.grow_y * more_y) for c in layout.captions)
    w, h = layout.width + more_x, layout.height + more_y
    return Placed(scale, replace(layout, width=w, height=h, boxes=boxes, captions=captions))


def _para(role: Role, words: str, limit: float, lines: int | None = MOST_LINES) -> Para:
    return para(role, words, limit, RADIAL_TYPE, lines)


def _box(kind: Kind, index: tuple[int, ...], words: str, x: float, w: float, number: int | None = None) -> Box:
    """Wrap a text into a box; numbered boxes are set from the left, others in the middle."""
    indent = NUMBER if number else 0
    body = _para(kind, words, w - 2 * PAD_X - indent)
    align, at = ("start", PAD_X + indent) if number else ("middle", w / 2)
    paras = stacked([body], at, PAD_Y, align)  # type: ignore[arg-type]
    return Box(kind, index, x, 0, w, max(body.height, NUMBER) + 2 * PAD_Y, paras, number)


def _hub(mind_map: MindMap) -> Box:
    limit = HUB_W - 2 * PAD_X
    paras = [_para("problem", mind_map.title, limit)]
    if mind_map.size.strip():
        paras.append(_para("size", mind_map.size, limit))
    height = sum(each.height for each in paras) + 2 * PAD_Y
    return Box("problem", (0,), MIDDLE - HUB_W / 2, 0, HUB_W, height, stacked(paras, HUB_W / 2, PAD_Y, "middle"))


def _stamp(mind_map: MindMap) -> list[Box]:
    return [_box("stamp", (0,), mind_map.stamp.th, MIDDLE - HUB_W / 2, HUB_W)] if mind_map.stamp else []


def _middle(boxes: list[Box], top: float, bottom: float) -> list[Box]:
    """Put the hub, and the stamp beneath it, half-way between the effects and the goal."""
    y = top + (bottom - top - sum(box.h for box in boxes)) / 2
    placed = []
    for box in boxes:
        placed.append(replace(box, y=y, grow_x=0.5, grow_y=0.5))
        y += box.h + 6
    return placed


def _goal(words: str) -> Box:
    return replace(_box("goal", (0,), words, MIDDLE - GOAL_W / 2, GOAL_W), grow_x=0.5)


def _effects(effects: Sequence[str]) -> tuple[list[Box], float]:
    """Return the effects, between the corners, in the fewest rows that cut no run, one row as an arc; and their end."""
    left, right = MARGIN + TITLE_W, RIGHT_EDGE - 12
    least = [needed("effect", words, RADIAL_TYPE) + 2 * PAD_X for words in effects]
    boxes: list[Box] = []
    y: float = 40
    rows = _effect_rows(least, right - left)
    for numbers in rows:
        room = min(190.0 * len(numbers), right - left - GAP * (len(numbers) - 1))
        widths = shares([effects[n] for n in numbers], room, [least[n] for n in numbers], RADIAL_TYPE["effect"])
        x = (left + right - room - GAP * (len(numbers) - 1)) / 2
        placed = []
        for n, w in zip(numbers, widths, strict=True):
            placed.append(_box("effect", (n,), effects[n], x, w))
            x += w + GAP
        height = max(box.h for box in placed)
        for i, box in enumerate(placed):
            drop = BEND * abs(i - (len(placed) - 1) / 2) ** 1.5 if len(rows) == 1 else 0
            boxes.append(centred(replace(box, h=height, y=y + drop, grow_x=0.5)))
        y = max(box.y + box.h for box in boxes) + 10
    return boxes, y


def _effect_rows(least: Sequence[float], room: float) -> list[range]:
    count = len(least)
    for rows in range(-(-count // 5), count + 1) if count else ():
        split = [range(row * count // rows, (row + 1) * count // rows) for row in range(rows)]
        if all(sum(least[n] + GAP for n in row) - GAP <= room for row in split) or rows == count:
            return split
    return []


def _cause_row(number: int, words: str, roots: Sequence[str]) -> tuple[Box, list[Box]]:
    """Return a cause with the roots at its left."""
    cause = _box("cause", (number,), words, LEFT_EDGE - CAUSE_W, CAUSE_W, number + 1)
    return cause, [_box("root", (number, n), root, MARGIN, ROOT_W) for n, root in enumerate(roots)]


def _row_height(row: tuple[Box, list[Box]]) -> float:
    cause, roots = row
    return max(cause.h, sum(box.h for box in roots) + STACK_GAP * (len(roots) - 1))


def _column_height(heights: Sequence[float]) -> float:
    return sum(heights) + ROW_GAP * max(0, len(heights) - 1)


def _starts(heights: Sequence[float], top: float, bottom: float) -> list[tuple[float, float]]:
    """Return y and grow_y of a column's rows: even gaps, the column in the middle of its room."""
    count = len(heights)
    gap = min(30.0, max(ROW_GAP, (bottom - top - sum(heights)) / max(1, count - 1)))
    y = top + max(0.0, (bottom - top - sum(heights) - gap * (count - 1)) / 2)
    starts = []
    for number, height in enumerate(heights):
        starts.append((y, 0.5 + (number - (count - 1) / 2) * min(0.1, 1 / (count + 1))))
        y += height + gap
    return starts


def _spread(boxes: list[Box], top: float, bottom: float) -> list[Box]:
    starts = _starts([box.h for box in boxes], top, bottom)
    return [replace(box, y=y, grow_x=1, grow_y=grow) for box, (y, grow) in zip(boxes, starts, strict=True)]


def _spread_rows(rows: list[tuple[Box, list[Box]]], top: float, bottom: float) -> list[Box]:
    """Place the causes, each in the middle of its row, and its roots beside it."""
    placed = []
    heights = [_row_height(row) for row in rows]
    for (cause, roots), height, (y, grow) in zip(rows, heights, _starts(heights, top, bottom), strict=True):
        placed.append(replace(cause, y=y + (height - cause.h) / 2, grow_y=grow))
        start = y + (height - sum(box.h for box in roots) - STACK_GAP * (len(roots) - 1)) / 2
        for box in roots:
            placed.append(replace(box, y=start, grow_y=grow))
            start += box.h + STACK_GAP
    return placed


def _brief(mind_map: MindMap, room: float) -> list[Box]:
    """Return the ways with all their activities, or with the first of each where all would be too high."""
    boxes: list[Box] = []
    for most in (99, 1):
        made = (brief_way(number, each, most) for number, each in enumerate(mind_map.solutions))
        boxes = [replace(box, x=RIGHT_EDGE) for box in made]
        if _column_height([box.h for box in boxes]) <= room:
            break
    return boxes


def _whole(mind_map: MindMap) -> list[Box]:
    return [replace(whole_way(number, each), x=RIGHT_EDGE) for number, each in enumerate(mind_map.solutions)]


def _assets(assets: Sequence[str], width: float) -> list[Box]:
    """Return the assets as pills in centred rows, the first row after its caption; y counts from the rows' top."""
    label = _label_width() if assets else 0
    room = width - 2 * MARGIN
    rows: list[list[Box]] = [[]]
    x: float = label
    for number, words in enumerate(assets):
        body = _para("asset", words, 420, 2)
        w = body.width + 26
        if rows[-1] and x + w > room:
            rows.append([])
            x = 0
        pill = Box("asset", (number,), x, 0, w, max(PILL_H, body.height + 10), stacked([body], w / 2, 0, "middle"))
        rows[-1].append(centred(pill))
        x += w + GAP
    placed, y = [], 0.0
    for row in rows if assets else []:
        height = max(box.h for box in row)
        shift = (width - (row[-1].x + row[-1].w)) / 2
        placed += [centred(replace(box, x=box.x + shift, y=y, h=height)) for box in row]
        y += height + 6
    return placed


def _label_width() -> float:
    return text_width(text("mapping.mindmap.caption.asset").th, *RADIAL_TYPE["caption"]) + 12


def _captions(boxes: list[Box]) -> tuple[Caption, ...]:
    """Name each branch at its first box."""
    found = []
    kinds: tuple[Kind, ...] = ("effect", "cause", "root", "goal", "solution", "asset")
    for kind in kinds:
        own = [box for box in boxes if box.kind == kind]
        if not own:
            continue
        first, words = own[0], text(f"mapping.mindmap.caption.{kind}").th
        if kind == "effect":
            middle = (min(box.x for box in own) + max(box.x + box.w for box in own)) / 2
            found.append(Caption(kind, words, middle, min(box.y for box in own) - 10, "middle", 0.5))
        elif kind == "goal":
            x = first.x + first.w / 2 - text_width(words, *RADIAL_TYPE["caption"]) - 14
            found.append(Caption(kind, words, x, first.y - 10, "start", 0.5, first.grow_y))
        elif kind == "asset":
            y = first.y + first.h / 2 + 5
            found.append(Caption(kind, words, first.x - _label_width(), y, "start", 0.5, 1))
        else:
            y = min(box.y for box in own) - 10
            found.append(Caption(kind, words, first.x, y, "start", first.grow_x, first.grow_y))
    return tuple(found)
