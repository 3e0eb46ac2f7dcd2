"""Standalone maps written to a folder, and what browser tests ask of the page."""

from pathlib import Path

from playwright.sync_api import Locator, Page

from mapping.area_map import AreaMap
from mapping.offline import Inline
from mapping.social_map import file_name, render
from tests.mapping.maps_by_hand import LIBRARY

ALL_LEVELS = ("country", "province", "district")


def write_map(folder: Path, area_map: AreaMap, levels: tuple[str, ...] = ("country", "province")) -> Path:
    """Write a map as the file that others link to."""
    path = folder / file_name(area_map.area.code)
    path.write_text(render(area_map, Inline(LIBRARY, levels)).html, "utf-8")
    return path


def open_map(page: Page, path: Path, anchor: str = "") -> None:
    """Open a file and wait until everything is drawn."""
    page.goto(path.as_uri() + anchor)
    page.wait_for_selector("body.ready", timeout=30_000)


def area(page: Page, code: str) -> Locator:
    """The shape of an area on the map."""
    return page.locator(f"path.area[data-code='{code}']")


def click_area(page: Page, code: str) -> None:
    """Click an area where its inner point is, as a person would."""
    x, y = page.evaluate(
        """code => { const p = SocialMap.map.latLngToContainerPoint(SocialMap.byCode[code].at),
        b = SocialMap.map.getContainer().getBoundingClientRect(); return [p.x + b.left, p.y + b.top]; }""",
        code,
    )
    page.mouse.click(x, y)


def overlapping_labels(page: Page) -> list[str]:
    """Pairs of labels whose boxes meet on the screen."""
    return page.evaluate(
        """() => { const all = [...document.querySelectorAll('.stage > .folium-map .lab')]
          .map(e => [e.textContent, e.getBoundingClientRect()]);
        const bad = []; all.forEach(([s, a], i) => all.slice(0, i).forEach(([t, b]) => {
          if (a.left + 1 < b.right && b.left + 1 < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
            bad.push(s + ' × ' + t); }));
        return bad; }"""
    )


def named_areas(page: Page) -> set[str]:
    """Codes of the areas that the map names or numbers."""
    return set(page.evaluate("() => SocialMap.plan.boxes.map(found => found.area.code)"))
