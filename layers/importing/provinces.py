"""Whether a text is the name of one of the 77 provinces: to tell a column by its values; rows are matched elsewhere."""

from functools import cache

from boundaries import names
from boundaries.importing import province_names


@cache
def _keys() -> frozenset[str]:
    return frozenset(names.key(name) for both in province_names().values() for name in both)


def is_province(text: str) -> bool:
    """Say whether a text is plainly the name of a province, with or without its prefix."""
    return names.key(names.without_prefix(text)) in _keys()
