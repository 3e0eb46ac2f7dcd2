"""Everything that a place of work may set, read from the environment once."""

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
