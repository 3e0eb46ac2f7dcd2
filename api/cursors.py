"""Keyset cursors: where the next page starts, as one opaque word."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request

from boundaries.errors import SocialMapError

T = TypeVar("T")
MARK = "after:"


class CursorBad(SocialMapError):
    """A cursor that no answer of ours gave."""

    key = "error.cursor_bad"


def to_cursor(key: str) -> str:
    """Wrap the key of a page's last row."""
    return urlsafe_b64encode(f"{MARK}{key}".encode()).decode().rstrip("=")


def from_cursor(cursor: str | None) -> str | None:
    """Return the key that the next page comes after; None is the first page. Raises CursorBad."""
    if cursor is None:
        return None
    try:
        words = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (Error, ValueError) as wrong:
        raise CursorBad from wrong
    if not words.startswith(MARK) or not words.isprintable() or to_cursor(words.removeprefix(MARK)) != cursor:
        raise CursorBad
    return words.removeprefix(MARK)


def page(rows: Sequence[T], key: Callable[[T], str], limit: int, after: str | None) -> tuple[list[T], str | None]:
    """Cut the page after the row with the key `after`; also return the cursor of the next page, None at the end.

    Raises CursorBad when no row has that key any more: the list changed, and going on would leave a gap.
    """
    start = 0
    if after is not None:
        place = next((place for place, row in enumerate(rows) if key(row) == after), None)
        if place is None:
            raise CursorBad
        start = place + 1
    found = list(rows[start : start + limit])
    more = start + limit < len(rows)
    return found, to_cursor(key(found[-1])) if more else None


def next_address(request: Request, cursor: str | None, **changed: Any) -> str | None:
    """Return path and query of the next page, None at the end."""
    if cursor is None:
        return None
    return f"{request.url.path}?{urlencode({**request.query_params, **changed, 'cursor': cursor})}"
