"""Login names: what they may look like, and how one that somebody typed is read."""

import re

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")


def plain_login(typed: str) -> str:
    """Return a typed login name as it is kept; an empty text, which no account has, for one that cannot be."""
    plain = typed.strip().lower()
    return plain if LOGIN.fullmatch(plain) else ""
