"""Texts of plans on pages: lines break between words as everywhere else on our maps and sheets, never within one."""

from functools import lru_cache

from markupsafe import Markup, escape

from mapping.thai_text import WORD_BREAK, marked

LONG = 24
"""Letters of a run that may break anyway: no column is wide enough for any longer word."""


LONGEST = 300
"""Letters of a text that is parted into words; a longer one is left to the browser, for finding words takes time."""


@lru_cache(maxsize=1 << 12)
def thai(words: str) -> Markup:
    """Write a text in runs that stay together, with places between them where a line may break."""
    if len(words) > LONGEST:
        return escape(words)
    made = []
    for run in marked(words).split(WORD_BREAK):
        kept = run.rstrip(" ")
        if kept:
            name = "run long" if len(kept) > LONG else "run"
            made.append(Markup('<span class="{}">{}</span><wbr>').format(name, kept))
        made.append(escape(run[len(kept) :]))
    return Markup("").join(made)
