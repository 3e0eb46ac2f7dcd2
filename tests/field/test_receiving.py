"""Envelopes as a network, a thief or a full disk may leave them: none is lost, none is filed twice."""

import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from api.database import transaction
from api.field import receiving
from api.field.filing import FILING
from api.field.receiving import Part, receive
from tests.demo import INSIDE
from tests.field.conftest import Owner
from tests.field.phone import Envelope, content, photo_bytes, seal, uuid7
from tests.scopes import SYSTEM

Someone = Callable[..., Owner]
AWAY = {"how": "area", "stated": "980101"}


def rows(app: FastAPI, sql: str, **params: Any) -> list[Any]:
    with transaction(app.state.engine, SYSTEM) as session:
        return list(session.execute(text(sql), params).all())


def case_of(app: FastAPI, one: UUID) -> Any:
    found = rows(app, 'SELECT * FROM "case" WHERE id = :id', id=one)
    return found[0] if found else None


def envelope_of(app: FastAPI, one: Envelope) -> Any:
    [found] = rows(app, "SELECT * FROM field_envelope WHERE given_id = :id AND sha256 = :sha", id=one.id,
                   sha=bytes.fromhex(one.sha256))  # fmt: skip
    return found


def test_parts_in_any_order_and_any_number_of_times(app: FastAPI, someone: Someone) -> None:
    phone = someone().phone
    one = phone.case(description="ก" * 3000)
    size = len(one.sealed)
    gap = phone.put(one, 1000, 1000)
    assert (gap.status_code, gap.json()["received"], gap.json()["code"]) == (409, 0, "envelope_gap")
    assert phone.put(one, 0, 1000).json() == {"state": "partly", "received": 1000, "total": size, "revoked": False}
    assert phone.put(one, 0, 1000).status_code == 200
    assert phone.put(one, 3000, 10).json()["received"] == 1000
    assert phone.put(one, 500, 1000).json()["received"] == 1500  # the first half is there already
    assert case_of(app, one.id) is None
    assert phone.send(one, 700)["state"] == "kept"
    assert phone.put(one, 0, 1000).json()["state"] == "kept"
    assert case_of(app, one.id) is not None
    assert rows(app, "SELECT 1 FROM field_part") == []
    assert envelope_of(app, one).sealed is None


def test_the_same_envelope_at_once_makes_one_case(app: FastAPI, someone: Someone) -> None:
    phone = someone().phone
    ones = [phone.case(target_groups=["T05", "T06"], description="x") for _ in range(3)]
    parts = [Part(one.id, 0, len(one.sealed), bytes.fromhex(one.sha256), one.sealed) for one in ones * 5]
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda part: receive(app.state.engine, phone.send_key, part), parts))
    assert {one.state for one in done} == {"kept"}
    assert sum(one.fresh for one in done) == 3
    assert len(rows(app, 'SELECT 1 FROM "case" WHERE id = ANY (:ids)', ids=[one.id for one in ones])) == 3


def test_a_case_and_its_observation_at_once_never_miss_each_other(app: FastAPI, someone: Someone) -> None:
    phone = someone().phone
    for _ in range(6):
        case = phone.case()
        later = phone.observation(case.id, {"urgency": [str(case.id)]}, urgency="U4")
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(phone.send, (later, case)))
        assert case_of(app, case.id).urgency == "U4"
        assert envelope_of(app, later).state == "kept"


def test_bytes_changed_on_their_way_are_asked_for_again(app: FastAPI, someone: Someone) -> None:
    phone = someone().phone
    one = phone.case()
    broken = Envelope(one.id, one.sealed[:-1] + bytes([one.sealed[-1] ^ 1]))
    asked = {"offset": 0, "total": len(one.sealed), "sha256": one.sha256}
    headers = {"Socialmap-Send-Key": phone.send_key}
    answer = phone.client.put(f"/api/v1/field/envelopes/{one.id}", params=asked, content=broken.sealed, headers=headers)
    assert (answer.status_code, answer.json()["received"]) == (409, 0)
    assert phone.send(one)["state"] == "kept"


def test_another_content_under_a_known_id_is_kept_apart(app: FastAPI, someone: Someone) -> None:
    mine, thief = someone().phone, someone().phone
    first = mine.case(urgency="U3")
    assert mine.send(first)["state"] == "kept"
    for phone in (mine, thief):
        other = phone.case(first.id, urgency="U1")
        assert phone.send(other)["state"] == "quarantined"
        assert phone.send(other)["state"] == "quarantined"
        held = envelope_of(app, other)
        assert held.id != first.id
        assert (held.why, bytes(held.sealed)) == ("same_id", other.sealed)
    assert case_of(app, first.id).urgency == "U3"
    assert len(rows(app, "SELECT 1 FROM field_envelope WHERE given_id = :id", id=first.id)) == 3


@pytest.mark.parametrize(("sql", "why", "revoked"), [
    ("UPDATE device_token SET revoked_at = now() WHERE id = :device", "revoked", True),
    ("UPDATE device_token SET expires_at = now() WHERE id = :device", "expired", False),
    ("UPDATE account SET disabled_at = now() WHERE id = :account", "disabled", True),
    ("DELETE FROM account_area WHERE account_id = :account", "outside", False),
])  # fmt: skip
def test_whose_leave_ended_is_set_apart(app: FastAPI, someone: Someone, sql: str, why: str, revoked: bool) -> None:
    owner = someone()
    before, begun, after = owner.phone.case(), owner.phone.case(), owner.phone.case()
    assert owner.phone.send(before)["state"] == "kept"
    owner.phone.put(begun, 0, 50)
    with transaction(app.state.engine, SYSTEM) as session:
        session.execute(text(sql), {"device": owner.device_id, "account": owner.person.id})
    for one in (begun, after):
        told = owner.phone.send(one)
        assert (told["state"], told["revoked"]) == ("quarantined", revoked)
        assert (envelope_of(app, one).why, bytes(envelope_of(app, one).sealed)) == (why, one.sealed)
        assert case_of(app, one.id) is None
    assert owner.phone.send(before)["state"] == "kept"
    assert owner.phone.areas().status_code == (200 if why == "outside" else 401)


def forged(phone: Any, case: UUID, change: dict[str, Any], body: bytes = b"") -> Envelope:
    stated = {"problem": "P08", "place": {"how": "area", "stated": "990101"}, "reported_on": "2026-03-05"}
    header = {"v": 1, "kind": "case", "case": str(case), "made_at": "2026-03-05T09:30:00+07:00", "fields": stated}
    return Envelope(case, seal(phone.key, case, content({**header, **change}, body)))


BAD_FIELDS: list[dict[str, Any]] = [
    {"problem": "P99"},
    {"problem": "P08'; DROP TABLE account; --"},
    {"target_groups": ["T98"]},
    {"urgency": "U5"},
    {"reported_on": "2569-03-05"},
    {"reported_on": "0001-01-01"},
    {"place": {"how": "gps", "lat": 95, "lon": 100}},
    {"place": {"how": "gps", "lat": 11}},
    {"place": {"how": "area"}},
    {"place": {"how": "area", "stated": "990199"}},
    {"description": "ก" * 4001},
    {"description": "\ud800"},
    {"description": "a\u0000b"},
    {"person.name": "ก" * 301},
    {"person.shoe": "42"},
    {"external_ref": "x" * 201},
    {"consent": {"given": True, "how": "telepathy"}},
    {"status": 80},
    {"unit_id": 1},
]


@pytest.mark.parametrize("change", [*({"fields": one} for one in BAD_FIELDS), {"v": 2}, {"kind": "erase"},
                                    {"case": "00000000-0000-7000-8000-000000000000"}, {"made_at": "2026-03-05T09:30"},
                                    {"body": 10_000_000}, {"body": -1}, {"fields": None}, {"fields": []},
                                    {"role": "admin"}, {"seen": {"urgency": ["x"]}}],
                         ids=lambda change: json.dumps(change)[:60])  # fmt: skip
def test_what_no_phone_writes_is_set_apart(app: FastAPI, someone_once: Owner, change: dict[str, Any]) -> None:
    phone, case = someone_once.phone, uuid7()
    if isinstance(change.get("fields"), dict):
        stated = {"problem": "P08", "place": {"how": "area", "stated": "990101"}, "reported_on": "2026-03-05"}
        change = {"fields": stated | change["fields"]}
    said = json.dumps({"v": 1, "kind": "case", "case": str(case), "made_at": "2026-03-05T09:30:00+07:00",
                       "fields": {}, **change}).encode()  # fmt: skip
    whole = len(said).to_bytes(4, "big") + said
    one = Envelope(case, seal(phone.key, case, whole + bytes(-len(whole) % 256)))
    assert phone.send(one)["state"] == "quarantined"
    assert envelope_of(app, one).why == "invalid"
    assert case_of(app, case) is None


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"[" * 60_000, b'{"v": NaN}', b"\xff\xfe", b'"' * 70_000],
                         ids=lambda raw: raw[:6].hex() or "nothing")  # fmt: skip
def test_headers_that_are_none(app: FastAPI, someone_once: Owner, raw: bytes) -> None:
    phone, case = someone_once.phone, uuid7()
    for length in (len(raw), 2**32 - 1):
        one = Envelope(case, seal(phone.key, case, length.to_bytes(4, "big") + raw))
        assert phone.send(one)["state"] == "quarantined"
        assert envelope_of(app, one).why in ("invalid", "same_id")


def test_envelopes_that_do_not_open(app: FastAPI, someone_once: Owner) -> None:
    phone = someone_once.phone
    good = phone.case()
    name = len(phone.key["id"])
    point = 4 + name
    broken = {
        "no envelope": os.urandom(300),
        "magic": b"SM2" + good.sealed[3:],
        "key unknown": b"SM1\x019" + good.sealed[point:],
        "key name long": b"SM1\xff" + good.sealed[4:],
        "key name empty": b"SM1\x00" + good.sealed[4:],
        "point nowhere": good.sealed[:point] + b"\x04" + bytes(64) + good.sealed[point + 65 :],
        "point at infinity": good.sealed[:point] + bytes(65) + good.sealed[point + 65 :],
        "another phone's point": good.sealed[:point]
        + phone.case().sealed[point : point + 65]
        + good.sealed[point + 65 :],
        "tag": good.sealed[:-1] + bytes([good.sealed[-1] ^ 1]),
        "short": good.sealed[: point + 70],
        "one byte": b"S",
        "another's id": phone.case().sealed,
    }
    for what, sealed in broken.items():
        one = Envelope(uuid7(), sealed)
        assert phone.send(one)["state"] == "quarantined", what
        assert (envelope_of(app, one).why, bytes(envelope_of(app, one).sealed)) == ("damaged", sealed), what


def test_other_places_and_others_cases_are_beyond_reach(app: FastAPI, someone: Someone) -> None:
    owner, other, officer = someone(), someone(), someone("officer", ("home-99",), ("9901",))
    away = owner.phone.case(place=AWAY)
    assert owner.phone.send(away)["state"] == "quarantined"
    sea = owner.phone.case(place={"how": "gps", "lat": 8.0, "lon": 95.0})
    assert owner.phone.send(sea)["state"] == "quarantined"
    mine = owner.phone.case()
    assert owner.phone.send(mine)["state"] == "kept"
    for phone in (other.phone, officer.phone):  # neither wrote it, and it is another unit's
        edit = phone.observation(mine.id, {"urgency": [str(mine.id)]}, urgency="U1")
        picture = phone.photo(mine.id, photo_bytes(2000))
        for one in (edit, picture):
            assert phone.send(one)["state"] == "quarantined"
            assert envelope_of(app, one).why == "outside"
    moved = owner.phone.observation(mine.id, place=AWAY)
    assert owner.phone.send(moved)["state"] == "quarantined"
    held = case_of(app, mine.id)
    assert (held.urgency, held.subdistrict_code) == ("U2", "990101")
    assert rows(app, "SELECT id FROM case_observation WHERE case_id = :id", id=mine.id) == [(mine.id,)]


def test_a_send_key_opens_nothing_else(app: FastAPI, someone: Someone) -> None:
    owner, other = someone(), someone()
    one = owner.phone.case()
    owner.phone.send(one)
    key = {"Authorization": f"Bearer {owner.phone.send_key}"}
    for path in ("/api/v1/field/areas", "/api/v1/field/cases", "/api/v1/cases", f"/api/v1/cases/{one.id}"):
        assert owner.phone.client.get(path, headers=key).status_code == 401
    assert other.phone.state(one.id).status_code == 404
    assert replace(owner.phone, send_key=owner.phone.token).put(one).status_code == 401
    assert replace(owner.phone, send_key="").put(one).status_code == 401
    assert replace(owner.phone, send_key="x" * 43).put(one).json()["code"] == "send_key_unknown"
    held = rows(app, "SELECT * FROM device_token WHERE id = :id", id=owner.device_id)[0]
    assert bytes(held.send_hash) == hashlib.sha256(owner.phone.send_key.encode()).digest()


def test_numbers_that_do_not_fit_are_told(someone: Someone) -> None:
    phone = someone().phone
    one = phone.case()
    size = len(one.sealed)

    def ask(content: bytes = one.sealed, **change: Any) -> int:
        asked = {"offset": 0, "total": size, "sha256": one.sha256} | change
        headers = {"Socialmap-Send-Key": phone.send_key}
        path = f"/api/v1/field/envelopes/{one.id}"
        return int(phone.client.put(path, params=asked, content=content, headers=headers).status_code)

    assert ask(total=3_145_729) == 400
    assert ask(total=size - 1) == 400
    assert ask(offset=size) == 400
    assert ask(b"") == 400
    assert ask(offset=-1) == ask(total="x") == ask(sha256="x") == 400
    assert ask(bytes(1_048_577), total=3_000_000) == 413
    assert ask(total=2**63) == 400
    assert ask() == 201
    assert ask(total=size + 1) == 400


def test_a_thief_cannot_fill_the_disk(someone: Someone, monkeypatch: pytest.MonkeyPatch) -> None:
    phone, other = someone().phone, someone().phone
    monkeypatch.setattr(receiving, "MOST_WAITING", 10_000)
    junk = [Envelope(uuid7(), os.urandom(4000)) for _ in range(4)]
    told = [phone.put(one) for one in junk]
    assert [one.status_code for one in told] == [201, 201, 429, 429]
    assert phone.put(junk[0]).json()["state"] == "quarantined"
    assert other.send(other.case())["state"] == "kept"


def test_a_full_disk_files_nothing_and_the_phone_comes_again(
    app: FastAPI, someone: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database says at the last statement that there is no room, as it does when a commit finds none."""
    from api.field import filing

    phone = someone().phone
    one = phone.case(person_name="นางสมมติ")
    before = rows(app, "SELECT sum(cases) FROM case_count")

    class Full(Exception):
        pgcode = "53100"

    def full(*_: Any, **__: Any) -> None:
        raise OperationalError("INSERT", {}, Full())

    with monkeypatch.context() as patch:
        patch.setattr(filing, "record", full)
        assert phone.put(one).status_code == 503
    assert phone.state(one.id).status_code == 404
    assert rows(app, "SELECT sum(cases) FROM case_count") == before
    assert phone.send(one)["state"] == "kept"


def test_what_a_case_states_lands_in_its_row_and_its_person_sealed(app: FastAPI, someone: Someone) -> None:
    owner = someone("officer", ("home-99",), ("9901",))
    lat, lon = INSIDE
    case = owner.phone.case(
        problem="P02.01", urgency="U4", target_groups=["T05", "T07"], external_ref="พม-123/2569",
        place={"how": "gps", "lat": lat, "lon": lon, "accuracy_m": 8, "stated": "990102"},
        description="เด็กขาดเรียนสมมติ", person_name="เด็กหญิงสมมติ ไม่มีจริง", person_phone="๐๘๙-๐๐๐-๐๐๐๐",
        consent={"given": True, "how": "guardian"},
    )  # fmt: skip
    assert owner.phone.send(case)["state"] == "kept"
    held = case_of(app, case.id)
    assert (held.problem_code, held.urgency, held.external_id) == ("P02.01", "U4", "พม-123/2569")
    assert (held.area_match, held.stated_code, held.subdistrict_code) == ("conflict", "990102", "990101")
    assert rows(app, "SELECT key FROM unit WHERE id = :id", id=held.unit_id) == [("home-99",)]
    assert rows(app, "SELECT key FROM source WHERE id = :id", id=held.source_id) == [("field",)]
    [consent] = rows(app, "SELECT * FROM consent WHERE case_id = :id", id=case.id)
    assert (consent.channel, consent.given_by, consent.wording) == ("in_person", "guardian", "field-1")
    reason = {"reason": "ทดสอบสมมติ"}
    headers = {"X-CSRF-Token": owner.csrf}
    person = owner.browser.post(f"/api/v1/cases/{case.id}/identity", json=reason, headers=headers).json()
    assert (person["name"], person["note"]) == ("เด็กหญิงสมมติ ไม่มีจริง", "เด็กขาดเรียนสมมติ")
    words = owner.browser.post(f"/api/v1/cases/{case.id}/observations/words", json=reason, headers=headers).json()
    assert words["observations"][0]["words"]["person.name"] == "เด็กหญิงสมมติ ไม่มีจริง"
    told = owner.browser.get(f"/api/v1/cases/{case.id}/observations").json()
    assert "สมมติ" not in json.dumps(told, ensure_ascii=False)
    assert told["observations"][0]["by"] == owner.person.login
    # a second one with the same reference is another case with the same reference, under its own id
    again = owner.phone.case(external_ref="พม-123/2569")
    assert owner.phone.send(again)["state"] == "kept"
    assert case_of(app, again.id).external_id == str(again.id)


def test_photos_come_back_byte_for_byte(app: FastAPI, someone: Someone) -> None:
    owner = someone("officer", ("home-99",), ("9901",))
    case, picture = owner.phone.case(), photo_bytes(150_000)
    early = owner.phone.photo(case.id, picture, number=2)
    told = owner.phone.send(early)
    assert (told["state"], told["received"]) == ("waiting", len(early.sealed))
    assert owner.phone.send(case)["state"] == "kept"
    assert owner.phone.send(early)["state"] == "kept"
    [line] = owner.browser.get(f"/api/v1/cases/{case.id}/photos").json()["photos"]
    assert (line["id"], line["number"], line["size"]) == (str(early.id), 2, len(picture))
    answer = owner.browser.get(f"/api/v1/cases/{case.id}/photos/{early.id}")
    assert (answer.content, answer.headers["content-type"]) == (picture, "image/jpeg")
    assert answer.headers["x-content-type-options"] == "nosniff"
    with transaction(app.state.engine, FILING) as session:
        kept = session.execute(text("SELECT sealed FROM case_photo WHERE id = :id"), {"id": early.id}).scalar_one()
    assert picture[100:200] not in bytes(kept)
    with transaction(app.state.engine, SYSTEM) as session:  # the product itself does not see them by accident
        assert session.execute(text("SELECT count(*) FROM case_photo")).scalar_one() == 0


def test_a_secret_case_asks_for_a_reason(app: FastAPI, someone: Someone) -> None:
    owner = someone("case_team", ("home-99",), ("9901",))
    case = owner.phone.case(problem="P04.01", person_name="นางสมมติ")
    assert owner.phone.send(case)["state"] == "kept"
    assert str(case.id) not in owner.phone.cases().text
    picture = owner.phone.photo(case.id, photo_bytes(3000))
    assert owner.phone.send(picture)["state"] == "kept"
    colleague = someone("case_team", ("home-99",), ("9901",))
    theirs = colleague.phone.photo(case.id, photo_bytes(3000), number=2)
    assert colleague.phone.send(theirs)["state"] == "quarantined"
    volunteer = someone()
    own = volunteer.phone.case(problem="P04.01")
    assert volunteer.phone.send(own)["state"] == "kept"
    assert volunteer.phone.send(volunteer.phone.photo(own.id, photo_bytes(3000)))["state"] == "kept"
    assert str(own.id) not in volunteer.phone.cases().text
    with transaction(app.state.engine, SYSTEM) as session:
        session.execute(text(
            "INSERT INTO case_member (province_code, case_id, actor_id, unit_id)"
            " SELECT '99', :id, :me, id FROM unit WHERE key = 'home-99'"), {"id": own.id, "me": owner.person.id},
        )  # fmt: skip
    path = f"/api/v1/cases/{own.id}"
    assert owner.browser.get(f"{path}/observations").status_code == 400
    [line] = owner.browser.get(f"{path}/photos").json()["photos"]
    headers, reason = {"X-CSRF-Token": owner.csrf}, {"reason": "ทดสอบสมมติ"}
    assert owner.browser.get(f"{path}/photos/{line['id']}").status_code == 400
    assert owner.browser.post(f"{path}/photos/{line['id']}", json=reason, headers=headers).status_code == 200
    assert owner.browser.post(f"{path}/observations/read", json=reason, headers=headers).status_code == 200


def test_an_expired_phone_of_long_ago_still_reaches_quarantine(app: FastAPI, someone: Someone) -> None:
    owner = someone()
    with transaction(app.state.engine, SYSTEM) as session:
        long_ago = datetime.now(UTC) - timedelta(days=900)
        session.execute(
            text("UPDATE device_token SET created_at = :at, expires_at = :at, revoked_at = :at WHERE id = :id"),
            {"at": long_ago, "id": owner.device_id},
        )
    assert owner.phone.send(owner.phone.case())["state"] == "quarantined"
