"""DBF tables: the attributes of a shapefile, or a file by itself; read whole, at most 512 MB.

Their letters are in what the bytes show them to be. The .cpg beside a DBF and the byte for the language in it are asked
only where the bytes leave it open: both are often missing or wrong.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from boundaries.messages import Text, text
from layers.files import encodings
from layers.files.errors import CannotBeAsked, NotATable
from layers.files.features import Features, table_of_records
from layers.files.sizes import check_size
from layers.files.table import Asked, Detected, FileTable

FIELD = 32
END_OF_FIELDS = 0x0D
DELETED = 0x2A
LANGUAGES = {0x50: "cp874", 0x7C: "cp874"}
"""The byte for the language: Thai MS-DOS and Thai Windows."""
CPG_LONGEST = 100


@dataclass(frozen=True)
class _Field:
    name: bytes
    kind: str
    start: int
    length: int


@dataclass(frozen=True)
class Attributes:
    """The records of a DBF: column names and, by record, its values; None where the record is deleted."""

    columns: tuple[str, ...]
    records: tuple[tuple[str, ...] | None, ...]
    encoding: str
    notes: tuple[Text, ...]


def read_dbf(path: Path, asked: Asked, name: str) -> FileTable:
    """Read a DBF by itself, with the .cpg that lies beside it; raise NotATable, EmptyTable, TooLarge."""
    check_size(path, name)
    beside = next((one for end in (".cpg", ".CPG") if (one := path.with_suffix(end)).is_file()), None)
    said = beside.read_bytes()[:CPG_LONGEST] if beside else None
    attributes = read_attributes(path.read_bytes(), said, asked.encoding, name)
    return table_of_attributes(attributes, Detected("dbf"), asked, name)


def table_of_attributes(attributes: Attributes, found: Detected, asked: Asked, name: str) -> FileTable:
    """Make attributes without places into a table."""
    rows = Features(dict.fromkeys(attributes.columns))
    rows.records.extend((record, None) for record in attributes.records if record is not None)
    notes = (*found.notes, *attributes.notes)
    detected = Detected("dbf", encoding=attributes.encoding, layer=found.layer, layers=found.layers, notes=notes)
    return table_of_records(name, rows, detected, asked)


def read_attributes(content: bytes, cpg: bytes | None, asked: str | None, name: str) -> Attributes:
    """Read the records of a DBF; `cpg` is what its .cpg holds. Raise NotATable where it is cut off or damaged."""
    if len(content) < FIELD + 1:
        raise NotATable(name=name)
    count, header, length = struct.unpack_from("<IHH", content, 4)
    fields = tuple(_fields(content, min(header, len(content)), name))
    body = content[header : header + count * length]
    if length < 2 or len(body) < count * length or any(field.start + field.length > length for field in fields):
        raise NotATable(name=name)
    encoding, notes = _encoding(b"".join(field.name for field in fields) + body, content[29], cpg, asked)
    records: list[tuple[str, ...] | None] = []
    for start in range(0, count * length, length):
        record = body[start : start + length]
        values = tuple(_value(field, record[field.start : field.start + field.length], encoding) for field in fields)
        records.append(None if record[0] == DELETED else values)
    deleted = records.count(None)
    if deleted:
        notes = (*notes, text("file.deleted_records", count=deleted))
    if any(field.kind in "MBGP" for field in fields):
        notes = (*notes, text("file.memo_unread"))
    return Attributes(_unique(fields, encoding), tuple(records), encoding, notes)


def _fields(content: bytes, header: int, name: str) -> Iterator[_Field]:
    start = 1
    for place in range(FIELD, header - 1, FIELD):
        raw = content[place : place + FIELD]
        if raw[0] == END_OF_FIELDS:
            break
        if len(raw) < FIELD:
            raise NotATable(name=name)
        kind, length = chr(raw[11]), raw[16]
        if kind == "C":
            length += raw[17] << 8
        yield _Field(raw[:11].split(b"\x00", 1)[0], kind, start, length)
        start += length


def _unique(fields: tuple[_Field, ...], encoding: str) -> tuple[str, ...]:
    """Decode the names of the columns; names that are cut short to ten bytes may come twice."""
    names: dict[str, None] = {}
    for place, field in enumerate(fields, start=1):
        word = field.name.decode(encoding, "ignore").strip() or f"คอลัมน์ {place} (column {place})"
        name, again = word, 1
        while name in names:
            again += 1
            name = f"{word} ({again})"
        names[name] = None
    return tuple(names)


def _value(field: _Field, raw: bytes, encoding: str) -> str:
    """Write a value as text: dates as ISO with the year as stored, whole numbers without a point."""
    if field.kind == "C":
        return raw.rstrip(b"\x00 ").replace(b"\x00", b"").decode(encoding, "ignore").strip()
    words = raw.decode("ascii", "ignore").replace("\x00", "").strip()
    if field.kind == "D" and len(words) == 8 and words.isdecimal():
        return f"{words[:4]}-{words[4:6]}-{words[6:]}" if words != "00000000" else ""
    if field.kind in "NF":
        return _number(words)
    if field.kind == "L":
        return {"T": "TRUE", "Y": "TRUE", "F": "FALSE", "N": "FALSE"}.get(words.upper(), "")
    return struct.unpack("<i", raw)[0].__str__() if field.kind == "I" and len(raw) == 4 else ""


def _number(words: str) -> str:
    if words.startswith("*"):
        return ""
    if "e" in words.lower():
        try:
            number = float(words)
        except ValueError:
            return words
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    whole, point, part = words.partition(".")
    return whole if point and not part.strip("0") else words


def _encoding(content: bytes, language: int, cpg: bytes | None, asked: str | None) -> tuple[str, tuple[Text, ...]]:
    """Say in which encoding the letters are, and what the user should know of it."""
    said = cpg.decode("ascii", "ignore").strip() if cpg is not None else ""
    named = encodings.name_encoding(said) if said else None
    if asked:
        wanted = encodings.name_encoding(asked)
        if not wanted:
            raise CannotBeAsked(asked=asked, allowed="utf-8, cp874")
        return wanted, ()
    if content.isascii():
        return named or "utf-8", ()
    found = encodings.find_encoding(lambda: [content])
    if found and found.name == "utf-8":
        chosen = "utf-8"
    elif named and named != "utf-8":
        chosen = named
    else:
        chosen = LANGUAGES.get(language, "cp874")
    if not said:
        return chosen, (text("file.cpg_missing", encoding=chosen.upper()),)
    if named == chosen and said.upper().replace("-", "") in ("UTF8", "CP874", "874", "TIS620", "65001"):
        return chosen, ()
    return chosen, (text("file.cpg_other", said=said, encoding=chosen.upper()),)
