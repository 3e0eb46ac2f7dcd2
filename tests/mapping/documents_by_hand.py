"""Slides, documents and pictures without a database: the invented province, with texts as a test wants them."""

from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import cycle
from typing import Any

import shapely

from boundaries.messages import Text
from mapping.area_map import AreaMap
from mapping.documents.document import AreaDocument, lay_document
from mapping.mindmaps import MindMap
from mapping.pictures import Picture, lay_picture
from mapping.sheet.drawing import DrawnMap
from mapping.sheet.ground import Ground
from mapping.sheet.tree import FIXED
from mapping.slides.deck import Slides, draw, lay_slides
from mapping.slides.stop_slides import Stop
from mapping.templates import draft
from tests.mapping.maps_by_hand import invented_areas, invented_map, neighbours, record
from tests.mapping.sheets_by_hand import PRINTED

HOSTILE = (
    "=cmd()", "<script>alert(1)</script>", "]]>&amp;", "\u202eกลับ\u202c", "ก" * 200, "W" * 200, "${7*7}", "a\x00b\x0bc",
)  # fmt: skip
"""Texts that must stay text, and fit."""


@cache
def invented_parts(count: int = 10, measure: str = "rate") -> tuple[AreaMap, Ground]:
    """Return the map of the invented province, drafts of it and its first two districts among it, and its ground."""
    names = {"99": ("สมมุติบุรี", "province"), "9901": ("สมมติ1", "district"), "9902": ("ตัวอย่าง2", "district")}
    plans = {
        code: draft("P08", record(code, name, level), "135 เรื่อง (2.4 เรื่องต่อผู้สูงอายุ 1,000 คน)")  # type: ignore[arg-type]
        for code, (name, level) in names.items()
    }
    area_map = invented_map(count, mind_maps=plans, measure=measure)  # type: ignore[arg-type]
    frame, around = invented_areas(count), neighbours()
    whole = shapely.union_all(frame.geometry.values)
    provinces = {"99": ("สมมุติบุรี", whole)} | {row.code: (row.name_th, row.geometry) for row in around.itertuples()}
    country = {code: shape for code, (_, shape) in provinces.items()}
    return area_map, Ground(dict(zip(frame.code, frame.geometry, strict=True)), provinces, country)


@cache
def _drawn(count: int, measure: str) -> tuple[AreaMap, Ground, DrawnMap]:
    return draw(*invented_parts(count, measure))


def invented_slides(
    count: int = 10, *, measure: str = "rate", mind_map: MindMap | None = None, stops: tuple[str, ...] = (),
    public: bool = False, **options: Any,
) -> Slides:  # fmt: skip
    """Make the slides of the invented province; `mind_map` takes the place of all drafts."""
    area_map, ground, drawn = _drawn(count, measure)
    shown = _shown(area_map, mind_map, public=public)
    made = tuple(Stop(shown, ground, drawn, code) for code in stops)
    return lay_slides(shown, drawn, made, options.pop("printed_at", PRINTED), **options)


def with_texts(mind_map: MindMap, words: tuple[str, ...]) -> MindMap:
    """Return a mind map whose texts are these words in turn."""
    turns = cycle(words)

    def changed(value: Any, name: str = "") -> Any:
        if isinstance(value, str):
            return value if name in FIXED else next(turns)
        if isinstance(value, tuple):
            return tuple(changed(each, name) for each in value)
        if is_dataclass(value) and not isinstance(value, type) and not isinstance(value, Text):
            return replace(value, **{one.name: changed(getattr(value, one.name), one.name) for one in fields(value)})
        return value

    made: MindMap = changed(mind_map)
    return made


def invented_document(
    count: int = 10, *, mind_map: MindMap | None = None, public: bool = False, **options: Any
) -> AreaDocument:
    """Make the document of the invented province."""
    area_map, ground = invented_parts(count)
    shown = _shown(area_map, mind_map, public=public)
    return lay_document(shown, ground, options.pop("printed_at", PRINTED), **options)


def invented_picture(count: int = 10, **options: Any) -> Picture:
    """Make the picture of the invented province."""
    area_map, ground = invented_parts(count)
    return lay_picture(area_map, ground, options.pop("printed_at", PRINTED), **options)


def _shown(area_map: AreaMap, mind_map: MindMap | None, *, public: bool) -> AreaMap:
    if public:
        return replace(area_map, mind_maps={}, figures=replace(area_map.figures, audience="public"))
    if mind_map is None:
        return area_map
    return replace(area_map, mind_maps=dict.fromkeys(area_map.mind_maps, mind_map))
