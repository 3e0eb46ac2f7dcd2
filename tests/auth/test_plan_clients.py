"""Several people edit one plan over HTTP, on pages that fold `/changes?since=`: all come to show the same."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.database import transaction
from layers.dates import fiscal_year_start
from mapping.plan_asking import Operation
from mapping.plan_making import create_from_template
from mapping.plan_tree import Change, Kept, Link, Part, Tree, fold
from mapping.plans import get_plan, get_tree
from tests.auth.conftest import Person, signed_in
from tests.mapping.plan_trees import check_sound, same
from tests.mapping.test_plan_machine import Editors
from tests.scopes import SYSTEM

Browser = Callable[[], TestClient]
People = Callable[..., Person]
OVER = "UPDATE plan SET state = 'superseded', approved_by = 'ก', approved_on = '2026-01-01' WHERE id = :id"
"""What is left of a plan that a test made: nothing is deleted, and the next test begins a draft of its own."""


class Page:
    """A page of a plan in a browser: it opens with the whole plan and then knows of changes alone."""

    def __init__(self, client: TestClient, plan: str, seed: int) -> None:
        self.client, self.address, self.editors = client, f"/api/v1/plans/{plan}", Editors(seed)
        self.tree = whole_tree(client.get(self.address).json())

    def edit(self, most: int) -> list[str]:
        """Ask for a few things at once, by what the page shows; return what became of each."""
        asked = [self.editors.ask(self.tree) for _ in range(self.editors.chance.randint(1, most))]
        answer = self.client.post(f"{self.address}/changes", json={"operations": [as_json(each) for each in asked]})
        assert answer.status_code == 200, answer.text
        return [each["state"] for each in answer.json()["results"]]

    def hear(self) -> None:
        """Fold what follows."""
        told = self.client.get(f"{self.address}/changes?since={self.tree.number}").json()
        for line in told["changes"]:
            if line["number"] == self.tree.number + 1:
                fold(self.tree, as_change(line))
        check_sound(self.tree)


def whole_tree(whole: dict[str, Any]) -> Tree:
    """Make the tree of a plan as it is answered; in which order parts were made is not among it."""
    tree = Tree(number=whole["number"])
    for place, each in enumerate(whole["parts"]):
        parent = UUID(each["parent"]) if each["parent"] else None
        kept = {name: tuple(Kept(one["value"], one["number"]) for one in held) for name, held in each["kept"].items()}
        part = Part(
            UUID(each["id"]), each["kind"], parent, place, each["fields"], each["versions"], kept, each["removed"]
        )
        tree.parts[part.id] = part
        if parent:
            tree.children.setdefault(parent, []).append(part.id)
    tree.links = {Link(UUID(one["part"]), UUID(one["to"]), one["kind"]) for one in whole["links"]}
    return tree


def as_json(asked: Operation) -> dict[str, Any]:
    given = {name: value for name, value in asdict(asked).items() if name != "origin"}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in given.items()}


def as_change(line: dict[str, Any]) -> Change:
    part = UUID(line["part"]) if line["part"] else None
    same_named = {name: line[name] for name in ("number", "action", "field", "old", "new", "base", "clashed")}
    return Change(operation_id=UUID(line["operation"]), part_id=part, **same_named)


def plain(tree: Tree) -> Tree:
    """Return a tree without what a page is not told: the order that parts were made in, and where they come from."""
    parts = {part.id: replace(part, ordinal=0, origin=None) for part in tree.parts.values()}
    return replace(tree, parts=parts)


@pytest.fixture
def plan(auth_app: FastAPI) -> Iterator[str]:
    with transaction(auth_app.state.engine, SYSTEM) as session:
        made = create_from_template(session, SYSTEM, "9902", "P01", fiscal_year_start(2569))
    yield str(made.id)
    with transaction(auth_app.state.engine, SYSTEM) as session:
        session.execute(text(OVER), {"id": made.id})


def pages(browser: Browser, person: People, plan: str, count: int) -> list[Page]:
    """Open a plan's page for so many people."""
    found = []
    for number in range(count):
        client = browser()
        someone = person("officer", f"editor-{number}", units=("office-99",), areas=("99",))
        client.headers["X-CSRF-Token"] = signed_in(client, someone)
        found.append(Page(client, plan, 1000 + number))
    return found


def check_equal(app: FastAPI, plan: str, found: list[Page]) -> None:
    """Fail unless all pages, an opened one too, show what the database holds."""
    with transaction(app.state.engine, SYSTEM) as session:
        held = get_tree(session, get_plan(session, SYSTEM, UUID(plan)))
    check_sound(held)
    for page in found:
        page.hear()
        assert page.tree.number == held.number
        assert same(plain(page.tree), plain(held))
    assert same(plain(whole_tree(found[0].client.get(found[0].address).json())), plain(held))


def test_three_pages_that_hear_late_end_equal(auth_app: FastAPI, browser: Browser, person: People, plan: str) -> None:
    found, chance, states = pages(browser, person, plan, 3), random.Random(7), []
    for _ in range(30):
        page = chance.choice(found)
        states += page.edit(most=6)
        if chance.random() < 0.4:
            chance.choice(found).hear()
    check_equal(auth_app, plan, found)
    assert {"done", "refused"} <= set(states)


@pytest.mark.proof
def test_five_pages_that_edit_at_the_same_moment_end_equal(
    auth_app: FastAPI, browser: Browser, person: People, plan: str
) -> None:
    """Their requests meet in the database, one waiting for the other's lock."""
    found = pages(browser, person, plan, 5)

    def work(page: Page) -> list[str]:
        states = []
        for _ in range(40):
            states += page.edit(most=4)
            if page.editors.chance.random() < 0.5:
                page.hear()
        return states

    with ThreadPoolExecutor(len(found)) as at_once:
        states = [state for each in at_once.map(work, found) for state in each]
    check_equal(auth_app, plan, found)
    assert states.count("done") > 200
