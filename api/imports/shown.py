"""What a preview tells, as JSON values that the page shows: counts, refused rows, decisions that wait, areas."""

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from boundaries.areas import list_areas
from boundaries.matching import Named
from boundaries.messages import Text
from layers.importing import ImportReport, Recipe
from layers.importing.reports import NameToDecide, Repair, WordToDecide
from layers.places import UNKNOWN

ROWS, DECISIONS, AREAS, OTHERS = 200, 100, 300, 20
"""So many refused rows, names and words each, areas, and doubles or gone cases are shown one by one."""
LONGEST = 300


def shown_report(session: Session, report: ImportReport, recipe: Recipe, number: int) -> dict[str, Any]:
    """Return what the page shows of a report."""
    names = _area_names(session, list(report.areas))
    areas = sorted(report.areas.items(), key=lambda one: (-one[1], one[0]))
    counts = ("rows", "new", "changed", "unchanged", "refused_rows", "waiting_rows", "hidden_rows", "repaired_rows")
    others = ("linked_rows", "doubled_rows", "gone_rows", "not_renewed_rows", "status_kept_rows", "uncounted_rows")
    more = ("cases", *others, "without_area", "good")
    return {
        "number": number,
        "target": recipe.target,
        "tallies": recipe.tallies,
        **{name: getattr(report, name) for name in (*counts, *more)},
        "refused": [{"row": one.row, **_words(one.reason)} for one in report.refused[:ROWS]],
        "names": [_name(one) for one in report.names[:DECISIONS]],
        "names_more": max(0, len(report.names) - DECISIONS),
        "words": [_word(one) for one in report.words[:DECISIONS]],
        "words_more": max(0, len(report.words) - DECISIONS),
        "repairs": [_repair(one) for one in report.repairs],
        "accepted": list(recipe.repairs),
        "left_out": dict(report.left_out),
        "matches": dict(report.matches),
        "areas": [{"code": code, "count": count, **names.get(code, NOWHERE)} for code, count in areas[:AREAS] if count],
        "areas_more": max(0, len(areas) - AREAS),
        "points": len(report.points),
        "doubles": [list(one) for one in report.doubles[:OTHERS]],
        "gone": list(report.gone[:OTHERS]),
        "not_renewed": list(report.not_renewed[:OTHERS]),
        "status_kept": list(report.status_kept[:OTHERS]),
    }


NOWHERE = {"th": "ไม่ทราบพื้นที่", "en": "area unknown"}


def named_of(told: dict[str, Any]) -> Named:
    """Return the name that a shown decision is about."""
    return Named(**told["named"])


def _name(one: NameToDecide) -> dict[str, Any]:
    asked = one.named
    parts = filter(None, (asked.subdistrict, asked.district, asked.province, asked.address))
    return {
        "named": asdict(asked),
        "words": " · ".join(parts)[:LONGEST],
        "rows": one.rows,
        "row": one.first_row,
        "why": _words(one.why) if one.why else None,
        "candidates": [{"code": found.code, "name": found.name} for found in one.candidates],
    }


def _word(one: WordToDecide) -> dict[str, Any]:
    return {"role": one.role, "word": one.word, "rows": one.rows, "row": one.first_row, "codes": list(one.candidates)}


def _repair(one: Repair) -> dict[str, Any]:
    return {"name": one.name, "rows": one.rows, "row": one.first_row, **_words(one.words)}


def _words(words: Text) -> dict[str, str]:
    return {"th": words.th[:LONGEST], "en": words.en[:LONGEST]}


def _area_names(session: Session, codes: list[str]) -> dict[str, dict[str, str]]:
    """Name districts with their provinces, and provinces alone."""
    provinces = {one.code: one for one in list_areas(session, "province")}
    districts = {one.code: one for one in list_areas(session, "district")} if any(map(_is_district, codes)) else {}
    made = {}
    for code in codes:
        district, province = districts.get(code), provinces.get(code[:2])
        parts = [one for one in (district, province) if one]
        if code != UNKNOWN and parts:
            th = " ".join(one.full_name_th for one in parts)
            made[code] = {"th": th, "en": ", ".join(one.name_en for one in parts)}
    return made


def _is_district(code: str) -> bool:
    return len(code) > 2
