"""A drawing in mm from its top left corner: shapes as SVG without any text, and texts that Typst sets over it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapping.sheet.paper import BASELINE, LEADING, LINE, PT, Paper, height_of
from mapping.styles import TOKENS

Anchor = Literal["start", "middle", "end"]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
TOUCH = 0.05
"""Boxes of texts that share less than this in mm² do not overlap."""


@dataclass(frozen=True)
class Placed:
    """One line of text on a drawing: what it belongs to, its words, where it starts on its baseline, its type."""

    what: str
    text: str
    x: float
    y: float
    width: float
    size: float
    weight: int
    colour: str
    turn: int = 0
    level: int = 0
    """Which heading of the document it is, 0 for none."""
    halo: str = ""
    """Colour of a rim around the letters, which sets them off from lines they stand on."""
    aside: bool = False
    """Whether it only repeats what stands elsewhere in words, so that nobody need have it read out."""

    @property
    def box(self) -> BaseGeometry:
        """The room its letters take: the marks above and below Thai letters are within it."""
        up, down = self.size * PT * BASELINE, self.size * PT * (LINE - BASELINE)
        if not self.turn:
            return shapely.box(self.x, self.y - up, self.x + self.width, self.y + down)
        half, deep = self.width / 2, (up + down) / 2
        return shapely.box(self.x - deep, self.y - half, self.x + deep, self.y + half)


@dataclass
class Canvas:
    """Shapes and texts of one drawing; `marks` are other things that no text may cover."""

    paper: Paper
    width: float
    height: float
    shapes: list[str] = field(default_factory=list)
    texts: list[Placed] = field(default_factory=list)
    marks: list[tuple[str, BaseGeometry]] = field(default_factory=list)
    fills: dict[str, int] = field(default_factory=dict)
    """How many areas wear each fill of the legend."""
    badges: dict[str, int] = field(default_factory=dict)
    """How many areas wear each badge of a plan state."""

    def path(
        self,
        shape: BaseGeometry | str,
        fill: str = "none",
        stroke: str = "none",
        line: float = 0.0,
        dash: str = "",
        opacity: float = 1.0,
    ) -> None:
        """Draw a shape, or path data."""
        data = shape if isinstance(shape, str) else path_data(shape)
        if not data:
            return
        looks = f' stroke="{stroke}" stroke-width="{line:g}"' if stroke != "none" else ""
        looks += f' stroke-dasharray="{dash}"' if dash else ' stroke-linecap="round"'
        looks += f' opacity="{opacity:g}"' if opacity < 1 else ""
        self.shapes.append(f'<path d="{data}" fill="{fill}" fill-rule="evenodd" stroke-linejoin="round"{looks}/>')

    def rectangle(self, box: Box, radius: float = 0.0, **looks: Any) -> None:
        """Draw a rectangle, its corners rounded by `radius`."""
        left, top, right, bottom = box
        r = min(radius, (right - left) / 2, (bottom - top) / 2)
        if r <= 0:
            self.path(f"M{left:.2f},{top:.2f}H{right:.2f}V{bottom:.2f}H{left:.2f}Z", **looks)
            return
        turn = f"a{r:.2f},{r:.2f} 0 0 1 "
        self.path(
            f"M{left + r:.2f},{top:.2f}H{right - r:.2f}{turn}{r:.2f},{r:.2f}V{bottom - r:.2f}{turn}{-r:.2f},{r:.2f}"
            f"H{left + r:.2f}{turn}{-r:.2f},{-r:.2f}V{top + r:.2f}{turn}{r:.2f},{-r:.2f}Z",
            **looks,
        )

    def circle(self, x: float, y: float, radius: float, **looks: Any) -> None:
        """Draw a circle."""
        turn = f"a{radius:.3f},{radius:.3f} 0 1 0 "
        self.path(f"M{x - radius:.2f},{y:.2f}{turn}{2 * radius:.3f},0{turn}{-2 * radius:.3f},0Z", **looks)

    def line(self, points: Sequence[tuple[float, float]], stroke: str, line: float, dash: str = "") -> None:
        """Draw a line through points."""
        self.path("M" + "L".join(f"{x:.2f},{y:.2f}" for x, y in points), stroke=stroke, line=line, dash=dash)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        weight: int = 400,
        colour: str = TOKENS["ink"],
        anchor: Anchor = "middle",
        what: str = "text",
        turn: int = 0,
        level: int = 0,
        halo: str = "",
        aside: bool = False,
    ) -> None:
        """Place one line; y is its baseline. A turned one has its middle at (x, y)."""
        words = self.paper.words(words)
        if not words:
            return
        width = self.paper.width_of(words, size, weight)
        left = x if turn else x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        self.texts.append(Placed(what, words, left, y, width, size, weight, colour, turn, level, halo, aside))

    def paragraph(
        self, x: float, y: float, words: str, room: float, size: float, weight: int = 400,
        colour: str = TOKENS["ink"], what: str = "text",
    ) -> float:  # fmt: skip
        """Write a text in lines of at most `room` from the top at `y` and return its height."""
        lines = self.paper.lines(words, room, size, weight)
        for place, line in enumerate(lines):
            base = y + (BASELINE + place * (LINE + LEADING)) * size * PT
            self.text(x, base, line, size, weight, colour, anchor="start", what=what)
        return height_of(len(lines), size)

    def paste(self, other: "Canvas", x: float, y: float) -> None:
        """Put another drawing on this one, its corner at (x, y)."""
        self.shapes.append(f'<g transform="translate({x:.3f},{y:.3f})">' + "".join(other.shapes) + "</g>")
        self.texts += [replace(one, x=one.x + x, y=one.y + y) for one in other.texts]
        self.marks += [(what, shapely.transform(mark, lambda at: at + np.array([x, y]))) for what, mark in other.marks]

    def svg(self) -> str:
        """Write the shapes."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width:g}mm" height="{self.height:g}mm"'
            f' viewBox="0 0 {self.width:g} {self.height:g}">' + "".join(self.shapes) + "</svg>"
        )

    def to_json(self) -> list[list[Any]]:
        """Return the texts as Typst reads them: words, x, baseline, width in mm, size in pt, weight, colour, …"""
        return [
            [
                *(t.text, *(round(n, 3) for n in (t.x, t.y, t.width, t.size))),
                *(t.weight, t.colour, t.turn, t.level, t.halo, t.aside),
            ]
            for t in self.texts
        ]

    def overlaps(self) -> Iterator[tuple[str, str]]:
        """Yield what covers what: texts on texts, texts on marks, and texts that leave the drawing."""
        inside = shapely.box(-TOUCH, -TOUCH, self.width + TOUCH, self.height + TOUCH)
        boxes = [(f"{t.what}: {t.text}", t.box) for t in self.texts]
        yield from ((name, "edge") for name, box in boxes if not inside.contains(box))
        for (one, first), (other, second) in combinations(boxes, 2):
            if first.intersects(second) and first.intersection(second).area > TOUCH:
                yield one, other
        for what, mark in self.marks:
            for name, box in boxes:
                own = name.split(": ")[0] == what
                if not own and mark.intersects(box) and mark.intersection(box).area > TOUCH:
                    yield what, name


def path_data(shape: BaseGeometry) -> str:
    """Write the path of a shape, to a hundredth of a millimetre; points within that of the one before are dropped."""
    written = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            written += [_points(ring) + "Z" for ring in (part.exterior, *part.interiors)]
        elif part.geom_type in ("LineString", "LinearRing"):
            written.append(_points(part))
        elif hasattr(part, "geoms"):
            written.append(path_data(part))
    return "".join(written)


def _points(line: BaseGeometry) -> str:
    points = [f"{x:.2f},{y:.2f}" for x, y in shapely.get_coordinates(line).tolist()]
    kept = [point for place, point in enumerate(points) if place == 0 or point != points[place - 1]]
    return "M" + "L".join(kept) if kept else ""
