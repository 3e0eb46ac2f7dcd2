"""The two worked examples, stored and approved, as a reader sees them: map, panel, table, paper."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from boundaries.areas import get_area
from layers.filters import Filter
from layers.periods import parse_period
from layers.scope import Scope
from mapping.area_map import AreaMap, build_area_map
from mapping.mindmaps import MindMap
from mapping.plan_asking import Operation
from mapping.plan_changes import apply_operations
from mapping.plan_examples import Name, example, load_example
from mapping.plan_making import create_from_template
from mapping.plan_mind_map import to_mind_map
from mapping.plans import get_tree
from tests.browser.conftest import NewPage
from tests.browser.map_files import open_map, write_map
from tests.browser.mindmap_page import show
from tests.browser.test_mindmap import CUT_RUNS, OVERFLOWING, SEEN, TREE
from tests.mapping.maps_by_hand import invented_map
from tests.mapping.sheets_by_hand import invented_sheet
from tests.mapping.test_sheet import needs_poppler, told
from tests.scopes import SYSTEM

pytestmark = pytest.mark.browser

DURING, AFTER = date(2026, 1, 15), date(2026, 7, 15)
AREAS: dict[Name, str] = {"a": "990101", "b": "9901"}
STAFF = Scope("head", "internal", frozenset({"99"}), permissions=frozenset({"plan.read"}))


def drawn(session: Session, name: Name, today: date = DURING) -> MindMap:
    """Store an example as the approved plan of its area and read it back as a mind map."""
    plan = load_example(session, SYSTEM, name, AREAS[name], DURING)
    return to_mind_map(plan, get_tree(session, plan), get_area(session, AREAS[name]), today)


def words_of(name: Name) -> Iterator[str]:
    """Yield every text of an example's file."""
    content = example(name)
    yield from (content["text"], content["size"], content["goal"], *content["effects"], *content["assets"])
    for cause in content["causes"]:
        yield from (cause["text"], *cause["roots"])
    for solution in content["solutions"]:
        yield from (solution["objective"], solution["text"])
        for activity in solution["activities"]:
            yield from (activity["text"], activity["lead"], activity["budget_source"], f"{activity['budget']:,} บาท")
            yield from activity["joint"]
            for indicator in activity["indicators"]:
                yield from (indicator["text"], indicator["unit"], indicator["target"], indicator.get("baseline", ""))


def bare(shown: str) -> str:
    """Return a text without what lines and shaping add: blanks, zero-width breaks, ำ in two letters."""
    return re.sub(r"[\s\u200b]+", "", shown).replace("\u0e4d\u0e32", "\u0e33")


def missing(name: Name, shown: str) -> list[str]:
    held = bare(shown)
    return [words for words in words_of(name) if bare(words) not in held]


@pytest.mark.parametrize("name", ["a", "b"])
def test_every_text_of_an_example_is_on_the_tree_and_in_the_table(
    demo_session: Session, page: Page, tmp_path: Path, name: Name
) -> None:
    show(page, drawn(demo_session, name), tmp_path, TREE)
    assert missing(name, page.evaluate(SEEN)) == []
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate(CUT_RUNS) == []


READABLE = """() => {
  const layer = document.querySelector(".radial-layer"), found = [];
  for (const node of layer.querySelectorAll(".mm-box text, .laid .mm-run")) {
    node.scrollIntoView({block: "center"});
    const box = node.getBoundingClientRect();
    if (!box.width || box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight) continue;
    const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const own = node.closest(".mm-box") || node.parentElement;
    const size = parseFloat(getComputedStyle(node).fontSize) * (node.ownerSVGElement ? node.getScreenCTM().a : 1);
    if (over && own.contains(over) && size >= 12) found.push(node.textContent);
  }
  return found.join(" ");
}"""
"""The texts of the overlay that somebody can read: on the screen, not under anything, of 12 px at least."""


def open_overlay(page: Page, path: Path) -> None:
    """Lay the mind map of the first district on the map by the keyboard."""
    open_map(page, path, "#9901")
    lay = page.get_by_role("button", name="วางผังบนแผนที่")
    lay.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="ปิดผัง")).to_be_focused()


@pytest.mark.parametrize("name", ["a", "b"])
def test_every_text_of_an_example_is_on_the_overlay(
    demo_session: Session, new_page: NewPage, tmp_path: Path, name: Name
) -> None:
    """Laid out around the area at a desk's size, one beneath another over the map on a phone."""
    plan = replace(drawn(demo_session, name), area_code="9901")
    path = write_map(tmp_path, invented_map(10, mind_maps={"9901": plan}))
    for width, height in ((1360, 860), (1920, 1080), (390, 844), (360, 640)):
        page = new_page(width, height)
        open_overlay(page, path)
        page.screenshot(path=Path(os.environ.get("SHOTS", tmp_path)) / f"overlay-{name}-{width}.png")
        assert missing(name, page.evaluate(READABLE)) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CUT_RUNS) == []
        assert page.evaluate(OVERFLOWING) == []
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="วางผังบนแผนที่")).to_be_focused()


@pytest.mark.parametrize("name", ["a", "b"])
def test_where_the_radial_is_brief_every_text_is_read_beside_it(
    demo_session: Session, new_page: NewPage, tmp_path: Path, name: Name
) -> None:
    """By the keyboard alone: from a node to where it is written, and back to the node."""
    plan = replace(drawn(demo_session, name), area_code="9901")
    page = new_page(1180, 700)
    open_overlay(page, write_map(tmp_path, invented_map(10, mind_maps={"9901": plan})))
    assert len(missing(name, page.evaluate(READABLE))) > 4, "the radial is brief here"
    page.locator(".mm-radial [role=treeitem][tabindex='0']").focus()
    page.keyboard.press("End")
    while page.evaluate("document.activeElement.dataset.kind") != "solution":
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    content = example(name)["solutions"][-1]
    said = bare(page.evaluate("document.activeElement.textContent"))
    assert [words for words in (content["text"], content["objective"]) if bare(words) not in said] == []
    page.screenshot(path=Path(os.environ.get("SHOTS", tmp_path)) / f"overlay-{name}-beside.png")
    assert missing(name, page.evaluate(READABLE)) == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.kind") == "solution"
    expect(page.locator(".laid")).to_be_hidden()
    page.get_by_role("button", name="อ่านทุกข้อความ").press("Enter")
    page.get_by_role("button", name="ทางออก").press("Enter")
    assert page.evaluate("document.activeElement.matches('.laid .mm-plan')")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="อ่านทุกข้อความ")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".radial-layer")).to_have_count(0)


@needs_poppler
@pytest.mark.parametrize("name", ["a", "b"])
def test_every_text_of_an_example_is_on_the_sheet(demo_session: Session, tmp_path: Path, name: Name) -> None:
    """As poppler reads the printed page in the order in which it was set."""
    sheet = invented_sheet(10, mind_map=replace(drawn(demo_session, name), area_code="99"))
    path = tmp_path / "sheet.pdf"
    path.write_bytes(sheet.pdf())
    assert missing(name, told("pdftotext", "-raw", str(path), "-")) == []


def stored_map(session: Session, scope: Scope) -> AreaMap:
    return build_area_map(session, scope, "99", filter=Filter(None, parse_period("fy2569")), today=AFTER)


def test_the_map_tells_approved_draft_and_overdue_plans_apart(
    demo_session: Session, new_page: NewPage, tmp_path: Path
) -> None:
    """Staff see all three, the public the approved ones; each badge, panel and row of the table says the same."""
    load_example(demo_session, SYSTEM, "b", "9901", DURING)
    load_example(demo_session, SYSTEM, "a", "9902", DURING)
    plan = create_from_template(demo_session, SYSTEM, "9903", "P02", date(2025, 10, 1))
    root = get_tree(demo_session, plan).root.id
    title = Operation(plan.id, "set", plan.number, root, field="text", value="ชื่อที่ทีมตั้ง")
    assert apply_operations(demo_session, SYSTEM, plan.id, [title]).results[0].state == "done"
    staff = stored_map(demo_session, STAFF)
    assert [staff.plan_state(code) for code in ("9901", "9902", "9903")] == ["approved", "overdue", "draft"]
    public = stored_map(demo_session, Scope.public())
    assert [public.plan_state(code) for code in ("9901", "9902", "9903")] == ["approved", "overdue", "none"]
    assert public.leading == {}
    path = write_map(tmp_path, staff)
    for width in (1360, 390):
        page = new_page(width, 850)
        open_map(page, path, "#9901")
        expect(page.locator(".panel")).to_contain_text("เด็กหลุดจากระบบการศึกษา")
        open_map(page, path, "#9903")
        expect(page.locator(".panel")).to_contain_text("ชื่อที่ทีมตั้ง")
        expect(page.locator(".panel")).to_contain_text("ร่างแผนของทีม ยังไม่ผ่านการอนุมัติ")
        expect(page.locator(".panel")).not_to_contain_text("สาเหตุเป็นคำถาม")


def test_an_area_without_a_plan_leads_to_the_plan_above(
    demo_session: Session, new_page: NewPage, tmp_path: Path
) -> None:
    """On the province's map to the province's plan, on a district's to the nearest; one with a plan says nothing."""
    load_example(demo_session, SYSTEM, "b", "99", DURING)
    load_example(demo_session, SYSTEM, "a", "9901", DURING)
    for who in (STAFF, Scope.public()):
        province = stored_map(demo_session, who)
        assert province.above[0] is None
        assert province.above[1] is not None
        assert (province.above[1].area_code, province.above[1].state) == ("99", "approved")
        district, lower = (
            build_area_map(demo_session, who, code, filter=Filter(None, parse_period("fy2569")), today=AFTER).above
            for code in ("9902", "9901")
        )
        assert [each.area_code if each else None for each in (*district, *lower)] == ["99", "99", None, "9901"]
        path = write_map(tmp_path, province)
        for width in (1360, 390):
            page = new_page(width, 850)
            open_map(page, path, "#9901")
            expect(page.locator(".panel .above")).to_have_count(0)
            open_map(page, path, "#9902")
            note = page.locator(".panel .above")
            expect(note).to_contain_text("ยังไม่มีแผนของพื้นที่นี้")
            if who is STAFF:
                shot = Path(os.environ.get("SHOTS", tmp_path)) / f"above-{width}.png"
                page.screenshot(path=shot)
            note.locator("button").click()
            expect(page.locator(".panel")).to_contain_text("เด็กหลุดจากระบบการศึกษา")
    assert stored_map(demo_session, replace(STAFF, areas=frozenset({"98"}))).above[1] is not None
