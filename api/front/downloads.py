"""What the page of downloads offers: for each layer a form whose buttons are the addresses of its files."""

from typing import Any

from sqlalchemy.orm import Session

from boundaries.areas import list_areas, list_levels
from boundaries.codes import COUNTRY
from boundaries.editions import find_active
from boundaries.messages import text
from layers.aggregation import list_periods, newest_period
from layers.indicators import list_indicators
from layers.scope import Scope
from layers.taxonomy import categories, get_problem

ENDINGS = ("xlsx", "csv", "dictionary.csv", "gpkg", "geojson", "kmz", "kml", "parquet")
Pick = tuple[str, str, list[tuple[str, str]], str]
"""Name in the address, key of its label, values with their words, and the chosen one."""


def sections(session: Session, scope: Scope, area: str | None) -> list[tuple[str, str, list[Pick]]]:
    """Return layer, key of its words and choices of each form; none before there are boundaries."""
    if find_active(session) is None:
        return []
    places: Pick = ("within", "downloads.area", _areas(session), area or COUNTRY)
    levels: list[tuple[str, str]] = [(level, text(f"level.{level}").th) for level in list_levels(session)]
    years = [(period.code, period.th().split(" (")[0]) for period in list_periods(session, scope)]
    newest = newest_period(session, scope).code
    periods: Pick = ("period", "choice.period", years or [(newest, newest)], newest)
    problems = [("", text("choice.all_problems").th), *((code, get_problem(code).short_th) for code in categories())]
    measures = [(name, text(f"measure.{name}").th) for name in ("rate", "count")]
    figures: list[Pick] = [
        places,
        ("problem", "choice.problem", problems, ""),
        periods,
        ("measure", "choice.measure", measures, "rate"),
    ]
    made: list[tuple[str, str, list[Pick]]] = [("figures", "figures", figures)]
    kinds = [(kind.id, kind.th) for kind in list_indicators(session)]
    if kinds:
        made.append(("indicators", "indicators", [places, ("indicator", "downloads.indicator", kinds, kinds[0][0])]))
    made.append(("areas", "areas", [places, ("level", "downloads.level", levels, levels[-1][0])]))
    made.append(("assets", "assets", [places]))
    return made


def _areas(session: Session) -> list[tuple[str, str]]:
    provinces = list_areas(session, "province", order="name")
    return [(COUNTRY, text("downloads.country").th), *((one.code, one.full_name_th) for one in provinces)]


def page_values(session: Session, scope: Scope, area: str | None) -> dict[str, Any]:
    """Return everything the page shows."""
    return {"sections": sections(session, scope, area), "endings": ENDINGS, "audience": scope.audience}
