"""What a phone takes along: its areas with outlines, and its owner's open cases with as little as it needs."""

import json
from collections.abc import Mapping

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.audit import record
from api.field.outlines import Outline, above, around, outlines
from api.schemas.common import to_words
from api.schemas.field import FieldCase, FieldCases
from boundaries.areas import list_areas
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
    """Return the areas of a scope with those above them and outlines of those around them, as JSON."""
    own = scope.areas if scope.areas is not None else (COUNTRY,)
    asked = {each for code in sorted({code[:6] for code in own}) for each in _levels(session, code)}
    levels: dict[Level, dict[str, Outline]] = {}
    for level, within in sorted(asked):
        levels.setdefault(level, {}).update(outlines(session, level, within))
    told: dict[str, dict[str, object]] = {}
    if levels:
        finest = max(levels, key=LEVELS.index)
        near = around(session, finest, levels[finest])
        told = _told(above(session, near)) | _told(levels[finest] | near)
        for level in levels.keys() - {finest}:
            told |= _told(levels[level])
    on = get_active(session).reference_date
    answer = {"areas": [told[code] for code in sorted(told)], "as_of": on.isoformat() if on else None}
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


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


def _told(areas: Mapping[str, Outline]) -> dict[str, dict[str, object]]:
    """Generalise areas of one level together, so that neighbours keep one edge; some are only named."""
    drawn = {code: one.shape for code, one in areas.items() if one.shape is not None}
    plain = shapely.coverage_simplify(np.array(list(drawn.values()), dtype=object), COARSE)
    rounded = shapely.transform(plain, lambda points: np.round(points, DECIMALS))
    shapes = dict(zip(drawn, map(json.loads, shapely.to_geojson(rounded)), strict=True))
    return {
        code: {
            "code": code,
            "name_th": one.area.name_th,
            "name_en": one.area.name_en,
            "level": one.area.level,
            "parent": one.area.parent_code,
            "geometry": shapes.get(code),
        }
        for code, one in areas.items()
    }


_CASES = text(
    "SELECT province_code, id, problem_code, urgency, status, reported_on, ST_Y(point) AS lat, ST_X(point) AS lon,"
    " coalesce(subdistrict_code, district_code, province_code) AS area"
    ' FROM "case" WHERE (created_by = :me OR unit_id = ANY (:units))'
    " AND NOT status = ANY (:ended) AND sensitivity <> 'L3' AND cases = 1"
    " ORDER BY id DESC LIMIT :limit"
)
