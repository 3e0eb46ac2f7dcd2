"""Serving others than this machine: over TLS only, under stated names, by stated proxies, and not without end."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partialmethod
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.auth.limits import BURST, MOST, Buckets
from api.cli.serve import Certificate, listen, make_server, read_certificate
from api.security import HERE, HOSTS, HostRefused, ServeOptions, exposure
from tests.auth.conftest import Person

NAME = "map.example.test"
PROXY, CLIENT = "192.0.2.10", "203.0.113.7"


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    """A certificate of our own for an invented name."""
    key, named = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    files = Certificate(tmp_path / "chain.pem", tmp_path / "key.pem")
    files.chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


@pytest.fixture
def exposed(auth_app: FastAPI) -> Iterator[FastAPI]:
    """The application behind one stated proxy."""
    made = create_app(auth_app.state.settings, exposure([NAME], [PROXY], tls=False))
    yield made
    made.state.engine.dispose()


def through(app: FastAPI, peer: str, **headers: str) -> TestClient:
    return TestClient(app, base_url=f"http://{NAME}", headers=headers, client=(peer, 1234), follow_redirects=False)


def test_without_options_only_this_machine_is_served() -> None:
    assert exposure([], [], tls=False) == HERE
    with pytest.raises(HostRefused):
        listen("0.0.0.0", 0)


@pytest.mark.parametrize(
    ("names", "proxies", "tls"),
    [
        ([], [], True),
        ([], [PROXY], False),
        ([NAME], [], False),
        ([NAME], ["*"], False),
        ([NAME], ["proxy.example.test"], False),
        ([NAME], ["0.0.0.0/0"], False),
        ([NAME], ["::/0"], False),
        (["*"], [], True),
        (["a/b"], [], True),
        (["https://x"], [], True),
        ([""], [], True),
    ],
)
def test_options_that_do_not_go_together_are_refused(names: list[str], proxies: list[str], tls: bool) -> None:
    with pytest.raises(ServeOptions):
        exposure(names, proxies, tls=tls)


def test_stated_names_are_answered_besides_our_own() -> None:
    made = exposure([NAME.upper()], ["10.0.0.0/24", "fd00::1"], tls=False)
    assert made.names == HOSTS | {NAME}
    assert made.beyond


def test_a_certificate_has_to_fit(certificate: Certificate, tmp_path: Path) -> None:
    assert read_certificate(None, None) is None
    assert read_certificate(certificate.chain, certificate.key) == certificate
    for chain, key in (
        (certificate.chain, None),
        (None, certificate.key),
        (certificate.key, certificate.chain),
        (tmp_path / "nowhere", certificate.key),
        (tmp_path, certificate.key),
    ):
        with pytest.raises(ServeOptions):
            read_certificate(chain, key)


def test_tls_is_spoken_with_strict_transport(auth_app: FastAPI, certificate: Certificate) -> None:
    app = create_app(auth_app.state.settings, exposure([NAME], [], tls=True))
    with listen("127.0.0.1", 0) as opened:
        running = make_server(app, certificate)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [opened]})
        thread.start()
        while not running.started:
            time.sleep(0.02)
        try:
            trusting = ssl.create_default_context(cafile=str(certificate.chain))
            address = f"https://127.0.0.1:{opened.getsockname()[1]}"
            answer = httpx2.get(f"{address}/healthz", verify=trusting, headers={"Host": NAME})
            assert answer.status_code == 200
            assert answer.headers["strict-transport-security"] == "max-age=31536000"
            assert (
                httpx2.get(f"{address}/healthz", verify=trusting, headers={"Host": "evil.example"}).status_code == 400
            )
            with socket.create_connection(("127.0.0.1", opened.getsockname()[1])) as plain:
                plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                assert not plain.recv(100).startswith(b"HTTP/1.1 2")
        finally:
            running.should_exit = True
            thread.join(timeout=10)
            app.state.engine.dispose()


def test_a_stated_proxy_is_believed(exposed: FastAPI) -> None:
    client = through(exposed, PROXY, **{"X-Forwarded-For": CLIENT, "X-Forwarded-Proto": "https"})
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert "strict-transport-security" in answer.headers


def test_who_goes_around_the_proxy_is_refused_whatever_it_says(exposed: FastAPI) -> None:
    for peer in (CLIENT, "::ffff:203.0.113.7", "testclient"):
        client = through(exposed, peer, **{"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"})
        assert client.get("/healthz").status_code == 403
    assert through(exposed, "127.0.0.1").get("/healthz", headers={"Host": "127.0.0.1"}).status_code == 200


def test_plain_http_is_refused_under_a_stated_name(exposed: FastAPI) -> None:
    answer = through(exposed, PROXY, **{"X-Forwarded-For": CLIENT}).get("/healthz")
    assert (answer.status_code, answer.json()["code"]) == (400, "tls_only")
    forged = {"X-Forwarded-Proto": "https", "Host": NAME}  # from loopback, which is no stated proxy here
    assert through(exposed, "127.0.0.1", **forged).get("/healthz").status_code == 400


def test_failures_are_counted_for_the_client_and_not_for_the_proxy(
    exposed: FastAPI, person: Callable[..., Person]
) -> None:
    """One office that guesses must not lock the whole country out."""
    from sqlalchemy import text

    from api.auth.keys import address_hash
    from api.database import transaction
    from tests.scopes import SYSTEM

    client = through(exposed, PROXY, **{"X-Forwarded-For": f"{PROXY}, {CLIENT}", "X-Forwarded-Proto": "https"})
    client.post("/api/v1/session", json={"login": "nobody", "password": "x"})
    with transaction(exposed.state.engine, SYSTEM) as session:
        kept = session.execute(text("SELECT address_hash FROM address_attempt")).scalars().all()
    assert [bytes(one) for one in kept] == [address_hash(exposed.state.keys, CLIENT)]


def test_an_address_that_asks_without_end_is_refused_and_others_are_not(
    exposed: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Buckets, "take", partialmethod(Buckets.take, now=0.0))  # a slow machine fills it again
    told = {"X-Forwarded-Proto": "https"}
    greedy = through(exposed, PROXY, **told, **{"X-Forwarded-For": CLIENT})
    answers = [greedy.get("/errors/too_many") for _ in range(int(BURST) + 60)]
    refused = [each for each in answers if each.status_code == 429]
    assert refused
    assert refused[0].headers["retry-after"] == "5"
    assert refused[0].headers["x-content-type-options"] == "nosniff"
    assert through(exposed, PROXY, **told, **{"X-Forwarded-For": "203.0.113.8"}).get("/errors/x").status_code == 404


def test_buckets_fill_again_and_are_not_kept_for_ever() -> None:
    buckets = Buckets(per_second=1, burst=2)
    assert [buckets.take("a", now=0) for _ in range(3)] == [True, True, False]
    assert [buckets.take("a", now=1), buckets.take("a", now=1)] == [True, False]
    for number in range(MOST + 5):
        buckets.take(str(number), now=2)
    assert len(buckets.held) == MOST
