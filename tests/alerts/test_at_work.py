"""The sender at work: as a command of its own, and in the server's process; both end when they are told to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from fastapi.testclient import TestClient

from api.alerts.ways import Ways
from tests.alerts.conftest import Office
from tests.alerts.sinks import HERE, HookSink, MailSink, Trust


def waited(true: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.05)
    return true()


def surroundings(office: Office, mails: MailSink, trust: Trust) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": office.url,
        "SOCIALMAP_ADDRESS": "https://map.example.org",
        "SOCIALMAP_MAIL_HOST": HERE,
        "SOCIALMAP_MAIL_PORT": str(mails.port),
        "SOCIALMAP_MAIL_TLS": "none",
        "SOCIALMAP_MAIL_FROM": "alerts@map.example.org",
        "SOCIALMAP_WEBHOOK_PRIVATE": "true",
        "SOCIALMAP_AUTHORITIES": str(trust.authority),
    }


def test_the_command_sends_until_it_is_told_to_end(
    office: Office, mails: MailSink, hooks: HookSink, trust: Trust, tmp_path: Path
) -> None:
    office.give_address("officer", "officer@example.org")
    office.give_webhook(hooks)
    command = [str(Path(sys.executable).with_name("socialmap")), "alerts", "run"]
    with (tmp_path / "said").open("w+") as said:
        process = subprocess.Popen(command, env=surroundings(office, mails, trust), stderr=said, stdout=said)
        try:
            for number in range(2):
                unit = office.units["office-99"]
                office.tell("assigned", f"one:{number}", unit_id=unit)
                assert waited(lambda n=number: len(mails.taken) > n and len(hooks.taken) > n)  # type: ignore[misc]
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait()
        said.seek(0)
        told = said.read()
    assert "officer@example.org" not in told
    assert (len(mails.by_key()), len(hooks.by_key())) == (2, 2)


def test_the_server_sends_beside_what_it_answers_and_ends_with_it(office: Office, ways: Ways, hooks: HookSink) -> None:
    office.give_webhook(hooks)
    before = office.app.state.ways
    office.app.state.ways = ways
    try:
        with TestClient(office.app, base_url="https://localhost"):
            office.tell("assigned", "one", unit_id=office.units["office-99"])
            assert waited(lambda: len(hooks.taken) == 1)
        ended = time.monotonic()
        office.tell("assigned", "two", unit_id=office.units["office-99"])
        assert time.monotonic() - ended < 5
    finally:
        office.app.state.ways = before
    assert not waited(lambda: len(hooks.taken) > 1, 4), "nothing is sent after its end"


def test_what_is_wrong_in_the_settings_is_told_before_anything_begins(
    office: Office, mails: MailSink, trust: Trust
) -> None:
    command = [str(Path(sys.executable).with_name("socialmap")), "alerts", "run", "--once"]
    given = {**surroundings(office, mails, trust), "SOCIALMAP_MAIL_HOST": "mail.example.org"}
    done = subprocess.run(command, env=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "SOCIALMAP_MAIL_TLS" in done.stderr
    assert "Traceback" not in done.stderr
