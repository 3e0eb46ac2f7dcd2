"""Two hundred phones that come back to the network at once, with ten cases each, against a server of its own."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.auth.devices import enrol_device
from api.database import transaction
from layers import rollups
from layers.demo import load_demo
from layers.scope import Scope
from tests.access.world import make_person
from tests.field.conftest import Owner, app, someone
from tests.field.phone import Envelope, Phone
from tests.field.server import served
from tests.releases import publish
from tests.scopes import SYSTEM

__all__ = ["app", "someone"]

pytestmark = pytest.mark.bench

PHONES, CASES, OWNERS = 200, 10, 20
SECONDS = 60
FIGURES = "/api/v1/figures?within=99&level=district&period=fy2569&measure=count"
PLACES = ("990101", "990102", "990103", "990201", "990202", "990301", "990302")


@dataclass(frozen=True)
class Answered:
    """One envelope as its phone saw it."""

    id: UUID
    seconds: float
    state: str


@pytest.fixture(scope="module")
def world(app: FastAPI) -> FastAPI:
    """The two provinces with three years of cases that stand published."""
    with transaction(app.state.engine, SYSTEM) as session:
        load_demo(session, 3000, 1)
        publish(session)
    return app


def enrolled(world: FastAPI, client: Any, key: dict[str, Any]) -> list[Phone]:
    """Make volunteers, ten phones for each."""
    phones = []
    for number in range(OWNERS):
        person = make_person(world, f"bench-{number}", "volunteer", (), PLACES)
        scope = Scope("volunteer", "public", frozenset(PLACES), actor_id=person.id)
        with transaction(world.state.engine, SYSTEM) as session:
            for one in range(PHONES // OWNERS):
                made = enrol_device(session, scope, f"เครื่อง {one}", PLACES)
                phones.append(Phone(client, made.send_key, made.token, key))
    return phones


def test_two_hundred_phones_come_back_at_once(
    world: FastAPI,
    someone: Callable[..., Owner],
    capsys: pytest.CaptureFixture[str],
) -> None:
    staff = someone("officer", ("office-99",), ("99",))
    limits = httpx2.Limits(max_connections=PHONES)
    with served(world) as (_, address), httpx2.Client(base_url=address, timeout=120, limits=limits) as client:
        phones = enrolled(world, client, client.get("/api/v1/field/key").json())
        sealed = [(phone, [case_of(phone, number) for number in range(CASES)]) for phone in phones]
        public = client.get(FIGURES).json()["rows"]
        begun = time.perf_counter()
        with ThreadPoolExecutor(PHONES) as pool:
            answered = [one for many in pool.map(lambda asked: send(*asked), sealed) for one in many]
        spent = time.perf_counter() - begun
        read_at = time.perf_counter()
        points = {one["properties"]["id"] for one in staff.browser.get("/api/v1/points?within=99").json()["features"]}
        read = time.perf_counter() - read_at
        assert client.get(FIGURES).json()["rows"] == public, "published figures do not move"
    times = sorted(one.seconds for one in answered)
    median, most = statistics.median(times), times[int(len(times) * 0.95)]
    with capsys.disabled():
        print(
            f"\n{len(answered)} cases of {PHONES} phones in {spent:.1f} s, {len(answered) / spent:.0f} a second;",
            end=" ",
        )
        print(f"answered in {median:.2f} s (median), 95 % within {most:.2f} s; staff's map read in {read:.2f} s")
    assert {one.state for one in answered} == {"kept"}
    ids = {one.id for one in answered}
    assert len(ids) == PHONES * CASES
    with transaction(world.state.engine, SYSTEM) as session:
        there = set(session.scalars(text('SELECT id FROM "case" WHERE id = ANY (:ids)'), {"ids": list(ids)}))
        assert there == ids
        assert rollups.check(session) == []
    newest = {str(one.id) for one in answered[-CASES:]}
    assert newest <= points
    assert spent <= SECONDS


def case_of(phone: Phone, number: int) -> Envelope:
    place = {"how": "gps", "lat": 11.0 + number / 1e5, "lon": 100.68, "accuracy_m": 10}
    return phone.case(place=place, description="บันทึกสมมติ " * 10, person_name="นางสมมติ ไม่มีจริง")


def send(phone: Phone, ones: list[Envelope]) -> list[Answered]:
    answered = []
    for one in ones:
        begun = time.perf_counter()
        state = phone.send(one)["state"]
        answered.append(Answered(one.id, time.perf_counter() - begun, state))
    return answered
