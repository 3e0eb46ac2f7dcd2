"""Keys that phones seal to: a new one from time to time, and older ones forgotten once nothing needs them."""

import json

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.audit import record
from api.field.opening import key_name
from api.secrets import Secrets, add_capture, load_secrets, replace_secrets, secrets_path
from api.settings import Settings
from boundaries.errors import SocialMapError
from layers.scope import Scope


class CapturesInUse(SocialMapError):
    """Envelopes that nobody has decided on are sealed to older keys."""

    key = "error.captures_in_use"


def rotate_captures(session: Session, scope: Scope) -> str:
    """Make the key that phones seal to from now on, and return its name; older ones still open. On record."""
    held = add_capture()
    _note(session, scope, "field.rotate", held)
    return str(held.capture)


def forget_captures(session: Session, scope: Scope) -> list[str]:
    """Forget all keys but the present one and return their names; what is sealed to them never opens again. On record.

    Raises CapturesInUse while envelopes that came in depend on one. What still lies on phones nobody can know.
    """
    held = load_secrets()
    needed = used_captures(session) & (held.captures.keys() - {held.capture})
    if needed:
        raise CapturesInUse(names=", ".join(sorted(needed)))
    path = secrets_path(Settings())
    written = json.loads(path.read_text("utf-8"))
    gone = sorted(held.captures.keys() - {held.capture}, key=int)
    written["captures"] = {held.capture: written["captures"][held.capture]}
    replace_secrets(path, written)
    _note(session, scope, "field.forget", held)
    return gone


def used_captures(session: Session) -> set[str]:
    """Return the names of the keys that envelopes on their way, waiting or set apart are sealed to."""
    names = {name for name in session.scalars(_USED) if name}
    return names | {key_name(bytes(first)) for first in session.scalars(_FIRST_PARTS)}


def _note(session: Session, scope: Scope, command: str, held: Secrets) -> None:
    details = {"command": command, "count": len(held.captures)}
    record(session, scope, "system_command", kind="capture_key", object_id=held.capture, details=details)


_USED = text("SELECT DISTINCT capture FROM field_envelope WHERE state IN ('waiting', 'quarantined') AND sealed <> ''")
_FIRST_PARTS = text("SELECT substring(content FROM 1 FOR 30) FROM field_part WHERE place = 0")
