"""Everything that a place of work may set, read from the environment once."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Settings of one process. Names without prefix are those that other tools use too."""

    model_config = SettingsConfigDict(extra="ignore")

    database_url: str | None = None
    """Where the application connects, as the role `socialmap_app`; unset means the private cluster."""
    owner_database_url: str | None = None
    """Where migrations connect, as the role `socialmap_owner`."""
    boundaries: Path | None = None
    """A boundary file to load instead of the known sources."""
    socialmap_home: Path = PROJECT / ".socialmap"
    socialmap_secrets: Path | None = None
    """File of secrets; beside the private cluster when unset."""
    socialmap_output: Path = PROJECT / "output"
    socialmap_web_library: Path = PROJECT / "api" / "web" / "node_modules"
    socialmap_host: str = "127.0.0.1"
    socialmap_port: int = 8000
    socialmap_anonymous: Literal["public", "committee"] = "public"
    """What somebody sees who has not signed in; `committee` is for the laptop of a meeting, on this machine alone."""
    socialmap_import_mb: int = 50
    """Megabytes that a file may have which is brought in by the page."""
    socialmap_address: str | None = None
    """How others reach this application, as `https://map.example.org`: links in alerts begin with it."""
    socialmap_alerts: bool = True
    """Whether the server also sends alerts; off where `socialmap alerts run` does so elsewhere."""
    socialmap_mail_host: str | None = None
    """The mail server that alerts go to; unset means no e-mail."""
    socialmap_mail_port: int = 587
    socialmap_mail_tls: Literal["starttls", "tls", "none"] = "starttls"
    """`none` is for a mail server on this machine."""
    socialmap_mail_from: str | None = None
    socialmap_mail_user: str | None = None
    socialmap_mail_password_file: Path | None = None
    """Holds the password alone, readable by its owner only."""
    socialmap_webhook_private: bool = False
    """Whether webhooks may reach addresses that are not public, as within an office's own network."""
    socialmap_authorities: Path | None = None
    """Certificates (PEM) of authorities that mail servers and webhooks may have beside those the machine trusts."""


def settings_now() -> Settings:
    """Return the settings of the environment as it is, for what asks many times a second."""
    return _settings_of(frozenset(os.environ.items()))


@lru_cache(maxsize=4)
def _settings_of(environment: frozenset[tuple[str, str]]) -> Settings:
    # Reading and checking them takes longer than a query; they are the same until the environment is another.
    return Settings()
