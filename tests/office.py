"""Office files as other programs see them: LibreOffice with Sarabun at hand, poppler's text, boxes measured anew."""

import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from mapping.sheet.fonts import font_folder
from mapping.thai_text import text_width

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None or shutil.which("pdftotext") is None, reason="needs LibreOffice and poppler-utils"
)
MM, PT = 36_000, 25.4 / 72
"""A millimetre in EMU, a point in mm."""
FOLDERS = "<dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>"
FONTS = f'<?xml version="1.0"?><fontconfig>{FOLDERS}</fontconfig>'


def to_pdfs(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Have LibreOffice turn files into PDF, in one run of a profile of its own."""
    config = folder / "fonts.conf"
    config.write_text(FONTS.format(fonts=font_folder(), cache=folder / "fontcache"), "utf-8")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, paths)]
    surroundings = {**os.environ, "FONTCONFIG_FILE": str(config)}
    subprocess.run(command, check=True, capture_output=True, env=surroundings, timeout=240)
    return [folder / f"{path.stem}.pdf" for path in paths]


def pages_of(pdf: Path) -> list[str]:
    """Return the text of each page."""
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True)
    return done.stdout.split("\f")[:-1]


def fonts_of(pdf: Path) -> str:
    return subprocess.run(["pdffonts", str(pdf)], check=True, capture_output=True, text=True).stdout


def xml_of(content: bytes, folder: Path, name: str) -> str:
    """Return a part of an Office file."""
    path = folder / "file.zip"
    path.write_bytes(content)
    with zipfile.ZipFile(path) as opened:
        return opened.read(name).decode()


def overfull(deck: Any) -> Iterator[str]:
    """Yield what does not fit: boxes off the slide, lines wider than their box, text higher than it, rows likewise."""
    wide, high = deck.slide_width / MM, deck.slide_height / MM
    for number, slide in enumerate(deck.slides, start=1):
        for shape in slide.shapes:
            left, top = shape.left / MM, shape.top / MM
            right, bottom = left + shape.width / MM, top + shape.height / MM
            if left < -0.1 or top < -0.1 or right > wide + 0.1 or bottom > high + 0.1:
                yield f"{number} {shape.name} leaves the slide"
            if shape.has_text_frame and shape.text_frame.text.strip():
                yield from (f"{number} {shape.name}: {said}" for said in _overfull_frame(shape, shape.text_frame))
            elif getattr(shape, "has_table", False):
                yield from (f"{number} table: {said}" for said in _overfull_table(shape, high))


def _overfull_frame(shape: Any, frame: Any) -> Iterator[str]:
    room = (shape.width - frame.margin_left - frame.margin_right) / MM
    yield from _wide_lines(frame, room)
    tall = _height(frame)
    if tall > shape.height / MM + 0.4:
        yield f"text {tall:.1f} mm in {shape.height / MM:.1f}: {frame.text[:40]}"


def _overfull_table(shape: Any, high: float) -> Iterator[str]:
    table, bottom = shape.table, shape.top / MM
    for row in table.rows:
        bottom += row.height / MM
        for column, cell in zip(table.columns, row.cells, strict=True):
            yield from _wide_lines(cell.text_frame, (column.width - cell.margin_left - cell.margin_right) / MM)
            if _height(cell.text_frame) > row.height / MM + 0.1:
                yield f"cell higher than its row: {cell.text_frame.text[:40]}"
    if bottom > high - 8:
        yield f"ends at {bottom:.0f} mm"


def _wide_lines(frame: Any, room: float) -> Iterator[str]:
    for paragraph in frame.paragraphs:
        properties = paragraph._p.pPr
        indent = int(properties.get("marL", "0")) / MM if properties is not None else 0.0
        for line in _lines(paragraph):
            size = max(run.font.size.pt for run in line)
            bold = 700 if any(run.font.bold for run in line) else 400
            words = "".join(run.text for run in line).split("\t")[-1]
            if text_width(words, size * PT, bold) > room - indent + 0.3:
                yield f"too wide: {words}"


def _lines(paragraph: Any) -> Iterator[list[Any]]:
    """Yield the runs of each line; a field's text is none."""
    runs = {run._r: run for run in paragraph.runs}
    line: list[Any] = []
    for child in paragraph._p:
        if child.tag.endswith("}br"):
            yield line
            line = []
        elif child in runs:
            line.append(runs[child])
    if line:
        yield line


def _height(frame: Any) -> float:
    """Return the height of all lines in mm, at 1.3 times the size of their type as Sarabun asks for."""
    return sum(
        1.3 * max(run.font.size.pt for run in line) * PT for paragraph in frame.paragraphs for line in _lines(paragraph)
    )
