"""Texts that would be markup or script elsewhere are shown as they are, and nothing of them runs."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from mapping.area_map import AreaMap
from tests.api.conftest import address, app, served_database, settings
from tests.api.content import HOSTILE as SPOILT
from tests.api.content import SCRIPT
from tests.browser.conftest import NewPage
from tests.browser.map_files import open_map, write_map
from tests.mapping.maps_by_hand import full_plan, invented_map, with_text

__all__ = ["address", "app", "served_database", "settings"]
pytestmark = pytest.mark.browser

HOSTILE = {
    "image": "<img src=x onerror=alert(1)>",
    "script": "</script><script>alert(1)</script>",
    "literal": "${alert(1)}",
    "template": "{{7*7}}",
    "long": "กรุงเทพมหานครอมรรัตนโกสินทร์" * 110,
}


def hostile_map(words: str) -> AreaMap:
    """A map all of whose free texts are `words`."""
    plans = {f"990{i}": with_text(full_plan(f"990{i}", "x"), words) for i in range(1, 4)}
    plans["99"] = with_text(full_plan("99", "x"), words)
    made = invented_map(4, names=lambda _: words, mind_maps=plans)
    choices = tuple(replace(choice, label=words, options=((choice.value, words),)) for choice in made.choices)
    return replace(made, title=words, notes=(words,), crumbs=(("TH", words), ("99", words)), choices=choices)


def watch(page: Page) -> list[str]:
    """Collect every dialog; there must be none."""
    opened: list[str] = []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    return opened


def shown(page: Page, selector: str) -> str:
    """The text of a visible part, without the marks that allow line breaks."""
    return page.locator(selector).first.evaluate("e => e.textContent").replace("\u200b", "").replace("\u2060", "")


def squeezed(words: str) -> str:
    """A text without spaces, which may be set anew around punctuation."""
    return words.replace(" ", "").replace("\u00a0", "")


@pytest.mark.parametrize("name", list(HOSTILE))
@pytest.mark.parametrize("width", [1360, 390])
def test_hostile_text_is_visible_and_inert(new_page: NewPage, tmp_path: Path, name: str, width: int) -> None:
    """In head, map, panel, tree, activities, radial, table and notes."""
    words = HOSTILE[name]
    page = new_page(width=width, height=860 if width > 400 else 844)
    opened = watch(page)
    open_map(page, write_map(tmp_path, hostile_map(words)))
    start = squeezed(words[:12])
    assert squeezed(words) in squeezed(shown(page, ".head h1"))
    assert start[:6] in squeezed("".join(page.locator(".lab .name").all_inner_texts()))
    page.evaluate("SocialMap.choose('9901')")
    assert squeezed(words) in squeezed(shown(page, ".panel h2"))
    part = ".mm-tree" if width > 400 else ".mm-out"
    assert squeezed(words)[:6] in squeezed(shown(page, part))
    assert squeezed(words) in squeezed(shown(page, ".mm-plan"))
    page.get_by_role("button", name="วางผังบนแผนที่").click()
    assert squeezed(words) in squeezed(shown(page, ".laid .mm-core"))
    assert squeezed(words) in squeezed(shown(page, ".laid .mm-plan"))
    if width > 400:
        assert squeezed(words)[:6] in squeezed(shown(page, ".mm-radial"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    page.evaluate("SocialMap.choose(null)")
    page.evaluate("SocialMap.openTable()")
    assert squeezed(words) in squeezed(shown(page, "dialog table"))
    page.wait_for_timeout(100)
    assert opened == []
    assert page.evaluate("document.images.length") == 0
    assert "49" not in shown(page, ".head h1")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def open_served(page: Page, address: str) -> None:
    """Open a page of the server and wait until everything is drawn."""
    answer = page.goto(address)
    assert answer
    assert "'nonce-" in answer.headers["content-security-policy"]
    page.wait_for_selector("body.ready", timeout=30_000)


def assert_inert(page: Page, opened: list[str]) -> None:
    """Nothing ran, nothing was made of it, and no browser had to refuse it: that would be a fault of the page."""
    page.wait_for_timeout(100)
    assert opened == []
    assert page.evaluate("document.images.length") == 0
    assert (
        page.evaluate("[...document.scripts].filter(e => !e.src && !e.nonce && e.type !== 'application/json').length")
        == 0
    )
    assert page.faults == []  # type: ignore[attr-defined]


def test_hostile_text_is_visible_and_inert_when_served(new_page: NewPage, address: str) -> None:
    """Names of an area, its sources and its boundaries, on the map above it and on its own, with the nonce in force."""
    page = new_page(allow=(address,))
    opened = watch(page)
    open_served(page, f"{address}/maps/99")
    page.evaluate(f"SocialMap.choose('{SPOILT}')")
    assert squeezed(SCRIPT) in squeezed(shown(page, ".panel h2"))
    assert squeezed(SCRIPT) in squeezed(shown(page, "body"))
    page.get_by_role("button", name="วางผังบนแผนที่").click()
    page.keyboard.press("Escape")
    page.evaluate("SocialMap.choose(null)")
    page.evaluate("SocialMap.openTable()")
    assert squeezed(SCRIPT) in squeezed(shown(page, "dialog table"))
    assert_inert(page, opened)
    open_served(page, f"{address}/maps/{SPOILT}")
    assert squeezed(SCRIPT) in squeezed(shown(page, ".head h1"))
    assert squeezed(SCRIPT) in squeezed(page.title())
    assert_inert(page, opened)
