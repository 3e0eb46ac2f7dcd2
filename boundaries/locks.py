"""Numbers of the advisory locks of all rings in one place, so that no two things share one by accident.

A transaction that takes several takes them in the order in which they stand here.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from boundaries.prepared import prepared

MIGRATE = 0x50C1A1
"""Whoever migrates a database."""
RELEASE = 0x50C1A2
"""Whoever makes a release."""
ADMINS = 0x50C1B1
"""Whoever changes how many administrators there are."""
FIELD_ENVELOPE, FIELD_CASE = 8, 9
"""Seeds of the hash of an envelope's and then its case's id: whoever receives or files what a phone sent."""
IDENTITY_KEYS = 0x50C1D2
"""Shared by whoever uses identity data; alone by whoever forgets master keys."""
AUDIT = 0x50C1D1
"""Whoever adds an entry to the audit: taken last, held until the commit."""

ACTIVATE = "boundaries.activate"
"""Hashed: whoever makes an edition the active one."""
SOURCE = "socialmap.source"
"""Hashed, beside a source's id: whoever brings its cases in."""
IDENTITY_OF_CASE = 7
"""Seed of the hash of a case's id: whoever writes its identity data."""


def lock_id(session: Session, seed: int, one: UUID) -> None:
    """Let one transaction at a time work on what has an id; `seed` tells what kind of thing it is."""
    prepared(session, _LOCK, {"id": str(one), "seed": seed})


_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(:id, :seed))"
