"""What a person says about a file over what was proposed: `ROLE=HEADING`, `ROLE=VALUE`, `ROLE:WORD=CODE`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from boundaries.errors import SocialMapError
from layers.importing.recipes import Recipe
from layers.importing.roles import TARGETS, Target, get_role


class BadSaying(SocialMapError):
    """A statement about a column, value or word that cannot be understood."""

    key = "import.bad_saying"


@dataclass(frozen=True)
class Said:
    """Statements as they were typed; a role without a heading (`ROLE=`) is given to none."""

    target: str | None = None
    columns: Sequence[str] = ()
    fixed: Sequence[str] = ()
    words: Sequence[str] = ()
    dropped: Sequence[str] = ()
    kept: Sequence[str] = ()
    repairs: Sequence[str] = ()
    period: str | None = None

    def over(self, recipe: Recipe) -> Recipe:
        """Return the recipe with what was said put over it; raise BadSaying, UnknownRole."""
        if self.target is not None and self.target not in TARGETS:
            raise BadSaying(value=self.target, allowed=" · ".join(TARGETS))
        words = {role: dict(known) for role, known in recipe.words.items()}
        for role, rest in map(_role_and_rest, [one.replace(":", "=", 1) for one in self.words]):
            word, code = _parted(rest)
            words.setdefault(role, {})[word] = code
        return replace(
            recipe,
            target=cast(Target, self.target or recipe.target),
            columns=self._columns(recipe),
            fixed={**recipe.fixed, **dict(map(_role_and_rest, self.fixed))},
            words=words,
            dropped=tuple(dict.fromkeys((*(one for one in recipe.dropped if one not in self.kept), *self.dropped))),
            kept=tuple(dict.fromkeys((*recipe.kept, *self.kept))),
            repairs=tuple(dict.fromkeys((*recipe.repairs, *self.repairs))),
            period=self.period or recipe.period,
        )

    def _columns(self, recipe: Recipe) -> dict[str, tuple[str, ...]]:
        """A heading that was given a role loses the one that was proposed for it."""
        asked: dict[str, tuple[str, ...]] = {}
        for role, heading in map(_role_and_rest, self.columns):
            asked[role] = (*asked.get(role, ()), *([heading] if heading else []))
        given = {heading for many in asked.values() for heading in many}
        kept = {role: tuple(one for one in many if one not in given) for role, many in recipe.columns.items()}
        return {role: many for role, many in {**kept, **asked}.items() if many}


def _role_and_rest(value: str) -> tuple[str, str]:
    role, rest = _parted(value)
    get_role(role)
    return role, rest


def _parted(value: str) -> tuple[str, str]:
    before, found, after = value.partition("=")
    if not found or not before.strip():
        raise BadSaying(value=value, allowed="ROLE=… · ROLE:…=CODE")
    return before.strip(), after.strip()
