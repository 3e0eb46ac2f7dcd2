"""The front page as it is sent: for anybody, with nothing loaded, and with texts that are meant to do harm."""

import re
from datetime import date
from html.parser import HTMLParser
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.database import transaction
from api.dependencies import get_scope
from api.front.content import newest_values
from boundaries.messages import Text
from layers.indicators import ObservationValues, save_observations
from layers.scope import Scope
from layers.sources import save_source
from layers.taxonomy import indicator_kinds
from tests.api.content import SCRIPT
from tests.front.conftest import client_of
from tests.scopes import SYSTEM

SOURCE = Text("แหล่งสมมติ", "invented source")


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of a name."""
        return [attributes for name, attributes in self.elements if name == tag]


def get(client: TestClient, path: str = "/", status: int = 200) -> Page:
    """Read a page."""
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return Page(answer.text)


def test_anybody_finds_help_map_table_and_the_ways_on(public: TestClient) -> None:
    page = get(public)
    assert page.all("html")[0]["lang"] == "th"
    links = [link["href"] for link in page.all("a")]
    for href in ("tel:1300", "tel:1479", "/maps/TH", "/ogc?f=html", "/privacy", "/signin"):
        assert href in links
    for words in ("1300", "ศูนย์ช่วยเหลือสังคม", "1479", "สายด่วนคนพิการ", "แผนที่ปัญหาสังคม (ตัวเลขที่เผยแพร่)"):
        assert words in page.text
    assert page.text.index("1300") < page.text.index("ร้อยละผู้สูงอายุ รายจังหวัด")


def test_the_first_layer_is_open_and_no_case_shows(public: TestClient) -> None:
    """No problem, least of all violence, and no count of cases stands on the front page."""
    page = get(public)
    assert "ร้อยละผู้สูงอายุ" in page.text
    for word in ("ความรุนแรง", "P04", "เรื่องที่ได้รับแจ้ง", "กรณี"):
        assert word not in page.text


def test_map_and_table_say_the_same(public: TestClient) -> None:
    """Each province is a link with its value as its name; the table has a row for it, with its head."""
    page = get(public)
    areas = [one for one in page.all("a") if (one.get("aria-label") or "").startswith("จังหวัดสมมติบุรี")]
    assert [one["href"] for one in areas] == ["/maps/99"]
    said = re.search(r"ร้อยละ ([0-9.]+)$", str(areas[0]["aria-label"]))
    assert said
    assert page.text.count(said[1]) >= 2
    heads = [one.get("scope") for one in page.all("th")]
    assert heads.count("row") == 2  # the province and the country
    assert heads.count("col") == 3
    assert page.all("caption")


def test_the_source_of_the_figures_is_named(public: TestClient) -> None:
    page = get(public)
    for words in ("ตัวอย่างสมมติ", "ค่า ณ", "แหล่งข้อมูล:", "ข้อมูล ณ 30 ก.ย. 2569", "ไม่ระบุสัญญาอนุญาต", "เขตการปกครอง"):
        assert words in page.text


def test_other_open_indicators_can_be_chosen(public: TestClient) -> None:
    """Counts stand on the map as circles, as on all maps."""
    page = get(public)
    chosen = [link["href"] for link in page.all("a") if str(link["href"]).startswith("/?indicator=")]
    assert chosen[0] == "/?indicator=elderly_share"
    assert "/?indicator=population" in chosen
    for href in chosen:
        get(public, str(href))
    page = get(public, "/?indicator=population")
    assert "ประชากร รายจังหวัด" in page.text
    assert "พื้นที่วงกลมตามจำนวน" in page.text
    assert page.all("circle")


@pytest.mark.parametrize(
    "path", ["/?indicator=P04", "/?indicator=%3Cscript%3E", "/?nothing=1", "/?indicator=" + "x" * 300]
)
def test_what_is_no_indicator_is_told_as_a_page(public: TestClient, path: str) -> None:
    page = get(public, path, 400)
    assert page.all("html")[0]["lang"] == "th"
    assert not page.all("script")


def test_no_script_no_cookie_nothing_from_elsewhere(public: TestClient) -> None:
    for path in ("/", "/?indicator=population"):
        answer = public.get(path)
        page = Page(answer.text)
        assert "set-cookie" not in answer.headers
        assert "script-src" not in answer.headers["content-security-policy"]
        assert not page.all("script")
        addresses = [one.get("href") or one.get("src") for _, one in page.elements if one.get("href") or one.get("src")]
        assert all(re.match(r"(/|#|tel:)", str(one)) and not str(one).startswith("//") for one in addresses)
        assert not [one for _, one in page.elements if "style" in one or any(name.startswith("on") for name in one)]


def test_hostile_texts_come_out_as_text(public: TestClient) -> None:
    """Sources and boundaries of this database carry a script in their names."""
    answer = public.get("/")
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    plain = re.sub(r"\s", "", Page(answer.text).text)
    assert plain.count(re.sub(r"\s", "", SCRIPT)) >= 2


def test_assets_are_counts_and_never_places(public: TestClient) -> None:
    page = get(public)
    assert "คลินิกและสถานีอนามัย" in page.text
    assert "แหล่งข้อมูล: ทุนสมมติ" in page.text
    assert "02-000-0000" not in page.text


def test_nothing_loaded_is_said_plainly(bare_app: FastAPI) -> None:
    page = get(client_of(bare_app))
    assert "ยังไม่มีเส้นเขตการปกครอง" in page.text
    assert "ยังไม่มีรายการทุนทางสังคม" in page.text
    assert not page.all("table")
    assert "1300" in page.text


def test_boundaries_without_values_are_said_plainly(quiet_app: FastAPI) -> None:
    """The map is there and every province says that there is nothing; no value is made up."""
    page = get(client_of(quiet_app))
    assert "ยังไม่มีค่าของตัวชี้วัดนี้" in page.text
    areas = [one for one in page.all("a") if (one.get("aria-label") or "").startswith("จังหวัดสมมติบุรี")]
    assert str(areas[0]["aria-label"]).endswith("ไม่มีข้อมูล")
    assert not [link for link in page.all("a") if str(link["href"]).startswith("/?indicator=")]


def test_the_newest_year_with_values_is_shown(quiet_app: FastAPI) -> None:
    """Not the present year when nobody has measured it yet, and not one long ago."""
    engine, kind = quiet_app.state.engine, indicator_kinds()["population"]
    with transaction(engine, SYSTEM) as session:
        source = save_source(session, "test.years", SOURCE, date(2026, 1, 1))
        for year, value in ((2021, 10.0), (2023, 30.0)):
            day = date(year, 1, 1), date(year, 12, 31)
            save_observations(session, source, [ObservationValues("population", "province", "99", *day, value)])
        newest = newest_values(session, Scope.public(), kind, date(2026, 11, 22))
        assert newest.get("99").value == 30.0
        later = newest_values(session, Scope.public(), kind, date(2040, 1, 1))
        assert later.get("99").value is None
        session.rollback()


def test_whoever_is_signed_in_is_led_to_the_account(public: TestClient, public_app: FastAPI) -> None:
    """The figures are the same: they are open."""
    before = get(public)
    public_app.dependency_overrides[get_scope] = lambda: Scope("officer", "internal", actor_id=UUID(int=7))
    try:
        page = get(public)
    finally:
        public_app.dependency_overrides.clear()
    links = [link["href"] for link in page.all("a")]
    assert "/account" in links
    assert "/signin" not in links
    said = [link.get("aria-label") for link in page.all("a") if link.get("aria-label")]
    assert said == [link.get("aria-label") for link in before.all("a") if link.get("aria-label")]
