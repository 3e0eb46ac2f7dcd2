"""What several answers share."""

from pydantic import BaseModel, ConfigDict

from boundaries.messages import Text


class Schema(BaseModel):
    """Base of all answers: nothing that is not declared, nothing changed after it was made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Schema):
    """The same sentence in Thai and English."""

    th: str
    en: str


def to_words(text: Text) -> Words:
    """Turn a text of the catalogue into its public form."""
    return Words(th=text.th, en=text.en)


def to_words_or_none(text: Text | None) -> Words | None:
    """The same for a text that may be missing."""
    return None if text is None else to_words(text)
