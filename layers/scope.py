"""Who is asking, as a value handed down by the interface: a role, the audience of the answer, the areas allowed."""

from dataclasses import dataclass
from typing import Literal

Audience = Literal["internal", "committee", "partner", "public"]


@dataclass(frozen=True)
class Scope:
    """What a caller may see. `areas` None means the whole country; `reason` says why more than usual was asked."""

    role: str
    audience: Audience
    areas: frozenset[str] | None = None
    reason: str | None = None

    @classmethod
    def system(cls, reason: str) -> "Scope":
        """The product itself at work, exact figures of all areas; never for anything that leaves it."""
        return cls("system", "internal", None, reason)

    @classmethod
    def committee(cls) -> "Scope":
        """What is printed, presented or saved when nobody gives a reason for more."""
        return cls("committee", "committee")

    @classmethod
    def public(cls) -> "Scope":
        """Anybody."""
        return cls("public", "public")
