"""Who is asking, as a value handed down by the interface: role, audience of the answer, units, areas, permissions.

The database checks the same value on its own: the interface signs it and every policy reads it there.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from boundaries.codes import COUNTRY

Audience = Literal["internal", "committee", "partner", "public"]

SYSTEM = "system"


@dataclass(frozen=True)
class Scope:
    """What a caller may see.

    `areas` None means the whole country; `units` are those whose cases are the caller's; `permissions` are verbs on
    things (`case.read`); `reason` says why more than usual was asked. `release` is the newest
    release that is read, so that a later one does not change what a meeting was shown; None reads them all.
    """

    role: str
    audience: Audience
    areas: frozenset[str] | None = None
    reason: str | None = None
    units: frozenset[int] = frozenset()
    actor_id: UUID | None = None
    permissions: frozenset[str] = frozenset()
    release: int | None = None

    @classmethod
    def system(cls, reason: str) -> "Scope":
        """The product itself at work, exact figures of all areas; never for anything that leaves it."""
        return cls(SYSTEM, "internal", None, reason)

    @classmethod
    def committee(cls) -> "Scope":
        """What is printed, presented or saved when nobody gives a reason for more."""
        return cls("committee", "committee")

    @classmethod
    def public(cls) -> "Scope":
        """Anybody."""
        return cls("public", "public")

    def with_reason(self, reason: str) -> "Scope":
        """Return the same scope with a reason for asking for more than usual."""
        return replace(self, reason=reason)

    def may(self, permission: str) -> bool:
        """Say whether a permission is held; the product itself holds all."""
        return self.role == SYSTEM or permission in self.permissions

    def covers(self, code: str) -> bool:
        """Say whether an area lies in the scope's own areas."""
        return self.areas is None or any(code.startswith(area) for area in self.areas)

    def claims(self) -> dict[str, Any]:
        """Return what the database is told, as JSON values; the reason is not among it."""
        return {
            "role": self.role,
            "audience": self.audience,
            "areas": [COUNTRY] if self.areas is None else sorted(self.areas),
            "units": sorted(self.units),
            "actor": str(self.actor_id) if self.actor_id else None,
            "can": sorted(self.permissions),
        }


AS_PRODUCT = "as_product"
"""The option of a connection by which the interface says how the product itself takes a transaction over."""


@contextmanager
def as_product(session: Session) -> Iterator[None]:
    """Let the product itself do what stands within, in the caller's own transaction, and hand it back after.

    For what has to follow from something that the scope may do and has done, as figures follow a case. Whatever fails
    within leaves nothing.
    """
    with session.begin_nested():
        connection = session.connection()  # asked for within: only then does the savepoint begin that hands it back
        take_over = connection.get_execution_options().get(AS_PRODUCT)
        with take_over(connection) if take_over else nullcontext():
            yield
