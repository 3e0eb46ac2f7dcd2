"""Screens and slides as paper: any size in mm, type large enough to be read from the back of a room."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from mapping.sheet.paper import PT, Paper
from mapping.thai_text import wrap

WIDTH, HEIGHT = 338.667, 190.5
"""A slide of 16:9 in mm, as presentation programs have it."""
SIZES: Mapping[str, float] = MappingProxyType(
    {
        "title": 25, "subtitle": 13, "heading": 13.5, "fact": 22, "body": 12, "table": 11.5, "tree": 12, "label": 12.5,
        "value": 11, "near": 10.5, "note": 9, "degrees": 6.6,
    }
)  # fmt: skip
"""Type on a slide in pt; what must be read from afar is 11 or more."""
SPARE = 0.96
"""Share of a line that is filled: where Sarabun is not installed, letters are a little wider."""


@dataclass(frozen=True)
class Screen(Paper):
    """A slide or picture. Type is that of slides, `smaller` by a factor; that of tables is stated apart."""

    wide: float = WIDTH
    high: float = HEIGHT
    edge: float = 10.0
    smaller: float = 1.0
    table: float = SIZES["table"]
    strict: bool = False
    """Whether a Thai word that is wider than its line is refused, as on paper, or parted."""

    @property
    def width(self) -> float:
        """Width in mm."""
        return self.wide

    @property
    def height(self) -> float:
        """Height in mm."""
        return self.high

    @property
    def margin(self) -> float:
        """Margin on all sides."""
        return self.edge

    @cached_property
    def sizes(self) -> Mapping[str, float]:
        """Sizes of type by their role."""
        sizes = {**SIZES, "table": self.table, "note": SIZES["note"] + self.table - SIZES["table"]}
        return {role: size * self.smaller for role, size in sizes.items()}

    def lines(self, text: str, room: float, size: float, weight: int = 400) -> list[str]:
        """Break a text into the fewest lines; only a word wider than a whole line is parted, between letters.

        Raises TooNarrow for such a word where it is `strict`.
        """
        if self.strict:
            return super().lines(text, room * SPARE, size, weight)
        return wrap(self.words(text), room * SPARE, size * PT, weight)


def screen(width: float = WIDTH, height: float = HEIGHT, *, edge: float = 10.0, smaller: float = 1.0) -> Screen:
    """Return a screen of a size in mm."""
    way = "landscape" if width >= height else "portrait"
    return Screen("A3", way, False, width, height, edge, smaller)  # type: ignore[arg-type]
