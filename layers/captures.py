"""Filing what a phone brought: a case of it, a further observation of one, or a photo; all by the product itself.

Whoever calls has opened the envelope and checked its shape. Here is decided whether it lies within the reach of the one
who sent it; what does not is refused by name, and kept elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from boundaries.messages import Text
from boundaries.prepared import prepared
from layers import cases, observations, observed_words, rollups
from layers.cases import Begun, CaseRecord, CaseValues, get_case, update_case
from layers.observations import with_fields
from layers.observed import add_observation, read_observations
from layers.scope import Scope
from layers.sealing import Keys
from layers.sources import save_source

SOURCE = "field"
NAME = Text("บันทึกจากพื้นที่", "Recorded in the field")
SENDING = ("case.submit", "case.write")
MOST_OBSERVATIONS = 1000


class CaptureOutside(SocialMapError):
    """A case that the sender may not bring in or change: its place or the case is beyond reach."""

    key = "error.capture_outside"


class CaptureTaken(SocialMapError):
    """A case has this id already."""

    key = "error.capture_taken"


class CaptureMany(SocialMapError):
    """More observations than a case has in years of work: a program gone wild, or somebody who wants it to."""

    key = "error.capture_many"


class CaptureErased(SocialMapError):
    """Words or a photo from before the person of the case was erased."""

    key = "error.capture_erased"


@dataclass(frozen=True)
class Brought:
    """Who brought something, from where, when, and what they may: `reach` is the scope of the phone."""

    id: UUID
    case_id: UUID
    account_id: UUID
    device_id: UUID
    made_at: datetime
    reach: Scope


@dataclass(frozen=True)
class Stated:
    """The fields of a case or observation: open ones as JSON values, words about persons, and what was shown before."""

    fields: Mapping[str, Any]
    words: Mapping[str, Any]
    seen: Mapping[str, frozenset[UUID]]


def file_case(session: Session, keys: Keys, by: Brought, stated: Stated) -> None:
    """Make a case of what was stated, with its first observation; the person goes to the identity data.

    Raises CaptureOutside, CaptureTaken, and what add_case, save_identity and create_consent raise.
    """
    if prepared(session, _EXISTS, {"id": by.case_id}).one_or_none() is not None:
        raise CaptureTaken
    values = with_fields(CaseValues("P16", date.today()), stated.fields)
    placed = cases.place(session, values)
    areas = placed.areas
    _check_reach(by.reach, areas)
    source = field_source(session, by.made_at.date())
    reference = free_reference(session, source, areas[0], stated.fields.get("external_ref"))
    unit = _unit_for(session, by.reach.units, areas)
    begun = Begun(source, reference, by.case_id, unit, by.account_id)
    uncounted = cases.add_case(session, begun, placed)
    add_observation(session, areas[0], by, stated)
    observed_words.keep(session, keys, areas[0], by, stated.words)
    observed_words.apply(session, keys, areas[0], by, stated.words, first=True)
    rollups.add_rows(session, uncounted)


def file_observation(session: Session, keys: Keys, by: Brought, stated: Stated) -> None:
    """Add an observation to a case and let the case say what then stands.

    Raises CaseNotFound, CaptureOutside, CaptureErased, and what update_case and save_identity raise.
    """
    case = get_case(session, by.case_id)
    check_case(session, by, case)
    if stated.words:
        check_not_erased(session, case.province_code, by)
    add_observation(session, case.province_code, by, stated)
    observed_words.keep(session, keys, case.province_code, by, stated.words)
    stored = read_observations(session, case.province_code, by.case_id)
    if len(stored) > MOST_OBSERVATIONS:
        raise CaptureMany(limit=MOST_OBSERVATIONS)
    merged = observations.merge(stored)
    changed = {name: merged[name].value for name in stated.fields}
    if changed:
        values = with_fields(case.values, changed)
        if "place" in changed:
            _check_reach(by.reach, cases.place(session, values).areas)
        update_case(session, by.case_id, values, actor_id=by.account_id)
        _refer(session, by.case_id, changed)
    province = get_case(session, by.case_id).province_code  # it may have moved, and what hangs on it too
    shown = observed_words.shown(session, keys, province, by.case_id, {one: merged[one].id for one in stated.words})
    observed_words.apply(session, keys, province, by, shown)


def check_case(session: Session, by: Brought, case: CaseRecord) -> None:
    """Raise CaptureOutside unless the sender may change this case: the rule of the table's policy, for a phone.

    Who brought a case goes on with it, a secret one too: photos and corrections come minutes later.
    """
    held = prepared(session, _HELD, {"province": case.province_code, "id": case.id}).one()
    areas = (case.province_code, case.district_code, case.subdistrict_code)
    mine = held.created_by == by.account_id
    ours = held.unit_id in by.reach.units and case.sensitivity != "L3" and by.reach.may("case.write")
    if not (mine or ours):
        raise CaptureOutside
    _check_reach(by.reach, areas)


def check_not_erased(session: Session, province: str, by: Brought) -> None:
    """Raise CaptureErased for what was made before the identity data of its case were erased."""
    erased = prepared(session, _ERASED, {"province": province, "id": by.case_id}).scalar_one_or_none()
    if erased is not None and by.made_at <= erased:
        raise CaptureErased


def field_source(session: Session, today: date) -> int:
    """Return the source of all cases that phones bring; made with the first, renewed once a day."""
    held = prepared(session, _SOURCE, {"key": SOURCE}).one_or_none()
    if held is not None and held.as_of >= min(today, date.today()):
        return int(held.id)
    return save_source(session, SOURCE, NAME, min(today, date.today()))


def free_reference(session: Session, source: int, province: str, reference: str | None) -> str | None:
    """Return a stated external reference unless another case of the province bears it: then the case keeps its id."""
    if reference is None:
        return None
    asked = {"source": source, "province": province, "reference": reference}
    return None if prepared(session, _TAKEN, asked).one_or_none() else reference


def _refer(session: Session, case_id: UUID, changed: Mapping[str, Any]) -> None:
    if "external_ref" not in changed:
        return
    case = get_case(session, case_id)
    if prepared(session, _SOURCE, {"key": SOURCE}).one().id != case.source_id:
        return  # what another source calls its case is not changed by a phone
    wanted = free_reference(session, case.source_id, case.province_code, changed["external_ref"])
    at = {"province": case.province_code, "id": case_id}
    prepared(session, _REFER, at | {"reference": wanted or str(case_id)})


def _check_reach(reach: Scope, areas: tuple[str | None, ...]) -> None:
    """Raise CaptureOutside unless a place lies in the sender's areas; a village means its subdistrict."""
    known = [code for code in areas if code]
    may = any(reach.may(one) for one in SENDING)
    villages = {area[:6] for area in reach.areas or () if len(area) == 8}
    if not may or not (any(reach.covers(code) for code in known) or villages & set(known)):
        raise CaptureOutside


def _unit_for(session: Session, own: frozenset[int], areas: tuple[str | None, ...]) -> int | None:
    """Return the sender's unit, one that serves the place before others, else the office that serves it closest."""
    asked = {"own": sorted(own), "areas": [code for code in areas if code]}
    found: int | None = prepared(session, _OWN_UNIT if own else _OFFICE, asked).scalar_one_or_none()
    return found


_EXISTS = 'SELECT 1 FROM "case" WHERE id = :id'
_HELD = 'SELECT unit_id, created_by FROM "case" WHERE province_code = :province AND id = :id'
_ERASED = "SELECT erased_at FROM identity_erasure WHERE province_code = :province AND case_id = :id"
_SOURCE = "SELECT id, as_of FROM source WHERE key = :key"
_TAKEN = 'SELECT 1 FROM "case" WHERE source_id = :source AND external_id = :reference AND province_code = :province'
_REFER = 'UPDATE "case" SET external_id = :reference WHERE province_code = :province AND id = :id'
_SERVES = (
    "(a.area_code = 'TH' OR EXISTS (SELECT FROM unnest(CAST(:areas AS text[])) AS c WHERE starts_with(c, a.area_code)))"
)
_OWN_UNIT = (
    f"SELECT u.id FROM unit AS u LEFT JOIN unit_area AS a ON a.unit_id = u.id AND {_SERVES}"  # noqa: S608
    " WHERE u.id = ANY (:own) ORDER BY a.area_code IS NULL, length(a.area_code) DESC, u.id LIMIT 1"
)
_OFFICE = (
    f"SELECT u.id FROM unit AS u JOIN unit_area AS a ON a.unit_id = u.id AND {_SERVES}"  # noqa: S608
    " WHERE u.kind = 'office' ORDER BY a.area_code = 'TH', length(a.area_code) DESC, u.id LIMIT 1"
)
