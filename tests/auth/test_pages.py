"""Pages about accounts, as a browser without scripts uses them."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from api.auth.cookies import COOKIE
from api.auth.keys import Keys
from api.auth.links import create_link
from api.database import transaction
from tests.auth.conftest import BASE, PASSWORD, Person, field, signed_in
from tests.scopes import SYSTEM

Browser = Callable[[], TestClient]
People = Callable[..., Person]
NEW = "บ้านหลังใหม่ริมน้ำ 2570"


def send(client: TestClient, path: str, **fields: object) -> Response:
    """Send a form as browsers do, with the word of the session's pages."""
    page = client.get("/account")
    if page.status_code == 303 and COOKIE in client.cookies:
        page = (
            client.get("/signin/setup") if client.get("/signin/code").status_code == 303 else client.get("/signin/code")
        )
    word = {"csrf": field(page.text, "csrf")} if page.status_code == 200 and 'name="csrf"' in page.text else {}
    origin = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
    return client.post(path, data={**word, **fields}, headers=origin)


def test_signing_in_goes_to_the_second_factor_and_then_where_one_wanted(browser: Browser, person: People) -> None:
    client, someone = browser(), person("officer")
    wanted = client.get("/admin/accounts?after=a")
    assert wanted.headers["location"] == "/signin?next=%2Fadmin%2Faccounts%3Fafter%3Da"
    assert field(client.get(wanted.headers["location"]).text, "next") == "/admin/accounts?after=a"
    first = send(client, "/signin", login=someone.login, password=PASSWORD, next="/maps/99")
    assert (first.status_code, first.headers["location"]) == (303, "/signin/code?next=%2Fmaps%2F99")
    assert field(client.get(first.headers["location"]).text, "next") == "/maps/99"
    assert client.get("/account").headers["location"] == "/signin?next=%2Faccount"
    wrong = send(client, "/signin/code", code="000000", next="/maps/99")
    assert wrong.status_code == 401
    assert 'role="alert"' in wrong.text
    second = send(client, "/signin/code", code=someone.code(), next="/maps/99")
    assert (second.status_code, second.headers["location"]) == (303, "/maps/99")
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("goal", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_no_page_leads_away(browser: Browser, person: People, goal: str) -> None:
    client = browser()
    person("oversight", factor=False)
    assert "evil" not in client.get("/signin", params={"next": goal}).text
    answer = send(client, "/signin", login="somchai", password=PASSWORD, next=goal)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")


def test_a_failed_sign_in_is_told_and_keeps_the_name(browser: Browser) -> None:
    answer = send(browser(), "/signin", login='x"><script>alert(1)</script>', password="y")
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert "<script>alert(1)" not in answer.text
    assert not re.search(r'type="password"[^>]*value="[^"]', answer.text)


def test_the_second_factor_is_set_up_before_anything_else(browser: Browser, person: People) -> None:
    import pyotp

    client = browser()
    person("officer", factor=False)
    first = send(client, "/signin", login="somchai", password=PASSWORD)
    assert first.headers["location"].startswith("/signin/setup")
    page = client.get("/signin/setup").text
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert secret
    assert "<svg" in page
    assert client.get("/signin/setup").text.count(secret[1]) == 1  # a reload shows the same key
    assert send(client, "/signin/setup", code="000000").status_code == 400
    before = client.cookies[COOKIE]
    done = send(client, "/signin/setup", code=pyotp.TOTP(secret[1].replace(" ", "")).now(), next="/maps/TH")
    assert done.status_code == 200
    codes = re.findall(r"<li><code>([A-Z2-7-]+)</code>", done.text)
    assert len(set(codes)) == 10
    assert client.cookies[COOKIE] != before
    assert client.get("/account").status_code == 200
    assert client.get("/signin/setup").headers["location"] == "/account"  # the key is never shown again
    second = browser()
    send(second, "/signin", login="somchai", password=PASSWORD)
    assert send(second, "/signin/code", recovery=codes[3]).headers["location"] == "/account"


def test_a_one_time_code_sets_a_password(auth_app: FastAPI, browser: Browser, person: People, keys: Keys) -> None:
    someone, client = person("oversight", factor=False), browser()
    with transaction(auth_app.state.engine, SYSTEM) as session:
        code = create_link(session, keys, SYSTEM, someone.id)
    assert client.get("/reset").status_code == 200
    assert client.get("/reset", params={"code": code}).status_code == 400  # no code is read from an address
    assert send(client, "/reset", code=code, password=NEW, again=PASSWORD).status_code == 400
    assert send(client, "/reset", code=code, password=NEW, again=NEW).status_code == 200
    assert send(client, "/reset", code=code, password=NEW, again=NEW).status_code == 400
    assert send(client, "/signin", login="somchai", password=NEW).headers["location"] == "/account"


def test_changing_the_password_asks_for_the_present_one_and_ends_other_sessions(
    browser: Browser, person: People
) -> None:
    here, there, someone = browser(), browser(), person("oversight", factor=False)
    signed_in(here, someone)
    signed_in(there, someone)
    before = here.cookies[COOKIE]
    assert send(here, "/account/password", present="wrong", password=NEW, again=NEW).status_code == 401
    done = send(here, "/account/password", present=PASSWORD, password=NEW, again=NEW)
    assert done.headers["location"] == "/account?said=password"
    assert here.cookies[COOKIE] != before
    assert "เปลี่ยนรหัสผ่านแล้ว" in here.get("/account?said=password").text
    assert there.get("/account").status_code == 303


def test_sessions_devices_and_recovery_codes_on_the_page(browser: Browser, person: People) -> None:
    here, there, someone = browser(), browser(), person("officer", units=("office-99",))
    signed_in(here, someone)
    there.headers["User-Agent"] = "<b>Tablet</b>"
    second = there.post("/api/v1/session", json={"login": someone.login, "password": PASSWORD})
    given = {"code": someone.recovery_codes[1]}
    there.post("/api/v1/session/code", json=given, headers={"X-CSRF-Token": second.json()["csrf"]})
    page = here.get("/account").text
    assert "&lt;b&gt;Tablet&lt;/b&gt;" in page
    assert re.search(r"\d{1,2} \S+ 25\d\d", page)
    assert send(here, "/account/sessions", id=field(page, "id")).headers["location"] == "/account?said=ended"
    assert there.get("/account").status_code == 303
    made = send(here, "/account/devices", name="แท็บเล็ต 1", areas="990101, 990102")
    token = re.search(r'class="secret">([\w-]{43})<', made.text)
    assert token
    assert there.get("/api/v1/areas", headers={"Authorization": f"Bearer {token[1]}"}).status_code == 200
    assert send(here, "/account/devices", name="x", areas="98").status_code == 400
    device = field(here.get("/account").text, "id")
    assert send(here, "/account/devices/revoke", id=device).headers["location"] == "/account?said=revoked"
    assert send(here, "/account/devices/revoke", id="x").status_code == 400
    codes = send(here, "/account/recovery-codes", present=PASSWORD)
    assert len(re.findall(r"<li><code>[A-Z2-7-]+</code>", codes.text)) == 10


def test_an_administrator_makes_changes_and_ends_an_account(browser: Browser, person: People) -> None:
    client, someone = browser(), person("admin", "ad-min")
    signed_in(client, someone)
    made = send(
        client,
        "/admin/accounts",
        login="somying",
        name="สมหญิง <b>",
        role="officer",
        unit="office-99",
        areas="9901 9902",
    )
    assert made.status_code == 200
    code = re.search(r"/reset#([A-Z2-7-]+)<", made.text)
    assert code
    account = re.search(r'href="(/admin/accounts/[0-9a-f-]{36})"', made.text)
    assert account
    again = send(client, "/admin/accounts", login="somying", name="x", role="officer")
    assert again.status_code == 409
    assert 'value="somying"' in again.text
    listed = client.get("/admin/accounts").text
    assert "สมหญิง &lt;b&gt;" in listed
    saved = send(client, account[1], name="สมหญิง", role="volunteer", areas="990101")
    assert saved.headers["location"].endswith("?said=saved")
    assert send(client, account[1], name="สมหญิง", role="volunteer", areas="99").status_code == 400
    assert "990101" in client.get(account[1]).text
    assert "#" in send(client, f"{account[1]}/link").text
    assert send(client, f"{account[1]}/disable").headers["location"].endswith("?said=disabled")
    assert send(client, f"{account[1]}/enable").status_code == 303
    mine = f"/admin/accounts/{someone.id}"
    assert send(client, f"{mine}/disable").status_code == 409
    assert client.get("/admin/accounts/00000000-0000-0000-0000-000000000000").status_code == 404
    assert client.get("/admin/accounts/x").status_code == 400


def test_nobody_else_sees_the_pages_of_administrators(browser: Browser, person: People) -> None:
    client = browser()
    assert client.get("/admin/accounts").status_code == 303
    signed_in(client, person("head"))
    for path in ("/admin/accounts", "/admin/accounts/00000000-0000-0000-0000-000000000000"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert send(client, "/admin/accounts", login="newcomer", name="x", role="admin").status_code == 403
    assert 'href="/admin/accounts"' not in client.get("/account").text


def test_signing_out_from_the_page(browser: Browser, person: People) -> None:
    client = browser()
    signed_in(client, person("oversight", factor=False))
    token = client.cookies[COOKIE]
    assert send(client, "/signout").headers["location"] == "/signin"
    assert client.get("/account", headers={"Cookie": f"{COOKIE}={token}"}).status_code == 303


@pytest.mark.parametrize("path", ["/signin", "/reset", "/account", "/admin/accounts"])
def test_pages_allow_only_what_they_need(browser: Browser, person: People, path: str) -> None:
    client = browser()
    if path.startswith("/a"):
        signed_in(client, person("admin"))
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert not re.search(r"\son\w+=|style=", answer.text)
    assert '<html lang="th">' in answer.text
    for found in re.findall(r"<script[^>]*>|<style[^>]*>", answer.text):
        assert "nonce=" in found
    ids = re.findall(r'\sid="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'<label for="([^"]+)"', answer.text)) <= set(ids)


def test_forms_that_make_no_sense_are_refused(browser: Browser) -> None:
    client = browser()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in (b"login=%ff", b"\xff\xfe", b"&".join(b"a=1" for _ in range(700)), b"login=" + b"x" * 30_000):
        assert client.post("/signin", content=body, headers=form).status_code == 400
    for body in (b"", b"login", b"{}", b"login=%00&password=%00"):
        assert client.post("/signin", content=body, headers=form).status_code == 401
    assert client.post("/signin", json={"login": "x"}).status_code == 401
