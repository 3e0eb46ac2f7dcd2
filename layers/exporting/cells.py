"""Cells as texts: what a spreadsheet must not run, and what XML cannot hold."""

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Beginnings that some spreadsheet takes for a formula, or drops before it looks for one."""
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def harmless(value: object) -> object:
    """Keep a spreadsheet from running a text that looks like a formula; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def printable(value: str) -> str:
    """Drop the control characters that XML and workbooks cannot hold."""
    return _UNWRITABLE.sub("", value)
