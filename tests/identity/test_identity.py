"""Identity data: sealed for one case, read by few, found by hashes, gone with their key."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from api.database import reading, transaction
from api.identity_use import (
    close_identity,
    erase_identity,
    find_by_identity,
    identity_keys,
    open_identity,
    read_identity,
    write_identity,
)
from layers.cases import CaseNotFound, delete_case, get_case, new_id, update_case
from layers.identity import (
    BadIdentity,
    IdentityNotAllowed,
    IdentityNotFound,
    IdentityReasonNeeded,
    IdentityRestricted,
    IdentityValues,
    get_identity,
    level_of,
    normalised,
)
from layers.personal_text import PersonalDataInText
from layers.scope import Scope
from layers.sealing import IdentityDamaged, MasterMissing
from tests.identity.conftest import CLERK, KEEPER, OFFICER, PERSON, Made
from tests.scopes import SYSTEM

TABLES = ("identity", "identity_key", "identity_search")


def save(made: Made, case: UUID, scope: Scope = OFFICER, values: IdentityValues = PERSON) -> None:
    with transaction(made.engine, scope) as session:
        write_identity(session, scope, case, values)


def get(made: Made, case: UUID, scope: Scope = OFFICER) -> IdentityValues:
    with reading(made.engine, scope) as session:
        return read_identity(session, scope, case)


def find(made: Made, name: str, value: str, scope: Scope = OFFICER) -> list[UUID]:
    with reading(made.engine, scope) as session:
        return find_by_identity(session, scope, name, value)  # type: ignore[arg-type]


def counts(engine: Engine, scope: Scope | None) -> list[int]:
    told = engine.execution_options(scope=scope) if scope else engine
    with told.connect() as connection:
        return [connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES]


def test_what_is_saved_is_read_and_found(made: Made) -> None:
    save(made, made.own)
    assert get(made, made.own) == PERSON
    for name, value in (
        ("name", "สมมติ  ไม่มีจริงเลย"),
        ("name", "น.ส.สมมติ ไม่มีจริงเลย"),
        ("national_id", "๐๐๐๐๐๐๐๐๐๐๐๒๗"),
        ("phone", "+66 89 000 0027"),
        ("guardian", "ผู้ปกครองสมมติยิ่ง"),
    ):
        assert find(made, name, value) == [made.own], name
    assert find(made, "name", "สมมติ") == []
    assert find(made, "phone", "0000000000027") == []
    assert find(made, "name", " ") == []
    with reading(made.engine, OFFICER) as session, pytest.raises(BadIdentity):
        find_by_identity(session, OFFICER, "address", "x")  # type: ignore[arg-type]
    for wrong in ("\ud800", "\0", "ก" * 301):
        with pytest.raises(BadIdentity):
            find(made, "name", wrong)


def test_a_correction_replaces_all_and_destroys_the_key_before(made: Made, owner: Engine) -> None:
    save(made, made.own)
    with owner.connect() as connection:
        before = connection.execute(text("SELECT sealed FROM identity")).scalar_one()
        wrapped = connection.execute(text("SELECT wrapped FROM identity_key")).scalar_one()
    save(made, made.own, values=IdentityValues(name="สมมติ ใหม่", phone="0890000028"))
    assert get(made, made.own) == IdentityValues(name="สมมติ ใหม่", phone="0890000028")
    assert find(made, "name", PERSON.name or "") == []
    with owner.connect() as connection:
        row = connection.execute(text("SELECT * FROM identity_key")).one()
    assert (row.version, bytes(row.wrapped) != bytes(wrapped)) == (2, True)
    with transaction(made.engine, KEEPER) as session:
        keys = identity_keys(session)
    from layers.sealing import unseal, unwrap

    key = unwrap(keys, row.master, made.own, row.version, bytes(row.wrapped))
    for version in (1, 2):
        with pytest.raises(IdentityDamaged):
            unseal(key, made.own, version, bytes(before))


def test_nothing_in_the_tables_can_be_read(made: Made, owner: Engine) -> None:
    save(made, made.own)
    save(made, made.foreign, KEEPER)
    with owner.connect() as connection:
        sealed = connection.execute(text("SELECT sealed FROM identity")).scalars().all()
        keys = connection.execute(text("SELECT wrapped FROM identity_key")).scalars().all()
    assert len({bytes(one) for one in (*sealed, *keys)}) == 4
    assert {len(bytes(one)) % 256 for one in sealed} == {28}
    for one in sealed:
        assert "สมมติ".encode() not in bytes(one)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE identity SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) WHERE case_id = :own",
        "UPDATE identity SET sealed = substr(sealed, 1, 29) WHERE case_id = :own",
        "UPDATE identity_key SET wrapped = set_byte(wrapped, 0, get_byte(wrapped, 0) # 1) WHERE case_id = :own",
        "UPDATE identity SET sealed = (SELECT sealed FROM identity WHERE case_id = :other) WHERE case_id = :own",
        "UPDATE identity_key SET wrapped = (SELECT wrapped FROM identity_key WHERE case_id = :other)"
        " WHERE case_id = :own",
        "UPDATE identity SET version = 2 WHERE case_id = :own; UPDATE identity_key SET version = 2"
        " WHERE case_id = :own",
        "WITH k AS (UPDATE identity_key SET wrapped = (SELECT wrapped FROM identity_key WHERE case_id = :other)"
        " WHERE case_id = :own) UPDATE identity SET sealed = (SELECT sealed FROM identity WHERE case_id = :other)"
        " WHERE case_id = :own",
    ],
)
def test_what_is_sealed_is_bound_to_its_case(made: Made, owner: Engine, statement: str) -> None:
    save(made, made.own)
    save(made, made.foreign, KEEPER)
    with owner.begin() as connection:
        connection.execute(text(statement), {"own": made.own, "other": made.foreign})
    with pytest.raises(IdentityDamaged) as told:
        get(made, made.own)
    assert "27" not in str(told.value)


def test_a_case_that_moves_to_another_province_keeps_its_identity(made: Made) -> None:
    save(made, made.own)
    with transaction(made.engine, SYSTEM) as session:
        values = get_case(session, made.own).values
        update_case(session, made.own, replace(values, lat=None, lon=None, stated_code=None))
        assert get_case(session, made.own).province_code == "00"
    assert get(made, made.own, KEEPER) == PERSON
    assert find(made, "name", PERSON.name or "", KEEPER) == [made.own]


@pytest.mark.parametrize("scope", [CLERK, Scope.public(), Scope.committee(), SYSTEM])
def test_others_read_and_write_nothing(made: Made, scope: Scope) -> None:
    """The product itself among them, unless it says that it will: it sees wrapped keys and no data."""
    save(made, made.own)
    for act in (get, save):
        with pytest.raises((IdentityNotAllowed, CaseNotFound)):
            act(made, made.own, scope)
    with pytest.raises(IdentityNotAllowed):
        find(made, "name", PERSON.name or "", scope)
    assert counts(made.engine, scope) == [0, 1 if scope is SYSTEM else 0, 0]
    assert counts(made.engine, None) == [0, 0, 0]


def test_of_foreign_cases_nothing_is_read_found_or_erased(made: Made) -> None:
    save(made, made.foreign, KEEPER)
    save(made, made.secret, KEEPER)
    stranger = replace(OFFICER, actor_id=UUID(int=2))
    for case in (made.foreign, made.secret):
        with pytest.raises(CaseNotFound):
            get(made, case, replace(stranger, reason="ทดสอบ"))
        with pytest.raises(CaseNotFound):
            save(made, case, stranger)
        with transaction(made.engine, stranger) as session, pytest.raises(CaseNotFound):
            erase_identity(session, stranger, case, "ทดสอบ")
    assert find(made, "national_id", PERSON.national_id or "", stranger) == []
    assert counts(made.engine, stranger) == [0, 0, 0]
    assert counts(made.engine, KEEPER) == [2, 2, 8]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE identity SET version = 9",
        "DELETE FROM identity",
        "DELETE FROM identity_search",
        "UPDATE identity_search SET field = 'name'",
        "TRUNCATE identity_key CASCADE",
        "UPDATE identity_restriction SET reason = 'x'",
    ],
)
def test_rows_are_never_changed_in_place(made: Made, statement: str) -> None:
    save(made, made.own)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction(made.engine, KEEPER) as session:
        session.execute(text(statement))


def test_a_secret_case_and_restricted_data_need_a_reason(made: Made) -> None:
    save(made, made.secret)
    from api.audit import ReasonNeeded

    with pytest.raises(ReasonNeeded):
        get(made, made.secret)
    with transaction(made.engine, OFFICER) as session, pytest.raises(IdentityReasonNeeded):
        get_identity(session, OFFICER, identity_keys(session), made.secret)
    assert get(made, made.secret, replace(OFFICER, reason="ประชุมทีม")) == PERSON


def test_erasure_leaves_nothing_that_can_be_opened(made: Made, owner: Engine) -> None:
    save(made, made.own)
    with owner.begin() as connection:
        connection.execute(text("CREATE TABLE backup AS SELECT * FROM identity"))
    with transaction(made.engine, OFFICER) as session:
        assert erase_identity(session, OFFICER, made.own, "คำขอของเจ้าของข้อมูล") is True
        assert erase_identity(session, OFFICER, made.own, "คำขอของเจ้าของข้อมูล") is False
    assert counts(owner, None) == [0, 0, 0]
    assert find(made, "name", PERSON.name or "") == []
    with pytest.raises(IdentityNotFound):
        get(made, made.own)
    save(made, made.own, values=IdentityValues(name="อื่น"))
    with owner.begin() as connection:
        connection.execute(text("UPDATE identity SET sealed = backup.sealed FROM backup"))
    with pytest.raises(IdentityDamaged):
        get(made, made.own)


def test_restricted_data_stay_and_are_closed(made: Made) -> None:
    save(made, made.own)
    with transaction(made.engine, OFFICER) as session, pytest.raises(PersonalDataInText):
        close_identity(session, OFFICER, made.own, "คดีของ 0000000000027")
    with transaction(made.engine, OFFICER) as session:
        close_identity(session, OFFICER, made.own, "คดีอยู่ในศาล")
        close_identity(session, OFFICER, made.own, "คดีอยู่ในศาล")
        for act in (
            lambda: erase_identity(session, OFFICER, made.own, "ขอลบ"),
            lambda: write_identity(session, OFFICER, made.own, PERSON),
        ):
            with pytest.raises(IdentityRestricted):
                act()
    with pytest.raises(IdentityNotAllowed):
        get(made, made.own, replace(OFFICER, reason="อยากดู"))
    assert find(made, "name", PERSON.name or "") == []
    assert counts(made.engine, OFFICER)[0] == 0
    closed = replace(OFFICER, permissions=OFFICER.permissions | {"identity.read_restricted"})
    with pytest.raises(IdentityReasonNeeded):
        get(made, made.own, closed)
    assert get(made, made.own, replace(closed, reason="คำสั่งศาล")) == PERSON
    with transaction(made.engine, SYSTEM) as session, pytest.raises(IntegrityError):
        delete_case(session, made.own)
    with transaction(made.engine, OFFICER) as session:
        open_identity(session, OFFICER, made.own, "คดีสิ้นสุด")
    assert get(made, made.own) == PERSON


def test_deleting_a_case_takes_its_identity_along(made: Made, owner: Engine) -> None:
    save(made, made.own)
    with transaction(made.engine, SYSTEM) as session:
        delete_case(session, made.own)
    assert counts(owner, None) == [0, 0, 0]


def test_two_who_save_at_once_wait_for_each_other(made: Made) -> None:
    with ThreadPoolExecutor(4) as others:
        for done in [others.submit(save, made, made.own) for _ in range(8)]:
            done.result(timeout=60)
    assert get(made, made.own) == PERSON
    assert counts(made.engine, KEEPER) == [1, 1, 4]


def test_a_master_that_is_not_there_is_told(made: Made) -> None:
    save(made, made.own)
    with transaction(made.engine, OFFICER) as session:
        keys = replace(identity_keys(session), masters={"2": bytes(32)}, master="2")
        with pytest.raises(MasterMissing, match="1"):
            get_identity(session, OFFICER, keys, made.own)
        keys = replace(keys, masters={"1": bytes(32)}, master="1")
        with pytest.raises(IdentityDamaged):
            get_identity(session, OFFICER, keys, made.own)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "ก" * 301},
        {"note": "ก" * 4001},
        {"name": "\0"},
        {"phone": "\ud800"},
        {"lat": 13.0},
        {"lat": 91.0, "lon": 1.0},
        {"lat": float("nan"), "lon": 1.0},
        {"lat": 1.0, "lon": float("inf")},
    ],
)
def test_what_cannot_be_kept_is_refused_without_repeating_it(made: Made, wrong: dict[str, object]) -> None:
    with pytest.raises(BadIdentity) as told:
        save(made, made.own, values=IdentityValues(**wrong))  # type: ignore[arg-type]
    assert "กก" not in str(told.value)
    assert "13.0" not in repr(told.value)


def test_a_case_that_is_not_there(made: Made) -> None:
    with pytest.raises(CaseNotFound):
        save(made, new_id())


def test_nothing_shows_in_a_printed_value(made: Made) -> None:
    assert repr(PERSON) == "IdentityValues()"
    with transaction(made.engine, OFFICER) as session:
        assert "masters" not in repr(identity_keys(session))


def test_levels_and_normalised_forms() -> None:
    assert [level_of(one) for one in ("L0", "L1", "L2", "L3")] == ["L2", "L2", "L2", "L3"]  # type: ignore[arg-type]
    assert normalised("name", "นาย") == "นาย"
    assert normalised("name", "เด็กหญิงสมมติ  นํ้าใส") == normalised("name", "ด.ญ. สมมติ น้ำใส") == "สมมติน้ำใส"
    assert normalised("phone", "+66 (0)89-000-0027") == "0890000027"
    assert normalised("phone", "66890000027") == normalised("phone", "089 000 0027") == "0890000027"
