"""One-time links and device tokens."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.auth.errors import AreasNotOwn, LinkUseless, PasswordsDiffer, PasswordWeak
from api.auth.keys import Keys
from api.auth.links import create_link, use_link
from api.database import transaction
from tests.auth.conftest import PASSWORD, Person, signed_in
from tests.scopes import SYSTEM

Browser = Callable[[], TestClient]
People = Callable[..., Person]
NEW, ADDRESS = "บ้านหลังใหม่ริมน้ำ 2570", "192.0.2.9"


def link(app: FastAPI, keys: Keys, someone: Person) -> str:
    with transaction(app.state.engine, SYSTEM) as session:
        return create_link(session, keys, SYSTEM, someone.id)


def test_a_link_is_of_use_once_and_ends_everything_before(
    auth_app: FastAPI, browser: Browser, person: People, keys: Keys
) -> None:
    client, someone = browser(), person("oversight", factor=False)
    signed_in(client, someone)
    code = link(auth_app, keys, someone)
    use_link(auth_app.state.engine, keys, code.lower().replace("-", " "), NEW, NEW, ADDRESS)
    assert client.get("/api/v1/sessions").status_code == 401
    with pytest.raises(LinkUseless):
        use_link(auth_app.state.engine, keys, code, PASSWORD, PASSWORD, ADDRESS)
    for word, status in ((PASSWORD, 401), (NEW, 200)):
        given = {"login": someone.login, "password": word}
        assert browser().post("/api/v1/session", json=given).status_code == status


def test_a_newer_link_voids_an_older_one_and_time_voids_both(auth_app: FastAPI, person: People, keys: Keys) -> None:
    someone, engine = person("oversight", factor=False), auth_app.state.engine
    first, second = link(auth_app, keys, someone), link(auth_app, keys, someone)
    with pytest.raises(LinkUseless):
        use_link(engine, keys, first, NEW, NEW, ADDRESS)
    with transaction(engine, SYSTEM) as session:
        session.execute(text("UPDATE reset_link SET expires_at = now()"))
    for code in (second, "", "x", "\x00", "AAAA-BBBB", "ก" * 500):
        with pytest.raises(LinkUseless):
            use_link(engine, keys, code, NEW, NEW, ADDRESS)


def test_a_weak_password_leaves_the_link_good(auth_app: FastAPI, person: People, keys: Keys) -> None:
    someone, engine = person("oversight", factor=False), auth_app.state.engine
    code = link(auth_app, keys, someone)
    for weak in (
        "short",
        "aaaaaaaaaaaaaaaa",
        "somchai-2569-x",
        "x" * 300,
        "abababababab",
        "Password1234",
        "รหัสผ่าน 123456",
    ):
        with pytest.raises(PasswordWeak):
            use_link(engine, keys, code, weak, weak, ADDRESS)
    with pytest.raises(PasswordsDiffer):
        use_link(engine, keys, code, NEW, PASSWORD, ADDRESS)
    use_link(engine, keys, code, NEW, NEW, ADDRESS)


def test_the_second_factor_outlives_a_link(auth_app: FastAPI, browser: Browser, person: People, keys: Keys) -> None:
    """Whoever makes links could else take over an account that reads cases."""
    someone, engine = person("officer"), auth_app.state.engine
    use_link(engine, keys, link(auth_app, keys, someone), NEW, NEW, ADDRESS)
    answer = browser().post("/api/v1/session", json={"login": someone.login, "password": NEW})
    assert answer.json()["stage"] == "code"


def test_links_and_recovery_codes_are_kept_as_hashes(auth_app: FastAPI, person: People, keys: Keys) -> None:
    someone = person("officer")
    code = link(auth_app, keys, someone)
    with transaction(auth_app.state.engine, SYSTEM) as session:
        for table in ("reset_link", "recovery_code"):
            kept = str(session.execute(text(f"SELECT * FROM {table}")).all())
            assert code not in kept
            assert not any(each in kept for each in someone.recovery_codes)


def test_a_device_asks_in_its_own_areas_until_it_is_revoked(browser: Browser, person: People) -> None:
    client, someone = browser(), person("officer", units=("office-99",))
    csrf = {"X-CSRF-Token": signed_in(client, someone)}
    made = client.post("/api/v1/devices", json={"name": "แท็บเล็ต 1", "areas": ["990101"]}, headers=csrf)
    assert made.status_code == 201, made.text
    bearer = {"Authorization": f"Bearer {made.json()['token']}"}
    phone = browser()
    state = phone.get("/api/v1/session", headers=bearer).json()
    assert (state["areas"], state["permissions"]) == (["990101"], ["case.read", "case.write"])
    assert state["audience"] != "internal"
    assert phone.get("/api/v1/sessions", headers=bearer).status_code == 401  # no account to look after
    [device] = client.get("/api/v1/devices").json()["devices"]
    assert "token" not in device
    assert client.delete(f"/api/v1/devices/{device['id']}", headers=csrf).status_code == 204
    assert phone.get("/api/v1/session", headers=bearer).status_code == 401
    assert client.get("/api/v1/devices").json() == {"devices": []}


@pytest.mark.parametrize("areas", [["98"], ["TH"], [], ["9901", "98"], ["9"], ["x'"]])
def test_a_device_gets_no_more_areas_than_its_account(browser: Browser, person: People, areas: list[str]) -> None:
    client, someone = browser(), person("officer", units=("office-99",))
    csrf = {"X-CSRF-Token": signed_in(client, someone)}
    made = client.post("/api/v1/devices", json={"name": "x", "areas": areas}, headers=csrf)
    assert made.status_code == 400
    assert made.json()["code"] in (AreasNotOwn.key.removeprefix("error."), "areas_bad")


def test_nobody_revokes_the_devices_of_others(browser: Browser, person: People) -> None:
    first, second = browser(), browser()
    one, two = person("officer", units=("office-99",)), person("officer", "malee", units=("office-99",))
    csrf, other = ({"X-CSRF-Token": signed_in(each, who)} for each, who in ((first, one), (second, two)))
    first.post("/api/v1/devices", json={"name": "x", "areas": ["99"]}, headers=csrf)
    [device] = first.get("/api/v1/devices").json()["devices"]
    assert second.delete(f"/api/v1/devices/{device['id']}", headers=other).status_code == 204
    assert len(first.get("/api/v1/devices").json()["devices"]) == 1


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer " + "x" * 43, "bearer \x01" * 9])
def test_a_bad_token_is_refused_and_not_taken_for_a_stranger(browser: Browser, header: str) -> None:
    answer = browser().get("/api/v1/areas", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_a_header_beside_a_cookie_does_not_ride_on_it(browser: Browser, person: People) -> None:
    """Else a made-up header would switch the guard against forgery off."""
    client, someone = browser(), person("oversight", factor=False)
    signed_in(client, someone)
    answer = client.delete("/api/v1/sessions", headers={"Authorization": "Bearer made-up-by-somebody"})
    assert answer.status_code == 401
    assert client.get("/api/v1/sessions").status_code == 200
