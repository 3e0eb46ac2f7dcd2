"""What a phone loads before anything else: how large it is, under which policy it runs, and that no word is missing."""

import gzip
import re

import brotli
import pytest
from fastapi.testclient import TestClient

from api.field_app.choices import words
from api.field_app.pages import PAGE_POLICY, WORKER_POLICY
from api.field_app.shell import FOLDER, WORKER, shell
from boundaries.messages import catalogue
from mapping.offline import Library
from tests.access.world import new_client
from tests.api.test_maps import needs_libraries
from tests.mapping.maps_by_hand import LIBRARY
from tests.phone.conftest import Office

MOST = 300_000
SOURCES = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.js")}


@pytest.fixture
def client(office: Office) -> TestClient:
    return new_client(office.app)


@needs_libraries
def test_the_shell_is_small(client: TestClient) -> None:
    """All files together, fonts included: as they are, and as they come over the wire with their headers."""
    raw = sum(len(file.body) for file in shell(LIBRARY).values())
    wire = 0
    for name in shell(LIBRARY):
        told = client.get(f"/field/{'' if name == 'index.html' else name}", headers={"Accept-Encoding": "br"})
        assert told.status_code == 200, name
        headers = sum(len(key) + len(value) + 4 for key, value in told.headers.items())
        wire += int(told.headers["content-length"]) + headers
    print(f"\nshell: {raw:,} bytes, {wire:,} on the wire, {len(shell(LIBRARY))} files")
    assert wire < raw <= MOST


def test_files_are_compressed_as_the_browser_takes_them() -> None:
    files = shell(Library(LIBRARY.root))
    file = files["app.js"]
    assert brotli.decompress(file.encoded("gzip, deflate, br")[0]) == file.body
    assert gzip.decompress(file.encoded("gzip;q=1.0, identity")[0]) == file.body
    assert file.encoded("") == (file.body, None)
    assert files["icon-192.png"].encoded("br") == (files["icon-192.png"].body, None)


def test_the_app_runs_nothing_but_its_own_files(client: TestClient) -> None:
    told = client.get("/field/")
    assert told.headers["content-security-policy"] == PAGE_POLICY
    assert "geolocation=(self)" in told.headers["permissions-policy"]
    assert "geolocation=()" in client.get("/").headers["permissions-policy"]
    assert "'unsafe" not in PAGE_POLICY
    assert not re.search(r"<script(?![^>]*src=)|<style|style=|\son\w+=", told.text)
    worker = client.get(f"/field/{WORKER}")
    assert worker.headers["content-security-policy"] == WORKER_POLICY
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", str(SOURCES))


def test_what_is_unchanged_keeps_its_policy(client: TestClient) -> None:
    """A browser takes over the headers of this answer: another policy would switch the app off."""
    for path in ("/field/", f"/field/{WORKER}"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        assert again.headers["content-security-policy"] == first.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["index.html", "nothing.js", "..%2f..%2fapp.py", "sw.js%00", "%E0%B8%81"])
def test_no_other_file_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/field/{name}").status_code == 404


def test_the_address_without_its_slash_leads_to_the_app(client: TestClient) -> None:
    told = client.get("/field", follow_redirects=False)
    assert (told.status_code, told.headers["location"]) == (308, "/field/")
    assert client.get("/field/?x=1").status_code == 400


def test_the_worker_changes_with_any_file() -> None:
    worker = shell(LIBRARY)[WORKER].body.decode()
    kept = re.search(r"self\.SHELL=(\[.*?\]);", worker)
    assert kept
    assert set(re.findall(r'"([^"]+)"', kept[1])) == {*shell(LIBRARY), "./"} - {"index.html", WORKER}


def test_every_word_is_there_and_none_is_idle() -> None:
    """Keys stand in quotes in the sources; of those put together at run time the beginning does."""
    held = {key.removeprefix("phone.") for key in catalogue() if key.startswith("phone.")}
    source = "\n".join(SOURCES.values())
    asked = set(re.findall(r"\bt\('([\w.]+)'", source))
    assert asked - held == set()
    begun = tuple(re.findall(r"\bt\(`([a-z]+\.[a-z_]*)\$", source))
    quoted = set(re.findall(r"'([a-z_]+\.[a-z_0-9]+)'", source))
    assert {key for key in held - asked - quoted if not key.startswith(begun)} == set()
    assert b"\xe0\xb8" in words()


def test_modules_are_found_and_small() -> None:
    for name, source in SOURCES.items():
        for module in re.findall(r"from '\./([^']+)'", source):
            assert module in SOURCES, name
        assert source.count("\n") <= 250, name
