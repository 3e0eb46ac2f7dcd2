"""Files of cases: what comes in, what is refused and why, and that nothing is ever half-written."""

import csv
import errno
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool
from typer.testing import CliRunner

from api import files
from api.cli import app
from api.cli.db import app as db_app
from api.database import make_engine, transaction
from layers import case_batches, places, rollups
from layers.cases import LONGEST_ID, get_case
from layers.files.errors import ControlCharacters, EmptyTable, NotATable, OtherKind
from layers.importing import ImportReport, Recipe, import_cases, import_file
from layers.template import COLUMNS, MissingColumns, build_template, harmless
from tests.databases import fresh_database
from tests.demo import INSIDE, load_demo_boundaries
from tests.scopes import SYSTEM

GOOD = {"external_id": "1", "problem_code": "P08.01", "reported_on": "5/11/2568", "area_code": "990101"}


def write_csv(path: Path, rows: list[dict[str, str]], encoding: str = "utf-8", thai: bool = False) -> Path:
    """Write rows under the template's headings."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    titles = {column.key: column.th for column in COLUMNS} if thai else {}
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow([titles.get(key, key) for key in keys])
        writer.writerows([[row.get(key, "") for key in keys] for row in rows])
    return path


def count(session: Session) -> int:
    """Count the cases."""
    return int(session.execute(text('SELECT count(*) FROM "case"')).scalar_one())


def bring(session: Session, path: Path, **options: bool) -> ImportReport:
    """Import and check that the rollups followed."""
    report = import_cases(session, path, **options)
    assert rollups.check(session) == []
    return report


@pytest.mark.parametrize(("encoding", "thai"), [("utf-8", False), ("utf-8-sig", True), ("cp874", True)])
def test_a_table_in_any_usual_encoding(demo_session: Session, tmp_path: Path, encoding: str, thai: bool) -> None:
    path = write_csv(
        tmp_path / "a.csv", [GOOD, GOOD | {"external_id": "๒", "reported_on": "พ.ย. 2568"}], encoding, thai
    )
    report = bring(demo_session, path)
    assert (report.new, report.refused, report.matches) == (2, (), {"stated": 2})
    precisions = demo_session.execute(text('SELECT reported_on, date_precision FROM "case" ORDER BY 2')).all()
    assert [tuple(row) for row in precisions] == [(date(2025, 11, 5), "day"), (date(2025, 11, 1), "month")]


def test_a_second_run_adds_nothing_and_a_changed_row_is_updated(demo_session: Session, tmp_path: Path) -> None:
    rows = [GOOD | {"external_id": str(number)} for number in range(5)]
    path = write_csv(tmp_path / "a.csv", rows)
    assert bring(demo_session, path).new == 5
    again = bring(demo_session, path)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 5)
    rows[2] |= {"problem_code": "P01.01", "area_code": "9902", "status": "30", "target_groups": "T15"}
    changed = bring(demo_session, write_csv(path, rows))
    assert (changed.new, changed.changed, changed.unchanged) == (0, 1, 4)
    one = demo_session.execute(text("SELECT id FROM \"case\" WHERE external_id = '2'")).scalar_one()
    case = get_case(demo_session, one)
    assert (case.values.problem_code, case.area_code, case.values.status) == ("P01.01", "9902", 30)
    events = demo_session.execute(text("SELECT from_status, to_status FROM case_event")).all()
    assert [tuple(event) for event in events] == [(10, 30)]
    keeps = bring(demo_session, write_csv(path, [{k: v for k, v in row.items() if k != "status"} for row in rows]))
    assert (keeps.unchanged, get_case(demo_session, one).values.status) == (5, 30)


def test_the_point_gives_the_area_and_a_stated_code_that_disagrees_is_kept(
    demo_session: Session, tmp_path: Path
) -> None:
    lat, lon = map(str, INSIDE)
    at = {"lat": lat, "lon": lon, "accuracy_m": "10"}
    rows = [
        GOOD | at | {"external_id": "inside"},
        GOOD | at | {"external_id": "agree", "area_code": "9901"},
        GOOD | at | {"external_id": "conflict", "area_code": "990201"},
        GOOD | {"external_id": "outside", "area_code": "", "lat": "8.1", "lon": "99.9"},
        GOOD | {"external_id": "outside stated", "lat": "8.1", "lon": "99.9"},
        GOOD | {"external_id": "village", "area_code": "", "village_code": "99020103"},
        GOOD | {"external_id": "nothing", "area_code": ""},
    ]
    report = bring(demo_session, write_csv(tmp_path / "a.csv", rows))
    assert report.matches == {"conflict": 1, "inside": 2, "outside": 2, "stated": 2}
    assert report.without_area == 2
    found = demo_session.execute(
        text(
            "SELECT external_id, coalesce(subdistrict_code, district_code, province_code), area_match, stated_code"
            ' FROM "case" ORDER BY 1'
        )
    )
    assert {row[0]: tuple(row[1:]) for row in found} == {
        "inside": ("990101", "inside", "990101"),
        "agree": ("990101", "inside", "9901"),
        "conflict": ("990101", "conflict", "990201"),
        "outside": ("00", "outside", None),
        "outside stated": ("990101", "outside", "990101"),
        "village": ("990201", "stated", "990201"),
        "nothing": ("00", "stated", None),
    }


BAD = [
    ({"problem_code": "P77"}, "P77"),
    ({"reported_on": "31/2/2568"}, "31/2/2568"),
    ({"reported_on": ""}, "reported_on) is missing"),
    ({"external_id": ""}, "external_id) is missing"),
    ({"external_id": "ก" * (LONGEST_ID + 1)}, "201 characters"),
    ({"village_code": "99020103"}, "990101 and 99020103"),
    ({"village_code": "99020103", "area_code": "9901"}, "9901 and 99020103"),
    ({"village_code": "99019903", "area_code": "9901"}, "990199"),
    ({"village_code": "99019903", "area_code": ""}, "990199"),
    ({"area_code": "120101"}, "120101"),
    ({"area_code": "99010"}, "99010"),
    ({"lat": "100.68", "lon": "11.0"}, "exchanged"),
    ({"lat": "0", "lon": "0"}, "outside Thailand"),
    ({"lat": "11.0", "lon": ""}, "only one"),
    ({"lat": "nan", "lon": "100"}, "cannot be read"),
    ({"urgency": "U9"}, "U1, U2, U3, U4"),
    ({"status": "33"}, "33"),
    ({"close_reason": "moved", "status": "10"}, "status 80"),
    ({"target_groups": "T07, T55"}, "T55"),
    ({"secondary_problems": "P01,P02,P03,P04"}, "three"),
    ({"weight": "-1"}, "-1"),
    ({"weight": "inf"}, "inf"),
]


@pytest.mark.parametrize(("wrong", "said"), BAD)
def test_a_bad_row_is_told_by_number_and_reason(
    demo_session: Session, tmp_path: Path, wrong: dict[str, str], said: str
) -> None:
    good = GOOD | (dict(zip(("lat", "lon"), map(str, INSIDE), strict=True)) if "lat" in wrong else {})
    path = write_csv(tmp_path / "a.csv", [good, good | {"external_id": "2"} | wrong, good | {"external_id": "3"}])
    report = bring(demo_session, path)
    assert [one.row for one in report.refused] == [3]
    assert said in report.refused[0].reason.en
    assert report.refused[0].reason.th != report.refused[0].reason.en
    assert (report.written, count(demo_session)) == (False, 0)
    kept = bring(demo_session, path, keep_good=True)
    assert (kept.new, len(kept.refused), count(demo_session)) == (2, 1, 2)


def test_an_id_that_stands_twice_is_taken_once(demo_session: Session, tmp_path: Path) -> None:
    report = bring(demo_session, write_csv(tmp_path / "a.csv", [GOOD, GOOD]), keep_good=True)
    assert (report.new, [one.row for one in report.refused]) == (1, [3])


def test_an_id_of_the_greatest_length_is_taken_though_it_cannot_be_packed(
    demo_session: Session, tmp_path: Path
) -> None:
    chance = random.Random(1)
    longest = "".join(chr(chance.randrange(0x20000, 0x2A000)) for _ in range(LONGEST_ID))
    assert bring(demo_session, write_csv(tmp_path / "a.csv", [GOOD | {"external_id": longest}])).new == 1


FAR = GOOD | {"area_code": "9901", "village_code": "99019903"}
"""A row whose village lies in a subdistrict that there is not."""


RECIPE = Recipe(
    "template",
    "cases",
    {"problem" if one == "problem_code" else one: (one,) for one in (*GOOD, "village_code", "lat", "lon")},
)


def bring_row(session: Session, folder: Path, row: dict[str, str], recipe: Recipe) -> ImportReport:
    """Import one row as a recipe says."""
    return import_file(session, write_csv(folder / "row.csv", [dict.fromkeys(("lat", "lon"), "") | row]), recipe)


def test_a_lenient_recipe_may_name_an_unknown_village_beside_a_point(demo_session: Session, tmp_path: Path) -> None:
    pointed = FAR | dict(zip(("lat", "lon"), map(str, INSIDE), strict=True))
    lenient = replace(RECIPE, lenient=True)
    assert bring_row(demo_session, tmp_path, pointed, lenient).new == 1
    for row, recipe in ((pointed, RECIPE), (FAR, lenient), (pointed | {"village_code": "99020103"}, lenient)):
        assert bring_row(demo_session, tmp_path, row, recipe).refused_rows == 1


def test_boundaries_without_subdistricts_cannot_tell_villages(
    demo_session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "known_codes", lambda _: frozenset({"99"}))
    assert bring_row(demo_session, tmp_path, FAR, RECIPE).new == 1


def test_a_word_that_nobody_knows_waits_for_a_person(demo_session: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [GOOD | {"counted": "dogs"}, GOOD | {"external_id": "2", "counted": "dogs"}])
    report = bring(demo_session, path)
    assert [(one.role, one.word, one.rows, one.first_row) for one in report.words] == [("counted", "dogs", 2, 2)]
    assert (report.waiting_rows, report.refused_rows, report.written) == (2, 0, False)


def test_a_dry_run_tells_all_and_saves_nothing(demo_session: Session, tmp_path: Path) -> None:
    report = bring(demo_session, write_csv(tmp_path / "a.csv", [GOOD]), dry_run=True)
    assert (report.new, report.written, count(demo_session)) == (1, False, 0)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyTable),
        (b"  \r\n", EmptyTable),
        (b"external_id,problem_code,reported_on\r\n", EmptyTable),
        (b"\x89PNG\r\n\x1a\n\x00\x00", OtherKind),
        (b"PK\x03\x04 no workbook", NotATable),
        (b"\x00\x01\x02", ControlCharacters),
        ("external_id,เรื่อง\n1,2\n".encode(), MissingColumns),
    ],
)
def test_what_is_no_table_of_cases(
    demo_session: Session, tmp_path: Path, content: bytes, error: type[Exception]
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(error):
        import_cases(demo_session, path)


def change_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Write a workbook anew with one of its parts changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return made.getvalue()


def overwrite_bytes(content: bytes) -> bytes:
    """Overwrite forty bytes amid the packed rows."""
    place = zipfile.ZipFile(io.BytesIO(content)).getinfo(SHEET).header_offset + 200
    return content[:place] + b"\xa5" * 40 + content[place + 40 :]


def overwrite_rows(content: bytes) -> bytes:
    """Change a letter of the rows where they are not packed, so that only their checksum tells."""
    plain = change_part(content, SHEET, lambda part: part)
    return plain.replace(b"sheetData", b"sheetdata", 1)


def keep_only_a_chart(_: bytes) -> bytes:
    """Make a workbook whose only sheet is a chart."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    book.create_chartsheet().add_chart(BarChart())
    book.remove(book.worksheets[0])
    book.save(made)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "truncated rows": lambda content: change_part(content, SHEET, lambda part: part[: len(part) // 2]),
    "no rows": lambda content: change_part(content, SHEET, lambda _: b""),
    "broken workbook": lambda content: change_part(content, "xl/workbook.xml", lambda part: part[:-40]),
    "empty workbook": lambda content: change_part(content, "xl/workbook.xml", lambda _: b"<workbook/>"),
    "overwritten bytes": overwrite_bytes,
    "wrong checksum": overwrite_rows,
    "chart alone": keep_only_a_chart,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_workbook_is_no_table(
    demo_session: Session, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    book = openpyxl.Workbook()
    for row in [list(GOOD), *[[str(number), *list(GOOD.values())[1:]] for number in range(200)]]:
        book.worksheets[0].append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert bring(demo_session, path, dry_run=True).new == 200
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises((NotATable, EmptyTable), match=r"แฟ้ม a\.xlsx .*a\.xlsx "):
        import_cases(demo_session, path)
    assert count(demo_session) == 0


def test_the_template_comes_in_again_as_a_workbook(demo_session: Session, tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    path.write_bytes(build_template())
    book = openpyxl.load_workbook(path)
    assert len(book.worksheets) == 3
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    sheet = book.worksheets[0]
    keys = [column.key for column in COLUMNS]
    for key, value in GOOD.items():
        sheet.cell(2, keys.index(key) + 1).value = value
    sheet.cell(3, 1).value, sheet.cell(3, 2).value = 2, "P01"
    sheet.cell(3, 3).value = date(2568, 11, 5)  # as spreadsheets store a พ.ศ. date
    book.save(path)
    report = bring(demo_session, path)
    assert (report.new, report.refused) == (2, ())
    days = demo_session.execute(text('SELECT DISTINCT reported_on FROM "case"')).scalars().all()
    assert days == [date(2025, 11, 5)]
    assert [harmless(word) for word in ("=1+1", "+1", "-1", "@a", "ก")] == ["'=1+1", "'+1", "'-1", "'@a", "ก"]


def test_the_template_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, path = CliRunner(), tmp_path / "cases.xlsx"
    written = run.invoke(app, ["imports", "template", "--out", str(path), "--json"])
    assert written.exit_code == 0
    assert json.loads(written.stdout) == {"path": str(path), "bytes": path.stat().st_size}
    before = path.read_bytes()

    def full_disk(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(files.os, "fsync", full_disk)
        assert run.invoke(app, ["imports", "template", "--out", str(path)]).exit_code == 2
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    full = run.invoke(app, ["imports", "template", "--out", "/dev/full", "--json"])
    assert full.exit_code == 2
    assert json.loads(full.stdout)["error"] == "error.file_full"


def test_the_commands_exit_codes(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with fresh_database(server) as url:
        monkeypatch.setenv("DATABASE_URL", url)
        engine = make_engine(url, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
        good = write_csv(tmp_path / "good.csv", [GOOD])
        mixed = write_csv(tmp_path / "mixed.csv", [GOOD, GOOD | {"external_id": "2", "problem_code": "x"}])
        run = CliRunner()
        assert run.invoke(app, ["import", str(good)]).exit_code == 0
        assert run.invoke(app, ["import", str(mixed)]).exit_code == 2
        assert run.invoke(app, ["import", str(mixed), "--keep-good"]).exit_code == 1
        told = run.invoke(app, ["import", str(good), "--json"])
        assert '"unchanged": 1' in told.output
        missing = run.invoke(app, ["import", str(tmp_path / "none.csv")])
        assert missing.exit_code == 2
        assert run.invoke(app, ["import", str(good), "--as", "nothing"]).exit_code == 2
        assert run.invoke(db_app, ["check"]).exit_code == 0
        assert run.invoke(db_app, ["status"]).exit_code == 0
        with transaction(engine, SYSTEM) as session:
            session.execute(text("UPDATE case_count SET cases = 7"))
        assert run.invoke(db_app, ["check"]).exit_code == 1
        assert run.invoke(db_app, ["check", "--rebuild"]).exit_code == 0
        engine.dispose()


def test_a_database_that_goes_away_leaves_nothing_half_written(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fresh_database(server) as url:
        monkeypatch.setenv("DATABASE_URL", url)
        engine = make_engine(url, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
        write_cells = case_batches.add_delta

        def cut_off(session: Session) -> None:
            """End the import's own connection from another one, after the cases and before the rollups."""
            pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
            admin = create_engine(make_url(server), poolclass=NullPool, isolation_level="AUTOCOMMIT")
            with admin.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            write_cells(session)

        monkeypatch.setattr(case_batches, "add_delta", cut_off)
        path = write_csv(tmp_path / "a.csv", [GOOD | {"external_id": str(number)} for number in range(50)])
        told = CliRunner().invoke(app, ["import", str(path)])
        assert told.exit_code == 2
        assert "ติดต่อฐานข้อมูลไม่ได้" in told.output + (told.stderr or "")
        with transaction(engine, SYSTEM) as session:
            assert count(session) == 0
            assert session.execute(text("SELECT count(*) FROM case_count")).scalar_one() == 0
            assert session.execute(text("SELECT count(*) FROM source")).scalar_one() == 0
        engine.dispose()


def test_long_imports_tell_how_far_they_are(demo_session: Session, tmp_path: Path) -> None:
    told: list[int] = []
    path = write_csv(tmp_path / "a.csv", [GOOD | {"external_id": str(number)} for number in range(2_500)])
    import_cases(demo_session, path, dry_run=True, progress=told.append)
    assert told == [1_000, 2_000]
