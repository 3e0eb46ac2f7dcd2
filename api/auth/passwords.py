"""Passwords: Argon2id, what is asked of one, and a check that takes its time for unknown names too."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from api.auth.errors import PasswordsDiffer, PasswordWeak, TooManyRequests

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST, LETTERS = 12, 200, 6
"""Length in characters, and how many different ones there must be."""
COMMON = (
    "1234567890", "password", "passw0rd", "socialmap", "iloveyou", "รหัสผ่าน", "letmein", "welcome", "qwerty", "123456",
    "admin", "12345", "1234", "asdf", "zxcv", "abcd", "2569", "2568",
)  # fmt: skip
UNCOMMON = 8
"""So many characters must remain of a password without the words that are tried first."""
COST = {"time_cost": 3, "memory_cost": 65536, "parallelism": 4}
"""Rounds, KiB and lanes of Argon2id, as RFC 9106 recommends where memory is short."""
_TURNS, _PLACES = BoundedSemaphore(4), BoundedSemaphore(12)
"""Each check takes 64 MiB and a core for a while: some wait, and more are refused, so that maps keep their threads."""


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(COST["time_cost"], COST["memory_cost"], COST["parallelism"])


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


def check_password(login: str, password: str, again: str) -> None:
    """Raise PasswordsDiffer or PasswordWeak for a new password that may not be used."""
    plain = _plain(password)
    if plain != _plain(again):
        raise PasswordsDiffer
    rest = plain.lower()
    for word in (login.lower(), *COMMON):
        rest = rest.replace(word, "")
    simple = len(set(plain)) < LETTERS or login.lower() in plain.lower() or len(rest) < UNCOMMON
    if simple or not SHORTEST <= len(plain) <= LONGEST:
        raise PasswordWeak(shortest=SHORTEST, longest=LONGEST, letters=LETTERS)


@contextmanager
def place() -> Iterator[None]:
    """Take a place in the queue of those who sign in. Raises TooManyRequests, before anything is counted, when full."""
    if not _PLACES.acquire(blocking=False):
        raise TooManyRequests
    try:
        yield
    finally:
        _PLACES.release()


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _TURNS:
        return _hasher().hash(_bytes(_plain(password)))


def fits(kept: str | None, password: str) -> bool:
    """Say whether a password is the kept one; without a kept one it takes as long and is not."""
    from argon2.exceptions import InvalidHashError, VerificationError

    plain = _bytes(_plain(password)[: LONGEST + 1])
    with _TURNS:
        try:
            return _hasher().verify(kept or _nobody(), plain) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Say whether a kept password was made with weaker settings than today's."""
    return _hasher().check_needs_rehash(kept)


def _bytes(plain: str) -> bytes:
    """Encode a password; half letters, which JSON can send, are no reason to fail."""
    return plain.encode("utf-8", "surrogatepass")


def _plain(password: str) -> str:
    """Compose letters, so that two keyboards type the same password; never NFKC, which changes Thai."""
    return unicodedata.normalize("NFC", password)
