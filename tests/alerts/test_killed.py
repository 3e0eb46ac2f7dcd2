"""At least once, and once for who knows repeats: the sender is killed with SIGKILL at every boundary of its work."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from api.alerts.ways import Ways
from tests.alerts.conftest import Office
from tests.alerts.sinks import HookSink, MailSink, Trust

Sender = Callable[..., dict[str, int]]


@pytest.fixture
def sender(office: Office, mails: MailSink, trust: Trust) -> Iterator[Sender]:
    """Run a sender in a process of its own, killed at a boundary; 0 lets it end."""
    with running(office, mails, trust) as made:
        yield made


@contextmanager
def running(office: Office, mails: MailSink, trust: Trust) -> Iterator[Sender]:
    command = [sys.executable, "-m", "tests.alerts.killed_sender"]
    order = {"url": office.url, "mail": mails.port, "authorities": str(trust.authority)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def run(at: int, after: bool = False) -> dict[str, int]:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(order | {"at": at, "after": after}) + "\n")
            process.stdin.flush()
            answer: dict[str, int] = json.loads(process.stdout.readline())
            return answer

        yield run
        process.stdin.close()


@pytest.mark.parametrize("after", [False, pytest.param(True, marks=pytest.mark.proof)])
def test_a_sender_killed_anywhere_leaves_each_message_once_for_who_knows_repeats(
    office: Office,
    mails: MailSink,
    hooks: HookSink,
    ways: Ways,
    sender: Sender,
    after: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Before each statement and commit; in the long sweep also after each. Then another sender does the rest."""
    office.give_address("officer", "officer@example.org")
    office.give_webhook(hooks)
    boundary, expected = 0, 0
    while True:
        boundary += 1
        key = f"killed:{boundary}"
        office.tell("assigned", key, account_id=office.people["officer"].id, unit_id=office.units["office-99"])
        expected += 1
        ended = sender(boundary, after)
        if not ended["killed"]:
            assert ended["passed"] < boundary
            break
        office.later()
        office.send(ways)
        left = office.rows("SELECT count(*) FROM alert_delivery WHERE state <> 'sent'")
        assert left == [(0,)], boundary
    assert boundary > 25, "there are fewer boundaries than statements"
    for kept, sent in ((mails.by_key(), len(mails.taken)), (hooks.by_key(), len(hooks.taken))):
        assert len(kept) == expected
        assert all(len(set(map(str, copies))) == 1 for copies in kept.values()), "a repeat differs from the first"
        assert 0 < sent - len(kept) < expected, "a kill between sending and noting must repeat"
    assert office.told("email") == {f"killed:{one + 1}": ["officer"] for one in range(expected)}
    with capsys.disabled():
        repeats = len(mails.taken) - expected, len(hooks.taken) - expected
        print(
            f"\n  {boundary - 1} boundaries, {expected} alerts: {repeats[0]} e-mails and {repeats[1]} posts came twice"
        )


def test_senders_at_once_send_each_message_once(office: Office, mails: MailSink, hooks: HookSink, ways: Ways) -> None:
    """Each has connections of its own; a delivery is taken by one of them."""
    office.give_address("officer", "officer@example.org")
    office.give_webhook(hooks)
    for number in range(12):
        account = office.people["officer"].id
        office.tell("assigned", f"both:{number}", account_id=account, unit_id=office.units["office-99"])
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: office.send(ways), range(3)))
    assert sum(one.sent for one in done) == 24
    assert (len(mails.taken), len(hooks.taken)) == (12, 12)
    assert (len(mails.by_key()), len(hooks.by_key())) == (12, 12)
