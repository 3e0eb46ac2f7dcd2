"""What a form of ours sends: `application/x-www-form-urlencoded`, read without any further library."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from api.auth.errors import FormBad

TYPE = "application/x-www-form-urlencoded"
MOST_FIELDS, LONGEST = 600, 20_000


class Form:
    """The fields of one form; a field that was not sent is empty."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs

    def get(self, name: str) -> str:
        """Return the first value of a field."""
        return next((value for key, value in self.pairs if key == name), "")

    def all(self, name: str) -> list[str]:
        """Return every value of a field, as ticked boxes send them."""
        return [value for key, value in self.pairs if key == name]

    def words(self, name: str) -> list[str]:
        """Return what stands in a field between spaces, commas and line ends."""
        return self.get(name).replace(",", " ").split()


async def read_form(request: Request) -> Form:
    """Read the form of a request; another kind of body is a form without fields. Raises FormBad."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != TYPE:
        return Form([])
    body = await request.body()
    try:
        if len(body) > LONGEST:
            raise FormBad
        return Form(
            parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
        )
    except ValueError:
        raise FormBad from None


Sent = Annotated[Form, Depends(read_form)]
