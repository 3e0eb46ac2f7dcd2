"""The encoding of a text file, told from its bytes: UTF-8, UTF-16, or CP874 of old Thai files (TIS-620)."""

import codecs
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from boundaries.messages import Text, text

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
THAI_IN_UTF8 = re.compile(rb"\xe0[\xb8\xb9][\x80-\xbf]")
ABOVE_ASCII = bytes(range(128, 256))
NOT_IN_CP874 = bytes(one for one in range(128, 256) if not bytes([one]).decode("cp874", "ignore"))
PAGE_874 = re.compile(
    r"^(?:oem|ansi|cp|windows|ibm|ms|x)?[\s_-]*874\b|^tis[\s_-]?620|^iso[\s_-]?8859[\s_-]?11|^thai$", re.I
)
MOSTLY = 0.8
"""Share of letters above ASCII that must be whole Thai letters of UTF-8 before damaged bytes are put up with."""


@dataclass(frozen=True)
class Encoding:
    """An encoding by its Python name, how undecodable bytes are treated, and what the user should know."""

    name: str
    errors: str = "strict"
    notes: tuple[Text, ...] = ()


def find_mark(head: bytes) -> str | None:
    """Name the encoding whose byte order mark a file begins with, else the UTF-16 that its zero bytes betray."""
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    return _unmarked_utf16(head)


def _unmarked_utf16(head: bytes) -> str | None:
    """Tell UTF-16 without a mark: of ASCII and Thai letters one byte of two is always 0x00 or 0x0E."""
    whole = head[: len(head) // 2 * 2]
    if len(whole) < 4 or 0 not in whole:
        return None
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = whole[first::2]
        low = whole[1 - first :: 2]
        if (high.count(0) + high.count(0x0E) + high.count(0x20)) / len(high) > 0.95 and low.count(0) == 0:
            return name
    return None


def find_encoding(pieces: Callable[[], Iterable[bytes]]) -> Encoding | None:
    """Tell the encoding of a text that is given in pieces at each call; None when it is no text in any that is known.

    The whole text is looked at: one old letter at its end decides. UTF-8 with a few damaged letters stays UTF-8.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in pieces():
            decoder.decode(piece)
    except UnicodeDecodeError:
        return _older(pieces())
    cut = bool(decoder.getstate()[0])
    return Encoding("utf-8", "replace" if cut else "strict", (text("file.cut_off"),) if cut else ())


def _older(pieces: Iterable[bytes]) -> Encoding | None:
    """Tell CP874 from damaged UTF-8 by how many letters above ASCII are whole Thai letters of UTF-8."""
    letters = above = unknown = 0
    for piece in pieces:
        above += len(piece) - len(piece.translate(None, ABOVE_ASCII))
        unknown += len(piece) - len(piece.translate(None, NOT_IN_CP874))
        letters += len(THAI_IN_UTF8.findall(piece))
    if 3 * letters / above > MOSTLY:
        return Encoding("utf-8", "replace", (text("file.damaged_letters"),))
    return Encoding("cp874", notes=(text("file.read_as_cp874"),)) if not unknown else None


def name_encoding(words: str) -> str | None:
    """Return the Python name of an encoding as people and .cpg files write it: "OEM 874", "65001", "TIS-620"."""
    words = words.strip().strip("\x00")
    if PAGE_874.match(words):
        return "cp874"
    if words in {"65001", "UTF8"}:
        return "utf-8"
    for written in (words, f"cp{words}", re.sub(r"^(ansi|oem)\s*", "cp", words, flags=re.I)):
        try:
            found = codecs.lookup(written)
        except (LookupError, ValueError):
            continue
        return found.name if found._is_text_encoding else None
    return None
