"""Pages as values: drawings and tables, each at its place in mm on a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from boundaries.errors import SocialMapError
from mapping.sheet.canvas import Canvas
from mapping.sheet.paper import Paper
from mapping.sheet.tables import Table


class SheetFull(SocialMapError):
    """The parts of a sheet need more room than its paper has."""

    key = "error.sheet_full"


@dataclass(frozen=True)
class Block:
    """A drawing or a table with its top left corner; `alt` tells a drawing to those who cannot see it."""

    what: str
    x: float
    y: float
    content: Canvas | Table
    alt: str = ""

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.y + self.content.height


@dataclass
class Page:
    """One page of a sheet, and the pen that fills it downwards."""

    paper: Paper
    blocks: list[Block] = field(default_factory=list)

    def put(self, what: str, content: Canvas | Table, x: float, y: float, alt: str = "") -> float:
        """Place a part and return where it ends. Raises SheetFull where it leaves the page."""
        block = Block(what, x, y, content, alt)
        margin = self.paper.margin - 0.3
        right = x + content.width
        if block.bottom > self.paper.height - margin or right > self.paper.width - margin or x < margin or y < margin:
            raise SheetFull(part=what, need=f"{block.bottom:.0f}", room=f"{self.paper.height - margin:.0f}")
        self.blocks.append(block)
        return block.bottom

    def stack(
        self,
        parts: Sequence[tuple[str, Canvas | Table | Sequence[Table], str]],
        x: float,
        y: float,
        gaps: Sequence[float],
    ) -> float:
        """Place parts under each other, each with the gap before it; tables of a list stand side by side."""
        for (what, content, alt), gap in zip(parts, gaps, strict=True):
            y += gap
            if isinstance(content, Canvas | Table):
                y = self.put(what, content, x, y, alt)
                continue
            at, lowest = x, y
            for table in content:
                lowest = max(lowest, self.put(what, table, at, y))
                at += table.width + 4.0
            y = lowest
        return y


def height_of_part(content: Canvas | Table | Sequence[Table]) -> float:
    """Return the height of a part; tables side by side are as high as the highest."""
    if isinstance(content, Canvas | Table):
        return content.height
    return max(table.height for table in content)
