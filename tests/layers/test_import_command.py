"""`socialmap import` and `socialmap imports` as a person uses them."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from api.database import make_engine, transaction
from tests.databases import fresh_database
from tests.demo import INSIDE, load_demo_boundaries
from tests.layers.tallies import LONG, WITHOUT_PERIOD, write_text
from tests.layers.test_importing import GOOD, write_csv
from tests.scopes import SYSTEM

LAT, LON = map(str, INSIDE)
OFFICE = {"เลขที่": "1", "ปัญหา": "เร่ร่อน/ไร้ที่พึ่ง", "วันที่รับแจ้ง": "5 พ.ย. 68", "อำเภอ": "อ.เมือง", "จังหวัด": "จ.สมมติบุรี"}


@pytest.fixture(scope="module")
def url(server: str) -> Iterator[str]:
    """Application URL of a database with the invented province; the tests clean up after themselves."""
    with fresh_database(server) as made:
        engine = make_engine(made, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
        engine.dispose()
        yield made


@pytest.fixture
def run(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Result]]:
    """Run a command on an empty database, and check its exit code."""
    monkeypatch.setenv("DATABASE_URL", url)

    def ask(*words: object, code: int = 0) -> Result:
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == code, done.output + str(done.exception)
        return done

    yield ask
    engine = make_engine(url, pool_size=1)
    with transaction(engine, SYSTEM) as session:
        session.execute(text('DELETE FROM "case"'))
        for table in ("case_count", "case_count_by_group", "observation", "asset", "import_run", "area_alias"):
            session.execute(text(f"DELETE FROM {table}"))
    engine.dispose()


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as an office does."""
    with path.open("w", encoding="cp874", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def told(done: Result) -> Any:
    """Read what a command says in JSON."""
    return json.loads(done.stdout)


def names_of(url: str) -> list[tuple[str, str]]:
    """External ids and areas of all cases."""
    engine = make_engine(url, pool_size=1)
    with transaction(engine, SYSTEM) as session:
        rows = session.execute(
            text('SELECT external_id, coalesce(subdistrict_code, district_code, province_code) FROM "case" ORDER BY 1')
        )
        found = [(str(row[0]), str(row[1])) for row in rows]
    engine.dispose()
    return found


def test_names_are_listed_and_forgotten_on_record(run: Callable[..., Result], url: str) -> None:
    run("imports", "name", "9902", "--district", "ทุ่งไหน", "--province", "สมมติบุรี")
    run("imports", "name", "9902", "--district", "ทุ่งลอย")
    found = json.loads(run("imports", "names", "--json").stdout)
    assert [(one["name"], one["above"], one["code"]) for one in found] == [
        ("ทุ่งลอย", "", "9902"),
        ("ทุ่งไหน", "สมมติบุรี", "9902"),
    ]
    assert found[0]["area"] in run("imports", "names", "--area", "99").stdout
    assert json.loads(run("imports", "names", "--area", "70", "--json").stdout) == []
    assert "ทุ่งลอย" in run("imports", "forget", found[0]["id"]).stdout
    assert [one["name"] for one in json.loads(run("imports", "names", "--json").stdout)] == ["ทุ่งไหน"]
    for gone in (found[0]["id"], "nonsense"):
        assert "imports.name_not_found" in run("imports", "forget", gone, "--json", code=2).stdout
    engine = make_engine(url, pool_size=1)
    with transaction(engine, SYSTEM) as session:
        told = session.execute(text("SELECT object_id, details FROM audit_entry WHERE kind = 'name_forgotten'")).all()
    engine.dispose()
    assert [tuple(one) for one in told] == [(found[0]["id"], {"area": "9902"})]


def test_a_name_that_is_not_sure_waits_is_settled_and_remembered(
    run: Callable[..., Result], url: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", [OFFICE, OFFICE | {"เลขที่": "2", "อำเภอ": "อ.เมืองในฝัน"}])
    asked = run("import", path, "--dry-run", "--json", code=2)
    (name,) = told(asked)["names"]
    assert (name["named"]["district"], name["rows"], name["first_row"]) == ("อ.เมืองในฝัน", 1, 3)
    assert names_of(url) == []
    said = run("import", path, code=2)
    assert "อ.เมืองในฝัน" in said.stderr
    run("imports", "name", "9902", "--district", "อ.เมืองในฝัน", "--province", "จ.สมมติบุรี")
    run("import", path)
    assert [code[:4] for _, code in names_of(url)] == ["9901", "9902"]
    run("imports", "name", "9902", "--district", "เมืองสมมติบุรี", "--province", "สมมติบุรี", code=2)


def test_rows_that_are_not_taken_come_back_as_a_file_with_their_reason(
    run: Callable[..., Result], url: str, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", [GOOD, GOOD | {"external_id": "=1+1", "reported_on": "31/2/2568"}])
    out = tmp_path / "refused.csv"
    run("import", path, "--keep-good", "--refused", out, code=1)
    rows = list(csv.reader(out.read_text("utf-8-sig").splitlines()))
    assert rows[0][-1] == "เหตุที่ไม่รับ / reason"
    assert (rows[1][0], len(rows)) == ("'=1+1", 2)
    assert "31/2/2568" in rows[1][-1]
    assert [one for one, _ in names_of(url)] == ["1"]
    assert list(tmp_path.glob("*.part")) == []


def test_how_a_file_was_read_can_be_saved_and_used_again(run: Callable[..., Result], url: str, tmp_path: Path) -> None:
    odd = {"k": "7", "what": "คนไม่มีบ้าน", "when": "2568-11-05", "where": "9901"}
    path, recipe = write(tmp_path / "odd.csv", [odd]), tmp_path / "odd.yaml"
    roles = {"external_id": "k", "problem": "what", "reported_on": "when", "area_code": "where"}
    columns = [part for role, heading in roles.items() for part in ("--column", f"{role}={heading}")]
    word = ("--word", "problem:คนไม่มีบ้าน=P02.01")
    run("import", path, *columns, *word, "--target", "cases", "--save-recipe", recipe, "--dry-run")
    assert names_of(url) == []
    again = told(run("import", path, "--recipe", recipe, "--json"))
    assert (again["new"], again["refused_rows"], again["waiting_rows"]) == (1, 0, 0)
    assert names_of(url) == [("7", "9901")]
    other = write(tmp_path / "other.csv", [{"a": "1"}])
    assert "when" in run("import", other, "--recipe", recipe, code=2).stderr


def test_exchanged_coordinates_are_offered_and_taken_only_when_accepted(
    run: Callable[..., Result], url: str, tmp_path: Path
) -> None:
    rows = [GOOD | {"external_id": str(number), "lat": LAT, "lon": LON} for number in range(5)]
    path = write_csv(tmp_path / "a.csv", [*rows, GOOD | {"external_id": "turned", "lat": LON, "lon": LAT}])
    report = told(run("import", path, "--json", code=2))
    assert [(one["name"], one["rows"], one["first_row"]) for one in report["repairs"]] == [("swapped", 1, 7)]
    assert names_of(url) == []
    assert told(run("import", path, "--json", "--repair", "swapped"))["repaired_rows"] == 1
    assert {code for _, code in names_of(url)} == {"990101"}


def test_columns_that_look_personal_are_left_out_unless_kept(
    run: Callable[..., Result], url: str, tmp_path: Path
) -> None:
    rows = [GOOD | {"external_id": f"000000000000{end}"} for end in (1,)]
    path = write_csv(tmp_path / "a.csv", [row | {"ชื่อ-สกุล": "นายสมมุติ ไม่มีจริง"} for row in rows])
    said = run("import", path)
    assert "external_id" in said.stderr
    (one,) = names_of(url)
    assert one[0].startswith("row-")
    assert "0000000000001" not in said.output
    assert "ไม่มีจริง" not in said.output


def test_metres_without_a_stated_system_are_not_brought_in_on_a_guess(
    run: Callable[..., Result], url: str, tmp_path: Path
) -> None:
    path = tmp_path / "places.geojson"
    place = {"type": "Point", "coordinates": [613053.1, 1530567.9]}
    feature = {"type": "Feature", "geometry": place, "properties": {"name": "ศาลา", "kind": "ศาลา", "id": "a"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature] * 3}))
    run("import", path, "--dry-run", code=2)
    assert "EPSG:32647" in run("import", path, code=2).stderr


def test_imports_are_listed_and_undone(run: Callable[..., Result], url: str, tmp_path: Path) -> None:
    run("import", write_csv(tmp_path / "a.csv", [GOOD]), "--source", "สำนักงานสมมุติ")
    (one,) = told(run("imports", "list", "--json"))
    assert (one["file_name"], one["counts"]["new"]) == ("a.csv", 1)
    assert "a.csv" in run("imports", "list").stdout
    assert told(run("imports", "undo", one["id"], "--json")) == {"removed": 1, "restored": 0}
    assert names_of(url) == []
    run("imports", "undo", one["id"], code=2)


def test_what_is_asked_wrongly_is_told(run: Callable[..., Result], tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [GOOD])
    for words in (
        ("--column", "nonsense=external_id"),
        ("--column", "external_id"),
        ("--recipe", "horoscopes"),
        ("--target", "dogs"),
        ("--encoding", "klingon"),
        ("--crs", "EPSG:1"),
        ("--column", "problem=no such heading"),
    ):
        done = run("import", path, *words, code=2)
        assert "Traceback" not in done.output
        assert any("\u0e01" <= letter <= "\u0e5b" for letter in done.stderr)
    run("import", tmp_path / "none.csv", code=2)


def test_a_table_of_counts_is_brought_in_changed_and_undone(
    run: Callable[..., Result], url: str, tmp_path: Path
) -> None:
    path = write_text(tmp_path / "counts.csv", LONG)
    looked = run("import", path, "--dry-run")
    assert "แทน 1,244 เรื่อง" in looked.output
    assert names_of(url) == []
    report = told(run("import", path, "--json"))
    assert (report["new"], report["cases"], report["areas"]) == (4, 1244, {"9901": 1241, "9902": 3})
    write_text(path, LONG.replace("๓๗", "๓๕"))
    later = told(run("import", path, "--json"))
    assert (later["changed"], later["unchanged"], later["cases"]) == (1, 3, 1242)
    run("db", "check")
    run("imports", "undo", later["run_id"])
    assert names_of(url) == [
        ("tally-9901-P01.01-fy2568", "9901"),
        ("tally-9901-P01.02-fy2568", "9901"),
        ("tally-9902-P01.01-fy2568", "9902"),
        ("tally-9903-P01.01-fy2568", "9903"),
    ]
    run("db", "check")
    bare = write_text(tmp_path / "bare.csv", WITHOUT_PERIOD)
    assert "reported_on" in run("import", bare, code=2).stderr
    wide = ("--column", "count:P06=ผู้ป่วยติดเตียง", "--fix", "counted=household", "--period", "ปีงบ 68")
    assert told(run("import", bare, *wide, "--json"))["cases"] == 43
    assert "weight" in run("import", bare, *wide, "--column", "weight=ความยากจน", code=2).stderr
