"""From a phone to a case: enrolment, the key, one sealed envelope, a row, and what the phone is told back."""

from collections.abc import Callable

from fastapi import FastAPI
from sqlalchemy import text

from api.database import transaction
from tests.demo import INSIDE
from tests.field.conftest import Owner
from tests.scopes import SYSTEM


def test_a_sealed_case_becomes_a_row(app: FastAPI, someone: Callable[..., Owner]) -> None:
    owner = someone()
    phone = owner.phone
    lat, lon = INSIDE
    place = {"how": "gps", "lat": lat, "lon": lon, "accuracy_m": 12.5}
    sealed = phone.case(place=place, description="ต้องการความช่วยเหลือสมมติ", person_name="นางสมมติ ไม่มีจริง")
    told = phone.put(sealed)
    assert told.status_code == 201, told.text
    size = len(sealed.sealed)
    assert told.json() == {"state": "kept", "received": size, "total": size, "revoked": False}
    assert phone.put(sealed).status_code == 200
    assert phone.put(sealed).json() == told.json() == phone.state(sealed.id).json()
    with transaction(app.state.engine, SYSTEM) as session:
        row = session.execute(text('SELECT * FROM "case" WHERE id = :id'), {"id": sealed.id}).one()
        assert (row.problem_code, row.status, row.area_match) == ("P08", 10, "inside")
        assert (row.created_by, row.subdistrict_code, row.external_id) == (owner.person.id, "990101", str(sealed.id))
        key = session.execute(text("SELECT key FROM unit WHERE id = :id"), {"id": row.unit_id}).scalar_one()
        assert key == "office-99"
    [line] = [one for one in phone.cases().json()["cases"] if one["id"] == str(sealed.id)]
    assert line["area"] == "990101"
    assert line["seen"]["problem"] == [str(sealed.id)]
    assert line["clashes"] == []
    assert "สมมติ" not in str({**line, "status_title": None})


def test_a_phone_takes_its_areas_along(someone: Callable[..., Owner]) -> None:
    told = someone().phone.areas()
    assert told.status_code == 200, told.text
    areas = told.json()["areas"]
    own = [one for one in areas if "990101".startswith(one["code"])]
    assert [(one["code"], one["level"], one["parent"]) for one in own] == [
        ("99", "province", "TH"),
        ("9901", "district", "99"),
        ("990101", "subdistrict", "9901"),
    ]
    assert all(one["geometry"]["type"] in ("Polygon", "MultiPolygon") for one in own)
