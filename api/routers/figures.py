"""Figures: counts, rates and values of areas, as a table, as GeoJSON or for a spreadsheet."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import CSV, GEOJSON, answer, answer_model
from api.audit import record
from api.dependencies import (
    Areas,
    Asking,
    CodeQuery,
    LevelQuery,
    ReadSession,
    TextQuery,
    known_parameters,
)
from api.errors import ParameterBad
from api.geojson import collection, feature
from api.schemas.figures import Figures, to_about, to_csv, to_figures, to_row
from boundaries.areas import get_area, list_levels
from boundaries.codes import COUNTRY, LEVELS, child_level
from layers.aggregation import figures, newest_period
from layers.figures import FigureTable
from layers.filters import Filter
from layers.periods import Period, parse_period
from layers.scope import Scope

router = APIRouter(prefix="/api/v1/figures", tags=["figures"], dependencies=[Depends(known_parameters)])

MeasureQuery = Annotated[Literal["count", "rate", "weight", "value"] | None, Query()]
Format = Annotated[Literal["json", "geojson", "csv"], Query()]


def asked_period(session: ReadSession, scope: Asking, period: TextQuery = None) -> Period:
    """Read the period, by default the newest fiscal year that holds cases."""
    if period:
        return parse_period(period)
    return newest_period(session, scope)


def asked_filter(
    period: Annotated[Period, Depends(asked_period)], problem: CodeQuery = None, target_group: CodeQuery = None
) -> Filter:
    """Read which cases are meant."""
    return Filter(problem=problem, period=period, target_group=target_group)


def asked_table(
    session: ReadSession,
    scope: Asking,
    chosen: Annotated[Filter, Depends(asked_filter)],
    layer: TextQuery = "cases",
    level: LevelQuery = None,
    within: CodeQuery = None,
    measure: MeasureQuery = None,
) -> FigureTable:
    """Get the figures that the address asks for."""
    area = get_area(session, within or COUNTRY)
    wanted = level or child_level(area.level)
    if wanted is None or LEVELS.index(wanted) <= LEVELS.index(area.level):
        below = [each for each in list_levels(session) if LEVELS.index(each) > LEVELS.index(area.level)]
        raise ParameterBad(name="level", value=wanted or area.level, allowed=", ".join(below) or "–")
    name = layer or "cases"
    return figures(session, scope, name, wanted, area.code, chosen, measure or ("rate" if name == "cases" else "value"))


@router.get("", response_model=Figures)
def get_figures(
    request: Request,
    session: ReadSession,
    cache: Areas,
    scope: Asking,
    table: Annotated[FigureTable, Depends(asked_table)],
    f: Format = "json",
) -> Response:
    """ตัวเลขรายพื้นที่ / Figures of areas; each says what it counts, of whom, when, from where and how sure it is.

    เรื่องซ้ำที่รวมแล้วและเรื่องที่ไม่ใช่เรื่องไม่นับ / Cases merged into others and what is no case are not counted: statuses
    whose `counts` is false in the taxonomy.
    """
    if f == "geojson":
        return answer(request, to_geojson(session, cache, table).encode(), GEOJSON)
    within = table.within or COUNTRY
    names = {**cache.areas(session, table.level, within), within: get_area(session, within)}
    found = to_figures(table, names)
    if f == "json":
        return answer_model(request, found)
    if scope.actor_id is not None:
        note_export(session, scope, table)
    return answer(request, to_csv(found).encode(), CSV)


def note_export(session: Session, scope: Scope, table: FigureTable) -> None:
    """Record that somebody took figures away in a file; of strangers there is nobody to name."""
    details = {
        "layer": table.layer,
        "level": table.level,
        "area": table.within or COUNTRY,
        "problem": table.filter.problem,
        "group": table.filter.target_group,
        "period": table.filter.period.code,
        "count": len(table.codes),
        "format": "csv",
        "audience": table.audience,
    }
    given = {name: value for name, value in details.items() if value is not None}
    record(session, scope, "export", kind="figures", details=given)


def to_geojson(session: Session, cache: Areas, table: FigureTable) -> str:
    """Join the figures with the prepared shapes of their areas; what all rows share stands in `about`."""
    within = table.within or COUNTRY
    names, texts = cache.areas(session, table.level, within), cache.shapes(session, table.level, within)
    rows = (to_row(figure, names) for figure in table.rows())
    features = (feature(texts.get(row.code), row) for row in rows)
    return collection(features, about=to_about(table).model_dump(mode="json"))
