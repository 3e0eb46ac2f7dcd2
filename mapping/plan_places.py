"""The areas of plans by their codes, also of those that the edition of boundaries in use does not have."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.orm import Session

from boundaries.areas import AreaNotFound, AreaRecord, get_area, list_areas
from boundaries.codes import COUNTRY, LEVELS, digits_of


def areas_named(session: Session, codes: Collection[str], area: AreaRecord) -> dict[str, AreaRecord]:
    """Return areas within an area by their codes, one statement a level; what the edition lost goes by its code."""
    found = {area.code: area}
    for level in LEVELS[1:]:
        if any(len(code) == digits_of(level) and code not in found for code in codes):
            found |= {one.code: one for one in list_areas(session, level, area.code)}
    return {code: found.get(code) or _lost(area, code) for code in codes}


def area_or_code(session: Session, code: str) -> AreaRecord:
    """Return an area, or one that goes by its code where the edition in use lost it."""
    try:
        return get_area(session, code)
    except AreaNotFound:
        return _lost(get_area(session, COUNTRY), code)


def _lost(area: AreaRecord, code: str) -> AreaRecord:
    return replace(area, code=code, name_th=code, name_en=code, kind="country")
