"""A province's map as a person uses it: look, click, read the mind map, lay it on the map, go back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.map_files import area, click_area, named_areas, open_map, overlapping_labels, write_map
from tests.mapping.maps_by_hand import invented_map

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of the invented province with ten districts."""
    return write_map(tmp_path_factory.mktemp("maps"), invented_map(10))


def test_every_area_is_named_and_no_two_labels_meet(page: Page, file: Path) -> None:
    """At the first look, after zooming and in a smaller window."""
    open_map(page, file)
    codes = {f"99{i:02d}" for i in range(1, 11)}
    assert named_areas(page) == codes
    assert overlapping_labels(page) == []
    page.set_viewport_size({"width": 1100, "height": 720})
    page.wait_for_timeout(500)
    assert named_areas(page) == codes
    assert overlapping_labels(page) == []
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(600)
    assert named_areas(page)
    assert overlapping_labels(page) == []


@pytest.mark.parametrize("count", [32, 50])
def test_crowded_provinces_number_what_they_cannot_name(page: Page, tmp_path: Path, count: int) -> None:
    """Each numbered area stands in the key by its number and name."""
    open_map(page, write_map(tmp_path, invented_map(count)))
    assert len(named_areas(page)) == count
    assert overlapping_labels(page) == []
    numbered = page.evaluate("() => SocialMap.plan.numbered.map(area => area.number)")
    assert sorted(page.locator(".key b, .key-row b").all_inner_texts()) == sorted(numbered)


def test_a_click_opens_the_mind_map_of_the_area(page: Page, file: Path) -> None:
    """Its tree, its activities, its address; closing brings back the overview."""
    open_map(page, file)
    click_area(page, "9901")
    panel = page.locator(".panel")
    expect(panel.locator("h2")).to_have_text("อำเภอตัวอย่าง1".replace("ตัวอย่าง1", "สมมติ1"))
    expect(panel.locator("svg.mm-tree")).to_be_visible()
    expect(panel.locator(".mm-plan")).to_contain_text("จับคู่ อพม./อสม.")
    assert page.url.endswith("#9901")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.keyboard.press("Escape")
    expect(panel.locator(".states")).to_be_visible()
    assert "#" not in page.url
    assert page.evaluate("document.activeElement.dataset.code") == "9901"


def test_a_draft_says_that_it_is_one(page: Page, file: Path) -> None:
    """Stamp, dashes, and the plan's state as a badge."""
    open_map(page, file, "#9902")
    expect(page.locator(".mm-note")).to_contain_text("ร่างจากแม่แบบ ยังไม่ผ่านการพิจารณา")
    expect(page.locator(".panel header .badge")).to_have_attribute("aria-label", "ร่างจากแม่แบบ")


def test_an_area_without_a_mind_map_says_so(page: Page, file: Path) -> None:
    """And still shows its figures."""
    open_map(page, file, "#9903")
    expect(page.locator(".panel .empty")).to_have_text("พื้นที่นี้ยังไม่มีผังความคิด")
    expect(page.locator(".facts")).to_contain_text("<5")


def test_the_mind_map_is_laid_on_the_map_and_lifted_again(page: Page, file: Path) -> None:
    """Everything of the tree, the classes still explained; Escape leads back to the button."""
    open_map(page, file, "#9901")
    page.get_by_role("button", name="วางผังบนแผนที่").click()
    layer = page.locator(".radial-layer")
    expect(layer.locator("svg.mm-radial [role=treeitem]").first).to_be_visible()
    expect(layer.locator(".card .ramp")).to_be_visible()
    expect(page.locator(".panel")).to_be_hidden()
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.mm-radial .mm-rect')].filter(e => {
        const b = e.getBoundingClientRect();
        return b.left < 0 || b.top < 76 || b.right > innerWidth || b.bottom > innerHeight; }).length"""
    )
    assert outside == 0
    page.keyboard.press("Escape")
    expect(layer).to_have_count(0)
    assert "lay" in page.evaluate("document.activeElement.className")


def test_the_keyboard_alone_reaches_every_area(page: Page, file: Path) -> None:
    """One stop for Tab, arrows from area to area, Enter opens."""
    open_map(page, file)
    assert page.locator("path.area[tabindex='0']").count() == 1
    area(page, "9901").focus()
    seen = set()
    for key in ["ArrowRight"] * 6 + ["ArrowDown"] * 6 + ["ArrowLeft"] * 6 + ["ArrowUp"] * 6:
        page.keyboard.press(key)
        seen.add(page.evaluate("document.activeElement.dataset.code"))
    assert len(seen) >= 5
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.dataset.code") == "9910"
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert re.match(r"อำเภอ.+ \d+.* เรื่องต่อผู้สูงอายุ 100,000 คน", label)
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_contain_text("10")


def test_branch_and_area_light_each_other_up(page: Page, file: Path) -> None:
    """A branch lights its area; a row of the ranking its area; an area its row."""
    open_map(page, file)
    row = page.locator(".ranking tbody tr").first
    row.hover()
    assert page.evaluate("SocialMap.view.lit[1].getLatLngs().flat(3).length") > 0
    code = row.get_attribute("data-codes")
    page.locator(".head").hover()
    area(page, str(code)).dispatch_event("mouseover", {"bubbles": True})
    expect(row).to_have_class(re.compile("lit"))
    click_area(page, "9901")
    page.locator(".mm-box.mm-cause").first.hover()
    assert page.evaluate("SocialMap.view.lit[1].getLatLngs().flat(3).length") > 0


def test_the_table_holds_the_same_figures(page: Page, file: Path) -> None:
    """A real table with the reasons; a name in it opens its area."""
    open_map(page, file)
    page.get_by_role("button", name="ตาราง").click()
    table = page.locator("dialog table.figures")
    expect(table.locator("tbody tr")).to_have_count(10)
    expect(table.locator("tr[data-code='9903']")).to_contain_text("ปกปิด")
    table.get_by_role("button", name="อำเภอตัวอย่าง2").click()
    expect(page.locator("dialog.table")).to_be_hidden()
    expect(page.locator(".panel h2")).to_have_text("อำเภอตัวอย่าง2")


def test_counts_are_circles_whose_area_follows_the_number(page: Page, tmp_path: Path) -> None:
    """No area is coloured by a count."""
    open_map(page, write_map(tmp_path, invented_map(10, measure="count")))
    fills = set(page.locator("path.area").evaluate_all("all => all.map(e => e.getAttribute('fill'))"))
    assert fills <= {"#fff", "url(#sm-hidden)", "url(#sm-left_out)", "url(#sm-no_data)"}
    circles = page.evaluate("() => SocialMap.plan.circles.map(c => [c.r, SocialMap.byCode[c.area.code].count])")
    scales = [radius**2 / count for radius, count in circles if radius > 2.3]
    assert len(scales) > 3
    assert max(scales) / min(scales) == pytest.approx(1, abs=0.01)


def test_six_fixed_breaks_give_seven_colours_to_map_and_legend(page: Page, tmp_path: Path) -> None:
    """Each class of the legend looks as its areas do, unstable ones on the same colour."""
    open_map(page, write_map(tmp_path, invented_map(50, breaks=(250, 350, 450, 550, 650, 800))))
    swatches = (
        page.locator(".dock .group").first.locator("rect").evaluate_all("all => all.map(e => e.getAttribute('fill'))")
    )
    assert len(set(swatches)) == 7
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in swatches)
    fills = set(page.locator("path.area").evaluate_all("all => all.map(e => e.getAttribute('fill'))"))
    assert len({fill for fill in fills if fill.startswith("#")} - {"#fff"} - set(swatches)) == 0
    assert len(fills & set(swatches)) > 4
    patterns = [fill[5:-1] for fill in fills if fill.startswith("url")]
    assert all(page.locator(f"pattern[id='{each}']").count() == 1 for each in patterns)
    assert page.locator("pattern[id='sm-unstable6'] rect").get_attribute("fill") == "#3273AC"


def test_a_secret_problem_of_districts_is_hidden_not_below_ten(page: Page, tmp_path: Path) -> None:
    """Map, legend, panel and table say the same."""
    open_map(page, write_map(tmp_path, invented_map(10, problem="P11")), "#9901")
    page.evaluate("SocialMap.openTable()")
    expect(page.locator("dialog tr[data-code='9901']")).to_contain_text("ปกปิด: ปัญหานี้เปิดเผยได้เพียงระดับจังหวัด")
    expect(page.locator(".facts").first).to_contain_text("ปกปิด")
    expect(page.locator(".dock")).to_contain_text("ปกปิด")
    assert "<10" not in page.evaluate("document.body.innerText")


def test_a_phone_shows_map_strip_and_sheet(new_page: NewPage, file: Path) -> None:
    """The symbols are explained beside the ramp; the sheet holds the outline behind tabs."""
    page = new_page(width=390, height=844)
    open_map(page, file)
    strip = page.locator(".strip")
    for words in ("ไม่มีข้อมูล", "<5 ปกปิด", "ไม่คงที่", "0 ไม่มีเรื่อง", "อนุมัติแล้ว"):
        expect(strip).to_contain_text(words)
    assert named_areas(page) == {f"99{i:02d}" for i in range(1, 11)}
    assert overlapping_labels(page) == []
    click_area(page, "9901")
    expect(page.get_by_role("tab", name="ปัญหา")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".mm-out").first).to_be_visible()
    page.get_by_role("tab", name="กิจกรรม").click()
    expect(page.locator(".mm-plan")).to_be_visible()
    page.get_by_role("tab", name="ตัวเลข").click()
    expect(page.locator(".facts")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_numbers_in_the_table_stay_on_one_line(page: Page, file: Path) -> None:
    """Neither 10 nor 273,911 is cut in two, and no heading within a word."""
    open_map(page, file)
    page.get_by_role("button", name="ตาราง").click()
    lines = """cells => cells.map(cell => { const range = document.createRange(); range.selectNodeContents(cell);
        return new Set([...range.getClientRects()].map(line => Math.round(line.top))).size; })"""
    assert set(page.locator("dialog td.right").evaluate_all(lines)) == {0, 1}  # 0: an empty cell
    runs = page.locator("dialog th .run")
    assert runs.count() > 5
    assert set(runs.evaluate_all(lines)) == {1}
