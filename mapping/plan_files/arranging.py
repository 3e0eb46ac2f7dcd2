"""Branches of other programs' maps become parts of a plan: kinds as they are named, else as their place suggests.

Nothing that says something is left out silently: what had to be guessed, put in between or left is told.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from boundaries.names import clean
from layers.personal_text import PersonalDataInText
from mapping.plan_fields import MOST_LINKS, PARENTS, Kind, LinkKind, Value, check_period, checked
from mapping.plan_files.errors import PlanFileEmpty
from mapping.plan_files.field_texts import from_field_text
from mapping.plan_files.shape import is_link, refused
from mapping.plan_files.values import Branch, Branches, FileLink, FilePart, PlanFile
from mapping.plan_files.words import field_of, kind_of, unmarked

BELOW: Mapping[Kind, Kind] = {
    "problem": "cause",
    "effect": "effect",
    "cause": "cause",
    "goal": "objective",
    "objective": "solution",
    "solution": "activity",
    "activity": "indicator",
    "indicator": "indicator",
    "asset": "asset",
}
"""What a branch of no named kind is taken for, by the kind it stands under."""
MOST_NAMED = 5
ADDRESSES = frozenset({"", "addresses", "แก้สาเหตุ"})
"""What may be written on a link from a solution to a cause."""


@dataclass
class _Arranged:
    """The parts made so far, and what is told."""

    parts: list[FilePart] = field(default_factory=list)
    by_id: dict[str, FilePart] = field(default_factory=dict)
    places: dict[str, tuple[str, Kind | None]] = field(default_factory=dict)
    """For each branch the part under which its own branches stand, and the kind that a heading gives them."""
    implied: dict[tuple[Kind, str], str] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    left: list[str] = field(default_factory=list)

    def add(self, part: FilePart) -> FilePart:
        self.parts.append(part)
        self.by_id[part.id] = part
        return part


def to_plan(name: str, read: Branches) -> PlanFile:
    """Make a plan of what was read; the first branch is the problem. Raises PlanFileEmpty, BadPart."""
    if not read.found:
        raise PlanFileEmpty(name=name)
    made = _Arranged()
    parents = {branch.parent for branch in read.found}
    for place, branch in enumerate(read.found, start=1):
        _take(made, place, branch, has_more=branch.id in parents)
    links = _links(made, read)
    return PlanFile(read.about, tuple(made.parts), links, tuple(_notes(made, read)))


def _take(made: _Arranged, place: int, branch: Branch, *, has_more: bool) -> None:
    if branch.parent is None or branch.parent not in made.places:
        kind, words = unmarked(branch.text) if branch.kind is None else (branch.kind, branch.text)
        root = _part(made, place, branch, "problem", words if kind in (None, "problem") else branch.text)
        made.places[branch.id] = (made.add(root).id, None)
        return
    parent, headed = made.places[branch.parent]
    kind, words = (branch.kind, branch.text) if branch.kind else unmarked(branch.text)
    heading = kind_of(branch.text) if branch.kind is None and not branch.fields else None
    if heading is not None and heading != "problem":
        made.places[branch.id] = (parent, heading)
        return
    if not clean(words) and not has_more and not branch.fields:
        made.told["empty"] += 1
        made.places[branch.id] = (parent, headed)
        return
    under = made.by_id[parent]
    if kind is None or kind == "problem":
        kind, words = headed or BELOW[under.kind], branch.text
        made.told["guessed"] += headed is None
        made.told["causes"] += headed is None and under.kind == "problem"
    if kind == "goal" and ("goal", "") in made.implied:
        kind = "objective"
        made.told["goals"] += 1
    part = _part(made, place, branch, kind, words, _home(made, kind, under))
    made.add(part)
    if kind == "goal":
        made.implied["goal", ""] = part.id
    made.places[branch.id] = (part.id, None)


def _home(made: _Arranged, kind: Kind, under: FilePart) -> str:
    """Return the nearest part above under which a kind may stand; one in between is made where there is none."""
    found: FilePart | None = under
    while found is not None:
        if found.kind in PARENTS[kind]:
            return found.id
        found = made.by_id[found.parent] if found.parent is not None else None
    needed = PARENTS[kind][0]
    if needed == "goal" and ("goal", "") in made.implied:
        return made.implied["goal", ""]
    above = _home(made, needed, under)
    key: tuple[Kind, str] = ("goal", "") if needed == "goal" else (needed, above)
    if key not in made.implied:
        words = text(f"plan_files.open.{needed}").th
        made.implied[key] = made.add(FilePart(f"open-{len(made.parts)}", needed, above, {"text": words})).id
        made.told["between"] += 1
    return made.implied[key]


def _part(made: _Arranged, place: int, branch: Branch, kind: Kind, words: str, parent: str | None = None) -> FilePart:
    fields: dict[str, Value] = {}
    try:
        fields["text"] = checked(kind, "text", clean(words) or text("plan_files.open.text").th)
    except SocialMapError as error:
        raise refused(place, error.text) from None
    for said, value in branch.fields.items():
        name = field_of(kind, said)
        if name is None or name == "text":
            made.left.append(clean(said)[:40])
            continue
        try:
            fields[name] = checked(kind, name, from_field_text(name, value))
        except PersonalDataInText as error:
            raise refused(place, error.text) from None
        except (SocialMapError, ValueError, RecursionError):
            made.left.append(clean(said)[:40])
    try:
        check_period(fields)
    except SocialMapError:
        del fields["ends_on"]
        made.told["periods"] += 1
    return FilePart(branch.id, kind, parent, {key: value for key, value in fields.items() if value is not None})


def _links(made: _Arranged, read: Branches) -> tuple[FileLink, ...]:
    found: set[FileLink] = set()
    for start, end, said in read.links[: 4 * MOST_LINKS]:
        part, to = made.by_id.get(start), made.by_id.get(end)
        pair = (part.kind, to.kind) if part and to else None
        plain = pair == ("solution", "cause") and clean(said[:60]).casefold() in ADDRESSES
        kind: LinkKind = "addresses" if plain else "relates"
        link = FileLink(start, end, kind)
        if part is not None and is_link(part.kind, to, link):
            found.add(link)
        else:
            made.told["links"] += 1
    return tuple(sorted(found))


def _notes(made: _Arranged, read: Branches) -> list[Text]:
    counts = dict(made.told)
    if counts.get("guessed"):
        notes = [text("plan_files.told.guessed", count=counts["guessed"], causes=counts.get("causes", 0))]
    else:
        notes = []
    for key in ("between", "empty", "goals", "periods", "links"):
        if counts.get(key):
            notes.append(text(f"plan_files.told.{key}", count=counts[key]))
    if made.left:
        named = ", ".join(dict.fromkeys(made.left[:MOST_NAMED])) + (" …" if len(made.left) > MOST_NAMED else "")
        notes.append(text("plan_files.told.fields", count=len(made.left), names=named))
    if read.more:
        notes.append(text("plan_files.told.sheets", count=read.more))
    return notes
