"""Where labels stand on a printed map: inside their area, else beside it at a leader, else as a number of the key.

Pure geometry in mm. A label that finds no place is a failure, never left out.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.errors import SocialMapError
from mapping.sheet.paper import PT, Paper
from mapping.sheet.places import find_inside, free_of, heart

SHRINKS = (1.0, 0.92, 0.85)
"""A label is set this much smaller before it leaves its area."""
REACH = (4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 28, 33)
"""How far a leader may go, in mm."""
ACROSS, ACROSS_SHORT = 9.0, 3.0
"""How much of a leader may cross other areas, in mm: where a number may stand for a name, hardly any."""
FRAME = 0.9
"""Room for the frame around a number, in mm."""
TURNS, TURNS_WITHOUT_NUMBERS = 20, 2
"""How often all labels are placed anew, another one first."""
Line = tuple[str, float, int]
"""Words, size in pt, weight."""
Tier = Literal["inside", "beside", "number", "number beside"]


class NoRoom(SocialMapError):
    """A label has no place on the map, not even as a number."""

    key = "error.sheet_no_room"


@dataclass(frozen=True)
class Label:
    """What is to be written of an area: lines as (words, size, weight), the number that stands for them, a circle."""

    code: str
    shape: BaseGeometry
    lines: tuple[Line, ...]
    number: Line
    radius: float = 0.0
    taller: tuple[Line, ...] = ()
    """The same lines with the name in two, where it can be parted."""
    badge: float = 0.0
    """Room that a badge takes before the name, in mm."""


@dataclass(frozen=True)
class Spot:
    """Where a label stands: its lines, the middle of their block with its size, the point its leader starts from."""

    label: Label
    tier: Tier
    lines: tuple[Line, ...]
    x: float
    y: float
    width: float
    height: float
    radius: float
    point: tuple[float, float]
    tip: tuple[float, float] | None = None
    lifted: bool = False
    """Whether the badge stands above the name, where there is no room before it."""

    @property
    def box(self) -> BaseGeometry:
        """The block with its circle."""
        half, deep = self.width / 2, self.height / 2
        return shapely.box(self.x - half, self.y - deep, self.x + half, self.y + deep)

    @property
    def keyed(self) -> bool:
        """Whether a number stands for the name."""
        return self.tier in ("number", "number beside")


@dataclass
class Field:
    """The drawing that labels are placed on: its free window, the areas, lines to stay off, what is taken."""

    paper: Paper
    window: BaseGeometry
    land: BaseGeometry
    edges: BaseGeometry
    taken: list[BaseGeometry]

    @cached_property
    def coarse(self) -> BaseGeometry:
        """The areas as coarse as is enough to see how far a leader crosses them."""
        coarse = shapely.simplify(self.land, 0.5)
        shapely.prepare(coarse)
        return coarse

    @cached_property
    def ground(self) -> BaseGeometry:
        """Where no label beside its area may stand: the areas with a margin."""
        ground = shapely.simplify(self.land, 0.3).buffer(1.3, quad_segs=4)
        shapely.prepare([ground, self.edges, self.window])
        return ground

    def take(self, spot: Spot) -> None:
        """Keep others off a label, its circle and its leader."""
        self.taken.append(spot.box.buffer(0.6, join_style="mitre"))
        if spot.tip is not None:
            self.taken.append(shapely.linestrings([spot.point, spot.tip]).buffer(0.4))
            self.taken.append(shapely.points(*spot.point).buffer(max(spot.radius, 0.5) + 0.4))


def place_all(field: Field, labels: Sequence[Label], *, numbers: bool = True) -> list[Spot]:
    """Place all labels, the smallest areas first; without `numbers` none may stand for a name. Raises NoRoom.

    Where one finds no place, all are placed anew with that one first.
    """
    order = sorted(labels, key=lambda one: (one.shape.area, one.code))
    free = list(field.taken)
    for _ in range(TURNS if numbers else TURNS_WITHOUT_NUMBERS):
        field.taken[:] = free
        placed, failed = _in_order(field, order, numbers)
        if failed is None:
            return placed
        order.remove(failed)
        order.insert(0, failed)
    raise NoRoom(code=order[0].code)


def _in_order(field: Field, order: Sequence[Label], numbers: bool) -> tuple[list[Spot], Label | None]:
    """Place labels one after the other; return the first that finds no place."""
    placed: list[Spot] = []
    for label in order:
        spot = next(_tries(field, label, numbers), None)
        if spot is None:
            return placed, label
        field.take(spot)
        placed.append(spot)
    return placed, None


def _tries(field: Field, label: Label, numbers: bool) -> Iterator[Spot]:
    for lines, lifted in _forms(label):
        if spot := _inside(field, label, lines, "inside", label.radius, lifted=lifted):
            yield spot
    if spot := _beside(field, label, label.lines, "beside", ACROSS_SHORT if numbers else ACROSS):
        yield spot
    if not numbers:
        return
    for shrink in SHRINKS:
        words, size, weight = label.number
        if spot := _inside(field, label, ((words, size * shrink, weight),), "number", label.radius):
            yield spot
    if spot := _beside(field, label, (label.number,), "number beside", ACROSS):
        yield spot
    if spot := _beside(field, label, (label.number,), "number beside", math.inf, on_land=True):
        yield spot


def _forms(label: Label) -> Iterator[tuple[tuple[Line, ...], bool]]:
    """Yield the lines of a label in the forms and sizes it is tried in, and whether its badge stands above them."""
    for lifted in (False, True) if label.badge else (False,):
        for wanted in filter(None, (label.lines, label.taller)):
            for shrink in SHRINKS:
                yield tuple((words, size * shrink, weight) for words, size, weight in wanted), lifted


def block_size(paper: Paper, lines: Sequence[Line], radius: float, badge: float = 0.0) -> tuple[float, float]:
    """Return width and height of a label's block: a circle above its lines, a badge before the first of them."""
    width = max(paper.width_of(*line) + (0.0 if place else badge) for place, line in enumerate(lines))
    height = sum(line_pitch(size) for _, size, _ in lines)
    return max(width, 2 * radius), height + (2 * radius + 0.7 if radius else 0)


def line_pitch(size: float) -> float:
    """Return how much height a line of a label takes, in mm."""
    return size * PT * 1.3


def _inside(
    field: Field, label: Label, lines: tuple[Line, ...], tier: Tier, radius: float, *, lifted: bool = False
) -> Spot | None:
    before = label.badge if tier == "inside" and not lifted else 0.0
    width, height = block_size(field.paper, lines, radius, before)
    height += label.badge if lifted else 0.0
    width += FRAME if tier == "number" else 0
    margin = 0.7 if tier == "inside" else 0.25
    spot = find_inside(label.shape, width, height, field.taken, margin)
    if spot is None:
        return None
    point = (spot[0], spot[1] - height / 2 + radius)
    return Spot(label, tier, lines, *spot, width, height, radius, point, lifted=lifted)


def _beside(
    field: Field, label: Label, lines: tuple[Line, ...], tier: Tier, across: float, *, on_land: bool = False
) -> Spot | None:
    """Find a place outside all areas, near and off every line; the circle stays in its area.

    The leader crosses other areas for at most `across` mm. `on_land` lets a number stand in a larger area nearby.
    """
    width, height = block_size(field.paper, lines, 0, label.badge if tier == "beside" else 0.0)
    width += FRAME if tier == "number beside" else 0
    radius = label.radius
    start = _start(field, label.shape, max(radius, 0.5))
    if start is None:
        return None
    reach, angle = np.meshgrid(np.array(REACH, dtype=float) + radius, np.radians(np.arange(0, 360, 10)), indexing="ij")
    tip_x, tip_y = (start[0] + reach * np.cos(angle)).ravel(), (start[1] + reach * np.sin(angle)).ravel()
    side = np.where(tip_x > start[0] + 1, 1, np.where(tip_x < start[0] - 1, -1, 0))
    x = tip_x + side * (width / 2 + 0.4)
    y = tip_y + np.where(side == 0, np.sign(tip_y - start[1]) * (height / 2 + 0.3), 0)
    blocks = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    ends = np.stack([np.broadcast_to(start, (len(x), 2)), np.column_stack([tip_x, tip_y])], axis=1)
    leaders = shapely.linestrings(ends)
    good = shapely.contains(field.window, blocks)
    good[good] = ~shapely.intersects(field.edges if on_land else field.ground, blocks[good])
    good[good] = free_of(blocks[good], field.taken) & free_of(leaders[good], field.taken)
    crossed, over = np.zeros(len(blocks), dtype=bool), np.zeros(len(blocks))
    if good.any():
        crossed[good] = shapely.intersects(field.edges, blocks[good])
        own = shapely.length(shapely.intersection(leaders[good], label.shape))
        over[good] = shapely.length(shapely.intersection(leaders[good], field.coarse)) - own
    good &= over <= across
    if not good.any():
        return None
    cost = reach.ravel() + 8 * crossed + 2 * over + 3 * np.abs(tip_y - start[1]) / reach.ravel()
    best = int(np.argmin(np.where(good, cost, np.inf)))
    tip = (float(tip_x[best]), float(tip_y[best]))
    return Spot(label, tier, lines, float(x[best]), float(y[best]), width, height, radius, start, tip)


def _start(field: Field, shape: BaseGeometry, radius: float) -> tuple[float, float] | None:
    """Return where a leader starts: the heart of a shape, else the free place for a dot or circle nearest to it."""
    centre = heart(shape)
    if free_of(np.array([shapely.points(*centre).buffer(radius)]), field.taken).all():
        return centre
    left, top, right, bottom = shape.bounds
    step = max(0.4, shape.area**0.5 / 20)
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(left, right, step), np.arange(top, bottom, step)))
    inside = shapely.contains_xy(shape.buffer(-0.6), x, y)
    x, y = x[inside], y[inside]
    free = free_of(shapely.buffer(shapely.points(x, y), radius), field.taken)
    if not free.any():
        return None
    best = int(np.argmin(np.where(free, (x - centre[0]) ** 2 + (y - centre[1]) ** 2, np.inf)))
    return float(x[best]), float(y[best])
