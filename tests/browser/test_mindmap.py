"""The mind map in a real browser: texts within their boxes, branches told, hostile texts shown and not run."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from mapping.mindmaps import MindMap
from mapping.sarabun import FOLDER
from tests.browser.conftest import NewPage
from tests.browser.mindmap_page import show
from tests.mapping.example_a import EXAMPLE_A
from tests.mapping.mindmap_cases import ATTACKS, filled, many, template

pytestmark = pytest.mark.browser

TREE = "MindMap.tree(host, item, texts); MindMap.activities(host, item, texts);"
OUTLINE = "MindMap.outline(host, item, texts); MindMap.activities(host, item, texts);"
OVERFLOWING = """() => {
  const found = [];
  for (const box of document.querySelectorAll(".mm-box")) {
    const outer = box.querySelector(".mm-rect").getBoundingClientRect();
    for (const text of box.querySelectorAll("text")) {
      const inner = text.getBoundingClientRect();
      if (inner.left < outer.left - 0.5 || inner.right > outer.right + 0.5 || inner.top < outer.top - 2 ||
          inner.bottom > outer.bottom + 2) found.push([text.textContent, inner.right - outer.right]);
    }
  }
  return found;
}"""
SMALLEST = """() => Math.min(...Array.from(document.querySelectorAll("#host text, #host span, #host li, #host td"))
  .filter((node) => node.textContent.trim())
  .map((node) => parseFloat(getComputedStyle(node).fontSize) * (node.ownerSVGElement ? node.getScreenCTM().a : 1)))"""
CUT_RUNS = """() => Array.from(document.querySelectorAll(".mm-run:not(.is-long)"))
  .filter((run) => run.getClientRects().length > 1).map((run) => run.textContent)"""
SEEN = "() => document.getElementById('host').textContent"


AXE = FOLDER.parents[2] / "axe-core" / "axe.min.js"


def radial_call(width: int, height: int) -> str:
    return (
        "document.body.style.padding = 0; host.style.position = 'relative';"
        f"host.style.width = '{width}px'; host.style.height = '{height}px';"
        f"return MindMap.radial(host, item, texts, {{width: {width}, height: {height}, "
        f"anchor: {{x: {width // 2}, y: {height * 2 // 3}}}, reserve: {{bottom: 34}}}});"
    )


def test_the_tree_holds_its_texts_and_names_its_nodes(page: Page, tmp_path: Path) -> None:
    show(page, EXAMPLE_A, tmp_path, TREE)
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate(CUT_RUNS) == []
    assert page.evaluate(SMALLEST) >= 12
    assert page.locator("svg[role=tree] [role=treeitem]").count() == 14
    assert page.get_by_role("treeitem", name="สาเหตุ: 2 ไม่มีผู้ดูแล (CG) ครบทุกหมู่บ้าน").count() == 1
    assert page.locator(".mm-plan tbody").count() == 4
    assert page.get_by_role("cell", name="ล่าช้า").count() == 1


@pytest.mark.parametrize(("width", "height"), [(1360, 784), (1920, 1080), (1100, 700)])
@pytest.mark.parametrize("mind_map", [EXAMPLE_A, template("P15")], ids=["example A", "P15"])
def test_the_radial_fits_its_screen(
    new_page: NewPage, tmp_path: Path, mind_map: MindMap, width: int, height: int
) -> None:
    page = new_page(width, height)
    show(page, mind_map, tmp_path, radial_call(width, height))
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate(SMALLEST) >= 12
    assert page.evaluate("window.result.larger") is False
    assert page.evaluate("(width) => window.result.boxes.every((b) => b.x >= 0 && b.x + b.width <= width)", width)
    assert page.locator(".mm-anchor").count() == 1
    centre = page.evaluate("document.querySelector('.mm-problem .mm-rect').getBoundingClientRect().toJSON()")
    told = page.evaluate("window.result.hub")
    assert told["x"] == pytest.approx(centre["x"] + centre["width"] / 2, abs=1)


def test_the_radial_tells_all_where_there_is_room_and_is_brief_where_not(new_page: NewPage, tmp_path: Path) -> None:
    for width, height, brief in ((1360, 784, False), (1920, 1080, False), (1100, 700, True)):
        page = new_page(width, height)
        show(page, EXAMPLE_A, tmp_path, radial_call(width, height))
        assert page.evaluate("window.result.brief") is brief
        assert ("ร่วมกับ" in page.evaluate(SEEN)) is not brief
        assert page.evaluate("document.querySelectorAll('.mm-t-lead').length") >= 4


def test_a_radial_too_large_for_its_screen_scrolls_at_a_readable_size(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(1100, 700)
    show(page, many(), tmp_path, radial_call(1100, 700))
    assert page.evaluate("window.result.larger") is True
    assert page.evaluate(SMALLEST) >= 12
    assert page.evaluate(
        "(() => { const o = document.querySelector('.mm-overlay'); return o.scrollHeight > o.clientHeight })()"
    )


def test_the_outline_fits_a_phone(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(390, 844)
    show(page, EXAMPLE_A, tmp_path, OUTLINE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(CUT_RUNS) == []
    assert page.evaluate(SMALLEST) >= 12
    assert page.locator(".mm-out ol > li").count() == 4
    assert "งานในพื้นที่มีน้อยและรายได้ต่ำ" in page.evaluate(SEEN)


def test_branches_are_told_and_lit_from_both_sides(page: Page, tmp_path: Path) -> None:
    show(page, EXAMPLE_A, tmp_path, radial_call(1360, 784))
    page.locator(".mm-box.mm-cause").nth(1).hover()
    assert page.evaluate("window.told.at(-1)") == {"kind": "cause", "index": 1, "on": True}
    lit = page.locator(".mm-box.mm-solution.is-lit").evaluate_all("nodes => nodes.map((n) => n.dataset.index)")
    assert lit == ["1", "3"], "the solutions that address cause 2"
    page.mouse.move(5, 5)
    assert page.evaluate("window.told.at(-1).on") is False
    page.evaluate("MindMap.highlight(document.getElementById('host'), 'solution')")
    assert page.locator(".mm-box.is-lit").count() == 5
    page.evaluate("MindMap.highlight(document.getElementById('host'), null)")
    assert page.locator(".has-lit, .is-lit").count() == 0


def test_the_keyboard_walks_the_tree(page: Page, tmp_path: Path) -> None:
    show(page, EXAMPLE_A, tmp_path, TREE)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.kind") == "effect"
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "รากเหตุ: เยี่ยมซ้ำบางรายและตกหล่นบางราย"
    assert page.evaluate("window.told.at(-1)") == {"kind": "root", "index": [3, 0], "on": True}
    assert page.locator("[role=treeitem][tabindex='0']").count() == 1


@pytest.mark.parametrize("mind_map", [EXAMPLE_A, template("P08")], ids=["approved", "draft"])
def test_every_node_of_the_radial_is_found_where_it_is_written(page: Page, tmp_path: Path, mind_map: MindMap) -> None:
    """The stamp is no node. Roots are found by their cause."""
    written = "const texts_ = document.createElement('div'); texts_.id = 'written'; document.body.append(texts_);"
    written += "MindMap.outline(texts_, item, texts, ['problem']); MindMap.activities(texts_, item, texts);"
    show(page, mind_map, tmp_path, written + radial_call(1360, 784))
    missed = page.evaluate("""() => [...document.querySelectorAll("#host [role=treeitem]")]
      .filter((node) => !MindMap.find(document.getElementById("written"), node.dataset.kind, node.dataset.index))
      .map((node) => node.getAttribute("aria-label"))""")
    assert missed == []
    assert page.evaluate("MindMap.find(document.getElementById('written'), 'root', '1.0').textContent.length > 3")


@pytest.mark.parametrize("call", [TREE, OUTLINE, radial_call(1360, 784)], ids=["tree", "outline", "radial"])
@pytest.mark.parametrize("mind_map", [EXAMPLE_A, template("P08")], ids=["approved", "draft"])
def test_nothing_bars_a_reader(page: Page, tmp_path: Path, mind_map: MindMap, call: str) -> None:
    show(page, mind_map, tmp_path, call)
    page.add_script_tag(path=AXE)
    found = page.evaluate("""async () => {
        const result = await axe.run("#host", {preload: false, rules: {"heading-order": {enabled: false}}});
        return result.violations.map((each) => [each.id, each.nodes.map((node) => node.html + node.failureSummary)]);
    }""")
    assert found == []


def test_a_draft_is_dashed_and_stamped(page: Page, tmp_path: Path) -> None:
    show(page, template("P08"), tmp_path, TREE)
    assert page.get_by_text("ร่างจากแม่แบบ ยังไม่ผ่านการพิจารณา").is_visible()
    dashes = page.locator(".mm-box .mm-rect").evaluate_all(
        "nodes => nodes.map((n) => getComputedStyle(n).strokeDasharray)"
    )
    assert dashes
    assert "none" not in dashes
    assert page.evaluate(OVERFLOWING) == []


@pytest.mark.parametrize("words", ATTACKS, ids=["onerror", "script", "template", "long name"])
def test_hostile_texts_are_shown_and_nothing_runs(new_page: NewPage, tmp_path: Path, words: str) -> None:
    for width, call in ((1360, TREE), (1360, radial_call(1360, 784)), (390, OUTLINE)):
        page = new_page(width, 784)
        page.add_init_script("window.alert = () => { window.attacked = true; };")
        show(page, filled(words), tmp_path, call)
        page.wait_for_timeout(50)
        assert page.evaluate("window.attacked === undefined")
        assert page.locator("#host img, #host script").count() == 0
        if "radial" not in call:
            assert words in page.evaluate(SEEN)
        assert page.evaluate(OVERFLOWING) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_radial_shows_attacks_as_text(page: Page, tmp_path: Path) -> None:
    show(page, filled(ATTACKS[0]), tmp_path, radial_call(1360, 784))
    lines = page.locator(".mm-goal text").evaluate_all("nodes => nodes.map((n) => n.textContent).join('')")
    assert lines.strip() == ATTACKS[0]
