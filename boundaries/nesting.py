"""Names inside names: a subdistrict is looked for below the district that was found, and that below the province."""

from collections.abc import Mapping
from dataclasses import replace

from boundaries.addresses import Names
from boundaries.aliases import Aliases, AliasKey
from boundaries.codes import LEVELS, Level
from boundaries.gazetteer import Gazetteer, old_names
from boundaries.level_words import forms_of
from boundaries.likeness import Found, Place, find_alike, find_exactly, named_exactly, sure, unsure

ABOVE: Mapping[Level, tuple[Level, ...]] = {
    "province": (),
    "district": ("province",),
    "subdistrict": ("province", "district"),
}
_ANYWHERE = Place()
_CAPITAL = {"เมือง", "mueang", "muang"}
_NAN = "nan"
"""Written by programs for an empty cell, and by people who write น่าน in small letters."""
_PLAUSIBLE = 2.0
"""Letters that a name may be away from a larger area that the name inside it may still speak for."""


class Nesting:
    """Finds the smallest area that a row names."""

    def __init__(self, gazetteer: Gazetteer, aliases: Aliases) -> None:
        self._gazetteer = gazetteer
        # What is exactly the name of another area is never taken from it, whatever was decided under older boundaries.
        free = (key for key, code in aliases.items() if not gazetteer.exact(key.level, key.name) - {code})
        self._aliases = {key: aliases[key] for key in free}

    def find(self, names: Names, stated: str | None) -> tuple[Level, Found]:
        """Return the smallest level that is named with what was found there; `stated` is a code known of the row."""
        province = self._province(names) if "province" in names else None
        district = self._district(names, province, stated) if "district" in names else None
        if "subdistrict" in names:
            return self._subdistrict(names, province, district, stated)
        if district is not None:
            return "district", district
        return "province", province or unsure("matching.far")

    def _part(self, level: Level, names: Names, place: Place) -> Found:
        exact = find_exactly(self._gazetteer, level, names[level], place)
        if exact is None or exact.code is None:
            decided = self._decided(level, names)
            if decided is not None:
                return sure(decided)
        return exact or find_alike(self._gazetteer, level, names[level], place)

    def _decided(self, level: Level, names: Names) -> str | None:
        key = alias_key(names, level) if self._aliases else None
        return self._aliases.get(key) if key else None

    def _province(self, names: Names) -> Found:
        name = names["province"]
        short = old_names()["short"].get(forms_of(name, "province")[0], "")
        if short in self._gazetteer.areas:
            return sure(short)
        if name.strip() == _NAN:
            return unsure("matching.ambiguous", named_exactly(self._gazetteer, "province", name))
        # ยานนาวา in a column of provinces is a district, not a damaged province.
        districts = named_exactly(self._gazetteer, "district", name)
        found = self._part("province", names, Place(everywhere=True, fuzzy=not districts))
        if found.code is None and districts:
            first = dict.fromkeys(sorted(districts), 0.0)
            return replace(found, why="matching.district", distances=first | dict(found.distances))
        return found

    def _open(self, level: Level, names: Names, above: Found | None) -> Found | None:
        """Return what a person decided about a name below one that is not known, for just these words."""
        decided = self._decided(level, names) if above is not None and above.code is None else None
        return sure(decided) if decided else None

    def _district(self, names: Names, province: Found | None, stated: str | None) -> Found:
        if decided := self._open("district", names, province):
            return decided
        known = province.code if province else stated and stated[:2]
        if is_capital(names["district"]):
            return self._capital(province, known)
        if known:
            place = Place(self._gazetteer.below(known, "district"))
            found = self._part("district", names, place)
            return self._or_capital(found, names["district"])
        found = self._part("district", names, _ANYWHERE)
        if province is None:
            return self._or_capital(found, names["district"])
        return self._through("district", names, province) or _because_of(found, province)

    def _or_capital(self, found: Found, name: str) -> Found:
        """Offer the capital district first where a column of districts holds the name of a province."""
        provinces = named_exactly(self._gazetteer, "province", name) if found.code is None else ()
        capitals = filter(None, (self._gazetteer.capital(code) for code in sorted(provinces)))
        first = dict.fromkeys(capitals, 0.0)
        return replace(found, distances=first | dict(found.distances)) if first else found

    def _capital(self, province: Found | None, known: str | None) -> Found:
        if known:
            capital = self._gazetteer.capital(known)
            return sure(capital) if capital else unsure("matching.far")
        codes = province.distances if province else (code for code in self._gazetteer.areas if len(code) == 2)
        capitals = {self._gazetteer.capital(code[:2]) for code in codes}
        return unsure("matching.capital", {code for code in capitals if code})

    def _subdistrict(
        self, names: Names, province: Found | None, district: Found | None, stated: str | None
    ) -> tuple[Level, Found]:
        level: Level = "subdistrict"
        if decided := self._open(level, names, district or province):
            return level, decided
        if district is not None and district.code is None:
            speaks = self._through(level, names, district) if province is None or province.code else None
            within = speaks and (province is None or speaks.code in self._gazetteer.below(province.code or "", level))
            return (level, speaks) if speaks and within else ("district", self._with_those_inside(district, names))
        if district is None and province is not None and province.code is None:
            found = self._part(level, names, replace(_ANYWHERE, fuzzy=False))
            return level, _because_of(found, province)
        known = (district or province or unsure("")).code or stated
        if not known:
            return level, self._part(level, names, replace(_ANYWHERE, fuzzy=False))
        inside = self._gazetteer.below(known, level) if len(known) < 6 else frozenset({known})
        return level, self._part(level, names, Place(inside, self._gazetteer.below(known[:2], level)))

    def _with_those_inside(self, district: Found, names: Names) -> Found:
        """Return a district's candidates behind the subdistricts in them that look like the one that is named."""
        inside = self._inside(district, "subdistrict")
        if not inside or district.why == "matching.elsewhere":
            return district
        place = Place(inside, inside, fuzzy=False)
        alike = find_alike(self._gazetteer, "subdistrict", names["subdistrict"], place).distances
        first = {code: distance for code, distance in alike.items() if code in inside and distance <= _PLAUSIBLE}
        return replace(district, distances=first | dict(district.distances))

    def _inside(self, above: Found, level: Level) -> frozenset[str]:
        plausible = (code for code, distance in above.distances.items() if distance <= _PLAUSIBLE)
        return frozenset(code for each in plausible for code in self._gazetteer.below(each, level))

    def _through(self, level: Level, names: Names, above: Found) -> Found | None:
        """Return the one area of exactly this name below those that a damaged name above it may mean."""
        if above.why == "matching.elsewhere":
            return None
        inside = self._inside(above, level)
        if level == "district" and len(named_exactly(self._gazetteer, level, names[level])) != 1:
            return None
        found = find_exactly(self._gazetteer, level, names[level], Place(inside))
        return found if found and found.code else None


def is_capital(name: str) -> bool:
    """Say whether a name of a district says no more than that it is the capital of its province."""
    return forms_of(name, "district")[0] in _CAPITAL


def alias_key(names: Names, level: Level | None = None) -> AliasKey | None:
    """Return the key of a name with the names stated above it; of the smallest level when none is said."""
    level = level or next((each for each in reversed(LEVELS) if each in names), None)
    if level is None or level not in names:
        return None
    context = "/".join(forms_of(names[each], each)[0] if each in names else "" for each in ABOVE[level])
    return AliasKey(level, forms_of(names[level], level)[0], context)


def _because_of(found: Found, above: Found) -> Found:
    """Return candidates only: what is stated above them is not known."""
    return replace(found, code=None, why="matching.parent" if above.why != "matching.elsewhere" else above.why)
