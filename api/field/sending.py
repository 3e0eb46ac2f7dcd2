"""What a phone takes along: its areas with outlines, and its owner's open cases with as little as it needs."""

import json

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.audit import record
from api.schemas.common import to_words
from api.schemas.field import FieldCase, FieldCases
from boundaries.areas import list_areas, list_named_shapes
from boundaries.codes import COUNTRY, LEVELS, Level, ancestors_of, level_of
from boundaries.editions import get_active
from boundaries.messages import Text
from layers.observed import merge_many
from layers.scope import Scope
from layers.taxonomy import ENDED, statuses

MOST_CASES, MOST_AREAS = 300, 250
"""So many cases, and so many areas of one level: a phone that works in more gets the level above."""
DECIMALS = 4
"""About eleven metres: an outline to find one's way by, not to decide by."""
COARSE = 0.0004
"""Degrees by which outlines are generalised."""


def areas_json(session: Session, scope: Scope) -> bytes:
    """Return the areas of a scope with those above them, as JSON."""
    own = scope.areas if scope.areas is not None else (COUNTRY,)
    found: dict[str, dict[str, object]] = {}
    for code in sorted({code[:6] for code in own}):
        for level, within in _levels(session, code):
            if any(one not in found for one in (within, code)):
                found |= _outlines(session, level, within)
    on = get_active(session).reference_date
    told = {"areas": [found[code] for code in sorted(found)], "as_of": on.isoformat() if on else None}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def own_cases(session: Session, scope: Scope) -> FieldCases:
    """Return the open cases that a scope may read, newest first; that they were listed is on record."""
    record(session, scope, "list", kind="field_case", details={})
    mine = {"me": scope.actor_id, "units": sorted(scope.units)}
    rows = session.execute(_CASES, mine | {"ended": list(ENDED), "limit": MOST_CASES}).all()
    merged = merge_many(session, {row.id: row.province_code for row in rows})
    return FieldCases(
        cases=[
            FieldCase(
                id=row.id,
                problem=row.problem_code,
                urgency=row.urgency,
                status=row.status,
                status_title=to_words(Text(statuses()[row.status].th, statuses()[row.status].en)),
                reported_on=row.reported_on,
                area=row.area,
                lat=row.lat,
                lon=row.lon,
                seen={name: list(one.ids) for name, one in merged.get(row.id, {}).items()},
                clashes=sorted(name for name, one in merged.get(row.id, {}).items() if one.clash),
            )
            for row in rows
        ]
    )


def _levels(session: Session, code: str) -> list[tuple[Level, str]]:
    """Return which levels are told of an area: those inside it that are not too many, itself, and those above it."""
    if code != COUNTRY and not list_areas(session, level_of(code), code):
        return []  # an account may name areas that the active boundaries do not have
    finer = [one for one in LEVELS if LEVELS.index(one) >= max(1, LEVELS.index(level_of(code)))]
    inside: list[tuple[Level, str]] = [
        (one, code) for one in finer if len(list_areas(session, one, code)) <= MOST_AREAS
    ]
    return inside + [(level_of(one), one) for one in ancestors_of(code) if one != COUNTRY]


def _outlines(session: Session, level: Level, within: str) -> dict[str, dict[str, object]]:
    known = {one.code: one for one in list_areas(session, level, within)}
    shapes = list_named_shapes(session, level, within)
    codes = [code for code in known if code in shapes]
    plain = shapely.coverage_simplify(np.array([shapes[code][1] for code in codes], dtype=object), COARSE)
    rounded = shapely.transform(plain, lambda points: np.round(points, DECIMALS))
    return {
        code: {
            "code": code,
            "name_th": known[code].name_th,
            "name_en": known[code].name_en,
            "level": level,
            "parent": known[code].parent_code,
            "geometry": json.loads(shape),
        }
        for code, shape in zip(codes, shapely.to_geojson(rounded), strict=True)
    }


_CASES = text(
    "SELECT province_code, id, problem_code, urgency, status, reported_on, ST_Y(point) AS lat, ST_X(point) AS lon,"
    " coalesce(subdistrict_code, district_code, province_code) AS area"
    ' FROM "case" WHERE (created_by = :me OR unit_id = ANY (:units))'
    " AND NOT status = ANY (:ended) AND sensitivity <> 'L3' AND cases = 1"
    " ORDER BY id DESC LIMIT :limit"
)
