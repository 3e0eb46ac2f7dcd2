"""The words by which files of other programs name kinds and fields: ours, Thai and English, and those in common use."""

import re
from collections.abc import Mapping
from functools import cache
from typing import get_args

from boundaries.messages import text
from boundaries.names import clean
from mapping.plan_fields import FIELDS, Kind

KINDS: tuple[Kind, ...] = get_args(Kind)
SAID: Mapping[Kind, tuple[str, ...]] = {
    "problem": ("ประเด็นปัญหา", "problems"),
    "effect": ("ผล", "ผลที่ตามมา", "ผลกระทบของปัญหา", "effects", "impact", "impacts", "consequence", "consequences"),
    "cause": ("ปัจจัย", "สาเหตุของปัญหา", "สาเหตุปัญหา", "causes", "reason", "reasons", "root causes"),
    "goal": ("เป้าประสงค์", "goals", "aim", "vision"),
    "objective": ("จุดประสงค์", "objectives"),
    "solution": (
        "แนวทาง", "แนวทางแก้", "แนวทางการแก้ไข", "แนวทางแก้ไขปัญหา", "แนวทางการแก้ไขปัญหา", "วิธีแก้", "วิธีแก้ไข",
        "ทางแก้", "ทางแก้ไข", "การแก้ไข", "มาตรการ", "กลยุทธ์", "solutions", "measures", "strategies",
    ),
    "asset": ("ทุน", "ทรัพยากร", "ต้นทุนทางสังคม", "assets", "asset", "resources"),
    "activity": ("โครงการ", "กิจกรรม/โครงการ", "โครงการ/กิจกรรม", "แผนงาน", "activities", "projects", "project"),
    "indicator": ("ตัวชี้วัดความสำเร็จ", "indicators", "kpi"),
}  # fmt: skip
"""Further words by which people name the kinds in maps of their own."""

LONGEST_MARK = 60
_NUMBER = re.compile(r"\s\d[\d.]*$")


@cache
def kinds_by_word() -> Mapping[str, Kind]:
    """Return the kinds by each word that names one, in small letters."""
    found: dict[str, Kind] = {}
    for kind in KINDS:
        words = text(f"plan.kind.{kind}")
        found |= dict.fromkeys((kind, words.th, words.en.casefold(), *SAID[kind]), kind)
    return found


@cache
def fields_by_word() -> Mapping[str, str]:
    """Return the fields by their names and by what they are called, in small letters."""
    names = dict.fromkeys(name for kind in KINDS for name in FIELDS[kind])
    called = {name: label(name) for name in names}
    return {word: name for name, said in called.items() for word in (name, said[0].casefold(), said[1].casefold())}


def label(field: str) -> tuple[str, str]:
    """Return what a field is called in Thai and English; its name where nobody has called it anything yet."""
    try:
        words = text(f"plan_files.field.{field}")
    except KeyError:
        return field, field
    return words.th, words.en


def kind_of(words: str) -> Kind | None:
    """Return the kind that a text names, when it does nothing else."""
    return kinds_by_word().get(clean(words).rstrip(":：").strip().casefold()) if len(words) <= LONGEST_MARK else None


def field_of(kind: Kind, words: str) -> str | None:
    """Return the field of a kind that is called so."""
    name = fields_by_word().get(clean(words[:LONGEST_MARK]).casefold())
    return name if name in FIELDS[kind] else None


def unmarked(words: str) -> tuple[Kind | None, str]:
    """Take the word of a kind off a text's beginning: `สาเหตุ 1.2: …`."""
    plain = words.lstrip()
    place = min((at for at in (plain.find(mark, 0, LONGEST_MARK) for mark in ":：") if at > 0), default=0)
    head, rest = plain[:place], plain[place + 1 :]
    if not head or not rest[:1].isspace():
        return None, words
    kind = kind_of(_NUMBER.sub("", head.rstrip()))
    return (kind, rest[1:]) if kind else (None, words)


def marked(kind: Kind, words: str, number: str = "") -> str:
    """Write the word of a kind before a text."""
    return f"{text(f'plan.kind.{kind}').th}{f' {number}' if number else ''}: {words}"
