"""The outside world on this machine: a mail server, an HTTPS receiver, both keeping all they get, and an authority."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

HERE = "127.0.0.1"


@dataclass(frozen=True)
class Trust:
    """An authority of the test's own and a certificate of it for localhost and 127.0.0.1."""

    authority: Path
    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """Return what a server shows."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.certificate, self.key)
        return made


def make_trust(folder: Path) -> Trust:
    """Make an authority and a certificate, of elliptic keys because those are quick to make."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    def named(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])

    def certified(name: str, issuer: str, key: Any, by: Any, *extensions: tuple[Any, bool]) -> x509.Certificate:
        now = datetime.now(UTC)
        made = x509.CertificateBuilder(named(issuer), named(name), key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        for extension, critical in extensions:
            made = made.add_extension(extension, critical)
        return made.sign(by, hashes.SHA256())

    above, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    uses = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    roots = (x509.SubjectKeyIdentifier.from_public_key(above.public_key()), False)
    root = certified(
        "Test Authority", "Test Authority", above, above, (x509.BasicConstraints(True, 0), True), (uses, True), roots
    )
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address(HERE))])
    known = (x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), False)
    leaf = certified("localhost", "Test Authority", own, above, (names, False), known)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    kept = Trust(folder / "authority.pem", folder / "certificate.pem", folder / "key.pem")
    kept.authority.write_bytes(root.public_bytes(pem))
    kept.certificate.write_bytes(leaf.public_bytes(pem))
    kept.key.write_bytes(own.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return kept


@dataclass
class MailSink:
    """What a mail server took, in order; `answers` holds replies that it gives to the next words instead of its own."""

    port: int = 0
    trust: Trust | None = None
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)

    def by_key(self) -> dict[str, list[EmailMessage]]:
        """Return the messages by Message-ID, as a receiver who knows repeats would file them."""
        found: dict[str, list[EmailMessage]] = {}
        for _, message in self.taken:
            found.setdefault(str(message["Message-ID"]), []).append(message)
        return found


class _Talk(socketserver.StreamRequestHandler):
    timeout = 20

    def handle(self) -> None:
        self.sink: MailSink = self.server.sink  # type: ignore[attr-defined]
        self.to = ""
        self.say("220 localhost test")
        while line := self.rfile.readline(2000):
            said = line.decode("ascii").strip()
            self.sink.heard.append(said)
            word = said.partition(" ")[0].upper()
            given = self.sink.answers.get(word)
            if given:
                self.say(given.pop(0))
                continue
            if not self.answer(word, said):
                return

    def finish(self) -> None:
        """Close what was opened within: the server knows the plain connection alone."""
        super().finish()
        self.request.close()

    def answer(self, word: str, said: str) -> bool:
        if word == "EHLO":
            plain = "" if self.sink.trust is None or isinstance(self.connection, ssl.SSLSocket) else "250-STARTTLS\r\n"
            self.say(f"250-localhost\r\n{plain}250 AUTH PLAIN LOGIN")
        elif word == "STARTTLS" and self.sink.trust is not None:
            self.say("220 go on")
            self.request = self.sink.trust.context().wrap_socket(self.connection, server_side=True)
            self.setup()
        elif word == "DATA":
            self.say("354 go on")
            self.take()
        elif word == "QUIT":
            self.say("221 bye")
            return False
        else:
            if word == "RCPT":
                self.to = said[said.index("<") + 1 : said.index(">")]
            self.say("235 known" if word == "AUTH" else "250 well")
        return True

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline(2000)) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        else:
            if line == b"":  # whoever sent it is gone before its end: it was never given over
                return
        parsed = message_from_bytes(b"".join(lines), policy=policy.default)
        self.sink.taken.append((self.to, parsed))  # type: ignore[arg-type]
        given = self.sink.answers.get("TAKEN")
        self.say(given.pop(0) if given else "250 taken")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@dataclass
class HookSink:
    """What a receiver of webhooks was posted, in order; `statuses` are its next answers, 200 after these."""

    port: int = 0
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def by_key(self) -> dict[str, list[bytes]]:
        """Return the bodies by Idempotency-Key."""
        found: dict[str, list[bytes]] = {}
        for _, headers, body in self.taken:
            found.setdefault(headers["Idempotency-Key"], []).append(body)
        return found


class _Post(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        sink: HookSink = self.server.sink  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        sink.taken.append((self.path, dict(self.headers), body))
        status = sink.statuses.pop(0) if sink.statuses else 200
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"https://localhost:{sink.port}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class _Mails(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True

    def handle_error(self, *_: object) -> None:
        """Whoever is killed breaks off."""


class _Posts(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Whoever is killed breaks off."""


@contextmanager
def mail_sink(trust: Trust | None = None) -> Iterator[MailSink]:
    """Take mail on a free port of this machine; with `trust` it offers STARTTLS."""
    sink = MailSink(trust=trust)
    with _Mails((HERE, 0), _Talk) as server:
        server.sink, sink.port = sink, server.server_address[1]  # type: ignore[attr-defined]
        with _running(server):
            yield sink


@contextmanager
def hook_sink(trust: Trust) -> Iterator[HookSink]:
    """Take webhooks over TLS on a free port of this machine."""
    sink = HookSink()
    with _Posts((HERE, 0), _Post) as server:
        server.socket = trust.context().wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.sink, sink.port = sink, server.server_address[1]  # type: ignore[attr-defined]
        with _running(server):
            yield sink


@contextmanager
def _running(server: Any) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(5)


def text_of(message: EmailMessage) -> str:
    """Return a message's text."""
    return base64.b64decode(message.get_payload()).decode()  # type: ignore[arg-type]
