"""What the forms of a case's sheet send about work on it, as the rules know it."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api import case_work
from api.auth.errors import FormBad
from api.auth.forms import Form
from boundaries import names
from layers.assistance import LARGEST, AssistanceBad
from layers.date_reading import parse_date
from layers.referrals import ANSWERS
from layers.scope import Scope


def said_day(form: Form, name: str) -> date:
    """Read a whole day as people write it, in พ.ศ. Raises BadDate, FormBad for less than a day."""
    day, precision = parse_date(form.get(name)[:60])
    if precision != "day":
        raise FormBad
    return day


def said_number(form: Form, name: str) -> int | None:
    """Read a whole number, None for an empty field. Raises FormBad."""
    written = form.get(name).strip()
    if written and not (written.isascii() and written.isdecimal() and len(written) < 10):
        raise FormBad
    return int(written) if written else None


def said_amount(form: Form) -> Decimal | None:
    """Read an amount in baht, None for an empty field; Thai digits and commas are fine. Raises AssistanceBad."""
    written = names.key(form.get("amount")[:40]).replace(",", "")
    if not written:
        return None
    try:
        return Decimal(written).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise AssistanceBad(field="amount", allowed=f"0.01–{LARGEST:,}") from None


def step(session: Session, scope: Scope, case_id: UUID, form: Form) -> str:
    """Take the step that a button says."""
    to = said_number(form, "to")
    if to is None:
        raise FormBad
    case_work.step(session, scope, case_id, to, note=form.get("step_note"))
    return "step"


def close(session: Session, scope: Scope, case_id: UUID, form: Form) -> str:
    """Propose to close a case, confirm or decline what was proposed."""
    do = form.get("do")
    if do == "propose":
        case_work.propose(session, scope, case_id, form.get("why")[:40], form.get("evidence"))
        return "proposed"
    if do == "confirm":
        case_work.confirm(session, scope, case_id)
        return "confirmed"
    if do != "decline":
        raise FormBad
    case_work.decline(session, scope, case_id, form.get("closing_note"))
    return "declined"


def refer(session: Session, scope: Scope, case_id: UUID, form: Form) -> str:
    """Refer a case to an agency."""
    about = (form.get("agency")[:40], said_number(form, "unit"), form.get("refer_note"))
    case_work.refer(session, scope, case_id, *about)
    return "referred"


def note_answer(session: Session, scope: Scope, case_id: UUID, referral_id: UUID, form: Form) -> str:
    """Note what an agency answered."""
    state = next((one for one in ANSWERS if one == form.get("state")), None)
    if state is None:
        raise FormBad
    case_work.note_answer(session, scope, case_id, referral_id, state, form.get("answer_note"))
    return "answered"


def plan_visit(session: Session, scope: Scope, case_id: UUID, form: Form) -> str:
    """Plan a visit."""
    case_work.plan(session, scope, case_id, said_day(form, "due_on"), form.get("visit_note"))
    return "planned"


def note_visit(session: Session, scope: Scope, case_id: UUID, visit_id: UUID, form: Form) -> str:
    """Note that a visit was made."""
    case_work.visited(session, scope, case_id, visit_id, said_day(form, "done_on"), form.get("made_note"))
    return "visited"


def give(session: Session, scope: Scope, case_id: UUID, form: Form) -> str:
    """Note help that was given."""
    about, more = _help(form)
    case_work.give(session, scope, case_id, *about, **more)
    return "given"


def correct(session: Session, scope: Scope, case_id: UUID, assistance_id: UUID, form: Form) -> str:
    """Correct what was noted of help."""
    about, more = _help(form)
    case_work.correct(session, scope, case_id, assistance_id, *about, **more)
    return "corrected"


def _help(form: Form) -> tuple[tuple[str, str, date], dict[str, Any]]:
    about = (form.get("welfare_system")[:40], form.get("kind")[:40], said_day(form, "given_on"))
    return about, {"amount": said_amount(form), "note": form.get("given_note")}


def assign(own: Session, by: Scope, case_id: UUID, form: Form) -> str:
    """Give a case to a unit and put people of it into its team; the session is the product's own."""
    unit = said_number(form, "unit")
    if unit is None:
        raise FormBad
    logins = [login[:64] for login in form.words("team")][:20]
    case_work.assign(own, by, case_id, unit, logins)
    return "assigned"
