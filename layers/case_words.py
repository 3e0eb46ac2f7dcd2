"""Words that people write about a case: notes, evidence, answers. They speak of persons, so no error repeats them."""

from boundaries.errors import SocialMapError
from layers.personal_text import is_storable

LONGEST = 2000
SHORTEST_EVIDENCE = 5


class WordsBad(SocialMapError):
    """Words that are too long, too short, or cannot be stored; `field` says which."""

    key = "case_work.words_bad"


def checked_words(value: str | None, field: str, *, shortest: int = 0, longest: int = LONGEST) -> str | None:
    """Return words as they are kept, None for blank ones; `shortest` characters are the least. Raises WordsBad."""
    words = (value or "").strip()
    if len(words) > longest or len(words) < shortest or not is_storable(words):
        raise WordsBad(field=field, shortest=shortest, longest=longest)
    return words or None
