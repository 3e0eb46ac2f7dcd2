"""A file brought into a draft that is there: what it says, in its history, all or nothing."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from api.database import transaction
from layers.cases import new_id
from layers.scope import Scope
from mapping.plan_asking import Operation
from mapping.plan_changes import apply_operations, list_history
from mapping.plan_examples import example, load_example, steps_of_example
from mapping.plan_files.bringing_in import Brought
from mapping.plan_files.errors import PlanFileRefused
from mapping.plan_files.formats import FORMATS, Format, read_plan_file, write_plan_file
from mapping.plan_files.taking_out import to_plan_file
from mapping.plan_files.updating import update_from_file
from mapping.plan_files.values import About, FilePart, PlanFile
from mapping.plan_making import create_from_steps
from mapping.plan_restoring import restore
from mapping.plans import PlanNotDraft, PlanNotFound, PlanRecord, get_plan, get_tree
from tests.auth.conftest import field
from tests.plan_files.made import told
from tests.plan_files.test_web import own_home, page_send, send, staff  # noqa: F401
from tests.scopes import SYSTEM

YEAR, DAY = date(2025, 10, 1), date(2026, 1, 15)
EVERY = list(FORMATS)


@pytest.fixture
def draft(demo_session: Session) -> PlanRecord:
    content = example("a")
    return create_from_steps(
        demo_session, SYSTEM, "990101", "P08.01", YEAR, steps_of_example(content, "example:a"), "example:a"
    )


def out(session: Session, plan: PlanRecord) -> PlanFile:
    held = get_plan(session, SYSTEM, plan.id)
    return to_plan_file(held, get_tree(session, held), work=True)


def through(file: PlanFile, format: Format) -> PlanFile:
    return read_plan_file(f"x.{format}", write_plan_file(file, format))


def brought(session: Session, plan: PlanRecord, file: PlanFile, format: Format = "json", **how: Any) -> Brought:
    return update_from_file(session, SYSTEM, plan.id, file, format, **how)


def none_of(changes: Any) -> bool:
    return not any(changes.values())


@pytest.mark.parametrize("format", EVERY)
def test_a_plan_that_comes_back_as_it_went_changes_nothing(
    demo_session: Session, draft: PlanRecord, format: Format
) -> None:
    file = through(out(demo_session, draft), format)
    for away in (False, True):
        made = brought(demo_session, draft, file, format, take_away=away)
        assert none_of(made.changes), made.changes
    assert get_plan(demo_session, SYSTEM, draft.id).number == draft.number


def edited(file: PlanFile) -> PlanFile:
    """Set a text, add a part with one beneath it, move a cause under another, and lose an effect."""
    parts = list(file.parts)
    causes = [part for part in parts if part.kind == "cause" and part.parent == parts[0].id]
    effects = [part for part in parts if part.kind == "effect"]
    changed = replace(causes[0], fields={**causes[0].fields, "text": "สาเหตุที่แก้ในแฟ้ม"})
    parts[parts.index(causes[0])] = changed
    parts.remove(causes[3])
    roots = [part for part in parts if part.parent == causes[3].id]
    for root in roots:
        parts.remove(root)
    parts.remove(effects[0])
    at = parts.index(changed) + 1
    parts[at:at] = [replace(causes[3], parent=changed.id), *roots]
    parts += [
        FilePart("n1", "effect", parts[0].id, {"text": "ผลที่เพิ่มในแฟ้ม"}),
        FilePart("n2", "effect", "n1", {"text": "ผลต่อเนื่อง"}),
    ]
    held = {part.id for part in parts}
    return replace(file, parts=tuple(parts), links=tuple(one for one in file.links if {one.part, one.to} <= held))


@pytest.mark.parametrize("format", ["json", "mm", "opml", "xmind"])
def test_a_changed_file_changes_the_draft_by_operations_and_can_be_taken_back(
    demo_session: Session, draft: PlanRecord, format: Format
) -> None:
    before = out(demo_session, draft)
    file = through(edited(before), format)
    lost = next(part for part in before.parts if part.kind == "effect")
    looked = brought(demo_session, draft, file, format, keep=False)
    assert out(demo_session, draft) == before
    kept = brought(demo_session, draft, file, format)
    assert kept.changes == looked.changes
    assert {name: many for name, many in (kept.changes or {}).items() if many} == {"add": 2, "set": 1, "move": 1}
    after = out(demo_session, draft)
    assert [part.fields["text"] for part in after.parts if part.kind == "effect"][-2:] == ["ผลที่เพิ่มในแฟ้ม", "ผลต่อเนื่อง"]
    assert lost in after.parts, "what the file does not have stays"
    away = brought(demo_session, draft, file, format, take_away=True)
    assert {name: many for name, many in (away.changes or {}).items() if many} == {"remove": 1}
    assert told(replace(out(demo_session, draft), about=About())) == told(replace(file, about=About()))
    plan = get_plan(demo_session, SYSTEM, draft.id)
    actions = [change.action for change in list_history(demo_session, plan)][: plan.number - draft.number]
    assert set(actions) == {"add", "set", "move", "remove"}
    restore(demo_session, SYSTEM, draft.id, draft.number)
    assert told(out(demo_session, draft)) == told(before)


def test_markdown_knows_parts_by_their_words_and_adds_what_is_new(demo_session: Session, draft: PlanRecord) -> None:
    """Its parts have no ids: one whose words were changed is another part."""
    words = write_plan_file(out(demo_session, draft), "md").decode()
    said = words.replace("ซึมเศร้า", "ซึมเศร้าและโดดเดี่ยว")
    made = brought(demo_session, draft, read_plan_file("x.md", said.encode(), "md"), "md")
    assert {name: many for name, many in (made.changes or {}).items() if many} == {"add": 1}
    effects = [part.text for part in out(demo_session, draft).parts if part.kind == "effect"]
    assert effects[1:3] == ["ซึมเศร้า", "ซึมเศร้าและโดดเดี่ยว"] or effects[1:3] == ["ซึมเศร้าและโดดเดี่ยว", "ซึมเศร้า"]


def test_what_a_file_does_not_state_stays_and_what_colleagues_added_too(
    demo_session: Session, draft: PlanRecord
) -> None:
    file = out(demo_session, draft)
    bare = replace(file, parts=tuple(replace(part, fields={"text": part.text}) for part in file.parts), links=())
    tree = get_tree(demo_session, draft)
    more = Operation(
        new_id(), "add", draft.number, kind="effect", parent=tree.root.id, fields={"text": "ของเพื่อนร่วมงาน"}
    )
    apply_operations(demo_session, SYSTEM, draft.id, [more])
    assert none_of(brought(demo_session, draft, bare).changes)
    assert "ของเพื่อนร่วมงาน" in [part.text for part in out(demo_session, draft).parts]
    cut = brought(demo_session, draft, bare, take_away=True).changes or {}
    assert (cut["remove"], cut["unlink"], cut["set"]) == (1, len(file.links), 0)


def test_a_part_that_was_taken_away_comes_back_with_the_file(demo_session: Session, draft: PlanRecord) -> None:
    file = out(demo_session, draft)
    goal = next(part for part in get_tree(demo_session, draft).parts.values() if part.kind == "goal")
    apply_operations(demo_session, SYSTEM, draft.id, [Operation(new_id(), "remove", draft.number, goal.id)])
    assert not [part for part in out(demo_session, draft).parts if part.kind == "solution"]
    changes = brought(demo_session, draft, file).changes or {}
    assert {name: many for name, many in changes.items() if many} == {"restore": 1}
    assert told(out(demo_session, draft)) == told(file)


def test_of_another_area_or_year_it_keeps_what_is_of_one_alone(demo_session: Session, draft: PlanRecord) -> None:
    file = out(demo_session, draft)
    other = replace(file, about=replace(file.about, area="990102", problem="P08"))
    texts = tuple(
        replace(part, fields={**part.fields, "size": "9 ราย"}) if part.kind == "problem" else part
        for part in other.parts
    )
    made = brought(demo_session, draft, replace(other, parts=texts))
    assert none_of(made.changes)
    assert len(made.notes) == 2


def test_all_or_nothing_and_only_a_draft_of_ones_own(demo_session: Session, draft: PlanRecord) -> None:
    file = out(demo_session, draft)
    root = replace(file.parts[0], fields={**file.parts[0].fields, "text": "หัวข้อใหม่", "policy_tags": ["agenda:2569:9"]})
    with pytest.raises(PlanFileRefused):
        brought(demo_session, draft, replace(file, parts=(root, *file.parts[1:])))
    assert out(demo_session, draft) == file
    far = Scope("officer", "internal", frozenset({"9902"}), permissions=frozenset({"plan.read", "plan.write"}))
    with pytest.raises(PlanNotFound):
        update_from_file(demo_session, replace(far, areas=frozenset({"990102"})), draft.id, file, "json")
    approved = load_example(demo_session, SYSTEM, "b", "9902", DAY)
    with pytest.raises(PlanNotDraft):
        brought(demo_session, approved, file)


def test_any_edited_file_leads_to_what_it_says(demo_session: Session, draft: PlanRecord) -> None:
    """Parts dropped, moved under others of the same kind, renamed and added at random."""
    chance = random.Random(11)
    for _ in range(25):
        file = shuffled(out(demo_session, draft), chance)
        brought(demo_session, draft, file, take_away=True)
        assert told(replace(out(demo_session, draft), about=About())) == told(replace(file, about=About()))


def shuffled(file: PlanFile, chance: random.Random) -> PlanFile:
    parts = list(file.parts)
    for _ in range(3):
        one = chance.choice(
            [part for part in parts if part.kind in ("effect", "cause", "asset", "activity", "indicator")] or parts
        )
        if one.kind == "problem":
            continue
        under = {one.id}
        for part in parts:
            if part.parent in under:
                under.add(part.id)
        branch = [part for part in parts if part.id in under]
        parts = [part for part in parts if part.id not in under]
        act = chance.choice(["drop", "move", "name", "add"])
        if act == "drop":
            continue
        if act == "name":
            branch[0] = replace(one, fields={**one.fields, "text": f"ชื่อใหม่ {chance.random()}"})
        if act == "add":
            branch.append(FilePart(str(uuid4()), one.kind, one.parent, {"text": f"ใหม่ {chance.random()}"}))
        kinds = {part.id: part.kind for part in parts}
        homes = [part.id for part in parts if part.kind == kinds.get(one.parent or "")] if act == "move" else []
        branch[0] = replace(branch[0], parent=chance.choice(homes or [one.parent]))
        parts += branch
    parts = _from_above(parts)
    held = {part.id for part in parts}
    return replace(file, parts=tuple(parts), links=tuple(one for one in file.links if {one.part, one.to} <= held))


def _from_above(parts: list[FilePart], parent: str | None = None) -> list[FilePart]:
    made: list[FilePart] = []
    for part in parts:
        if part.parent == parent:
            made += [part, *_from_above(parts, part.id)]
    return made


def test_over_http_a_file_changes_a_draft_of_ones_own_and_it_is_on_record(
    auth_app: FastAPI,
    staff: TestClient,  # noqa: F811
    browser: Callable[[], TestClient],
) -> None:
    made = send(staff, "# ก\n## สาเหตุ\n- ข".encode(), area="990302", problem="P02", fiscal_year=2571).json()["plan"][
        "id"
    ]
    content, into = "# ก\n## สาเหตุ\n- ข\n- ค".encode(), {"into": made}
    looked = send(staff, content, **into, dry_run="true")
    assert (looked.status_code, looked.json()["changes"]["add"], looked.json()["plan"]) == (200, 1, None)
    done = send(staff, content, **into)
    assert (done.status_code, done.json()["changes"]) == (200, looked.json()["changes"])
    assert [part["fields"]["text"] for part in staff.get(f"/api/v1/plans/{made}").json()["parts"]] == ["ก", "ข", "ค"]
    history = staff.get(f"/api/v1/plans/{made}/history").json()["changes"]
    assert (history[0]["action"], history[0]["who"]) == ("add", "คนสมมติ")
    assert none_of(send(staff, content, **into).json()["changes"])
    with transaction(auth_app.state.engine, SYSTEM) as session:
        approved = str(load_example(session, SYSTEM, "a", "990103", DAY).id)
    assert send(staff, content, into=approved).status_code == 409
    assert send(staff, content, into=str(uuid4())).status_code == 404
    assert send(staff, content, into="x").status_code == 400
    assert send(browser(), content, **into).status_code == 401


def test_on_the_page_one_looks_before_a_file_goes_into_a_draft(staff: TestClient) -> None:  # noqa: F811
    """Without scripts; the draft that the file names is chosen already."""
    made = send(staff, "# ก\n## สาเหตุ\n- ข".encode(), area="990301", problem="P02", fiscal_year=2571).json()["plan"][
        "id"
    ]
    file = staff.get(f"/api/v1/plans/{made}/files/json").content
    del staff.headers["X-CSRF-Token"]
    assert page_send(staff, file.replace("ข".encode(), "ฃ".encode(), 1), "plan.json").status_code == 303
    shown = staff.get("/plans/import").text
    assert re.search(rf'<option value="{made}" selected>', shown)
    form = {"csrf": field(shown, "csrf"), "plan": made}
    looked = staff.post("/plans/import/into", data={**form, "act": "look", "take_away": "yes"})
    assert looked.status_code == 200
    assert "แก้ 1 ส่วน" in looked.text
    assert 'name="take_away" value="yes" checked' in looked.text
    for bad in ("x", str(uuid4()), ""):
        assert staff.post("/plans/import/into", data={**form, "plan": bad, "act": "do"}).status_code == 404
    done = staff.post("/plans/import/into", data={**form, "act": "do"})
    assert done.headers["location"] == f"/plans/{made}/files?said=updated"
    assert "ทุกการแก้ไขอยู่ในประวัติ" in staff.get(done.headers["location"]).text
    assert staff.post("/plans/import/into", data={**form, "act": "do"}).status_code == 400
