"""Hostile and damaged files are refused by name, in both languages, quickly and in bounded memory."""

import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from api.settings import PROJECT
from boundaries.errors import SocialMapError
from layers.files import errors
from layers.files.opening import open_table
from layers.files.table import Asked
from tests.layers.files import made
from tests.layers.files.expected import ALL, Made
from tests.layers.files.hostile import HOSTILE, Hostile

SECONDS = 20
"""Each takes a second or two on a machine with nothing else to do."""
MEGABYTES = 400
BOUNDED = """
import re, sys
from pathlib import Path
from boundaries.errors import SocialMapError
from layers.files.opening import open_table
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        sum(1 for _ in open_table(path).rows())
    except SocialMapError:
        continue
    sys.exit(f"{path.name} was read")
told = Path("/proc/self/status").read_text()  # ru_maxrss would tell of the process that started this one, too
print(int(re.search(r"VmHWM:\\s+(\\d+)", told)[1]) // 1024)
"""


@pytest.mark.parametrize("one", HOSTILE, ids=lambda one: one.name)
def test_is_refused(one: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    path = tmp_path / one.name
    one.write(path)
    began = time.monotonic()
    with pytest.raises(one.refusal) as refused:
        list(open_table(path).rows())
    assert time.monotonic() - began < SECONDS
    assert type(refused.value) is one.refusal
    assert path.name in refused.value.text.th
    assert path.name in refused.value.text.en
    assert list((tmp_path / "temporary").iterdir()) == []
    assert sorted(tmp_path.iterdir()) == sorted([path, tmp_path / "temporary"])


def test_memory_stays_bounded(tmp_path: Path) -> None:
    for one in HOSTILE:
        one.write(tmp_path / one.name)
    done = subprocess.run(
        [sys.executable, "-c", BOUNDED, tmp_path], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < MEGABYTES, f"{done.stdout} MB"


def test_columns_that_are_computed_are_not_asked_for(tmp_path: Path) -> None:
    """A computed column of a GeoPackage could take all memory; SQLite asks nobody before it computes one."""
    path = tmp_path / "computed.gpkg"
    computed = "GENERATED ALWAYS AS (hex(zeroblob(400000000)))"
    made.geopackage(
        [
            f"CREATE TABLE big (fid INTEGER PRIMARY KEY, word TEXT, blob {computed})",
            "INSERT INTO big (fid, word) VALUES (1, 'x')",
            "INSERT INTO gpkg_contents VALUES ('big', 'attributes')",
        ]
    )(path)
    tracemalloc.start()
    try:
        table = open_table(path, Asked(layer="big"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert table.header == ("fid", "word")
    assert peak < 10 << 20


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_damaged_files_are_read_or_refused_by_name(one: Made, tmp_path: Path) -> None:
    """Cut every synthetic file short and change bytes in it: it is read, or refused by an error of ours."""
    path = tmp_path / one.name
    one.write(path)
    content = path.read_bytes()
    chance = random.Random(one.name)
    reasons = []
    for attempt in range(12):
        damaged = bytearray(content)
        if attempt % 3 == 0:
            del damaged[chance.randrange(1, len(damaged)) :]
        else:
            for _ in range(chance.choice((1, 4, 30))):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(bytes(damaged))
        try:
            for row in (table := open_table(path)).rows():
                assert len(row.cells) == len(table.header)
        except SocialMapError as refused:
            reasons.append(refused.text)
    assert all(reason.th and reason.en for reason in reasons)


@pytest.mark.parametrize(
    "one", [one for one in ALL if one.kind in ("xlsx", "ods", "kmz", "shp")], ids=lambda one: one.name
)
def test_damaged_parts_are_read_or_refused_by_name(one: Made, tmp_path: Path) -> None:
    """Change bytes in the parts of packed files, their checksums being right again."""
    path = tmp_path / one.name
    one.write(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(one.name)
    refused = 0
    for _ in range(15):
        name = chance.choice([name for name, content in parts.items() if content])
        damaged = bytearray(parts[name])
        for _ in range(chance.choice((1, 3, 10))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        made.packed(parts | {name: bytes(damaged)})(path)
        try:
            list(open_table(path).rows())
        except SocialMapError:
            refused += 1
    assert refused < 15, "most damage lies where it does not matter"


@pytest.mark.parametrize(
    "asked",
    [
        Asked(kind="pdf"), Asked(encoding="klingon"), Asked(encoding="hex"), Asked(separator="ab"), Asked(crs="EPSG:1"),
        Asked(separator="\n"), Asked(crs="+init=epsg:4326"), Asked(crs="/etc/passwd"), Asked(header_rows=(90, 91)),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(asked: Asked, tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    made.plain()(path)
    with pytest.raises(errors.CannotBeAsked):
        open_table(path, asked)


@pytest.mark.parametrize(
    ("write", "asked"),
    [
        (made.book(("ก", (made.HEADER, *made.ROWS))), Asked(sheet="ไม่มี")),
        (made.packed(made.shape_parts()), Asked(layer="ไม่มี")),
        (made.words(made.kml()), Asked(layer="ไม่มี")),
        (made.geopackage(), Asked(layer="sqlite_master")),
    ],
    ids=["sheet", "shapefile", "folder", "layer"],
)
def test_what_is_not_there_cannot_be_asked(write: made.Callable[[Path], object], asked: Asked, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    write(path)
    with pytest.raises(errors.CannotBeAsked):
        open_table(path, asked)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "geojson", "json", "gpkg", "shp", "kml", "kmz", "dbf"])
def test_a_wrong_kind_that_was_asked_for_is_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    made.plain()(path)
    with pytest.raises(SocialMapError):
        open_table(path, Asked(kind=kind))
