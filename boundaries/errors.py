"""The root of all errors that a user may see, in Thai and English."""

from boundaries.messages import Text, text


class SocialMapError(Exception):
    """A named failure whose words stand in the message catalogue under `key`.

    Subclasses set `key`; the keyword arguments fill the placeholders of its text.
    """

    key = "error.unknown"

    def __init__(self, **params: object) -> None:
        super().__init__(self.key, params)
        self.params = params

    @property
    def text(self) -> Text:
        """Say what was wrong and what is allowed, in both languages."""
        return text(self.key, **self.params)

    def __str__(self) -> str:
        return f"{self.text.th} / {self.text.en}"
