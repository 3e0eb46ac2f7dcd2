"""From the list to an approved plan in a real Chromium: the form without scripts, a branch, a phone, a meeting."""

import os
import random
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from mapping.plan_fields import PARENTS
from tests.api.test_maps import needs_libraries
from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401
from tests.browser.test_accessibility import AXE, serious
from tests.planning.conftest import Place
from tests.planning.test_editor import caught_up, choose, node, opened, saved, texts, write

pytestmark = [pytest.mark.browser, needs_libraries]


def shot(page: Page, folder: Path, name: str) -> None:
    """Keep a picture of what is seen."""
    page.screenshot(path=Path(os.environ.get("SHOTS", folder)) / f"{name}.png")


@pytest.mark.parametrize("width", [1360, 390])
def test_a_draft_is_begun_and_read_without_scripts(
    place: Place,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
    width: int,
) -> None:
    page = new_page(width=width, height=844, allow=(address,), java_script_enabled=False)
    place.sign_in(page, address, "officer")
    page.goto(f"{address}/plans")
    shot(page, tmp_path, f"plans-before-{width}")
    if page.locator("details:not([open]) #new").count():
        page.click("#new")
    page.select_option("#new-area", "9902" if width > 400 else "9903")
    page.select_option("#new-problem", "P02")
    page.click("form[action='/plans'] button.main")
    page.wait_for_url("**/plans/*-*")
    expect(page.locator(".plain")).to_contain_text("สาเหตุ")
    shot(page, tmp_path, f"plan-no-scripts-{width}")
    page.click("main a[href='/plans']")
    page.select_option("#state", "draft")
    page.click("form.choose button")
    expect(page.locator("table.plans")).to_contain_text("ร่าง")
    scripted = new_page(width=width, height=844, allow=(address,))
    place.sign_in(scripted, address, "officer")
    scripted.goto(f"{address}/plans")
    assert scripted.evaluate("document.documentElement.scrollWidth") <= width
    shot(scripted, tmp_path, f"plans-{width}")
    if AXE.is_file():
        assert serious(scripted) == []


def test_a_branch_is_taken_over_and_a_meeting_approves(
    place: Place,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    source, plan = place.draft("9902"), place.draft("9901")
    page = opened(new_page(allow=(address,)), place, address, plan, "head")
    objective = place.first(plan, "objective").id
    before = len(place.tree(plan).parts)
    choose(page, objective)
    page.click("#form .adding .quiet")
    page.select_option("#branch-plan", source)
    page.wait_for_selector("#branch-part option:not(:disabled)")
    shot(page, tmp_path, "plan-branch-1360")
    page.click("#branch-form button.main")
    expect(page.locator("#said")).to_contain_text("คัดลอกกิ่งแล้ว")
    tree = place.tree(plan)
    assert len(tree.parts) > before
    assert node(page, tree.under(objective)[-1].id).count() == 1
    page.click("#approve")
    page.fill("#meeting", "คณะกรรมการสมมติ ครั้งที่ 1/2569")
    page.fill("#meeting-day", "2026-01-15")
    page.click("#approve-form button")
    # What is wrong is told with the part that it is about: the copy addresses no cause, activities have no lead.
    expect(page.locator("#approving .wrong")).to_contain_text("ไม่ครบถ้วนที่แนวทางแก้ไขที่")
    expect(page.locator("#approving .era")).to_have_text("15 ม.ค. 2569")
    shot(page, tmp_path, "plan-approve-1360")
    page.click("#approving [data-close]")
    given = {"lead": "อบต. สมมติ", "starts_on": "2025-10-01", "ends_on": "2026-09-30"}
    asked = [
        {"id": str(uuid4()), "action": "set", "base": 1, "part": str(part.id), "field": name, "value": value}
        for part in tree.parts.values()
        if part.kind == "activity"
        for name, value in given.items()
    ]
    place.change("colleague", plan, *asked)
    causes, linked = tree.under(tree.root.id, "cause"), {link.from_id for link in tree.links}
    bare = [part.id for part in tree.parts.values() if part.kind == "solution" and part.id not in linked]
    place.change(
        "colleague",
        plan,
        *({"id": str(uuid4()), "action": "link", "base": 1, "part": str(one), "to": str(causes[0].id)} for one in bare),
    )
    caught_up(page)
    late = new_page(allow=(address,))
    late.context.route(
        "**/events", lambda route: route.fulfill(body="retry: 99999\n\n", content_type="text/event-stream")
    )
    opened(late, place, address, plan, "colleague")
    page.click("#approve")
    with page.expect_navigation():
        page.click("#approve-form button")
    # A colleague whose page has not heard of it yet writes on: it is refused, told and kept, not lost.
    write(late, objective, "เขียนหลังอนุมัติ")
    expect(late.locator("#stopped")).to_contain_text("อนุมัติ")
    expect(late.locator("#saving")).to_have_text("หยุดส่งแล้ว มี 1 รายการค้าง")
    assert late.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('socialmap.plan.')).length") == 1
    expect(page.locator("h1 .state")).to_have_text("อนุมัติแล้ว")
    expect(page.locator("#saving")).to_have_text("อ่านอย่างเดียว")
    page.wait_for_selector("#map[data-ready]")
    choose(page, objective)
    page.keyboard.press("Enter")
    assert page.locator(".inplace").count() == 0
    assert page.locator("#form .adding").count() == 0
    shot(page, tmp_path, "plan-approved-1360")
    faults: list[str] = page.faults  # type: ignore[attr-defined]
    assert all("400" in fault or "409" in fault for fault in faults), (
        faults
    )  # a browser calls a refusal a console error
    faults.clear()


def test_a_plan_is_worked_on_with_a_phone(
    place: Place,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    plan = place.draft()
    page = opened(new_page(width=390, height=844, allow=(address,), has_touch=True), place, address, plan)
    cause = place.first(plan, "cause").id
    node(page, cause).tap()
    expect(page.locator("#panelbody")).to_be_visible()
    page.fill("#field-text", "เขียนจากโทรศัพท์")
    page.locator("#field-text").press("Enter")
    saved(page)
    shot(page, tmp_path, "plan-phone-sheet-390")
    page.locator("#form .adding .add").first.tap()
    page.locator(".inplace").fill("รากที่เขียนจากโทรศัพท์")
    shot(page, tmp_path, "plan-phone-write-390")
    page.locator(".inplace").press("Enter")
    saved(page)
    assert [part.text for part in place.tree(plan).under(cause)][-1] == "รากที่เขียนจากโทรศัพท์"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def some_operations(place: Place, plan: str, chance: random.Random) -> list[dict[str, Any]]:
    """Make operations that may or may not be done: on any part, seen at any time."""
    tree = place.tree(plan)
    ids, number = [str(one) for one in tree.parts], place.plan(plan).number
    found = []
    for _ in range(40):
        part, other = chance.choice(ids), chance.choice(ids)
        asked: dict[str, Any] = {"id": str(uuid4()), "base": chance.randint(1, number), "part": part}
        action = chance.choice(["add", "set", "set", "move", "move", "remove", "restore", "link", "unlink", "undo"])
        if action == "add":
            asked |= {
                "part": str(uuid4()),
                "kind": chance.choice(list(PARENTS)),
                "parent": other,
                "fields": {"text": "ใหม่"},
            }
        elif action == "set":
            asked |= {"field": chance.choice(["text", "note"]), "value": f"ค่า {chance.random()}"}
        elif action == "move":
            asked |= {"parent": other, "before": chance.choice(ids)}
        elif action in ("link", "unlink"):
            asked |= {"to": other, "link": chance.choice(["addresses", "relates"])}
        elif action == "undo":
            asked = {"id": asked["id"], "base": number, "number": chance.randint(1, number)}
        found.append(asked | {"action": action})
    return found


WHOLE = """() => { const tree = PlanEditor.state.server; return JSON.stringify([...tree.parts.values()].map((part) =>
  [part.id, part.kind, part.parent, Object.entries(part.fields).sort(), Object.entries(part.versions).sort(),
   Object.entries(part.kept).sort(), part.removed, tree.children.get(part.id) || []]).sort().concat(
  [[...tree.links.keys()].sort(), tree.number])); }"""


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.proof) for seed in (2, 3, 4))])
def test_the_page_folds_changes_as_the_server_does(
    place: Place,
    address: str,
    new_page: NewPage,  # noqa: F811
    seed: int,
) -> None:
    plan, chance = place.draft(), random.Random(seed)
    followed = opened(new_page(allow=(address,)), place, address, plan)
    for _ in range(4):
        place.change("colleague", plan, *some_operations(place, plan, chance))
    caught_up(followed)
    read = opened(new_page(allow=(address,)), place, address, plan)
    assert followed.evaluate(WHOLE) == read.evaluate(WHOLE)
    assert texts(followed) == texts(read)
    # All changes from the first one on make the same tree again.
    replayed = """async () => { const changes = await PlanEditor.allChanges(); const tree = PlanEditor.emptyTree();
      for (const change of changes) PlanEditor.fold(tree, change);
      PlanEditor.state.server = tree; }"""
    followed.evaluate(replayed)
    assert followed.evaluate(WHOLE) == read.evaluate(WHOLE)


def test_what_others_do_arrives_by_itself(place: Place, address: str, new_page: NewPage) -> None:  # noqa: F811
    plan = place.draft()
    effect = place.first(plan, "effect")
    page = opened(new_page(allow=(address,)), place, address, plan)
    change = {"id": str(uuid4()), "action": "set", "base": 1, "part": str(effect.id), "field": "text", "value": "มาเอง"}
    place.change("colleague", plan, change)
    expect(node(page, effect.id)).to_contain_text("มาเอง", timeout=15_000)
    expect(page.locator("#said")).to_contain_text("สมชาย สมมติ")


def test_a_slow_line_makes_nobody_clash_with_themselves(place: Place, address: str, new_page: NewPage) -> None:  # noqa: F811
    plan = place.draft()
    effect = place.first(plan, "effect").id
    page = opened(new_page(allow=(address,)), place, address, plan)

    def late(route: Route) -> None:
        if route.request.method == "POST":
            time.sleep(0.4)
        route.continue_()

    page.route("**/changes", late)
    for words in ("หนึ่ง", "สอง", "สาม"):
        write(page, effect, words)
    saved(page)
    held = place.tree(plan).parts[effect]
    assert (held.text, dict(held.kept)) == ("สาม", {})
    expect(page.locator("#clashes")).to_be_hidden()
    page.keyboard.press("Control+z")
    saved(page)
    assert place.tree(plan).parts[effect].text != "สาม"
    # A second window of the same person is another's: what it has not seen is kept beside.
    other = opened(page.context.new_page(), place, address, plan)
    write(other, effect, "สี่")
    saved(other)
    caught_up(page, other)
    assert texts(page) == texts(other)
