"""Thai text in a box: unbreakable runs, widths in Sarabun, wrapping and balancing.

Thai has no spaces between words, so a renderer left alone breaks lines inside words or apart from their negation,
number or abbreviation. Runs say where a line may break; everything that draws Thai text breaks there only.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from mapping.sarabun import Metrics, default_metrics
from mapping.thai_words import LEADING_VOWELS, TRAILING_VOWELS, segment, split

WORD_BREAK = "\u200b"
NO_BREAK_SPACE = "\u00a0"
ELLIPSIS = "…"
LONG_RUN = 10
"""Letters, marks not counted, beyond which a preposition or a conjunction is no longer kept with what follows."""

MONTH = r"(?:ม\.ค|ก\.พ|มี\.ค|เม\.ย|พ\.ค|มิ\.ย|ก\.ค|ส\.ค|ก\.ย|ต\.ค|พ\.ย|ธ\.ค)\."
LONG_MONTH = "(?:มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม)"
BODY = r"(?:รพ\.สต|พมจ|อบต|อบจ|อปท|อสม|อพม|ศพด|ศพค|สสจ|สสอ|กศน|สกร|พชอ|พชต|ศพอส|กทม|ปภ|พม|รพ|สพฐ)\."
DIGIT = "[0-9๐-๙]"
ATOM = re.compile(
    rf"(?P<month>{MONTH}|{LONG_MONTH})"
    rf"|(?P<short>{BODY}|(?<![ก-๎.])(?:[ก-ฮ]{{1,4}}\.)+)"
    rf"|(?P<number>{DIGIT}+(?:[.,:/]{DIGIT}+)*%?)"
    r"|(?P<latin>[A-Za-z\u00c0-\u024f][0-9A-Za-z\u00c0-\u024f'’&+@_./:-]*)"
    r"|(?P<thai>[\u0e01-\u0e3a\u0e40-\u0e4e]+)"
    r"|(?P<space> )"
    r"|(?P<other>.)",
    re.DOTALL,
)
CLASSIFIERS = frozenset(re.findall(r"\S+", """
    ราย คน หลัง ครั้ง บาท เรื่อง ครัวเรือน แห่ง ปี เดือน วัน สัปดาห์ ชั่วโมง นาที ชม. หมู่บ้าน ชุมชน กม. ม. เมตร กิโลเมตร ทุน
    ข้อ ข้าง ตัว คู่ ครอบครัว กลุ่ม อำเภอ ตำบล จังหวัด หมู่ ประเทศ โรง โรงเรียน หน่วย หน่วยงาน ชิ้น ชุด เครื่อง คัน เล่ม เท่า
    ล้าน ล้านบาท แสน หมื่น พัน รายการ กรณี ระดับ ชั้น ด้าน เส้นทาง จุด ไร่ งวด ไตรมาส รุ่น โครงการ กิจกรรม แนวทาง สาเหตุ
    ช่องทาง กองทุน ฉบับ ใบ ห้อง เตียง สาย คะแนน ขั้น ต่อ น.
"""))  # fmt: skip
"""What is counted: stays with its number."""
BEFORE_NUMBER = re.compile(
    r"(?:ร้อยละ|ละ|ที่|ถึง|ณ|น้อย|เกิน|กว่า|อายุ|ปี|ปีงบประมาณ|หมู่|ข้อ|มาตรา|ไตรมาส|ประมาณ|จำนวน|ทุก|ต่อ|พ\.ศ\.|ค\.ศ\.|ติดเตียง"
    r"|ภายใน|เดิม|เป็น)$"
)
NEGATION = re.compile(r"(?:^|.)(?:ไม่|มิ|ไร้|ไม่ได้|ไม่เคย|ไม่ค่อย|ไม่ต้อง|ไม่ให้|ไม่ถูก|ไม่ใช่|อย่า|ห้าม)$")
FORWARD = frozenset(re.findall(r"\S+", """
    และ หรือ การ ความ ผู้ นัก ของ ใน ที่ โดย จาก ต่อ เพื่อ ด้วย แก่ ให้ ถึง กับ ถูก ได้ มี ทุก อย่าง ตาม แต่ ซึ่ง จึง เป็น ณ ว่า อยู่
    เพราะ จน แม้ เมื่อ หาก จะ ต้อง ยัง ควร เคย กำลัง ร่วม ทำให้
"""))  # fmt: skip
"""Words that lean on the next one: a line does not end with them."""
PLACES = frozenset(("ตำบล", "อำเภอ", "จังหวัด", "เขต", "แขวง", "วัด", "บ้าน"))
"""Words that lean on the name after them."""
BACKWARD = frozenset(re.findall(r"\S+", "กัน เอง แล้ว นี้ นั้น ได้ ขึ้น ลง ไป มา ไว้ ด้วย หรือไม่ หรือยัง"))
"""Words that lean on the one before: a line does not begin with them."""
MANY_UNITS = 400
OPENING = '([{“‘"«<'
CLOSING = ')]}”’"»>,.!?ๆฯ:;%…·–—-'
JOINING = "/→=≥≤×+~"


@dataclass(frozen=True)
class Wrapped:
    """Lines of a normalised text as (start, end) positions; `cut` when lines were left out at the end."""

    text: str
    spans: tuple[tuple[int, int], ...]
    cut: bool = False

    @property
    def lines(self) -> list[str]:
        """Return the lines as they are drawn."""
        drawn = [self.text[start:end] for start, end in self.spans]
        return [*drawn[:-1], drawn[-1] + ELLIPSIS] if self.cut else drawn


@lru_cache(maxsize=1 << 14)
def normalise(text: str) -> str:
    """Compose ำ, drop zero-width and control characters, make white space single spaces; nothing else changes."""
    text = re.sub("\u0e4d([\u0e48-\u0e4b]?)\u0e32", "\\1\u0e33", text)
    kept = (" " if c.isspace() else "\ufffd" if unicodedata.category(c) == "Cs" else c for c in text)
    shown = "".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cf"))
    return re.sub(" {2,}", " ", unicodedata.normalize("NFC", shown)).strip()


def runs(text: str) -> tuple[str, ...]:
    """Split into runs that no line break may cut; a run ends with the space that follows it. Joined: the same text."""
    return tuple("".join(parts) for parts in _parts(normalise(text)))


def marked(text: str) -> str:
    """Return the text with U+200B at the only places where a line may break; other spaces become no-break spaces."""
    drawn = []
    for run in runs(text):
        kept = run.rstrip(" ")
        drawn.append(kept.replace(" ", NO_BREAK_SPACE) + run[len(kept) :])
    return WORD_BREAK.join(drawn)


def text_width(text: str, size: float, weight: int = 400, metrics: Metrics | None = None) -> float:
    """Return the width of a line in the unit of `size` as Sarabun sets it; unknown letters count as wide ones."""
    return (metrics or default_metrics()).width(normalise(text), weight) * size


def widest_run(text: str, size: float, weight: int = 400, metrics: Metrics | None = None) -> float:
    """Return the width that a text needs so that none of its runs is cut."""
    return max((text_width(run, size, weight, metrics) for run in runs(text)), default=0.0)


def wrap(
    text: str,
    limit: float,
    size: float,
    weight: int = 400,
    *,
    max_lines: int | None = None,
    metrics: Metrics | None = None,
) -> list[str]:
    """Return the fewest lines not wider than `limit`, evened out, broken at runs; a run wider than that is cut."""
    return wrapped(text, limit, size, weight, max_lines, metrics).lines


@lru_cache(50_000)
def wrapped(
    text: str,
    limit: float,
    size: float,
    weight: int = 400,
    max_lines: int | None = None,
    metrics: Metrics | None = None,
) -> Wrapped:
    """Like `wrap`, as positions in the normalised text; beyond `max_lines` the last line ends with …."""
    text, metrics = normalise(text), metrics or default_metrics()
    units = list(_units(text, limit / size, weight, metrics))
    spans = _fill(text, units, limit / size)
    if max_lines is None or len(spans) <= max_lines:
        return Wrapped(text, tuple(spans))
    start, end = spans[max_lines - 1]
    room = limit / size - metrics.width(ELLIPSIS, weight)
    ends = [end for _, end in _clusters(text, start, end)]
    while len(ends) > 1 and metrics.width(text[start : ends[-1]], weight) > room:
        ends.pop()
    return Wrapped(text, (*spans[: max_lines - 1], (start, ends[-1])), cut=True)


@dataclass(frozen=True)
class _Unit:
    """What a line is filled with: positions, width with and without its last space, the price of a break after it."""

    start: int
    end: int
    width: float
    bare: float
    price: float


def _units(text: str, limit: float, weight: int, metrics: Metrics) -> Iterator[_Unit]:
    """Yield the runs; one wider than the limit in its words, such a word in shorter words, and these in letters."""

    def unit(start: int, end: int, price: float) -> _Unit:
        piece = text[start:end]
        return _Unit(start, end, metrics.width(piece, weight), metrics.width(piece.rstrip(" "), weight), price)

    place = 0
    for parts in _parts(text):
        whole = unit(place, place + sum(map(len, parts)), 0 if parts[-1].endswith(" ") else 0.06)
        if whole.bare <= limit:
            yield whole
        else:
            for word in parts:
                for part in [word] if unit(place, place + len(word), 0).bare <= limit else split(word):
                    fits = unit(place, place + len(part), 0).bare <= limit
                    cut = [(place, place + len(part))] if fits else _clusters(text, place, place + len(part))
                    yield from (unit(start, end, 0.5) for start, end in cut)
                    place += len(part)
        place = whole.end


def _fill(text: str, units: list[_Unit], limit: float) -> list[tuple[int, int]]:
    """Choose the breaks: fewest lines first, then even lines, then breaks where the writer left a space.

    A text of more than `MANY_UNITS` is not a text to be set well: it is filled line by line.
    """
    starts = _first_fit(units, limit) if len(units) > MANY_UNITS else _best_fit(units, limit)
    spans = []
    for first, last in pairwise([*starts, len(units)]):
        start, end = units[first].start, units[last - 1].end
        spans.append((start, start + len(text[start:end].rstrip(" "))))
    return spans


def _first_fit(units: list[_Unit], limit: float) -> list[int]:
    """Return the first unit of each line, each line as full as it goes."""
    starts, width = [0], 0.0
    for number, unit in enumerate(units):
        if width and width + unit.bare > limit:
            starts.append(number)
            width = 0.0
        width += unit.width
    return starts


def _best_fit(units: list[_Unit], limit: float) -> list[int]:
    """Return the first unit of each line of the fewest, most even lines."""
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for last, unit in enumerate(units):
        found, width = None, unit.bare
        for first in range(last, -1, -1):
            if first < last:
                width += units[first].width
            if width > limit and first < last:
                break
            lines, badness, _ = best[first]
            price = unit.price if last + 1 < len(units) else 0
            trial = (lines + 1, badness + (1 - width / limit) ** 2 + price, first)
            if found is None or trial < found:
                found = trial
        best.append(found)  # type: ignore[arg-type]
    starts, stop = [], len(units)
    while stop:
        stop = best[stop][2]
        starts.append(stop)
    return starts[::-1]


def _clusters(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what the eye takes for one letter: a consonant with its vowels and marks."""
    place = start
    while place < end:
        stop = place + 1
        if text[place] in LEADING_VOWELS and stop < end:
            stop += 1
        while stop < end and (
            unicodedata.category(text[stop]) == "Mn" or (text[stop] in TRAILING_VOWELS and stop - place < 4)
        ):
            stop += 1
        yield place, stop
        place = stop


@lru_cache(20_000)
def _parts(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the runs of a normalised text, each as the words it was made of."""
    words = _words(text)
    done: list[tuple[str, ...]] = []
    run: list[str] = []
    for place, word in enumerate(words):
        spaced = place >= 2 and words[place - 1] == " "
        before = words[place - 2] if spaced else words[place - 1] if place else ""
        if word == " " or not run or (_kept_over_space if spaced else _kept)(before, word, run):
            run.append(word)
        else:
            done.append(tuple(run))
            run = [word]
    return (*done, tuple(run)) if run else ()


def _kept(before: str, word: str, run: list[str]) -> bool:
    """Tell whether a line may not break between two words written without a space."""
    first, last = word[0], before[-1]
    if before == " ":
        return False
    if first in CLOSING + JOINING or last in OPENING + JOINING + "-" or unicodedata.category(first) == "Mn":
        return True
    if last == "–":
        return first.isdigit() and len(run) > 1 and run[-2][-1].isdigit()
    if first in TRAILING_VOWELS or last in LEADING_VOWELS or (first + last).isascii():
        return True
    if NEGATION.search("".join(run[-2:])) or _letter(before) or _letter(word):
        return True
    if before == "." and len(run) > 1 and _letter(run[-2]):
        return True
    if last.isdigit():
        return word in CLASSIFIERS or first.isascii()
    if first.isdigit():
        return last.isascii() or bool(BEFORE_NUMBER.search(before)) or before.endswith(".")
    named = before in PLACES and word not in FORWARD
    return _short(word, run) and (before in FORWARD or named or word in BACKWARD)


def _letter(word: str) -> bool:
    """Tell whether a word is a lone consonant, or one with a full stop such as ต. for ตำบล."""
    return bool(re.fullmatch(r"[ก-ฮ]\.?", word))


def _kept_over_space(before: str, word: str, run: list[str]) -> bool:
    """Tell whether a line may not break at the space between two words."""
    first, last = word[0], before[-1]
    if word in ("ๆ", "ฯลฯ") or word[0] in "–→=≥≤×+·%" or before[-1:] in "→=≥≤×+(":
        return True
    if last.isdigit() or re.fullmatch(rf"{DIGIT}.*", before):
        return (
            word in CLASSIFIERS or word.rstrip(".") in CLASSIFIERS or bool(re.fullmatch(rf"{MONTH}|{LONG_MONTH}", word))
        )
    if first.isdigit():
        return bool(BEFORE_NUMBER.search(before) or re.fullmatch(rf"{MONTH}|{LONG_MONTH}", before))
    latin = first.isascii() and first.isalpha() and last.isascii() and last.isalpha()
    return _short(word, run) and (latin or before in ("และ", "หรือ"))


def _short(word: str, run: list[str]) -> bool:
    return sum(unicodedata.category(letter) != "Mn" for part in (*run[:LONG_RUN], word) for letter in part) <= LONG_RUN


def _words(text: str) -> list[str]:
    """Split into words, numbers, abbreviations, spaces and signs."""
    words: list[str] = []
    for match in ATOM.finditer(text):
        words += segment(match[0]) if match.lastgroup == "thai" else [match[0]]
    return words
