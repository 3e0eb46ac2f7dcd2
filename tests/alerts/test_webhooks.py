"""Webhooks: what is posted and how it is signed, what they may reach, and what happens when they do not answer."""

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import uuid4

import pytest

from api.alerts.errors import Undelivered, WebhookBad
from api.alerts.posting import post
from api.alerts.reaching import is_public, parse_target
from api.alerts.sending import FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES, pause_after, retry_given_up
from api.alerts.ways import Ways
from api.database import transaction
from tests.alerts.conftest import Office
from tests.alerts.sinks import HERE, HookSink, Trust
from tests.scopes import SYSTEM

BODY = b'{"kind":"assigned"}'


def told(office: Office, key: str = "one", case: str = "open") -> None:
    office.tell("assigned", key, case, unit_id=office.units["office-99"])


def states(office: Office) -> list[tuple[object, ...]]:
    return office.rows("SELECT state, failure, tries FROM alert_delivery WHERE channel = 'webhook' ORDER BY id")


def test_a_post_is_signed_and_tells_codes_alone(office: Office, ways: Ways, hooks: HookSink) -> None:
    secret = office.give_webhook(hooks, path="/hook?to=office")
    told(office)
    assert office.send(ways).sent == 1
    [(path, headers, body)] = hooks.taken
    assert path == "/hook?to=office"
    moment = headers["Socialmap-Timestamp"]
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["Socialmap-Signature"] == f"v1={signed}"
    assert abs(time.time() - int(moment)) < 60
    said = json.loads(body)
    assert said["id"] == headers["Idempotency-Key"]
    assert (said["kind"], said["district"], said["urgency"]) == ("assigned", "9901", "U3")
    assert said["case"] == office.cases["open"].hex[-8:].upper()
    assert set(said) == {"id", "kind", "made_at", "case", "district", "urgency", "due_at", "link"}


def test_of_a_secret_case_only_that_something_waits(office: Office, ways: Ways, hooks: HookSink) -> None:
    """Nor which kind of thing: a proposal to close would tell how far it is, a missing team that it is secret."""
    office.give_webhook(hooks)
    told(office, case="secret")
    office.tell("team_needed", "two", "secret", unit_id=office.units["office-99"])
    office.send(ways)
    for _, _, body in hooks.taken:
        said = json.loads(body)
        assert said["kind"] == "attention"
        assert [said[name] for name in ("case", "district", "urgency", "due_at")] == [None] * 4
        assert said["link"] == "https://map.example.org/alerts"
    assert len(hooks.taken) == 2


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700:4700::1111", True), ("203.150.1.1", True),
        ("127.0.0.1", False), ("127.8.8.8", False), ("0.0.0.0", False), ("10.1.2.3", False), ("172.16.0.1", False),
        ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False),
        ("255.255.255.255", False), ("240.0.0.1", False), ("192.0.2.1", False), ("198.18.0.1", False),
        ("::1", False), ("::", False), ("fe80::1%eth0", False), ("fc00::1", False), ("ff02::1", False),
        ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False), ("::ffff:8.8.8.8", True), ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("2001:0:1::1", False), ("fec0::1", False),
        ("2001:db8::1", False), ("nonsense", False), ("", False),
    ],
)  # fmt: skip
def test_only_one_machine_of_the_open_internet_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/", "ftp://hooks.example.org/", "https://", "https:///x", "hooks.example.org",
        "https://user@hooks.example.org/", "https://user:word@hooks.example.org/", "https://hooks.example.org/#x",
        "https://hooks.example.org:99999/", "https://hooks.example.org:x/", "https://hooks.example.org/a b",
        "https://hooks.example.org/\r\nX: y", "https://hooks.example.org/\x00", "https://ตัวอย่าง.ไทย/",
        "https://[::1", "file:///etc/passwd", "https://" + "a" * 500,
    ],
)  # fmt: skip
def test_addresses_that_are_no_plain_https_are_refused(url: str) -> None:
    with pytest.raises(WebhookBad):
        parse_target(url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]"]
)
def test_nobody_has_the_server_knock_at_its_own_doors(office: Office, public: Ways, hooks: HookSink, host: str) -> None:
    """However the address is written: what it means is looked up first, and that is judged."""
    with pytest.raises(Undelivered) as refused:
        post(public, f"https://{host}:{hooks.port}/", "secret", uuid4(), BODY)
    assert refused.value.why in ("address_refused", "host_unknown")
    assert hooks.taken == []


def test_a_name_that_answers_otherwise_the_second_time_gains_nothing(public: Ways, hooks: HookSink) -> None:
    """It is looked up once; that very address is connected to. One private answer among public ones refuses all."""
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["203.0.113.77"] if len(asked) == 1 else [HERE]

    with pytest.raises(Undelivered) as first:  # a documentation address: not public either
        post(public, f"https://hooks.example.org:{hooks.port}/", "secret", uuid4(), BODY, rebinding)
    assert (first.value.why, asked) == ("address_refused", ["hooks.example.org"])
    with pytest.raises(Undelivered) as mixed:
        post(public, f"https://hooks.example.org:{hooks.port}/", "s", uuid4(), BODY, lambda *_: ["8.8.8.8", HERE])
    assert mixed.value.why == "address_refused"
    post(replace(public, private=True), f"https://localhost:{hooks.port}/", "s", uuid4(), BODY, lambda *_: [HERE])
    assert len(hooks.taken) == 1


def test_the_certificate_must_be_the_hosts_and_of_a_known_authority(ways: Ways, hooks: HookSink) -> None:
    with pytest.raises(Undelivered) as strange:
        post(ways, f"https://other.example.org:{hooks.port}/", "secret", uuid4(), BODY, lambda *_: [HERE])
    with pytest.raises(Undelivered) as unknown:
        post(replace(ways, authorities=None), f"https://{HERE}:{hooks.port}/", "secret", uuid4(), BODY)
    assert (strange.value.why, unknown.value.why) == ("https_certificate", "https_certificate")
    assert hooks.taken == []


def test_a_redirect_is_not_followed(office: Office, ways: Ways, hooks: HookSink) -> None:
    office.give_webhook(hooks)
    told(office)
    hooks.statuses = [302]
    office.send(ways)
    assert [path for path, _, _ in hooks.taken] == ["/hook"]
    assert states(office) == [("waiting", "http_302", 1)]


@contextmanager
def dripping(trust: Trust) -> Iterator[int]:
    """Answer a letter every tenth of a second, for ever."""
    over = threading.Event()
    with socket.create_server((HERE, 0)) as listening:

        def answer() -> None:
            plain, _ = listening.accept()
            with trust.context().wrap_socket(plain, server_side=True) as opened:
                opened.recv(4096)
                for letter in "HTTP/1.1 200 OK\r\nX: " + "x" * 10_000:
                    if over.wait(0.1):
                        return
                    try:
                        opened.send(letter.encode())
                    except OSError:
                        return

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        over.set()
        thread.join(5)


def test_who_answers_a_letter_at_a_time_is_cut_off(ways: Ways, trust: Trust) -> None:
    with dripping(trust) as port:
        begun = time.monotonic()
        with pytest.raises(Undelivered) as cut:
            post(ways, f"https://{HERE}:{port}/", "secret", uuid4(), BODY, whole=0.8)
        assert time.monotonic() - begun < 4
    assert cut.value.way
    assert cut.value.why.startswith("https_")


def test_a_receiver_that_is_away_is_asked_again_with_growing_pauses_and_then_given_up(
    office: Office, ways: Ways, hooks: HookSink
) -> None:
    office.give_webhook(hooks)
    told(office)
    hooks.statuses = [503] * (MOST_TRIES + 1)
    for number in range(1, MOST_TRIES):
        assert office.send(ways).failed == 1
        assert not office.send(ways), "it is not asked again at once"
        assert states(office) == [("waiting", "http_503", number)]
        office.later()
    office.send(ways)
    assert states(office) == [("given_up", "http_503", MOST_TRIES)]
    office.later()
    assert not office.send(ways)
    assert len(hooks.by_key()) == 1
    hooks.statuses = []
    with transaction(office.app.state.engine, SYSTEM) as session:
        assert retry_given_up(session) == 1
    assert office.send(ways).sent == 1
    assert len(hooks.by_key()) == 1, "the id is that of the first try"


def test_pauses_grow_to_a_bound_and_are_never_alike() -> None:
    for tries in (1, 3, 12, 40):
        whole = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
        found = {pause_after(tries) for _ in range(50)}
        assert all(whole / 2 <= one <= whole * 1.5 for one in found)
        assert len(found) > 40


def test_one_that_is_gone_for_good_is_given_up_at_once(office: Office, ways: Ways, hooks: HookSink) -> None:
    office.give_webhook(hooks)
    told(office)
    hooks.statuses = [410]
    office.send(ways)
    assert states(office) == [("given_up", "http_410", 1)]


def test_a_webhook_that_is_down_keeps_nobody_waiting(
    office: Office, ways: Ways, hooks: HookSink, mails: object
) -> None:
    """One try finds that it is down; the rest of what it should hear waits with it, and all others are told."""
    with socket.create_server((HERE, 0)) as closed:
        port = closed.getsockname()[1]
    office.give_webhook(HookSink(port=port))
    office.give_address("officer", "officer@example.org")
    for number in range(5):
        told(office, f"many:{number}")
    done = office.send(ways)
    assert (done.failed, done.sent) == (1, 5)
    assert len(mails.taken) == 5  # type: ignore[attr-defined]
    assert sorted(states(office), key=str) == sorted(
        [("waiting", "https_connectionrefusederror", 1), *[("waiting", None, 0)] * 4], key=str
    )


def test_what_cannot_be_opened_is_given_up_and_stands_in_nobodys_way(
    office: Office, ways: Ways, hooks: HookSink
) -> None:
    """A row that was damaged, or sealed with other secrets."""
    from sqlalchemy import text

    office.give_webhook(hooks)
    with transaction(office.app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE webhook SET sealed = decode('00112233445566778899aabbccddeeff', 'hex')"))
    office.give_webhook(hooks)
    told(office)
    done = office.send(ways)
    assert (done.sent, done.ended) == (1, 1)
    assert sorted(states(office), key=str) == [("given_up", "sealed_damaged", 1), ("sent", None, 1)]


def test_a_try_that_always_ends_with_its_sender_is_given_up(office: Office, ways: Ways, hooks: HookSink) -> None:
    from sqlalchemy import text

    office.give_webhook(hooks)
    told(office)
    from api.alerts.sending import spread_next

    spread_next(office.app.state.engine, ways)
    with transaction(office.app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE alert_delivery SET tries = :many"), {"many": MOST_TRIES})
    office.send(ways)
    assert states(office) == [("given_up", "interrupted", MOST_TRIES + 1)]
    assert hooks.taken == []


def test_neither_address_nor_secret_stands_in_the_database(office: Office, hooks: HookSink) -> None:
    secret = office.give_webhook(hooks, path="/very-secret-path")
    [(row,)] = office.rows("SELECT webhook::text || encode(sealed, 'escape') FROM webhook")
    assert secret not in str(row)
    assert "very-secret-path" not in str(row)
