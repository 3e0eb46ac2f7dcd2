"""Rights of the persons concerned reach what phones brought: erasure, retention, copies, rotation of all keys."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app as command
from api.database import transaction
from api.field import opening
from api.identity_rotation import rotate
from api.identity_use import identity_keys
from api.secrets import load_secrets
from layers.observed_words import FILING, read_words
from layers.retention import anonymise
from layers.subject_access import collect, find_person, to_text
from tests.demo import INSIDE
from tests.field.conftest import Owner
from tests.field.phone import Envelope, Phone, photo_bytes
from tests.scopes import SYSTEM

Someone = Callable[..., Owner]
PLACE = {"how": "gps", "lat": INSIDE[0], "lon": INSIDE[1], "accuracy_m": 5, "stated": "990101"}
READER = replace(FILING, reason="ทดสอบ", permissions=FILING.permissions | {"identity.read_restricted"})


@pytest.fixture
def told(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    """A command line on the application's database."""
    monkeypatch.setenv("DATABASE_URL", app.state.engine.url.render_as_string(hide_password=False))
    return CliRunner()


def filed(owner: Owner, picture: bytes) -> tuple[Envelope, Envelope]:
    case = owner.phone.case(place=PLACE, person_national_id="0-0000-00000-12-3", person_name="นางสมมติ ลบแล้ว",
                            description="บันทึกที่ต้องลบ", external_ref="ลบ-1")  # fmt: skip
    photo = owner.phone.photo(case.id, picture)
    for one in (case, photo):
        assert owner.phone.send(one)["state"] == "kept"
    return case, photo


def test_erasing_a_person_destroys_words_photos_and_what_is_on_its_way(
    app: FastAPI, someone: Someone, told: CliRunner
) -> None:
    owner, other = someone(), someone()
    case, photo = filed(owner, photo_bytes(4000))
    with transaction(app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE device_token SET revoked_at = now() WHERE id = :id"), {"id": other.device_id})
    apart = other.phone.observation(case.id, person_phone="0000000009")
    assert other.phone.send(apart)["state"] == "quarantined"
    done = told.invoke(command, ["identity", "erase", str(case.id), "--reason", "เจ้าของข้อมูลขอ"])
    assert done.exit_code == 0, done.output
    with transaction(app.state.engine, READER) as session:
        for table in ("case_seal", "case_words", "case_photo", "identity"):
            asked = text(f"SELECT count(*) FROM {table} WHERE case_id = :id")
            assert session.execute(asked, {"id": case.id}).scalar_one() == 0, table
        kept = session.execute(
            text("SELECT fields FROM case_observation WHERE case_id = :id"), {"id": case.id}
        ).scalar_one()
        assert kept["place"] == {"how": "gps", "stated": "990101"}
        assert "external_ref" not in kept
        row = session.execute(text("SELECT * FROM field_envelope WHERE id = :id"), {"id": apart.id}).one()
        assert (row.state, row.why, bytes(row.sealed)) == ("refused", "erased", b"")
    # what was written down before the erasure comes in after it, from a phone that had no network
    late = owner.phone.observation(case.id, person_phone="0000000008")
    picture = owner.phone.photo(case.id, photo_bytes(3000), number=2)
    plain = owner.phone.observation(case.id, {"urgency": [str(case.id)]}, urgency="U4")
    assert [owner.phone.send(one)["state"] for one in (late, picture, plain)] == ["quarantined", "quarantined", "kept"]
    now = datetime.now(UTC).isoformat()
    fresh = replace_made_at(owner.phone, case.id, now)
    assert owner.phone.send(fresh)["state"] == "kept"
    assert owner.phone.send(photo)["state"] == "kept"  # its sender is told what was; nothing of it comes back
    with transaction(app.state.engine, READER) as session:
        words = read_words(session, identity_keys(session), "99", case.id)
    assert list(words.values()) == [{"person.phone": "0000000007"}]


def replace_made_at(phone: Phone, case: UUID, made_at: str) -> Envelope:
    from tests.field import phone as module

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "NOW", made_at)
        return phone.observation(case, person_phone="0000000007")


def test_a_case_made_anonymous_leaves_nothing_of_the_phone(app: FastAPI, someone: Someone) -> None:
    owner = someone()
    case, _ = filed(owner, photo_bytes(3000))
    with transaction(app.state.engine, SYSTEM) as session:
        anonymise(session, case.id)
        for table in ("case_observation", "case_seal", "identity_erasure"):
            asked = text(f"SELECT count(*) FROM {table} WHERE case_id = :id")
            assert session.execute(asked, {"id": case.id}).scalar_one() == 0
    assert owner.phone.send(case)["state"] == "kept"  # sent once more it does not come back
    with transaction(app.state.engine, SYSTEM) as session:
        assert session.execute(text('SELECT count(*) FROM "case" WHERE id = :id'), {"id": case.id}).scalar_one() == 0


def test_a_person_is_given_words_and_photos(app: FastAPI, someone: Someone) -> None:
    owner, picture = someone(), photo_bytes(5000)
    case = owner.phone.case(person_national_id="0-0000-00000-77-1", description="เล่าเรื่องสมมติ", place=PLACE)
    assert owner.phone.send(case)["state"] == owner.phone.send(owner.phone.photo(case.id, picture))["state"] == "kept"
    with transaction(app.state.engine, READER) as session:
        keys = identity_keys(session)
        [found] = collect(session, READER, keys, find_person(session, READER, keys, {"national_id": "0000000000771"}))
    assert base64.b64decode(found["photos"][0]["content_base64"]) == picture
    assert found["field_words"][0]["words"]["description"] == "เล่าเรื่องสมมติ"
    shown = to_text([found], date(2026, 3, 5))
    assert "บันทึกจากพื้นที่: รายละเอียด: เล่าเรื่องสมมติ" in shown
    assert "ภาพถ่าย" in shown


def test_master_keys_are_rotated_under_words_and_photos(app: FastAPI, someone: Someone) -> None:
    owner, picture = someone("officer", ("home-99",), ("9901",)), photo_bytes(6000)
    case, photo = filed(owner, picture)
    done = rotate(app.state.engine, forget=True, batch=2)
    assert done.unusable == []
    assert set(load_secrets().masters) == {done.master}
    assert owner.browser.get(f"/api/v1/cases/{case.id}/photos/{photo.id}").content == picture
    with transaction(app.state.engine, SYSTEM) as session:
        assert session.execute(text("SELECT DISTINCT master FROM case_seal")).scalars().all() == [done.master]


def test_the_key_of_phones_is_rotated_and_older_envelopes_still_open(
    app: FastAPI, someone: Someone, told: CliRunner
) -> None:
    owner = someone()
    before = owner.phone.case()
    done = told.invoke(command, ["field", "rotate", "--json"])
    assert done.exit_code == 0, done.output
    name = json.loads(done.output)["capture"]
    owner.phone.learn_key()
    assert owner.phone.key["id"] == name
    after = owner.phone.case()
    assert after.sealed != before.sealed
    assert [owner.phone.send(one)["state"] for one in (before, after)] == ["kept", "kept"]
    waiting = owner.phone.observation(UUID(int=5), urgency="U1")
    owner.phone.send(waiting)
    told.invoke(command, ["field", "rotate"])
    refused = told.invoke(command, ["field", "forget"])
    assert refused.exit_code == 2
    assert name in load_secrets().captures
    with transaction(app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE field_envelope SET state = 'refused' WHERE state IN ('waiting', 'quarantined')"))
    assert told.invoke(command, ["field", "forget"]).exit_code == 0
    assert len(load_secrets().captures) == 1
    assert owner.phone.send(owner.phone.case())["state"] == "quarantined"  # sealed to a key that is gone: set apart


def test_secrets_from_before_phones_get_a_key_when_the_database_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.field.errors import CaptureKeyMissing
    from api.secrets import make_secrets

    path = tmp_path / "secrets.json"
    monkeypatch.setenv("SOCIALMAP_SECRETS", str(path))
    made = make_secrets()
    held = json.loads(path.read_text())
    del held["captures"], held["capture"]
    path.write_text(json.dumps(held))
    with pytest.raises(CaptureKeyMissing):
        opening.public_key(load_secrets())
    again = make_secrets()
    assert (again.masters, again.search, again.capture) == (made.masters, made.search, "1")
    assert opening.public_key(again)[1][:1] == b"\x04"
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_quarantine_is_listed_and_the_database_checked_on_the_command_line(
    app: FastAPI, someone: Someone, told: CliRunner
) -> None:
    owner = someone()
    away = owner.phone.case(place={"how": "area", "stated": "980101"}, person_name="นางไม่มีจริง")
    owner.phone.send(away)
    shown = told.invoke(command, ["field", "quarantine", "--json"])
    assert shown.exit_code == 0, shown.output
    assert str(away.id) in {one["id"] for one in json.loads(shown.output)["envelopes"]}
    assert "ไม่มีจริง" not in shown.output
    assert told.invoke(command, ["db", "check"]).exit_code == 0
    case = owner.phone.case()
    owner.phone.send(case)
    late = owner.phone.observation(case.id, urgency="U1")
    owner.phone.send(late)
    with transaction(app.state.engine, SYSTEM) as session:
        wrong = text("UPDATE field_envelope SET state = 'waiting', sealed = 'x' WHERE id = :id")
        session.execute(wrong, {"id": late.id})
    found = told.invoke(command, ["db", "check"])
    assert found.exit_code == 1
    assert str(late.id) in found.output
    with transaction(app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE field_envelope SET state = 'kept', sealed = NULL WHERE id = :id"), {"id": late.id})
