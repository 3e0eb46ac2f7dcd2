"""The logo that an account prints with: one PNG, drawn anew from what was sent, in the private folder."""

import io
import warnings
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from fastapi import Request

from api.printing import MOST_LOGO, SIGNATURE
from api.prints.errors import LogoBad, LogoLarge
from api.prints.folder import FOLDER, LOGOS, private, write_private
from api.prints.wanted import Wanted
from layers.scope import Scope

MOST_PIXELS = 16_000_000
SIDE = 600
"""Pixels of a kept logo's longer side: on paper it is 16 mm wide."""


def logo_path(home: Path, account: UUID) -> Path:
    """Return where an account's logo lies."""
    return home / FOLDER / LOGOS / f"{account}.png"


def logo_of(request: Request, scope: Scope) -> bytes | None:
    """Return the logo of whoever asks; None without an account or a logo."""
    if scope.actor_id is None:
        return None
    try:
        return logo_path(request.app.state.settings.socialmap_home, scope.actor_id).read_bytes()
    except OSError:
        return None


def with_logo(request: Request, scope: Scope, wanted: Wanted) -> tuple[Wanted, bytes | None]:
    """Return a print with the logo that it asks for; one that asks for a logo that is not there asks for none."""
    logo = logo_of(request, scope) if wanted.logo else None
    return (wanted if logo else replace(wanted, logo=False)), logo


def save_logo(home: Path, account: UUID, content: bytes) -> None:
    """Keep an account's logo in the place of the one before. Raises LogoLarge, LogoBad, JobsFull."""
    redrawn = redraw(content)
    target = logo_path(home, account)
    private(target.parent.parent)
    private(target.parent)
    write_private(target, redrawn)


def remove_logo(home: Path, account: UUID) -> None:
    """Take an account's logo away."""
    logo_path(home, account).unlink(missing_ok=True)


def redraw(content: bytes) -> bytes:
    """Return the picture alone of a PNG, at most SIDE pixels wide and high: nothing else that its file holds is kept.

    Raises LogoLarge, LogoBad.
    """
    from PIL import Image

    if len(content) > MOST_LOGO:
        raise LogoLarge(limit=MOST_LOGO // 1_000_000)
    if not content.startswith(SIGNATURE):
        raise LogoBad
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=["PNG"]) as sent:
                if sent.width * sent.height > MOST_PIXELS:
                    raise LogoBad
                drawn = sent.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise LogoBad from error
    drawn.thumbnail((SIDE, SIDE))
    plain = Image.new("RGBA", drawn.size)
    plain.paste(drawn)
    made = io.BytesIO()
    plain.save(made, "PNG")
    return made.getvalue()
