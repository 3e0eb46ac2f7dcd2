"""The ways by which alerts leave: the mail server and what webhooks may reach, read from the settings and checked."""

import ssl
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from api.alerts.errors import AlertSettingsBad
from api.settings import Settings


@dataclass(frozen=True)
class Mail:
    """A mail server. `tls`: `starttls`, `tls` from the first byte, or `none`, which is for this machine alone."""

    host: str
    port: int
    tls: str
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def domain(self) -> str:
        """The sender's domain."""
        return self.sender.rpartition("@")[2]


@dataclass(frozen=True)
class Ways:
    """All that sending needs to know of its surroundings. `address` begins every link, without a slash at its end."""

    address: str
    mail: Mail | None = None
    private: bool = False
    """Whether webhooks may reach addresses that are not public."""
    authorities: Path | None = None
    """Certificates of authorities to trust beside the machine's."""

    @property
    def channels(self) -> list[str]:
        """The ways out that are open here."""
        return ["webhook", "email"] if self.mail else ["webhook"]

    def context(self) -> ssl.SSLContext:
        """Return what checks the other side's certificate; made once, since reading all authorities takes a while."""
        return _context(self.authorities)


@cache
def _context(authorities: Path | None) -> ssl.SSLContext:
    made = ssl.create_default_context()
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if authorities:
        made.load_verify_locations(authorities)
    return made


def read_ways(settings: Settings) -> Ways:
    """Read and check the settings. Raises AlertSettingsBad."""
    address = settings.socialmap_address or f"http://{settings.socialmap_host}:{settings.socialmap_port}"
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise AlertSettingsBad(name="SOCIALMAP_ADDRESS")
    authorities = settings.socialmap_authorities
    made = Ways(address.rstrip("/"), _mail(settings), settings.socialmap_webhook_private, authorities)
    try:
        made.context()
    except (OSError, ssl.SSLError):
        raise AlertSettingsBad(name="SOCIALMAP_AUTHORITIES") from None
    return made


def _mail(settings: Settings) -> Mail | None:
    from api.alerts.addresses import is_address

    host, tls = settings.socialmap_mail_host, settings.socialmap_mail_tls
    if not host:
        return None
    sender = settings.socialmap_mail_from or ""
    if not is_address(sender):
        raise AlertSettingsBad(name="SOCIALMAP_MAIL_FROM")
    # In clear neither what is sent nor the password may cross a network.
    if tls == "none" and not _is_here(host):
        raise AlertSettingsBad(name="SOCIALMAP_MAIL_TLS")
    user = settings.socialmap_mail_user
    if (user is None) != (settings.socialmap_mail_password_file is None):
        raise AlertSettingsBad(name="SOCIALMAP_MAIL_PASSWORD_FILE")
    password = _password(settings.socialmap_mail_password_file)
    return Mail(host, settings.socialmap_mail_port, tls, sender, user, password)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _password(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        if path.stat().st_mode & 0o077:
            raise AlertSettingsBad(name="SOCIALMAP_MAIL_PASSWORD_FILE")
        return path.read_text("utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise AlertSettingsBad(name="SOCIALMAP_MAIL_PASSWORD_FILE") from None
