"""Tables in a zip: opened as if they lay beside it, chosen where there are several, within the limits of every zip."""

import io
import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from boundaries.errors import SocialMapError
from layers.files import archives, opening
from layers.files.errors import NoTableInside, NotATable, TooLarge, UnsafePath
from layers.files.packed import SeveralInside
from layers.files.table import Asked, FileTable
from tests.layers.files.made import RawName

TABLE = "เลขที่,ปัญหา\n1,ก\n2,ข\n"


def pack(path: Path, inside: dict[str, bytes | str]) -> Path:
    """Write a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in inside.items():
            archive.writestr(name, content)
    return path


def read(path: Path, inside: str | None = None) -> FileTable:
    """Open a zip."""
    return opening.open_table(path, Asked(inside=inside))


def book() -> bytes:
    """Write a workbook of two rows."""
    made, out = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    for row in (("เลขที่", "ปัญหา"), (1, "ก"), (2, "ข")):
        sheet.append(row)
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", TABLE.encode(), "csv"),
        ("โฟลเดอร์/ก.csv", TABLE.encode("cp874"), "csv"),
        ("a.tsv", TABLE.replace(",", "\t").encode(), "tsv"),
        ("a.txt", TABLE.encode(), "csv"),
        ("a.xlsx", book(), "xlsx"),
    ],
    ids=["csv", "folder", "tsv", "txt", "xlsx"],
)
def test_the_one_table_of_a_zip_is_read_whatever_lies_beside_it(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    others: dict[str, bytes | str] = {"__MACOSX/x.csv": b"x", "folder/~$a.xlsx": b"x", "doc.pdf": b"%PDF"}
    others |= {} if name == "a.txt" else {"อ่านก่อน.txt": b"x"}
    table = read(pack(tmp_path / "แฟ้ม.zip", {name: content, **others}))
    for _ in range(2):
        assert [row.cells for row in table.rows()] == [("1", "ก"), ("2", "ข")]
    assert (table.name, table.detected.kind, table.detected.insides) == ("แฟ้ม.zip", kind, ())
    assert table.detected.inside == name


def test_of_several_tables_one_is_chosen_by_its_name(tmp_path: Path) -> None:
    path = pack(tmp_path / "สอง.zip", {"a.csv": "ก,ข\n1,2\n", "b/ใหญ่.csv": TABLE * 3})
    for wanted in (None, "c.csv", "ใหญ่.csv"):
        with pytest.raises(SeveralInside) as told:
            read(path, wanted)
        assert told.value.names == ("b/ใหญ่.csv", "a.csv")
        assert "b/ใหญ่.csv, a.csv" in told.value.text.th
    table = read(path, "a.csv")
    assert (table.header, table.name) == (("ก", "ข"), "สอง.zip/a.csv")
    assert (table.detected.inside, table.detected.insides) == ("a.csv", ("b/ใหญ่.csv", "a.csv"))


def test_a_name_in_an_old_encoding_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "เก่า.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(RawName("ทะเบียน.csv"), TABLE)
        archive.writestr("b.csv", "ก,ข\n1,2\n")
    with pytest.raises(SeveralInside) as told:
        read(path)
    assert len(list(read(path, told.value.names[0]).rows())) == 2


def test_what_is_no_table_or_a_zip_within_a_zip_is_not_opened(tmp_path: Path) -> None:
    inner = pack(tmp_path / "inner.zip", {"a.csv": TABLE}).read_bytes()
    contents: list[dict[str, bytes | str]] = [{"a.zip": inner}, {"a.csv": inner}, {"a.pdf": b"%PDF"}, {}]
    for inside in contents:
        with pytest.raises(NoTableInside):
            read(pack(tmp_path / "outer.zip", inside))
    with pytest.raises(UnsafePath):
        read(pack(tmp_path / "out.zip", {"../a.csv": TABLE}))


def test_what_unpacks_beyond_the_limit_is_refused_whatever_the_zip_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack(tmp_path / "bomb.zip", {"a.csv": b"a,b\n" + b"1,2\n" * 100_000})
    monkeypatch.setattr(archives.pieces, "__defaults__", (100_000,))
    with pytest.raises(TooLarge):
        read(path)
    whole = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = whole.index(mark) + place
        whole[at : at + 4] = (50_000).to_bytes(4, "little")
    path.write_bytes(bytes(whole))
    with pytest.raises((TooLarge, NotATable)):
        read(path)


FULL = """
import resource, signal, sys
from pathlib import Path
from layers.files.opening import open_table
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    open_table(Path(sys.argv[1]))
except OSError as error:
    print(error.errno)
"""


def test_a_full_disk_is_no_damage_of_the_zip_and_nothing_stays(tmp_path: Path) -> None:
    path, room = pack(tmp_path / "a.zip", {"a.csv": TABLE * 10_000}), tmp_path / "room"
    room.mkdir()
    env = os.environ | {"TMPDIR": str(room)}
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "27"
    assert list(room.iterdir()) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 10_000


def test_errors_of_what_lies_inside_are_told(tmp_path: Path) -> None:
    for content in (b"", b"\0" * 100, b"%PDF-1.4", b"a,b\n"):
        with pytest.raises(SocialMapError):
            read(pack(tmp_path / "a.zip", {"a.csv": content}))
