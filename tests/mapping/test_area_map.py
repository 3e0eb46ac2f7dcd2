"""The map as a value: classes, symbols and words follow from the figures."""

import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from sqlalchemy.orm import Session

from boundaries.messages import text
from layers.classification import Method
from layers.figures import Measure
from layers.filters import Filter
from layers.periods import parse_period
from layers.scope import Scope
from mapping.area_map import NoMap, breaks_for, build_area_map
from mapping.export_styles import figures_style
from mapping.legends import BadBreaks, number, shown
from mapping.offline import AssetServer, Inline
from mapping.social_map import render
from tests.mapping.maps_by_hand import LIBRARY, invented_map, table_of
from tests.mapping.test_social_map import value_of


@pytest.mark.parametrize(("count", "classes"), [(9, 3), (10, 4), (40, 4)])
def test_small_provinces_have_three_classes_others_four(count: int, classes: int) -> None:
    """As many as can be told apart among so few."""
    made = invented_map(count)
    assert len(made.breaks) <= classes - 1
    assert len(made.legend.classes) == len(made.breaks) + 1 == len(made.legend.ramp)
    assert set(made.classes.values()) <= set(range(classes))


def test_only_values_have_a_class_and_every_other_state_a_symbol_of_its_own() -> None:
    """Zero is not the lowest class, hidden is not zero."""
    made = invented_map(10)
    symbols = {code: made.symbol(code) for code in made.names}
    assert symbols["9902"] == "zero"
    assert symbols["9903"] == "hidden"
    assert symbols["9904"] == "unstable"
    assert symbols["9905"] == "no_data"
    assert symbols["9907"] == "left_out"
    assert {code for code in made.names if code in made.classes} == {
        c for c, s in symbols.items() if s in ("class", "unstable")
    }
    assert made.symbol("9999") == "no_data"


def test_counts_are_circles_and_fill_only_on_request() -> None:
    """A count follows the size of an area's population, so its colour would mislead."""
    plain, filled = invented_map(10, measure="count"), invented_map(10, measure="count", fill_counts=True)
    assert {plain.symbol(code) for code in plain.names} & {"class", "unstable"} == set()
    assert plain.legend.classes == ()
    assert filled.symbol("9901") == "class"
    assert plain.legend.sizes


def test_fixed_breaks_part_the_values_and_stand_in_the_legend() -> None:
    """As they were given, whatever the values are; a class without a value stays."""
    made = invented_map(10, breaks=(100, 300, 400, 500, 600, 99000))
    assert made.breaks == (100, 300, 400, 500, 600, 99000)
    assert made.legend.classes[0] == "ต่ำกว่า 100"
    assert made.legend.classes[-2:] == ("600 ถึงต่ำกว่า 99,000", "99,000 ขึ้นไป")
    page = value_of(render(made, Inline(LIBRARY)))
    assert [place for place, _ in page["legend"]["classes"]] == [0, 4, 1, 5, 2, 6, 3]
    assert [place for place, _ in page["legend"]["between"]] == [4, 5, 6]
    for each in page["areas"]:
        value = made.figure(each["code"]).value
        if each["symbol"] == "class" and value is not None:
            assert each["ramp"] == made.legend.ramp[sum(shown(value) >= edge for edge in made.breaks)]


@pytest.mark.parametrize("count", [9, 12, 40])
def test_no_area_shows_a_number_of_another_class(count: int) -> None:
    """13.6 is read as 14 and so lies in the class from 14 on, on the map and in a file styled like it."""
    made = invented_map(count)
    fills = [fill for fill in figures_style(made.figures).fills if fill.state == "ok"]
    for code, place in made.classes.items():
        value = made.figure(code).value
        assert value is not None
        read = float(number(value).replace(",", ""))
        assert place == sum(read >= edge for edge in made.breaks)
        assert [fill.low is None or value >= fill.low for fill in fills[1:]] == [read >= edge for edge in made.breaks]


def test_values_that_are_read_alike_are_of_one_class() -> None:
    """Two areas that show 14 have one colour, however their values are parted from the third."""
    table = table_of(["9901", "9902", "9903"])
    states = np.array(["ok"] * 4)
    columns = replace(table.columns, value=np.array([13.6, 14.2, 33.9, 20.0]), state=states)
    breaks = breaks_for(replace(table, columns=columns), 3)
    assert len(breaks) == 1
    assert 14 < breaks[0] <= 34


def test_links_keep_how_classes_were_asked_for(demo_session: Session) -> None:
    """The next level is drawn in the same way, so that maps can be compared."""
    made = build_area_map(demo_session, Scope.committee(), "99", measure="count", breaks=(5, 2500.5), fill_counts=True)
    assert made.filled
    link = value_of(render(made, AssetServer(LIBRARY, "n")))["areas"][0]["href"]
    kept = dict(parse_qsl(urlsplit(link).query))
    assert (kept["measure"], kept["breaks"], kept["fill"]) == ("count", "5,2500.5", "true")


@pytest.mark.parametrize(
    ("method", "breaks"), [("fixed", ()), ("natural", (10.0,)), (None, (20.0, 10.0)), (None, (float("nan"),))]
)
def test_breaks_that_do_not_fit_the_method_are_refused(
    demo_session: Session, method: Method | None, breaks: tuple[float, ...]
) -> None:
    """Fixed without breaks, breaks with another method, breaks that do not rise."""
    with pytest.raises(BadBreaks):
        build_area_map(demo_session, Scope.committee(), "99", method=method, breaks=breaks)


def test_breaks_come_from_disclosed_figures_alone() -> None:
    """What is hidden cannot be inferred from where the classes part."""
    made = invented_map(10)
    assert made.figures.audience == "committee"
    exact = table_of(list(made.names))
    assert made.figures.get("9903").value is None
    assert exact.get("9903").cases is None


def test_the_words_say_period_date_denominator_and_that_all_is_invented() -> None:
    """The notes below the map."""
    notes = " ".join(invented_map(10).notes)
    for words in (
        "5 พ.ค. 2569",
        "7 จาก 12 เดือน",
        "ประชากรอายุ 60 ปีขึ้นไป",
        "31 ธ.ค. 2568",
        "ตัวอย่างสมมติ",
        "35 เรื่อง",
        "ปัดทีละ 5",
    ):
        assert words in notes


def test_a_secret_problem_of_districts_says_so_in_legend_label_panel_and_table() -> None:
    """Nowhere "below ten", for the numbers may be large."""
    secret = invented_map(10, problem="P11")
    assert dict(secret.legend.symbols)["hidden"] == "ปกปิด"
    assert "ปัญหานี้เปิดเผยได้เพียงระดับจังหวัด" in secret.notes[0]
    page = value_of(render(secret, Inline(LIBRARY)))
    area, row = page["areas"][0], page["table"]["rows"][0][1]
    assert (area["symbol"], area["value"], area["facts"][0], row[3]) == ("hidden", "ปกปิด", "ปกปิด", "ปกปิด")
    assert "<10" not in json.dumps([page["areas"], page["table"], page["legend"], page["overview"]])
    assert dict(invented_map(10).legend.symbols)["hidden"] == "<5 ปกปิด"


def test_leading_problems_are_grouped_only_where_none_was_asked_for() -> None:
    """Asked for one problem, every mind map is about it."""
    assert invented_map(10).leading == {}
    made = invented_map(10)
    every = replace(made, figures=table_of(list(made.names), problem=None))
    assert every.plan_state("9901") == "approved"
    assert every.plan_state("9903") == "none"


def test_build_from_the_database(demo_session: Session) -> None:
    """Country, province and district of the invented province, each with its crumbs, shapes and figures."""
    for code, level, crumbs in (("TH", "province", 1), ("99", "district", 2), ("9901", "subdistrict", 3)):
        made = build_area_map(demo_session, Scope.committee(), code)
        assert made.level == level
        assert len(made.crumbs) == crumbs
        assert {shape.code for shape in made.shapes} == set(made.names) == set(made.figures.codes)
        assert set(made.names) <= set(made.mind_maps)
        assert made.figures.audience == "committee"
        assert made.choices[0].value == ""


def test_build_what_was_asked_for(demo_session: Session) -> None:
    """A problem and a period: figures, title and mind maps are about them."""
    asked = Filter("P08", parse_period("fy2568"))
    made = build_area_map(demo_session, Scope.committee(), "99", filter=asked, measure="count")
    assert {mind_map.problem_code for mind_map in made.mind_maps.values()} == {"P08"}
    assert made.figures.filter == asked
    assert [choice.value for choice in made.choices] == ["P08", "fy2568", "count"]


@pytest.mark.parametrize(("measure", "kept"), [(None, None), ("rate", "rate"), ("count", "count")])
def test_a_link_names_a_measure_only_where_the_reader_did(
    demo_session: Session, measure: Measure | None, kept: str | None
) -> None:
    """Rates that a map chose by itself would leave the next level, which has none, without any value."""
    made = build_area_map(demo_session, Scope.committee(), "99", measure=measure)
    assert made.choices[2].shown == text(f"measure.{made.figures.measure}").th
    link = value_of(render(made, AssetServer(LIBRARY, "n")))["areas"][0]["href"]
    assert dict(parse_qsl(urlsplit(link).query)).get("measure") == kept


def test_a_subdistrict_has_no_map(demo_session: Session) -> None:
    """Nothing lies below it."""
    with pytest.raises(NoMap, match="ไม่มีพื้นที่ย่อย"):
        build_area_map(demo_session, Scope.committee(), "990101")
