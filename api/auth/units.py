"""Units and the areas they serve: which office hosts Bangkok is data, as are all others."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from api.auth.errors import UnitBad, UnitNotFound, UnitTaken
from api.auth.words import UNIT_KEY, checked_areas, checked_name, shown
from layers.models import UNIT_KINDS, Unit, UnitArea

KINDS = tuple(re.findall(r"'(\w+)'", UNIT_KINDS))
MOST = 2000


def create_unit(session: Session, key: str, kind: str, name_th: str, name_en: str, areas: Iterable[str]) -> int:
    """Make a unit with the areas it serves. Raises UnitBad, UnitTaken, NameBad, AreasBad."""
    if not UNIT_KEY.fullmatch(key) or kind not in KINDS:
        raise UnitBad(unit=shown(key), kind=shown(kind), allowed=", ".join(KINDS))
    values = {"key": key, "kind": kind, "name_th": checked_name(name_th), "name_en": checked_name(name_en)}
    made = insert(Unit).values(values).on_conflict_do_nothing().returning(Unit.id)
    unit = session.execute(made).scalar_one_or_none()
    if unit is None:
        raise UnitTaken(unit=key)
    _give_areas(session, unit, areas)
    return unit


def set_unit_areas(session: Session, key: str, areas: Iterable[str]) -> None:
    """Say anew which areas a unit serves. Raises UnitNotFound, AreasBad."""
    unit = session.execute(select(Unit.id).where(Unit.key == key)).scalar_one_or_none()
    if unit is None:
        raise UnitNotFound(unit=shown(key))
    _give_areas(session, unit, areas)


def list_units(session: Session, limit: int = MOST) -> list[Row[Any]]:
    """List the units with the codes of their areas, by key."""
    areas = select(func.array_agg(UnitArea.area_code)).where(UnitArea.unit_id == Unit.id).scalar_subquery()
    asked = select(Unit.id, Unit.key, Unit.kind, Unit.name_th, Unit.name_en, areas.label("areas"))
    return list(session.execute(asked.order_by(Unit.key).limit(limit)))


def _give_areas(session: Session, unit: int, areas: Iterable[str]) -> None:
    wanted = checked_areas(areas)
    session.execute(delete(UnitArea).where(UnitArea.unit_id == unit))
    if wanted:
        session.execute(insert(UnitArea), [{"unit_id": unit, "area_code": code} for code in wanted])
