"""Plans from the database to the mind map: made, changed, approved, copied, restored."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.areas import get_area
from layers.cases import new_id
from layers.personal_text import PersonalDataInText
from layers.scope import Scope
from mapping.mindmaps import BadMindMap
from mapping.plan_approving import BadMeeting, approve
from mapping.plan_asking import Operation
from mapping.plan_changes import apply_operations, list_changes, list_history, tree_at
from mapping.plan_examples import load_example
from mapping.plan_making import create_copy, create_from_template
from mapping.plan_mind_map import to_mind_map
from mapping.plan_restoring import restore
from mapping.plan_tree import Part, Tree, replay
from mapping.plans import PlanExists, PlanNotDraft, PlanRecord, get_plan, get_tree, list_plans
from tests.mapping.plan_trees import same
from tests.scopes import SYSTEM

YEAR, TODAY = date(2025, 10, 1), date(2026, 1, 15)
OFFICER = Scope("officer", "internal", frozenset({"99"}), actor_id=UUID(int=7))


def made(session: Session, area: str = "9901", problem: str = "P08") -> PlanRecord:
    return create_from_template(session, SYSTEM, area, problem, YEAR)


def found(tree: Tree, kind: str, place: int = 0) -> Part:
    return [part for part in tree.walk(tree.root.id) if part.kind == kind][place]


def told(session: Session, plan: PlanRecord, *asked: Operation) -> list[tuple[str, tuple[str, ...]]]:
    """Apply operations and return the state of each with what its editor is told, or why it was refused."""
    results = apply_operations(session, SYSTEM, plan.id, asked).results
    return [
        (each.state, tuple(one.key for one in each.notices) + ((each.error,) if each.error else ())) for each in results
    ]


def op(action: Any, base: int, part: UUID | None = None, **more: Any) -> Operation:
    return Operation(new_id(), action, base, part, **more)


def test_a_draft_of_a_template_is_stored_whole_and_draws_as_the_template_does(demo_session: Session) -> None:
    from mapping.templates import draft

    plan = made(demo_session)
    area = get_area(demo_session, "9901")
    template = draft("P08", area, "")
    drawn = to_mind_map(plan, get_tree(demo_session, plan), area, TODAY)
    assert drawn == replace(template, state="draft", stamp=drawn.stamp)
    assert drawn.stamp not in (None, template.stamp)
    assert same(replay(list_changes(demo_session, plan)), get_tree(demo_session, plan))
    assert {part.origin for part in get_tree(demo_session, plan).parts.values()} == {"template:P08"}


def test_an_area_has_one_draft_for_a_problem_and_year(demo_session: Session) -> None:
    made(demo_session)
    with pytest.raises(PlanExists):
        made(demo_session)
    made(demo_session, problem="P02")
    made(demo_session, area="9902")


def test_different_fields_merge_and_the_same_field_keeps_both_until_settled(demo_session: Session) -> None:
    plan = made(demo_session)
    cause = found(get_tree(demo_session, plan), "cause")
    seen = plan.number
    assert told(demo_session, plan, op("set", seen, cause.id, field="text", value="ก")) == [("done", ())]
    assert told(demo_session, plan, op("set", seen, cause.id, field="evidence", value="ข")) == [("done", ())]
    clashing = op("set", seen, cause.id, field="text", value="ค")
    assert told(demo_session, plan, clashing) == [("done", ("plan.told.clashed",))]
    part = get_tree(demo_session, plan).parts[cause.id]
    assert (part.text, [one.value for one in part.kept["text"]]) == ("ค", ["ก"])
    assert told(demo_session, plan, clashing) == [("repeated", ())]
    now = get_plan(demo_session, SYSTEM, plan.id).number
    assert told(demo_session, plan, op("set", seen, cause.id, field="text", value="ค")) == [("same", ())]
    assert told(demo_session, plan, op("set", now, cause.id, field="text", value="ค")) == [("done", ())]
    assert get_tree(demo_session, plan).parts[cause.id].kept == {}


def test_what_is_typed_in_one_go_does_not_clash_with_itself(demo_session: Session) -> None:
    plan = made(demo_session)
    cause = found(get_tree(demo_session, plan), "cause")
    typed = [op("set", plan.number, cause.id, field="text", value=words) for words in ("ก", "กข", "กขค")]
    assert told(demo_session, plan, *typed) == [("done", ())] * 3
    again = [*typed, op("set", plan.number, cause.id, field="text", value="กขคง")]
    assert told(demo_session, plan, *again) == [("repeated", ())] * 3 + [("done", ())]


def test_work_on_a_removed_part_brings_it_back_with_what_is_above_it(demo_session: Session) -> None:
    plan = made(demo_session)
    tree = get_tree(demo_session, plan)
    solution, activity = found(tree, "solution"), found(tree, "activity")
    assert told(demo_session, plan, op("remove", plan.number, solution.id)) == [("done", ())]
    assert not get_tree(demo_session, plan).shown(activity.id)
    restored = [("done", ("plan.told.restored",))]
    assert told(demo_session, plan, op("set", plan.number, activity.id, field="lead", value="อบต.")) == restored
    assert get_tree(demo_session, plan).shown(activity.id)


def test_a_move_under_its_own_descendant_is_refused_by_name(demo_session: Session) -> None:
    plan = made(demo_session)
    cause = found(get_tree(demo_session, plan), "cause")
    root = get_tree(demo_session, plan).under(cause.id)[0]
    asked = op("move", plan.number, cause.id, parent=root.id)
    (result,) = apply_operations(demo_session, SYSTEM, plan.id, [asked]).results
    assert (result.state, result.error) == ("refused", "plan.cycle")
    assert cause.text in str(result.words)
    assert root.text in str(result.words)


def test_places_are_before_and_after_siblings(demo_session: Session) -> None:
    plan = made(demo_session)
    tree = get_tree(demo_session, plan)
    one, two, three, four = tree.under(tree.root.id, "effect")[:4]
    told(demo_session, plan, op("move", plan.number, four.id, parent=tree.root.id, before=one.id))
    told(demo_session, plan, op("move", plan.number, one.id, parent=tree.root.id, after=three.id))
    order = [part.id for part in get_tree(demo_session, plan).under(tree.root.id, "effect")]
    assert order[:4] == [four.id, two.id, three.id, one.id]


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ({"action": "add", "kind": "problem", "fields": {"text": "x"}}, "plan.root_stays"),
        ({"action": "add", "kind": "goal", "fields": {"text": "x"}}, "plan.goal_taken"),
        ({"action": "add", "kind": "activity", "fields": {"text": "x"}}, "plan.bad_parent"),
        ({"action": "add", "kind": "cause", "fields": {}}, "plan.bad_field"),
        ({"action": "add", "kind": "cause", "fields": {"text": "x", "budget": 1}}, "plan.unknown_field"),
        ({"action": "add", "kind": "cause", "fields": {"text": "โทร 081-234-5678"}}, "error.personal_text"),
        ({"action": "add", "kind": "cause", "fields": {"text": "ก" * 1001}}, "plan.bad_field"),
        ({"action": "add", "kind": "cause", "fields": {"text": "ก\0"}}, "plan.bad_field"),
        ({"action": "remove"}, "plan.root_stays"),
        ({"action": "set", "field": "text", "value": None}, "plan.bad_field"),
        ({"action": "set", "field": "score_size", "value": 6}, "plan.bad_field"),
        ({"action": "set", "field": "size", "value": 3}, "plan.bad_field"),
        ({"action": "undo", "number": 999}, "plan.change_not_found"),
        ({"action": "set", "base": 999, "field": "note", "value": "x"}, "plan.bad_base"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused_and_changes_nothing(
    demo_session: Session, asked: dict[str, Any], key: str
) -> None:
    plan = made(demo_session)
    before = get_tree(demo_session, plan)
    root = before.root.id
    given = {"base": plan.number, "parent": root} | ({} if asked["action"] == "add" else {"part": root}) | asked
    assert told(demo_session, plan, Operation(id=new_id(), **given)) == [("refused", (key,))]
    assert same(get_tree(demo_session, plan), before)
    assert get_plan(demo_session, SYSTEM, plan.id).number == plan.number


def test_a_cause_that_only_lacks_a_solution_gives_a_hint(demo_session: Session) -> None:
    plan = made(demo_session)
    cause = found(get_tree(demo_session, plan), "cause")
    asked = op("set", plan.number, cause.id, field="text", value="ขาดผู้ดูแล")
    assert told(demo_session, plan, asked) == [("done", ("plan.hint.missing_solution",))]


def test_every_kind_of_change_is_undone_by_a_new_one(demo_session: Session) -> None:
    plan = made(demo_session)
    tree = get_tree(demo_session, plan)
    cause, effect, solution = found(tree, "cause"), found(tree, "effect"), found(tree, "solution")
    link = min(each for each in tree.links if each.from_id == solution.id)
    asked = [
        op("add", plan.number, new_id(), kind="effect", parent=tree.root.id, fields={"text": "ใหม่"}),
        op("set", plan.number, cause.id, field="text", value="อื่น"),
        op("move", plan.number, effect.id, parent=tree.root.id),
        op("remove", plan.number, solution.id),
        op("restore", plan.number, solution.id),
        op("unlink", plan.number, solution.id, to=link.to_id),
        op("link", plan.number, solution.id, to=link.to_id),
    ]
    numbers = [each.number for each in apply_operations(demo_session, SYSTEM, plan.id, asked).results]
    undone = [op("undo", plan.number, number=number) for number in reversed(numbers)]
    assert [state for state, _ in told(demo_session, plan, *undone)] == ["done"] * len(asked)
    after = get_tree(demo_session, plan)
    area = get_area(demo_session, "9901")
    assert to_mind_map(plan, after, area, TODAY) == to_mind_map(plan, tree, area, TODAY)
    now = get_plan(demo_session, SYSTEM, plan.id)
    assert now.number == plan.number + 2 * len(asked)
    assert same(replay(list_changes(demo_session, now)), after)


def test_restoring_makes_the_plan_what_it_was_by_new_changes(demo_session: Session) -> None:
    plan = made(demo_session)
    before = get_tree(demo_session, plan)
    root = before.root.id
    effects, (cause, other) = before.under(root, "effect"), before.under(root, "cause")[:2]
    deep, link = before.under(cause.id)[0], min(before.links)
    told(
        demo_session,
        plan,
        op("move", plan.number, cause.id, parent=other.id),
        op("move", plan.number, deep.id, parent=root),
        op("set", plan.number, effects[0].id, field="text", value="อื่น"),
        op("set", plan.number, effects[0].id, field="note", value="บันทึก"),
        op("move", plan.number, effects[2].id, parent=root, before=effects[0].id),
        op("add", plan.number, kind="cause", parent=root, part=(new := new_id()), fields={"text": "ใหม่"}),
        op("move", plan.number, other.id, parent=new),
        op("remove", plan.number, found(before, "solution").id),
        op("unlink", plan.number, link.from_id, to=link.to_id),
    )
    changed = get_plan(demo_session, SYSTEM, plan.id)
    edited = get_tree(demo_session, changed)
    done = restore(demo_session, SYSTEM, plan.id, plan.number)
    assert {each.state for each in done.results} <= {"done", "same"}
    after, area = get_tree(demo_session, done.plan), get_area(demo_session, "9901")
    assert to_mind_map(plan, after, area, TODAY) == to_mind_map(plan, before, area, TODAY)
    assert same(tree_at(demo_session, done.plan, changed.number), edited)
    assert done.plan.number > changed.number
    assert [each.number for each in list_history(demo_session, done.plan, limit=2)] == [
        done.plan.number,
        done.plan.number - 1,
    ]


def test_approving_needs_a_sound_plan_and_a_meeting_and_supersedes(demo_session: Session) -> None:
    with pytest.raises(BadMindMap):
        approve(demo_session, SYSTEM, made(demo_session).id, "คณะกรรมการ", TODAY, TODAY)
    first = load_example(demo_session, SYSTEM, "b", "9901", TODAY)
    assert (first.state, first.approved_by) == ("approved", "ตัวอย่างสมมติ ไม่มีการประชุมจริง")
    with pytest.raises(PlanNotDraft):
        apply_operations(demo_session, SYSTEM, first.id, [])
    revision = create_copy(demo_session, SYSTEM, "9901", first.id, first.fiscal_year)
    assert revision.origin == f"plan:{first.id}"
    area = get_area(demo_session, "9901")
    drawn = [to_mind_map(one, get_tree(demo_session, one), area, YEAR) for one in (first, revision)]
    assert replace(drawn[1], state=drawn[0].state, stamp=None) == drawn[0]
    for meeting, day in (("", TODAY), ("ก" * 201, TODAY), ("ประชุม", date(2026, 1, 16))):
        with pytest.raises(BadMeeting):
            approve(demo_session, SYSTEM, revision.id, meeting, day, TODAY)
    with pytest.raises(PersonalDataInText):
        approve(demo_session, SYSTEM, revision.id, "โทร 081-234-5678", TODAY, TODAY)
    second = approve(demo_session, SYSTEM, revision.id, "คณะกรรมการ ครั้งที่ 1/2569", TODAY, TODAY)
    assert get_plan(demo_session, SYSTEM, first.id).state == "superseded"
    assert list_changes(demo_session, second, since=revision.number)[0].action == "approve"
    states = {one.id: one.state for one in list_plans(demo_session, SYSTEM, area="9901", problem="P06.02")}
    assert states == {first.id: "superseded", second.id: "approved"}


def test_a_copy_for_another_area_leaves_out_what_is_of_one_area(demo_session: Session) -> None:
    source = load_example(demo_session, SYSTEM, "a", "990101", TODAY)
    copied = create_copy(demo_session, SYSTEM, "9902", source.id, date(2026, 10, 1))
    tree = get_tree(demo_session, copied)
    assert "size" not in tree.root.fields
    activity = found(tree, "activity")
    assert {"text", "lead", "joint", "budget", "budget_source"} == set(activity.fields)
    assert str(activity.origin).startswith(f"plan:{source.id}/")
    assert len(tree.links) == len(get_tree(demo_session, source).links)


def test_an_approved_plan_is_overdue_once_an_activity_is(demo_session: Session) -> None:
    plan = load_example(demo_session, SYSTEM, "a", "990101", TODAY)
    tree, area = get_tree(demo_session, plan), get_area(demo_session, "990101")
    for day, state, late in (
        (date(2026, 6, 30), "approved", 0),
        (date(2026, 7, 1), "overdue", 1),
        (date(2026, 10, 1), "overdue", 2),
    ):
        drawn = to_mind_map(plan, tree, area, day)
        statuses = [activity.status for solution in drawn.solutions for activity in solution.activities]
        assert (drawn.state, statuses.count("late")) == (state, late)


def test_no_activity_ends_before_it_begins(demo_session: Session) -> None:
    """Typed in either order, added at once, undone; a restored plan moves its days in the order that is allowed."""
    plan = made(demo_session)
    activity = found(get_tree(demo_session, plan), "activity")

    def days(first: str, last: str, *names: str) -> list[tuple[str, tuple[str, ...]]]:
        given = {"starts_on": first, "ends_on": last}
        number = get_plan(demo_session, SYSTEM, plan.id).number
        asked = [op("set", number, activity.id, field=name, value=given[name]) for name in names]
        return told(demo_session, plan, *asked)

    done, refused = ("done", ()), ("refused", ("plan.bad_period",))
    assert days("2026-03-01", "2026-05-31", "starts_on", "ends_on") == [done, done]
    spring = get_plan(demo_session, SYSTEM, plan.id).number
    assert days("2026-06-01", "2026-08-31", "starts_on", "ends_on") == [refused, done]
    assert days("2026-06-01", "2026-08-31", "starts_on") == [done]
    summer = get_plan(demo_session, SYSTEM, plan.id).number
    assert days("", "2026-05-31", "ends_on") == [refused]
    for number in (spring, summer, spring):
        restored = restore(demo_session, SYSTEM, plan.id, number)
        assert {each.state for each in restored.results} <= {"done", "same"}
        assert (
            restored.tree.parts[activity.id].fields
            == tree_at(demo_session, plan_now(demo_session, plan), number).parts[activity.id].fields
        )
    fields = {"text": "ก", "starts_on": "2026-02-02", "ends_on": "2026-02-01"}
    adding = op("add", spring, None, kind="activity", parent=activity.parent_id, fields=fields)
    assert told(demo_session, plan, adding) == [refused]


def plan_now(session: Session, plan: PlanRecord) -> PlanRecord:
    return get_plan(session, SYSTEM, plan.id)


def test_a_plan_takes_as_many_links_as_are_allowed_in_the_lowest_free_places(demo_session: Session) -> None:
    plan = made(demo_session)
    tree = get_tree(demo_session, plan)
    causes, solutions = tree.under(tree.root.id, "cause"), [found(tree, "solution", place) for place in range(2)]
    link = sorted(tree.links)[0]
    held = "SELECT array_agg(place ORDER BY place) FROM plan_link WHERE plan_id = :id"
    before = demo_session.scalar(text(held), {"id": plan.id})
    assert before == list(range(len(tree.links)))
    off = op("unlink", plan.number, link.from_id, to=link.to_id)
    assert told(demo_session, plan, off) == [("done", ())]
    related = [op("link", plan.number, solutions[0].id, to=each.id, link="relates") for each in causes]
    assert {state for state, _ in told(demo_session, plan, *related)} == {"done"}
    after = demo_session.scalar(text(held), {"id": plan.id})
    assert after == list(range(len(tree.links) - 1 + len(causes)))
