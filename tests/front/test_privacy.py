"""The page about privacy says what the code does: roles, thresholds, published tables, periods."""

import re
from typing import get_args

import pytest
from fastapi.testclient import TestClient

from api.audit import Action
from api.auth.cookies import COOKIE
from api.auth.permissions import AUDIENCES, PERMISSIONS, needs_second_factor
from api.auth.sessions import ABSOLUTE, IDLE
from api.front import privacy as told
from api.settings import Settings
from boundaries.messages import text
from layers import taxonomy
from layers.labels import BELOW, ROUND_TO
from layers.points import FARTHEST_M, NEAREST_M
from layers.published import published
from layers.retention import Period, load_periods
from tests.front.conftest import client_of
from tests.front.test_front import get


def squeezed(words: str) -> str:
    """Return a text without any space, for lines may be broken anywhere."""
    return re.sub(r"\s+", "", words)


@pytest.fixture(scope="module")
def shown(public: TestClient) -> str:
    """The text of the page."""
    return squeezed(get(public, "/privacy").text)


def test_thai_comes_first_and_english_second(public: TestClient) -> None:
    page = get(public, "/privacy")
    assert page.all("html")[0]["lang"] == "th"
    assert [one.get("id") for one in page.all("div") if one.get("lang") == "en"] == ["english"]
    shown = squeezed(page.text)
    assert shown.index("ใครเห็นอะไร") < shown.index(squeezed("Who sees what"))


@pytest.mark.parametrize("role", PERMISSIONS)
def test_every_role_is_told_with_what_it_sees(public: TestClient, role: str) -> None:
    rows = [one for one in get(public, "/privacy").all("tr") if one.get("data-role") == role]
    assert len(rows) == 2  # in Thai and in English
    row, audience, may = told.seen(role), AUDIENCES[role], PERMISSIONS[role]
    assert (row.cases is not None) == bool(may & {"case.read", "case.read_own"})
    assert (row.secret is not None) == bool(may & {"case.read_team", "case.read_own"})
    assert (row.identity is not None) == bool(may & {"identity.read", "referral.answer"})
    assert (row.points is not None) == (role == "partner" or row.cases is not None)
    assert row.factor == needs_second_factor(role)
    numbers = [int(one) for one in re.findall(r"\d+", row.figures.th)]
    assert numbers == ([] if audience == "internal" else [BELOW[audience], ROUND_TO])


def test_thresholds_and_published_tables_are_those_in_force(shown: str) -> None:
    for audience, below in BELOW.items():
        name = text(f"audience.{audience}").th
        assert squeezed(f"{name}: จำนวนต่ำกว่า {below} ปกปิด จำนวนอื่นปัดเป็นทวีคูณของ {ROUND_TO}") in shown
    for one in published():
        level, by = text(f"level.{one.level}").th, text(f"privacy.by.{one.by}").th
        assert squeezed(f"ราย{level} × {by} × ปีงบประมาณ") in shown
    assert shown.count(squeezed("× fiscal year")) == len(published())
    for code in taxonomy.secret_categories():
        assert squeezed(taxonomy.get_problem(code).th) in shown
    assert squeezed(f"{NEAREST_M:.0f}–{FARTHEST_M:,.0f} เมตร") in shown


def test_everything_that_is_recorded_is_named(shown: str) -> None:
    for action in get_args(Action):
        words = text(f"privacy.audit.{action}")
        assert squeezed(words.th) in shown
        assert squeezed(words.en) in shown


def test_periods_are_those_of_the_file_and_unconfirmed_ones_are_called_so(shown: str) -> None:
    periods = load_periods()
    assert squeezed(f"หลังยุติเรื่อง {periods['default'].years} ปี") in shown
    unconfirmed = any(one.confirmed is None for one in periods.values())
    assert (squeezed("ยังไม่มีนักกฎหมายของหน่วยงานยืนยัน") in shown) == unconfirmed


def test_a_problem_with_a_period_of_its_own_is_named() -> None:
    said = told._retention({"default": Period(10, None), "P01": Period(10, None), "P04": Period(20, "นิติกร")})
    assert len(said) == 2
    assert said[1].th == f"{taxonomy.get_problem('P04').th}: 20 ปี"


def test_what_cookies_do_is_true(public: TestClient, shown: str) -> None:
    assert "set-cookie" not in public.get("/privacy").headers
    assert COOKIE in shown
    assert squeezed(f"{IDLE.total_seconds() / 60:.0f} นาที หรือครบ {ABSOLUTE.total_seconds() / 3600:.0f} ชั่วโมง") in shown


def test_what_is_not_protected_is_said(shown: str) -> None:
    for words in ("superuser", "เครื่องแม่ข่ายที่ถูกยึด", "สำเนาสำรอง", "ถ่ายภาพ", "กุญแจของโปรแกรม"):
        assert words in shown


def test_the_page_says_what_strangers_see_here(public: TestClient, settings: Settings) -> None:
    from api.app import create_app

    assert squeezed("ผู้ที่ไม่ได้เข้าใช้ระบบเห็นตัวเลขสาธารณะ") in squeezed(get(public, "/privacy").text)
    made = create_app(settings)
    assert squeezed("เห็นตัวเลขสำหรับคณะกรรมการ") in squeezed(get(client_of(made), "/privacy").text)
    made.state.engine.dispose()


def test_who_may_erase_and_read_what_is_restricted_is_named(shown: str) -> None:
    for permission, key in (("identity.erase", "erase"), ("identity.read_restricted", "restricted")):
        holders = [text(f"role.{role}").th for role in PERMISSIONS if permission in PERMISSIONS[role]]
        assert squeezed(text(f"privacy.sealed.{key}", roles=", ".join(holders)).th) in shown
        assert holders
