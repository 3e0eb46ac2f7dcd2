"""The web application with accounts, as the tests of accounts have it."""

from tests.auth.conftest import auth_app, browser, clean, keys, person

__all__ = ["auth_app", "browser", "clean", "keys", "person"]
