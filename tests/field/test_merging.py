"""Offline edits of one case by several phones: whatever the network does, replicas end alike and no value vanishes."""

import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import hypothesis
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import text

from api.database import transaction
from api.field.receiving import Part, receive
from api.identity_use import identity_keys
from layers.identity import get_identity
from layers.observations import Hidden, Observation, merge
from layers.observed import read_observations
from layers.observed_words import FILING, read_words
from tests.field.conftest import Owner
from tests.field.phone import Envelope, uuid7
from tests.scopes import SYSTEM

FIELDS: dict[str, tuple[Any, ...]] = {
    "urgency": ("U1", "U2", "U3", "U4"),
    "problem": ("P08", "P08.01", "P02.01"),
    "target_groups": (["T05"], ["T05", "T07"], []),
    "description": ("ก สมมติ", "ข สมมติ", None),
}
DEVICES = 3
START = 1_772_000_000_000
"""Milliseconds at which the clocks begin; each is off by another hour."""


@dataclass
class Sent:
    """An observation as its phone sealed it, and as a replica merges it."""

    envelope: Envelope
    phone: int
    stated: Observation


class Model:
    """What every replica must come to, said in the plainest way."""

    def __init__(self, sent: list[Sent]) -> None:
        self.stated = [one.stated for one in sent]

    def standing(self, name: str) -> dict[UUID, Any]:
        """Return the values of a field that nobody replaced knowingly."""
        having = {one.id: one.fields[name] for one in self.stated if name in one.fields}
        replaced = {gone for one in self.stated if name in one.fields for gone in one.seen.get(name, ())}
        return {one: value for one, value in having.items() if one not in replaced}


class Phones(RuleBasedStateMachine):
    """Three phones offline, one database, and two replicas that merge by themselves."""

    app: FastAPI
    owners: list[Owner]

    @initialize()
    def first(self) -> None:
        self.clock = itertools.count(START, 1000)
        case = uuid7(next(self.clock))
        place = {"how": "area", "stated": "990101"}
        fields = {"urgency": "U2", "problem": "P08", "target_groups": ["T05"], "description": "แรก สมมติ"}
        made = self.owners[0].phone.case(case, place=place, **fields)
        self.case, self.seen = case, [{name: {case} for name in FIELDS} for _ in range(DEVICES)]
        self.sent = [Sent(made, 0, Observation(case, fields, {}))]
        self.arrived: list[list[Observation]] = [[], []]

    @rule(phone=st.integers(0, DEVICES - 1), names=st.sets(st.sampled_from(sorted(FIELDS)), min_size=1), data=st.data())
    def edit(self, phone: int, names: set[str], data: st.DataObject) -> None:
        fields = {name: data.draw(st.sampled_from(FIELDS[name])) for name in sorted(names)}
        seen = {name: sorted(map(str, self.seen[phone][name])) for name in fields}
        made = uuid7(next(self.clock) + phone * 3_600_000)
        envelope = self.owners[phone].phone.observation(self.case, seen, made, **fields)
        known = {name: frozenset(self.seen[phone][name]) for name in fields}
        self.sent.append(Sent(envelope, phone, Observation(made, fields, known)))
        for name in fields:
            self.seen[phone][name] = {made}

    @rule(data=st.data())
    def one_reaches_the_server(self, data: st.DataObject) -> None:
        self.deliver(data.draw(st.sampled_from(self.sent)))

    @rule(data=st.data(), replica=st.integers(0, 1))
    def one_reaches_a_replica(self, data: st.DataObject, replica: int) -> None:
        self.arrived[replica].append(data.draw(st.sampled_from(self.sent)).stated)

    @rule(phone=st.integers(0, DEVICES - 1))
    def a_phone_hears_what_stands(self, phone: int) -> None:
        cases = self.owners[phone].phone.cases().json()["cases"]
        for one in cases:
            if one["id"] == str(self.case):
                self.seen[phone] = {name: set(map(UUID, one["seen"].get(name, []))) for name in FIELDS}

    def deliver(self, one: Sent) -> None:
        content = one.envelope.sealed
        part = Part(one.envelope.id, 0, len(content), bytes.fromhex(one.envelope.sha256), content)
        told = receive(self.app.state.engine, self.owners[one.phone].phone.send_key, part)
        assert told.state in ("kept", "waiting")

    def teardown(self) -> None:
        if not hasattr(self, "sent"):
            return
        orders = [random.Random(seed).sample(self.sent, len(self.sent)) for seed in range(3)]
        for one in orders[2]:
            self.deliver(one)
        for replica, order in zip(self.arrived, orders, strict=False):
            replica += [one.stated for one in order]
        check(self.app, self.case, self.sent, self.arrived)


def check(app: FastAPI, case: UUID, sent: list[Sent], replicas: list[list[Observation]]) -> None:
    merged, others = (merge(replica) for replica in replicas)
    assert merged == others
    with transaction(app.state.engine, FILING) as session:
        keys = identity_keys(session)
        stored, words = read_observations(session, "99", case), read_words(session, keys, "99", case)
        row = session.execute(text('SELECT * FROM "case" WHERE id = :id'), {"id": case}).one()
        person = get_identity(session, replace(FILING, reason="ทดสอบ"), keys, case)
    opened = [replace(one, fields={name: words[one.id][name] if isinstance(value, Hidden) else value
                                   for name, value in one.fields.items()}) for one in stored]  # fmt: skip
    kept = {one.id: {name: one.fields[name] for name in FIELDS if name in one.fields} for one in opened}
    assert kept == {one.stated.id: one.stated.fields for one in sent}, "nothing vanishes from history"
    in_database = merge(opened)
    for name in FIELDS:
        assert in_database[name] == merged[name]
        standing = Model(sent).standing(name)
        assert set(merged[name].ids) == set(standing)
        assert merged[name].id == max(standing)
        assert merged[name].clash == (len({str(value) for value in standing.values()}) > 1)
    shown = {name: merged[name].value for name in FIELDS}
    assert (row.urgency, row.problem_code, list(row.target_groups)) == (
        shown["urgency"], shown["problem"], shown["target_groups"])  # fmt: skip
    assert person.note == shown["description"]


@contextmanager
def phones(app: FastAPI, someone: Callable[..., Owner]) -> Iterator[type[Phones]]:
    class Ours(Phones):
        pass

    Ours.app, Ours.owners = app, [someone("officer", ("home-99",), ("9901",)) for _ in range(DEVICES)]
    yield Ours


@pytest.mark.parametrize(
    ("examples", "steps"), [(12, 14), pytest.param(150, 30, marks=pytest.mark.proof)], ids=["few", "many"]
)
def test_all_replicas_end_alike(app: FastAPI, someone: Callable[..., Owner], examples: int, steps: int) -> None:
    with phones(app, someone) as machine:
        checks = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large]
        run_state_machine_as_test(
            machine,
            settings=hypothesis.settings(
                max_examples=examples, stateful_step_count=steps, suppress_health_check=checks
            ),
        )


def test_two_offline_edits_of_one_field_keep_both(app: FastAPI, someone: Callable[..., Owner]) -> None:
    one, two = (someone("officer", ("home-99",), ("9901",)) for _ in range(2))
    case = one.phone.case(urgency="U2", person_phone="0000000001")
    assert one.phone.send(case)["state"] == "kept"
    known = {"urgency": [str(case.id)], "person.phone": [str(case.id)]}
    edits = [
        owner.phone.observation(case.id, known, uuid7(START * 2 + number), urgency=urgency, person_phone=phone)
        for number, (owner, urgency, phone) in enumerate(((one, "U3", "0000000003"), (two, "U4", "0000000004")))
    ]
    for owner, edit in reversed(list(zip((one, two), edits, strict=True))):
        assert owner.phone.send(edit)["state"] == "kept"
    told = one.browser.get(f"/api/v1/cases/{case.id}/observations").json()
    standing = told["fields"]["urgency"]
    assert (standing["clash"], standing["ids"]) == (True, [str(edit.id) for edit in edits])
    assert standing["value"] == "U4"
    assert [row["fields"]["urgency"] for row in told["observations"]].count("U3") == 1
    [line] = [row for row in one.phone.cases().json()["cases"] if row["id"] == str(case.id)]
    assert line["clashes"] == ["person.phone", "urgency"]
    words = one.browser.post(
        f"/api/v1/cases/{case.id}/observations/words", json={"reason": "ทดสอบสมมติ"}, headers={"X-CSRF-Token": one.csrf}
    ).json()["observations"]
    assert {row["words"]["person.phone"] for row in words} == {"0000000001", "0000000003", "0000000004"}
    settled = two.phone.observation(case.id, {name: line["seen"][name] for name in known}, urgency="U3")
    assert two.phone.send(settled)["state"] == "kept"
    [line] = [row for row in one.phone.cases().json()["cases"] if row["id"] == str(case.id)]
    assert (line["clashes"], line["urgency"]) == (["person.phone"], "U3")
    with transaction(app.state.engine, SYSTEM) as session:
        assert session.execute(text('SELECT urgency FROM "case" WHERE id = :id'), {"id": case.id}).scalar_one() == "U3"


IDS = [UUID(int=number) for number in range(1, 7)]


@given(
    st.lists(
        st.tuples(st.sampled_from(IDS), st.sampled_from("ab"), st.frozensets(st.sampled_from(IDS), max_size=4)),
        unique_by=lambda one: one[0],
        min_size=1,
    ),
    st.randoms(use_true_random=False),
)
def test_merging_needs_no_order_and_loses_nothing_even_to_liars(
    given_ones: list[tuple[UUID, str, frozenset[UUID]]], shuffled: random.Random
) -> None:
    """Observations may claim to have seen what came later, themselves, or what nobody made."""
    ones = [Observation(one, {"urgency": value}, {"urgency": seen}) for one, value, seen in given_ones]
    again = [*ones, *ones]
    shuffled.shuffle(again)
    merged = merge(ones)["urgency"]
    assert merge(again)["urgency"] == merged
    assert merged.ids
    assert merged.id == merged.ids[-1]
    for one in ones:
        others = [other for other in ones if other.id != one.id]
        if not any(one.id in other.seen["urgency"] for other in others):
            assert one.id in merged.ids
