"""Names of areas to codes, with a score and a gap: what is not sure goes to a person, never to a guess.

A name is sure when it is exactly the name of one area below what is stated above it (or of one area in the country,
when nothing is stated), or when it is damaged, near enough to one name, and no other name in reach is nearly as near:
also names elsewhere, for what is stated above may be wrong. A name that stands elsewhere and not where it is stated
contradicts its row and is never sure.
"""

from collections.abc import Mapping
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from boundaries.addresses import LONGEST, Names, find_names, has_words_of_level
from boundaries.aliases import (
    Aliases,
    AliasKey,
    AliasRecord,
    delete_alias,
    find_alias,
    keep_alias,
    list_aliases,
    load_aliases,
)
from boundaries.areas import AreaNotFound
from boundaries.codes import BadCode, Level, level_of
from boundaries.crosswalks import find_successor
from boundaries.gazetteer import Gazetteer, load_gazetteer
from boundaries.likeness import Found, named_exactly
from boundaries.messages import text
from boundaries.named import Candidate, Match, Named
from boundaries.names import clean
from boundaries.nesting import ABOVE, Nesting, alias_key, is_capital
from boundaries.spelling import is_nothing

__all__ = [
    "AliasKey",
    "AliasRecord",
    "Candidate",
    "Match",
    "Matcher",
    "Named",
    "delete_alias",
    "find_alias",
    "list_aliases",
    "load_matcher",
    "save_alias",
]

KEPT_ANSWERS = 30_000
"""Answers kept; a file of a million different addresses must not fill the memory."""
_CANDIDATES = 5
_LOWEST_SCORE = 20.0
"""Candidates that are less like the name help nobody."""
_SHOWN = 60
_LONGEST_CELL = 10_000
_LONGEST_NAME = 300
"""Letters of a column that are looked at: no name is nearly as long, and a cell may be of any length."""
_NOTHING = Match(None, "nothing", 0.0)


class Matcher:
    """Names of one edition made ready for finding; keeps what it has answered. Build it once a run."""

    def __init__(self, gazetteer: Gazetteer, aliases: Aliases | None = None) -> None:
        self._gazetteer = gazetteer
        self._nesting = Nesting(gazetteer, aliases or {})
        self._answers: dict[Named, Match] = {}

    def match(self, named: Named) -> Match:
        """Return the area that a row names, or why a person must decide."""
        long = next((cell for cell in (named.province, named.district, named.subdistrict) if _is_too_long(cell)), None)
        if long is not None:
            return Match(None, "review", 0.0, (), text("matching.far", name=_shown(long)))
        answer = self._answers.get(named)
        if answer is None:
            answer = self._answer(named)
            if len(self._answers) >= KEPT_ANSWERS:
                self._answers.clear()
            if len(named.address or "") <= LONGEST:
                self._answers[named] = answer
        return answer

    def key_of(self, named: Named) -> AliasKey | None:
        """Return the key under which a decision about this row is kept; None when it names nothing."""
        columns, address = self._read(named)
        return alias_key({**address, **columns})

    def is_name_of_another(self, key: AliasKey, code: str) -> bool:
        """Say whether a key is exactly the name of an area other than `code`: its own name stays its own."""
        return bool(self._gazetteer.exact(key.level, key.name) - {code})

    def lies_in(self, key: AliasKey, code: str) -> bool:
        """Say whether what is stated above a name surely is the province of an area."""
        province = key.context.partition("/")[0]
        return bool(province) and self.match(Named(province=province)).code == code[:2]

    def has(self, code: str) -> bool:
        """Say whether the edition has an area."""
        return code in self._gazetteer.areas

    def _answer(self, named: Named) -> Match:
        columns, address = self._read(named)
        stated = self._stated(named.code)
        names = {**address, **columns}
        if not names:
            return (
                _NOTHING
                if is_nothing((named.address or "")[-_LONGEST_CELL:])
                else Match(None, "review", 0.0, (), text("matching.address"))
            )
        answer = self._of(names, stated)
        if answer.code is None and columns and names.keys() != columns.keys():
            # What an address adds may be unreadable: then the columns speak for themselves.
            alone = self._of(columns, stated)
            answer = alone if alone.code else answer
        against = self._against(columns, address, answer.code) if answer.code else None
        if against is None:
            return answer
        found = self._of({**columns, **address}, stated)
        both = tuple(dict.fromkeys((*answer.candidates, *found.candidates)))[:_CANDIDATES]
        words = text("matching.elsewhere", name=_shown(address[against]), parent=answer.candidates[0].name)
        return Match(None, "review", answer.score, both, words)

    def _of(self, names: Names, stated: str | None) -> Match:
        """Answer what the names say, from the largest area to the smallest."""
        level, found = self._nesting.find(names, stated)
        candidates = self._candidates(found)
        if found.code is None:
            above = " ".join(names[each] for each in ABOVE[level] if each in names) or self._path(stated)
            words = text(found.why or "matching.far", name=_shown(names[level]), parent=_shown(above))
            return Match(None, "review", found.score, candidates, words)
        if stated and not self._agree(stated, found.code):
            other = Candidate(stated, self._path(stated), 0.0)
            return Match(None, "review", found.score, (*candidates[:1], other), text("matching.code", code=stated))
        return Match(found.code, "sure", found.score, candidates[:1])

    def _agree(self, stated: str, code: str) -> bool:
        """Say whether a stated code is the area, lies above or below it, or lay above it once."""
        level = self._gazetteer.areas[code].level
        return stated.startswith(code) or code.startswith(stated) or code in self._gazetteer.below(stated, level)

    def _path(self, code: str | None) -> str:
        return self._gazetteer.path(code) if code else ""

    def _candidates(self, found: Found) -> tuple[Candidate, ...]:
        scored = ((code, found.score_of(code)) for code in found.distances)
        likely = islice((each for each in scored if each[1] >= _LOWEST_SCORE or each[0] == found.code), _CANDIDATES)
        return tuple(Candidate(code, self._gazetteer.path(code), score) for code, score in likely)

    def _against(self, columns: Names, address: Names, code: str) -> Level | None:
        """Return the level at which an address surely names another place than its row's columns."""
        for level in columns.keys() & address.keys():
            theirs = named_exactly(self._gazetteer, level, address[level])
            if theirs and not any(code.startswith(each) or each.startswith(code) for each in theirs):
                return level
        return None

    def _read(self, named: Named) -> tuple[Names, Names]:
        """Return the names of the columns and those inside the address; a column may hold a whole address too."""
        columns: dict[Level, str] = {}
        address: dict[Level, str] = {}
        written: Mapping[Level, str | None] = {
            "province": named.province,
            "district": named.district,
            "subdistrict": named.subdistrict,
        }
        for level, raw in written.items():
            if raw is None or is_nothing(raw):
                continue
            words = clean(raw)[:_LONGEST_NAME]
            inside = find_names(words, self._known) if has_words_of_level(words) else {}
            columns[level] = inside.get(level, words)
            address.update({other: name for other, name in inside.items() if other != level})
        written_last = (named.address or "")[-_LONGEST_CELL:]
        if not is_nothing(written_last):
            address.update(find_names(written_last, self._known))
        return columns, address

    def _known(self, level: Level, words: str) -> bool:
        return bool(named_exactly(self._gazetteer, level, words)) or (level == "district" and is_capital(words))

    def _stated(self, code: str | None) -> str | None:
        """Return the stated code as one of the edition, None when it is none; codes follow what became of them."""
        try:
            level_of((code or "").strip())
        except BadCode:
            return None
        found = find_successor((code or "").strip(), self._gazetteer.areas)
        return found if found and found.isdigit() else None


def _is_too_long(cell: str | None) -> bool:
    return cell is not None and len(cell) > _LONGEST_CELL


def _shown(words: str) -> str:
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "…"


def load_matcher(session: Session, aliases: bool = True, home: str | None = None) -> Matcher:
    """Build the matcher of the active edition, with what persons decided before; raise NoActiveEdition."""
    gazetteer = load_gazetteer(session)
    plain = Matcher(gazetteer)
    return Matcher(gazetteer, load_aliases(session, gazetteer.areas, home, plain.lies_in)) if aliases else plain


def save_alias(
    session: Session, named: Named, code: str, actor_id: UUID | None, matcher: Matcher | None = None
) -> bool:
    """Keep a person's decision for next time; raise AreaNotFound for a code that the edition does not have.

    False when nothing is kept: the row names nothing, or its name is exactly that of another area and stays so. Hand
    over the run's matcher when there are many decisions; it goes on as it was built.
    """
    matcher = matcher or load_matcher(session, aliases=False)
    if not matcher.has(code):
        raise AreaNotFound(code=code)
    key = matcher.key_of(named)
    if key is None or matcher.is_name_of_another(key, code):
        return False
    return keep_alias(session, key, code, actor_id)
