"""The web application with accounts, and two plans of the invented province: one approved, one a draft."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.database import transaction
from layers.cases import new_id
from mapping.plan_asking import Operation
from mapping.plan_changes import apply_operations
from mapping.plan_examples import load_example
from mapping.plan_making import create_from_template
from mapping.plan_tree import Tree
from mapping.plans import PlanRecord, get_plan, get_tree
from tests.auth.conftest import Person, auth_app, clean, keys, person, signed_in
from tests.auth.conftest import browser as browsers
from tests.guarded import owning
from tests.scopes import SYSTEM

__all__ = ["auth_app", "browsers", "clean", "keys", "person"]

YEAR, DAY = date(2025, 10, 1), date(2026, 1, 15)
ATTACK = "<script>alert(1)</script>${7*7}{{7*7}}'\"><img src=x onerror=alert(2)>"


@dataclass(frozen=True)
class Made:
    """The application with an approved plan (example a, 9901) and a draft of hostile words (9902)."""

    app: FastAPI
    approved: UUID
    draft: UUID
    before: int
    """The newest audit entry of the tests before: the chain is never emptied."""

    def plan(self, plan_id: UUID) -> tuple[PlanRecord, Tree]:
        """Read a plan as it is."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            found = get_plan(session, SYSTEM, plan_id)
            return found, get_tree(session, found)

    def first(self, plan_id: UUID, kind: str) -> Any:
        """Return the first activity that is under way, or its first indicator."""
        tree = self.plan(plan_id)[1]
        doing = next(part for part in tree.walk(tree.root.id) if part.fields.get("status") == "doing")
        return doing if kind == "activity" else tree.under(doing.id, "indicator")[0]

    def recorded(self, action: str) -> list[dict[str, Any]]:
        """Return the details of what has come on record, the oldest first."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            asked = "SELECT details FROM audit_entry WHERE action = :action AND number > :before ORDER BY number"
            found = session.execute(text(asked), {"action": action, "before": self.before})
            return [dict(row.details) for row in found]


@pytest.fixture
def made(server: str, auth_app: FastAPI) -> Iterator[Made]:
    """Make the plans; they are taken away afterwards."""
    engine = auth_app.state.engine
    with transaction(engine, SYSTEM) as session:
        approved = load_example(session, SYSTEM, "a", "9901", DAY)
        draft = create_from_template(session, SYSTEM, "9902", "P08", YEAR)
        texts = [part for part in get_tree(session, draft).parts.values() if part.kind != "problem"]
        given = [Operation(new_id(), "set", draft.number, part.id, field="text", value=ATTACK) for part in texts]
        assert {one.state for one in apply_operations(session, SYSTEM, draft.id, given).results} == {"done"}
        before = session.scalar(text("SELECT coalesce(max(number), 0) FROM audit_entry"))
    yield Made(auth_app, approved.id, draft.id, before or 0)
    with owning(server, engine) as owner, owner.begin() as connection:
        for asked in (
            "DELETE FROM plan",
            "DELETE FROM policy_theme WHERE fiscal_year > '2016-10-01'",
            "UPDATE policy_theme SET title_th = NULL, title_en = NULL",
        ):
            connection.execute(text(asked))


@pytest.fixture
def staff(browsers: Callable[[], TestClient], person: Callable[..., Person]) -> Callable[..., TestClient]:
    """Sign somebody in."""

    def sign(role: str = "officer", areas: tuple[str, ...] = ("99",)) -> TestClient:
        client = browsers()
        units = ("office-99",) if role not in ("admin", "auditor") else ()
        client.headers["X-CSRF-Token"] = signed_in(client, person(role, f"{role}-one", units=units, areas=areas))
        return client

    return sign
