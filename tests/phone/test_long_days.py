"""Long days: twenty cases with photos while tabs and servers die, networks that lie, a full phone, 2G."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import CERT_NONE, Purpose, create_default_context
from typing import ClassVar

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.api.test_maps import needs_libraries
from tests.auth.conftest import Person
from tests.phone.arrived import cases_of, envelopes_of, is_bare, photos_of
from tests.phone.certificates import Served
from tests.phone.conftest import Office, chromium_options, context_options, listened
from tests.phone.hands import PIN, add_case, enrol, open_app, stored, unlock, wait_until_sent
from tests.phone.pictures import camera_photo
from tests.phone.test_story import QUEUED

pytestmark = [pytest.mark.browser, pytest.mark.proof, needs_libraries]
NewPhone = Callable[..., Page]
CASES = 20
MARK = "คำลับสมมติยี่สิบเรื่อง"


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@contextmanager
def server_process(office: Office, served: Served, port: int, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the server as a process of its own, which can be killed."""
    env = {**os.environ, "DATABASE_URL": office.url, "SOCIALMAP_HOME": str(home)}
    command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", str(port)]
    command += ["--name", "localhost", "--tls-cert", str(served.chain), "--tls-key", str(served.key)]
    running = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    anyone = create_default_context()
    anyone.check_hostname, anyone.verify_mode = False, CERT_NONE
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"https://localhost:{port}/healthz", context=anyone, timeout=2).close()
                break
            except OSError:
                assert running.poll() is None, "the server ended"
                time.sleep(0.1)
        yield running
    finally:
        running.kill()
        running.wait()


@contextmanager
def kept_browser(served: Served, folder: Path) -> Iterator[BrowserContext]:
    """Open a browser whose storage lies in a folder, as a phone's does."""
    with sync_playwright() as playwright:
        options = {**chromium_options(served), **context_options()}
        context = playwright.chromium.launch_persistent_context(folder, **options)  # type: ignore[arg-type]
        try:
            yield context
        finally:
            context.close()


def kill_browser(folder: Path) -> None:
    """End every process of the browser whose storage lies in a folder, at once and without a word."""
    for each in Path("/proc").glob("[0-9]*"):
        try:
            command = (each / "cmdline").read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={folder}".encode() in command.split(b"\0"):
            os.kill(int(each.name), signal.SIGKILL)


def arrived_whole(office: Office, person: Person, queued: set[str], count: int) -> None:
    """Every case once, every photo byte for byte as it was queued."""
    cases = cases_of(office, person)
    assert len(cases) == len({case.id for case in cases}) == count
    photos = [photo for case in cases for photo in photos_of(office, case.id)]
    assert len(photos) == len(queued) == count
    assert {hashlib.sha256(photo).hexdigest() for photo in photos} == queued
    assert all(map(is_bare, photos))
    assert set(envelopes_of(office, person)) == {("kept", None)}


def test_twenty_cases_outlive_a_killed_browser_and_a_killed_server(
    office: Office, served: Served, tmp_path: Path
) -> None:
    """Recorded offline; the browser is killed; sent again and again to a server that is killed in the middle."""
    person, port, folder = office.person(), free_port(), tmp_path / "phone"
    url = f"https://localhost:{port}"
    photos = [camera_photo(tmp_path / f"{seed}.jpg", (2000, 1500), seed=seed) for seed in range(CASES)]
    queued: set[str] = set()
    with server_process(office, served, port, tmp_path / "home"), kept_browser(served, folder) as context:
        office.sign_in(context, url, person)
        page = listened(context.new_page(), [])
        page.add_init_script(QUEUED)
        enrol(page, url)
        context.set_offline(True)
        for at in range(CASES):
            add_case(page, f"P{at % 15 + 1:02}", f"U{at % 4 + 1}", MARK, [photos[at]])
        page.wait_for_timeout(300)
        queued = set(page.evaluate("window.queued"))
        assert stored(page, "envelopes") == 2 * CASES
        kill_browser(folder)
        with pytest.raises(Exception):  # noqa: B017, PT011  (whatever a dead browser answers)
            page.evaluate("1")
    on_disk = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert MARK.encode() not in on_disk
    assert MARK.encode("utf-16-le") not in on_disk

    kills = 0
    with kept_browser(served, folder) as context:
        page = context.new_page()
        for _ in range(6):
            with server_process(office, served, port, tmp_path / "home") as running:
                if page.url == "about:blank":
                    open_app(page, url)
                    assert stored(page, "envelopes") > 0
                before = stored(page, "envelopes")
                page.evaluate("dispatchEvent(new Event('online'))")
                for _ in range(400):
                    if stored(page, "envelopes") < max(1, before - 6) or stored(page, "envelopes") == 0:
                        break
                    page.wait_for_timeout(20)
                if stored(page, "envelopes") and kills < 4:
                    running.send_signal(signal.SIGKILL)
                    kills += 1
                    continue
                page.evaluate("dispatchEvent(new Event('online'))")
                wait_until_sent(page, 90)
                break
    print(f"\nserver killed {kills} times in the middle of sending")
    assert kills >= 2
    arrived_whole(office, person, queued, CASES)


def test_what_is_locked_is_open_again_after_the_browser_was_killed(
    office: Office, served: Served, tmp_path: Path
) -> None:
    """A draft with a photo, the browser killed while it is written: all of it is there but the last moment."""
    person, port, folder = office.person(), free_port(), tmp_path / "phone"
    url = f"https://localhost:{port}"
    with server_process(office, served, port, tmp_path / "home"):
        with kept_browser(served, folder) as context:
            office.sign_in(context, url, person)
            page = context.new_page()
            enrol(page, url)
            page.locator("#new-case").tap()
            page.locator("label:has(input[value='P13'])").first.tap()
            page.locator("#choose-photo").set_input_files(camera_photo(tmp_path / "one.jpg", (800, 600)))
            page.locator("textarea").type("เรื่องสมมติ")
            page.wait_for_timeout(1_000)
            kill_browser(folder)
        with kept_browser(served, folder) as context:
            page = context.new_page()
            open_app(page, url)
            unlock(page, PIN)
            page.locator(".rows button", has_text="ยาเสพติด").tap()
            assert page.locator("textarea").input_value() == "เรื่องสมมติ"
            assert page.locator(".photos li").count() == 1


class Portal(BaseHTTPRequestHandler):
    """What stands in for the server in a hotel's network, and what a broken one may say."""

    protocol_version = "HTTP/1.0"
    answers: ClassVar[list[tuple[int, str, bytes]]] = [
        (200, "text/html", b"<h1>Welcome, please sign in</h1>"),
        (200, "application/json", b'{"state": "kept"}'),
        (200, "application/json", b'{"state": "kept", "received": 1, "total": 1, "revoked": false}'),
        (201, "application/json", b"null"),
        (302, "text/html", b""),
        (401, "application/problem+json", b'{"title": "x"}'),
        (403, "application/json", b'{"received": 0}'),
        (404, "text/plain", b""),
        (409, "application/problem+json", b'{"received": 99999999}'),
        (413, "application/json", b"[]"),
        (500, "text/html", b""),
        (503, "application/json", b"{"),
    ]
    asked: ClassVar[int] = 0

    def do_PUT(self) -> None:
        """Answer with the next of them."""
        self.rfile.read(int(self.headers["Content-Length"]))
        status, kind, body = self.answers[Portal.asked % len(self.answers)]
        Portal.asked += 1
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", "/healthz")
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        """Answer everything with a page of somebody else's."""
        body = b'{"id": "9", "key": {}, "areas": [], "cases": []}'
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


@contextmanager
def portal(served: Served, port: int) -> Iterator[None]:
    """Stand in for the server at its address."""
    told = create_default_context(Purpose.CLIENT_AUTH)
    told.load_cert_chain(served.chain, served.key)
    running = ThreadingHTTPServer(("127.0.0.1", port), Portal)
    running.socket = told.wrap_socket(running.socket, server_side=True)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    try:
        yield
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def test_no_answer_but_the_servers_own_lets_a_case_go(office: Office, served: Served, tmp_path: Path) -> None:
    """Pages of other networks, refusals and nonsense: the sealed case stays, and arrives once in the end."""
    person, port = office.person(), free_port()
    url = f"https://localhost:{port}"
    with kept_browser(served, tmp_path / "phone") as context:
        with server_process(office, served, port, tmp_path / "home"):
            office.sign_in(context, url, person)
            page = context.new_page()
            enrol(page, url)
            context.set_offline(True)
            add_case(page)
        with portal(served, port):
            context.set_offline(False)
            for _ in range(3 * len(Portal.answers)):
                page.evaluate("dispatchEvent(new Event('online'))")
                page.wait_for_timeout(120)
                assert stored(page, "envelopes") == stored(page, "sealed") == 1
            print(f"\nanswered {Portal.asked} times by somebody else")
            assert Portal.asked >= len(Portal.answers)
            page.reload()
            page.wait_for_selector("html[data-ready]")
        with server_process(office, served, port, tmp_path / "home"):
            page.evaluate("dispatchEvent(new Event('online'))")
            wait_until_sent(page, 60)
    assert [case.problem_code for case in cases_of(office, person)] == ["P08"]
    assert envelopes_of(office, person) == [("kept", None)]


FULL = """() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given) {
        const asked = put.apply(this, given);
        if (this.name === 'sealed') this.transaction.abort();
        return asked;
    };
    window.roomAgain = () => { IDBObjectStore.prototype.put = put; };
}"""
"""What a browser does that has no room left: the whole transaction is undone."""


def test_a_full_phone_says_so_and_loses_nothing(
    office: Office, address: str, new_phone: NewPhone, tmp_path: Path
) -> None:
    person, page = office.person(), new_phone()
    office.sign_in(page.context, address, person)
    enrol(page, address)
    page.locator("#new-case").tap()
    page.locator("label:has(input[value='P08'])").first.tap()
    page.locator("label:has(input[value='U3'])").tap()
    expect(page.locator(".place-name").first).to_contain_text("ในเมืองสมมติ", timeout=20_000)
    page.wait_for_timeout(700)
    page.locator("textarea").fill("เรื่องสมมติในเครื่องที่เต็ม")
    page.evaluate(FULL)
    page.locator("#save").tap()
    expect(page.locator("#said")).to_contain_text("เก็บไม่สำเร็จ", timeout=20_000)
    assert page.locator("textarea").input_value() == "เรื่องสมมติในเครื่องที่เต็ม"
    assert (stored(page, "envelopes"), stored(page, "sealed"), stored(page, "drafts")) == (0, 0, 1)
    page.evaluate("window.roomAgain()")
    page.locator("#save").tap()
    page.wait_for_selector("#new-case", timeout=20_000)
    wait_until_sent(page)
    assert len(cases_of(office, person)) == 1


def test_three_cases_with_photos_at_the_speed_of_2g(
    office: Office, address: str, new_phone: NewPhone, tmp_path: Path
) -> None:
    """Each with a photo of about 100 KB; 800 ms of delay, 35 kbit/s up; the signal breaks off in between."""
    person, page = office.person(), new_phone()
    office.sign_in(page.context, address, person)
    page.add_init_script(QUEUED)
    enrol(page, address)
    page.context.set_offline(True)
    for seed in range(3):
        add_case(
            page,
            "P02",
            "U2",
            "ตัวอย่าง",
            [camera_photo(tmp_path / f"{seed}.jpg", (1500, 1120), seed=seed, orientation=1)],
        )
    queued = set(page.evaluate("window.queued"))
    page.context.set_offline(False)
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    profile = {"offline": False, "latency": 800, "downloadThroughput": 280_000 / 8, "uploadThroughput": 35_000 / 8}
    slow.send("Network.emulateNetworkConditions", profile)
    begun = time.monotonic()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(9_000)
    slow.send("Network.emulateNetworkConditions", {**profile, "offline": True})
    page.wait_for_timeout(1_500)
    slow.send("Network.emulateNetworkConditions", profile)
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_until_sent(page, 400)
    sizes = [len(photo) for case in cases_of(office, person) for photo in photos_of(office, case.id)]
    print(f"\n2G: {sum(sizes):,} bytes of photos in {time.monotonic() - begun:.0f} s")
    arrived_whole(office, person, queued, 3)
