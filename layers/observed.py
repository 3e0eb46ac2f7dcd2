"""Observations as they are stored: added once, never changed, read back for merging and for a case's history."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from boundaries.prepared import prepared
from layers.observations import Hidden, Merged, Observation, merge

if TYPE_CHECKING:
    from layers.captures import Brought, Stated


def add_observation(session: Session, province: str, by: "Brought", stated: "Stated") -> None:
    """Add one observation; its words are kept by `observed_words`."""
    seen = {name: sorted(map(str, ids)) for name, ids in stated.seen.items()}
    row: dict[str, Any] = {"province": province, "case": by.case_id, "id": by.id, "account": by.account_id}
    row |= {"device": by.device_id, "made_at": by.made_at, "words": sorted(stated.words)}
    row |= {"seen": json.dumps(seen), "fields": json.dumps(dict(stated.fields), ensure_ascii=False)}
    prepared(session, _ADD, row)


def read_observations(session: Session, province: str, case_id: UUID) -> list[Observation]:
    """Return the observations of a case for merging; words are there as Hidden values."""
    return [_observation(row) for row in prepared(session, _READ, {"provinces": [province], "cases": [case_id]})]


def merge_many(session: Session, cases: Mapping[UUID, str]) -> dict[UUID, dict[str, Merged]]:
    """Return the fields of several cases (id → province) as they stand; cases without observations are left out."""
    found: dict[UUID, list[Observation]] = {}
    for row in prepared(session, _READ, {"provinces": sorted(set(cases.values())), "cases": list(cases)}):
        found.setdefault(row.case_id, []).append(_observation(row))
    return {case: merge(ones) for case, ones in found.items()}


def list_history(session: Session, province: str, case_id: UUID) -> list[dict[str, Any]]:
    """Return the observations of a case in the order they were made: who, when, open fields, names of sealed ones."""
    return [dict(row) for row in prepared(session, _HISTORY, {"province": province, "case": case_id}).mappings()]


def _observation(row: Any) -> Observation:
    seen = {name: frozenset(map(UUID, ids)) for name, ids in row.seen.items()}
    return Observation(row.id, {**row.fields, **dict.fromkeys(row.words, Hidden(row.id))}, seen)


_ADD = (
    "INSERT INTO case_observation (province_code, case_id, id, account_id, device_id, made_at, seen, fields, words)"
    " VALUES (:province, :case, :id, :account, :device, :made_at, CAST(:seen AS jsonb), CAST(:fields AS jsonb), :words)"
)
_READ = (
    "SELECT case_id, id, seen, fields, words FROM case_observation WHERE province_code = ANY (:provinces)"
    " AND case_id = ANY (:cases)"
)
_HISTORY = (
    "SELECT id, account_id, device_id, made_at, received_at, seen, fields, words FROM case_observation"
    " WHERE province_code = :province AND case_id = :case ORDER BY made_at, id"
)
