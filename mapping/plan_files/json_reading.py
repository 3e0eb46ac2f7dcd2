"""JSON from anywhere: as deep and as full of brackets as a plan can be, and no more."""

import json
from typing import Any

from mapping.plan_files.errors import PlanFileDamaged, PlanFileDeep, PlanFileLong

MOST_BRACKETS = 60_000
"""Objects and lists of a file; each costs fifty times the memory of its two letters."""


def read_json(name: str, content: bytes) -> Any:
    """Return what a JSON file says. Raises PlanFileDamaged, PlanFileDeep, PlanFileLong."""
    if content.count(b"{") + content.count(b"[") > MOST_BRACKETS:
        raise PlanFileLong(name=name)
    try:
        return json.loads(content.decode("utf-8-sig"))
    except RecursionError:
        raise PlanFileDeep(name=name) from None
    except ValueError:
        raise PlanFileDamaged(name=name) from None
