"""The server killed in the middle of uploads: nothing is half-filed, nothing lost, nothing there twice."""

import random
import signal
import threading
import time
from collections.abc import Callable

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.database import transaction
from layers import rollups
from tests.field.conftest import Owner
from tests.field.phone import Envelope, Phone, photo_bytes
from tests.field.server import served
from tests.scopes import SYSTEM


def sent_all(phone: Phone, envelopes: list[Envelope]) -> dict[str, str]:
    """Send part by part as a phone does, until the server is gone or all are there; return what was answered."""
    told = {}
    for one in envelopes:
        try:
            told[str(one.id)] = phone.send(one, 16_384)["state"]
        except httpx2.HTTPError:
            return told
    return told


@pytest.mark.parametrize("kills", [1, pytest.param(12, marks=pytest.mark.proof)])
def test_killed_in_the_middle_of_uploads(app: FastAPI, someone: Callable[..., Owner], kills: int) -> None:
    owner = someone("officer", ("home-99",), ("9901",))
    sealing, picture, chance = owner.phone, photo_bytes(100_000), random.Random(7)
    cases = [sealing.case(person_name="นางสมมติ", description="ก" * 500) for _ in range(4)]
    photos = [sealing.photo(case.id, picture, number=number + 1) for case in cases for number in range(2)]
    edits = [sealing.observation(case.id, {"urgency": [str(case.id)]}, urgency="U4") for case in cases]
    envelopes = [*cases, *photos, *edits]
    answered: dict[str, str] = {}
    for turn in range(kills + 1):
        with served(app) as (process, address), httpx2.Client(base_url=address, timeout=30) as client:
            phone = Phone(client, sealing.send_key, key=sealing.key)
            chance.shuffle(envelopes)
            if turn == kills:
                answered |= sent_all(phone, envelopes)
                continue
            threading.Timer(0.05 + chance.random() * 0.4, process.send_signal, [signal.SIGKILL]).start()
            answered |= sent_all(phone, envelopes)
            process.wait()
            assert turn or len(answered) < len(envelopes), "it was killed too late to tell anything"
            check(app, cases, answered)
    assert set(answered) == {str(one.id) for one in envelopes}
    check(app, cases, answered)
    with transaction(app.state.engine, SYSTEM) as session:
        states = session.execute(text("SELECT DISTINCT state FROM field_envelope WHERE account_id = :me"),
                                 {"me": owner.person.id}).scalars().all()  # fmt: skip
        assert states == ["kept"]
        assert session.execute(text("SELECT count(*) FROM field_part")).scalar_one() == 0
        assert session.execute(text("SELECT count(*) FROM case_seal WHERE case_id = ANY (:ids)"),
                               {"ids": [one.id for one in cases]}).scalar_one() == 4 + 8  # fmt: skip
    for case in cases:
        lines = owner.browser.get(f"/api/v1/cases/{case.id}/photos").json()["photos"]
        assert [line["number"] for line in sorted(lines, key=lambda line: line["number"])] == [1, 2]
        for line in lines:
            assert owner.browser.get(f"/api/v1/cases/{case.id}/photos/{line['id']}").content == picture


def check(app: FastAPI, cases: list[Envelope], answered: dict[str, str]) -> None:
    """What was answered is there whole; what was not is there whole or not at all; sums agree."""
    deadline = time.monotonic() + 10
    while True:  # what the killed server had under way ends when the database notices
        with transaction(app.state.engine, SYSTEM) as session:
            busy = session.execute(text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
                " AND pid <> pg_backend_pid()")).scalar_one()  # fmt: skip
        if not busy or time.monotonic() > deadline:
            break
        time.sleep(0.05)
    with transaction(app.state.engine, SYSTEM) as session:
        assert rollups.check(session) == []
        asked = text(
            "SELECT e.id, e.state, c.id AS case_id, o.id AS observed, s.id AS words, e.received, e.total,"
            " (SELECT coalesce(sum(length(p.content)), 0) FROM field_part p WHERE p.envelope_id = e.id) AS parts"
            ' FROM field_envelope e LEFT JOIN "case" c ON c.id = e.id'
            " LEFT JOIN case_observation o ON o.id = e.id LEFT JOIN case_seal s ON s.id = e.id WHERE e.id = ANY (:ids)"
        )
        for row in session.execute(asked, {"ids": [one.id for one in cases]}):
            whole = (row.case_id, row.observed, row.words)
            if row.state == "kept":
                assert None not in whole
            else:
                assert whole == (None, None, None)
                assert row.parts == row.received < row.total
        there = {str(one) for one in session.scalars(text("SELECT id FROM field_envelope"))}
        assert set(answered) <= there
