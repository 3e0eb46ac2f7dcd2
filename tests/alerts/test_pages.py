"""One's own alerts and address, and the administrator's page of sending, as a browser without scripts sees them."""

import re
from collections.abc import Iterator

import pytest
from httpx2 import Response
from sqlalchemy import text

from api.alerts.ways import Ways
from api.database import transaction
from tests.alerts.conftest import Office
from tests.alerts.sinks import MailSink, text_of
from tests.scopes import SYSTEM

ADDRESS = "officer@office.example.org"


@pytest.fixture
def mailing(office: Office, ways: Ways) -> Iterator[Ways]:
    """Have the application know the mail server."""
    before = office.app.state.ways
    office.app.state.ways = ways
    yield ways
    office.app.state.ways = before


def post(office: Office, who: str, path: str, **form: str) -> Response:
    return office.clients[who].post(path, data=form)


def shown(office: Office, who: str, path: str = "/alerts") -> str:
    answer = office.clients[who].get(path)
    assert answer.status_code == 200
    return answer.text


def unread(page: str) -> int:
    found = re.search(r'class="unread-count"[^>]*>(\d+)', page)
    return int(found[1]) if found else 0


def test_an_alert_is_counted_opened_and_read(office: Office, ways: Ways) -> None:
    for number in range(3):
        office.tell("assigned", f"case:{number}", account_id=office.people["officer"].id)
    assert unread(shown(office, "officer")) == 0, "not before it was spread"
    office.send(ways)
    page = shown(office, "officer")
    assert unread(page) == 3
    assert "อำเภอ" in page
    assert office.cases["open"].hex[-8:].upper() in page
    ids = re.findall(r'id="alert-([0-9a-f-]{36})"', page)
    assert len(ids) == 3
    answer = post(office, "officer", f"/alerts/{ids[0]}", do="open")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/cases/{office.cases['open']}")
    assert post(office, "officer", f"/alerts/{ids[1]}", do="read").headers["location"] == "/alerts?said=read"
    assert unread(shown(office, "officer", "/account")) == 1
    assert post(office, "head", f"/alerts/{ids[2]}", do="read").status_code == 404, "another's"
    assert unread(shown(office, "officer")) == 1


def test_all_that_was_shown_is_read_and_what_came_meanwhile_is_not(office: Office, ways: Ways) -> None:
    for number in range(2):
        office.tell("assigned", f"before:{number}", account_id=office.people["officer"].id)
    office.send(ways)
    until = re.search(r'name="until" value="([^"]+)"', shown(office, "officer"))
    assert until
    office.tell("assigned", "meanwhile", account_id=office.people["officer"].id)
    office.send(ways)
    assert post(office, "officer", "/alerts", until=until[1]).status_code == 303
    assert unread(shown(office, "officer")) == 1


def test_of_a_case_that_one_may_not_see_nothing_is_shown(office: Office, ways: Ways) -> None:
    """Named for it by a mistake, out of the team since, or only asked to name the team."""
    office.tell("assigned", "far", account_id=office.people["far"].id)
    office.tell("team_needed", "team", "secret", unit_id=office.units["office-99"])
    office.send(ways)
    far, head = shown(office, "far"), shown(office, "head")
    for page, case in ((far, "open"), (head, "secret")):
        assert str(office.cases[case]) not in page
        assert office.cases[case].hex[-8:].upper() not in page
        assert "U3" not in page
        assert not re.search("อำเภอ[ก-๙]", page.partition("<main")[2])
    assert "ไม่แสดงแก่ท่าน" in far
    told = office.clients["head"].get("/api/v1/alerts").json()["alerts"]
    assert [(one["kind"], one["case"], one["district"], one["link"]) for one in told] == [
        ("team_needed", None, None, "/desk/teams")
    ]


def test_who_answers_for_an_agency_is_led_to_what_was_referred(office: Office, ways: Ways) -> None:
    office.tell("referred", "sent", account_id=office.people["far"].id)
    office.send(ways)
    told = office.clients["far"].get("/api/v1/alerts").json()["alerts"]
    assert [(one["case"], one["link"]) for one in told] == [(None, "/referrals")]


def test_a_team_sees_the_secret_case_that_it_was_told_of(office: Office, ways: Ways) -> None:
    office.tell("assigned", "one", "secret", account_id=office.people["team"].id)
    office.send(ways)
    assert f"/desk/cases/{office.cases['secret']}" in office.clients["team"].get("/api/v1/alerts").text
    assert "P04" not in shown(office, "team")


def test_an_address_is_used_once_its_code_came_back(office: Office, mailing: Ways, mails: MailSink) -> None:
    assert post(office, "officer", "/alerts/mail", address=ADDRESS).headers["location"] == "/alerts/mail?said=asked"
    office.tell("assigned", "too-early", account_id=office.people["officer"].id)
    office.send(mailing)
    [(to, message)] = mails.taken
    assert to == ADDRESS
    code = re.search(r"\d{8}", text_of(message))
    assert code
    assert ADDRESS in shown(office, "officer", "/alerts/mail")
    wrong = f"{(int(code[0]) + 1) % 10**8:08}"
    assert post(office, "officer", "/alerts/mail/confirm", code=wrong).status_code == 400
    assert post(office, "head", "/alerts/mail/confirm", code=code[0]).status_code == 400, "another's"
    assert post(office, "officer", "/alerts/mail/confirm", code=f"{code[0][:4]} {code[0][4:]}").status_code == 303
    office.tell("assigned", "now", account_id=office.people["officer"].id)
    office.send(mailing)
    assert [to for to, _ in mails.taken] == [ADDRESS, ADDRESS]
    post(office, "officer", "/alerts/mail/remove")
    office.tell("assigned", "later", account_id=office.people["officer"].id)
    office.send(mailing)
    assert len(mails.taken) == 2


def test_a_code_is_tried_five_times_and_asked_for_five_times_a_day(
    office: Office, mailing: Ways, mails: MailSink
) -> None:
    post(office, "officer", "/alerts/mail", address=ADDRESS)
    office.send(mailing)
    code = re.search(r"\d{8}", text_of(mails.taken[0][1]))
    assert code
    wrong = f"{(int(code[0]) + 1) % 10**8:08}"
    for _ in range(5):
        assert post(office, "officer", "/alerts/mail/confirm", code=wrong).status_code == 400
    assert post(office, "officer", "/alerts/mail/confirm", code=code[0]).status_code == 400, "too late"
    for _ in range(4):
        assert post(office, "officer", "/alerts/mail", address=ADDRESS).status_code == 303
    assert post(office, "officer", "/alerts/mail", address=ADDRESS).status_code == 429
    office.send(mailing)
    codes = {found[0] for _, message in mails.taken if (found := re.search(r"\d{8}", text_of(message)))}
    assert len(codes) <= 2, "what waits is for the address of now"


@pytest.mark.parametrize("address", ["", "x", "x@y", "a@example.org\r\nBcc: b@example.org", "<script>@example.org"])
def test_what_is_no_address_is_refused(office: Office, mailing: Ways, address: str) -> None:
    answer = post(office, "officer", "/alerts/mail", address=address)
    assert answer.status_code == 400
    assert "<script>@" not in answer.text
    assert office.rows("SELECT count(*) FROM alert_address") == [(0,)]


def test_no_address_stands_in_the_database_or_the_audit(office: Office, mailing: Ways) -> None:
    post(office, "officer", "/alerts/mail", address=ADDRESS)
    tables = office.rows("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables:
        if table != "scope_key":
            rows = office.rows(f'SELECT t::text FROM "{table}" AS t')
            assert [row for row in rows if "office.example" in str(row)] == []
    newest = "SELECT details ->> 'change' FROM audit_entry ORDER BY number DESC LIMIT 1"
    assert office.rows(newest) == [("email.asked",)]


def test_an_administrator_adds_a_webhook_and_sees_its_secret_once(office: Office) -> None:
    url = "https://hooks.example.org/path-of-its-own"
    answer = post(office, "admin", "/admin/alerts/webhooks", unit="office-99", url=url)
    assert answer.status_code == 200
    secret = re.search(r'<code class="secret">([^<]+)</code>', answer.text)
    assert secret
    page = shown(office, "admin", "/admin/alerts")
    assert secret[1] not in page
    assert "hooks.example.org" in page
    assert "path-of-its-own" not in page
    hook = re.search(r'action="/admin/alerts/webhooks/([0-9a-f-]{36})"', page)
    assert hook
    for wanted, state in (("pause", "หยุดอยู่"), ("resume", ""), ("delete", "")):
        assert post(office, "admin", f"/admin/alerts/webhooks/{hook[1]}", do=wanted).status_code == 303
        page = shown(office, "admin", "/admin/alerts")
        assert (state in page) if state else ("หยุดอยู่" not in page)
    assert "hooks.example.org" not in page
    changes = office.rows("SELECT details ->> 'change' FROM audit_entry WHERE kind = 'webhook' ORDER BY number")
    assert [one for (one,) in changes][-4:] == [f"webhook.{one}" for one in ("created", "paused", "resumed", "deleted")]


def test_a_unit_has_few_webhooks_and_only_https(office: Office) -> None:
    for number in range(5):
        url = f"https://hooks{number}.example.org/"
        assert post(office, "admin", "/admin/alerts/webhooks", unit="office-99", url=url).status_code == 200
    for unit, url in (
        ("office-99", "https://six.example.org/"),
        ("office-98", "http://x.example.org/"),
        ("nobody", "https://x.org/"),
    ):
        assert post(office, "admin", "/admin/alerts/webhooks", unit=unit, url=url).status_code in (400, 404)
    assert office.rows("SELECT count(*) FROM webhook") == [(5,)]


def test_what_was_given_up_is_seen_and_tried_again(office: Office, mailing: Ways, mails: MailSink) -> None:
    office.give_address("officer", ADDRESS)
    mails.answers["RCPT"] = ["550 nobody"]
    office.tell("assigned", "one", account_id=office.people["officer"].id)
    office.send(mailing)
    page = shown(office, "admin", "/admin/alerts")
    assert "smtp_550" in page
    assert "127.0.0.1" in page
    assert "ส่งไม่ถึง" in shown(office, "officer", "/alerts/mail")
    assert post(office, "admin", "/admin/alerts/retry").status_code == 303
    office.send(mailing)
    assert len(mails.taken) == 1
    assert "smtp_550" not in shown(office, "admin", "/admin/alerts")


def test_what_is_old_goes_and_does_not_come_again(office: Office, ways: Ways) -> None:
    from api.alerts.sending import forget_old

    office.tell("overdue", "old", unit_id=office.units["office-99"])
    office.send(ways)
    with transaction(office.app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE alert_delivery SET made_at = now() - interval '91 days'"))
        forget_old(session)
    assert office.rows("SELECT count(*) FROM alert_delivery") == [(0,)]
    office.tell("overdue", "old", unit_id=office.units["office-99"])
    assert not office.send(ways)
