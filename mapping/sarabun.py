"""The widths of Sarabun's letters, read from the very files that a page embeds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from boundaries.errors import SocialMapError
from mapping.made_once import made_once
from mapping.styles import WEIGHTS

FOLDER = Path(__file__).resolve().parents[1] / "api" / "web" / "node_modules" / "@fontsource" / "sarabun" / "files"
SUBSETS = ("latin-ext", "latin", "thai")
WIDE = 1.4
"""Advance in em of a letter that Sarabun lacks: no fallback font draws wider ones."""


class MissingFont(SocialMapError):
    """A font file that text is measured with is not there."""

    key = "error.missing_asset"


@dataclass(frozen=True, eq=False)
class Metrics:
    """Advances in em by weight and character; marks above and below a letter have none."""

    advances: Mapping[int, Mapping[str, float]]

    def width(self, text: str, weight: int = 400) -> float:
        """Return the width of a text in em."""
        known = self.advances[weight]
        return sum(known.get(letter, WIDE) for letter in text)


def default_metrics() -> Metrics:
    """Return the metrics of the font among the project's own web libraries."""
    return load_metrics(FOLDER)


@cache
def load_metrics(folder: Path) -> Metrics:
    """Read Sarabun's advances from a folder of `sarabun-<subset>-<weight>-normal.woff2`. MissingFont."""
    made = made_once("sarabun-widths", [*subset_files(folder), Path(__file__)], partial(_measure, folder))
    told: dict[str, dict[str, float]] = json.loads((made / "widths.json").read_text("utf-8"))
    return Metrics({int(weight): advances for weight, advances in told.items()})


def subset_files(folder: Path) -> list[Path]:
    """Return the files of all subsets and weights. Raises MissingFont."""
    names = [f"sarabun-{subset}-{weight}-normal.woff2" for weight in WEIGHTS for subset in SUBSETS]
    for name in names:
        if not (folder / name).is_file():
            raise MissingFont(name=name, folder=str(folder))
    return [folder / name for name in names]


def _measure(folder: Path, place: Path) -> None:
    widths = {weight: _advances(folder, weight) for weight in WEIGHTS}
    (place / "widths.json").write_text(json.dumps(widths, ensure_ascii=False), "utf-8")


def _advances(folder: Path, weight: int) -> dict[str, float]:
    from fontTools.ttLib import TTFont

    advances: dict[str, float] = {}
    for subset in SUBSETS:
        with TTFont(folder / f"sarabun-{subset}-{weight}-normal.woff2") as font:
            em, widths = font["head"].unitsPerEm, font["hmtx"].metrics
            advances |= {chr(code): widths[glyph][0] / em for code, glyph in font.getBestCmap().items()}
    return advances
