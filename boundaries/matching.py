"""Names of areas to codes, with a score and a gap: what is not sure goes to a person, never to a guess."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from boundaries.named import Candidate, Match, Named

__all__ = ["Candidate", "Match", "Matcher", "Named", "load_matcher", "save_alias"]


class Matcher:
    """Names of one edition made ready for finding; keeps what it has answered. Build it once a run."""

    def match(self, named: Named) -> Match:
        """Return the area that a row names, or why a person must decide."""
        raise NotImplementedError


def load_matcher(session: Session, aliases: bool = True) -> Matcher:
    """Build the matcher of the active edition, with what persons decided before; raise NoActiveEdition."""
    raise NotImplementedError


def save_alias(session: Session, named: Named, code: str, actor_id: UUID | None) -> bool:
    """Keep a person's decision for next time; False when the name is another area's own and must stay so."""
    raise NotImplementedError


def list_aliases(session: Session) -> Sequence[object]:
    """Return all decisions, newest first."""
    raise NotImplementedError
