"""Cases without any place, which a file brought: the office of the whole country sees them and finds their place."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from api.auth.units import create_unit
from api.database import transaction
from layers.scope import Scope
from tests.access.world import make_person, new_client
from tests.auth.conftest import signed_in
from tests.desk.conftest import LAT, LON, Office
from tests.desk.test_areas import counted
from tests.desk.test_work import work
from tests.scopes import SYSTEM

FAR = {"lat": 0.5, "lon": 90.0}


@pytest.fixture(scope="module")
def country(place: Office) -> dict[str, TestClient]:
    """People of the office of the whole country: an officer, and one whose own areas are narrower."""
    with transaction(place.app.state.engine, SYSTEM) as session:
        place.units["country"] = create_unit(session, "country", "office", "กรมสมมติ", "Invented department", ["TH"])
    clients = {}
    for who, areas in (("country", ()), ("narrow", ("99",))):
        person = make_person(place.app, f"{who}-one", "officer", ("country",), areas)
        clients[who] = new_client(place.app)
        clients[who].headers["X-CSRF-Token"] = signed_in(clients[who], person)
    return clients


@pytest.fixture
def desk(office: Office, country: dict[str, TestClient]) -> Iterator[Office]:
    """The office with the people of the country's."""
    office.clients.update(country)
    yield office
    for who in country:
        del office.clients[who]


def sees(desk: Office, case: UUID) -> set[str]:
    """Return who finds a case in their queue."""
    return {who for who, client in desk.clients.items() if str(case) in client.get("/desk").text}


def unplaced(desk: Office, **more: Any) -> UUID:
    case = desk.case(code="", unit=None, **FAR, **more)
    row = desk.row(case)
    assert (row.province_code, row.area_match, row.unit_id) == ("00", "outside", None)
    return case


def test_whoever_serves_the_country_alone_sees_a_case_without_a_place(desk: Office) -> None:
    case, secret, nobodys = unplaced(desk), unplaced(desk, problem="P04.01"), desk.case(unit=None)
    assert sees(desk, case) == {"country"}
    assert sees(desk, secret) == set()
    assert sees(desk, nobodys) == set(), "a case that has a place is its office's to be given"
    page = desk.clients["country"].get("/desk/areas").text
    assert str(case) in page
    assert "0.50000, 90.00000" in page
    assert str(secret) not in page
    assert desk.clients["country"].get(f"/desk/cases/{case}").status_code == 200
    for who in desk.clients.keys() - {"country"}:
        assert str(case) not in desk.clients[who].get("/desk/areas").text, who
        assert desk.clients[who].get(f"/desk/cases/{case}").status_code in (403, 404), who
        refused = desk.clients[who].put(f"/api/v1/cases/{case}/area", json={"choice": "area", "area": "99"})
        assert refused.status_code in (403, 404), who
        assert work(desk, who, case, "step", to=20).status_code in (403, 404), who
    assert desk.row(case).status == 10


def test_its_place_is_chosen_and_it_goes_to_the_office_there(desk: Office) -> None:
    case = unplaced(desk)
    assert counted(desk) == {"00": 1}
    country = desk.clients["country"]
    done = country.post(f"/desk/areas/{case}", data={"choice": "area", "area": "9901", "within": "TH"})
    assert (done.status_code, done.headers["location"]) == (303, "/desk/areas?area=TH&said=area")
    row = desk.row(case)
    assert (row.district_code, row.unit_id) == ("9901", desk.units["office-99"])
    assert counted(desk) == {"9901": 1}
    assert sees(desk, case) == {"officer", "team", "head"}
    assert [entry[3] for entry in desk.audited(case) if entry[0] == "area_choice"] == [
        {"change": "area", "area": "9901"}
    ]
    # What was wrong is taken back by who sees it now, and is the country's again.
    assert desk.clients["officer"].delete(f"/api/v1/cases/{case}/area").status_code == 200
    assert desk.row(case).unit_id is None
    assert sees(desk, case) == {"country"}
    assert counted(desk) == {"00": 1}


def test_it_is_worked_on_where_it_is(desk: Office) -> None:
    case = unplaced(desk)
    assert work(desk, "country", case, "step", to=91, step_note="สายก่อกวน").status_code == 303
    assert desk.row(case).status == 91
    placed = unplaced(desk)
    for area, status in (("77", 400), ("", 409), ("00", 400), ("TH", 400)):
        answer = desk.clients["country"].put(
            f"/api/v1/cases/{placed}/area", json={"choice": "area", "area": area or None}
        )
        assert answer.status_code in (status, 404, 400), (area, answer.text)
    assert desk.clients["country"].put(f"/api/v1/cases/{placed}/area", json={"choice": "kept"}).status_code == 200
    assert str(placed) not in desk.clients["country"].get("/desk/areas").text
    assert sees(desk, placed) == {"country"}


def test_a_case_may_not_be_moved_out_of_all_places(desk: Office) -> None:
    """The further rules of the table let nobody make a case unplaced, or write one of a place."""
    from sqlalchemy import text
    from sqlalchemy.exc import ProgrammingError

    placed, free = desk.case(lat=LAT, lon=LON), unplaced(desk)
    may = frozenset({"case.read", "case.write"})
    country = Scope("officer", "internal", None, units=frozenset({desk.units["country"]}), permissions=may)
    hurry, give = (text(f'UPDATE "case" SET {one} WHERE id = :id') for one in ("urgency = 'U4'", "unit_id = :unit"))
    engine = desk.app.state.engine
    with transaction(engine, country) as session:
        assert session.execute(hurry, {"id": placed}).rowcount == 0
        assert session.execute(hurry, {"id": free}).rowcount == 1
    with pytest.raises(ProgrammingError, match="row-level security"), transaction(engine, country) as session:
        session.execute(give, {"unit": desk.units["office-99"], "id": free})
