"""A file on its way in: who may send one, how large it may be, where it is kept and for how long, and whose it is."""

import errno
import json
import re
import stat
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.imports import receiving, uploads
from tests.access.world import new_client
from tests.imports_page.conftest import Place, rows

LIMIT = 2_000_000


def test_only_who_may_import_sends_and_only_with_areas(place: Place) -> None:
    for who in ("officer", "colleague", "far", "both", "whole"):
        assert place.send(who, rows()).status_code == 303, who
    for who in ("auditor", "nowhere"):
        assert place.send(who, rows()).status_code == 403, who
        assert place.clients[who].get("/imports").status_code == 403
    stranger = new_client(place.app)
    assert stranger.get("/imports").headers["location"].startswith("/signin")
    assert stranger.post("/imports", files={"file": ("x.csv", b"a,b")}).headers["location"].startswith("/signin")
    assert 'href="/imports"' in place.clients["officer"].get("/account").text
    assert 'href="/imports"' not in place.clients["auditor"].get("/account").text


def test_the_word_of_our_pages_stands_before_the_file_or_nothing_is_read(place: Place) -> None:
    client = place.clients["officer"]
    word = client.headers.pop("X-CSRF-Token")
    file: Any = ("file", ("x.csv", rows().encode()))
    try:
        for sent in ([file], [("csrf", (None, "0" * 64)), file], [file, ("csrf", (None, word))]):
            assert client.post("/imports", files=sent).status_code == 403
        good = [("csrf", (None, word)), file]
        for sign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert client.post("/imports", files=good, headers=sign).status_code == 403
        assert place.kept() == []
        assert client.post("/imports", files=good).status_code == 303
    finally:
        client.headers["X-CSRF-Token"] = word


def test_a_file_is_private_and_its_place_says_nothing(place: Place) -> None:
    at = place.sent("officer", rows(), name="ลับ มาก.csv")
    assert re.fullmatch(r"/imports/files/[0-9a-f]{32}", at)
    kept = place.kept()
    assert {stat.S_IMODE(one.stat().st_mode) for one in kept} == {0o600}
    assert {stat.S_IMODE(one.parent.stat().st_mode) for one in kept} == {0o700}
    assert stat.S_IMODE((place.home / "uploads").stat().st_mode) == 0o700
    assert not [one for one in kept if "ลับ" in str(one)]


def test_a_file_over_the_limit_is_refused_with_a_message_and_not_kept(place: Place) -> None:
    head = rows().encode()
    exact = head + b"x" * (LIMIT - len(head) - 1) + b"\n"
    assert place.send("officer", exact).status_code in (303, 400)
    for path in place.kept():
        path.unlink()
    answer = place.send("officer", exact + b"y")
    assert answer.status_code == 413
    assert "2 เมกะไบต์" in answer.text
    assert place.kept() == []
    huge = place.send("officer", b"x" * (receiving.HEARD_OUT * LIMIT + 1))
    assert huge.status_code == 413
    assert place.kept() == []
    other = place.clients["officer"].post("/imports/runs/1/undo", content=b"x" * 1_100_000)
    assert other.status_code == 413
    other = place.clients["officer"].post("/imports", content=b"x" * 1_100_000)
    assert other.status_code == 413


class Full:
    """A file on a disk that has no room left."""

    def __init__(self, path: Path) -> None:
        path.touch()

    def __enter__(self) -> "Full":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def write(self, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self) -> None:
        """Nothing waits."""


@pytest.mark.parametrize("module", [receiving, uploads])
def test_a_full_disk_is_told_and_leaves_nothing(place: Place, monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    monkeypatch.setattr(module, "open_private", Full)
    answer = place.send("officer", rows(20_000))
    assert answer.status_code == 507
    assert "พื้นที่เก็บข้อมูลของระบบเต็ม" in answer.text
    assert place.kept() == []


def test_what_cannot_be_read_is_told_and_not_kept(place: Place) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
    for content in (png, b"", b"\0" * 1000):
        answer = place.send("officer", content, name="รายชื่อ.csv")
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
    assert place.kept() == []
    client = place.clients["officer"]
    assert "โปรดเลือกแฟ้ม" in client.post("/imports", data={"a": "b"}).text
    assert client.post("/imports", files={"file": ("", b"")}).status_code == 400
    assert client.post("/imports", content=b"x", headers={"Content-Type": "multipart/form-data"}).status_code == 400
    assert place.kept() == []


STEPS = (
    ("GET", ""), ("POST", "/read"), ("POST", "/columns"), ("GET", "/preview"), ("POST", "/decisions"),
    ("POST", "/commit"), ("POST", "/cancel"), ("GET", "/refused"), ("GET", "/recipe"),
)  # fmt: skip


@pytest.mark.parametrize(("method", "step"), STEPS)
def test_a_file_of_another_account_is_answered_as_one_that_does_not_exist(place: Place, method: str, step: str) -> None:
    at = place.sent("officer", rows())
    place.checked("officer", at)
    before = [(one, one.read_bytes()) for one in place.kept()]
    nobody = f"/imports/files/{uuid4().hex}"
    for who in ("colleague", "far", "whole"):
        told = [
            place.clients[who].request(method, f"{address}{step}", data={"of": "1"} if method == "POST" else None)
            for address in (at, nobody, "/imports/files/..%2f..%2fetc", "/imports/files/0")
        ]
        assert {one.status_code for one in told[:3]} == {404}
        assert len({re.sub(r'nonce[-=]"?[\w-]+', "", one.text) for one in (told[0], told[1], told[3])}) == 1
        assert "ไม่มีแฟ้มนี้แล้ว" in told[0].text
    assert [(one, one.read_bytes()) for one in place.kept()] == before
    assert place.count("import_run") == 0


def test_files_go_after_a_day_when_cancelled_and_when_there_are_too_many(place: Place) -> None:
    client = place.clients["officer"]
    old = place.sent("officer", rows())
    state = next(one for one in place.kept() if one.name == "state.json")
    state.write_text(json.dumps({**json.loads(state.read_text()), "made_at": time.time() - uploads.DAY - 1}))
    assert client.get(old).status_code == 404
    assert place.sent("colleague", rows())
    assert not state.exists()
    gone = place.sent("officer", rows())
    assert client.post(f"{gone}/cancel").headers["location"] == "/imports?said=cancelled"
    assert client.get(gone).status_code == 404
    many = [place.sent("officer", rows()) for _ in range(uploads.MOST + 2)]
    assert [client.get(one).status_code for one in many] == [404, 404] + [200] * uploads.MOST
    page = client.get("/imports").text
    assert [one in page for one in many] == [False, False] + [True] * uploads.MOST
    assert many[-1] not in place.clients["colleague"].get("/imports").text


def test_a_step_that_lost_its_file_says_so(place: Place) -> None:
    at = place.sent("officer", rows())
    place.checked("officer", at)
    (file,) = [one for one in place.kept() if one.name == "file"]
    file.unlink()
    answer = place.commit("officer", at)
    assert answer.status_code == 404
    assert "โปรดส่งแฟ้มใหม่" in answer.text


def test_names_of_files_are_made_harmless() -> None:
    assert receiving.plain_name("C:\\ผู้ใช้\\ก.csv") == "ก.csv"
    assert receiving.plain_name("../../etc/passwd") == "passwd"
    assert receiving.plain_name("a\0b\u202ec.csv") == "abc.csv"
    assert receiving.plain_name("/") == "file"
    assert len(receiving.plain_name("ก" * 999)) == receiving.LONGEST_NAME
