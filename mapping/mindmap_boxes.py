"""The values a laid-out mind map is made of: boxes with wrapped paragraphs, links, captions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, NamedTuple

from mapping.thai_text import Wrapped, text_width, widest_run, wrapped

Kind = Literal["problem", "effect", "cause", "root", "goal", "solution", "asset", "stamp"]
Role = Literal[
    "problem", "size", "effect", "cause", "root", "goal", "solution", "objective", "activity", "asset", "stamp", "tag",
    "fact", "lead", "status", "more", "caption",
]  # fmt: skip
Align = Literal["start", "middle"]
LINE_HEIGHT = 1.45
"""Line height in sizes: room for two marks above a Thai letter and one below."""
BASELINE = 1.08


class Type(NamedTuple):
    """Size in px and weight of a role's text."""

    size: float
    weight: int


Styles = Mapping[Role, Type]

TREE_TYPE: Styles = MappingProxyType(
    {
        "problem": Type(16, 700), "size": Type(13, 400), "effect": Type(13, 400), "cause": Type(13, 600),
        "root": Type(12.5, 400), "caption": Type(13, 700),
    }
)  # fmt: skip
RADIAL_TYPE: Styles = MappingProxyType(
    {
        "problem": Type(17.5, 700), "size": Type(14, 400), "effect": Type(14.5, 400), "cause": Type(14.5, 600),
        "root": Type(14, 400), "goal": Type(15, 600), "solution": Type(15.5, 700), "objective": Type(14, 400),
        "activity": Type(14, 400), "asset": Type(14, 400), "stamp": Type(14, 700), "tag": Type(14, 400),
        "fact": Type(14, 400), "lead": Type(14, 700), "status": Type(14, 700), "more": Type(14, 400),
        "caption": Type(15, 700),
    }
)  # fmt: skip
"""No text of the radial is below 14: at its smallest scale it is still 12 px on the screen."""


@dataclass(frozen=True)
class Line:
    """One drawn line; x and y (of the baseline) count from the layout's corner."""

    text: str
    x: float
    y: float
    type: Type
    align: Align


@dataclass(frozen=True)
class Para:
    """A wrapped text inside a box; x (start or middle of its lines) and y (top) count from the box's corner."""

    role: Role
    wrapped: Wrapped
    type: Type
    limit: float
    x: float = 0
    y: float = 0
    align: Align = "start"

    @property
    def height(self) -> float:
        """Return the height of all lines."""
        return len(self.wrapped.spans) * self.type.size * LINE_HEIGHT

    @property
    def width(self) -> float:
        """Return the width of the widest line."""
        return max(text_width(line, self.type.size, self.type.weight) for line in self.wrapped.lines)

    def lines(self, left: float, top: float) -> Iterator[Line]:
        """Yield the lines where a box at (left, top) draws them."""
        for number, words in enumerate(self.wrapped.lines):
            y = top + self.y + (number * LINE_HEIGHT + BASELINE) * self.type.size
            yield Line(words, left + self.x, y, self.type, self.align)


@dataclass(frozen=True)
class Rule:
    """A thin line across a box above an activity's facts, and the status beside them; from the box's corner."""

    y: float
    status: str
    x: float


@dataclass(frozen=True)
class Box:
    """A node of the tree as it is drawn. `index` counts the nodes of a kind from 0, a root's as (cause, root).

    `grow_x` and `grow_y` say which share of a larger viewport's extra room the box moves by.
    """

    kind: Kind
    index: tuple[int, ...]
    x: float
    y: float
    w: float
    h: float
    paras: tuple[Para, ...]
    number: int | None = None
    tag_width: float = 0
    rules: tuple[Rule, ...] = ()
    grow_x: float = 0
    grow_y: float = 0

    def lines(self) -> Iterator[Line]:
        """Yield every line of the box."""
        for para in self.paras:
            yield from para.lines(self.x, self.y)

    def moved(self, x: float, y: float) -> "Box":
        """Return the box at another place."""
        return replace(self, x=x, y=y)


@dataclass(frozen=True)
class Link:
    """A path from a cause towards what it causes; the arrow's head is at the last point."""

    kind: Kind
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Caption:
    """The name of a branch, written beside it."""

    kind: Kind
    text: str
    x: float
    y: float
    align: Align = "start"
    grow_x: float = 0
    grow_y: float = 0


@dataclass(frozen=True)
class Layout:
    """A laid-out mind map: of exactly `width` × `height` (tree), or at least that (radial)."""

    view: Literal["tree", "radial"]
    width: float
    height: float
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    captions: tuple[Caption, ...]


def para(role: Role, words: str, limit: float, styles: Styles, max_lines: int | None = None) -> Para:
    """Wrap a text in the type of its role."""
    kind = styles[role]
    return Para(role, wrapped(words, limit, kind.size, kind.weight, max_lines), kind, limit)


def needed(role: Role, words: str, styles: Styles) -> float:
    """Return the width of lines in which no run of a text is cut."""
    return widest_run(words, *styles[role]) + 1


def shares(texts: Sequence[str], room: float, least: Sequence[float], kind: Type) -> list[float]:
    """Divide `room` by what the texts need, long ones damped, none below its `least` while there is room."""
    squeeze = min(1.0, room / (sum(least) or 1))
    floors = [each * squeeze for each in least]
    need = [max(62.0, min(1500.0, text_width(words, *kind))) ** 0.62 for words in texts]
    wanted = [max(0.0, room * each / sum(need) - floor) for each, floor in zip(need, floors, strict=True)]
    spare = room - sum(floors)
    return [floor + spare * each / (sum(wanted) or 1) for floor, each in zip(floors, wanted, strict=True)]


def stacked(paras: list[Para], x: float, y: float, align: Align) -> tuple[Para, ...]:
    """Put paragraphs under each other."""
    placed = []
    for each in paras:
        placed.append(replace(each, x=x, y=y, align=align))
        y += each.height
    return tuple(placed)


def centred(box: Box) -> Box:
    """Return the box with its paragraphs moved to the middle of its height."""
    top = min((each.y for each in box.paras), default=0)
    bottom = max((each.y + each.height for each in box.paras), default=0)
    shift = (box.h - (bottom - top)) / 2 - top
    return replace(box, paras=tuple(replace(each, y=each.y + shift) for each in box.paras))
