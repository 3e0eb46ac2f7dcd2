"""Hosts, paths, bodies, caches and tags: what stands around a request."""

import gzip

import pytest

from tests.access.attacks import CHANGING, READING, address, asker, unchanged
from tests.access.matrix import Row
from tests.access.world import World

LARGE = 1_048_577
POSTS = [row for row in CHANGING if row.method in ("POST", "PATCH")]


@pytest.mark.parametrize("row", POSTS, ids=lambda row: f"{row.method} {row.path}")
def test_no_body_of_another_kind_or_size_is_taken(world: World, row: Row) -> None:
    """Files, XML, compressed and endless bodies, wrong lengths: refused, nothing stored, never a fault."""
    client, place = world.clients[asker(row)], address(world, row)
    png = b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../x.php"\r\n\r\n\x89PNG\r\n--x--\r\n'
    bodies = (
        ("multipart/form-data; boundary=x", png),
        ("application/xml", b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'),
        ("application/octet-stream", bytes(range(256))),
        ("application/json", b"{" * 5000),
        ("application/json", b'{"reason": NaN}'),
        ("application/json; charset=utf-16", '{"reason": "x"}'.encode("utf-16")),
        ("application/json", b"\xff\xfe"),
        ("application/x-www-form-urlencoded", b"a=%ff&" * 2000),
        ("application/yaml", b"!!python/object/apply:os.system ['x']"),
    )
    if not takes_nothing(row):
        with unchanged(world):
            for kind, body in bodies:
                told = client.request(row.method, place, content=body, headers={"Content-Type": kind})
                assert 300 <= told.status_code < 500, kind
                assert "root:" not in told.text
    for headers, body in (
        ({}, b"x" * LARGE),
        ({"Transfer-Encoding": "chunked"}, b"x"),
        ({"Transfer-Encoding": "gzip, chunked"}, gzip.compress(b"x")),
        ({"Content-Length": "-1"}, b"x"),
        ({"Content-Length": "1e3"}, b"x"),
        ({"Content-Length": str(LARGE)}, b"x"),
    ):
        told = client.request(row.method, place, content=body, headers={"Content-Type": "application/json", **headers})
        assert told.status_code == 413, headers
    world.put_back()


def takes_nothing(row: Row) -> bool:
    """Say whether a route reads no body at all, so that none can be wrong."""
    return row.path.endswith(("/disable", "/enable", "/signout", "/link"))


@pytest.mark.parametrize("who", ["anonymous", "officer", "admin"])
def test_no_answer_about_somebody_may_be_kept_by_a_proxy(world: World, who: str) -> None:
    """Only hashed files and the icon are everybody's; figures and areas are asked for anew by each browser."""
    for row in READING:
        told = world.clients[who].get(address(world, row))
        kept = told.headers["cache-control"]
        if row.path.startswith(("/assets", "/favicon")) and told.status_code == 200:
            assert kept.startswith("public, max-age="), row.ask
            continue
        assert kept in ("no-store", "private, no-cache"), row.ask
        personal = (
            "/api/v1/cases",
            "/api/v1/points",
            "/api/v1/accounts",
            "/api/v1/session",
            "/account",
            "/admin",
            "/maps",
        )
        assert kept == "no-store" or not row.path.startswith(personal), row.ask
        if "set-cookie" in told.headers:
            assert kept == "no-store", row.ask


def test_what_is_told_of_one_is_no_tag_for_another(world: World) -> None:
    """Else somebody could find out by a 304 which figures others are shown."""
    path = "/api/v1/figures?within=9901&level=subdistrict&period=fy2569&measure=count"
    tags = {
        who: world.clients[who].get(path).headers["etag"] for who in ("anonymous", "partner", "oversight", "officer")
    }
    assert len(set(tags.values())) == len(tags)
    for who, client in ((who, world.clients[who]) for who in tags):
        for other, tag in tags.items():
            status = client.get(path, headers={"If-None-Match": tag}).status_code
            assert status == (304 if who == other else 200), (who, other)


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "", "127.0.0.1.nip.io"]
)
def test_no_other_name_is_ours_and_none_is_repeated(world: World, host: str) -> None:
    for path in ("/account", "/admin/accounts", "/api/v1/cases", "/ogc", "/signin"):
        told = world.clients["admin"].get(path, headers={"Host": host})
        assert told.status_code == 400
        assert "evil" not in told.text
        assert "evil" not in str(told.headers)
    for name in ("X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded", "X-Host"):
        told = world.clients["admin"].get("/ogc", headers={name: "evil.example"})
        assert told.status_code == 200
        assert "evil" not in told.text


PATHS = (
    "/api/v1/cases%2f..%2faccounts",
    "/api/v1/%2e%2e/%2e%2e/admin/accounts",
    "/api/v1/accounts%00",
    "/api/v1/accounts/%00",
    "//api/v1/accounts",
    "/api//v1/accounts",
    "/api/v1/accounts/",
    "/API/V1/accounts",
    "/api/v1/accounts;x=1",
    "/api/v1/accounts%20",
    "/api/v1/accounts.json",
    "/admin/accounts/../accounts",
    "/admin%2faccounts",
    "/maps/99%2f..%2f..%2fadmin%2faccounts",
    "/maps/%2e%2e%2fadmin%2faccounts",
    "/assets/..%2f..%2f..%2fetc%2fpasswd/x",
    "/assets/%2e%2e/passwd",
    "/ogc/collections/..%2f..%2fapi/items",
    "/errors/..%2faccounts",
    "/api/v1/areas/99%00",
    "/api/v1/areas/%ff%fe",
    "/api/v1/areas/..",
)


@pytest.mark.parametrize("path", PATHS)
def test_no_spelling_of_a_path_leads_around_the_door(world: World, path: str) -> None:
    for who in ("anonymous", "officer"):
        told = world.clients[who].get(path)
        assert told.status_code in (303, 307, 400, 401, 403, 404), who
        assert "-one" not in told.text
        if told.status_code in (303, 307):
            assert told.headers["location"].startswith(("/", "https://localhost/"))


def test_security_headers_stand_on_every_answer(world: World) -> None:
    for row in READING:
        told = world.clients["officer"].get(address(world, row))
        policy = told.headers["content-security-policy"]
        assert "default-src 'none'" in policy, row.ask
        assert "unsafe-" not in policy.replace("'wasm-unsafe-eval'", ""), row.ask
        assert told.headers["x-content-type-options"] == "nosniff"
        assert told.headers["x-frame-options"] == "DENY"
        assert "server" not in told.headers
