"""Thai words: a text without spaces split where its words most likely end.

Longest or fewest words alone cut wrongly (ใน|รา|คาที่ for ใน|ราคา|ที่); how often a word is written decides. Dictionary
and frequencies are pythainlp's, our own terms stand in thai_words.txt.
"""

import json
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from math import log
from pathlib import Path

from mapping.made_once import installed, made_once

TERMS = Path(__file__).with_name("thai_words.txt")
LEADING_VOWELS = "เแโใไ"
TRAILING_VOWELS = "ะาำๅ"
LONGEST = 32
UNKNOWN, RARE = 26.0, 17.0
"""Price of one letter of no known word, and of a known word that nobody has counted."""
COMPOUND, TERM = 0.9, 0.5
"""A compound that nobody has counted, or a term of ours, costs this share of the words it is made of."""


@dataclass(frozen=True)
class Lexicon:
    """Known words, our own terms among them, and what a word costs: the less it is written, the more."""

    words: frozenset[str]
    terms: frozenset[str]
    prices: dict[str, float] = field(repr=False)

    def price(self, word: str) -> float | None:
        """Return the price of a word, None when it is not known."""
        if word not in self.words:
            return None
        known = self.prices.get(word)
        if known is None or word in self.terms:
            parts = self.path(word, whole=False)
            made = sum(price for price, _ in parts)
            share = TERM if word in self.terms else COMPOUND
            known = min(RARE, known or RARE, share * made)
            self.prices[word] = known
        return known

    def path(self, text: str, whole: bool = True) -> list[tuple[float, str]]:
        """Return the cheapest words of a text with their prices; not the text itself unless `whole`."""
        best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * len(text)
        for start in range(len(text)):
            spent = best[start][0]
            if spent == float("inf"):
                continue
            for end in range(start + 1, min(len(text), start + LONGEST) + 1):
                if not _may_end(text, end) or (not whole and end - start == len(text)):
                    continue
                word = text[start:end]
                price = self.price(word) if whole else self.prices.get(word)
                if price is not None and spent + price < best[end][0]:
                    best[end] = (spent + price, start)
            end = _letter_end(text, start)
            if spent + UNKNOWN < best[end][0]:
                best[end] = (spent + UNKNOWN, start)
        return _walk(text, best)


def segment(text: str) -> list[str]:
    """Split a stretch of Thai letters into words; joined they are the same stretch. Unknown letters stay together."""
    words: list[str] = []
    unknown = False
    for price, word in lexicon().path(text):
        if unknown and price >= UNKNOWN:
            words[-1] += word
        else:
            words.append(word)
        unknown = price >= UNKNOWN
    return words


def split(word: str) -> list[str]:
    """Split a compound into the shorter words it is made of; one that is none stays whole."""
    return [part for _, part in lexicon().path(word, whole=False)] if word in lexicon().words else [word]


def _walk(text: str, best: list[tuple[float, int]]) -> list[tuple[float, str]]:
    found, end = [], len(text)
    while end:
        spent, start = best[end]
        found.append((spent - best[start][0], text[start:end]))
        end = start
    return found[::-1]


def _may_end(text: str, end: int) -> bool:
    """Tell whether a word may end before `end`: not between a consonant and its vowel or mark."""
    if text[end - 1] in LEADING_VOWELS:
        return False
    return end == len(text) or not (text[end] in TRAILING_VOWELS or unicodedata.category(text[end]) == "Mn")


def _letter_end(text: str, start: int) -> int:
    end = start + 1
    while end < len(text) and not _may_end(text, end):
        end += 1
    return end


@cache
def lexicon() -> Lexicon:
    """Read words, terms and prices when the first text is split; they are reckoned once a machine."""
    corpus = installed("pythainlp").parent / "corpus"  # found, not imported: that alone takes a tenth of a second
    sources = [TERMS, Path(__file__), corpus / "words_th.txt", corpus / "tnc_freq.txt"]
    known = json.loads((made_once("thai-words", sources, _reckon) / "words.json").read_text("utf-8"))
    return Lexicon(frozenset(known["words"]), frozenset(known["terms"]), known["prices"])


def _reckon(place: Path) -> None:
    """Write words, terms and prices from pythainlp's dictionary and frequencies and our own terms."""
    from pythainlp.corpus.common import thai_words
    from pythainlp.corpus.tnc import unigram_word_freqs

    counts: dict[str, int] = unigram_word_freqs()
    total = sum(counts.values())
    lines = (line.strip() for line in TERMS.read_text("utf-8").splitlines())
    terms = frozenset(line for line in lines if line and not line.startswith("#"))
    words = frozenset(thai_words()) | terms
    prices = {word: log(total / count) for word, count in counts.items() if count > 4 and word in words}
    known = {"words": sorted(words), "terms": sorted(terms), "prices": prices}
    (place / "words.json").write_text(json.dumps(known, ensure_ascii=False), "utf-8")
