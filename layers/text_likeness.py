"""How alike two Thai texts are: by their letters for names, by their words for what somebody told. Pure."""

import re

from rapidfuzz import fuzz

from boundaries import names

LONGEST = 4000
"""Characters beyond which a text is not compared; nobody tells more of a case."""


def name_likeness(one: str, other: str) -> int:
    """Return how alike two names are, 0 to 100: spelling of ำ, blanks, digits and case make no difference."""
    first, second = names.key(one), names.key(other)
    if not first or not second:
        return 0
    return round(fuzz.ratio(first, second))


def text_likeness(one: str, other: str) -> int:
    """Return how many of their words two texts share, 0 to 100; order and repetition make no difference."""
    first, second = words_of(one), words_of(other)
    if not first or not second:
        return 0
    # Not the set ratio: a text of two words within one of fifty is no likeness.
    return round(fuzz.token_sort_ratio(" ".join(sorted(first)), " ".join(sorted(second))))


def words_of(said: str) -> set[str]:
    """Return the words of a text, those that stand in every text left out."""
    from pythainlp.tokenize import word_tokenize  # loads a dictionary

    cut = word_tokenize(names.clean(said[:LONGEST]).casefold(), engine="newmm", keep_whitespace=False)
    return {word for word in cut if word not in _EMPTY and any(letter.isalnum() for letter in word)}


_EMPTY = frozenset(re.findall(r"\S+", """
    และ หรือ การ ความ ผู้ ของ ใน ที่ โดย จาก ต่อ เพื่อ ด้วย แก่ ให้ ถึง กับ ถูก ได้ มี ตาม แต่ ซึ่ง จึง เป็น ณ ว่า อยู่ ไม่ มา ไป แล้ว
    นี้ นั้น จะ
"""))  # fmt: skip
"""Words that stand in every text."""
