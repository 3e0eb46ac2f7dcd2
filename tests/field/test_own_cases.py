"""Which cases a phone takes along: those of its owner that somebody still works on."""

from collections.abc import Callable
from uuid import UUID

import pytest
from fastapi import FastAPI

from api.database import transaction
from layers import taxonomy
from tests.field.conftest import Owner
from tests.scopes import SYSTEM

OPEN = (10, 20, 30, 35, 40, 45, 50, 55, 60, 70, 81)


def stated(app: FastAPI, case: UUID, *steps: int) -> None:
    """Take a case along steps as a file states them."""
    from layers.case_steps import lock_single, move

    for to in steps:
        with transaction(app.state.engine, SYSTEM) as session:
            reason = "goal_met" if to == taxonomy.CLOSED else None
            move(session, SYSTEM, lock_single(session, case), to, "stated" if to != 81 else "step", close_reason=reason)


def listed(owner: Owner) -> dict[str, int]:
    return {one["id"]: one["status"] for one in owner.phone.cases().json()["cases"]}


def test_a_reopened_case_is_on_the_phone_again(app: FastAPI, someone: Callable[..., Owner]) -> None:
    owner = someone()
    sent = owner.phone.case()
    assert owner.phone.send(sent)["state"] == "kept"
    assert listed(owner) == {str(sent.id): 10}
    stated(app, sent.id, taxonomy.CLOSED)
    assert listed(owner) == {}
    stated(app, sent.id, taxonomy.REOPENED)
    assert listed(owner) == {str(sent.id): 81}


@pytest.mark.parametrize("status", [status for status in taxonomy.statuses() if status not in (10, 80, 81)])
def test_an_open_case_is_on_the_phone_and_an_ended_one_is_not(app: FastAPI, someone_once: Owner, status: int) -> None:
    sent = someone_once.phone.case()
    assert someone_once.phone.send(sent)["state"] == "kept"
    stated(app, sent.id, status)
    assert (str(sent.id) in listed(someone_once)) == (status in OPEN)


def test_each_status_is_open_or_ended() -> None:
    assert set(OPEN) | set(taxonomy.ENDED) == set(taxonomy.statuses())
    assert not set(OPEN) & set(taxonomy.ENDED)
    assert tuple(one for one, told in taxonomy.statuses().items() if taxonomy.MERGED in told.next) == taxonomy.MERGEABLE
    still = [one for one in taxonomy.ENDED if set(taxonomy.statuses()[one].next) - {taxonomy.REOPENED}]
    assert [*taxonomy.OVER, *still] == list(taxonomy.ENDED)
