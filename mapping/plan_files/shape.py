"""The rules that the parts and links of a file keep, as those of a stored plan do."""

from collections import Counter
from collections.abc import Sequence

from boundaries.messages import Text, text
from mapping.plan_asking import BadLink, BadParent, GoalTaken, PartTaken, PlanFull, RootStays
from mapping.plan_fields import DEEPEST, MOST_LINKS, MOST_PARTS, MOST_SIBLINGS, PARENTS, Kind, kind_words
from mapping.plan_files.errors import BadPart, PlanFileEmpty
from mapping.plan_files.values import FileLink, FilePart


def check_shape(name: str, parts: Sequence[FilePart], links: Sequence[FileLink]) -> None:
    """Check that parts make one plan: the problem first, each part under one before it that it may stand under.

    Raises PlanFileEmpty, PlanFull, BadPart.
    """
    if not parts:
        raise PlanFileEmpty(name=name)
    for many, most in ((len(parts), MOST_PARTS), (len(links), MOST_LINKS)):
        if many > most:
            raise PlanFull(limit=most)
    most_under = max(Counter(part.parent for part in parts).values())
    if most_under > MOST_SIBLINGS:
        raise PlanFull(limit=MOST_SIBLINGS)
    held = _checked_parts(parts)
    if sum(part.kind == "goal" for part in parts) > 1:
        raise GoalTaken
    for link in links:
        if not is_link(held[link.part].kind if link.part in held else None, held.get(link.to), link):
            raise BadLink


def _checked_parts(parts: Sequence[FilePart]) -> dict[str, FilePart]:
    held: dict[str, FilePart] = {}
    depths: dict[str, int] = {}
    for place, part in enumerate(parts, start=1):
        if part.id in held:
            raise refused(place, PartTaken(id=part.id[:40]).text)
        _check_parent(place, part, held)
        depths[part.id] = depths[part.parent] + 1 if part.parent is not None else 0
        if depths[part.id] > DEEPEST:
            raise PlanFull(limit=DEEPEST)
        held[part.id] = part
    return held


def is_link(kind: Kind | None, to: FilePart | None, link: FileLink) -> bool:
    """Say whether a link may go from a part of a kind to another part."""
    if kind is None or to is None or link.part == link.to:
        return False
    return link.kind == "relates" or (kind, to.kind) == ("solution", "cause")


def refused(place: int, why: Text) -> BadPart:
    """Say why the part at a place, counted from 1, is refused."""
    return BadPart(place=place, rule_th=why.th, rule_en=why.en)


def _check_parent(place: int, part: FilePart, held: dict[str, FilePart]) -> None:
    if place == 1 or part.parent is None or part.kind == "problem":
        if not (place == 1 and part.parent is None and part.kind == "problem"):
            raise refused(place, RootStays().text)
        return
    if part.parent not in held:
        raise refused(place, text("plan_files.rule.parent"))
    if held[part.parent].kind not in PARENTS[part.kind]:
        words = [kind_words(each) for each in PARENTS[part.kind]]
        allowed = {
            "allowed_th": ", ".join(each.th for each in words),
            "allowed_en": ", ".join(each.en for each in words),
        }
        called = kind_words(part.kind)
        raise refused(place, BadParent(kind_th=called.th, kind_en=called.en, **allowed).text)
