"""Cases: records of social problems, and the only module that writes them.

Every write keeps the rollups in the same transaction by explicit statements. A change of status needs its event in the
log first: a trigger refuses it otherwise (`layers.case_steps` takes the steps of people).
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

import uuid_utils
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from boundaries.areas import at_point
from boundaries.editions import active_id
from boundaries.errors import SocialMapError
from boundaries.prepared import prepared
from layers import places, rollups, taxonomy
from layers.dates import Precision
from layers.scope import as_product
from layers.statements import statement
from layers.taxonomy import NEW, Counted, Sensitivity

Way = Literal["step", "stated", "undo", "unmerge"]
"""What allows a change of status: somebody's step, what a file states, an import taken back, a merge taken back."""
LONGEST_ID = 200
"""So many characters has an external id at most: an index of the tables cannot hold one of any length."""


class CaseNotFound(SocialMapError):
    """No case has this id."""

    key = "error.case_not_found"


class BadStatus(SocialMapError):
    """A step from one status to another that is not allowed."""

    key = "error.bad_status"


class BadCase(SocialMapError):
    """A case that breaks a rule of the tables; `rule` names the constraint."""

    key = "error.bad_case"


class LongExternalId(SocialMapError):
    """An external id of more than LONGEST_ID characters."""

    key = "error.long_external_id"


@dataclass(frozen=True)
class CaseValues:
    """What is stated about a case. The place is a point (degrees, EPSG:4326), a stated code, both, or nothing."""

    problem_code: str
    reported_on: date
    date_precision: Precision = "day"
    urgency: str = "U2"
    status: int = NEW
    close_reason: str | None = None
    cases: int = 1
    """How many cases it stands for: one, or the number of a cell where a table of counts came in."""
    weight: float = 1
    counted: Counted = "case"
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    stated_code: str | None = None
    village_code: str | None = None
    target_groups: tuple[str, ...] = ()
    secondary_problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseRecord:
    """A case as it is kept: what was stated, and the areas that followed."""

    id: UUID
    source_id: int
    external_id: str
    values: CaseValues
    sensitivity: Sensitivity
    province_code: str
    district_code: str | None
    subdistrict_code: str | None
    area_match: str
    edition_id: int
    unit_id: int | None
    last_event: int
    """The number of its newest event, 0 for none."""

    @property
    def area_code(self) -> str:
        """The finest code known, '00' if none."""
        return self.subdistrict_code or self.district_code or self.province_code


def new_id() -> UUID:
    """Make a UUIDv7."""
    return UUID(str(uuid_utils.uuid7()))


def new_ids(count: int) -> list[str]:
    """Make many, as text."""
    return [str(uuid_utils.uuid7()) for _ in range(count)]


def check_external_id(value: str) -> None:
    """Raise LongExternalId for an id that is too long to be kept."""
    if len(value) > LONGEST_ID:
        raise LongExternalId(start=value[:20], length=len(value), limit=LONGEST_ID)


def sensitivity_of(problem: str, groups: Iterable[str], secondary: Iterable[str]) -> Sensitivity:
    """Return the level of a case: the highest among its problems and target groups. Unknown codes are refused."""
    problems = [taxonomy.get_problem(code).sensitivity for code in (problem, *secondary)]
    return taxonomy.highest([*problems, *(taxonomy.get_target_group(code).sensitivity for code in groups)])


@contextmanager
def told() -> Iterator[None]:
    """Turn a broken constraint into BadCase, in this one place."""
    try:
        yield
    except IntegrityError as error:
        rule = error.orig.diag.constraint_name if error.orig else ""  # type: ignore[attr-defined]
        raise BadCase(rule=rule) from error


@dataclass(frozen=True)
class Begun:
    """How a case begins: where it was recorded, under which id, for which unit and by whom."""

    source_id: int
    external_id: str | None = None
    id: UUID = field(default_factory=lambda: new_id())
    unit_id: int | None = None
    created_by: UUID | None = None


def create_case(session: Session, source_id: int, values: CaseValues, external_id: str | None = None) -> UUID:
    """Record a new case and count it; return its id."""
    begun = Begun(source_id, external_id)
    rollups.add_rows(session, add_case(session, begun, place(session, values)))
    return begun.id


def add_case(session: Session, begun: Begun, placed: "Placed") -> list[rollups.Change]:
    """Record a new case; return what the caller is to count of it with `rollups.add_rows`, in the same transaction.

    Counted late, it keeps others waiting for a short time only: the next case may belong to the same cell.
    """
    check_external_id(begun.external_id or "")
    row = {**placed.columns, "id": begun.id, "source_id": begun.source_id}
    row |= {"external_id": begun.external_id or str(begun.id), "unit_id": begun.unit_id}
    with told():
        prepared(session, statement("insert_case").text, row | {"created_by": begun.created_by})
    return _counted(row, placed.values, 1)


def update_case(
    session: Session, case_id: UUID, values: CaseValues, *, actor_id: UUID | None = None, note: str | None = None
) -> None:
    """Replace what is stated about a case, as the product itself; a new status is logged, and an allowed step only."""
    old = lock_case(session, case_id)
    check_step(old.values.status, values.status)
    row = {
        **place(session, values).columns,
        "id": case_id,
        "old_province": old.province_code,
        "last_event": old.last_event,
    }
    with told():
        if values.status != old.values.status:
            row["last_event"] = log_status(session, old, values.status, "stated", actor_id=actor_id, note=note)
        session.execute(statement("update_case"), row)
    row |= {"source_id": old.source_id}
    rollups.add_rows(session, [*_counted_record(old, -1), *_counted(row, values, 1)])


def change_status(
    session: Session,
    case_id: UUID,
    status: int,
    *,
    close_reason: str | None = None,
    actor_id: UUID | None = None,
    note: str | None = None,
) -> None:
    """State, as the product itself, that a case is one allowed step further; raise BadStatus for any other."""
    old = lock_case(session, case_id)  # or what another writer commits before the update would be undone
    update_case(
        session,
        case_id,
        replace(old.values, status=status, close_reason=close_reason),
        actor_id=actor_id,
        note=note,
    )


def remove_words(session: Session, case_id: UUID) -> None:
    """Take away all words of work on a case and the id by which a file knew it; both may lead to a person.

    The case stays in its cell of the statistics. A file that still has its row would bring it in anew.
    """
    case = {"province": lock_case(session, case_id).province_code, "id": case_id}
    for words in WORDS:
        session.execute(text(f"{words} AND province_code = :province AND case_id = :id"), case)
    session.execute(text('UPDATE "case" SET external_id = id::text WHERE province_code = :province AND id = :id'), case)
    session.execute(text("DELETE FROM case_reference WHERE province_code = :province AND case_id = :id"), case)
    session.execute(
        text(
            "UPDATE case_observation SET fields = fields - 'external_ref'"
            " WHERE province_code = :province AND case_id = :id AND fields ? 'external_ref'"
        ),
        case,
    )


WORDS = (
    "UPDATE case_event SET note = NULL, evidence = NULL WHERE num_nonnulls(note, evidence) > 0",
    "UPDATE case_closing SET note = NULL, evidence = '-' WHERE true",
    "UPDATE referral SET note = NULL, answer = NULL WHERE num_nonnulls(note, answer) > 0",
    "UPDATE visit SET note = NULL WHERE note IS NOT NULL",
    "UPDATE assistance SET note = NULL WHERE note IS NOT NULL",
)
"""Where words about persons stand in what hangs on a case."""


def delete_case(session: Session, case_id: UUID) -> None:
    """Delete a case with all that hangs on it."""
    old = lock_case(session, case_id)
    session.execute(
        text('DELETE FROM "case" WHERE province_code = :province AND id = :id'),
        {"province": old.province_code, "id": case_id},
    )
    rollups.add_rows(session, _counted_record(old, -1))


def get_case(session: Session, case_id: UUID) -> CaseRecord:
    """Return a case, or raise CaseNotFound."""
    return _record(session, case_id, lock=False)


def lock_case(session: Session, case_id: UUID) -> CaseRecord:
    """Return a case that nobody else changes until the transaction ends, if it may be written; raise CaseNotFound."""
    return _record(session, case_id, lock=True)


def _record(session: Session, case_id: UUID, lock: bool) -> CaseRecord:
    sql = statement("get_case").text + ("\nFOR UPDATE OF c" if lock else "")
    row = prepared(session, sql, {"id": case_id}).mappings().one_or_none()
    if row is None:
        raise CaseNotFound(id=case_id)
    stated = {field.name: row[field.name] for field in fields(CaseValues)}
    stated |= {name: tuple(stated[name]) for name in ("target_groups", "secondary_problems")}
    stated["weight"] = float(stated["weight"])
    kept = {field.name: row[field.name] for field in fields(CaseRecord) if field.name != "values"}
    return CaseRecord(values=CaseValues(**stated), **kept)


def check_step(old: int, new: int) -> None:
    """Raise BadStatus unless a step leads from one status to the other; to stay is allowed."""
    allowed = taxonomy.statuses()[old].next
    if new != old and new not in allowed:
        raise BadStatus(old=old, new=new, allowed=", ".join(map(str, allowed)) or "-")


@dataclass(frozen=True)
class Placed:
    """A case's columns: what is stated, its sensitivity and its areas in the active boundaries."""

    values: CaseValues
    columns: Mapping[str, Any]

    @property
    def areas(self) -> tuple[str, str | None, str | None]:
        """The province ('00' unknown), district and subdistrict."""
        return self.columns["province_code"], self.columns["district_code"], self.columns["subdistrict_code"]


def place(session: Session, values: CaseValues) -> Placed:
    """Find where a case of these values lies. Raises UnknownArea, UnknownProblem, UnknownTargetGroup."""
    stated = values.stated_code or (values.village_code[:6] if values.village_code else None)
    cut = places.stated_area(stated, places.known_codes(session)) if stated else None
    row: dict[str, Any] = {field.name: getattr(values, field.name) for field in fields(CaseValues)}
    row |= {"stated_code": stated, "edition_id": active_id(session)}
    row |= {name: list(dict.fromkeys(row[name])) for name in ("target_groups", "secondary_problems")}
    row["sensitivity"] = sensitivity_of(values.problem_code, values.target_groups, values.secondary_problems)
    found = None
    if values.lat is not None and values.lon is not None:
        match = at_point(session, values.lat, values.lon)
        found = (match.province_code, match.district_code, match.subdistrict_code, match.area_match)
    names = ("province_code", "district_code", "subdistrict_code", "area_match")
    return Placed(values, row | dict(zip(names, places.combine(found, cut), strict=True)))


def log_status(
    session: Session,
    case: CaseRecord,
    status: int,
    way: Way,
    *,
    actor_id: UUID | None = None,
    **more: object,
) -> int:
    """Add a change of status to a locked case's log, which must come before the change; return the event's number.

    `more` are a note, evidence, and of a closing `proposed_by` and `closing_id`.
    """
    row = {"province": case.province_code, "case_id": case.id, "id": new_id(), "number": case.last_event + 1}
    row |= {"old": case.values.status, "new": status, "way": way, "actor": actor_id}
    empty = dict.fromkeys(("note", "evidence", "proposed_by", "closing_id"))
    session.execute(statement("insert_event"), row | empty | more)
    return case.last_event + 1


def count_step(session: Session, case: CaseRecord, status: int) -> None:
    """Let the figures follow a locked case that goes to a status, whoever's the session is.

    Nothing changes where it counts before and after, or neither.
    """
    stepped = replace(case, values=replace(case.values, status=status))
    if _counts(case.values.status) == _counts(status):
        return
    with as_product(session):
        rollups.add_rows(session, [*_counted_record(case, -1), *_counted_record(stepped, 1)])


def _counts(status: int) -> bool:
    return taxonomy.statuses()[status].counts


def _counted(row: Mapping[str, Any], values: CaseValues, sign: int) -> list[rollups.Change]:
    """Return what a case adds to the figures: nothing where its status is no case."""
    if not _counts(values.status):
        return []
    change = rollups.Change(
        sign=sign,
        province_code=row["province_code"],
        district_code=row["district_code"],
        subdistrict_code=row["subdistrict_code"],
        problem_code=values.problem_code,
        reported_on=values.reported_on,
        date_precision=values.date_precision,
        source_id=row["source_id"],
        counted=values.counted,
        cases=values.cases,
        weight=values.weight,
        target_groups=tuple(dict.fromkeys(values.target_groups)),
    )
    return [change]


def _counted_record(record: CaseRecord, sign: int) -> list[rollups.Change]:
    areas = {name: getattr(record, name) for name in ("province_code", "district_code", "subdistrict_code")}
    return _counted(areas | {"source_id": record.source_id}, record.values, sign)


def retag(session: Session, edition_id: int) -> Any:
    """Move all cases to the edition that has just become active; return a RetagReport."""
    # Imported when called: it stands on this module's neighbours, which stand on this one.
    from layers.retagging import retag_cases

    return retag_cases(session, edition_id)
