"""Which tables are published, read from `published.yaml`: a short list, for the attack has to hold for all of them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from boundaries.codes import Level
from boundaries.yaml_files import read_yaml
from layers import taxonomy
from layers.filters import Filter
from layers.taxonomy import Sensitivity

By = Literal["problem", "target_group"]

ALL = "all"
"""Key of the problems that are not secret, together."""


@dataclass(frozen=True)
class Published:
    """One kind of table: areas of a level by problem or target group, for a fiscal year."""

    level: Level
    by: By
    secret: bool
    complete: bool

    def keys(self, year_complete: bool) -> tuple[str, ...]:
        """Return the problems or target groups that have a table, all problems together as the last one."""
        if self.complete and not year_complete:
            return ()
        with_secret = self.secret and year_complete
        if self.by == "target_group":
            groups = taxonomy.target_groups()
            return tuple(code for code in groups if with_secret or groups[code].sensitivity != "L3")
        codes = (code for code in taxonomy.categories() if with_secret or code not in taxonomy.secret_categories())
        return (*codes, ALL)


@cache
def published() -> tuple[Published, ...]:
    """Return the list."""
    rows = read_yaml(Path(__file__).with_name("published.yaml"))["tables"]
    return tuple(Published(**row) for row in rows)


def sensitivity_of(key: str) -> Sensitivity:
    """Return the level of what a table's key names; all problems together name none."""
    if key == ALL:
        return "L1"
    if key.startswith("P"):
        return taxonomy.get_problem(key).sensitivity
    return taxonomy.get_target_group(key).sensitivity


def key_of(level: Level, filter: Filter) -> str | None:
    """Return the key of the table that answers a filter at a level, None when no table does."""
    if filter.period.kind != "fy" or (filter.problem and filter.target_group):
        return None
    by: By = "target_group" if filter.target_group else "problem"
    key = filter.target_group or filter.problem or ALL
    held = (one for one in published() if (one.level, one.by) == (level, by))
    return key if any(key in one.keys(year_complete=True) for one in held) else None
