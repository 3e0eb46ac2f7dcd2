"""The help lines 1300 and 1479, as they stand at the foot of every page. Numbers and markup are written here alone."""

from html import escape

from boundaries.messages import Text, text

NUMBERS = ("1300", "1479")


def help_lines() -> list[tuple[str, Text]]:
    """Return each number with whom one reaches there."""
    return [(number, text(f"help.{number}")) for number in NUMBERS]


def footer(*, privacy: bool = True) -> str:
    """Write the foot of a page; `privacy` leads on to the page about it, where there is a server to answer."""
    parts = [f'<a href="tel:{number}"><b>{number}</b> {_both(words)}</a>' for number, words in help_lines()]
    if privacy:
        parts.append(f'<a href="/privacy">{_both(text("front.to_privacy"))}</a>')
    label = escape(text("help.title").th)
    return f'<footer aria-label="{label}"><p>{" ".join(parts)}</p></footer>'


def _both(words: Text) -> str:
    return f'{escape(words.th)} <span lang="en">{escape(words.en)}</span>'
