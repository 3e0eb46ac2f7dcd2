"""Other programs draw what our map draws: the same classes, colours and symbols for the same areas."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from api.database import reading
from layers.aggregation import figures
from layers.exporting.qml import condition, to_qml
from layers.filters import Filter
from layers.periods import parse_period
from layers.scope import Scope
from mapping.area_map import AreaMap, build_area_map
from mapping.export_styles import areas_style, figures_style, places_style
from mapping.sheet.fills import MARKS, colour_of
from tests.exports.made import STYLE

PROBLEMS = ("P02", "P04", "P05", "P08", "P15")


@pytest.fixture(scope="module")
def committee(app: FastAPI) -> Iterator[Session]:
    with reading(app.state.engine, Scope.committee()) as session:
        yield session


def map_of(session: Session, problem: str, measure: str = "rate") -> AreaMap:
    chosen = Filter(problem, parse_period("fy2569"))
    return build_area_map(
        session,
        Scope.committee(),
        "99",
        filter=chosen,
        measure=measure,
        fill_counts=True,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("measure", ["rate", "count"])
@pytest.mark.parametrize("problem", PROBLEMS)
def test_each_area_wears_the_colour_of_our_map(committee: Session, problem: str, measure: str) -> None:
    """And its pattern; the legend's words are those of the map."""
    drawn = map_of(committee, problem, measure)
    style = figures_style(drawn.figures)
    for figure in drawn.figures.rows():
        place = style.place_of({"state": figure.state, "value": figure.value})
        assert place is not None
        fill = style.fills[place]
        assert fill.colour == colour_of(drawn, figure.area_code)
        assert (fill.mark.colour if fill.mark else None) == MARKS.get(drawn.symbol(figure.area_code))
    named = [fill.label.th for fill in style.fills]
    assert named[: len(drawn.legend.classes)] == list(drawn.legend.classes) or not drawn.legend.classes
    assert {words for symbol, words in drawn.legend.symbols if symbol != "unstable"} <= set(named)


def test_classes_and_symbols_are_really_worn(committee: Session) -> None:
    """Else the comparison above would say little."""
    worn = {drawn.symbol(figure.area_code) for problem in PROBLEMS for drawn in [map_of(committee, problem)]
            for figure in drawn.figures.rows()}  # fmt: skip
    assert {"class", "hidden"} <= worn


def qgis_rules(qml: str) -> list[tuple[str, str, list[dict[str, str]]]]:
    """Return (filter, label, symbol layers' properties) of each rule, as QGIS pairs them."""
    assert qml.startswith("<!DOCTYPE qgis PUBLIC")
    root = Xml.fromstring(qml)
    assert root.tag == "qgis"
    (renderer,) = root.findall("renderer-v2")
    assert renderer.get("type") == "RuleRenderer"
    symbols = {one.get("name"): one for one in renderer.findall("symbols/symbol")}
    rules = renderer.findall("rules/rule")
    assert len(symbols) == len(rules)
    assert len({one.get("key") for one in rules}) == len(rules)
    found = []
    for rule in rules:
        layers = []
        for layer in symbols[rule.get("symbol")].findall("layer"):
            assert re.fullmatch("SimpleFill|SimpleMarker", layer.get("class") or "")
            new = {one.get("name"): one.get("value") for one in layer.findall("Option/Option")}
            old = {one.get("k"): one.get("v") for one in layer.findall("prop")}
            assert new == old
            layers.append(new)
        found.append((rule.get("filter") or "", rule.get("label") or "", layers))
    return found  # type: ignore[return-value]


def rgb(colour: str) -> str:
    return ",".join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5)) + ",255"


def test_a_rule_for_each_entry_with_its_colours() -> None:
    rules = qgis_rules(to_qml(STYLE))
    assert [rule[0] for rule in rules] == [
        '"state" = \'ok\' AND "value" < 10.0',
        '"state" = \'ok\' AND "value" >= 10.0',
        "\"state\" = 'hidden'",
    ]
    for (_, label, layers), fill in zip(rules, STYLE.fills, strict=True):
        assert label == fill.label.th
        assert layers[0]["color"] == rgb(fill.colour)
        assert layers[0]["style"] == "solid"
        assert layers[0]["outline_color"] == rgb(STYLE.edge)
        assert len(layers) == (2 if fill.mark else 1)
    assert rules[2][2][1]["color"] == rgb("#5F6F7E")


def test_boundaries_and_places_have_a_look_too() -> None:
    (outline,) = qgis_rules(to_qml(areas_style()))
    assert outline[2][0]["style"] == "no"
    (place,) = qgis_rules(to_qml(places_style()))
    assert place[2][0]["name"] == "circle"
    assert condition(places_style().fills[0]) == ""


def test_a_package_and_a_globe_bring_the_legend_along(client: TestClient, committee: Session, tmp_path: Path) -> None:
    """Read out of the files; QGIS finds its style by the names of the layer and of its shapes."""
    asked = {"level": "district", "within": "99", "problem": "P08", "period": "fy2569"}
    table = figures(
        committee, Scope.committee(), "cases", "district", "99", Filter("P08", parse_period("fy2569")), "rate"
    )
    style = figures_style(table)
    path = tmp_path / "x.gpkg"
    path.write_bytes(client.get("/api/v1/exports/figures.gpkg", params=asked).content)
    with sqlite3.connect(path) as package:
        (row,) = package.execute(
            "SELECT f_table_schema, f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
        ).fetchall()
    assert row[:4] == ("", "figures", "geom", 1)
    assert [rule[2][0]["color"] for rule in qgis_rules(row[4])] == [rgb(fill.colour) for fill in style.fills]
    root = Xml.fromstring(client.get("/api/v1/exports/figures.kml", params=asked).content)
    colours: dict[str, Any] = {
        str(one.get("id")): one.findtext("./{*}PolyStyle/{*}color") for one in root.findall(".//{*}Style")
    }
    worn = {one.findtext("./{*}ExtendedData/{*}SchemaData/{*}SimpleData[@name='code']"): one.findtext("./{*}styleUrl")
            for one in root.findall(".//{*}Placemark")}  # fmt: skip
    for figure in table.rows():
        fill = style.fills[style.place_of({"state": figure.state, "value": figure.value})]  # type: ignore[index]
        written = colours[str(worn[figure.area_code]).removeprefix("#")]
        assert f"#{written[6:8]}{written[4:6]}{written[2:4]}".upper() == fill.colour.upper()
