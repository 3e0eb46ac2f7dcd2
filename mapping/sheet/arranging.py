"""Where areas, legend and corner block stand within the frame, at the largest round scale there is room for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, permutations
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapping.sheet.canvas import Canvas
from mapping.sheet.furniture import BAND
from mapping.sheet.view import View, extent, round_scales, view_around

Size = tuple[float, float]
Panel = tuple[float, float, float, float]
"""Left, top, right, bottom of a block that stands on the map."""
CORNERS = ((0, 0), (1, 0), (0, 1), (1, 1))
CLEAR = 1.6
"""Distance in mm that panels keep from the areas."""
ROOM = 2.0
"""Distance in mm that the areas keep from the frame."""
STEPS = 8
"""Into how many steps the slack is parted each way."""


@dataclass(frozen=True)
class Arrangement:
    """The view of a map, the panels of its corner block and its legend, the legend in the form that fitted."""

    view: View
    legend: Sequence[Canvas]
    panels: Sequence[Panel]
    """That of the corner block first."""


def arrange(
    whole: BaseGeometry,
    crs: str,
    size: Size,
    legends: Sequence[Sequence[Canvas]],
    corner: Size,
    zoom: float = 1.0,
) -> Arrangement:
    """Return the largest scale, round once enlarged, at which a legend and the corner block cover no area.

    Each of `legends` is one form of the legend, in as many blocks as shall stand in corners of their own.
    """
    bounds = extent([whole], crs)
    room = (size[0] - 2 * BAND, size[1] - 2 * BAND)
    least = max((bounds[2] - bounds[0]) / (room[0] - 2 * ROOM), (bounds[3] - bounds[1]) / (room[1] - 2 * ROOM)) * 1000
    for scale in round_scales(least / zoom):
        view = view_around(bounds, crs, scale * zoom, *size)
        shape = _cleared(whole, view)
        moves = _moves(shape, room)
        for legend in legends:
            found = _free_corners(shape, moves, size, (corner, *((one.width, one.height) for one in legend)))
            if found:
                return Arrangement(view.moved(*found[0]), legend, found[1])
    raise AssertionError("scales never end")


@lru_cache(64)
def _cleared(whole: BaseGeometry, view: View) -> BaseGeometry:
    """Return what panels must not cover: the areas in mm and a little around them."""
    shape = shapely.simplify(view.place(whole), 0.3).buffer(CLEAR)
    shapely.prepare(shape)
    return shape


def _moves(shape: BaseGeometry, room: Size) -> list[tuple[float, float]]:
    """Return how far a shape may be moved within its room, the middle first."""
    left, top, right, bottom = shape.bounds
    slack = ((room[0] - (right - left)) / 2, (room[1] - (bottom - top)) / 2)
    moves = [(x, y) for y in _steps(slack[1]) for x in _steps(slack[0])]
    return sorted(moves, key=lambda move: abs(move[0]) + abs(move[1]))


def _steps(slack: float) -> Iterator[float]:
    slack = max(slack - 0.5, 0)
    yield 0.0
    for share in range(1, STEPS + 1):
        yield from (share / STEPS * slack, -share / STEPS * slack)


def _free_corners(
    shape: BaseGeometry, moves: Sequence[tuple[float, float]], size: Size, sizes: Sequence[Size]
) -> tuple[tuple[float, float], Sequence[Panel]] | None:
    """Return the first move, and the panels, with nothing covered."""
    free = [_free(shape, moves, size, panel) for panel in sizes]
    choices = []
    for corners in permutations(CORNERS, len(sizes)):
        panels = [_panel(corner, size, panel) for corner, panel in zip(corners, sizes, strict=True)]
        boxes = [shapely.box(*panel).buffer(1) for panel in panels]
        if not any(one.intersects(other) for one, other in combinations(boxes, 2)):
            choices.append((corners, panels))
    first = [
        np.argmax(np.append(np.all([free[number][corner] for number, corner in enumerate(corners)], axis=0), True))
        for corners, _ in choices
    ]
    best = min(range(len(choices)), key=lambda number: first[number], default=None)
    if best is None or first[best] == len(moves):
        return None
    return moves[int(first[best])], choices[best][1]


def _free(
    shape: BaseGeometry, moves: Sequence[tuple[float, float]], size: Size, panel: Size
) -> dict[tuple[int, int], Any]:
    """Say for each corner and move whether a panel covers nothing of the moved areas."""
    found = {}
    x, y = np.array(moves).T
    for corner in CORNERS:
        left, top, right, bottom = _panel(corner, size, panel)
        # the panel is moved the other way, so that the prepared shape stays
        found[corner] = ~shapely.intersects(shape, shapely.box(left - x, top - y, right - x, bottom - y))
    return found


def _panel(corner: tuple[int, int], size: Size, panel: Size) -> Panel:
    x = BAND if corner[0] == 0 else size[0] - BAND - panel[0]
    y = BAND if corner[1] == 0 else size[1] - BAND - panel[1]
    return (x, y, x + panel[0], y + panel[1])
