"""What the page about privacy says, read from the tables, rules and thresholds that are in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from api.audit import Action
from api.auth.cookies import COOKIE
from api.auth.permissions import AUDIENCES, PERMISSIONS, needs_second_factor
from api.auth.sessions import ABSOLUTE, IDLE
from api.routers.cases import READING
from api.scope_setting import SECONDS
from boundaries.messages import Text, text
from layers import taxonomy
from layers.labels import BELOW, ROUND_TO
from layers.points import FARTHEST_M, NEAREST_M
from layers.published import Published, published
from layers.retention import Period, load_periods
from layers.scope import Audience

OTHERS: tuple[Audience, ...] = ("public", "partner", "committee")
"""Audiences that read published tables alone."""


@dataclass(frozen=True)
class Seen:
    """What a role sees of each thing, in words; None is nothing."""

    role: str
    name: Text
    figures: Text
    points: Text | None
    cases: Text | None
    secret: Text | None
    identity: Text | None
    factor: bool


@dataclass(frozen=True)
class Privacy:
    """Everything on the page that is not fixed words. `stranger` is the audience of who has not signed in."""

    seen: Sequence[Seen]
    stranger: Text
    rules: Sequence[Text]
    sealed: Sequence[Text]
    secret: Text
    tables: Sequence[tuple[Text, Sequence[Text]]]
    recorded: Sequence[Text]
    guard: Text
    retention: Sequence[Text]
    confirmed: bool
    cookie: Text


def privacy(stranger: Audience) -> Privacy:
    """Gather what is in force."""
    periods = load_periods()
    return Privacy(
        seen=[seen(role) for role in PERMISSIONS],
        stranger=_with(text(f"audience.{stranger}"), "privacy.stranger", "audience"),
        rules=[_rule(audience) for audience in OTHERS],
        sealed=[
            _holders("identity.erase", "privacy.sealed.erase"),
            _holders("identity.read_restricted", "privacy.sealed.restricted"),
        ],
        secret=_secret(),
        tables=[_table(one) for one in published()],
        recorded=[text(f"privacy.audit.{action}") for action in get_args(Action)],
        guard=text("privacy.guard.lead", minutes=SECONDS // 60),
        retention=_retention(periods),
        confirmed=all(one.confirmed for one in periods.values()),
        cookie=text(
            "privacy.cookies.2",
            name=COOKIE,
            idle=int(IDLE.total_seconds() // 60),
            hours=int(ABSOLUTE.total_seconds() // 3600),
        ),
    )


def seen(role: str) -> Seen:
    """Say what a role sees, from its permissions and audience."""
    may, audience = PERMISSIONS[role], AUDIENCES[role]
    return Seen(
        role=role,
        name=text(f"role.{role}"),
        figures=_figures(audience),
        points=_points(role),
        cases=_first(may, {"case.read": "privacy.cases.unit", "case.read_own": "privacy.cases.own"}),
        secret=_first(may, {"case.read_team": "privacy.secret.team", "case.read_own": "privacy.secret.own"}),
        identity=_first(
            may, {"identity.read": "privacy.identity.read", "referral.answer": "privacy.identity.referral"}
        ),
        factor=needs_second_factor(role),
    )


def _first(may: frozenset[str], words: Mapping[str, str]) -> Text | None:
    return next((text(key) for permission, key in words.items() if permission in may), None)


def _figures(audience: Audience) -> Text:
    if audience == "internal":
        return text("privacy.figures.exact")
    return text("privacy.figures.released", below=BELOW[audience], step=ROUND_TO)


def _points(role: str) -> Text | None:
    if role == "partner":
        return text("privacy.points.moved", near=round(NEAREST_M), far=f"{FARTHEST_M:,.0f}")
    return text("privacy.points.exact") if PERMISSIONS[role] & set(READING) else None


def _with(words: Text, key: str, name: str, **given: object) -> Text:
    """Put words of both languages into a sentence, each into its own."""
    return Text(text(key, **{name: words.th}, **given).th, text(key, **{name: words.en}, **given).en)


def _rule(audience: Audience) -> Text:
    words = text(f"audience.{audience}")
    return _with(words, "privacy.numbers.rule", "audience", below=BELOW[audience], step=ROUND_TO)


def _holders(permission: str, key: str) -> Text:
    """Name the roles that hold a permission."""
    held = [text(f"role.{role}") for role in PERMISSIONS if permission in PERMISSIONS[role]]
    none = text("privacy.nobody")
    words = Text(", ".join(one.th for one in held) or none.th, ", ".join(one.en for one in held) or none.en)
    return _with(words, key, "roles")


def _secret() -> Text:
    kinds = [taxonomy.get_problem(code) for code in taxonomy.secret_categories()]
    words = Text(", ".join(one.th for one in kinds), ", ".join(one.en for one in kinds))
    return _with(words, "privacy.numbers.zero", "problems")


def _table(one: Published) -> tuple[Text, list[Text]]:
    """Name a published table and what is said of it beside."""
    level, by = text(f"level.{one.level}"), text(f"privacy.by.{one.by}")
    name = Text(text("privacy.table", level=level.th, by=by.th).th, text("privacy.table", level=level.en, by=by.en).en)
    beside = [text("privacy.table.secret" if one.secret else "privacy.table.plain")]
    return name, beside + ([text("privacy.table.complete")] if one.complete else [])


def _retention(periods: Mapping[str, Period]) -> list[Text]:
    """Say the default period, and those of problems that have another."""
    usual = periods["default"].years
    found = [text("privacy.retention.default", years=usual)]
    for code, period in periods.items():
        if code != "default" and period.years != usual:
            problem = taxonomy.get_problem(code)
            words = Text(problem.th, problem.en)
            found.append(_with(words, "privacy.retention.other", "problem", years=period.years))
    return found
