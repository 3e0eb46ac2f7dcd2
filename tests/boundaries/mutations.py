"""Ways in which the names of areas are damaged or written otherwise: each returns the damaged names of one name."""

import re
from collections.abc import Callable, Iterator, Mapping

from boundaries.codes import Level

MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
Mutation = Callable[[str], Iterator[str]]

_LONG = {"province": "จังหวัด", "district": "อำเภอ", "subdistrict": "ตำบล"}
_SHORT = {"province": "จ.", "district": "อ.", "subdistrict": "ต."}
_IN_BANGKOK = {"district": "เขต", "subdistrict": "แขวง"}


def _each(pattern: str, instead: str | Callable[[re.Match[str]], str]) -> Mutation:
    """Change each place that fits, one at a time."""

    def mutate(name: str) -> Iterator[str]:
        for found in re.finditer(pattern, name):
            changed = found.expand(instead) if isinstance(instead, str) else instead(found)
            yield name[: found.start()] + changed + name[found.end() :]

    return mutate


def _all(old: str, new: str) -> Mutation:
    def mutate(name: str) -> Iterator[str]:
        if old in name:
            yield name.replace(old, new)

    return mutate


def _either(pairs: str) -> Mutation:
    """Put one letter for the other, of each pair and either way, one place at a time."""

    def mutate(name: str) -> Iterator[str]:
        for one, other in (pair for pair in pairs.split()):
            for old, new in ((one, other), (other, one)):
                for place in (found.start() for found in re.finditer(old, name)):
                    yield name[:place] + new + name[place + 1 :]

    return mutate


def _no_tones(name: str) -> Iterator[str]:
    without = re.sub("[\u0e48-\u0e4b]", "", name)
    if without != name:
        yield without


def _spread(name: str) -> Iterator[str]:
    yield " ".join(re.findall(f"[^{MARKS}\u0e30\u0e32\u0e33][{MARKS}\u0e30\u0e32\u0e33]*", name))


def _blank_inside(name: str) -> Iterator[str]:
    middle = re.search(f".*?.(?=[ก-ฮเ-ไ])(?=.{{{max(len(name) // 2, 1)},}}$)", name) or re.match(".", name)
    assert middle
    yield f"{name[: middle.end()]} {name[middle.end() :]}"
    yield f" {name}\u00a0"


MUTATIONS: Mapping[str, Mutation] = {
    "as it is": lambda name: iter([name]),
    "tone mark dropped": _each("[\u0e48-\u0e4b]", ""),
    "all tone marks dropped": _no_tones,
    "final karan dropped": _each(r".\u0e4c$", lambda found: found[0][0]),
    "karan with its letter dropped": _each(r"[ก-ฮ]\u0e38?\u0e34?\u0e4c", ""),
    "mark and next letter swapped": _each(f"([{MARKS}])([ก-ฮ])", r"\2\1"),
    "two marks swapped": _each(f"([{MARKS}])([{MARKS}])", r"\2\1"),
    "mark doubled": _each(f"([{MARKS}])", r"\1\1"),
    "ำ in two": _all("\u0e33", "\u0e4d\u0e32"),
    "ำ for า": _each("\u0e32", "\u0e33"),
    "า for ำ": _all("\u0e33", "\u0e32"),
    "ำ torn by a blank": _all("\u0e33", " \u0e32"),
    "all า as ำ": _all("\u0e32", "\u0e33"),
    "แ as two เ": _all("แ", "เเ"),
    "zero-width inserted": _each("(?<=.)(?=.)", "\u200b"),
    "blanks inserted": _blank_inside,
    "blank between all letters": _spread,
    "ด ค": _either("ดค ดต คต"),
    "ถ ภ": _either("ถภ"),
    "ช ซ": _either("ชซ"),
    "ข ฃ": _either("ขฃ"),
    "ส ศ ษ": _either("สศ ศษ สษ"),
    "น ณ": _either("นณ"),
    "ฎ ฏ": _either("ฎฏ"),
    "ผ ฝ พ ฟ": _either("ผฝ พฟ"),
    "บ ป": _either("บป"),
    "ใ ไ": _either("ใไ"),
    "upper mark mixed": _either("\u0e34\u0e35 \u0e36\u0e37 \u0e35\u0e37 \u0e38\u0e39"),
    "mark dropped": _each(f"[{MARKS}]", ""),
    "letter dropped": _each("[ก-ฮ]", ""),
    "last letter dropped": lambda name: iter([name[:-1]]),
    "letter doubled": _each("([ก-ฮ])", r"\1\1"),
    "letter wrong": _each("[ก-ฮ]", lambda found: "ก" if found[0] != "ก" else "น"),
}
"""Every operator by what it does; those that change more than spelling are thorough: each place of the name in turn."""

LIGHT = (
    "as it is",
    "tone mark dropped",
    "mark and next letter swapped",
    "ำ for า",
    "ด ค",
    "last letter dropped",
    "blanks inserted",
)


def with_words(name: str, level: Level, bangkok: bool) -> Iterator[str]:
    """Return the name with its word of level, whole and abbreviated, joined and apart."""
    if bangkok and level == "province":
        yield from ("กทม", "กทม.", "กรุงเทพฯ", "กรุงเทพ", "จังหวัดกรุงเทพมหานคร")
        return
    long = _IN_BANGKOK.get(level, "") if bangkok else _LONG[level]
    short = long if bangkok else _SHORT[level]
    yield from (long + name, f"{long} {name}", f"({long}{name})")
    yield from (short + name, f"{short} {name}", f"{short}\u00a0 {name} ")
    if level == "district" and not bangkok:
        yield from (f"กิ่งอำเภอ{name}", f"กิ่ง อ.{name}", f"กิ่งอ. {name}")


def in_english(name: str, level: Level) -> Iterator[str]:
    """Return the English name as it is met: joined, in capitals, with its word of level."""
    word = {"province": "Province", "district": "District", "subdistrict": "Subdistrict"}[level]
    yield from (name, name.replace(" ", ""), name.upper(), name.lower() + ".", f"{name} {word}", name.replace(" ", "-"))
