"""Any CSV gets its area codes; bad rows are named, and nothing half-written stays."""

import csv
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from boundaries.areas import AreaIndex, load_index
from boundaries.tagging import (
    ADDED,
    AlreadyTagged,
    CsvColumnMissing,
    EmptyCsv,
    NotAFile,
    NotCsv,
    TagReport,
    Unusable,
    tag_file,
    whole_file,
)
from tests.shared import shared


@pytest.fixture
def index(demo_session: Session) -> AreaIndex:
    """The invented province made ready for bulk matching."""
    return load_index(demo_session)


def tag(index: AreaIndex, folder: Path, content: str | bytes, **options: str) -> tuple[TagReport, list[dict[str, str]]]:
    """Tag a file of this content; return the report and the rows written."""
    source, target = folder / "points.csv", folder / "tagged.csv"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    report = tag_file(index, source, target, **options)  # type: ignore[arg-type]
    with target.open(encoding="utf-8-sig", newline="") as stream:
        return report, list(csv.DictReader(stream))


@pytest.mark.parametrize(
    "header",
    [
        "lat,lon", "Lat,Long", "LATITUDE,LONGITUDE", "ละติจูด,ลองจิจูด", "latitude,lng", " Lat , Lon ",
        "lat;lon", "lat\tlon",
    ],
)  # fmt: skip
def test_columns_are_recognised(index: AreaIndex, tmp_path: Path, header: str) -> None:
    sign = next((sign for sign in ";\t" if sign in header), ",")
    _, rows = tag(index, tmp_path, f"{header}\n11.0{sign}100.68\n")
    assert [rows[0][name] for name in ADDED] == ["990101", "9901", "99", "inside"]


def test_every_row_and_column_stays_as_it_was(index: AreaIndex, tmp_path: Path) -> None:
    content = 'id,lat,lon,"note, long"\r\n007,11.0,100.68,"a ""b"", c\nd"\r\n\r\n8,10.885,100.78,\r\n'
    report, rows = tag(index, tmp_path, content)
    assert [row["id"] for row in rows] == ["007", "8"]
    assert rows[0]["note, long"] == 'a "b", c\nd'
    assert (report.rows, dict(report.matches)) == (2, {"inside": 2})


@pytest.mark.parametrize(("encoding", "bom"), [("utf-8", False), ("utf-8-sig", True), ("cp874", True)])
def test_encodings(index: AreaIndex, tmp_path: Path, encoding: str, bom: bool) -> None:
    _, rows = tag(index, tmp_path, "ชื่อ,ละติจูด,ลองจิจูด\nบ้านหัวทุ่ง,11.0,100.68\n".encode(encoding))
    assert rows[0]["ชื่อ"] == "บ้านหัวทุ่ง"
    assert (tmp_path / "tagged.csv").read_bytes().startswith(b"\xef\xbb\xbf") is bom


def test_rows_that_cannot_be_used_keep_empty_codes_and_are_named(index: AreaIndex, tmp_path: Path) -> None:
    usable = "10.7,100.6\n11.32,101.235\n๑๑.๐,๑๐๐.๖๘\n"
    content = f"lat,lon\n11.0,100.68\n,\nx,100\n100.68,11.0\n1216000,683000\nnan,nan\n{usable}11.0\n"
    report, rows = tag(index, tmp_path, content)
    assert [row["area_match"] for row in rows] == [
        "inside", *["unusable"] * 5, "outside", "nearest", "inside", "unusable",
    ]  # fmt: skip
    assert all(row["province_code"] == "" for row in rows if row["area_match"] in ("unusable", "outside"))
    assert [(bad.line, bad.reason) for bad in report.unusable] == [
        (3, "no_number"), (4, "no_number"), (5, "swapped"), (6, "no_degrees"), (7, "no_number"), (11, "no_number"),
    ]  # fmt: skip
    assert report.unusable[3] == Unusable(6, "no_degrees", "1216000", "683000")


def test_disagreements_with_the_files_own_codes(index: AreaIndex, tmp_path: Path) -> None:
    content = "lat,lon,p,a\n11.0,100.68,99,1\n11.0,100.68,99,02\n11.0,100.68,98,01\n10.7,100.6,99,01\nx,y,99,01\n"
    report, _ = tag(index, tmp_path, content, check_district="p+a", check_province="p")
    assert dict(report.compared) == {"district": 4, "province": 4}
    assert [(each.line, each.level, each.own, each.found) for each in report.disagreements] == [
        (3, "district", "9902", "9901"),
        (4, "district", "9801", "9901"),
        (4, "province", "98", "99"),
        (5, "district", "9901", None),
        (5, "province", "99", None),
    ]


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", EmptyCsv, "empty"),
        (b" \n\n", EmptyCsv, "empty"),
        (b"lat,lon\n", EmptyCsv, "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", NotCsv, "no CSV"),
        (b"\xff\xfe\xdb\xdc" * 9, NotCsv, "no CSV"),
        (b"lat,lon\n1,2,3,4\n", NotCsv, "line 2"),
        (b'lat,lon\n"11.0,100.68\n', NotCsv, "no CSV"),
        (b"<html><body>lat lon</body></html>\n1\n", CsvColumnMissing, "no column lat"),
        (b'{"lat": 11.0, "lon": 100.68}', CsvColumnMissing, "no column lat"),
        (b"lat,name\n11.0,x\n", CsvColumnMissing, "no column lon"),
        (b"lat,lon,district_code\n11.0,100.68,x\n", AlreadyTagged, "district_code"),
    ],
)
def test_files_that_cannot_be_tagged_leave_nothing(
    index: AreaIndex, tmp_path: Path, content: bytes, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        tag(index, tmp_path, content)
    assert [path.name for path in tmp_path.iterdir()] == ["points.csv"]


def test_an_older_result_survives_a_failure(index: AreaIndex, tmp_path: Path) -> None:
    (tmp_path / "tagged.csv").write_text("older")
    with pytest.raises(NotCsv):
        tag(index, tmp_path, b"lat,lon\n11.0,100.68\n1,2,3\n")
    assert (tmp_path / "tagged.csv").read_text() == "older"


def test_the_target_must_be_a_file(index: AreaIndex, tmp_path: Path) -> None:
    source = tmp_path / "points.csv"
    source.write_text("lat,lon\n11.0,100.68\n")
    for target in (tmp_path, Path("/dev/full")):
        with pytest.raises(NotAFile, match="ordinary file"):
            tag_file(index, source, target)
    with pytest.raises(FileNotFoundError):
        tag_file(index, source, tmp_path / "none" / "tagged.csv")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB."""
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_leaves_nothing_half_written(index: AreaIndex, tmp_path: Path, small_disk: Path) -> None:
    source, target = tmp_path / "points.csv", small_disk / "tagged.csv"
    source.write_text("lat,lon\n" + "11.0,100.68\n" * 20_000)
    with pytest.raises(OSError, match="No space left"):
        tag_file(index, source, target)
    assert list(small_disk.iterdir()) == []


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    with pytest.raises(ZeroDivisionError), whole_file(target) as stream:
        stream.write(str(1 / 0))
    assert list(tmp_path.iterdir()) == []
    with whole_file(target) as stream:
        stream.write("ก")
    assert target.read_text("utf-8") == "ก"


@pytest.mark.shared
def test_low_income_communities_by_coordinates_alone(thailand_index: AreaIndex, tmp_path: Path) -> None:
    source = shared("data/cases/low_income_communities.csv")
    report = tag_file(
        thailand_index,
        source,
        tmp_path / "tagged.csv",
        check_district="PROV_CODE_1+AMP_CODE_1",
        check_province="PROV_CODE_1",
    )
    assert (report.rows, report.unusable) == (1588, [])
    assert dict(report.compared) == {"district": 1588, "province": 1588}
    assert len([each for each in report.disagreements if each.level == "district"]) <= 12
    assert len([each for each in report.disagreements if each.level == "province"]) <= 2
