"""Tables of counts by the page: proposed, previewed by area, written, changed, undone; one's own areas alone."""

import re

import pytest
from sqlalchemy import text

from api.database import transaction
from layers import rollups
from tests.imports_page.conftest import Place, fields
from tests.layers.tallies import LONG, WIDE, WITHOUT_PERIOD
from tests.scopes import SYSTEM


def areas_of(page: str) -> dict[str, int]:
    """Return the number of each area of a preview."""
    found = re.findall(r'<span class="mono">(\d+)</span></span></td><td class="num"[^>]*>([\d,]+)</td>', page)
    return {code: int(count.replace(",", "")) for code, count in found}


def held(place: Place) -> int:
    """Return how many cases all rows stand for, once the rollups say the same as the rows."""
    with transaction(place.app.state.engine, SYSTEM) as session:
        assert rollups.check(session) == []
        return int(session.scalar(text('SELECT coalesce(sum(cases), 0) FROM "case"')) or 0)


def test_a_long_table_is_previewed_written_changed_and_undone(place: Place) -> None:
    client = place.clients["colleague"]
    at = place.sent("colleague", LONG)
    page = client.get(at).text
    assert 'value="cases" selected' in page
    assert 'value="fiscal" selected' in page
    preview = place.checked("colleague", at)
    assert areas_of(preview) == {"9901": 1241, "9902": 3}
    assert "แทน 1,244 เรื่อง" in preview
    run = place.commit("colleague", at).headers["location"].partition("?")[0]
    assert held(place) == 1244
    later = place.brought("colleague", LONG.replace("๓๗", "๓๕"))
    assert held(place) == 1242
    assert client.post(f"{later}/undo", data={"undo": "yes"}).status_code == 303
    assert held(place) == 1244
    assert client.post(f"{run}/undo", data={"undo": "yes"}).status_code == 303
    assert (held(place), place.count()) == (0, 0)


def test_a_wide_table_offers_every_problem_for_its_columns(place: Place) -> None:
    client = place.clients["colleague"]
    at = place.sent("colleague", WIDE.replace("ความยากจน", "คนลำบาก"))
    page = client.get(at).text
    assert 'value="count:P08.02" selected' in page
    given = {**fields(page), "role.2": "count:P01.01", "fixed.counted": "person"}
    assert client.post(f"{at}/columns", data=given).status_code == 303
    assert areas_of(client.get(f"{at}/preview").text) == {"9901": 49, "9902": 8, "9903": 1}
    assert place.commit("colleague", at).status_code == 303
    assert (held(place), place.count(where="counted = 'person'")) == (58, 7)


def test_a_role_of_single_cases_beside_counts_is_refused_with_words(place: Place) -> None:
    client = place.clients["colleague"]
    at = place.sent("colleague", WIDE)
    answer = client.post(f"{at}/columns", data={**fields(client.get(at).text), "role.5": "weight"})
    assert answer.status_code == 400
    assert "น้ำหนัก (weight)" in answer.text


def test_a_table_without_a_period_asks_for_one(place: Place) -> None:
    client = place.clients["colleague"]
    at = place.sent("colleague", WITHOUT_PERIOD)
    page = client.get(at).text
    assert "วันที่รับแจ้ง" in page[page.index('class="told wrong"') :][:400]
    answer = client.post(f"{at}/columns", data={**fields(page), "period": "ปีงบประมาณ 2568"})
    assert answer.status_code == 303
    assert place.commit("colleague", at).status_code == 303
    assert place.count(where="date_precision = 'fiscal'") == 4


@pytest.mark.parametrize("who", ["officer", "far"])
def test_rows_of_other_areas_are_refused(place: Place, who: str) -> None:
    at = place.sent(who, LONG)
    preview = place.checked(who, at)
    assert areas_of(preview) == ({"9901": 1241} if who == "officer" else {})


def test_staff_of_another_province_read_neither_the_rows_nor_their_numbers(place: Place) -> None:
    place.brought("colleague", LONG)
    unit = "UPDATE \"case\" SET unit_id = (SELECT id FROM unit WHERE key = 'office-99')"
    with transaction(place.app.state.engine, SYSTEM) as session:
        session.execute(text(unit))
    asked = {
        "layer": "cases",
        "level": "district",
        "within": "99",
        "problem": "P01",
        "period": "fy2568",
        "measure": "count",
    }
    own, other = place.clients["colleague"], place.clients["far"]
    lines = own.get("/api/v1/cases", params={"within": "99"}).json()["cases"]
    assert sorted(one["cases"] for one in lines) == [0, 3, 37, 1204]
    assert own.get(f"/api/v1/cases/{lines[0]['id']}").json()["date_precision"] == "fiscal"
    assert [one["cases"] for one in own.get("/api/v1/figures", params=asked).json()["rows"]] == [1241, 3, 0]
    assert other.get("/api/v1/cases", params={"within": "99"}).json()["cases"] == []
    assert other.get(f"/api/v1/cases/{lines[0]['id']}").status_code == 404
    seen = other.get("/api/v1/figures", params=asked).json()
    assert [one.get("cases") for one in seen["rows"]] == [None, None, None]
    assert "1241" not in str(seen)
