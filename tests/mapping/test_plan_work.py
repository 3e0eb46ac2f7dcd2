"""What plans add up to, held against the trees themselves; what is late; what the country says; policies."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.areas import get_area
from layers.cases import new_id
from layers.exporting.formats import write
from layers.filters import Filter
from layers.periods import parse_period
from layers.scope import Scope
from mapping.area_map import build_area_map
from mapping.plan_approving import approve
from mapping.plan_asking import Operation, PartNotFound
from mapping.plan_changes import apply_operations, apply_to, list_history
from mapping.plan_country import country_plans
from mapping.plan_examples import load_example
from mapping.plan_making import create_copy, create_from_template
from mapping.plan_maps import stored_mind_maps
from mapping.plan_progress import NotProgress, note_progress
from mapping.plan_table import all_rows, solution_rows, stated_budget
from mapping.plan_tree import Part, Tree
from mapping.plan_work import STATES, STATUSES, RollUp, list_overdue, roll_up
from mapping.plan_work_file import work_content
from mapping.plan_years import year_with_plans
from mapping.plans import PlanNotDraft, PlanNotFound, PlanReadOnly, PlanRecord, get_plan, get_tree, list_plans
from mapping.policies import (
    TAGS,
    ThemeInUse,
    add_theme,
    list_themes,
    list_untagged,
    name_theme,
    plans_by_tag,
    remove_theme,
    tag_titles,
)
from tests.scopes import SYSTEM

YEAR, DURING, AFTER = date(2025, 10, 1), date(2026, 1, 15), date(2026, 7, 15)
MAY = frozenset({"plan.read", "plan.write"})
OFFICER = Scope("officer", "internal", frozenset({"99"}), actor_id=UUID(int=7), permissions=MAY)
PUBLIC = Scope.public()


def op(plan: PlanRecord, part: UUID, field: str, value: Any, action: Any = "set") -> Operation:
    return Operation(new_id(), action, plan.number, part, field=field, value=value)


def done(session: Session, plan: PlanRecord, *asked: Operation) -> None:
    assert {each.state for each in apply_operations(session, SYSTEM, plan.id, asked).results} == {"done"}


def found(tree: Tree, kind: str, place: int = 0) -> Part:
    return [part for part in tree.walk(tree.root.id) if part.kind == kind][place]


@pytest.fixture
def plans(demo_session: Session) -> dict[str, PlanRecord]:
    """Two approved plans, one of which has a revision in the making, a draft, and a superseded one."""
    session = demo_session
    made = {"b": load_example(session, SYSTEM, "b", "9901", DURING)}
    before = load_example(session, SYSTEM, "a", "990101", DURING)
    again = create_copy(session, SYSTEM, "990101", before.id, YEAR)
    made["a"] = approve(session, SYSTEM, again.id, "ที่ประชุมสมมติ", DURING, DURING)
    made["before"] = get_plan(session, SYSTEM, before.id)
    made["revision"] = create_copy(session, SYSTEM, "990101", again.id, YEAR)
    made["draft"] = create_from_template(session, SYSTEM, "99", "P02", YEAR)
    tree = get_tree(session, made["revision"])
    dropped = found(tree, "objective", 2)
    done(session, made["revision"], op(made["revision"], dropped.id, "", None, "remove"))
    activity = found(get_tree(session, made["draft"]), "activity")
    given = {"budget": 1000.5, "budget_source": " งบจังหวัด ", "ends_on": "2026-01-31"}
    done(session, made["draft"], *(op(made["draft"], activity.id, name, value) for name, value in given.items()))
    return made


def reference(session: Session, today: date, scope_areas: str = "") -> Counter[tuple[str, str, str, str]]:
    """Count activities and add up money plan by plan, from their trees."""
    held: Counter[tuple[str, str, str, str]] = Counter()
    for plan in list_plans(session, SYSTEM):
        if plan.state == "superseded" or not plan.area_code.startswith(scope_areas):
            continue
        for row in all_rows(solution_rows(get_tree(session, plan), today)):
            source = row.fields.get("budget_source", "").strip()
            held[plan.state, "activities", source, row.status] += 1
            held[plan.state, "baht", source, row.status] += Decimal(str(row.fields.get("budget", 0)))  # type: ignore[assignment]
    return +held


def told(work: RollUp) -> Counter[tuple[str, str, str, str]]:
    held: Counter[tuple[str, str, str, str]] = Counter()
    for row in work.rows:
        held[row.state, "activities", row.source or "", row.status] += row.activities
        held[row.state, "baht", row.source or "", row.status] += row.budget  # type: ignore[assignment]
    return +held


@pytest.mark.parametrize("area", ["TH", "99", "9901", "990101"])
@pytest.mark.parametrize("today", [DURING, AFTER])
def test_each_activity_is_counted_once_at_every_level(
    demo_session: Session, plans: dict[str, PlanRecord], area: str, today: date
) -> None:
    work = roll_up(demo_session, SYSTEM, area, YEAR, today)
    assert told(work) == reference(demo_session, today, "" if area == "TH" else area)
    for state, whole in work.whole.items():
        for parts in (work.places.values(), work.sources.values()):
            assert sum(one[state].activities for one in parts) == whole.activities
            assert sum(one[state].budget for one in parts) == whole.budget
        assert sum(one[state].plans for one in work.places.values()) == whole.plans
        assert sum(whole.statuses.values()) == whole.activities


def test_places_are_those_below_and_the_area_itself(demo_session: Session, plans: dict[str, PlanRecord]) -> None:
    work = roll_up(demo_session, SYSTEM, "99", YEAR, AFTER)
    assert {code: (one["approved"].plans, one["draft"].plans) for code, one in work.places.items()} == {
        "99": (0, 1),
        "9901": (2, 1),
    }
    assert work.without == 2
    assert list(roll_up(demo_session, SYSTEM, "TH", YEAR, AFTER).places) == ["99"]
    assert list(roll_up(demo_session, SYSTEM, "9901", YEAR, AFTER).places) == ["9901", "990101"]
    assert roll_up(demo_session, SYSTEM, "99", date(2024, 10, 1), AFTER).places == {}


def test_what_was_taken_away_and_what_stands_under_it_is_not_counted(
    demo_session: Session, plans: dict[str, PlanRecord]
) -> None:
    work = roll_up(demo_session, SYSTEM, "990101", YEAR, DURING)
    assert [work.whole[state].activities for state in ("approved", "draft")] == [4, 3]
    assert [work.whole[state].budget for state in ("approved", "draft")] == [497_000, 177_000]


def test_others_than_staff_see_no_draft(demo_session: Session, plans: dict[str, PlanRecord]) -> None:
    mine, theirs = (roll_up(demo_session, scope, "TH", YEAR, DURING) for scope in (OFFICER, PUBLIC))
    assert (mine.whole["draft"].plans, theirs.whole["draft"].plans) == (2, 0)
    assert mine.whole["approved"] == theirs.whole["approved"]
    assert {row.state for row in theirs.rows} == {"approved"}


def test_a_page_opens_at_the_year_that_runs_or_the_newest_that_has_plans(demo_session: Session) -> None:
    """Of the plans that the reader may see, in the area and within it."""
    load_example(demo_session, SYSTEM, "a", "9901", DURING)
    for first in (date(2023, 10, 1), date(2026, 10, 1)):
        create_from_template(demo_session, SYSTEM, "9902", "P02", first)
    past, next_year, later = date(2023, 10, 1), date(2026, 10, 1), date(2029, 10, 1)

    def opened(scope: Scope, code: str, running: date, states: Any = STATES) -> date:
        return year_with_plans(demo_session, scope, get_area(demo_session, code), running, states)

    held = (past, YEAR, next_year)
    assert [opened(OFFICER, "99", each) for each in (*held, later)] == [*held, next_year]
    assert [opened(PUBLIC, "TH", each) for each in (past, YEAR, later)] == [YEAR, YEAR, YEAR]
    assert opened(OFFICER, "9901", later) == YEAR
    assert opened(OFFICER, "99", later, ("approved",)) == YEAR
    assert opened(OFFICER, "9903", later) == later


def test_an_activity_is_late_from_the_day_after_its_last(demo_session: Session, plans: dict[str, PlanRecord]) -> None:
    def late(today: date) -> list[tuple[str, date]]:
        return [(one.lead or "", one.ends_on) for one in list_overdue(demo_session, PUBLIC, "99", YEAR, today)]

    first, second = (("พมจ.", date(2026, 6, 30)), ("อบต.", date(2026, 9, 30)))
    assert late(date(2026, 6, 30)) == []
    assert late(date(2026, 7, 1)) == late(date(2026, 9, 30)) == [first]
    assert late(date(2026, 12, 1)) == [first, second]  # of eight in approved plans; the rest is done


def test_a_file_says_what_the_roll_up_says_and_runs_nothing(
    demo_session: Session, plans: dict[str, PlanRecord]
) -> None:
    activity = found(get_tree(demo_session, plans["draft"]), "activity")
    done(demo_session, plans["draft"], op(plans["draft"], activity.id, "budget_source", "=HYPERLINK(1)"))
    work = roll_up(demo_session, SYSTEM, "99", YEAR, AFTER)
    content = work_content(demo_session, OFFICER, work)
    file = BytesIO()
    write(content, "csv", file)
    lines = file.getvalue().decode("utf-8-sig").splitlines()
    assert len(lines) == len(work.rows) + 1
    assert any(",'=HYPERLINK(1)," in line for line in lines)
    baht = [float(str(one["budget_baht"])) for one in content.dicts()]
    assert sum(baht) == float(sum(each.budget for each in work.whole.values()))
    book = BytesIO()
    write(content, "xlsx", book)
    from openpyxl import load_workbook

    sheet = load_workbook(book).worksheets[0]
    assert [sheet.cell(2, place).value for place in (1, 4)] == [work.rows[0].code, 2569]


def test_work_is_noted_after_approval_and_nothing_else_is(demo_session: Session, plans: dict[str, PlanRecord]) -> None:
    plan, tree = plans["b"], get_tree(demo_session, plans["b"])
    activity, indicator = found(tree, "activity"), found(tree, "indicator")
    asked = [op(plan, activity.id, "status", "doing"), op(plan, indicator.id, "actual", "97")]
    applied = note_progress(demo_session, OFFICER, plan.id, asked)
    assert [each.state for each in applied.results] == ["done", "done"]
    now = get_tree(demo_session, get_plan(demo_session, SYSTEM, plan.id))
    assert (now.parts[activity.id].fields["status"], now.parts[indicator.id].fields["actual"]) == ("doing", "97")
    assert get_plan(demo_session, SYSTEM, plan.id).state == "approved"
    newest = list_history(demo_session, plan, limit=2)
    assert [(each.field, each.number) for each in newest] == [("actual", plan.number + 2), ("status", plan.number + 1)]
    again = note_progress(demo_session, OFFICER, plan.id, asked)
    assert [each.state for each in again.results] == ["repeated", "repeated"]
    for field, value in (("text", "ใหม่"), ("budget", 1), ("ends_on", "2027-01-01")):
        with pytest.raises(NotProgress):
            note_progress(demo_session, OFFICER, plan.id, [op(plan, activity.id, field, value)])
    with pytest.raises(NotProgress):
        note_progress(demo_session, OFFICER, plan.id, [op(plan, activity.id, "status", None, "remove")])
    with pytest.raises(PartNotFound):
        note_progress(demo_session, OFFICER, plan.id, [op(plan, new_id(), "status", "done")])
    (bad,) = note_progress(demo_session, OFFICER, plan.id, [op(plan, activity.id, "status", "late")]).results
    assert (bad.state, bad.error) == ("refused", "plan.bad_field")


def test_what_was_taken_away_before_approval_does_not_come_back_by_a_note(
    demo_session: Session, plans: dict[str, PlanRecord]
) -> None:
    plan = plans["revision"]
    gone = found(get_tree(demo_session, plans["a"]), "activity", 2).text
    tree = get_tree(demo_session, plan)
    (activity,) = [part for part in tree.parts.values() if part.text == gone]
    assert not tree.shown(activity.id)
    approved = approve(demo_session, SYSTEM, plan.id, "ที่ประชุมสมมติ", DURING, DURING)
    with pytest.raises(PartNotFound):
        note_progress(demo_session, OFFICER, plan.id, [op(approved, activity.id, "status", "done")])
    assert not get_tree(demo_session, approved).shown(activity.id)


def test_work_noted_while_a_revision_was_drafted_comes_into_it(demo_session: Session) -> None:
    """By part and field: what the revision's team set later stays, what they took away stays away."""
    session = demo_session
    plan = load_example(session, SYSTEM, "a", "9901", DURING)
    tree = get_tree(session, plan)
    activities = [part for part in tree.walk(tree.root.id) if part.kind == "activity"]
    counted = [tree.under(part.id, "indicator")[0] for part in activities]
    moment = datetime(2026, 2, 1, tzinfo=UTC)
    note = [op(plan, activities[0].id, "status", "planned")]
    apply_to(session, SYSTEM, get_plan(session, SYSTEM, plan.id), note, moment)
    revision = create_copy(session, SYSTEM, "9901", plan.id, YEAR)
    copies = {part.origin: part for part in get_tree(session, revision).parts.values()}

    def copy(part: Part) -> UUID:
        return copies[f"plan:{plan.id}/{part.id}"].id

    def at(hour: int, which: PlanRecord, *asked: Operation) -> None:
        now = get_plan(session, SYSTEM, which.id)
        later = [replace(each, base=now.number) for each in asked]
        assert {one.state for one in apply_to(session, SYSTEM, now, later, moment + timedelta(hours=hour)).results} == {
            "done"
        }

    at(
        1,
        revision,
        op(revision, copy(activities[1]), "status", "planned"),
        op(revision, copy(activities[2]), "status", "planned"),
    )
    at(
        1,
        revision,
        op(revision, copy(activities[3]), "lead", "ผู้รับผิดชอบใหม่"),
        op(revision, copy(counted[3]), "text", "x", "remove"),
    )
    at(2, plan, op(plan, activities[0].id, "status", "doing"), op(plan, counted[0].id, "actual", "61"))
    at(2, plan, op(plan, activities[1].id, "status", "done"), op(plan, counted[3].id, "actual", "9"))
    at(3, revision, op(revision, copy(activities[2]), "status", "doing"))
    at(2, plan, op(plan, activities[2].id, "status", "done"))
    done(
        session,
        get_plan(session, SYSTEM, revision.id),
        Operation(new_id(), "add", 0, kind="indicator", parent=copy(activities[3]), fields={"text": "ตัวชี้วัดใหม่"}),
    )
    approved = approve(session, SYSTEM, revision.id, "คณะกรรมการสมมติ", DURING, DURING)
    held = get_tree(session, approved)
    told = [held.parts[copy(part)].fields["status"] for part in activities[:3]]
    assert told == ["doing", "done", "doing"], "carried, later than the team's, and earlier than the team's"
    assert held.parts[copy(counted[0])].fields["actual"] == "61"
    assert held.parts[copy(activities[3])].fields["lead"] == "ผู้รับผิดชอบใหม่"
    assert held.parts[copy(counted[3])].removed is not None
    assert get_plan(session, SYSTEM, plan.id).state == "superseded"
    history = list_history(session, approved)
    assert [change.action for change in history[:4]] == ["approve", "set", "set", "set"]
    assert approved.number == history[0].number == held.number


def test_who_may_note_work(demo_session: Session, plans: dict[str, PlanRecord]) -> None:
    plan = plans["b"]
    asked = [op(plan, found(get_tree(demo_session, plan), "activity").id, "status", "done")]
    elsewhere = replace(OFFICER, areas=frozenset({"9902"}))
    reader = replace(OFFICER, permissions=frozenset({"plan.read"}))
    for scope in (elsewhere, reader, PUBLIC):
        with pytest.raises(PlanReadOnly):
            note_progress(demo_session, scope, plan.id, asked)
    with pytest.raises(PlanNotFound):
        note_progress(demo_session, PUBLIC, plans["draft"].id, asked)
    with pytest.raises(PlanNotDraft):
        note_progress(demo_session, OFFICER, plans["before"].id, asked)


def test_no_badge_hides_late_work_behind_another_plan_of_the_area(
    demo_session: Session, plans: dict[str, PlanRecord]
) -> None:
    """An approved plan of the leading problem, all of whose work is done, stands beside one that is late."""
    session = demo_session
    copied = create_copy(session, SYSTEM, "9901", plans["a"].id, YEAR)
    activities = [part for part in get_tree(session, copied).parts.values() if part.kind == "activity"]
    days = {"starts_on": "2025-10-01", "ends_on": "2026-01-31", "status": "doing"}
    done(session, copied, *(op(copied, part.id, name, value) for part in activities for name, value in days.items()))
    approve(session, SYSTEM, copied.id, "ที่ประชุมสมมติ", DURING, DURING)
    area, period = get_area(session, "9901"), parse_period("fy2569")

    def shown(today: date) -> tuple[str, str]:
        made = stored_mind_maps(session, PUBLIC, [area], period, leading={"9901": "P06"}, today=today)["9901"]
        return made.problem_code, made.state

    assert shown(DURING) == ("P06.02", "approved")
    assert shown(date(2026, 2, 15)) == ("P08.01", "overdue")


def test_the_country_wears_the_badge_of_a_province_whose_work_is_late(
    demo_session: Session, plans: dict[str, PlanRecord]
) -> None:
    session = demo_session
    copied = create_copy(session, SYSTEM, "99", plans["a"].id, YEAR)
    activities = [part for part in get_tree(session, copied).parts.values() if part.kind == "activity"]
    days = {"starts_on": "2025-10-01", "ends_on": "2026-01-31"}
    done(session, copied, *(op(copied, part.id, name, value) for part in activities for name, value in days.items()))
    chosen = Filter(None, parse_period("fy2569"))

    def shown(today: date) -> tuple[str, str]:
        made = [build_area_map(session, PUBLIC, code, filter=chosen, today=today) for code in ("TH", "99")]
        assert all(dict(one.legend.badges).keys() == {"none", "draft", "approved", "overdue"} for one in made)
        return made[0].plan_state("99"), made[1].plan_state("9901")

    assert shown(DURING) == ("none", "approved")
    approve(session, SYSTEM, copied.id, "ที่ประชุมสมมติ", DURING, DURING)
    assert shown(DURING) == ("approved", "approved")
    assert shown(date(2026, 2, 1)) == ("overdue", "approved")
    late = found(get_tree(session, copied), "activity")
    note_progress(session, OFFICER, copied.id, [op(get_plan(session, SYSTEM, copied.id), late.id, "status", "done")])
    assert shown(date(2026, 2, 1)) == ("overdue", "approved")
    rest = [op(get_plan(session, SYSTEM, copied.id), part.id, "status", "done") for part in activities]
    note_progress(session, OFFICER, copied.id, rest)
    assert shown(date(2026, 2, 1)) == ("approved", "approved")


def test_the_table_has_every_activity_with_the_causes_it_is_for(
    demo_session: Session, plans: dict[str, PlanRecord]
) -> None:
    groups = solution_rows(get_tree(demo_session, plans["a"]), DURING)
    assert [[number for number, _ in group.causes] for group in groups] == [[4], [1, 2], [3], [2]]
    assert [row.number for row in all_rows(groups)] == ["1.1", "2.1", "3.1", "4.1"]
    assert all_rows(groups)[0].period == "ต.ค.–ธ.ค. 2568"
    assert stated_budget(groups) == 497_000


def test_tags_name_policies_that_exist(demo_session: Session, plans: dict[str, PlanRecord]) -> None:
    session, plan = demo_session, plans["draft"]
    root = get_tree(session, plan).root.id

    def results(*tags: str) -> list[str | None]:
        asked = [op(get_plan(session, SYSTEM, plan.id), root, TAGS, list(tags) or None)]
        return [each.error for each in apply_operations(session, SYSTEM, plan.id, asked).results]

    assert [plan.id for plan in list_untagged(session, SYSTEM, YEAR, 9)].count(plan.id) == 1
    assert results("dim:3", "agenda:2560:9", "welfare:social_service") == [None]
    assert results("agenda:2560:10") == ["policy.unknown_tag"]
    assert results("welfare:nothing") == ["policy.unknown_tag"]
    assert results("dim:10") == results("ลดความเหลื่อมล้ำ") == ["plan.bad_field"]
    assert get_tree(session, plan).root.fields[TAGS] == ["agenda:2560:9", "dim:3", "welfare:social_service"]
    assert plan.id not in [one.id for one in list_untagged(session, SYSTEM, YEAR, 9)]
    assert plans_by_tag(session, SYSTEM, YEAR)["dim:3"] == {"approved": 0, "draft": 1}
    assert plans_by_tag(session, PUBLIC, YEAR) == {}
    assert results() == [None]
    assert plan.id in [one.id for one in list_untagged(session, SYSTEM, YEAR, 9)]


def test_themes_are_shipped_without_titles_and_named_by_somebody(
    demo_session: Session, plans: dict[str, PlanRecord]
) -> None:
    session, first = demo_session, date(2016, 10, 1)
    themes = list_themes(session)
    assert Counter(theme.kind for theme in themes) == {"agenda": 9, "area": 5, "administration": 5}
    assert {(theme.title_th, theme.title_en) for theme in themes} == {(None, None)}
    assert tag_titles(session)["area:2560:5"].th == "ประเด็นที่ 5"
    name_theme(session, first, "area", 5, " ชื่อสมมติ ", "")
    assert tag_titles(session)["area:2560:5"].th == "ชื่อสมมติ"
    theme = add_theme(session, YEAR, "area")
    assert (theme.code, theme.title.th) == ("area:2569:1", "ประเด็นที่ 1")
    root = get_tree(session, plans["draft"]).root.id
    done(session, plans["draft"], op(plans["draft"], root, TAGS, [theme.code]))
    with pytest.raises(ThemeInUse):
        remove_theme(session, session, YEAR, "area", 1)
    remove_theme(session, session, first, "area", 1)
    assert "area:2560:1" not in tag_titles(session)


def test_the_country_names_causes_and_solutions_with_their_cost(
    demo_session: Session, plans: dict[str, PlanRecord]
) -> None:
    """A copy of a plan in another province, its words spaced otherwise, meets the first one; drafts tell nothing."""
    session = demo_session
    copied = create_copy(session, SYSTEM, "9902", plans["a"].id, YEAR)
    tree = get_tree(session, copied)
    cause, solution = found(tree, "cause"), found(tree, "solution")
    done(session, copied, op(copied, cause.id, "text", f"{cause.text[:10]} {cause.text[10:]}."))
    gone, under = new_id(), new_id()
    adding = {"action": "add", "base": copied.number, "kind": "cause"}
    asked = [
        Operation(gone, parent=tree.root.id, fields={"text": "สาเหตุที่นำออก"}, **adding),  # type: ignore[arg-type]
        Operation(under, parent=gone, fields={"text": "สาเหตุใต้สาเหตุที่นำออก"}, **adding),  # type: ignore[arg-type]
        op(copied, gone, "", None, "remove"),
    ]
    done(session, copied, *asked)
    for part in tree.parts.values():
        if part.kind == "activity":
            given = {"starts_on": "2026-01-01", "ends_on": "2026-03-31"}
            done(session, copied, *(op(copied, part.id, name, value) for name, value in given.items()))
    approve(session, SYSTEM, copied.id, "ที่ประชุมสมมติ", DURING, DURING)
    moved = "UPDATE plan SET province_code = '98', area_code = '9801' WHERE id = :id"
    session.execute(text(moved), {"id": copied.id})
    told_ = country_plans(session, PUBLIC, YEAR)
    assert (told_.plans, told_.provinces) == (3, 2)
    causes = {one.text.replace(" ", "").strip("."): (one.category, one.provinces, one.plans) for one in told_.causes}
    assert causes[cause.text.replace(" ", "")] == ("P08", 2, 2)
    assert [words for words in causes if "นำออก" in words] == []
    assert len(causes) == len([part for part in tree.parts.values() if part.kind == "cause"]) + 9
    named = {one.text: one for one in told_.solutions}
    assert (named[solution.text].provinces, named[solution.text].activities) == (2, 2)
    whole = roll_up(session, PUBLIC, "99", YEAR, DURING).whole["approved"]
    twice = sum(Decimal(str(row.fields.get("budget", 0))) for row in all_rows(solution_rows(tree, DURING)))
    for lines in (told_.kinds, told_.solutions):
        assert sum(one.budget for one in lines) == whole.budget + twice  # type: ignore[attr-defined]
        assert sum(one.activities for one in lines) == whole.activities + 4  # type: ignore[attr-defined]
    assert {one.welfare_system for one in told_.kinds} >= {"social_service", "social_partnership"}
    assert country_plans(session, PUBLIC, date(2024, 10, 1)).causes == ()


def test_statuses_are_those_of_the_mind_map() -> None:
    assert STATUSES == ("draft", "planned", "doing", "done", "late")
