"""Maps made by hand: an invented province with as many districts as a test wants, and figures of every state."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import geopandas
import numpy as np
import shapely

from api.settings import Settings
from boundaries.areas import AreaRecord
from boundaries.codes import Level
from boundaries.geometry import label_points
from boundaries.messages import Text
from layers.disclosure import not_fine, printed
from layers.figures import FigureTable, LeftOut, Measure, beside, measured
from layers.filters import Filter
from layers.labels import LEFT_OUT, label_counts, rule
from layers.periods import parse_period
from layers.published import key_of
from mapping.area_map import AreaMap, Choice, assemble
from mapping.geography import shapes_of, surroundings
from mapping.mindmaps import MindMap
from mapping.offline import Library
from mapping.templates import draft
from tests.mapping.example_a import EXAMPLE_A

LIBRARY = Library(Settings().socialmap_web_library)
NAMES = ("สมมติ", "ตัวอย่าง", "บ้านสาธิต", "ทดลอง", "หนองจำลอง", "คลองสมมุติ", "ป่าตัวอย่าง", "เมืองสาธิต")


def invented_areas(count: int, parent: str = "99") -> geopandas.GeoDataFrame:
    """Cut an invented province into `count` districts that share their edges, with two neighbours named 98 and 97."""
    spots = np.random.default_rng(7).uniform((100, 13), (101, 14), (count, 2))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(spots), ordered=True))
    cells = shapely.intersection(cells, shapely.box(99.9, 12.9, 101.1, 14.1))
    lon, lat = label_points(cells)
    codes = [f"{parent}{i:02d}" for i in range(1, count + 1)]
    names = [f"{NAMES[i % len(NAMES)]}{i + 1}" for i in range(count)]
    columns = {"code": codes, "name_th": names, "label_lon": lon, "label_lat": lat}
    return geopandas.GeoDataFrame(columns, geometry=cells, crs=4326)


def neighbours() -> geopandas.GeoDataFrame:
    """Two invented provinces beside it, of the same coverage."""
    boxes = [shapely.box(101.1, 12.9, 102, 14.1), shapely.box(99, 14.1, 102, 15)]
    columns = {
        "code": ["98", "97"],
        "name_th": ["ข้างเคียง", "เหนือ"],
        "label_lon": [101.5, 100.5],
        "label_lat": [13.5, 14.5],
    }
    return geopandas.GeoDataFrame(columns, geometry=boxes, crs=4326)


def record(code: str, name: str, level: Level = "district") -> AreaRecord:
    """Make the record of an invented area."""
    parent = None if level == "country" else "TH" if level == "province" else code[:-2]
    return AreaRecord(code, level, parent, name, name, level, 100.5, 13.5)


def table_of(
    codes: list[str],
    *,
    level: Level = "district",
    within: str | None = "99",
    measure: Measure = "rate",
    problem: str | None = "P08",
) -> FigureTable:
    """Make disclosed figures in which every state occurs from 7 areas on."""
    random = np.random.default_rng(3)
    people = random.integers(5_000, 60_000, len(codes)).astype(float)
    cases = np.round(people * random.uniform(2, 9, len(codes)) / 1000)
    year_only = np.zeros(len(codes))
    for place, value in ((1, 0), (2, 3), (3, 15), (6, 0)):
        if place < len(codes):
            cases[place] = value
    if len(codes) > 6:
        people[4], year_only[6] = np.nan, 4
    whole = [np.append(column, np.nansum(column)) for column in (cases, cases, year_only, people)]
    columns = measured(measure, 100_000, (whole[0], whole[1], whole[2], np.zeros(len(whole[2])), whole[3]))
    unit = Text("เรื่องต่อผู้สูงอายุ 100,000 คน", "cases per 100,000 aged 60+") if measure == "rate" else Text("เรื่อง", "cases")
    table = FigureTable(
        layer="cases",
        measure=measure,
        level=level,
        within=within,
        filter=Filter(problem, parse_period("fy2569")),
        counted=Text("เรื่อง", "cases"),
        per=100_000,
        unit=unit,
        denominator_title=Text("ประชากรอายุ 60 ปีขึ้นไป", "population aged 60 and over"),
        denominator_as_of=date(2025, 12, 31),
        sources=(Text("ตัวอย่างที่แต่งขึ้น", "invented examples"),),
        as_of=date(2026, 5, 5),
        invented=True,
        audience="internal",
        rounded_to=None,
        hidden_below=None,
        left_out=(LeftOut("reason.year_only", 35, Text("ทราบเพียงปี", "only the year is known")),),
        codes=tuple(codes),
        columns=columns,
    )
    wanted = rule("committee", table.filter.sensitivity)
    assert wanted is not None
    labels = label_counts(whole[0], wanted)
    labels = np.where((labels == 0) & (whole[2] > 0), LEFT_OUT, labels)
    labels[-1] = max(labels[-1], 0)
    columns = printed(measure, 100_000, labels, whole[3])
    if key_of(level, table.filter) is None:
        columns = beside(not_fine(table.filter, len(codes)), columns)
    return replace(table, audience="committee", rounded_to=5, hidden_below=wanted.hidden_below, columns=columns)


def full_plan(code: str, name: str, state: str = "approved") -> MindMap:
    """Return example A with texts of its own for an area: no text is shared with another area's."""
    return replace(_each_text(EXAMPLE_A, lambda words: f"{words} {code}"), area_code=code, area_name=name, state=state)


def _each_text(value: Any, change: Callable[[str], str], name: str = "text") -> Any:
    fixed = ("state", "type", "welfare_system", "status", "direction", "problem_code", "area_code")
    if isinstance(value, str):
        return value if name in fixed else change(value)
    if isinstance(value, tuple):
        return tuple(_each_text(each, change, name) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _each_text(getattr(value, f.name), change, f.name) for f in fields(value)})
    return value


def with_text(mind_map: MindMap, words: str) -> MindMap:
    """Return a mind map all of whose texts are `words`."""
    return _each_text(mind_map, lambda _: words)


def mixed_plans(areas: Mapping[str, AreaRecord]) -> dict[str, MindMap]:
    """Give areas in turn an approved plan, a draft, nothing, an overdue plan."""
    made: dict[str, MindMap] = {}
    for place, (code, area) in enumerate(areas.items()):
        if place % 4 in (0, 3):
            made[code] = full_plan(code, area.full_name_th, "approved" if place % 4 == 0 else "overdue")
        elif place % 4 == 1:
            made[code] = draft("P08", area, "135 เรื่อง")
    return made


def invented_map(
    count: int = 10,
    *,
    measure: Measure = "rate",
    mind_maps: Mapping[str, MindMap] | None = None,
    names: Callable[[str], str] = str,
    fill_counts: bool = False,
    library: Library | None = None,
    problem: str = "P08",
    breaks: tuple[float, ...] = (),
) -> AreaMap:
    """Make the map of the invented province; `names` may change every name of an area."""
    frame = invented_areas(count)
    frame["name_th"] = [names(name) for name in frame.name_th]
    area = record("99", names("สมมุติบุรี"), "province")
    return map_of(frame, area, [neighbours()], measure, mind_maps, fill_counts, library, problem, breaks)


def map_of(
    frame: geopandas.GeoDataFrame,
    area: AreaRecord,
    around: list[geopandas.GeoDataFrame],
    measure: Measure = "rate",
    mind_maps: Mapping[str, MindMap] | None = None,
    fill_counts: bool = False,
    library: Library | None = None,
    problem: str = "P08",
    breaks: tuple[float, ...] = (),
) -> AreaMap:
    """Make a map from shapes, with figures and plans of every kind."""
    level: Level = "province" if area.level == "country" else "district"
    records = {code: record(code, name, level) for code, name in zip(frame.code, frame.name_th, strict=True)}
    digits = 3 if area.level == "country" else 4
    within = None if area.level == "country" else area.code
    made = assemble(
        area,
        level,
        names={code: one.full_name_th for code, one in records.items()},
        shapes=shapes_of(frame, digits),
        around=surroundings(frame, around, library, digits),
        table=table_of(list(records), level=level, within=within, measure=measure, problem=problem),
        mind_maps=mixed_plans(records) if mind_maps is None else mind_maps,
        fill_counts=fill_counts,
        method="fixed" if breaks else "natural",
        breaks=breaks,
    )
    trail = (("TH", "ประเทศไทย"),) if area.level == "country" else (("TH", "ประเทศไทย"), (area.code, area.name_th))
    choices = (Choice("problem", "ปัญหา", "P08", (("", "ทุกปัญหา"), ("P08", "ผู้สูงอายุขาดการดูแล"))),)
    return replace(made, crumbs=trail, choices=choices)
