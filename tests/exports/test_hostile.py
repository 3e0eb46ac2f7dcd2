"""Texts that would run, break a format or hide: they come out of every format as the texts they are."""

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree as Xml

import openpyxl
import pytest

from layers.exporting.cells import printable
from layers.exporting.content import Content
from layers.exporting.formats import Format, write
from tests.exports.made import FORMULAS, HOLED, HOSTILE, content, named
from tests.exports.readers import read
from tests.exports.test_formats import FORMS


def written(made: Content, format: Format, folder: Path) -> Path:
    """Write a content into a file."""
    path = folder / f"made.{format}"
    with path.open("wb") as file:
        write(made, format, file)
    return path


@pytest.mark.parametrize("format", FORMS)
def test_names_come_out_as_they_are(format: Format, tmp_path: Path) -> None:
    """Only what XML cannot hold at all is left out there; a spreadsheet's formula gets a mark before it."""
    names = (*HOSTILE, *FORMULAS)
    found = read(written(named(*names), format, tmp_path), "figures")
    assert len(found) == len(names)
    for row, name in zip(found, names, strict=True):
        meant = name
        if format in ("kml", "kmz", "xlsx"):
            meant = printable(name)
            meant = meant.replace("\r", "\n")
        if format in ("kml", "kmz"):
            meant = meant.strip()  # as the reader hands texts on
        if format == "csv" and name in FORMULAS:
            meant = f"'{name}"
        assert row["name_th"] == meant, (format, name)
        assert float(row["value"]) == -1.5  # a number below zero is no formula
        assert float(row["cases"]) == -3


def test_a_workbook_runs_nothing(tmp_path: Path) -> None:
    """As its XML says: no formula, no link, and codes with zeros before them stay texts."""
    path = written(named(*FORMULAS, "https://evil.invalid/", "0042"), "xlsx", tmp_path)
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
        assert not [name for name in archive.namelist() if "externalLink" in name or "vba" in name]
    assert sheets
    assert not any(b"<f>" in sheet or b"<f " in sheet or b"hyperlink" in sheet for sheet in sheets)
    book = openpyxl.load_workbook(path)
    rows, told = book.worksheets
    assert rows.freeze_panes == "B2"
    assert told.freeze_panes == "A2"
    assert rows["A2"].data_type == "s"
    assert rows["A2"].number_format == "@"
    assert rows["B11"].value == "0042"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_shows_texts_and_thai_years(tmp_path: Path) -> None:
    """The first sheet as LibreOffice reads it: a planted formula is its own text, the day is in พ.ศ."""
    path = written(named("=1+1", "+2+2", "สวนผึ้ง"), "xlsx", tmp_path)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir",
         str(tmp_path), str(path)], check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    lines = list(csv.reader(io.StringIO((tmp_path / "made.csv").read_text("utf-8"))))
    assert [line[1] for line in lines[1:]] == ["=1+1", "+2+2", "สวนผึ้ง"]
    assert [line[0] for line in lines[1:]] == ["9900", "9901", "9902"]
    assert "2569" in lines[1][5]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_is_told_of_a_file_is_text_too(words: str, tmp_path: Path) -> None:
    """Titles, sources, licences and notes, in all formats and in the dictionary."""
    made = content(("9901", "ชื่อ", 1.0, "ok", 1, None, False), words=words)
    held = json.loads(written(made, "geojson", tmp_path).read_text("utf-8"))
    assert {one["th"] for one in held["about"] if one["name"] in ("title", "source", "licence", "note")} == {words}
    rows = read(written(made, "dictionary.csv", tmp_path), "")
    assert [one["meaning_th"] for one in rows if one["name"] == "source"] == [words]
    with sqlite3.connect(written(made, "gpkg", tmp_path)) as package:
        told = package.execute("SELECT meaning_th FROM dictionary WHERE name = 'licence'").fetchone()
        assert told == (words,)
        (metadata,) = package.execute("SELECT metadata FROM gpkg_metadata").fetchone()
        assert json.loads(metadata)["about"][0]["th"] == words
    root = Xml.fromstring(written(made, "kml", tmp_path).read_bytes())
    (title,) = root.findall("./{*}Document/{*}name")
    assert title.text == printable(words).replace("\r", "\n")
    (described,) = root.findall("./{*}Document/{*}description")
    assert "<script" not in (described.text or "")


def test_a_map_with_holes_and_islands_keeps_them(tmp_path: Path) -> None:
    import geopandas
    import shapely

    made = content(("9901", "ชื่อ", 1.0, "ok", 1, None, False))
    for format in ("geojson", "gpkg", "parquet"):
        path = written(made, format, tmp_path)  # type: ignore[arg-type]
        layer = {"layer": "figures"} if format == "gpkg" else {}
        frame = geopandas.read_parquet(path) if format == "parquet" else geopandas.read_file(path, **layer)
        assert shapely.equals(frame.geometry.iloc[0], HOLED)
    rings = Xml.fromstring(written(made, "kml", tmp_path).read_bytes()).findall(".//{*}LinearRing")
    assert len(rings) == 3


@pytest.mark.parametrize("format", FORMS)
def test_a_row_without_a_shape_stays_a_row(format: Format, tmp_path: Path) -> None:
    made = content(("9901", "ชื่อ", None, "hidden", None, None, False), shape=None)
    (row,) = read(written(made, format, tmp_path), "figures")
    assert row["code"] == "9901"
    assert row["value"] in (None, "")


@pytest.mark.parametrize("format", ["geojson", "gpkg", "kml", "kmz", "csv", "dictionary.csv", "parquet"])
def test_the_same_content_is_the_same_bytes(format: Format, tmp_path: Path) -> None:
    made = named("ก", "ข")
    assert written(made, format, tmp_path).read_bytes() == written(made, format, tmp_path).read_bytes()


def test_every_format_tells_sources_licences_day_and_audience(tmp_path: Path) -> None:
    """And what each column means, in both languages."""
    made = content(("9901", "ชื่อ", 1.0, "ok", 1, None, False), words="แหล่งสมมติ")
    wanted = ["แหล่งสมมติ", "สำหรับคณะกรรมการ", "30 ก.ย. 2569", "1 พ.ย. 2569", "จำนวนเรื่อง", "Cases reported"]
    from pyarrow import parquet

    told = {
        "geojson": written(made, "geojson", tmp_path).read_text("utf-8"),
        "kml": written(made, "kml", tmp_path).read_text("utf-8"),
        "csv": written(made, "dictionary.csv", tmp_path).read_text("utf-8"),
        "parquet": parquet.read_schema(written(made, "parquet", tmp_path)).metadata[b"socialmap"].decode(),
        "xlsx": "\n".join(
            str(cell.value)
            for line in openpyxl.load_workbook(written(made, "xlsx", tmp_path)).worksheets[1].iter_rows()
            for cell in line
        ),
    }
    with sqlite3.connect(written(made, "gpkg", tmp_path)) as package:
        told["gpkg"] = "\n".join(map(str, package.execute("SELECT * FROM dictionary")))
    for format, shown in told.items():
        assert [words for words in wanted if words not in shown] == [], format


def test_a_package_is_whole(tmp_path: Path) -> None:
    """As SQLite and GDAL check it: no error, no warning, the layer, its dictionary and its style."""
    path = written(named("ก", "ข"), "gpkg", tmp_path)
    with sqlite3.connect(path) as package:
        assert package.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert package.execute("PRAGMA foreign_key_check").fetchall() == []
        assert package.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        tables = dict(package.execute("SELECT table_name, data_type FROM gpkg_contents"))
        assert tables == {"figures": "features", "dictionary": "attributes", "layer_styles": "attributes"}
    done = subprocess.run(["ogrinfo", "-so", "-al", str(path)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "Geometry: Multi Polygon" in done.stdout
    assert "Feature Count: 2" in done.stdout
