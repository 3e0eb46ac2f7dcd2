"""The second factor: time-based codes (RFC 6238) and recovery codes, each of use once."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from api.auth.errors import CodeWrong
from api.auth.keys import Keys, code_hash, lock_secret, new_code, unlock_secret
from api.auth.models import Account, RecoveryCode

ISSUER = "Social Map"
STEP, WINDOW = 30, 1
"""Seconds of a code, and how many steps a phone's clock may be off."""
RECOVERY_CODES, RECOVERY_BYTES = 10, 10


def enrolment_secret(session: Session, keys: Keys, account_id: UUID) -> str:
    """Return the secret that an account is setting up; the same until a code confirms it.

    Raises CodeWrong when a second factor is in use: it is shown to nobody again.
    """
    asked = select(Account.totp_secret, Account.totp_confirmed_at).where(Account.id == account_id).with_for_update()
    held = session.execute(asked).one()
    if held.totp_confirmed_at is not None:
        raise CodeWrong
    if held.totp_secret is not None:
        return unlock_secret(keys, account_id, held.totp_secret)
    import pyotp

    secret = pyotp.random_base32()
    locked = lock_secret(keys, account_id, secret)
    session.execute(update(Account).where(Account.id == account_id).values(totp_secret=locked))
    return secret


def confirm_enrolment(session: Session, keys: Keys, account_id: UUID, code: str) -> list[str]:
    """Take the second factor into use and return fresh recovery codes. Raises CodeWrong."""
    secret = enrolment_secret(session, keys, account_id)
    step = matching_step(secret, code, None)
    if step is None:
        raise CodeWrong
    values = {"totp_confirmed_at": datetime.now(UTC), "totp_step": step}
    session.execute(update(Account).where(Account.id == account_id).values(values))
    return make_recovery_codes(session, keys, account_id)


def make_recovery_codes(session: Session, keys: Keys, account_id: UUID) -> list[str]:
    """Make new recovery codes in the place of all older ones; they are told once."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [new_code(RECOVERY_BYTES) for _ in range(RECOVERY_CODES)]
    rows = [{"account_id": account_id, "code_hash": code_hash(keys, code)} for code in codes]
    session.execute(insert(RecoveryCode), rows)
    return codes


def count_recovery_codes(session: Session, account_id: UUID) -> int:
    """Count the recovery codes that are left."""
    left = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*left)) or 0


def use_code(session: Session, keys: Keys, account: Row[Any], code: str) -> bool:
    """Say whether a code of the second factor fits, and use it up."""
    if account.totp_confirmed_at is None:
        return False
    step = matching_step(unlock_secret(keys, account.id, account.totp_secret), code, account.totp_step)
    if step is None:
        return _use_recovery_code(session, keys, account.id, code)
    newer = or_(Account.totp_step.is_(None), Account.totp_step < step)
    used = update(Account).where(Account.id == account.id, newer).values(totp_step=step).returning(Account.id)
    return session.execute(used).one_or_none() is not None


def matching_step(secret: str, code: str, used: int | None) -> int | None:
    """Return the time step a code belongs to; None for a wrong code and for steps that were used already."""
    import pyotp

    digits = "".join(letter for letter in code if letter.isdecimal() and letter.isascii())
    if len(digits) != 6 or len(code) > 12:
        return None
    totp, now = pyotp.TOTP(secret, interval=STEP), int(datetime.now(UTC).timestamp()) // STEP
    steps = (now + shift for shift in range(-WINDOW, WINDOW + 1))
    fitting = [step for step in steps if pyotp.utils.strings_equal(totp.generate_otp(step), digits)]
    return next((step for step in fitting if used is None or step > used), None)


def clear_second_factor(session: Session, account_id: UUID) -> None:
    """Forget an account's second factor and recovery codes."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    empty = {"totp_secret": None, "totp_confirmed_at": None, "totp_step": None}
    session.execute(update(Account).where(Account.id == account_id).values(empty))


def enrolment_picture(login: str, secret: str) -> str:
    """Draw what an authenticator reads as an SVG that can stand in a page."""
    import pyotp
    import segno

    address = pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=login, issuer_name=ISSUER)
    drawn = segno.make(address, error="m", micro=False)
    return drawn.svg_inline(scale=5, border=4, dark="#1B2733", light="#FFFFFF", omitsize=True)


def _use_recovery_code(session: Session, keys: Keys, account_id: UUID, code: str) -> bool:
    mine = (
        RecoveryCode.account_id == account_id,
        RecoveryCode.code_hash == code_hash(keys, code),
        RecoveryCode.used_at.is_(None),
    )
    used = update(RecoveryCode).where(*mine).values(used_at=func.now()).returning(RecoveryCode.account_id)
    return session.execute(used).one_or_none() is not None
