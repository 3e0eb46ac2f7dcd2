"""How long a plan of two hundred parts takes to open for work in Chromium."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage, browser, new_page  # noqa: F401
from tests.planning.conftest import Place, address, place  # noqa: F401
from tests.planning.test_editor import opened

pytestmark = [pytest.mark.bench, pytest.mark.browser]
PARTS, TRIES = 200, 5
READY = "performance.getEntriesByName('plan-ready')[0].startTime"


def test_a_plan_of_two_hundred_parts_opens_within_a_second(
    place: Place,  # noqa: F811
    address: str,  # noqa: F811
    new_page: NewPage,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    plan = place.draft()
    causes = [part.id for part in place.tree(plan).parts.values() if part.kind == "cause"]
    lacking = PARTS - len(place.tree(plan).parts)
    asked = [
        {"id": str(uuid4()), "action": "add", "base": 1, "kind": "cause", "parent": str(causes[number % len(causes)]),
         "fields": {"text": f"รากของปัญหาข้อที่ {number} ซึ่งทีมพื้นที่ช่วยกันเขียนในที่ประชุม"}}
        for number in range(lacking)
    ]  # fmt: skip
    place.change("officer", plan, *asked)
    assert len(place.tree(plan).parts) == PARTS
    page = opened(new_page(allow=(address,)), place, address, plan)
    page.click("#unfold-all")
    expect(page.locator("me-tpc")).to_have_count(PARTS)
    spent = []
    for _ in range(TRIES):
        page.reload()
        page.wait_for_selector("#map[data-ready]")
        spent.append(page.evaluate(READY))
    expect(page.locator("me-tpc")).to_have_count(PARTS)
    spent.sort()
    with capsys.disabled():
        told = f"{spent[0]:.0f} ms at best, {spent[TRIES // 2]:.0f} ms in the middle, {spent[-1]:.0f} ms at most"
        print(f"\nplan of {PARTS} parts ready for work: {told}")
    assert spent[0] < 1_000  # the others tell what else the machine was doing
