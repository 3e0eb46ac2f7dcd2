"""Figures beside the parts of a plan: those of the figures' own door, live for staff, of the release for all others."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from api.auth.units import create_unit
from api.database import transaction
from api.settings import Settings
from boundaries.areas import get_area
from boundaries.dates import BANGKOK
from layers.aggregation import NotKept, figures
from layers.area_cells import Wanted
from layers.area_figures import area_figures
from layers.cases import CaseValues, create_case
from layers.demo import load_demo
from layers.disclosure import NotPublished
from layers.filters import Filter
from layers.periods import fiscal_period
from layers.scope import Audience, Scope
from layers.taxonomy import categories
from layers.trends import Events, trend
from mapping.plan_asking import Operation
from mapping.plan_changes import apply_operations
from mapping.plan_making import create_from_template
from mapping.plan_maps import stored_mind_maps
from mapping.plans import PlanRecord, get_tree
from tests.access.world import make_person, new_client
from tests.auth.conftest import signed_in
from tests.databases import fresh_database
from tests.demo import load_demo_boundaries
from tests.layers.made import make_source, many
from tests.releases import publish
from tests.scopes import SYSTEM

YEAR = date(2025, 10, 1)
NOW = datetime(2026, 11, 22, 9, tzinfo=BANGKOK)
BOUND = {"cause": "P08", "effect": "P02", "objective": "P04", "indicator": "P08.01"}
"""Which problem each kind of part is bound to; P04 is secret."""
MEASURES = ("count", "rate")
COUNTED = {"layer": "cases", "measure": "count"}


@dataclass(frozen=True)
class Office:
    """The application with an approved plan of the province, bound to figures, and who is signed in."""

    app: FastAPI
    plan: PlanRecord
    parts: dict[str, UUID]
    clients: dict[str, TestClient]


@pytest.fixture(scope="module")
def office(server: str) -> Iterator[Office]:
    """Invented cases of two years, released; a draft and people of three roles."""
    from api.app import create_app

    with fresh_database(server) as url:
        app = create_app(Settings(database_url=url))
        with transaction(app.state.engine, SYSTEM) as session:
            load_demo_boundaries(session)
            load_demo(session, 1500, 2)
            publish(session)
            create_unit(session, "office-99", "office", "สำนักงานสมมติ", "Invented office", ["99"])
            plan, parts = bound_plan(session)
        clients = {"public": new_client(app)}
        for who, role in (("officer", "officer"), ("committee", "oversight")):
            clients[who] = new_client(app)
            someone = make_person(app, f"{who}-bound", role, ("office-99",), ())
            clients[who].headers["X-CSRF-Token"] = signed_in(clients[who], someone)
        yield Office(app, plan, parts, clients)
        app.state.engine.dispose()


def bound_plan(session: Session) -> tuple[PlanRecord, dict[str, UUID]]:
    """Make a plan of the province in which a part of each kind is bound, and let everybody read it."""
    plan = create_from_template(session, SYSTEM, "99", "P08", YEAR)
    tree = get_tree(session, plan)
    found = {kind: next(each.id for each in tree.parts.values() if each.kind == kind) for kind in ("problem", *BOUND)}
    asked = [
        Operation(
            uuid4(), "set", plan.number, found["problem"], field="filter", value={"layer": "cases", "measure": "rate"}
        )
    ]
    for kind, problem in BOUND.items():
        value = {"layer": "cases", "measure": "count", "problem": problem}
        asked.append(Operation(uuid4(), "set", plan.number, found[kind], field="filter", value=value))
    applied = apply_operations(session, SYSTEM, plan.id, asked)
    assert {each.state for each in applied.results} == {"done"}
    state = (
        "UPDATE plan SET state = 'approved', approved_by = 'การประชุมสมมติ', approved_on = '2026-01-01' WHERE id = :id"
    )
    session.execute(text(state), {"id": plan.id})
    return applied.plan, found


def read(office: Office, who: str) -> dict[str, dict[str, Any]]:
    """Read the bindings of the plan as somebody, by the kinds of the parts."""
    answer = office.clients[who].get(f"/api/v1/plans/{office.plan.id}/bindings")
    assert answer.status_code == 200, answer.text
    kinds = {str(part): kind for kind, part in office.parts.items()}
    return {kinds[one["part"]]: one for one in answer.json()["bindings"]}


def test_staff_see_a_new_case_at_once_and_all_others_what_was_released(office: Office) -> None:
    before = {who: read(office, who) for who in office.clients}
    assert {len(each) for each in before.values()} == {5}
    with transaction(office.app.state.engine, SYSTEM) as session:
        source = make_source(session, "test.live")
        create_case(session, source, CaseValues("P08.01", date(2026, 1, 3), stated_code="990101"))
    after = {who: read(office, who) for who in office.clients}
    for kind in ("problem", "cause", "indicator"):
        assert after["officer"][kind]["figure"]["cases"] == before["officer"][kind]["figure"]["cases"] + 1, kind
    assert after["officer"]["effect"]["figure"] == before["officer"]["effect"]["figure"]
    assert {each["live"] for each in after["officer"].values()} == {True}
    assert after["officer"]["cause"]["as_of"] > before["officer"]["cause"]["as_of"]
    for who in ("committee", "public"):
        assert after[who] == before[who], who
        assert {each["live"] for each in after[who].values()} == {False}
    assert datetime.fromisoformat(after["public"]["cause"]["as_of"]).date() == datetime.now(BANGKOK).date()
    said = after["officer"]["cause"]
    assert said["words"] == {
        "th": f"{said['figure']['cases']:,} เรื่อง",
        "en": f"{said['figure']['cases']:,} cases",
    }


def test_a_subtype_and_a_secret_problem_are_as_the_figures_have_them(office: Office) -> None:
    for who in ("committee", "public"):
        told = read(office, who)
        hidden = told["indicator"]["figure"]
        assert (hidden["state"], hidden["value"], hidden["cases"]) == ("hidden", None, None)
        shown = office.clients[who].get("/api/v1/figures?level=province&period=fy2569&problem=P04&measure=count").json()
        (row,) = (one for one in shown["rows"] if one["code"] == "99")
        assert told["objective"]["figure"] == row
        refused = office.clients[who].get("/api/v1/figures?level=province&period=fy2569&problem=P08.01&measure=count")
        assert refused.status_code == 403


def as_asked(session: Session, scope: Scope, one: Wanted) -> Any:
    """Return the figure of an area as the figures' own function gives it; None where it refuses."""
    within = {2: None, 4: one.area_code[:2], 6: one.area_code[:4]}[len(one.area_code)]
    chosen = Filter(one.problem, one.period())
    try:
        table = figures(session, scope, "cases", one.level or "province", within, chosen, one.measure)
    except (NotPublished, NotKept):
        return None
    return table.get(one.area_code)


@pytest.mark.parametrize("audience", ["internal", "committee", "public"])
def test_figures_of_single_areas_are_the_figures(office: Office, audience: Audience) -> None:
    """All categories, three subtypes, all levels, two fiscal years: number for number, state for state."""
    scope = Scope(audience, audience)
    problems = [*categories(), "P08.01", "P04.01", "P02.02"]
    with transaction(office.app.state.engine, SYSTEM) as session:
        wanted = [
            Wanted(code, problem, measure, year)  # type: ignore[arg-type]
            for code in ("99", "9901", "9902", "990101")
            for problem in problems
            for measure in MEASURES
            for year in (YEAR, date(2024, 10, 1), date(2019, 10, 1))
        ]
        found = area_figures(session, scope, wanted, NOW)
        assert set(found) == set(wanted)
        states = set()
        for one in wanted:
            expected, made = as_asked(session, scope, one), found[one]
            if expected is None:
                assert made.figure.value is None, one
                assert made.figure.cases is None, one
            else:
                assert made.figure == expected, one
                states.add(expected.state)
        assert {"ok", "no_data"} <= states
        assert ("hidden" in states) == (audience != "internal")


def test_staff_of_another_province_read_what_is_released(office: Office) -> None:
    wanted = [Wanted("99", "P08", "count", YEAR)]
    with transaction(office.app.state.engine, SYSTEM) as session:
        beyond = area_figures(session, Scope("officer", "internal", frozenset({"98"})), wanted, NOW)
        printed = area_figures(session, Scope.committee(), wanted, NOW)
    assert beyond == printed
    assert not beyond[wanted[0]].live


def test_many_figures_cost_two_statements(office: Office) -> None:
    engine = office.app.state.engine
    wanted = [Wanted("99", problem, measure, YEAR) for problem in categories() for measure in MEASURES]  # type: ignore[arg-type]
    for scope in (Scope.system("test"), Scope.committee()):
        with transaction(engine, SYSTEM) as session, counting(session) as sent:
            area_figures(session, scope, wanted, NOW)
        assert len(sent) == 2, sent


def test_each_cell_is_looked_up_by_its_key(office: Office) -> None:
    """Guards of rows must not turn look-ups into searches: with a country's cells that took a hundred times as long."""
    wanted = [Wanted("9901", "P08", "count", YEAR)]
    with transaction(office.app.state.engine, SYSTEM) as session:
        with counting(session) as sent:
            area_figures(session, Scope.system("test"), wanted, NOW)
        session.execute(text("SET LOCAL enable_seqscan = off"))
        statement, given = sent[0]
        lines = session.connection().exec_driver_sql(f"EXPLAIN {statement}", given).scalars().all()
    looked_up = [line for line in lines if "Index Cond" in line and "area_code" in line]
    assert len(looked_up) == 3
    for line in looked_up:
        assert all(name in line for name in ("level", "grain", "problem_code", "province_code")), line


@contextmanager
def counting(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """Note the statements that a session sends within the block, with what they are given."""
    sent: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:
        sent.append((given[2], given[3]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


def test_the_figure_stands_beside_the_text_on_maps_and_sheets_for_the_pages_audience(office: Office) -> None:
    with transaction(office.app.state.engine, SYSTEM) as session:
        area = get_area(session, "99")
        drawn = {
            who: stored_mind_maps(session, scope, [area], fiscal_period(2569))["99"]
            for who, scope in (("staff", Scope("officer", "internal")), ("committee", Scope.committee()))
        }
    for who, client in (("staff", "officer"), ("committee", "committee")):
        told, one = read(office, client), drawn[who]
        assert one.causes[0].text.partition(" [")[2].startswith(told["cause"]["words"]["th"])
        assert told["effect"]["words"]["th"] in one.effects[0]
        assert told["problem"]["words"]["th"] in one.size
        assert told["objective"]["words"]["th"] in one.solutions[0].objective
        assert told["indicator"]["words"]["th"] in one.solutions[0].activities[0].indicators[0].name
    page = office.clients["officer"].get("/api/v1/mindmaps/99?period=fy2569").json()
    assert page["causes"][0]["text"] == drawn["staff"].causes[0].text
    assert drawn["staff"].causes[0].text != drawn["committee"].causes[0].text


@pytest.mark.parametrize(
    ("now", "before", "slack", "direction"),
    [
        ((100, 1), (60, 1), 0, "up"),
        ((60, 1), (100, 1), 0, "down"),
        ((100, 1), (90, 1), 0, "flat"),
        ((100, 1), (60, 1), 7, "up"),
        ((80, 1), (55, 1), 0, "up"),
        ((80, 1), (55, 1), 7, "flat"),
        ((100, 2000), (60, 1200), 0, "flat"),
        ((19, 1), (60, 1), 0, "unknown"),
        ((60, 1), (19, 1), 0, "unknown"),
        ((60, float("nan")), (190, 5), 0, "unknown"),
        ((float("nan"), 1), (190, 1), 0, "unknown"),
    ],
)
def test_a_trend_is_claimed_beyond_chance_and_from_twenty_events_on(
    now: tuple[float, float], before: tuple[float, float], slack: float, direction: str
) -> None:
    assert trend(Events(*now), Events(*before), slack).direction == direction


def test_while_the_year_goes_on_the_same_months_are_compared(demo_session: Session) -> None:
    """Forty cases in the first half of a year are no fall against eighty in the whole of the last one."""
    source = make_source(demo_session, "test.trend")
    many(demo_session, source, 40, "9901", reported_on=date(2025, 12, 15))
    many(demo_session, source, 40, "9901", reported_on=date(2026, 8, 15))
    many(demo_session, source, 40, "9901", reported_on=date(2026, 12, 15))
    one = Wanted("9901", "P08", "count", date(2026, 10, 1))
    for day, direction, before in (("2027-03-31", "flat", 40), ("2027-09-30", "down", 80)):
        demo_session.execute(text("UPDATE source SET as_of = :day"), {"day": day})
        moved = area_figures(demo_session, SYSTEM, [one], NOW)[one].trend
        assert (moved.direction, moved.now, moved.before) == (direction, 40, before), day
    demo_session.execute(text("UPDATE source SET as_of = '2027-03-31'"))
    many(demo_session, source, 25, "9901", problem_code="P08.01", reported_on=date(2026, 12, 15))
    subtype = Wanted("99", "P08.01", "count", date(2026, 10, 1))
    assert area_figures(demo_session, SYSTEM, [subtype], NOW)[subtype].trend.reason == "trend.no_months"
    demo_session.execute(text("UPDATE source SET as_of = '2027-09-30'"))
    assert area_figures(demo_session, SYSTEM, [subtype], NOW)[subtype].trend.reason != "trend.no_months"


@pytest.mark.parametrize(
    "value",
    [
        {}, [], "cases", {"layer": "cases"}, {"measure": "count"}, {"layer": "identity", "measure": "count"},
        {"layer": "cases", "measure": "weight"}, {"layer": "cases", "measure": ["count"]},
        {"layer": ["cases"], "measure": "count"}, {**COUNTED, "problem": "P99"}, {**COUNTED, "problem": ["P08"]},
        {**COUNTED, "area": "98"}, {**COUNTED, "problem": "P08' OR 1=1"},
    ],
)  # fmt: skip
def test_a_part_is_bound_to_a_figure_of_its_plan_alone(demo_session: Session, value: Any) -> None:
    plan = create_from_template(demo_session, SYSTEM, "9901", "P08", YEAR)
    root = get_tree(demo_session, plan).root.id
    asked = Operation(uuid4(), "set", plan.number, root, field="filter", value=value)
    (result,) = apply_operations(demo_session, SYSTEM, plan.id, [asked]).results
    assert (result.state, result.error) == ("refused", "plan.bad_field")
