"""The application of `tests/api`, with its invented province, and content that is hostile throughout."""

from tests.api.conftest import app, client, served_database, settings

__all__ = ["app", "client", "served_database", "settings"]
