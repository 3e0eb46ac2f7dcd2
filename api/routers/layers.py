"""Layers: what can be drawn, and how it can be asked for."""

from datetime import date
from typing import cast

from fastapi import APIRouter, Depends, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer_model
from api.dependencies import Asking, ReadSession, known_parameters
from api.schemas.common import Words, to_words
from api.schemas.figures import to_period
from api.schemas.layers import Denominator, Layer, LayerProblem, Layers
from boundaries.areas import list_levels
from boundaries.codes import LEVELS, Level
from boundaries.messages import text
from layers import taxonomy
from layers.aggregation import list_periods
from layers.dates import fiscal_year
from layers.indicators import PREFIX, list_indicators
from layers.models import Observation
from layers.periods import fiscal_period
from layers.published import published
from layers.scope import Scope

router = APIRouter(prefix="/api/v1/layers", tags=["layers"], dependencies=[Depends(known_parameters)])


@router.get("", response_model=Layers)
def list_layers(request: Request, session: ReadSession, scope: Asking) -> Response:
    """ชั้นข้อมูล / Layers with their measures, levels, periods and denominators."""
    found = [cases_layer(session, scope), *indicator_layers(session), assets_layer()]
    return answer_model(request, Layers(layers=found))


def cases_layer(session: Session, scope: Scope) -> Layer:
    """Describe the cases: all problems together, or any one of them."""
    problems = taxonomy.problems().values()
    kinds = taxonomy.indicator_kinds()
    used = sorted({problem.denominator for problem in problems})
    return Layer(
        id="cases",
        kind="cases",
        title=to_words(text("layer.cases")),
        unit=None,
        measures=["rate", "count", "weight"] if scope.audience == "internal" else ["rate", "count"],
        levels=_levels(session, scope),
        periods=[to_period(period) for period in list_periods(session, scope)],
        problems=[
            LayerProblem(
                code=problem.code,
                title=Words(th=problem.th, en=problem.en),
                sensitivity=problem.sensitivity,
                denominator=problem.denominator,
            )
            for problem in problems
        ],
        denominators=[
            Denominator(id=name, title=to_words(kinds[name].title), unit=to_words(kinds[name].unit)) for name in used
        ],
        href="/api/v1/figures?layer=cases",
    )


def _levels(session: Session, scope: Scope) -> list[Level]:
    open_ = {one.level for one in published()}
    return [level for level in list_levels(session) if scope.audience == "internal" or level in open_]


def indicator_layers(session: Session) -> list[Layer]:
    """Describe the indicators that have observations; their periods are the fiscal years in which these end."""
    observed = observed_levels(session)
    return [_indicator_layer(kind, observed) for kind in list_indicators(session)]


def _indicator_layer(kind: taxonomy.IndicatorKind, observed: dict[str, set[tuple[Level, date | None]]]) -> Layer:
    parts = [observed.get(name, set()) for name in (kind.numerator, kind.denominator) if name] or [observed[kind.id]]
    both = set.intersection(*parts)
    years = sorted({fiscal_year(last) for _, last in both if last}, reverse=True)
    return Layer(
        id=f"{PREFIX}{kind.id}",
        kind="indicator",
        title=to_words(kind.title),
        unit=to_words(kind.unit),
        measures=["value"],
        levels=[level for level in LEVELS[1:] if level in {each for each, _ in both}],
        periods=[to_period(fiscal_period(year)) for year in years],
        problems=[],
        denominators=[],
        href=f"/api/v1/figures?layer={PREFIX}{kind.id}",
    )


def observed_levels(session: Session) -> dict[str, set[tuple[Level, date | None]]]:
    """Return the levels and last days of each indicator's observations."""
    found: dict[str, set[tuple[Level, date | None]]] = {}
    for row in session.execute(select(Observation.indicator_id, Observation.level, Observation.last_day).distinct()):
        found.setdefault(row.indicator_id, set()).add((cast(Level, row.level), row.last_day))
    return found


def assets_layer() -> Layer:
    """Describe the assets, which are places and not figures."""
    return Layer(
        id="assets",
        kind="assets",
        title=to_words(text("layer.assets")),
        unit=None,
        measures=[],
        levels=[],
        periods=[],
        problems=[],
        denominators=[],
        href="/ogc/collections/assets/items",
    )
