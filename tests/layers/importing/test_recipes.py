"""Recipes: what is written is read back, what is strange is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.messages import Text
from layers.files.table import Asked
from layers.importing.recipes import (
    BadRecipe,
    HeadingsMissing,
    Recipe,
    UnknownRecipe,
    check_headings,
    fill,
    get_recipe,
    list_recipes,
    read_recipe,
    write_recipe,
)
from layers.importing.roles import PREFIXES, ROLES, TALLY_ROLES, TARGETS, get_role

WORDS = st.text(min_size=1, max_size=20).map(str.strip).filter(lambda one: one.isprintable() and one)
HEADINGS = st.one_of(
    WORDS, st.sampled_from(["no", "07", "2568-11-05", "~", "null", "- a", "#x", "a: b", "'", "ปี พ.ศ."])
)


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    target = draw(st.sampled_from(TARGETS))
    form = draw(st.sampled_from(["list", "long", "wide"])) if target == "cases" else "list"
    possible = [role.name for role in ROLES.values() if target in role.targets and not role.settled]
    possible += [f"{name}:ก" for name, (_, targets) in PREFIXES.items() if target in targets and name != "count"]
    if form == "list":
        possible = [role for role in possible if role != "cases"]
    else:  # a table of counts has no roles of single cases, and one form
        possible = [role for role in possible if role in TALLY_ROLES]
    if form == "wide":
        possible = [role for role in possible if role not in ("cases", "problem")] + ["count:P01", "count:P08.02"]
    columns = {
        role: tuple(draw(st.lists(HEADINGS, min_size=1, max_size=2 if get_role(role).several else 1)))
        for role in draw(st.lists(st.sampled_from(possible), unique=True, max_size=6))
    }
    used = {heading for many in columns.values() for heading in many}
    return Recipe(
        name=draw(st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,20}", fullmatch=True)),
        target=target,
        columns=columns,
        fixed={"date_order": "mdy"} if draw(st.booleans()) else {},
        words={"problem": draw(st.dictionaries(HEADINGS, st.sampled_from(["P01", "P02.03", ""])))}
        if target == "cases" and draw(st.booleans())
        else {},
        asked=Asked(
            separator=draw(st.sampled_from([None, "|", "\t", ";"])),
            header_rows=draw(st.sampled_from([None, (0, 0), (2, 3)])),
            crs=draw(st.sampled_from([None, "EPSG:24047"])),
        ),
        source=draw(st.none() | st.builds(Text, WORDS, WORDS)),
        licence=draw(st.none() | WORDS),
        dropped=tuple(one for one in draw(st.lists(HEADINGS, max_size=3)) if one not in used),
        kept=tuple(draw(st.lists(HEADINGS, max_size=3))),
        repairs=tuple(draw(st.lists(st.sampled_from(["swapped", "EPSG:32648"]), max_size=2))),
        period=draw(st.sampled_from([None, "2568", "ปีงบ 68"])),
        lenient=draw(st.booleans()),
    )


@given(recipes())
def test_what_is_written_is_read_back(recipe: Recipe) -> None:
    written = write_recipe(recipe)
    assert read_recipe(written) == recipe
    assert write_recipe(read_recipe(written)) == written


def test_built_in_recipes_are_whole() -> None:
    assert [recipe.name for recipe in list_recipes()] == sorted(
        path.stem for path in Path("layers/importing/recipes").iterdir()
    )
    for recipe in list_recipes():
        assert read_recipe(write_recipe(recipe)) == recipe
        assert recipe.source is not None
    with pytest.raises(UnknownRecipe, match="road_deaths"):
        get_recipe("none")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "- a",
        "name: a",
        "target: cases",
        "name: A b\ntarget: cases",
        "name: a\ntarget: people",
        "name: a\ntarget: cases\ncolour: red",
        "name: a\nname: b\ntarget: cases",
        "name: a\ntarget: cases\ncolumns: {problem: [a, b]}",
        "name: a\ntarget: cases\ncolumns: {problem: []}",
        "name: a\ntarget: cases\ncolumns: {problem: ['']}",
        "name: a\ntarget: cases\ncolumns: {colour: [a]}",
        "name: a\ntarget: cases\ncolumns: {'count:x': [a]}",
        "name: a\ntarget: figures\ncolumns: {'count:': [a]}",
        "name: a\ntarget: cases\ncolumns: {date_order: [a]}",
        "name: a\ntarget: cases\ncolumns: {problem: [a]}\nfixed: {problem: P01}",
        "name: a\ntarget: cases\ncolumns: {problem: [a]}\ndropped: [a]",
        "name: a\ntarget: cases\nfixed: {problem: P99}",
        "name: a\ntarget: cases\nfixed: {date_order: ymd}",
        "name: a\ntarget: cases\nfixed: {problem: [P01]}",
        "name: a\ntarget: cases\nwords: {problem: {x: P99}}",
        "name: a\ntarget: cases\nasked: {colour: red}",
        "name: a\ntarget: cases\nasked: {header_rows: [1]}",
        "name: a\ntarget: cases\nasked: {header_rows: [-1, 2]}",
        "name: a\ntarget: cases\nlenient: maybe",
        "name: a\ntarget: cases\nsource: {th: ก}",
        "name: &x a\ntarget: cases",
        "name: a\ntarget: cases\nkept: !!python/object/apply:os.system [ls]",
        "name: a\ntarget: cases\nkept: [[[[[[[a]]]]]]]",
        "[" * 5000,
        "name: a\ntarget: cases\nlicence: " + "x" * 70_000,
        "name: a: b",
        "name: a\ntarget: cases\n\x00",
    ],
)
def test_what_is_no_recipe_is_refused_with_words(content: str) -> None:
    with pytest.raises(BadRecipe) as raised:
        read_recipe(content)
    assert "{" not in raised.value.text.en.replace("{more}", "")


def test_files_that_are_no_recipes(tmp_path: Path) -> None:
    for name, content in (("a.yaml", b"\xff\xfe\x00"), ("b.yaml", b"x" * 100_000)):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadRecipe):
            read_recipe(tmp_path / name)
    with pytest.raises(BadRecipe):
        read_recipe(tmp_path / "none.yaml")
    (tmp_path / "c.yaml").write_text("\ufeffname: a\ntarget: cases\n", "utf-8")
    assert read_recipe(tmp_path / "c.yaml").name == "a"


def test_headings_that_are_missing_are_named() -> None:
    recipe = Recipe("a", "cases", {"problem": ("ปัญหา",), "reported_on": ("วัน", "เดือน")})
    check_headings(recipe, ("ปัญหา", "วัน", "เดือน", "สี"))
    with pytest.raises(HeadingsMissing) as raised:
        check_headings(recipe, ("วัน", "สี"))
    assert "ปัญหา, เดือน" in raised.value.text.th


def test_patterns() -> None:
    assert fill("{reported_on}-{row:05}", 7, {"reported_on": "2021"}) == "2021-00007"
    assert (
        fill("{kind} {external_id}", 1, {"kind": "hospital", "external_id": "h1"}, {"hospital": "โรงพยาบาล"})
        == "โรงพยาบาล h1"
    )
    assert fill("{reported_on}-{row}", 7, {"reported_on": ""}) == ""
    assert fill("เรื่อง", 7, {}) == "เรื่อง"
