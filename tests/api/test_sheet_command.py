"""`socialmap sheet`: printed whole or not at all, for the committee unless a reason is given, and on record."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text as sql
from typer.testing import CliRunner

from api import files
from api.cli import app
from api.database import make_engine, transaction
from mapping.sheet import setting
from tests.api.test_maps import needs_libraries
from tests.scopes import SYSTEM

pytestmark = needs_libraries
ASKED = ["--problem", "P08", "--period", "fy2569", "--printed-at", "2026-11-22T09:30:00"]
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, served_database: str) -> CliRunner:
    """Runs commands in this process, on the database of the application's tests."""
    monkeypatch.setenv("DATABASE_URL", served_database)
    return CliRunner()


def printed(database: str) -> list[tuple[str, str | None, dict[str, object]]]:
    """Return (object, reason, details) of every printing on record, the newest first."""
    engine = make_engine(database, pool_size=1)
    with transaction(engine, SYSTEM) as session:
        rows = session.execute(
            sql("SELECT object_id, reason, details FROM audit_entry WHERE action = 'print' ORDER BY number DESC")
        ).all()
    engine.dispose()
    return [(row.object_id, row.reason, row.details) for row in rows]


def words_of(path: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout


@needs_poppler
def test_a_sheet_is_printed_for_the_committee_and_on_record(
    runner: CliRunner, served_database: str, tmp_path: Path
) -> None:
    """Names with scripts in them come out as text; the same command gives the same bytes."""
    path, again = tmp_path / "below" / "sheet.pdf", tmp_path / "again.pdf"
    done = runner.invoke(app, ["sheet", "99", *ASKED, "--out", str(path), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"path": str(path), "bytes": path.stat().st_size, "pages": 1}
    assert [each.name for each in path.parent.iterdir()] == ["sheet.pdf"]
    words = words_of(path)
    for said in (
        "จังหวัดสมมติบุรี",
        "เอกสารสำหรับคณะกรรมการ",
        "เวลา 09.30 น.",
        "ปีงบประมาณ 2569",
        "ร่างจากแม่แบบ",
        "<img src=x",
    ):
        assert said in words, said
    assert "ใช้ภายในราชการ" not in words
    code, reason, details = printed(served_database)[0]
    assert (code, reason, details["audience"], details["pages"]) == ("99", "sheet", "committee", 1)
    assert (details["area"], details["problem"], details["period"]) == ("99", "P08", "fy2569")
    assert runner.invoke(app, ["sheet", "99", *ASKED, "--out", str(again)]).exit_code == 0
    assert again.read_bytes() == path.read_bytes()


@needs_poppler
def test_exact_figures_need_a_reason_a_stamp_and_an_entry(
    runner: CliRunner, served_database: str, tmp_path: Path
) -> None:
    """Without a reason nothing is printed; with one it stands in the audit and the sheet says for whom it is."""
    path = tmp_path / "sheet.pdf"
    before = len(printed(served_database))
    for reason in ([], ["--reason", "  "]):
        refused = runner.invoke(app, ["sheet", "99", *ASKED, "--internal", *reason, "--out", str(path)])
        assert refused.exit_code == 2
        assert "--reason" in refused.stderr
    assert not path.exists()
    assert len(printed(served_database)) == before
    asked = ["sheet", "99", *ASKED, "--internal", "--reason", "ประชุมทีมในหน่วยงาน", "--paper", "a4", "--out", str(path)]
    done = runner.invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert "ใช้ภายในราชการ" in words_of(path)
    _, reason, details = printed(served_database)[0]
    assert (reason, details["audience"], details["pages"]) == ("ประชุมทีมในหน่วยงาน", "internal", 2)


def test_a_reason_with_personal_data_is_refused(runner: CliRunner, tmp_path: Path) -> None:
    """It would stand in the audit for good."""
    path = tmp_path / "sheet.pdf"
    asked = ["sheet", "99", *ASKED, "--internal", "--reason", "โทร 081-234-5678", "--out", str(path)]
    assert runner.invoke(app, asked).exit_code == 2
    assert not path.exists()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (["99", "--paper", "A9"], "A3, A4"),
        (["990101"], "ในเมืองสมมติ"),
        (["98"], "98"),
        (["99", "--problem", "P99"], "P99"),
        (["99", "--logo", __file__], "PNG"),
    ],
)
def test_what_cannot_be_printed_is_told(runner: CliRunner, tmp_path: Path, wanted: list[str], said: str) -> None:
    """In Thai and English, with exit code 2 and no file."""
    told = runner.invoke(app, ["sheet", *wanted, "--out", str(tmp_path / "sheet.pdf")])
    assert told.exit_code == 2, told.output
    assert said in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_district_is_printed_too(runner: CliRunner, tmp_path: Path) -> None:
    """By subdistrict; a committee sees none of their figures."""
    done = runner.invoke(app, ["sheet", "9901", *ASKED, "--out", str(tmp_path / "sheet.pdf")])
    assert done.exit_code == 0, done.output


def test_a_failure_leaves_the_old_file(runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where setting fails and where the disk is full: never a part of a file."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(b"old")
    asked = ["sheet", "99", *ASKED, "--out", str(path)]
    with monkeypatch.context() as patched:
        patched.setattr(setting, "SOURCE", tmp_path / "absent.typ")
        assert runner.invoke(app, asked).exit_code == 2
    with monkeypatch.context() as patched:
        patched.setattr(files.os, "fsync", _full)
        told = runner.invoke(app, asked)
    assert told.exit_code == 2
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["sheet.pdf"]


def _full(descriptor: int) -> None:
    import errno

    raise OSError(errno.ENOSPC, "full")
