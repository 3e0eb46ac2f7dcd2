"""Recipes: what is written is read back, what is strange is refused; built-in ones read what the adapters read."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.messages import Text
from layers import adapters
from layers.files.opening import open_table
from layers.files.table import Asked
from layers.importing.area_codes import read_area_code
from layers.importing.position_columns import read_positions
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
from layers.importing.roles import PREFIXES, ROLES, TARGETS, get_role
from tests.shared import shared

WORDS = st.text(min_size=1, max_size=20).map(str.strip).filter(lambda one: one.isprintable() and one)
HEADINGS = st.one_of(
    WORDS, st.sampled_from(["no", "07", "2568-11-05", "~", "null", "- a", "#x", "a: b", "'", "ปี พ.ศ."])
)


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    target = draw(st.sampled_from(TARGETS))
    possible = [role.name for role in ROLES.values() if target in role.targets and not role.settled]
    possible += [f"{name}:ก" for name, (_, targets) in PREFIXES.items() if target in targets]
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


def told(recipe: Recipe, path: Path) -> tuple[list[int], list[dict[str, str]]]:
    """Read a file's rows by role."""
    table = open_table(path, recipe.asked)
    check_headings(recipe, table.header)
    places = {role: table.header.index(many[0]) for role, many in recipe.columns.items()}
    rows = list(table.rows())
    return [row.number for row in rows], [{role: row.cells[place] for role, place in places.items()} for row in rows]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "adapter", "file"),
    [
        ("low_income_communities", adapters.low_income_communities, "cases/low_income_communities.csv"),
        ("road_deaths", adapters.road_deaths, "cases/road_deaths_2021_2025.json"),
    ],
)
def test_recipes_of_cases_read_what_the_adapters_read(name: str, adapter: Any, file: str) -> None:
    recipe, path = get_recipe(name), shared(f"data/{file}")
    numbers, rows = told(recipe, path)
    ours = []
    points = read_positions({role: [row[role] for row in rows] for role in ("lat", "lon")})
    assert not points.errors
    for number, row, lat, lon in zip(numbers, rows, points.lats.tolist(), points.lons.tolist(), strict=True):
        made = {**recipe.fixed, **row}
        if "external_id" in recipe.fixed:
            made["external_id"] = fill(recipe.fixed["external_id"], number, row)
        made["area_code"] = read_area_code(row) or ""
        ours.append((number, made, lat, lon))
    theirs = list(adapter(path))
    assert len(ours) == len(theirs) > 1000
    for (number, made, lat, lon), (place, values) in zip(ours, theirs, strict=True):
        assert number == place
        assert (lat, lon) == (float(values["lat"]), float(values["lon"]))
        assert made["problem"] == values["problem_code"]
        for key in ("external_id", "reported_on", "area_code", "target_groups", "counted", "weight"):
            assert made.get(key, "") == values.get(key, ""), key


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "adapter"), [("population_by_province", "population"), ("older_persons_by_province", "older_persons")]
)
def test_recipes_of_figures_read_what_the_adapters_read(name: str, adapter: str) -> None:
    path = shared(f"data/indicators/{name}.json")
    _, rows = told(get_recipe(name), path)
    ours = {
        (role.removeprefix("indicator:"), read_area_code(row), float(cell))
        for row in rows
        for role, cell in row.items()
        if role.startswith("indicator:")
    }
    assert ours == {(one.indicator_id, one.area_code, one.value) for one in adapters.provinces(path, adapter, None)}


@pytest.mark.shared
def test_the_recipe_of_assets_reads_what_the_adapter_reads() -> None:
    recipe, path = get_recipe("health_facilities"), shared("data/assets/health_facilities_region12.csv")
    numbers, rows = told(recipe, path)
    theirs = list(adapters.health_facilities(path))
    for number, row, asset in zip(numbers, rows, theirs, strict=True):
        assert (row["external_id"], row["kind"]) == (asset.external_id, asset.kind)
        assert (float(row["lat"]), float(row["lon"])) == (asset.lat, asset.lon)
        assert fill(recipe.fixed["title"], number, row, recipe.words["title"]) == asset.name_th
        properties = {
            role.partition(":")[2]: cell for role, cell in row.items() if role.startswith("property:") and cell
        }
        assert properties == asset.properties
