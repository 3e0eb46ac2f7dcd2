"""Sarabun as one file a weight for printing, made of the very subsets that pages embed.

Typst writes a cluster twice into the text layer when its tone mark stands higher or lower than drawn; so the anchors
of marks on marks are levelled by at most 0.06 em. Sarabun's OFL names no reserved font name: it may keep its own.
"""

import io
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from mapping.sarabun import FOLDER, SUBSETS, MissingFont
from mapping.styles import WEIGHTS

FAMILY = "Sarabun"
LEVEL_WITHIN = 60
"""Units of 1/1000 em by which an anchor may be moved."""


@cache
def print_fonts(folder: Path = FOLDER) -> Any:
    """Return Sarabun as Typst takes it, made once a process. Raises MissingFont."""
    import typst

    place = _made(folder)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[place.name])


@cache
def _made(folder: Path) -> "tempfile.TemporaryDirectory[str]":
    place = tempfile.TemporaryDirectory(prefix="socialmap-fonts-")
    for weight in WEIGHTS:
        _merged(folder, weight).save(Path(place.name) / f"sarabun-{weight}.ttf")
    return place


def _merged(folder: Path, weight: int) -> Any:
    """Merge the subsets of a weight into one font with levelled marks."""
    from fontTools.merge import Merger
    from fontTools.ttLib import TTFont

    opened = []
    for subset in reversed(SUBSETS):
        path = folder / f"sarabun-{subset}-{weight}-normal.woff2"
        if not path.is_file():
            raise MissingFont(name=path.name, folder=str(folder))
        font = TTFont(path, recalcTimestamp=False)
        font.flavor = None
        plain = io.BytesIO()
        font.save(plain)
        plain.seek(0)
        opened.append(plain)
    merged = Merger().merge(opened)
    _level_marks(merged)
    merged.recalcTimestamp = False
    merged["head"].created = merged["head"].modified = 0
    return merged


def _level_marks(font: Any) -> None:
    """Move the anchors that a tone mark over a vowel is set on to the height of the tone mark's own."""
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            if type(table).__name__ != "MarkMarkPos":
                continue
            heights = [record.MarkAnchor.YCoordinate for record in table.Mark1Array.MarkRecord]
            for record in table.Mark2Array.Mark2Record:
                for anchor in filter(None, record.Mark2Anchor):
                    near = min(heights, key=lambda height: abs(height - anchor.YCoordinate))
                    if abs(near - anchor.YCoordinate) <= LEVEL_WITHIN:
                        anchor.YCoordinate = near
