"""A whole committee meeting in a real Chromium: prepared, presented without a network, resolved, followed up.

With SOCIALMAP_PICTURES=folder its pictures are kept there; those of `api/meetings/MEETING.md` are made so.
"""

import io
import os
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from api.auth.cookies import COOKIE
from api.auth.sessions import start_session
from api.database import transaction
from boundaries.dates import BE
from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401
from tests.browser.test_accessibility import AXE, serious
from tests.imports_page.conftest import rows
from tests.meetings.conftest import COMMITTEE, Office, opened
from tests.releases import publish
from tests.scopes import SYSTEM
from tests.serving import serving

pytestmark = pytest.mark.browser
FIRST, SECOND = "ตั้งจุดรับแจ้งเหตุผู้สูงอายุทุกหมู่บ้าน", "เปิดตลาดนัดอาชีพระดับจังหวัด"
STOPS = (
    ("99", "", ("map", "figures"), "ภาพรวมของจังหวัด"),
    ("9901", "P08.01", ("map", "mind_map", "figures"), "ผู้แทนอำเภอรายงานความก้าวหน้า"),
    ("99", "P02", ("map", "mind_map", "figures"), ""),
    ("9902", "P01", ("map", "mind_map", "figures"), ""),
)
WIDE = (1920, 1080)


@pytest.fixture(scope="module")
def office(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office of its own: the story changes its plans."""
    with opened(server, tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    """Address of the application on a real server."""
    with serving(office.app) as given:
        yield given


def signed(page: Page, office: Office, address: str, who: str = "head") -> Page:
    """Give a browser somebody's session."""
    with transaction(office.app.state.engine, SYSTEM) as session:
        account = session.execute(
            text("SELECT id FROM account WHERE login = :login"), {"login": f"{who}-one"}
        ).scalar_one()
        token = start_session(session, account, "full", "browser")
    told = {"name": COOKIE, "value": token, "url": address.replace("http:", "https:"), "secure": True}
    page.context.add_cookies([told])  # type: ignore[list-item]
    return page


def keep(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep a picture, small: few colours, at most 1000 pixels wide."""
    folder = os.environ.get("SOCIALMAP_PICTURES")
    if not folder:
        return
    from PIL import Image

    with Image.open(io.BytesIO(page.screenshot(full_page=whole))) as taken:
        width = min(taken.width, 1000)
        small = taken.convert("RGB").resize(
            (width, round(taken.height * width / taken.width)), Image.Resampling.LANCZOS
        )
        small.quantize(256).save(Path(folder) / f"meeting-{name}.png", optimize=True)


def sound(page: Page, width: int = 1360) -> None:
    """Fail where a page is wider than its window, or axe finds something serious."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if AXE.is_file():
        assert serious(page) == []


def brought_in(page: Page, office: Office, address: str, folder: Path) -> None:
    """Bring a small file in by its page, and publish what it changed."""
    file = folder / "เรื่องเดือนพฤศจิกายน.csv"
    file.write_text(rows(45), "utf-8-sig")
    page.goto(f"{address}/imports")
    page.set_input_files("#file", file)
    page.click("button.main")
    page.wait_for_url("**/imports/files/*")
    page.click("button.main:has-text('ตรวจและดูตัวอย่าง')")
    page.wait_for_url("**/preview")
    keep(page, "1-import")
    page.click("button.main:has-text('บันทึกเข้าระบบ')")
    page.wait_for_url("**/imports/runs/*")
    with transaction(office.app.state.engine, SYSTEM) as session:
        assert publish(session) is not None


def prepared(page: Page, address: str, day: date) -> str:
    """Fill in the form of a new meeting; return its address."""
    page.goto(f"{address}/meetings")
    page.fill("#committee", COMMITTEE)
    page.fill("#held_on", f"{day.day}/{day.month}/{day.year + BE}")
    page.fill("#place", "ห้องประชุมศาลากลางจังหวัด")
    page.select_option("#area", "99")
    page.click("button:has-text('เตรียมการประชุม')")
    page.wait_for_url(re.compile(r"/meetings/[0-9a-f-]{36}$"))
    return page.url


def with_agenda(page: Page, at: str) -> None:
    """Add the four stops, and put the last one before its neighbour and back."""
    for area, problem, shows, note in STOPS:
        if not page.locator("#area-new").is_visible():
            page.click("summary:has-text('เพิ่มจุดนำเสนอ')")
        page.select_option("#area-new", area)
        page.select_option("#problem-new", problem)
        page.fill("#year-new", "2569")
        for one in ("map", "mind_map", "figures"):
            page.set_checked(f"details:has(#area-new) input[value={one}]", one in shows)
        page.fill("#note-new", note)
        page.click("button.main:has-text('เพิ่มจุดนำเสนอ')")
        page.wait_for_url("**?said=saved")
    third = page.locator(".agenda > li").nth(2)
    expect(third).to_contain_text("ที่อยู่อาศัย")
    third.get_by_role("button", name="เลื่อนขึ้น").click()
    expect(page.locator(".agenda > li").nth(1)).to_contain_text("ที่อยู่อาศัย")
    page.locator(".agenda > li").nth(1).get_by_role("button", name="เลื่อนลง").click()
    expect(page.locator(".agenda > li").nth(2)).to_contain_text("ที่อยู่อาศัย")
    page.goto(at)


def stepped_through(page: Page, file: Path, name: str = "") -> list[str]:
    """Open the file and go through all steps by the arrow key; return the steps' ids."""
    page.goto(file.as_uri())
    seen = []
    total = page.locator(".step").count()
    for _ in range(total):
        shown = page.locator(".step:not([hidden])")
        expect(shown).to_have_count(1)
        seen.append(str(shown.get_attribute("id")))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), seen[-1]
        if name and seen[-1] in ("opening", "s2-map", "s2-mind-map", "s2-activities", "s2-figures"):
            keep(page, f"{name}-{seen[-1]}")
        page.keyboard.press("ArrowRight")
    return seen


def resolved(page: Page, kind: str, words: str, area: str, choice: int, stop: int, **facts: str) -> None:
    """Fill in the form of a resolution; `choice` counts what may be chosen of the area's plan."""
    page.fill("#text", words)
    page.check(f"input[name=kind][value={kind}]")
    page.select_option("#stop", index=stop)
    option = page.locator(f"#target optgroup[label^='{area}'] option").nth(choice)
    page.select_option("#target", option.get_attribute("value"))
    for name, value in facts.items():
        page.fill(f"#{name}", value)
    if words == FIRST:
        keep(page, "4-resolve", whole=True)
    page.click("button.main:has-text('บันทึกมติ')")
    page.wait_for_url("**?said=resolved")


def measured(office: Office, at: str) -> None:
    """Give the first resolution's activity an indicator, as its team does in the plan's draft."""
    client = office.clients["head"]
    meeting = client.get(f"/api/v1/meetings/{at.rpartition('/')[2]}").json()
    one = meeting["resolutions"][0]
    plan = client.get(f"/api/v1/plans/{one['plan']}").json()
    (part,) = [each for each in plan["parts"] if each["id"] == one["part"]]
    assert (part["kind"], part["fields"]["text"], part["fields"]["lead"]) == ("activity", FIRST, "อบต.")
    fields = {"text": "หมู่บ้านที่มีจุดรับแจ้ง", "unit": "หมู่บ้าน", "target": "12"}
    asked = {"id": str(uuid4()), "action": "add", "base": plan["number"], "kind": "indicator", "parent": part["id"]}
    sent = {"operations": [asked | {"fields": fields}]}
    answer = client.post(f"/api/v1/plans/{plan['id']}/changes", json=sent)
    assert answer.json()["results"][0]["state"] == "done", answer.text


def seen_on_the_map(page: Page, address: str) -> None:
    """The activities stand in the panel of the map, for the district and for the province, and in the plan's table."""
    for code, words in (("9901", FIRST), ("99", SECOND)):
        page.goto(f"{address}/maps/99?period=fy2569#{code}")
        page.wait_for_selector("body.ready")
        expect(page.locator("#panel .activities")).to_contain_text(words[:12])
        page.wait_for_function(
            "words => document.querySelector('#panel').textContent.replaceAll('\u200b','').includes(words)", arg=words
        )
        if code == "9901":
            page.locator("#panel .activities").scroll_into_view_if_needed()
            keep(page, "6-map")
        page.goto("about:blank")


def minuted(page: Page, folder: Path) -> None:
    """The minutes hold the five items, what was resolved, and the stops' figures."""
    with page.expect_download() as taken:
        page.click("text=ร่างรายงานการประชุม")
    file = folder / "minutes.docx"
    taken.value.save_as(file)
    with zipfile.ZipFile(file) as opened:
        words = re.sub(r"<[^>]+>", "", opened.read("word/document.xml").decode())
    places = [words.index(f"ระเบียบวาระที่ {number}") for number in range(1, 6)]
    assert places == sorted(places)
    assert places[3] < words.index(FIRST) < words.index(SECOND) < places[4]
    assert "เรื่อง" in words


def test_a_whole_meeting(office: Office, address: str, new_page: NewPage, tmp_path: Path) -> None:  # noqa: F811
    today = date.today()
    page = signed(new_page(allow=(address,), bypass_csp=True), office, address)
    brought_in(page, office, address, tmp_path)
    at = prepared(page, address, today)
    with_agenda(page, at)
    sound(page)
    keep(page, "2-agenda", whole=True)
    page.set_viewport_size({"width": 390, "height": 844})
    sound(page, 390)
    page.set_viewport_size({"width": 1360, "height": 860})
    page.click("button:has-text('เริ่มการประชุม')")
    page.wait_for_url("**?said=state")

    # Served, with its own policy of content: what that forbids would be an error of the console.
    played = signed(new_page(*WIDE, allow=(address,)), office, address)
    played.goto(f"{at}/play")
    played.keyboard.press("End")
    expect(played.locator(".where")).to_contain_text("ขั้นที่ 14 จาก 14")
    played.close()
    for step in ("s1-map", "s2-mind-map", "s2-activities", "s2-figures"):
        page.goto(f"{at}/play#{step}")
        page.reload()
        expect(page.locator(f"#{step}")).to_be_visible()
        sound(page)
    page.goto(at)

    with page.expect_download() as taken:
        page.click("text=แฟ้มเดียว ไม่ต้องต่อเครือข่าย")
    file = tmp_path / "briefing.html"
    taken.value.save_as(file)
    assert file.stat().st_size < 2_500_000
    wide = new_page(*WIDE, offline=True)
    asked: list[str] = []
    wide.on("request", lambda request: asked.append(request.url))
    steps = stepped_through(wide, file, "3")
    assert [one for one in steps if one.endswith("-map") and "mind" not in one] == [f"s{n}-map" for n in (1, 2, 3, 4)]
    assert steps[:2] == ["opening", "s1-map"]
    assert [one for one in asked if not one.startswith(("file:", "data:"))] == []
    assert [one for one in asked if one.startswith("file:")] == [file.as_uri()]
    wide.keyboard.press("Home")
    wide.locator(".points a").nth(3).click()
    expect(wide.locator("#s4-map")).to_be_visible()
    wide.click("text=ก่อนหน้า")
    expect(wide.locator("#s3-figures")).to_be_visible()
    phone = new_page(390, 844, offline=True, has_touch=True)
    assert stepped_through(phone, file) == steps

    due = f"31/3/{today.year + BE + 1}"
    page.goto(at)
    resolved(page, "activity", FIRST, "อำเภอ", 0, 2, lead="อบต.", due_on=due)
    resolved(page, "activity", SECOND, "จังหวัด", 1, 3, lead="พมจ.", due_on=due)
    measured(office, at)
    resolved(page, "approve", "เห็นชอบแผนฉบับแก้ไข", "อำเภอ", 0, 2)
    expect(page.locator(".resolution h3").nth(2)).to_contain_text(f"3/{today.year + BE}")
    keep(page, "5-resolutions", whole=True)
    minuted(page, tmp_path)
    seen_on_the_map(page, address)

    page.goto(at)
    page.click("button:has-text('ปิดการประชุม')")
    page.wait_for_url("**?said=state")
    following = prepared(page, address, today)
    told = page.locator("section:has(#follow-ups)")
    expect(told.locator(".resolution")).to_have_count(3)
    expect(told).to_contain_text("กิจกรรมตามแผน (แผนอนุมัติแล้ว")
    expect(told).to_contain_text(SECOND)
    sound(page)
    keep(page, "7-follow-ups", whole=True)
    with_agenda(page, following)
    page.click("button:has-text('เริ่มการประชุม')")
    page.wait_for_url("**?said=state")
    second = page.locator("article.resolution", has_text=SECOND)
    second.locator("input[name=words]").fill("จัดแล้วหนึ่งครั้ง ผู้ร่วม 120 คน")
    second.get_by_role("button", name="ปิดมติ").click()
    page.wait_for_url("**?said=closed")
    expect(page.locator("article.resolution", has_text=SECOND)).to_contain_text("ปิดแล้ว: จัดแล้วหนึ่งครั้ง ผู้ร่วม 120 คน")
