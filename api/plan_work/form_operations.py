"""What the forms about one plan ask for, as operations; only what was changed on the page is asked for.

An operation's id follows from who asks what of which number of the plan: a form that is sent twice is done once.
"""

from collections.abc import Iterator
from uuid import UUID, uuid5

from api.auth.asking import Caller
from api.auth.errors import FormBad, NotSignedIn
from api.auth.forms import Form
from mapping.plan_asking import Operation
from mapping.plan_fields import Value
from mapping.policies import TAGS

ACTUAL, WAS = "actual-", "was-"
LONGEST_NUMBER = 15


def session_of(caller: Caller) -> UUID:
    """Return the session of somebody who is signed in on a browser. Raises NotSignedIn."""
    if caller.session_id is None:
        raise NotSignedIn
    return caller.session_id


def progress_operations(form: Form, session: UUID) -> list[Operation]:
    """Return what a row of the table asks to be noted, by whose session. Raises FormBad."""
    part, base = id_of(form, "part"), number_of(form, "base")
    asked = [(part, "status", form.get("status"), form.get(f"{WAS}status"))]
    asked += [(id_, "actual", value, form.get(f"{WAS}{ACTUAL}{id_}")) for id_, value in _actual(form)]
    return [
        _set(session, base, id_, field, value.strip() or None)
        for id_, field, value, was in asked
        if value.strip() != was
    ]


def _set(session: UUID, base: int, part: UUID, field: str, value: Value) -> Operation:
    return Operation(uuid5(session, f"{base} {part} {field} {value}"), "set", base, part, field=field, value=value)


def id_of(form: Form, name: str) -> UUID:
    """Return an id that a form sends. Raises FormBad."""
    return parsed_id(form.get(name))


def parsed_id(words: str) -> UUID:
    """Return an id as our pages write it. Raises FormBad."""
    try:
        found = UUID(words)
    except ValueError:
        raise FormBad from None
    if str(found) != words:
        raise FormBad
    return found


def number_of(form: Form, name: str) -> int:
    """Return a whole number that a form sends. Raises FormBad."""
    words = form.get(name)
    if not words.isascii() or not words.isdigit() or len(words) > LONGEST_NUMBER:
        raise FormBad
    return int(words)


def _actual(form: Form) -> Iterator[tuple[UUID, str]]:
    for name, value in form.pairs:
        if name.startswith(ACTUAL):
            yield parsed_id(name.removeprefix(ACTUAL)), value


def tag_operations(form: Form, session: UUID) -> list[Operation]:
    """Return what the form of a part's policies asks to be noted, by whose session. Raises FormBad."""
    part, base = id_of(form, "part"), number_of(form, "base")
    tags = sorted(set(form.all("tag")))
    if tags == sorted(form.get("was").split()):
        return []
    return [_set(session, base, part, TAGS, tags or None)]
