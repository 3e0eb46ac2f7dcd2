"""Moving cases and assets to another edition of the boundaries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from boundaries.areas import load_index
from boundaries.crosswalks import find_successor
from layers import places, rollups
from layers.copying import cell, copy_rows


@dataclass(frozen=True)
class RetagReport:
    """How many cases were looked at and moved, from which area to which; stated codes that nobody knows any more."""

    cases: int
    moved: int
    moves: tuple[tuple[str, str, int], ...]
    """(old finest code, new finest code, cases), most cases first."""
    unresolved: tuple[tuple[str, int], ...]
    """Stated codes without a successor, with their cases: these fall back to what of the code is still known."""
    assets: int


def retag_cases(session: Session, edition_id: int) -> RetagReport:
    """Give every case and asset its areas in the edition that has just become active.

    A point is looked up anew; a stated code follows the crosswalk. Stated codes themselves are kept as they were
    stated. The rollups follow in the same transaction.
    """
    session.execute(text('LOCK TABLE "case", asset IN SHARE ROW EXCLUSIVE MODE'))
    rows = session.execute(_CASES, {"edition": edition_id}).all()
    known = places.known_codes(session)
    successors = {code: _successor(code, known) for code in {row.stated_code for row in rows} if code}
    index = load_index(session)
    lat = np.array([np.nan if row.lat is None else row.lat for row in rows], dtype=np.float64)
    lon = np.array([np.nan if row.lon is None else row.lon for row in rows], dtype=np.float64)
    found = places.resolve(index, lat, lon, [successors.get(row.stated_code) for row in rows])
    moves: Counter[tuple[str, str]] = Counter()
    lost: Counter[str] = Counter()
    for row, code in zip(rows, found.area_code, strict=True):
        if row.area_code != code:
            moves[row.area_code, code] += row.cases
        if row.stated_code and find_successor(_cut(row.stated_code, known), known) is None:
            lost[row.stated_code] += row.cases
    _write(session, rows, found, edition_id)
    if moves:
        rollups.rebuild(session)
    return RetagReport(
        cases=sum(row.cases for row in rows),
        moved=sum(moves.values()),
        moves=tuple((old, new, count) for (old, new), count in moves.most_common()),
        unresolved=tuple(sorted(lost.items())),
        assets=_retag_assets(session, edition_id),
    )


_CASES = text(
    """
SELECT province_code, id, cases, ST_Y(point) AS lat, ST_X(point) AS lon, stated_code,
       coalesce(subdistrict_code, district_code, province_code) AS area_code
FROM "case" WHERE edition_id <> :edition ORDER BY province_code, id"""
)
_TEMPORARY = text(
    """
DROP TABLE IF EXISTS pg_temp.retagged;
CREATE TEMPORARY TABLE retagged (
    old_province text COLLATE "C", id uuid, province_code text, district_code text, subdistrict_code text,
    area_match text
) ON COMMIT DROP"""
)
_UPDATE = text(
    """
UPDATE "case" c
SET province_code = r.province_code, district_code = r.district_code, subdistrict_code = r.subdistrict_code,
    area_match = r.area_match, edition_id = :edition
FROM retagged r WHERE c.province_code = r.old_province AND c.id = r.id"""
)


def _cut(code: str, known: frozenset[str]) -> str:
    """Return as much of a code as the levels of the boundaries can hold."""
    longest = max((len(one) for one in known), default=0)
    return code[:longest]


def _successor(code: str, known: frozenset[str]) -> str | None:
    """Return the area that a stated code means now, cut to what is still known; None when not even its province is."""
    cut = _cut(code, known)
    found = find_successor(cut, known)
    while found is None and len(cut) > 2:
        cut = cut[:-2]
        found = find_successor(cut, known)
    return found


def _write(session: Session, rows: Sequence[Row], found: places.Places, edition_id: int) -> None:
    if not rows:
        return
    session.execute(_TEMPORARY)
    columns = ("old_province", "id", "province_code", "district_code", "subdistrict_code", "area_match")
    lines = zip(rows, found.province_code, found.district_code, found.subdistrict_code, found.area_match, strict=True)
    copy_rows(
        session,
        "retagged",
        columns,
        ([row.province_code, str(row.id), *(cell(code) for code in codes)] for row, *codes in lines),
    )
    session.execute(text("ANALYZE retagged"))
    session.execute(_UPDATE, {"edition": edition_id})


def _retag_assets(session: Session, edition_id: int) -> int:
    rows = session.execute(
        text(
            "SELECT province_code, id, ST_Y(point) AS lat, ST_X(point) AS lon FROM asset WHERE edition_id <> :edition"
        ),
        {"edition": edition_id},
    ).all()
    if not rows:
        return 0
    found = places.resolve(
        load_index(session),
        np.array([row.lat for row in rows]),
        np.array([row.lon for row in rows]),
        [None] * len(rows),
    )
    session.execute(
        text(
            "UPDATE asset SET province_code = :province, area_code = :code, area_match = :match, edition_id = :edition"
            " WHERE province_code = :old AND id = :id"
        ),
        [
            {"province": province, "code": code, "match": match, "edition": edition_id, "old": row.province_code,
             "id": row.id}
            for row, province, code, match in zip(
                rows, found.province_code, found.area_code, found.area_match, strict=True
            )
        ],
    )  # fmt: skip
    return len(rows)
