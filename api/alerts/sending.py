"""The sender: takes what waits, a row at a time, beside any number of others; sends it at least once.

A row is taken by a short transaction that says until when it is in hand (FOR UPDATE SKIP LOCKED), sent without one,
and noted by another. Whoever is killed in between leaves a row that is taken again when that time is over: the receiver
gets it twice, under the same id.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, Row, func, select, text, update
from sqlalchemy.orm import Session

from api.alerts.cases import find_case
from api.alerts.errors import Undelivered
from api.alerts.mailing import compose, send_mail
from api.alerts.models import AlertAddress, AlertDelivery, Webhook
from api.alerts.posting import post
from api.alerts.receivers import list_receivers
from api.alerts.sealing import AlertKeys, check_code, unseal
from api.alerts.spreading import spread_one
from api.alerts.ways import Ways
from api.alerts.wording import body, payload, subject, told_outside
from api.database import transaction
from layers.alert_models import Alert
from layers.scope import Scope

SENDING = Scope.system("alerts")
MOST_TRIES = 12
"""With the pauses between them a receiver may be away for about a day."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
IN_HAND = timedelta(minutes=2)
"""Longer than sending may take: from then on another sender tries."""
Send = Callable[[], None]

_TAKE = text("""
UPDATE alert_delivery SET tries = tries + 1, next_at = now() + :in_hand
WHERE (province_code, id) = (
    SELECT province_code, id FROM alert_delivery
    WHERE state = 'waiting' AND next_at <= now() AND channel = ANY(:channels)
    ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING province_code, id, alert_id, channel, account_id, webhook_id, tries, made_at
""")


@dataclass(frozen=True)
class Round:
    """What one round did: alerts spread, deliveries sent, tries that failed, deliveries given up or dropped."""

    spread: int = 0
    sent: int = 0
    failed: int = 0
    ended: int = 0

    def __add__(self, other: "Round") -> "Round":
        return Round(*(mine + theirs for mine, theirs in zip(self._all(), other._all(), strict=True)))

    def __bool__(self) -> bool:
        return any(self._all())

    def _all(self) -> tuple[int, int, int, int]:
        return self.spread, self.sent, self.failed, self.ended


def send_waiting(engine: Engine, ways: Ways, keys: AlertKeys, ended: Callable[[], bool] = lambda: False) -> Round:
    """Spread all alerts that wait and send all deliveries that are due; `ended` breaks off between two."""
    done = Round()
    while not ended() and (step := spread_next(engine, ways)):
        done += step
    while not ended() and (step := send_next(engine, ways, keys)):
        done += step
    return done


def spread_next(engine: Engine, ways: Ways) -> Round:
    """Make the deliveries of one alert; an empty round where none waits."""
    with transaction(engine, SENDING) as session:
        return Round(spread=int(spread_one(session, ways.mail is not None)))


def send_next(engine: Engine, ways: Ways, keys: AlertKeys) -> Round:
    """Send one delivery that is due; an empty round where there is none."""
    with transaction(engine, SENDING) as session:
        row = session.execute(_TAKE, {"in_hand": IN_HAND, "channels": ways.channels}).one_or_none()
    if row is None:
        return Round()
    # From here on the try counts, whatever becomes of it: what cannot even be made must not stand before all others.
    try:
        if row.tries > MOST_TRIES:
            raise Undelivered("interrupted", final=True)
        with transaction(engine, SENDING) as session:
            send = _prepared(session, row, ways, keys)
        if send is not None:
            send()
    except Undelivered as error:
        with transaction(engine, SENDING) as session:
            return _failed(session, row, error)
    with transaction(engine, SENDING) as session:
        return _end(session, row, "sent" if send else "dropped", None)


def pause_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries: twice as long each time, give or take, so that crowds disperse."""
    whole = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
    return whole * random.uniform(0.5, 1.5)  # noqa: S311  (no secret)


def _prepared(session: Session, row: Row[Any], ways: Ways, keys: AlertKeys) -> Send | None:
    """Return what sends a delivery, or None where nobody is to be told of it any more. Raises Undelivered."""
    alert = session.get_one(Alert, (row.province_code, row.alert_id))
    case = find_case(session, alert)
    told = told_outside(session, alert, case, ways.address)
    if row.channel == "webhook":
        hook = session.get_one(Webhook, row.webhook_id)
        if hook.paused_at is not None:
            return None
        url, _, secret = unseal(keys.webhooks, hook.id, hook.sealed).partition("\n")
        said = payload(told, row.id, row.made_at)
        return lambda: post(ways, url, secret, row.id, said)
    held, check = session.get(AlertAddress, row.account_id), alert.kind == "address_check"
    allowed = held is not None and (held.confirmed_at is None) == check
    if held is None or ways.mail is None or not allowed or row.account_id not in list_receivers(session, alert, case):
        return None
    to = unseal(keys.addresses, held.account_id, held.sealed)
    code = check_code(keys.codes, held.account_id, held.sealed) if check else None
    message = compose(ways.mail, row.id, to, subject(told), body(told, ways.address, code), row.made_at)
    return lambda: send_mail(ways, message)


def _end(session: Session, row: Row[Any], state: str, why: str | None) -> Round:
    """Note how a delivery ended; one that another sender ended meanwhile stays as it is."""
    values = {"state": state, "failure": why, "done_at": func.now()}
    session.execute(update(AlertDelivery).where(*_this(row)).values(**values))
    return Round(sent=1) if state == "sent" else Round(ended=1)


def _failed(session: Session, row: Row[Any], error: Undelivered) -> Round:
    """Have a delivery tried again later, and all others on a way that is closed; or give it up."""
    if error.final or row.tries >= MOST_TRIES:
        return _end(session, row, "given_up", error.why)
    pause = pause_after(row.tries)
    values = {"failure": error.why, "next_at": func.now() + pause}
    session.execute(update(AlertDelivery).where(*_this(row)).values(**values))
    if error.way:
        same = AlertDelivery.webhook_id == row.webhook_id if row.webhook_id else AlertDelivery.channel == "email"
        soon = (AlertDelivery.state == "waiting", AlertDelivery.next_at < func.now() + pause, same)
        session.execute(update(AlertDelivery).where(*soon).values(next_at=func.now() + pause))
    return Round(failed=1)


def _this(row: Row[Any]) -> tuple[Any, ...]:
    province, one = AlertDelivery.province_code == row.province_code, AlertDelivery.id == row.id
    return (province, one, AlertDelivery.state == "waiting")


def count_by_state(session: Session) -> list[tuple[str, str, int]]:
    """Count the deliveries that leave this application, by channel and state."""
    columns = (AlertDelivery.channel, AlertDelivery.state)
    asked = select(*columns, func.count()).where(AlertDelivery.channel != "app").group_by(*columns).order_by(*columns)
    return [(row[0], row[1], row[2]) for row in session.execute(asked)]


def list_failures(session: Session) -> list[tuple[str, str, str, int]]:
    """List why deliveries that are not sent failed: channel, reason, state, how many."""
    columns = (AlertDelivery.channel, AlertDelivery.failure, AlertDelivery.state)
    unsent = (AlertDelivery.failure.is_not(None), AlertDelivery.state.in_(("waiting", "given_up")))
    asked = select(*columns, func.count()).where(*unsent).group_by(*columns).order_by(*columns)
    return [(row[0], row[1] or "", row[2], row[3]) for row in session.execute(asked)]


def retry_given_up(session: Session) -> int:
    """Have all deliveries that were given up tried again from the start; return how many."""
    again = {"state": "waiting", "tries": 0, "next_at": func.now(), "done_at": None}
    asked = update(AlertDelivery).where(AlertDelivery.state == "given_up").values(**again)
    return len(session.execute(asked.returning(AlertDelivery.id)).all())


def forget_old(session: Session, kept: timedelta = timedelta(days=90)) -> None:
    """Take away what was told long ago. Alerts of a case stay as long as it does, so that none comes a second time."""
    limit = {"kept": kept}
    session.execute(text("DELETE FROM alert_delivery WHERE made_at < now() - :kept AND state <> 'waiting'"), limit)
    session.execute(text("DELETE FROM alert WHERE case_id IS NULL AND made_at < now() - :kept"), limit)
