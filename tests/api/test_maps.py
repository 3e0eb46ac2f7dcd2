"""Served maps and the files they ask for."""

import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from tests.api.content import HOSTILE, SCRIPT
from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401

needs_libraries = pytest.mark.skipif(
    not (Settings().socialmap_web_library / "leaflet").is_dir(), reason="needs the web libraries (make setup)"
)


@needs_libraries
@pytest.mark.parametrize("code", ["TH", "99", "9901"])
def test_a_map_for_country_province_and_district(client: TestClient, code: str) -> None:
    """A page whose scripts run by nonce alone, a new one for each answer."""
    first, second = client.get(f"/maps/{code}"), client.get(f"/maps/{code}")
    assert first.status_code == 200, first.text
    assert first.headers["content-type"] == "text/html; charset=utf-8"
    assert first.headers["cache-control"] == "no-store"
    policies = [answer.headers["content-security-policy"] for answer in (first, second)]
    nonces = [re.search(r"script-src 'self' 'nonce-([^']+)'", policy)[1] for policy in policies]  # type: ignore[index]
    assert nonces[0] != nonces[1]
    for policy in policies:
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
    for tag in re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", first.text):
        assert f'nonce="{nonces[0]}"' in tag or "application/json" in tag, tag
    assert "แผนที่" in first.text


@needs_libraries
def test_the_address_says_what_the_map_shows(client: TestClient) -> None:
    """Problem, period and measure, so that a map can be shared by its address."""
    shown = client.get("/maps/99", params={"problem": "P01", "period": "fy2568", "measure": "count"})
    assert shown.status_code == 200
    assert "2568" in shown.text
    for params in ({"problem": "P99"}, {"period": "2569"}, {"measure": "x"}, {"zoom": "3"}):
        refused = client.get("/maps/99", params=params)
        assert refused.status_code == 400
        assert refused.headers["content-type"].startswith("text/html")


def shown_classes(page: str) -> list[str]:
    """The classes of a page's legend in words."""
    value = json.loads(re.search(r'id="map-data"[^>]*>(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    return [words for _, words in value["legend"]["classes"]]


@needs_libraries
def test_the_address_says_how_classes_are_made(client: TestClient) -> None:
    """Method, fixed breaks, and counts that fill areas; counts fill nothing unless asked."""
    counts = {"measure": "count"}
    assert shown_classes(client.get("/maps/99", params=counts).text) == []
    assert shown_classes(client.get("/maps/99", params=counts | {"fill": "true", "method": "equal"}).text)
    fixed = client.get("/maps/99", params=counts | {"fill": "1", "method": "fixed", "breaks": "10,2000.5"})
    assert shown_classes(fixed.text) == ["ต่ำกว่า 10", "10 ถึงต่ำกว่า 2,000.5", "2,000.5 ขึ้นไป"]


@needs_libraries
@pytest.mark.parametrize(
    "params",
    [
        {"method": "x"},
        {"method": "fixed"},
        {"method": "natural", "breaks": "10"},
        {"breaks": "20,10"},
        {"breaks": "1,2,3,4,5,6,7"},
        {"breaks": "<script>"},
        {"fill": "x"},
    ],
)
def test_classes_that_cannot_be_made_are_refused(client: TestClient, params: dict[str, str]) -> None:
    """A page with 400 and no script."""
    refused = client.get("/maps/99", params=params)
    assert refused.status_code == 400
    assert refused.headers["content-type"].startswith("text/html")
    assert "<script" not in refused.text


@needs_libraries
def test_every_file_of_a_map_is_served_and_kept_for_good(client: TestClient) -> None:
    """Scripts, styles and the fonts that these name; nothing from elsewhere."""
    page = client.get("/maps/99").text
    asked = set(re.findall(r'(?:src|href)="(/assets/[^"]+)"', page))
    assert asked
    for path in sorted(asked):
        asset = client.get(path)
        assert asset.status_code == 200, path
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
        again = client.get(path, headers={"If-None-Match": asset.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        for font in re.findall(r"url\(\.\./([^)]+)\)", asset.text if path.endswith(".css") else ""):
            assert client.get(f"/assets/{font}").headers["content-type"] == "font/woff2"
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


@pytest.mark.parametrize("code", ["98", "zz", "9999", "<script>alert(1)</script>", "%00", "..%2f..%2fetc", "TH'"])
def test_an_unknown_area_is_told_to_a_person(client: TestClient, code: str) -> None:
    """A page in Thai and English with the way back, and the code as text."""
    answer = client.get(f"/maps/{code}")
    assert answer.status_code == 404
    if not answer.headers["content-type"].startswith("text/html"):
        assert "/" in code.replace("%2f", "/")  # not the address of a map at all
        return
    assert 'href="/maps/TH"' in answer.text
    assert 'lang="en"' in answer.text
    assert "<script" not in answer.text


@needs_libraries
def test_a_subdistrict_has_no_map_of_its_own(client: TestClient) -> None:
    """It is told, not broken."""
    answer = client.get("/maps/990101")
    assert answer.status_code in (200, 400, 404)
    assert answer.headers["content-type"].startswith("text/html")


def test_the_icon_is_there(client: TestClient) -> None:
    """Browsers ask for it on every page."""
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")


@needs_libraries
def test_no_case_point_and_no_exact_number_is_in_a_map(client: TestClient) -> None:
    """What a map holds went through the door: counts are rounded to five."""
    page = client.get("/maps/99", params={"problem": "P08", "period": "fy2569", "measure": "count"}).text
    cases = [int(number) for number in re.findall(r'"cases":\s*(\d+)', page)]
    assert all(number % 5 == 0 for number in cases)


def test_missing_libraries_are_told(served_database: str, tmp_path: Path) -> None:
    """A page that lacks a file is not half shown: the answer says what is missing."""
    from api.app import create_app

    bare = create_app(Settings(database_url=served_database, socialmap_web_library=tmp_path))
    answer = TestClient(bare, base_url="http://localhost", raise_server_exceptions=False).get("/maps/99")
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    bare.state.engine.dispose()


@needs_libraries
@pytest.mark.browser
def test_a_served_map_opens_and_leads_on(address: str, new_page: NewPage) -> None:  # noqa: F811
    """In a real browser under the page's own policy: nothing is blocked, nothing is asked elsewhere."""
    page = new_page(allow=(address,))
    for code in ("TH", "99", "9901"):
        answer = page.goto(f"{address}/maps/{code}", wait_until="networkidle")
        assert answer
        assert answer.status == 200
        assert page.locator("path").count() > 0


@needs_libraries
@pytest.mark.browser
def test_a_script_in_a_text_is_text(address: str, new_page: NewPage) -> None:  # noqa: F811
    """Names of areas, sources and citations that hold scripts are shown as they are, and none of them runs."""
    page = new_page(allow=(address,))
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.goto(f"{address}/maps/99", wait_until="networkidle")
    # Labels are placed once the map stands; one may be cut, never run.
    page.wait_for_function("part => document.documentElement.innerText.includes(part)", arg=SCRIPT[:20])
    assert not asked
    assert page.evaluate("document.querySelectorAll('img[onerror]').length") == 0
    assert page.goto(f"{address}/maps/{HOSTILE}", wait_until="networkidle")
    assert not asked


@needs_libraries
@pytest.mark.browser
def test_a_refusal_is_set_in_sarabun_too(address: str, new_page: NewPage) -> None:  # noqa: F811
    """A machine without a Thai font would show boxes to somebody who reads only Thai."""
    page = new_page(allow=(address,))
    page.goto(f"{address}/maps/99?period=2026-01", wait_until="networkidle")
    loaded = page.evaluate("() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert "Sarabun" in loaded
    assert [fault for fault in page.faults if "403" not in fault] == []  # type: ignore[attr-defined]
    page.faults.clear()  # type: ignore[attr-defined]
