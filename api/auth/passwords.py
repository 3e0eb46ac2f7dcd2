"""Passwords: Argon2id, what is asked of one, and a check that takes its time for unknown names too."""

import unicodedata
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from api.auth.errors import PasswordsDiffer, PasswordWeak

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST, LETTERS = 12, 200, 6
"""Length in characters, and how many different ones there must be."""
_TURNS = BoundedSemaphore(4)
"""Each check takes 64 MiB and a core for a while: others wait."""


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


def check_password(login: str, password: str, again: str) -> None:
    """Raise PasswordsDiffer or PasswordWeak for a new password that may not be used."""
    plain = _plain(password)
    if plain != _plain(again):
        raise PasswordsDiffer
    simple = len(set(plain)) < LETTERS or login.lower() in plain.lower()
    if simple or not SHORTEST <= len(plain) <= LONGEST:
        raise PasswordWeak(shortest=SHORTEST, longest=LONGEST, letters=LETTERS)


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _TURNS:
        return _hasher().hash(_plain(password))


def fits(kept: str | None, password: str) -> bool:
    """Say whether a password is the kept one; without a kept one it takes as long and is not."""
    from argon2.exceptions import InvalidHashError, VerificationError

    plain = _plain(password)[: LONGEST + 1]
    with _TURNS:
        try:
            return _hasher().verify(kept or _nobody(), plain) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Say whether a kept password was made with weaker settings than today's."""
    return _hasher().check_needs_rehash(kept)


def _plain(password: str) -> str:
    """Compose letters, so that two keyboards type the same password; never NFKC, which changes Thai."""
    return unicodedata.normalize("NFC", password)
