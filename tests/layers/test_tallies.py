"""Tables of counts become tally rows: figures count them as so many cases, releases hide them as they hide cases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers import rollups
from layers.aggregation import figures
from layers.case_lists import list_cases, list_places
from layers.cases import get_case
from layers.exporting.cases import cases_content
from layers.filters import Filter
from layers.identity import IdentityValues, NoPerson, save_identity
from layers.importing import Asking, ImportReport, Recipe, import_file, open_file, read_recipe, write_recipe
from layers.importing.recipe_text import BadRecipe
from layers.importing.runs import undo_run
from layers.periods import parse_period
from layers.release_tables import read_tables
from layers.scope import Scope
from layers.template import MissingColumns
from tests.layers.made import make_source, many
from tests.layers.tallies import LONG, WIDE, WITHOUT_PERIOD, write_text, write_two_rows
from tests.layers.test_import_runs import everything
from tests.releases import publish

EXACT = Scope.system("a test")
ROWS = """
SELECT coalesce(subdistrict_code, district_code, province_code) AS area, problem_code, cases, counted, date_precision,
       reported_on::text, area_match, point IS NULL AS pointless, weight::int AS weight, external_id
FROM "case" ORDER BY 1, 2, external_id"""

Bring = Callable[..., ImportReport]


@pytest.fixture
def bring(demo_session: Session, tmp_path: Path) -> Bring:
    """Bring an office's table in, as it is proposed or as a recipe says; the same name is the same source."""

    def make(content: str, recipe: Recipe | None = None, **asking: object) -> ImportReport:
        path = write_text(tmp_path / "office.csv", content)
        return import_file(demo_session, path, recipe, asking=Asking(**asking))  # type: ignore[arg-type]

    return make


def cells(session: Session) -> list[tuple[object, ...]]:
    """Return area, problem, number of cases and unit of every row."""
    return [tuple(row)[:4] for row in session.execute(text(ROWS))]


def counted(session: Session, problem: str | None, period: str, measure: str = "count") -> list[int | None]:
    """Return the exact figures of the districts of province 99."""
    wanted = Filter(problem, parse_period(period))
    table = figures(session, EXACT, "cases", "district", "99", wanted, measure)  # type: ignore[arg-type]
    return [None if one.value is None else round(one.value) for one in table.rows()]


def test_a_long_table(demo_session: Session, bring: Bring) -> None:
    report = bring(LONG)
    assert (report.new, report.cases, report.good, report.left_out["total"]) == (4, 1244, True, 1)
    assert report.areas == {"9901": 1241, "9902": 3}
    assert cells(demo_session) == [
        ("9901", "P01.01", 37, "person"),
        ("9901", "P01.02", 1204, "person"),
        ("9902", "P01.01", 3, "person"),
        ("9903", "P01.01", 0, "person"),
    ]
    row = demo_session.execute(text(ROWS)).first()
    assert row is not None
    assert tuple(row)[4:] == ("fiscal", "2024-10-01", "stated", True, 37, "tally-9901-P01.01-fy2568")
    assert counted(demo_session, "P01", "fy2568") == [1241, 3, 0]
    assert counted(demo_session, "P01.01", "fy2568") == [37, 3, 0]
    assert rollups.check(demo_session) == []


def test_a_wide_table(demo_session: Session, bring: Bring) -> None:
    report = bring(WIDE)
    assert (report.new, report.cases, report.good) == (7, 58, True)
    assert cells(demo_session) == [
        ("9901", "P01.01", 37, "case"),
        ("9901", "P08.02", 12, "case"),
        ("9901", "P10.01", 0, "person"),
        ("9902", "P01.01", 3, "case"),
        ("9902", "P10.01", 5, "person"),
        ("9903", "P01.01", 0, "case"),
        ("9903", "P10.01", 1, "person"),
    ]
    assert counted(demo_session, None, "2025") == [49, 8, 1]
    assert counted(demo_session, "P01", "2025") == [37, 3, 0]
    assert counted(demo_session, "P10", "2025", "weight") == [0, 5, 1]
    assert demo_session.execute(text("SELECT count(*) FROM observation")).scalar_one() == 0


def test_a_header_of_two_rows(demo_session: Session, tmp_path: Path) -> None:
    report = import_file(demo_session, write_two_rows(tmp_path / "office.xlsx"))
    assert (report.new, report.cases, report.good, report.left_out["total"]) == (6, 45, True, 1)
    assert {row[3] for row in cells(demo_session)} == {"household"}
    assert counted(demo_session, "P01", "fy2568") == [37, 3, 0]
    recipe = open_file(tmp_path / "office.xlsx")[1].recipe
    assert recipe.fixed == {"counted": "household", "bare_year": "fiscal"}
    assert read_recipe(write_recipe(recipe)) == recipe


def test_the_same_table_again_changes_the_numbers_and_can_be_undone(demo_session: Session, bring: Bring) -> None:
    nothing = everything(demo_session)
    first = bring(LONG)
    before = everything(demo_session)
    same = bring(LONG)
    assert (same.new, same.changed, same.unchanged) == (0, 0, 4)
    assert everything(demo_session) == before
    undo_run(demo_session, same.run_id or 0)
    without = LONG.replace("3,ท่าตัวอย่าง,ความยากจน,๒๕๖๘,๓\n", "").replace(",๓๗", ",๓๕").replace(",๐\n", ",๒\n")
    again = bring(without)
    assert (again.new, again.changed, again.unchanged) == (0, 2, 1)
    assert (again.gone, again.gone_rows) == (("tally-9902-P01.01-fy2568",), 1)
    assert counted(demo_session, "P01.01", "fy2568") == [35, 3, 2]
    to_zero = bring(without.replace(",๓๕", ",0"))
    assert counted(demo_session, "P01.01", "fy2568") == [0, 3, 2]
    undo_run(demo_session, to_zero.run_id or 0)
    undo_run(demo_session, again.run_id or 0)
    assert everything(demo_session) == before
    undo_run(demo_session, first.run_id or 0)
    assert everything(demo_session) == nothing


def test_a_change_made_before_rows_could_stand_for_several_is_undone_to_one(
    demo_session: Session, bring: Bring
) -> None:
    bring(LONG)
    changed = bring(LONG.replace(",๓๗", ",๓๕"))
    demo_session.execute(text("UPDATE import_change SET before = before - 'cases'"))
    undo_run(demo_session, changed.run_id or 0)
    assert cells(demo_session)[0] == ("9901", "P01.01", 1, "person")
    assert rollups.check(demo_session) == []


def test_zeros_make_no_area_with_cases(demo_session: Session, bring: Bring) -> None:
    bring("อำเภอ,ปัญหา,ปี,จำนวน\nเมืองสมมติบุรี,ความยากจน,2568,0\nท่าตัวอย่าง,ความยากจน,2568,0\n")
    assert len(cells(demo_session)) == 2
    for count in ("case_count", "case_count_by_group"):
        assert demo_session.execute(text(f"SELECT count(*) FROM {count}")).scalar_one() == 0
    rollups.rebuild(demo_session)
    assert demo_session.execute(text("SELECT count(*) FROM case_count")).scalar_one() == 0
    assert rollups.check(demo_session) == []
    assert counted(demo_session, "P01", "2025") == [None, None, None]


def test_a_period_is_asked_for_and_never_guessed(demo_session: Session, bring: Bring, tmp_path: Path) -> None:
    with pytest.raises(MissingColumns, match="reported_on"):
        bring(WITHOUT_PERIOD)
    proposal = open_file(tmp_path / "office.csv")[1]
    assert proposal.missing == ("reported_on",)
    for period, precision in (("ปีงบ 68", "fiscal"), ("2568", "year"), ("มี.ค. 2568", "month")):
        report = bring(WITHOUT_PERIOD, replace(proposal.recipe, period=period))
        assert (report.new, report.good) == (4, True)
        held = demo_session.execute(text(f"SELECT count(*) FROM \"case\" WHERE date_precision = '{precision}'"))
        assert held.scalar_one() == 4
    assert counted(demo_session, "P01", "2025") == [74, 6, 0]  # a year and a month; the fiscal year is told apart


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("9901,ความยากจน,2568,3.5", "row.not_whole"),
        ("9901,ความยากจน,2568,-3", "row.bad_number"),
        ("9901,ความยากจน,2568,<5", "row.bad_number"),
        ("9901,ความยากจน,2568,1000001", "row.many_cases"),
        ("9901,ความยากจน,2568,1e99", "row.many_cases"),
        ("9901,ความยากจน,2650,3", "row.future"),
        (",ความยากจน,2568,3", "row.required"),
        ("9977,ความยากจน,2568,3", "error.unknown_area"),
        ("9902,ความยากจน,2568,9", "row.tally_repeated"),
        ("99,ความยากจน,2568,40", "row.tally_nested"),
    ],
)
def test_a_bad_row_is_refused_by_name_and_nothing_is_written(
    demo_session: Session, bring: Bring, row: str, reason: str
) -> None:
    good = "รหัสพื้นที่,ปัญหา,ปี,จำนวน\n9902,ความยากจน,2568,2\n9903,ความยากจน,2568,1000000\n"
    recipe = Recipe(
        "r",
        "cases",
        {"area_code": ("รหัสพื้นที่",), "problem": ("ปัญหา",), "reported_on": ("ปี",), "cases": ("จำนวน",)},
    )
    report = bring(good + row + "\n", recipe)
    assert (dict(report.reasons), report.written) == ({reason: 1}, False)
    assert report.refused[0].row == 4
    assert cells(demo_session) == []
    kept = bring(good + row + "\n", recipe, keep_good=True)
    assert (kept.new, kept.cases, kept.areas) == (2, 1_000_002, {"9902": 2, "9903": 1_000_000})
    assert bring(good, recipe).unchanged == 2


def test_a_row_of_several_numbers_is_taken_whole_or_refused_once(
    demo_session: Session, bring: Bring, tmp_path: Path
) -> None:
    report = bring(WIDE.replace("9902,2568,3,,5", "9901,2568,3,,5"), keep_good=True)
    assert (report.refused_rows, [one.row for one in report.refused]) == (1, [3])
    assert report.cases == 37 + 12 + 0 + 0 + 1 == sum(row[2] for row in cells(demo_session))  # type: ignore[misc]
    told: list[int] = []
    recipe = open_file(tmp_path / "office.csv")[1].recipe
    wrong = bring(WIDE.replace(",12,0,", ",12,x,"), recipe, told=lambda row, fault: told.append(row))
    assert (wrong.refused_rows, wrong.written, told) == (1, False, [2])


def test_what_contradicts_itself_is_refused() -> None:
    start = "name: a\ntarget: cases\ncolumns:\n  district_name: [อำเภอ]\n  reported_on: [ปี]\n"
    good = [start + "  count:P01: [ก]\n  count:P08.02: [ข]\n", start + "  problem: [ก]\n  cases: [ข]\n"]
    for content in good:
        assert read_recipe(content).tallies
    bad = [
        "  count:T07: [ก]\n",
        "  count:P99: [ก]\n",
        "  count:P01: [ก, ข]\n",
        "  count:P01: [ก]\n  problem: [ข]\n",
        "  count:P01: [ก]\n  cases: [ข]\n",
        "  problem: [ก]\n  cases: [ข]\n  lat: [ค]\n  lon: [ง]\n",
        "  problem: [ก]\n  cases: [ข]\n  external_id: [ค]\n",
        "  problem: [ก]\n  cases: [ข]\n  weight: [ค]\n",
        "  problem: [ก]\nfixed: {cases: '3'}\n",
        "  district_code: [ก]\nfixed: {'count:P01': '3'}\n",
    ]
    for content in bad:
        with pytest.raises(BadRecipe):
            read_recipe(start + content)


def test_villages_of_a_subdistrict_are_told_apart(demo_session: Session, bring: Bring) -> None:
    report = bring("อำเภอ,ตำบล,หมู่บ้าน,ปี,ความยากจน\nเมืองสมมติบุรี,บ้านหัวทุ่ง,บ้านหนึ่ง,2568,4\nเมืองสมมติบุรี,บ้านหัวทุ่ง,บ้านสอง,2568,5\n")
    assert (report.new, report.good) == (2, True)
    assert counted(demo_session, "P01", "2025") == [9, 0, 0]


def test_lists_places_and_persons_treat_them_as_numbers(demo_session: Session, bring: Bring) -> None:
    bring(LONG)
    lines = {(one.area_code, one.problem_code): one.cases for one in list_cases(demo_session, within="99")}
    assert lines == {("9901", "P01.01"): 37, ("9901", "P01.02"): 1204, ("9902", "P01.01"): 3, ("9903", "P01.01"): 0}
    assert list_places(demo_session, within="99") == []
    content = cases_content(demo_session, date(2026, 11, 22), "99")
    place = [column.name for column in content.columns].index("stands_for")
    assert sorted(str(row[place]) for row in content.rows) == ["0", "1204", "3", "37"]
    one = next(one for one in list_cases(demo_session, within="9902"))
    assert get_case(demo_session, one.id).values.cases == 3
    writer = replace(EXACT, permissions=frozenset({"identity.write"}))
    with pytest.raises(NoPerson, match="3 cases"):
        save_identity(demo_session, writer, None, one.id, IdentityValues(name="นายสมมติ"))  # type: ignore[arg-type]


def test_a_cell_that_another_source_told_is_said_and_not_refused(
    demo_session: Session, bring: Bring, tmp_path: Path
) -> None:
    bring(LONG)
    again = import_file(demo_session, write_text(tmp_path / "another.csv", LONG.replace("๒๕๖๘", "2568")))
    assert (again.doubled_rows, again.doubles[0], again.new) == (4, (3, "office"), 4)
    later = import_file(demo_session, write_text(tmp_path / "third.csv", LONG.replace("๒๕๖๘", "2567")))
    assert later.doubled_rows == 0


SMALL = "อำเภอ,ปัญหา,ปีงบประมาณ,จำนวน\nเมืองสมมติบุรี,ความยากจน,2568,{capital}\nท่าตัวอย่าง,ความยากจน,2568,3\n"


@pytest.mark.parametrize("scope", [Scope.committee(), Scope.public()], ids=["committee", "public"])
@pytest.mark.parametrize("way", ["tally", "cases"])
def test_a_tally_of_three_is_hidden_just_as_three_cases_are(
    demo_session: Session, bring: Bring, scope: Scope, way: str
) -> None:
    if way == "tally":
        bring(SMALL.format(capital=80))
    else:
        source = make_source(demo_session, "file.office")
        many(demo_session, source, 80, "9901", problem_code="P01.01", reported_on=date(2025, 3, 1))
        many(demo_session, source, 3, "9902", problem_code="P01.01", reported_on=date(2025, 3, 1))
    publish(demo_session)
    wanted = Filter("P01", parse_period("fy2568"))
    table = figures(demo_session, scope, "cases", "district", "99", wanted, "count")
    shown = {one.area_code: (one.cases, one.value, one.state) for one in table.rows()}
    assert shown["9901"] == (80, 80, "ok")
    assert shown["9902"] == (None, None, "hidden")
    assert table.total.cases != 83


def test_the_attack_has_tallies_in_its_truth(demo_session: Session, bring: Bring) -> None:
    bring(SMALL.format(capital=80))
    table = read_tables(demo_session, parse_period("fy2568"), year_complete=True)["district", "P01"]
    assert {area: table.counts[table.place[area]] for area in ("9901", "9902", "9903")} == {
        "9901": 80,
        "9902": 3,
        "9903": 0,
    }
    made = publish(demo_session)
    assert made is not None
    for reader in ("committee", "public"):
        assert (table.labels(reader)[[table.place["9901"], table.place["9902"]]] > 0).tolist() == [True, False]


def test_more_cases_than_a_sum_can_hold_are_refused_and_nothing_is_written(demo_session: Session, bring: Bring) -> None:
    villages = "".join(f"990101,บ้าน{number:04},2568,1000000\n" for number in range(2_200))
    with pytest.raises(rollups.TooManyCases):
        bring("รหัสตำบล,หมู่บ้าน,ปี,ความยากจน\n" + villages)
    assert everything(demo_session)[0] == "[]"
