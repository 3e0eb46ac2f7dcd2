"""Areas in doubt: both places shown, one chosen, figures following, what was there before brought back."""

from typing import Any

import pytest
from sqlalchemy import text

from api.database import transaction
from layers.retention import remove_point
from layers.rollups import check
from tests.desk.conftest import LAT, LON, Office
from tests.scopes import SYSTEM


def counted(office: Office) -> dict[str, int]:
    """Return the cases of each district as figures read them, and see that they agree with the cases."""
    with transaction(office.app.state.engine, SYSTEM) as session:
        assert check(session) == []
        asked = (
            "SELECT area_code, sum(cases) AS cases FROM case_count WHERE level = 'district' AND grain = 'month'"
            " GROUP BY 1 HAVING sum(cases) <> 0"
        )
        return {row.area_code: int(row.cases) for row in session.execute(text(asked))}


def place_of(office: Office, case: Any) -> tuple[Any, ...]:
    row = office.row(case)
    return row.area_match, row.district_code, row.stated_code, row.lat is not None


@pytest.fixture
def conflict(office: Office) -> Any:
    """A case whose point lies in 990101 and that is stated to be in 990201."""
    return office.case(code="990201", lat=LAT, lon=LON)


def test_the_points_area_is_chosen_and_brought_back(office: Office, conflict: Any) -> None:
    client = office.clients["officer"]
    page = client.get("/desk/areas").text
    assert all(words in page for words in ("ตามพิกัด", "ตามที่ระบุ", str(conflict)))
    before = place_of(office, conflict)
    assert before == ("conflict", "9901", "990201", True)
    answer = client.post(f"/desk/areas/{conflict}", data={"choice": "point", "within": "99"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/areas?area=99&said=area")
    assert place_of(office, conflict) == ("inside", "9901", "990101", True)
    assert str(conflict) not in client.get("/desk/areas").text
    assert client.post(f"/desk/cases/{conflict}/area", data={"do": "back"}).status_code == 303
    assert place_of(office, conflict) == before
    told = [entry for entry in office.audited(conflict) if entry[0] == "area_choice"]
    assert [entry[3] for entry in told] == [{"change": "point", "area": "990101"}, {"change": "back"}]
    assert counted(office) == {"9901": 1}


def test_the_stated_area_is_chosen_without_the_point_and_figures_follow(office: Office, conflict: Any) -> None:
    client = office.clients["officer"]
    assert counted(office) == {"9901": 1}
    assert client.post(f"/desk/cases/{conflict}/area", data={"choice": "stated"}).status_code == 303
    assert place_of(office, conflict) == ("stated", "9902", "990201", False)
    assert counted(office) == {"9902": 1}
    assert client.post(f"/desk/cases/{conflict}/area", data={"do": "back"}).status_code == 303
    assert place_of(office, conflict) == ("conflict", "9901", "990201", True)
    assert abs(office.row(conflict).lat - LAT) < 1e-9
    assert counted(office) == {"9901": 1}
    assert client.post(f"/desk/cases/{conflict}/area", data={"do": "back"}).status_code == 409


def test_what_lies_outside_is_confirmed_or_gets_an_area(office: Office) -> None:
    client = office.clients["officer"]
    kept, moved = (office.case(code="9901", lat=9.0, lon=99.0) for _ in range(2))
    assert place_of(office, kept) == ("outside", "9901", "9901", True)
    assert client.post(f"/desk/areas/{kept}", data={"choice": "kept"}).status_code == 303
    assert client.post(f"/desk/areas/{moved}", data={"choice": "area", "area": "990301"}).status_code == 303
    assert place_of(office, moved) == ("outside", "9903", "990301", True)
    page = client.get("/desk/areas").text
    assert str(kept) not in page
    assert str(moved) not in page
    # What changes later is in doubt again.
    with transaction(office.app.state.engine, SYSTEM) as session:
        session.execute(text('UPDATE "case" SET stated_code = NULL WHERE id = :id'), {"id": kept})
    assert str(kept) in client.get("/desk/areas").text


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"choice": "kept"}, 409),
        ({"choice": "area", "area": "990301"}, 409),
        ({"choice": "elsewhere"}, 400),
        ({}, 400),
    ],
)
def test_what_cannot_be_chosen_is_refused_and_changes_nothing(
    office: Office, conflict: Any, given: dict[str, str], status: int
) -> None:
    before = place_of(office, conflict)
    for path in (f"/desk/areas/{conflict}", f"/desk/cases/{conflict}/area"):
        answer = office.clients["officer"].post(path, data=given)
        assert answer.status_code == status, answer.text
        assert 'role="alert"' in answer.text
    assert place_of(office, conflict) == before
    assert counted(office) == {"9901": 1}


@pytest.mark.parametrize("area", ["77", "980101", "x", "990101; DROP", "9" * 16, ""])
def test_an_area_that_there_is_not_or_that_the_unit_does_not_serve_is_refused(office: Office, area: str) -> None:
    case = office.case(code="9901", lat=9.0, lon=99.0)
    answer = office.clients["officer"].post(f"/desk/areas/{case}", data={"choice": "area", "area": area})
    assert 400 <= answer.status_code < 500, answer.text
    assert place_of(office, case) == ("outside", "9901", "9901", True)


def test_only_who_may_change_a_case_chooses_its_area(office: Office, conflict: Any) -> None:
    before = place_of(office, conflict)
    for who, status in (("far", 404), ("district", 404), ("lao", 403), ("oversight", 403), ("volunteer", 403)):
        for path in (f"/desk/areas/{conflict}", f"/desk/cases/{conflict}/area"):
            assert office.clients[who].post(path, data={"choice": "point"}).status_code == status, who
    assert place_of(office, conflict) == before


def test_a_point_that_is_taken_away_for_good_is_kept_nowhere(office: Office, conflict: Any) -> None:
    """Not with what was chosen either."""
    office.clients["officer"].post(f"/desk/cases/{conflict}/area", data={"choice": "stated"})
    with transaction(office.app.state.engine, SYSTEM) as session:
        assert session.scalar(text("SELECT count(*) FROM area_choice")) == 1
        remove_point(session, conflict)
        assert session.scalar(text("SELECT count(*) FROM area_choice")) == 0
