"""What phones sent and nobody keeps: refused envelopes and unfinished uploads are destroyed after their period."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.database import transaction
from api.retaining import Swept, count_envelopes, destroy_envelopes
from layers.retention import BadPeriods, EnvelopeDays, load_envelope_days
from tests.field.conftest import Owner
from tests.field.phone import photo_bytes, uuid7
from tests.field.test_quarantine import AT, post, revoked
from tests.scopes import SYSTEM

Someone = Callable[..., Owner]
DAYS = EnvelopeDays(refused=90, unfinished=30)


def rows(app: FastAPI, sql: str, **given: Any) -> list[Any]:
    with transaction(app.state.engine, SYSTEM) as session:
        found = session.execute(text(sql), given)
        return list(found) if found.returns_rows else []


def sweep(app: FastAPI, days: float) -> Swept:
    """Run the job as it would run after so many days."""
    now = datetime.now(UTC) + timedelta(days=days)
    with transaction(app.state.engine, SYSTEM) as session:
        counted = count_envelopes(session, DAYS, now)
    assert destroy_envelopes(app.state.engine, DAYS, now, at_once=2) == counted
    return counted


def entries(app: FastAPI, envelope: UUID) -> list[Any]:
    asked = "SELECT details FROM audit_entry WHERE action = 'erase' AND kind = 'envelope' AND object_id = :id"
    return [row.details for row in rows(app, asked, id=str(envelope))]


@pytest.fixture(autouse=True)
def nothing_left(app: FastAPI) -> None:
    destroy_envelopes(app.state.engine, DAYS, datetime.now(UTC) + timedelta(days=9000))


def test_a_refused_envelope_is_destroyed_after_its_period_and_stays_refused(app: FastAPI, someone: Someone) -> None:
    owner, head = someone(), someone("head", ("office-99",), ())
    revoked(app, owner)
    refused, kept = (owner.phone.case(description="คำสมมติ") for _ in range(2))
    for one in (refused, kept):
        assert owner.phone.send(one)["state"] == "quarantined"
    assert post(head, f"{AT}/{refused.id}/refuse", {"reason": "ซ้ำกับที่มี"}).status_code == 204
    assert sweep(app, 89.9) == Swept(0, 0)
    assert sweep(app, 90.1) == Swept(1, 0)
    (row,) = rows(app, "SELECT * FROM field_envelope WHERE id = :id", id=refused.id)
    assert (bytes(row.sealed), row.state, row.reason, row.decided_by) == (b"", "refused", "ซ้ำกับที่มี", head.person.id)
    (row,) = rows(app, "SELECT * FROM field_envelope WHERE id = :id", id=kept.id)
    assert bytes(row.sealed) == kept.sealed, "what nobody decided on is never destroyed"
    assert entries(app, refused.id) == [{"cause": "retention"}]
    assert sweep(app, 9000) == Swept(0, 0), "once"
    assert owner.phone.send(refused)["state"] == "quarantined"
    (row,) = rows(app, "SELECT sealed FROM field_envelope WHERE id = :id", id=refused.id)
    assert bytes(row.sealed) == b"", "it is not taken in again"


def test_an_upload_without_progress_is_swept_and_the_phone_begins_anew(app: FastAPI, someone: Someone) -> None:
    owner = someone()
    case = owner.phone.case()
    assert owner.phone.send(case)["state"] == "kept"
    picture, going = (owner.phone.photo(case.id, photo_bytes(9000)) for _ in range(2))
    for one in (picture, going):
        assert owner.phone.put(one, 0, 2000).json()["received"] == 2000
    ago = "now() - interval '40 days'"
    rows(app, f"UPDATE field_envelope SET received_at = {ago} WHERE state = 'partly'")
    part = "WITH gone AS (DELETE FROM field_part WHERE envelope_id = :id RETURNING *)"
    rows(app, f"{part} INSERT INTO field_part SELECT envelope_id, 1, content, {ago} FROM gone", id=picture.id)
    assert sweep(app, 0) == Swept(0, 1), "the other one still goes on"
    assert rows(app, "SELECT 1 FROM field_part WHERE envelope_id = :id", id=picture.id) == []
    assert entries(app, picture.id) == [{"cause": "retention"}]
    assert owner.phone.put(picture, 2000, 2000).status_code == 409
    for one in (picture, going):
        assert owner.phone.send(one)["state"] == "kept"
    assert sweep(app, 9000) == Swept(0, 0)


def test_the_database_deletes_no_envelope_that_has_wholly_come(app: FastAPI, someone: Someone) -> None:
    owner = someone()
    waiting = owner.phone.observation(uuid7(), urgency="U1")
    assert owner.phone.send(waiting)["state"] == "waiting"
    assert rows(app, "DELETE FROM field_envelope WHERE id = :id RETURNING id", id=waiting.id) == []
    assert sweep(app, 9000) == Swept(0, 0)


@pytest.mark.parametrize(
    ("content", "days"),
    [
        ("default: {years: 1}", (90, 30)),
        ("envelopes: {refused: {days: 7}}", (7, 30)),
        ("envelopes: {refused: {days: 0}}", None),
        ("envelopes: {unfinished: {days: x}}", None),
        ("envelopes: [1]", None),
        ("- 1", None),
        ("", None),
    ],
)
def test_periods_of_envelopes_are_read(tmp_path: Path, content: str, days: tuple[int, int] | None) -> None:
    path = tmp_path / "periods.yaml"
    path.write_text(content)
    if days is None:
        with pytest.raises(BadPeriods, match=r"periods\.yaml"):
            load_envelope_days(path)
    else:
        assert load_envelope_days(path) == EnvelopeDays(*days)
