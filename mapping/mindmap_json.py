"""Mind maps as compact JSON for the page: each text once, each distinct layout once, numbers rounded.

A `TextTable` holds what the mind maps of one page share. Layouts speak of a mind map's texts by their place in its own
list, so drafts from one template share their layouts though their figures differ.

The table's JSON: `t` texts with U+200B where a line may break; `l` shared values; `k` kinds, `r` roles, `st` statuses
(numbers stand for them below); `s` sizes and weights by role, `start` roles set from the left; `w` words; `line` height
and baseline in sizes; `scale` the lowest and highest of the radial.

A mind map's JSON: `t` its texts as numbers of the table's; `state`, `draft` (1 or 0), `problem` (code), `stamp` where
it is not the template's; `tree`, `radial`, `plan` as numbers of shared values, and for a stored plan `whole`,
the radial that tells all of its activities. An unstated text is -1; positions in a text count UTF-16 units.

- layout: `[width, height, boxes, links, captions]`
- box: `[kind, index, x, y, w, h, paras, grow_y, tag, rules]`
- para: `[role, text, x, y, start of line 2, …]`, and at the end minus the end of the last line where the text is cut
- link: `[kind, x1, y1, …]`; caption: `[kind, x, y, from the middle, grow_y]`; rule: `[y, status, x]`
- plan: `[title, size, effects, [[cause, [root…]]…], goal, solutions, assets]`
- solution: `[objective, text, tag, addressed causes, activities]`
- activity: `[text, lead, joint, [[indicator, figures]…], budget, source, period, status]`
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, get_args

from boundaries.messages import text
from mapping.mindmap_boxes import BASELINE, LINE_HEIGHT, RADIAL_TYPE, TREE_TYPE, Box, Kind, Layout, Para, Role, Styles
from mapping.mindmap_layout import radial, tree
from mapping.mindmap_radial import HIGHEST_SCALE, LOWEST_SCALE
from mapping.mindmap_ways import figures_text, tag_text
from mapping.mindmaps import Activity, ActivityStatus, MindMap, Solution
from mapping.thai_text import WORD_BREAK, runs

KINDS: tuple[Kind, ...] = get_args(Kind)
ROLES: tuple[Role, ...] = get_args(Role)
STATUSES: tuple[ActivityStatus, ...] = get_args(ActivityStatus)
FROM_LEFT: tuple[Role, ...] = ("cause", "solution", "objective", "activity", "fact", "lead", "more")
WORDS = (
    "tree", "questions", "open_lead", "open_field", "items", "ways",
    *(f"caption.{kind}" for kind in ("effect", "problem", "cause", "root", "goal", "solution", "asset")),
    *(f"column.{name}" for name in ("activity", "lead", "indicator", "budget", "period", "status")),
    *(f"status.{status}" for status in STATUSES),
)  # fmt: skip

Json = Any


@dataclass
class TextTable:
    """The texts and layouts that the mind maps of one page share, each once."""

    texts: dict[str, int] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)

    def text(self, words: str) -> int:
        """Return the number of a text, taking it in when it is new."""
        return self.texts.setdefault(WORD_BREAK.join(runs(words)), len(self.texts))

    def value(self, value: Json) -> int:
        """Return the number of a JSON value, taking it in when it is new."""
        return self.values.setdefault(_dump(value), len(self.values))

    def to_json(self) -> dict[str, Json]:
        """Return the table as the page needs it, beside the mind maps that `compact` made with it."""
        return {
            "t": list(self.texts),
            "l": [json.loads(value) for value in self.values],
            "k": list(KINDS),
            "r": list(ROLES),
            "st": list(STATUSES),
            "s": {"tree": _types(TREE_TYPE), "radial": _types(RADIAL_TYPE)},
            "start": list(FROM_LEFT),
            "w": {name: text(f"mapping.mindmap.{name}", number="{number}").th for name in WORDS}
            | {"stamp": text("mapping.template.stamp").th},
            "line": [LINE_HEIGHT, BASELINE],
            "scale": [LOWEST_SCALE, HIGHEST_SCALE],
        }


def compact(mind_map: MindMap, texts: TextTable, whole: bool = True) -> dict[str, Json]:
    """Return a mind map with its tree, radial, outline and activities; the texts go into the table.

    `whole` False leaves out the larger radial of a stored plan, which is half as large again.
    """
    own = _Own(texts)
    made: dict[str, Json] = {
        "tree": texts.value(_layout(tree(mind_map), own)),
        "radial": texts.value(_layout(radial(mind_map), own)),
        "plan": texts.value(_plan(mind_map, own)),
    }
    if whole and mind_map.state != "template":
        made["whole"] = texts.value(_layout(radial(mind_map, whole=True), own))
    made |= {
        "t": list(own.places),
        "state": mind_map.state,
        "draft": int(mind_map.stamp is not None),
        "problem": mind_map.problem_code,
    }
    if mind_map.stamp is not None and mind_map.state != "template":
        made["stamp"] = mind_map.stamp.th
    return made


@dataclass
class _Own:
    """The texts of one mind map: numbers of the table in the order of their first use."""

    table: TextTable
    places: dict[int, int] = field(default_factory=dict)

    def __call__(self, words: str | None) -> int:
        return self.places.setdefault(self.table.text(words), len(self.places)) if words and words.strip() else -1

    def each(self, texts: Iterable[str]) -> list[int]:
        return [self(words) for words in texts]


def _dump(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _types(styles: Styles) -> dict[str, list[float]]:
    return {role: [kind.size, kind.weight] for role, kind in styles.items()}


def _layout(layout: Layout, own: _Own) -> Json:
    links = [[KINDS.index(link.kind), *(round(c) for point in link.points for c in point)] for link in layout.links]
    captions = [
        [KINDS.index(c.kind), round(c.x), round(c.y), int(c.align == "middle"), round(c.grow_y, 2)]
        for c in layout.captions
    ]
    return [round(layout.width), round(layout.height), [_box(box, own) for box in layout.boxes], links, captions]


def _box(box: Box, own: _Own) -> Json:
    paras = [_para(each, own) for each in box.paras]
    index = list(box.index) if len(box.index) > 1 else box.index[0]
    place = [round(box.x), round(box.y), round(box.w), round(box.h)]
    rules = [[round(rule.y), STATUSES.index(rule.status), round(rule.x)] for rule in box.rules]
    tail = [round(box.grow_y, 2), round(box.tag_width), rules]
    while tail and not tail[-1]:
        tail.pop()
    return [KINDS.index(box.kind), index, *place, paras, *tail]


def _para(each: Para, own: _Own) -> Json:
    words, spans = each.wrapped.text, each.wrapped.spans
    breaks = [_utf16(words[:start]) for start, _ in spans[1:]]
    if each.wrapped.cut:
        breaks.append(-_utf16(words[: spans[-1][1]]))
    return [ROLES.index(each.role), own(words), round(each.x), round(each.y), *breaks]


def _utf16(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def _plan(mind_map: MindMap, own: _Own) -> Json:
    return [
        own(mind_map.title),
        own(mind_map.size),
        own.each(mind_map.effects),
        [[own(cause.text), own.each(cause.roots)] for cause in mind_map.causes],
        own(mind_map.goal),
        [_solution(solution, own) for solution in mind_map.solutions],
        own.each(mind_map.assets),
    ]


def _solution(solution: Solution, own: _Own) -> Json:
    activities = [_activity(activity, own) for activity in solution.activities]
    tag = own(tag_text(solution)) if solution.addresses else -1
    return [own(solution.objective), own(solution.text), tag, list(solution.addresses), activities]


def _activity(activity: Activity, own: _Own) -> Json:
    indicators = [[own(indicator.name), own(figures_text(indicator))] for indicator in activity.indicators]
    stated = [activity.budget, activity.budget_source, activity.period]
    joint = own(", ".join(activity.joint))
    return [
        own(activity.text),
        own(activity.lead),
        joint,
        indicators,
        *map(own, stated),
        STATUSES.index(activity.status),
    ]
