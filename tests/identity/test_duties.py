"""Retention, subject access, consents, the register; and the commands for them."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from typer.testing import CliRunner

from api.cli import app as command
from api.database import reading, transaction
from api.identity_use import close_identity, identity_keys, write_identity
from api.processing_register import build_register
from api.retaining import anonymise_due
from layers import rollups
from layers.assistance import note_assistance
from layers.cases import CaseValues, change_status, create_case, get_case
from layers.consents import BadConsent, consented, create_consent, list_consents, withdraw_consent
from layers.identity import IdentityValues, get_identity
from layers.referrals import send_referral
from layers.retention import BadPeriods, Period, list_due, load_periods, period_of
from layers.subject_access import PersonTooVague, collect, find_person, to_text
from layers.taxonomy import problems
from layers.visits import note_visit, plan_visit
from tests.identity.conftest import CLERK, KEEPER, OFFICER, PERSON, Made
from tests.layers.made import make_source
from tests.releases import publish
from tests.scopes import SYSTEM

REASONED = replace(KEEPER, reason="คำขอของเจ้าของข้อมูล")
PERIODS = {"default": Period(10, None), "P04": Period(20, None), "P04.02": Period(30, "นิติกร")}


def save(made: Made, *cases: UUID, values: IdentityValues = PERSON) -> None:
    with transaction(made.engine, KEEPER) as session:
        for case in cases:
            write_identity(session, KEEPER, case, values)


def close(made: Made, owner: Engine, case: UUID, on: str) -> None:
    with transaction(made.engine, SYSTEM) as session:
        for step in (20, 30, 40, 50, 70):
            change_status(session, case, step, note="ลุงสมมติเล่าให้ฟัง")
        change_status(session, case, 80, close_reason="goal_met")
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE case_event SET happened_at = :on WHERE case_id = :id AND to_status = 80"),
            {"on": on, "id": case},
        )


def run(made: Made, monkeypatch: pytest.MonkeyPatch, *words: str, typed: str | None = None) -> tuple[int, str]:
    monkeypatch.setenv("DATABASE_URL", made.engine.url.render_as_string(hide_password=False))
    done = CliRunner().invoke(command, ["identity", *words], input=typed)
    return done.exit_code, done.output


def counted(made: Made) -> list[tuple[object, ...]]:
    with reading(made.engine, SYSTEM) as session:
        assert rollups.check(session) == []
        rows = session.execute(text("SELECT * FROM case_count WHERE cases <> 0 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8"))
        groups = session.execute(
            text("SELECT * FROM case_count_by_group WHERE cases <> 0 ORDER BY 1, 2, 3, 4, 5, 6, 7")
        )
        return [tuple(row) for row in (*rows, *groups)]


def test_periods_are_data_and_every_problem_has_one() -> None:
    held = load_periods()
    assert {code for code in problems() if len(code) == 3} <= held.keys()
    assert {one.years for one in held.values()} == {10}
    assert [one.confirmed for one in held.values() if one.confirmed] == []
    assert [period_of(PERIODS, code).years for code in ("P01.02", "P04.01", "P04.02")] == [10, 20, 30]


@pytest.mark.parametrize(
    "content",
    ["", "problems: {}", "default: {years: 0}", "default: {years: x}", "default: [1]", "default: {years: 1e9}", "a: {"],
)
def test_a_bad_file_of_periods_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "periods.yaml"
    path.write_text(content)
    with pytest.raises(BadPeriods, match=r"periods\.yaml"):
        load_periods(path)


def test_cases_beyond_their_period_are_due(made: Made, owner: Engine) -> None:
    save(made, made.own, made.secret)
    close(made, owner, made.own, "2010-05-05T12:00:00+07:00")
    close(made, owner, made.secret, "2010-05-05T12:00:00+07:00")
    with reading(made.engine, SYSTEM) as session:
        days = [date(2020, 5, 4), date(2020, 5, 5), date(2040, 5, 4), date(2040, 5, 5)]
        due = [[one.case_id for one in list_due(session, PERIODS, day)] for day in days]
    assert due == [[], [made.own], [made.own], [made.own, made.secret]]
    with transaction(made.engine, OFFICER) as session:
        close_identity(session, OFFICER, made.own, "คดีอยู่ในศาล")
    with reading(made.engine, SYSTEM) as session:
        assert list_due(session, PERIODS, date(2030, 1, 1)) == []


def test_what_is_left_of_a_case_is_its_cell(made: Made, owner: Engine) -> None:
    save(made, made.own, made.foreign)
    close(made, owner, made.own, "2010-05-05T12:00:00+07:00")
    before = counted(made)
    with reading(made.engine, SYSTEM) as session:
        old = get_case(session, made.own)
    done = anonymise_due(made.engine, PERIODS, date(2026, 1, 1), lambda _: None)
    assert [one.case_id for one in done] == [made.own]
    assert counted(made) == before
    with reading(made.engine, SYSTEM) as session:
        left = session.execute(
            text('SELECT id FROM "case" WHERE id <> ALL (:known)'), {"known": [made.foreign, made.secret]}
        )
        new = get_case(session, left.scalar_one())
        assert session.execute(text("SELECT count(*) FROM case_event")).scalar_one() == 0
        assert session.execute(text("SELECT count(*) FROM identity_key")).scalar_one() == 1
        assert list_due(session, PERIODS, date(2200, 1, 1)) == []
        entry = session.execute(text("SELECT object_id, details FROM audit_entry WHERE action = 'erase'")).one()
    assert tuple(entry) == (str(made.own), {"cause": "retention"})
    assert new.id != made.own
    assert new.external_id == str(new.id)
    assert (new.values.lat, new.values.village_code, new.values.accuracy_m) == (None, None, None)
    assert new.values.stated_code == new.subdistrict_code == old.subdistrict_code
    assert (new.values.date_precision, new.values.reported_on) == ("month", date(2026, 1, 1))
    assert (new.values.status, new.values.close_reason) == (80, "goal_met")
    assert anonymise_due(made.engine, PERIODS, date(2026, 1, 1), lambda _: None) == []


def test_cases_of_no_known_area_and_many_cases(made: Made, owner: Engine) -> None:
    with transaction(made.engine, SYSTEM) as session:
        source = make_source(session)
        for number in range(12):
            code = None if number % 2 else "9901"
            values = CaseValues("P08", date(2026, 1, 3), status=80, stated_code=code)
            create_case(session, source, values, f"closed-{number}")
    before = counted(made)
    later = date.today() + timedelta(days=366 * 10)
    assert len(anonymise_due(made.engine, PERIODS, later, lambda _: None, at_once=5)) == 12
    assert counted(made) == before


def test_retention_on_the_command_line(
    made: Made, owner: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    save(made, made.own)
    close(made, owner, made.own, "2010-05-05T12:00:00+07:00")
    code, said = run(made, monkeypatch, "retain", "--dry-run")
    assert (code, "1 cases are beyond" in said, "No lawyer" in said) == (0, True, True)
    long = tmp_path / "long.yaml"
    long.write_text("default: {years: 100, confirmed: นิติกร 2569-10-01}\n")
    assert json.loads(run(made, monkeypatch, "retain", "--periods", str(long), "--json")[1])["cases"] == []
    assert run(made, monkeypatch, "retain", "--periods", str(tmp_path / "none.yaml"))[0] == 2
    assert "1 cases were made anonymous" in run(made, monkeypatch, "retain")[1]
    assert json.loads(run(made, monkeypatch, "retain", "--json")[1])["cases"] == []
    checked = CliRunner().invoke(command, ["db", "check"])
    assert checked.exit_code == 0
    assert CliRunner().invoke(command, ["audit", "verify"]).exit_code == 0


def test_erasing_on_the_command_line_takes_the_point_too(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    save(made, made.own)
    before = counted(made)
    assert run(made, monkeypatch, "erase", str(made.own), "--reason", "โทร 0890000027")[0] == 2
    with reading(made.engine, SYSTEM) as session:
        assert get_case(session, made.own).values.lat is not None
    assert run(made, monkeypatch, "erase", str(made.own), "--reason", "คำขอของเจ้าของข้อมูล")[0] == 0
    with reading(made.engine, SYSTEM) as session:
        assert get_case(session, made.own).values.lat is None
        assert session.execute(text("SELECT count(*) FROM identity_key")).scalar_one() == 0
    assert counted(made) == before
    assert "no identity data" in run(made, monkeypatch, "erase", str(made.own), "--reason", "อีกครั้ง")[1]
    assert run(made, monkeypatch, "erase", str(UUID(int=5)), "--reason", "ไม่มี")[0] == 2
    assert run(made, monkeypatch, "erase", str(made.own))[0] == 2


def test_restricting_on_the_command_line(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    save(made, made.own)
    assert run(made, monkeypatch, "restrict", str(made.own), "--reason", "คดีอยู่ในศาล")[0] == 0
    assert run(made, monkeypatch, "erase", str(made.own), "--reason", "ขอลบ")[0] == 2
    with reading(made.engine, SYSTEM) as session:
        assert get_case(session, made.own).values.lat is not None
    assert run(made, monkeypatch, "restrict", str(made.own), "--lift", "--reason", "คดีสิ้นสุด")[0] == 0
    assert run(made, monkeypatch, "erase", str(made.own), "--reason", "ขอลบ")[0] == 0


def test_one_person_is_told_from_others(made: Made) -> None:
    save(made, made.own, made.secret)
    save(made, made.foreign, values=replace(PERSON, national_id="0000000000035", phone="0890000035"))
    with transaction(made.engine, REASONED) as session:
        keys = identity_keys(session)
        for vague in ({}, {"name": PERSON.name}, {"phone": PERSON.phone}, {"national_id": " "}):
            with pytest.raises(PersonTooVague):
                find_person(session, REASONED, keys, vague)  # type: ignore[arg-type]
        by_id = find_person(session, REASONED, keys, {"national_id": "0000000000027"})
        both = find_person(session, REASONED, keys, {"name": PERSON.name or "", "phone": "0890000027"})
        assert by_id == both == sorted([made.own, made.secret])
        assert find_person(session, REASONED, keys, {"national_id": "0000000000027", "phone": "0890000035"}) == []
        change_status(session, made.own, 20, note="บันทึกถึงเพื่อนบ้านสมมติ")
        send_referral(session, SYSTEM, made.own, "lao", note="บันทึกถึงเพื่อนบ้านสมมติ")
        day = date(2026, 1, 5)
        note_visit(session, SYSTEM, made.own, plan_visit(session, SYSTEM, made.own, day), day, day, "เพื่อนบ้านสมมติ")
        price = Decimal("2500.50")
        note_assistance(session, SYSTEM, made.own, "social_assistance", "goods", day, day, amount=price)
        create_consent(
            session, REASONED, made.own, wording="v1", channel="paper", given_by="person", given_on=date(2026, 1, 3)
        )
        found = collect(session, REASONED, keys, by_id)
    one = next(each for each in found if each["case_id"] == str(made.own))
    assert one["person"]["national_id"] == PERSON.national_id
    assert [step["to_status"] for step in one["steps"]] == [20, 60]
    assert [given["amount"] for given in one["assistance"]] == ["2500.50"]
    assert [sent["agency"] for sent in one["referrals"]] == ["lao"]
    assert one["visits"] == [{"done_on": "2026-01-05"}]
    words = to_text(found, date(2026, 11, 5))
    for said in (
        PERSON.name,
        PERSON.address,
        "พบ 2 เรื่อง",
        "5/11/2569",
        "วันที่รับแจ้ง: 3/1/2569",
        "ฉบับ v1",
        "มาตรา 30",
        "สิ่งของ 2500.50 บาท",
    ):
        assert str(said) in words
    assert "เพื่อนบ้าน" not in words + json.dumps(found, ensure_ascii=False)


def test_subject_access_on_the_command_line(made: Made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    save(made, made.own)
    out = tmp_path / "person"
    words = ("access", "--reason", "คำขอ", "--out", str(out))
    code, said = run(made, monkeypatch, *words, typed="0000000000027\n\n\n")
    assert code == 0
    assert "0000000000027" not in said
    assert json.loads(out.with_suffix(".json").read_text())[0]["person"]["name"] == PERSON.name
    assert PERSON.name in out.with_suffix(".txt").read_text()
    assert {one.stat().st_mode & 0o777 for one in (out.with_suffix(".json"), out.with_suffix(".txt"))} == {0o600}
    assert run(made, monkeypatch, *words, typed="\n\nสมมติ\n")[0] == 2
    with reading(made.engine, SYSTEM) as session:
        row = session.execute(text("SELECT * FROM audit_entry WHERE action = 'subject_access'")).mappings().one()
    assert (row["reason"], row["details"]["cases"], row["details"]["field"]) == ("คำขอ", 1, ["national_id"])


def test_consents_are_given_and_withdrawn(made: Made) -> None:
    with transaction(made.engine, OFFICER) as session:
        given = {"wording": "v1", "channel": "paper", "given_by": "guardian", "given_on": date(2026, 1, 3)}
        consent = create_consent(session, OFFICER, made.own, **given)  # type: ignore[arg-type]
        for wrong in (
            {"channel": "x"},
            {"given_by": "นายสมมติ"},
            {"wording": "สมมติ"},
            {"given_on": date.today() + timedelta(days=2)},
        ):
            with pytest.raises(BadConsent):
                create_consent(session, OFFICER, made.own, **{**given, **wrong})  # type: ignore[arg-type]
        now = datetime.now(UTC)
        assert consented(session, made.own, "v1", now)
        assert not consented(session, made.own, "v2", now)
        assert not consented(session, made.foreign, "v1", now)
        withdraw_consent(session, made.own, consent)
        assert not consented(session, made.own, "v1", now + timedelta(minutes=1))
        with pytest.raises(BadConsent):
            withdraw_consent(session, made.own, UUID(int=3))
    with reading(made.engine, OFFICER) as session:
        assert len(list_consents(session, made.own)) == 1
    with reading(made.engine, replace(OFFICER, units=frozenset({2}))) as session:
        assert list_consents(session, made.own) == []
    reader = replace(CLERK, permissions=CLERK.permissions - {"case.write"})
    with transaction(made.engine, reader) as session, pytest.raises(ProgrammingError, match="row-level security"):
        create_consent(session, reader, made.own, **given)  # type: ignore[arg-type]


def everything(owner: Engine) -> str:
    """Return all rows of all tables as text."""
    with owner.connect() as connection:
        tables = connection.scalars(text("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")).all()
        return "\n".join(
            str(row) for table in tables for row in connection.scalars(text(f'SELECT t::text FROM "{table}" AS t'))
        )


def test_erasure_takes_notes_and_the_id_of_a_file_along(
    made: Made, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written in words about a case, and what leads from somebody's file to it; the figures stay."""
    with transaction(made.engine, SYSTEM) as session:
        source = make_source(session)
        values = CaseValues("P02.01", date(2026, 1, 3), lat=11.0, lon=100.6, target_groups=("T07",))
        case = create_case(session, source, values, "แฟ้มยายปลูก-1122334455")
        change_status(session, case, 20, note="ยายปลูกเล่าว่าอยู่หลังวัดสมมติ")
        change_status(session, made.own, 20, note="ของเรื่องอื่นยังอยู่")
    save(made, case)
    before, known = counted(made), ("แฟ้มยายปลูก", "1122334455", "หลังวัดสมมติ")
    with transaction(made.engine, SYSTEM) as session:
        publish(session)
    held = everything(owner)
    assert all(word in held for word in known)
    code, said = run(made, monkeypatch, "erase", str(case), "--reason", "คำขอของเจ้าของข้อมูล")
    assert (code, "brought in again" in said) == (0, True)
    held = everything(owner)
    assert [word for word in known if word in held] == []
    assert "ของเรื่องอื่นยังอยู่" in held
    assert counted(made) == before
    with transaction(made.engine, SYSTEM) as session:
        assert publish(session) is None  # no published figure has changed
        steps = session.execute(text("SELECT to_status FROM case_event WHERE case_id = :id"), {"id": case})
        assert steps.scalars().all() == [20]


def test_notes_can_be_blanked_by_the_product_and_changed_by_nobody(made: Made) -> None:
    with transaction(made.engine, SYSTEM) as session:
        change_status(session, made.own, 20, note="บันทึกเดิม")
    for scope, sql, count in (
        (OFFICER, "UPDATE case_event SET note = NULL", 0),
        (SYSTEM, "UPDATE case_event SET note = 'x'", None),
        (SYSTEM, "UPDATE case_event SET to_status = 30", None),
        (SYSTEM, "UPDATE case_event SET note = NULL", 1),
    ):
        if count is None:
            with pytest.raises(ProgrammingError), transaction(made.engine, scope) as session:
                session.execute(text(sql))
        else:
            with transaction(made.engine, scope) as session:
                assert session.execute(text(sql)).rowcount == count  # type: ignore[attr-defined]


def entries(made: Made, action: str) -> list[tuple[object, ...]]:
    with reading(made.engine, SYSTEM) as session:
        asked = "SELECT role, object_id, reason, details FROM audit_entry WHERE action = :action ORDER BY number"
        return [tuple(row) for row in session.execute(text(asked), {"action": action})]


def test_consents_on_the_command_line(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    case = str(made.own)
    words = ("consent", case, "--wording", "v2", "--channel", "paper", "--on", "2026-01-03", "--json")
    code, said = run(made, monkeypatch, *words)
    assert code == 0, said
    consent = json.loads(said)["consent"]
    assert run(made, monkeypatch, "withdraw", case, consent)[0] == 0
    with reading(made.engine, SYSTEM) as session:
        [held] = list_consents(session, made.own)
    assert (str(held["id"]), held["given_on"], held["withdrawn_at"] is not None) == (consent, date(2026, 1, 3), True)
    for wrong in (
        ("consent", case, "--wording", "v2", "--channel", "pigeon"),
        ("consent", case, "--wording", "นางสมมติ", "--channel", "paper"),
        ("consent", case, "--wording", "v2", "--channel", "paper", "--on", "yesterday"),
        ("consent", str(UUID(int=9)), "--wording", "v2", "--channel", "paper"),
        ("withdraw", case, str(UUID(int=9))),
    ):
        assert run(made, monkeypatch, *wrong)[0] == 2, wrong
    assert entries(made, "consent") == [
        ("system", case, "identity consent", {"change": "given", "consent": consent, "wording": "v2"}),
        ("system", case, "identity withdraw", {"change": "withdrawn", "consent": consent}),
    ]


def test_identity_data_are_corrected_on_the_command_line(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Field by field; new values are typed and never shown, nothing typed takes a field away."""
    save(made, made.own)
    words = ("correct", str(made.own), "--reason", "พิมพ์ผิด", "--field", "phone", "--field", "guardian")
    code, said = run(made, monkeypatch, *words, typed="0811111111\n\n")
    assert code == 0, said
    assert "0811111111" not in said
    with transaction(made.engine, KEEPER) as session:
        held = get_identity(session, KEEPER, identity_keys(session), made.own)
    assert held == replace(PERSON, phone="0811111111", guardian=None)
    assert entries(made, "correction")[-1] == (
        "system", str(made.own), "พิมพ์ผิด", {"fields": ["guardian", "phone"]},
    )  # fmt: skip
    assert run(made, monkeypatch, *words[:4], "--field", "shoe")[0] == 2
    with transaction(made.engine, OFFICER) as session:
        close_identity(session, OFFICER, made.own, "คดีอยู่ในศาล")
    assert run(made, monkeypatch, *words, typed="0822222222\n\n")[0] == 2
    assert run(made, monkeypatch, "erase", str(made.own), "--reason", "x")[0] == 2


def test_the_register_names_every_table_and_who_reads_it(
    made: Made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with reading(made.engine, SYSTEM) as session:
        register = build_register(session)
    assert register.undescribed == [], "say in api/processing_register.yaml what the new table holds"
    sections = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## )", register.markdown, re.M | re.S))
    assert {"case", "identity", "account", "audit_entry", "consent"} <= sections.keys()
    assert "`identity.read`" in sections["identity"]
    assert "who may read the case" in sections["identity"]
    assert "the product itself" not in sections["identity"]
    assert "roles with these permissions: auditor" in sections["audit_entry"]
    assert "`sealed`" in sections["identity"]
    out = tmp_path / "register.md"
    assert run(made, monkeypatch, "register", "--out", str(out))[0] == 0
    assert out.read_text() == register.markdown
