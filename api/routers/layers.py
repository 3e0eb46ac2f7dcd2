"""Layers: what can be drawn, and how it can be asked for."""

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer_model
from api.dependencies import ReadSession, known_parameters
from api.schemas.common import Words, to_words
from api.schemas.figures import to_period
from api.schemas.layers import Denominator, Layer, LayerProblem, Layers
from boundaries.areas import list_levels
from boundaries.messages import text
from layers import taxonomy
from layers.aggregation import list_periods

router = APIRouter(prefix="/api/v1/layers", tags=["layers"], dependencies=[Depends(known_parameters)])


@router.get("", response_model=Layers)
def list_layers(request: Request, session: ReadSession) -> Response:
    """ชั้นข้อมูล / Layers with their measures, levels, periods and denominators."""
    return answer_model(request, Layers(layers=[cases_layer(session), assets_layer()]))


def cases_layer(session: Session) -> Layer:
    """Describe the cases: all problems together, or any one of them."""
    problems = taxonomy.problems().values()
    kinds = taxonomy.indicator_kinds()
    used = sorted({problem.denominator for problem in problems})
    return Layer(
        id="cases",
        kind="cases",
        title=to_words(text("layer.cases")),
        unit=None,
        measures=["rate", "count", "weight"],
        levels=list(list_levels(session)),
        periods=[to_period(period) for period in list_periods(session)],
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
