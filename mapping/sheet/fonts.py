"""Sarabun as one file a weight for printing, made of the very subsets that pages embed.

Typst writes a cluster twice into the text layer when its tone mark stands higher or lower than drawn; so the anchors
of marks on marks are levelled by at most 0.06 em. Sarabun's OFL names no reserved font name: it may keep its own.
"""

import io
from functools import cache, partial
from pathlib import Path
from typing import Any

from mapping.made_once import installed, made_once
from mapping.sarabun import FOLDER, SUBSETS, subset_files
from mapping.styles import WEIGHTS

FAMILY = "Sarabun"
MARK_WITHIN, BASE_WITHIN, SAME_WITHIN = 60, 40, 5
"""Units of 1/1000 em by which an anchor of a mark or letter may be moved; heights of marks so near are one."""


@cache
def print_fonts(folder: Path = FOLDER) -> Any:
    """Return Sarabun as Typst takes it, made once a machine. Raises MissingFont."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder(folder))])


@cache
def font_folder(folder: Path = FOLDER) -> Path:
    """Return the folder with one file a weight. Raises MissingFont."""
    sources = [*subset_files(folder), Path(__file__), installed("fontTools")]
    return made_once("sarabun-print", sources, partial(_make, folder))


def _make(folder: Path, place: Path) -> None:
    for weight in WEIGHTS:
        _merged(folder, weight).save(place / f"sarabun-{weight}.ttf")


def _merged(folder: Path, weight: int) -> Any:
    """Merge the subsets of a weight into one font with levelled marks."""
    from fontTools.merge import Merger
    from fontTools.ttLib import TTFont

    opened = []
    for subset in reversed(SUBSETS):
        font = TTFont(folder / f"sarabun-{subset}-{weight}-normal.woff2", recalcTimestamp=False)
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
    """Move anchors so that a mark stands exactly as high as it is drawn, over a vowel as over a letter."""
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            kind = type(table).__name__
            if kind == "MarkMarkPos":
                rows = [record.Mark2Anchor for record in table.Mark2Array.Mark2Record]
                _level(table.Mark1Array.MarkRecord, rows, MARK_WITHIN)
            elif kind == "MarkBasePos":
                rows = [record.BaseAnchor for record in table.BaseArray.BaseRecord]
                _level(table.MarkArray.MarkRecord, rows, BASE_WITHIN)


def _level(marks: Any, rows: list[Any], within: int) -> None:
    """Bring the marks of a table to few heights, then each anchor they are set on to the nearest of its class."""
    heights: dict[int, list[int]] = {}
    for mark in sorted(marks, key=lambda one: -_count(marks, one)):
        known = heights.setdefault(mark.Class, [])
        near = min(known, key=lambda height: abs(height - mark.MarkAnchor.YCoordinate), default=None)
        if near is not None and abs(near - mark.MarkAnchor.YCoordinate) <= SAME_WITHIN:
            mark.MarkAnchor.YCoordinate = near
        else:
            known.append(mark.MarkAnchor.YCoordinate)
    for row in rows:
        for number, anchor in enumerate(row):
            if anchor is not None and heights.get(number):
                near = min(heights[number], key=lambda height: abs(height - anchor.YCoordinate))
                if abs(near - anchor.YCoordinate) <= within:
                    anchor.YCoordinate = near


def _count(marks: Any, one: Any) -> int:
    """Count the marks of a mark's class and height."""
    own = (one.Class, one.MarkAnchor.YCoordinate)
    return sum((mark.Class, mark.MarkAnchor.YCoordinate) == own for mark in marks)
