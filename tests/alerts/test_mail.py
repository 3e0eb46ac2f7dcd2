"""E-mails: what they say and never say, that they cross a network sealed only, and what a mail server may answer."""

import re
import ssl
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from api.alerts.addresses import is_address
from api.alerts.errors import AlertSettingsBad, Undelivered
from api.alerts.mailing import compose, send_mail
from api.alerts.sending import spread_next
from api.alerts.ways import Mail, Ways, read_ways
from api.database import transaction
from api.settings import Settings
from layers.alert_models import KINDS
from layers.taxonomy import problems
from tests.alerts.conftest import Office
from tests.alerts.sinks import HERE, MailSink, Trust, mail_sink, text_of
from tests.scopes import SYSTEM

PARAMS = {
    "overdue": {"limit": "first_contact", "due_at": "2026-01-05T10:30:00+07:00"},
    "returned": {"outcome": "declined"},
}


def told(office: Office, who: str = "officer", key: str = "one", case: str = "open") -> None:
    office.give_address(who, f"{who}@example.org")
    office.tell("assigned", key, case, account_id=office.people[who].id)


def states(office: Office) -> list[tuple[object, ...]]:
    return office.rows("SELECT state, failure FROM alert_delivery WHERE channel = 'email' ORDER BY id")


@pytest.mark.parametrize("case", ["open", "secret"])
@pytest.mark.parametrize("kind", [one for one in KINDS if one != "address_check"])
def test_no_mail_says_a_name_a_problem_a_place_finer_than_a_district_or_a_number_of_cases(
    office: Office, ways: Ways, mails: MailSink, kind: str, case: str
) -> None:
    """Of a secret case it says nothing but that something waits, the same whatever is the matter."""
    who = "head" if kind == "team_needed" else "team"
    office.give_address(who, "somebody@example.org")
    given = {"unit_id": office.units["office-99"]} if kind == "team_needed" else {"account_id": office.people[who].id}
    office.tell(kind, "one", case, params=PARAMS.get(kind, {}), **given)
    office.send(ways)
    [(_, message)] = mails.taken
    said = f"{message['Subject']}\n{text_of(message)}"
    never = [one.th for one in problems().values()] + [one.en for one in problems().values()]
    never += [str(row[0]) for row in office.rows("SELECT name_th FROM area WHERE level = 'subdistrict'")]
    never += [f"{name}" for row in office.rows("SELECT login, name FROM account") for name in row]
    never += [str(office.cases[case]), "P02", "P04", "L3"]
    assert [one for one in never if one in said] == []
    if case == "secret":
        assert office.cases[case].hex[-8:].upper() not in said
        assert "มีเรื่องรอท่านดำเนินการ" in said
        assert not re.search(r"อำเภอ|District|Urgency|U3", said)
        assert re.sub(r"\s|[-–]", "", said) == re.sub(r"\s|[-–]", "", SECRET)
    else:
        assert office.cases[case].hex[-8:].upper() in said or kind == "quarantined"
        assert "https://map.example.org/alerts" in said


SECRET = """แผนที่สังคม: มีเรื่องรอท่านดำเนินการ / Social Map: something waits for you
แผนที่สังคม: มีเรื่องรอท่านดำเนินการ

เปิดดูหลังเข้าสู่ระบบ: https://map.example.org/alerts

ส่งโดยระบบ ไม่ต้องตอบ ข้อความนี้ไม่มีชื่อหรือปัญหาของผู้ใด เปลี่ยนหรือยกเลิกได้ที่ https://map.example.org/alerts/mail

Social Map: something waits for you

Open it after signing in: https://map.example.org/alerts

Sent by the system; please do not answer. It holds nobody's name or problem. Change or end it at https://map.example.org/alerts/mail
"""


def test_a_case_that_becomes_secret_while_its_mail_waits_is_told_as_secret(
    office: Office, ways: Ways, mails: MailSink
) -> None:
    told(office, "team")
    spread_next(office.app.state.engine, ways)
    change = 'UPDATE "case" SET sensitivity = :level WHERE id = :id'
    with transaction(office.app.state.engine, SYSTEM) as session:
        session.execute(text(change), {"level": "L3", "id": office.cases["open"]})
    try:
        office.send(ways)
    finally:
        with transaction(office.app.state.engine, SYSTEM) as session:
            session.execute(text(change), {"level": "L1", "id": office.cases["open"]})
    assert mails.taken == []  # the account is not in its team
    assert states(office) == [("dropped", None)]


def test_the_same_message_goes_out_however_often_it_is_composed(ways: Ways) -> None:
    assert ways.mail
    one, at = uuid4(), datetime(2026, 1, 3, 9, 30, tzinfo=UTC)
    made = [compose(ways.mail, one, "a@example.org", "เรื่อง", "เนื้อความ\n", at).as_bytes() for _ in range(2)]
    assert made[0] == made[1]
    assert f"<{one}@map.example.org>".encode() in made[0]
    assert b"Auto-Submitted: auto-generated" in made[0]


@pytest.mark.parametrize("name", ["to", "subject"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_line_end_never_becomes_a_header(ways: Ways, name: str, end: str) -> None:
    assert ways.mail
    given = {"to": "a@example.org", "subject": "x"} | {name: f"x{end}Bcc: other@example.org"}
    with pytest.raises(ValueError, match=r"(?i)linefeed|newline|carriage|CR|parse|invalid"):
        compose(ways.mail, uuid4(), given["to"], given["subject"], "x", datetime.now(UTC)).as_bytes()


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("name@example.org", True), ("first.last+map@office.example.go.th", True), ("o'neil@example.org", True),
        ("name@example", False), ("name", False), ("@example.org", False), ("name@", False), ("a@b@example.org", False),
        ("name@example.org\n", False), ("name@example.org\r\nBcc: x@example.org", False), ("<name@example.org>", False),
        ("Name <name@example.org>", False), ("a@example.org,b@example.org", False), ('"a b"@example.org', False),
        ("a b@example.org", False), (".a@example.org", False), ("a..b@example.org", False), ("ชื่อ@example.org", False),
        ("a@ตัวอย่าง.ไทย", False), ("a@-x.org", False), ("a@[127.0.0.1]", False), ("a@example.org\x00", False),
        ("a" * 65 + "@example.org", False), ("a@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 130 + ".org", False),
        ("-a@example.org", True), ("", False),
    ],
)  # fmt: skip
def test_an_address_is_one_plain_address(typed: str, right: bool) -> None:
    assert is_address(typed) is right


def sealed_ways(ways: Ways, sink: MailSink, **more: object) -> Ways:
    given = {"host": "localhost", "port": sink.port, "tls": "starttls", "sender": "alerts@map.example.org"}
    return replace(ways, mail=Mail(**(given | more)))  # type: ignore[arg-type]


def test_over_a_network_mail_goes_sealed_and_to_the_right_server_only(ways: Ways, trust: Trust) -> None:
    """A server that offers no encryption, or shows another's certificate, hears neither message nor password."""
    message = compose(ways.mail, uuid4(), "a@example.org", "x", "y", datetime.now(UTC))  # type: ignore[arg-type]
    with mail_sink(trust) as sink:
        send_mail(sealed_ways(ways, sink, user="alerts", password="a word"), message)
        assert len(sink.taken) == 1
        assert [one.split()[0] for one in sink.heard][:4] == ["ehlo", "STARTTLS", "ehlo", "AUTH"]
        with pytest.raises(Undelivered) as unknown:
            send_mail(replace(sealed_ways(ways, sink), authorities=None), message)
        assert unknown.value.why == "smtp_certificate"
        assert len(sink.taken) == 1
    with mail_sink() as plain:
        with pytest.raises(Undelivered) as clear:
            send_mail(sealed_ways(ways, plain, user="alerts", password="a word"), message)
        assert clear.value.way
        assert not [one for one in plain.heard if one.split()[0] in ("AUTH", "MAIL", "DATA")]


@pytest.mark.parametrize(
    ("word", "reply", "state", "failure"),
    [
        ("RCPT", "550 nobody of that name", "given_up", "smtp_550"),
        ("RCPT", "450 come again", "waiting", "smtp_450"),
        ("TAKEN", "554 not taken", "given_up", "smtp_554"),
        ("TAKEN", "451 full", "waiting", "smtp_451"),
        ("MAIL", "550 not from you", "waiting", "smtp_550"),
        ("MAIL", "421 closing", "waiting", "smtp_421"),
    ],
)
def test_what_a_mail_server_answers_decides(
    office: Office, ways: Ways, mails: MailSink, word: str, reply: str, state: str, failure: str
) -> None:
    """Who we are is the administrator's to mend and tried again; an address that nobody has is not."""
    mails.answers[word] = [reply, reply]
    told(office)
    office.send(ways)
    assert states(office) == [(state, failure)]
    if state == "waiting":
        mails.answers.clear()
        office.later()
        office.send(ways)
        assert states(office) == [("sent", None)]
        assert len(mails.by_key()) == 1


def test_a_mail_server_that_is_down_is_tried_once_for_all(office: Office, ways: Ways, mails: MailSink) -> None:
    told(office)
    for number in range(4):
        office.tell("assigned", f"more:{number}", account_id=office.people["officer"].id)
    assert ways.mail
    down = replace(ways, mail=replace(ways.mail, port=1))
    assert (office.send(down).failed, len(mails.taken)) == (1, 0)
    office.later()
    office.send(ways)
    assert len(mails.by_key()) == len(mails.taken) == 5


def test_without_a_mail_server_nothing_piles_up(office: Office, ways: Ways) -> None:
    told(office)
    office.send(replace(ways, mail=None))
    assert states(office) == []


def given_settings(**more: object) -> Settings:
    usual = {"socialmap_mail_host": "mail.example.org", "socialmap_mail_from": "alerts@example.org"}
    return Settings(**(usual | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"socialmap_mail_tls": "none"}, "SOCIALMAP_MAIL_TLS"),
        ({"socialmap_mail_from": "Map <alerts@example.org>"}, "SOCIALMAP_MAIL_FROM"),
        ({"socialmap_mail_from": None}, "SOCIALMAP_MAIL_FROM"),
        ({"socialmap_mail_user": "alerts"}, "SOCIALMAP_MAIL_PASSWORD_FILE"),
        ({"socialmap_mail_user": "a", "socialmap_mail_password_file": Path("none")}, "SOCIALMAP_MAIL_PASSWORD_FILE"),
        ({"socialmap_address": "map.example.org"}, "SOCIALMAP_ADDRESS"),
        ({"socialmap_address": "javascript:alert(1)"}, "SOCIALMAP_ADDRESS"),
        ({"socialmap_authorities": Path("none.pem")}, "SOCIALMAP_AUTHORITIES"),
    ],
)
def test_settings_that_cannot_be_used_are_told_by_their_names(more: dict[str, object], name: str) -> None:
    with pytest.raises(AlertSettingsBad) as refused:
        read_ways(given_settings(**more))
    assert name in str(refused.value)


def test_a_password_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("a word\n", "utf-8")
    path.chmod(0o640)
    given = {"socialmap_mail_user": "alerts", "socialmap_mail_password_file": path}
    with pytest.raises(AlertSettingsBad):
        read_ways(given_settings(**given))
    path.chmod(0o600)
    mail = read_ways(given_settings(**given)).mail
    assert mail
    assert mail.password == "a word"
    assert "a word" not in repr(mail)


def test_plain_mail_is_for_this_machine_alone() -> None:
    for host in ("localhost", HERE, "::1"):
        assert read_ways(given_settings(socialmap_mail_host=host, socialmap_mail_tls="none")).mail
    assert read_ways(given_settings()).context().verify_mode is ssl.CERT_REQUIRED
