"""What a phone offers to choose from, and every word that it shows: the taxonomy and the catalogue as JSON."""

import json
from functools import cache
from typing import Any

from boundaries.messages import catalogue
from layers.taxonomy import categories, problems, statuses, target_groups, urgencies

PREFIX = "phone."


@cache
def words() -> bytes:
    """Return the sentences of the phone in Thai and English by their keys, without the prefix they share."""
    ours = {key.removeprefix(PREFIX): told for key, told in catalogue().items() if key.startswith(PREFIX)}
    return _json({"th": {key: one.th for key, one in ours.items()}, "en": {key: one.en for key, one in ours.items()}})


@cache
def choices() -> bytes:
    """Return problems with their subtypes, target groups, urgencies and statuses, each in both languages."""
    return _json(
        {
            "problems": [_problem(code) for code in categories()],
            "groups": [{"code": one.code, "th": one.th, "en": one.en} for one in target_groups().values()],
            "urgencies": [
                {"code": one.code, "th": one.th, "en": one.en, "rule": {"th": one.rule_th, "en": one.rule_en}}
                for one in urgencies().values()
            ],
            "statuses": {str(code): {"th": one.th, "en": one.en} for code, one in statuses().items()},
        }
    )


def _problem(code: str) -> dict[str, Any]:
    known = problems()
    below = [one for one in known.values() if one.category == code and one.code != code]
    return {
        "code": code,
        "th": known[code].th,
        "en": known[code].en,
        "secret": known[code].sensitivity == "L3",
        "subtypes": [{"code": one.code, "th": one.th, "en": one.en} for one in below],
    }


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
