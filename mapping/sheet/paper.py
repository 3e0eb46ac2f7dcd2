"""Paper: its size and margins in mm, and how a sheet writes on it: type in pt, Thai broken in Python, digits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from boundaries.errors import SocialMapError
from mapping.styles import PRINT_SIZES
from mapping.thai_text import normalise, runs, text_width, wrap

PaperName = Literal["A0", "A1", "A3", "A4"]
Orientation = Literal["landscape", "portrait"]
PT = 25.4 / 72
"""A point in mm."""
SIDES: Mapping[PaperName, tuple[float, float]] = {
    "A0": (1189, 841),
    "A1": (841, 594),
    "A3": (420, 297),
    "A4": (297, 210),
}
ZOOM: Mapping[PaperName, float] = {"A0": 2.0, "A1": 1.5}
"""Sheets for walls are laid out on paper so many times smaller and enlarged when set: type, lines and margins grow, and
there is still more room for the map than on A3."""
MARGIN, MARGIN_A4 = 10.0, 9.0
LINE, LEADING = 1.18, 0.14
"""Height of a line and the room to the next one, in sizes of its type."""
BASELINE = 0.93
"""From the top of a line to its baseline, in sizes of its type."""
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
THAI = re.compile("[\u0e01-\u0e4e]")
_CODES = re.compile(r"([A-Za-z][A-Za-z0-9._:/-]*)")


class BadPaper(SocialMapError):
    """A paper or an orientation that sheets are not made for."""

    key = "error.bad_paper"


class TooNarrow(SocialMapError):
    """A word is wider than the column it is to stand in; words are never cut."""

    key = "error.sheet_narrow"


@dataclass(frozen=True)
class Paper:
    """One page's paper and how it is written on; lengths in mm and sizes of type in pt, both before it is enlarged."""

    name: PaperName
    orientation: Orientation
    thai_digits: bool = False

    @property
    def width(self) -> float:
        """Width of the page before it is enlarged."""
        return SIDES[self.name][0 if self.orientation == "landscape" else 1] / self.zoom

    @property
    def height(self) -> float:
        """Height of the page before it is enlarged."""
        return SIDES[self.name][1 if self.orientation == "landscape" else 0] / self.zoom

    @property
    def zoom(self) -> float:
        """How many times everything is enlarged when it is set."""
        return ZOOM.get(self.name, 1.0)

    @property
    def margin(self) -> float:
        """Margin on all sides."""
        return MARGIN if self.large else MARGIN_A4

    @property
    def large(self) -> bool:
        """Whether map and mind map share a page."""
        return self.name != "A4"

    @cached_property
    def sizes(self) -> Mapping[str, float]:
        """Sizes of type by their role."""
        return {role: pair[0 if self.large else 1] for role, pair in PRINT_SIZES.items()}

    def words(self, text: str) -> str:
        """Return a text as it is printed: normalised, with Thai digits where they are wanted; codes keep theirs."""
        text = normalise(text)
        if not self.thai_digits:
            return text
        parts = _CODES.split(text)
        return "".join(part if place % 2 else part.translate(THAI_DIGITS) for place, part in enumerate(parts))

    def width_of(self, text: str, size: float, weight: int = 400) -> float:
        """Return the width of a line that is printed."""
        return text_width(self.words(text), size * PT, weight)

    def lines(self, text: str, room: float, size: float, weight: int = 400) -> list[str]:
        """Break a text into the fewest lines of at most `room`, never inside a Thai word. Raises TooNarrow."""
        thai = (run.rstrip() for run in runs(self.words(text)) if THAI.search(run))
        if any(text_width(run, size * PT, weight) > room + 0.01 for run in thai):
            raise TooNarrow(words=text, room=f"{room:.0f}")
        return wrap(self.words(text), room, size * PT, weight)


def height_of(lines: int, size: float) -> float:
    """Return the height of so many lines of one type."""
    return (lines * LINE + max(lines - 1, 0) * LEADING) * size * PT


def to_paper(name: str, orientation: str, thai_digits: bool = False) -> Paper:
    """Return the paper of that name in either case; raise BadPaper."""
    found, way = name.upper(), orientation.lower()
    if found not in SIDES or way not in ("landscape", "portrait"):
        raise BadPaper(paper=f"{name} {orientation}", allowed=f"{', '.join(SIDES)} · landscape, portrait")
    return Paper(found, way, thai_digits)  # type: ignore[arg-type]
