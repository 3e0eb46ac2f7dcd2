"""`socialmap slides`, `document` and `picture`: as `sheet` is: for the committee, on record, whole or not at all."""

import json
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from pptx import Presentation
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api import files
from api.cli import app
from api.database import make_engine, reading
from api.printing import chosen_filter
from layers.aggregation import figures
from layers.scope import Scope
from mapping.legends import number
from tests.api.test_maps import needs_libraries
from tests.api.test_sheet_command import ASKED, _full, printed, runner

__all__ = ["runner"]
pytestmark = needs_libraries
FILES = (
    ("slides", [], "pptx"),
    ("document", ["--format", "docx"], "docx"),
    ("document", ["--format", "xlsx"], "xlsx"),
    ("picture", ["--format", "png", "--size", "1280x720"], "png"),
    ("picture", ["--format", "svg"], "svg"),
)


def words_of(path: Path) -> str:
    """Return every text of a file, cells joined by tabs."""
    if path.suffix == ".svg":
        return path.read_text("utf-8")
    if path.suffix == ".xlsx":
        sheets = load_workbook(path).worksheets
        return "\n".join("\t".join(str(cell.value) for cell in row) for sheet in sheets for row in sheet.iter_rows())
    tables, said = [], []
    if path.suffix == ".docx":
        opened = Document(str(path))
        tables, said = opened.tables, [each.text for each in opened.paragraphs]
        said.append(opened.sections[0].header.paragraphs[0].text)
    elif path.suffix == ".pptx":
        for slide in Presentation(str(path)).slides:
            tables += [shape.table for shape in slide.shapes if getattr(shape, "has_table", False)]
            said += [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    rows = ["\t".join(cell.text for cell in row.cells) for table in tables for row in table.rows]
    return "\n".join([*said, *rows]).replace("\v", "")


@pytest.mark.parametrize(("command", "more", "ending"), FILES)
def test_each_is_made_for_the_committee_and_on_record(
    runner: CliRunner, served_database: str, tmp_path: Path, command: str, more: list[str], ending: str
) -> None:
    """The committee's figures and no others, hostile names as text, the same bytes again, one entry in the audit."""
    path, again = tmp_path / "below" / f"made.{ending}", tmp_path / f"again.{ending}"
    done = runner.invoke(app, [command, "99", *ASKED, *more, "--out", str(path), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"path": str(path), "bytes": path.stat().st_size}
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    code, reason, details = printed(served_database)[0]
    assert (code, details["format"], details["audience"], details["area"]) == ("99", ending, "committee", "99")
    assert (details["problem"], details["period"], reason) == ("P08", "fy2569", command)
    assert runner.invoke(app, [command, "99", *ASKED, *more, "--out", str(again)]).exit_code == 0
    assert again.read_bytes() == path.read_bytes()
    if ending == "png":
        return
    words = words_of(path)
    for said in ("จังหวัดสมมติบุรี", "เอกสารสำหรับคณะกรรมการ", "ปีงบประมาณ 2569"):
        assert said in words, said
    assert ("<img src=x" in words) == (ending != "svg")
    assert "ใช้ภายในราชการ" not in words
    if ending == "svg":
        assert "&lt;img src=x" in words
        return
    assert "ร่างจากแม่แบบ" in words
    engine = make_engine(served_database, pool_size=1)
    with reading(engine, Scope.committee()) as session:
        told = _told(session)
    engine.dispose()
    assert told
    lines = words.replace(" ", "").split("\n")  # where a line of a slide ends, no space stands
    rows = [line.replace(",", "").split("\t") for line in lines]
    for name, cases in told.items():
        assert any(name.replace(" ", "") in "".join(row) and cases in row for row in rows), (name, cases)


def _told(session: Session) -> dict[str, str]:
    """Return what the committee's release says of each district: its number, or that it is hidden."""
    from boundaries.areas import list_areas
    from mapping.labels import count_text

    chosen = chosen_filter(session, "P08", "fy2569")
    table = figures(session, Scope.committee(), "cases", "district", "99", chosen, "rate")
    names = {record.code: record.short_name_th for record in list_areas(session, "district", "99")}
    said = {names[one.area_code]: count_text(one, table).replace(",", "") for one in table.rows()}
    assert {number(one.cases).replace(",", "") for one in table.rows() if one.cases is not None} <= set(said.values())
    return said


def test_a_briefing_has_a_slide_for_each_stop_and_each_is_on_record(
    runner: CliRunner, served_database: str, tmp_path: Path
) -> None:
    """Districts on their province's map, a province on its own; twice named is once shown."""
    path = tmp_path / "briefing.pptx"
    asked = ["slides", "99", *ASKED, "--stops", "9901, 9902,99,9901", "--out", str(path)]
    done = runner.invoke(app, asked)
    assert done.exit_code == 0, done.output
    titles = [slide.shapes.title.text_frame.text for slide in Presentation(str(path)).slides]
    assert len(titles) == 4 + 3
    assert titles[-3].startswith("อำเภอ")
    assert titles[-1].startswith("จังหวัดสมมติบุรี")
    assert {code for code, _, _ in printed(served_database)[:4]} == {"99", "9901", "9902"}


def test_exact_figures_need_a_reason_a_stamp_and_an_entry(
    runner: CliRunner, served_database: str, tmp_path: Path
) -> None:
    """As for sheets."""
    path = tmp_path / "made.xlsx"
    asked = ["document", "99", *ASKED, "--format", "xlsx", "--internal", "--out", str(path)]
    before = len(printed(served_database))
    assert runner.invoke(app, asked).exit_code == 2
    assert runner.invoke(app, [*asked, "--reason", "โทร 081-234-5678"]).exit_code == 2
    assert (path.exists(), len(printed(served_database))) == (False, before)
    assert runner.invoke(app, [*asked, "--reason", "ประชุมทีม"]).exit_code == 0
    assert "ใช้ภายในราชการ" in words_of(path)
    _, reason, details = printed(served_database)[0]
    assert (reason, details["audience"], details["format"]) == ("ประชุมทีม", "internal", "xlsx")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (["slides", "98"], "98"),
        (["slides", "99", "--stops", "9999"], "9999"),
        (["slides", "99", "--stops", "TH"], "ประเทศไทย"),
        (["slides", "99", "--stops", ",".join(str(code) for code in range(9900, 9950))], "40"),
        (["document", "990101"], "ในเมืองสมมติ"),
        (["picture", "99", "--size", "10x10"], "640"),
        (["picture", "99", "--size", "99999999999x1"], "7680"),
        (["picture", "99", "--size", "กว้าง"], "กว้าง"),
        (["picture", "99", "--logo", __file__], "PNG"),
        (["document", "99", "--problem", "P99"], "P99"),
    ],
)
def test_what_cannot_be_made_is_told(runner: CliRunner, tmp_path: Path, wanted: list[str], said: str) -> None:
    """In Thai and English, with exit code 2 and no file."""
    told = runner.invoke(app, [*wanted, "--out", str(tmp_path / "made")])
    assert told.exit_code == 2, told.output
    assert said in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_districts_have_them_too(runner: CliRunner, tmp_path: Path) -> None:
    """By subdistrict, of which a committee sees no figures."""
    for command, ending in (("slides", "pptx"), ("document", "docx"), ("picture", "png")):
        done = runner.invoke(app, [command, "9901", *ASKED, "--out", str(tmp_path / f"made.{ending}")])
        assert done.exit_code == 0, done.output


def test_a_full_disk_leaves_the_old_file(runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never a part of a file."""
    path = tmp_path / "made.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr(files.os, "fsync", _full)
    told = runner.invoke(app, ["document", "99", *ASKED, "--format", "xlsx", "--out", str(path)])
    assert told.exit_code == 2
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["made.xlsx"]
