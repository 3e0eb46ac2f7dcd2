"""The page of a plan in a real Chromium: one edits, two at once, one offline; by the keyboard; what it looks like."""

import os
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from api.database import transaction
from boundaries.messages import Text
from layers.assets import AssetValues, list_assets, save_assets
from layers.sources import save_source
from tests.api.test_maps import needs_libraries
from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401
from tests.browser.test_accessibility import AXE, serious
from tests.demo import INSIDE
from tests.planning.conftest import Place
from tests.scopes import SYSTEM

pytestmark = [pytest.mark.browser, needs_libraries]
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>${alert(3)}</script>"


def opened(page: Page, place: Place, address: str, plan: str, who: str = "officer") -> Page:
    """Open a plan as somebody."""
    place.sign_in(page, address, who)
    page.goto(f"{address}/plans/{plan}")
    page.wait_for_selector("#map[data-ready]")
    return page


def saved(page: Page) -> None:
    """Wait until the page says that everything is saved."""
    expect(page.locator("#saving")).to_have_attribute("data-state", "saved", timeout=15_000)


def texts(page: Page) -> list[str]:
    """Return what the shown tree says, in an order that does not depend on who looks."""
    asked = """() => { const tree = PlanEditor.state.shown;
      return [...tree.parts.values()].filter((part) => PlanEditor.isShown(tree, part.id)).map((part) =>
        [part.parent, part.id, JSON.stringify(Object.entries(part.fields).sort())].join(' ')); }"""
    found: list[str] = page.evaluate(asked)
    return sorted(found)


def node(page: Page, part: Any) -> Any:
    """Return the part on the map."""
    return page.locator(f"#part-{part}")


def choose(page: Page, part: Any) -> None:
    """Choose a part, wherever on the map it lies, and wait until it has come into sight."""
    page.evaluate("id => PlanEditor.select(id, true)", str(part))
    page.wait_for_timeout(350)


def write(page: Page, part: Any, words: str) -> None:
    """Write the text of a part where it stands."""
    choose(page, part)
    page.keyboard.press("Enter")
    page.locator(".inplace").fill(words)
    page.keyboard.press("Enter")


def test_an_edit_is_saved_and_seen_after_a_reload(place: Place, address: str, new_page: NewPage) -> None:  # noqa: F811
    plan = place.draft()
    page = opened(new_page(allow=(address,)), place, address, plan)
    effect = place.first(plan, "effect").id
    write(page, effect, "ผลกระทบที่แก้ใหม่")
    saved(page)
    page.reload()
    expect(node(page, effect)).to_contain_text("ผลกระทบที่แก้ใหม่")
    assert place.tree(plan).parts[effect].text == "ผลกระทบที่แก้ใหม่"


def caught_up(*pages: Page) -> None:
    """Let pages ask for what is new now, as they do every ten seconds."""
    for page in pages:
        page.evaluate("PlanEditor.catchUp()")


def test_two_at_once_end_with_the_same_and_see_whose_value_lost(
    place: Place,
    address: str,
    new_page: NewPage,  # noqa: F811
) -> None:
    plan = place.draft()
    effect, cause = place.first(plan, "effect").id, place.first(plan, "cause").id
    one = opened(new_page(allow=(address,)), place, address, plan)
    two = opened(new_page(allow=(address,)), place, address, plan, "colleague")
    write(one, effect, "ผลกระทบของคนที่หนึ่ง")
    write(two, cause, "สาเหตุของคนที่สอง")
    saved(one)
    saved(two)
    # The first one writes on the same cause without having seen it; what comes in does not take the caret away.
    choose(one, cause)
    one.keyboard.press("Enter")
    one.locator(".inplace").fill("สาเหตุของคนที่หนึ่ง")
    write(two, cause, "สาเหตุของคนที่สอง แก้อีกครั้ง")
    saved(two)
    caught_up(one)
    expect(node(one, cause)).to_contain_text("แก้อีกครั้ง")
    expect(one.locator(".inplace")).to_be_focused()
    one.keyboard.press("Enter")
    saved(one)
    expect(one.locator("#said")).to_contain_text("เก็บอีกค่าไว้ให้เลือก")
    caught_up(two)
    for page in (one, two):
        expect(page.locator("#clashes")).to_have_text("มีค่าชนกัน 1 แห่ง")
        page.click("#clashes")
        box = page.locator("#form .clash")
        expect(box.locator(".said")).to_have_text(["สาเหตุของคนที่หนึ่ง", "สาเหตุของคนที่สอง แก้อีกครั้ง"])
        expect(box.locator(".hint").nth(0)).to_contain_text("สมหญิง สมมติ")
        expect(box.locator(".hint").nth(1)).to_contain_text("สมชาย สมมติ")
    two.locator("#form .clash button").nth(1).click()
    saved(two)
    caught_up(one)
    expect(one.locator("#clashes")).to_be_hidden()
    expect(node(one, cause)).to_contain_text("แก้อีกครั้ง")
    assert texts(one) == texts(two)
    assert place.tree(plan).parts[effect].text == "ผลกระทบของคนที่หนึ่ง"
    one.click("#open-history")
    line = one.locator("#history-list li").first
    expect(line).to_contain_text("สมชาย สมมติ")
    expect(line.locator("time")).to_contain_text("256")
    expect(line).to_contain_text("สาเหตุของคนที่สอง แก้อีกครั้ง")


def test_what_is_written_offline_survives_a_reload_and_is_sent_once(
    place: Place,
    address: str,
    new_page: NewPage,  # noqa: F811
) -> None:
    plan = place.draft()
    effect, cause, before = place.first(plan, "effect").id, place.first(plan, "cause").id, place.plan(plan).number
    one = opened(new_page(allow=(address,)), place, address, plan)
    one.context.set_offline(True)
    write(one, effect, "เขียนตอนออฟไลน์")
    choose(one, cause)
    one.keyboard.press("Insert")
    one.locator(".inplace").fill("รากที่เขียนตอนออฟไลน์")
    one.keyboard.press("Enter")
    expect(one.locator("#saving")).to_have_text("ออฟไลน์ มี 2 รายการรอส่ง")
    two = opened(new_page(allow=(address,)), place, address, plan, "colleague")
    write(two, cause, "คนที่สองแก้ระหว่างนั้น")
    saved(two)
    assert place.plan(plan).number == before + 1
    # Back on the network, but what is sent does not arrive: a reload keeps it all.
    one.route("**/changes", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    one.context.set_offline(False)
    one.reload()
    one.wait_for_selector("#map[data-ready]")
    expect(node(one, effect)).to_contain_text("เขียนตอนออฟไลน์")
    expect(one.locator("#saving")).to_have_text("ออฟไลน์ มี 2 รายการรอส่ง")
    one.unroute("**/changes")
    saved(one)
    caught_up(one, two)
    assert place.plan(plan).number == before + 3
    assert texts(one) == texts(two)
    assert {"เขียนตอนออฟไลน์", "รากที่เขียนตอนออฟไลน์", "คนที่สองแก้ระหว่างนั้น"} <= {
        part.text for part in place.tree(plan).parts.values()
    }
    kept = one.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('socialmap.plan.')).length")
    assert kept == 0
    faults: list[str] = one.faults  # type: ignore[attr-defined]
    assert all("net::ERR_" in fault for fault in faults), faults
    faults.clear()


def test_everything_can_be_done_by_the_keyboard(place: Place, address: str, new_page: NewPage) -> None:  # noqa: F811
    plan = place.draft()
    page = opened(new_page(allow=(address,)), place, address, plan)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role') === 'treeitem'"):
            break
    focused = "document.activeElement.id.slice(5)"
    assert page.evaluate(focused) == str(place.tree(plan).root.id)
    page.keyboard.press("ArrowDown")
    first = page.evaluate(focused)
    order = [str(part.id) for part in place.tree(plan).under(place.tree(plan).root.id)]
    assert first == order[0]
    page.keyboard.press("Alt+ArrowDown")
    saved(page)
    moved = [str(part.id) for part in place.tree(plan).under(place.tree(plan).root.id)]
    assert moved[:2] == [order[1], order[0]]
    assert page.evaluate(focused) == first
    page.keyboard.press("F2")
    page.keyboard.type("พิมพ์ด้วยแป้นพิมพ์")
    page.keyboard.press("Enter")
    saved(page)
    page.keyboard.press("Control+z")
    saved(page)
    expect(node(page, first)).not_to_contain_text("พิมพ์ด้วยแป้นพิมพ์")
    page.keyboard.press("Control+y")
    expect(node(page, first)).to_contain_text("พิมพ์ด้วยแป้นพิมพ์")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("ส่วนใหม่ข้างกัน")
    page.keyboard.press("Enter")
    saved(page)
    assert [part.text for part in place.tree(plan).under(place.tree(plan).root.id)][2] == "ส่วนใหม่ข้างกัน"
    page.keyboard.press("Delete")
    saved(page)
    page.click("#removed summary")
    page.locator("#removed button").press("Enter")
    saved(page)
    assert "ส่วนใหม่ข้างกัน" in [part.text for part in place.tree(plan).under(place.tree(plan).root.id)]
    page.evaluate("PlanEditor.select(PlanEditor.rootOf(PlanEditor.state.shown).id, true)")
    page.keyboard.press("End")
    depth = page.evaluate("Number(document.activeElement.getAttribute('aria-level'))")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("Number(document.activeElement.getAttribute('aria-level'))") == depth - 1
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "false"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"


def test_a_part_is_dragged_and_its_fields_and_links_are_filled_in(
    place: Place,
    address: str,
    new_page: NewPage,  # noqa: F811
) -> None:
    plan = place.draft()
    tree = place.tree(plan)
    page = opened(new_page(allow=(address,)), place, address, plan)
    first, second = [part.id for part in tree.under(tree.root.id, "cause")][:2]
    choose(page, second)
    node(page, second).hover()
    page.mouse.down()
    goal = node(page, first).bounding_box()
    assert goal
    page.mouse.move(goal["x"] + 40, goal["y"] + goal["height"] / 2, steps=8)
    page.mouse.up()
    saved(page)
    assert place.tree(plan).parts[second].parent_id == first
    activity = place.first(plan, "activity").id
    choose(page, activity)
    page.fill("#field-lead", "อบต. สมมติ")
    page.fill("#field-budget", "92,000")
    page.fill("#field-ends_on", "2026-01-31")
    page.fill("#field-joint", "โรงเรียนผู้สูงอายุ\nอสม.")
    page.select_option("#field-status", "doing")
    saved(page)
    held = place.tree(plan).parts[activity].fields
    assert (held["lead"], held["budget"], held["ends_on"], held["status"]) == (
        "อบต. สมมติ",
        92000,
        "2026-01-31",
        "doing",
    )
    assert held["joint"] == ["โรงเรียนผู้สูงอายุ", "อสม."]
    page.fill("#field-budget", "เก้าหมื่น")
    page.locator("#field-budget").press("Tab")
    expect(page.locator("#refused li")).to_contain_text("เก้าหมื่น")
    solution = place.first(plan, "solution").id
    choose(page, solution)
    ticked = page.locator("#form .causes input:checked").count()
    page.locator("#form .causes input:not(:checked)").first.check()
    saved(page)
    links = [link for link in place.tree(plan).links if link.from_id == solution]
    assert len(links) == ticked + 1


def test_parts_relate_to_each_other_and_an_asset_is_chosen_from_the_register(
    place: Place,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
) -> None:
    """By the keyboard; the link is seen from both ends, the asset by its name in the history too."""
    with transaction(place.app.state.engine, SYSTEM) as session:
        name = Text("ทุนสมมติ", "invented assets")
        source = save_source(session, "test.editor.assets", name, date(2026, 9, 30), invented=True)
        places = (("ชมรมผู้สูงอายุสมมติ", INSIDE), ("ชมรมของอำเภออื่น", (10.995, 101.0268)))
        save_assets(session, source, [AssetValues(words, "club", words, *at) for words, at in places])
    plan = place.draft()
    tree = place.tree(plan)
    effect, cause = tree.under(tree.root.id, "effect")[0].id, tree.under(tree.root.id, "cause")[0].id
    page = opened(new_page(allow=(address,)), place, address, plan)
    choose(page, effect)
    page.focus("#field-relates")
    page.select_option("#field-relates", str(cause))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    saved(page)
    assert [(link.from_id, link.to_id) for link in place.tree(plan).links if link.kind == "relates"] == [
        (effect, cause)
    ]
    expect(page.locator("#field-relates")).to_be_focused()
    choose(page, cause)
    expect(page.locator("#form .solutions")).not_to_contain_text(tree.parts[effect].text)
    page.screenshot(path=Path(os.environ.get("SHOTS", tmp_path)) / "relates.png")
    page.locator("#form .related .link").click()
    expect(page.locator("#form .parthead")).to_contain_text("ผลกระทบ")
    page.locator("#form .related li button.quiet").press("Enter")
    saved(page)
    assert not [link for link in place.tree(plan).links if link.kind == "relates"]
    choose(page, tree.root.id)
    page.locator("#form .adding button", has_text="ทุนทางสังคม").click()
    page.locator(".inplace").fill("ชมรมที่จะร่วมงาน")
    page.keyboard.press("Enter")
    saved(page)
    options = page.locator("#field-asset_id option").all_inner_texts()
    assert options == ["ยังไม่เลือก", "ชมรมผู้สูงอายุสมมติ"]
    page.select_option("#field-asset_id", label="ชมรมผู้สูงอายุสมมติ")
    saved(page)
    made = next(part for part in place.tree(plan).parts.values() if part.text == "ชมรมที่จะร่วมงาน")
    with transaction(place.app.state.engine, SYSTEM) as session:
        (known,) = list_assets(session, "9901")
    assert made.fields["asset_id"] == str(known.id)
    page.click("#open-history")
    expect(page.locator("#history-list li").first).to_contain_text("ชมรมผู้สูงอายุสมมติ")
    page.keyboard.press("Escape")
    if AXE.is_file():
        assert serious(page) == []


def test_a_state_is_compared_and_brought_back(place: Place, address: str, new_page: NewPage) -> None:  # noqa: F811
    plan = place.draft()
    before, effect = place.plan(plan).number, place.first(plan, "effect")
    page = opened(new_page(allow=(address,)), place, address, plan)
    write(page, effect.id, "ถ้อยคำใหม่")
    saved(page)
    page.click("#open-history")
    page.locator("#history-list li").nth(1).locator("button").first.click()
    expect(page.locator("#compare-result li")).to_have_count(1)
    expect(page.locator("#compare-result li")).to_contain_text("ถ้อยคำใหม่")
    page.on("dialog", lambda asked: asked.accept())
    page.locator("#history-list li").nth(1).locator("button").nth(1).click()
    expect(page.locator("#said")).to_contain_text(f"คืนเป็นอย่างครั้งที่ {before} แล้ว")
    assert place.tree(plan).parts[effect.id].text == effect.text
    assert place.plan(plan).number == before + 2


@pytest.mark.parametrize("width", [1360, 390])
def test_text_is_text_and_the_page_can_be_seen_and_heard(
    place: Place,
    address: str,
    new_page: NewPage,  # noqa: F811
    tmp_path: Path,
    width: int,
) -> None:
    plan = place.draft()
    page = opened(new_page(width=width, height=844, allow=(address,)), place, address, plan)
    told: list[str] = []
    page.on("dialog", lambda asked: (told.append(asked.message), asked.dismiss()))
    found: dict[str, list[str]] = {}

    def look(step: str) -> None:
        page.wait_for_timeout(300)
        page.screenshot(path=Path(os.environ.get("SHOTS", tmp_path)) / f"plan-{step}-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, step
        if AXE.is_file():
            found[step] = serious(page)

    look("opened")
    cause = place.first(plan, "cause")
    for value in ("ค่าของคนหนึ่ง", "ค่าของอีกคน"):
        told_base = {"base": place.plan(plan).number if value == "ค่าของคนหนึ่ง" else 1}
        change = {"id": str(uuid4()), "action": "set", "part": str(cause.id), "field": "text", "value": value}
        place.change("colleague", plan, change | told_base)
    caught_up(page)
    page.click("#clashes")
    look("clash")
    if width < 400:
        page.click("#sheet")
    hostile = [
        {"id": str(uuid4()), "action": "set", "base": 10**6, "part": str(part.id), "field": "text", "value": HOSTILE}
        for part in place.tree(plan).parts.values()
    ]
    for each in hostile:
        each["base"] = place.plan(plan).number
    place.change("colleague", plan, *hostile)
    caught_up(page)
    page.reload()
    page.wait_for_selector("#map[data-ready]")
    expect(node(page, cause.id)).to_contain_text(HOSTILE)
    page.evaluate("PlanEditor.openHistory()")
    expect(page.locator("#history-list li").first).to_contain_text("<img")
    look("history")
    page.click("#history [data-close]")
    assert page.locator("main img, main iframe").count() == 0
    assert told == []
    assert {step: rules for step, rules in found.items() if rules} == {}
