"""Every trouble of offices' files, one small synthetic file each, against what must be read out of it."""

import re
from pathlib import Path

import pytest

from boundaries.messages import catalogue
from layers.files.opening import open_table
from layers.files.table import Asked, FileTable
from tests.layers.files import made
from tests.layers.files.expected import ALL, Made


def note_keys(table: FileTable) -> tuple[str, ...]:
    """Find the keys of a table's notes by their words."""

    def matches(template: str, words: str) -> bool:
        return re.fullmatch(re.sub(r"\\{\w+\\}", "(.*)", re.escape(template)), words, re.S) is not None

    found = []
    for note in table.detected.notes:
        [key] = [key for key, words in catalogue().items() if key.startswith("file.") and matches(words.th, note.th)]
        found.append(key)
    return tuple(found)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_file_is_read_as_expected(one: Made, tmp_path: Path) -> None:
    path = tmp_path / one.name
    one.write(path)
    table = open_table(path, one.asked)
    rows = list(table.rows())
    data = [row for row in rows if row.kind == "data"]
    place, heading, value = one.probe
    assert table.header == one.header
    assert {row.number: row.kind for row in rows if row.kind != "data"} == one.others
    assert len(data) == one.rows
    assert data[place].cells[table.header.index(heading)] == value
    assert all(len(row.cells) == len(table.header) for row in rows)
    found = table.detected
    assert (found.kind, found.encoding, found.header_rows, found.crs) == (
        one.kind,
        one.encoding,
        one.header_rows,
        one.crs,
    )
    assert note_keys(table) == one.notes
    assert list(table.rows()) == rows, "rows are read anew at every call"


def test_there_are_fixtures_enough() -> None:
    assert len(ALL) >= 30
    assert len({one.name for one in ALL}) == len(ALL)


@pytest.mark.parametrize(
    ("asked", "header", "cell"),
    [
        (Asked(encoding="cp874"), 4, None),
        (Asked(separator=";"), 1, "001,ผู้สูงอายุอยู่คนเดียว,จอมบึง,12"),
        (Asked(separator="pipe"), 1, None),
        (Asked(kind="tsv"), 1, None),
        (Asked(header_rows=(2, 2)), 4, "002"),
        (Asked(header_rows=(1, 2)), 4, "002"),
        (Asked(header_rows=(0, 0)), 4, "เลขที่"),
    ],
    ids=str,
)
def test_what_is_asked_overrules(asked: Asked, header: int, cell: str | None, tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    made.plain()(path)
    table = open_table(path, asked)
    assert len(table.header) == header
    if cell is not None:
        assert next(table.rows()).cells[0].replace('"', "") == cell


def test_a_header_over_two_asked_rows_is_joined(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    made.plain()(path)
    assert open_table(path, Asked(header_rows=(1, 2))).header[0] == "เลขที่ · 001"


def test_the_name_that_is_shown_is_the_users(tmp_path: Path) -> None:
    path = tmp_path / "upload-1"
    made.plain()(path)
    assert open_table(path, name="ของฉัน.csv").name == "ของฉัน.csv"


def test_a_shapefile_is_read_with_the_files_beside_it(tmp_path: Path) -> None:
    for name, content in made.shape_parts(cpg="874", stem="บ้าน").items():
        (tmp_path / name.replace(".dbf", ".DBF")).write_bytes(content)
    (tmp_path / "อื่น.dbf").write_bytes(b"not asked for")
    table = open_table(tmp_path / "บ้าน.shp")
    assert [row.cells[0] for row in table.rows()] == ["บ้านหนึ่ง", "บ้านสอง"]
    assert table.detected.crs == "EPSG:4326"


def test_thai_names_in_a_zip_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "old.zip"
    made.packed(made.shape_parts(cpg="874"), old_names=True)(path)
    assert open_table(path).detected.layers == ("หมู่บ้าน",)


def test_a_place_in_an_area_lies_beside_its_hole(tmp_path: Path) -> None:
    path = tmp_path / "area.zip"
    made.packed(made.shape_parts([made.AREA], cpg="874"))(path)
    [row] = open_table(path).rows()
    assert made.AREA.contains(made.shapely.Point(float(row.cells[-2]), float(row.cells[-1])))
    assert not made.AREA.contains(made.shapely.Point(99.5, 13.5))
