"""A thousand plans from their changes to finished SVG, and out to and in from each format of files."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from boundaries.areas import AreaRecord
from mapping.mindmaps import MindMap
from mapping.plan_examples import EXAMPLE, Name, example, steps_of_example
from mapping.plan_files.formats import FORMATS, read_plan_file, write_plan_file
from mapping.plan_files.taking_out import to_plan_file
from mapping.plan_making import steps_of_mind_map
from mapping.plan_mind_map import to_mind_map
from mapping.plan_tree import Tree
from mapping.sheet.pages import Page
from mapping.sheet.paper import Paper
from mapping.sheet.setting import Document, to_svg
from mapping.sheet.tree import draw_tree
from mapping.templates import draft
from tests.plan_files.made import stored, tree_of

pytestmark = pytest.mark.bench

MANY, AT_ONCE, TODAY = 1_000, 20, date(2026, 1, 15)
AREA = AreaRecord("9901", "district", "99", "สมมติ", "Sommut", "district", 100.0, 14.0)
PAPER = Paper("A3", "landscape")
NAMES: tuple[Name, ...] = ("a", "b")
DOCUMENT = Document("แผน", "Social Map", "แผนสมมติ", ("แผน",))


def plans() -> Iterator[Tree]:
    """Yield a thousand plans: both worked examples and the sixteen templates in turn, each with a title of its own."""
    for number in range(MANY):
        if number % 3:
            content: dict[str, Any] = {**example(NAMES[number % 2])}
            content["text"] = f"{content['text']} {number}"
            yield tree_of(steps_of_example(content, f"{EXAMPLE}a"))
        else:
            made = draft(f"P{number % 16 + 1:02}", AREA, "")
            yield tree_of(steps_of_mind_map(replace(made, title=f"{made.title} {number}"), "template:P01"))


def timed(make: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.process_time()
    made = make()
    return made, time.process_time() - begun


def page_of(mind_map: MindMap) -> Page:
    page = Page(PAPER)
    page.put("tree", draw_tree(PAPER, mind_map, PAPER.width - 2 * PAPER.margin), PAPER.margin, PAPER.margin, "ผัง")
    return page


def test_the_rate_of_a_thousand_plans_to_svg(capsys: pytest.CaptureFixture[str]) -> None:
    """Read from the changes, laid out and drawn, set by Typst with every letter as an outline."""
    to_svg([page_of(to_mind_map(stored(), next(plans()), AREA, TODAY))], DOCUMENT)
    trees, folding = timed(lambda: list(plans()))
    maps, reading = timed(lambda: [to_mind_map(stored(), tree, AREA, TODAY) for tree in trees])
    pages, drawing = timed(lambda: [page_of(each) for each in maps])
    made, setting = timed(
        lambda: [svg for first in range(0, MANY, AT_ONCE) for svg in to_svg(pages[first : first + AT_ONCE], DOCUMENT)]
    )
    assert len(made) == MANY
    assert all(svg.lstrip().startswith(b"<svg") for svg in made)
    whole = reading + drawing + setting
    with capsys.disabled():
        print(f"\nplans to SVG: {MANY / whole:.0f} a second ({whole:.1f} s for {MANY:,}); ", end="")
        print(f"drawing {drawing / whole:.2f}, setting {setting / whole:.2f} of it; ", end="")
        print(f"folding {folding:.1f} s; {sum(map(len, made)) / MANY / 1000:.0f} kB each")
    assert whole < 600


def test_the_rate_of_a_thousand_plans_out_and_in(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON stands for 1; each of the others as a ratio to it."""
    files = [to_plan_file(stored(), tree, work=True) for tree in plans()]
    rates, told = {}, []
    for format in FORMATS:
        written, out = timed(lambda format=format: [write_plan_file(each, format) for each in files])  # type: ignore[misc]
        _, back = timed(
            lambda format=format, written=written: [read_plan_file(f"x.{format}", each) for each in written]  # type: ignore[misc]
        )
        rates[format] = out, back
        told.append(f"{format} {MANY / out:.0f} out, {MANY / back:.0f} in a second, {len(written[0]) / 1000:.0f} kB")
    with capsys.disabled():
        print("\nplans' files: " + "; ".join(told))
        whole = {format: sum(pair) / sum(rates["json"]) for format, pair in rates.items()}
        print("beside JSON: " + ", ".join(f"{format} {ratio:.1f}" for format, ratio in whole.items()))
    assert all(sum(pair) < 120 for pair in rates.values())
