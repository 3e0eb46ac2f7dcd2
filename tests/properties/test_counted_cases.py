"""Duplicates and pranks are no case in figures: after any mix of steps, merges, imports and undoing them."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers import rollups, taxonomy
from layers.case_batches import stage, write_staged
from layers.case_merging import NotMergeable, merge_cases, unmerge_case
from layers.case_steps import ClosingTakesTwo, NoSingleCase, NotMerged, take_step
from layers.cases import BadStatus, CaseNotFound, CaseValues, change_status, create_case, delete_case
from layers.importing.runs import create_run, undo_run
from tests.layers.made import make_batch, make_source
from tests.properties.test_rollups import areas_of
from tests.scopes import SYSTEM

REFUSED = (BadStatus, CaseNotFound, ClosingTakesTwo, NoSingleCase, NotMergeable, NotMerged)
RUN = {"target": "cases", "area_code": "99", "file_name": "a.csv", "checksum": "", "recipe": "", "actor_id": None}

TOTALS = """
SELECT (SELECT coalesce(sum(cases), 0) FROM "case" WHERE status NOT IN (90, 91)) AS counted,
       (SELECT coalesce(sum(cases), 0) FROM case_count
        WHERE level = 'province' AND grain IN ('month', 'year_only') AND length(problem_code) = 3) AS kept,
       (SELECT coalesce(sum(cases * cardinality(target_groups)), 0) FROM "case"
        WHERE status NOT IN (90, 91)) AS in_groups,
       (SELECT coalesce(sum(cases), 0) FROM case_count_by_group
        WHERE level = 'province' AND grain IN ('fy', 'year_only')) AS kept_in_groups"""
MERGES_OF_CASES = """
SELECT count(*) FROM case_merge m JOIN "case" c ON c.province_code = m.province_code AND c.id = m.case_id
WHERE m.unmerged_at IS NULL AND c.status <> 90"""
LOST = """
SELECT count(*) FROM "case" c JOIN case_event e ON e.province_code = c.province_code AND e.case_id = c.id
    AND e.number = c.last_event AND e.way IN ('step', 'undo') AND e.to_status = 90
WHERE NOT EXISTS (SELECT FROM case_merge m WHERE m.province_code = c.province_code AND m.case_id = c.id
                  AND m.unmerged_at IS NULL)"""
"""Cases that somebody merged and that no case stands for."""

statuses = st.sampled_from((10, 10, 20, 30, 50, 80, 90, 91))
numbers = st.integers(0, 9)


@st.composite
def values(draw: st.DrawFn) -> CaseValues:
    """Draw a case of any status, now and then a row that stands for several."""
    year_only = draw(st.booleans())
    status = draw(statuses)
    return CaseValues(
        problem_code=draw(st.sampled_from(("P01.02", "P08"))),
        reported_on=date(2026, 1, 1) if year_only else date(2026, draw(st.integers(1, 12)), 3),
        date_precision="year" if year_only else "day",
        status=status,
        close_reason="moved" if status == 80 else None,
        cases=draw(st.sampled_from((1, 1, 1, 4))),
        weight=draw(st.sampled_from((1.0, 2.5))),
        stated_code=draw(st.sampled_from(("990101", "9902"))),
        target_groups=tuple(draw(st.lists(st.sampled_from(("T01", "T07")), unique=True, max_size=2))),
    )


mixes = st.lists(
    st.one_of(
        st.tuples(st.just("create"), values()),
        st.tuples(st.just("step"), numbers, st.sampled_from((20, 30, 40, 91))),
        st.tuples(st.just("state"), numbers, st.sampled_from((20, 90, 91))),
        st.tuples(st.just("merge"), numbers, numbers),
        st.tuples(st.just("merge"), numbers, numbers),
        st.tuples(st.just("unmerge"), numbers),
        st.tuples(st.just("delete"), numbers),
        st.tuples(st.just("bring"), st.lists(st.tuples(st.integers(0, 4), values()), min_size=1, max_size=4)),
        st.tuples(st.just("undo")),
    ),
    min_size=4,
    max_size=14,
)


class Office:
    """The cases there are, in the order in which they came, and the imports that can be undone."""

    def __init__(self, session: Session) -> None:
        self.session, self.runs = session, list[int]()

    def case(self, number: int) -> UUID:
        asked = 'SELECT id FROM "case" ORDER BY external_id, id OFFSET :number LIMIT 1'
        return self.session.execute(text(asked), {"number": number}).scalar() or UUID(int=0)

    def create(self, one: CaseValues) -> None:
        create_case(self.session, make_source(self.session), one)

    def step(self, number: int, to: int) -> None:
        take_step(self.session, SYSTEM, self.case(number), to)

    def state(self, number: int, to: int) -> None:
        if not get_open_merge(self.session, self.case(number)):
            change_status(self.session, self.case(number), to)

    def merge(self, number: int, kept: int) -> None:
        merge_cases(self.session, SYSTEM, self.case(number), self.case(kept))

    def unmerge(self, number: int) -> None:
        unmerge_case(self.session, SYSTEM, self.case(number))

    def delete(self, number: int) -> None:
        if not is_kept(self.session, self.case(number)):
            delete_case(self.session, self.case(number))

    def bring(self, rows: list[tuple[int, CaseValues]]) -> None:
        unique = {str(number): one for number, one in rows}
        batch = make_batch([(name, one, areas_of(one)) for name, one in unique.items()])
        stated = {"status": [one.status for one in unique.values()]}
        stated |= {"close_reason": [one.close_reason for one in unique.values()]}  # type: ignore[dict-item]
        source = make_source(self.session, "bulk")
        run = create_run(self.session, source, RUN)
        write_staged(self.session, source, stage(self.session, [{**batch, **stated}]), run_id=run)
        self.runs.append(run)

    def undo(self) -> None:
        if self.runs:
            undo_run(self.session, self.runs.pop(), worked_on=True)


def get_open_merge(session: Session, case: UUID) -> bool:
    asked = "SELECT EXISTS (SELECT FROM case_merge WHERE case_id = :id AND unmerged_at IS NULL)"
    return bool(session.execute(text(asked), {"id": case}).scalar())


def is_kept(session: Session, case: UUID) -> bool:
    asked = "SELECT EXISTS (SELECT FROM case_merge WHERE kept_id = :id AND unmerged_at IS NULL)"
    return bool(session.execute(text(asked), {"id": case}).scalar())


def check_mix(session: Session, drawn: list) -> None:  # type: ignore[type-arg]
    """Do the steps and compare after each; leave nothing behind."""
    undo = session.begin_nested()
    try:
        office = Office(session)
        for name, *given_ in drawn:
            try:
                with session.begin_nested():
                    getattr(office, name)(*given_)
            except REFUSED:
                continue
            assert rollups.check(session) == [], (name, given_)
            totals = session.execute(text(TOTALS)).one()
            assert (totals.kept, totals.kept_in_groups) == (totals.counted, totals.in_groups), (name, given_)
            assert session.execute(text(MERGES_OF_CASES)).scalar_one() == 0, (name, given_)
            assert session.execute(text(LOST)).scalar_one() == 0, (name, given_)
    finally:
        undo.rollback()


PLAIN = CaseValues("P08", date(2026, 1, 3), stated_code="990101")
MERGED_INTO_WHAT_IS_UNDONE = [("create", PLAIN), ("bring", [(0, PLAIN)]), ("merge", 1, 0), ("undo",)]
PARTED_BEFORE_AN_UNDO = [
    ("bring", [(0, PLAIN), (1, PLAIN)]), ("merge", 0, 1), ("bring", [(0, replace(PLAIN, weight=2.5))]), ("unmerge", 0),
    ("undo",),
]  # fmt: skip
SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=10, deadline=None, suppress_health_check=SUPPRESSED)
@given(drawn=mixes)
@example(drawn=MERGED_INTO_WHAT_IS_UNDONE)
@example(drawn=PARTED_BEFORE_AN_UNDO)
def test_figures_count_cases_alone(demo_session: Session, drawn: list) -> None:  # type: ignore[type-arg]
    check_mix(demo_session, drawn)


@pytest.mark.proof
@settings(max_examples=300, deadline=None, suppress_health_check=SUPPRESSED)
@given(drawn=mixes)
def test_figures_count_cases_alone_in_very_many_mixes(demo_session: Session, drawn: list) -> None:  # type: ignore[type-arg]
    check_mix(demo_session, drawn)


def test_two_statuses_are_no_case() -> None:
    assert taxonomy.uncounted() == (90, 91)
