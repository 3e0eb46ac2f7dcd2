"""Codes that became other codes: what a record without a point follows when boundaries change."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import yaml

from boundaries.codes import COUNTRY, ancestors_of, level_of


@dataclass(frozen=True)
class Change:
    """One code that became another, since when, and how sure that is."""

    old: str
    new: str
    since: date
    certainty: Literal["sourced", "pairing"]
    note: str


@cache
def changes() -> Mapping[str, Change]:
    """Return all known changes by old code."""
    table = yaml.safe_load(Path(__file__).with_name("crosswalks.yaml").read_text("utf-8"))
    return MappingProxyType({entry["old"]: Change(**entry) for entry in table})


def find_successor(code: str, present: Collection[str]) -> str | None:
    """Return the code that `code` has among those `present`, None when nobody knows.

    A code that is present is its own successor. A subdistrict of a district that changed becomes the new district:
    how its own number continued is not known.
    """
    level_of(code)
    if code in present:
        return code
    for old in (code, *ancestors_of(code)):
        change = changes().get(old)
        if old != COUNTRY and change is not None and change.new in present:
            return change.new
    return None
