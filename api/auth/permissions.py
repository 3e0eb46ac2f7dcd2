"""Roles and what each may do: the one table. A permission is a verb on a thing; the database reads the same words."""

from collections.abc import Mapping

from layers.scope import Audience

_STAFF = frozenset(
    {
        "case.read",
        "case.write",
        "identity.read",
        "identity.write",
        "figure.exact",
        "export.make",
        "import.make",
        "meeting.read",
        "meeting.write",
        "plan.write",
        "print.many",
        "referral.answer",
    }
)
_TEAM = _STAFF | {"case.read_team"}

PERMISSIONS: Mapping[str, frozenset[str]] = {
    "public": frozenset(),
    "partner": frozenset({"plan.read", "referral.answer"}),
    "lao_officer": frozenset({"case.read", "plan.read", "referral.answer"}),
    "volunteer": frozenset({"case.submit", "case.read_own"}),
    "officer": _STAFF | {"plan.read"},
    "case_team": _TEAM | {"plan.read"},
    "head": _TEAM
    | {"plan.read", "plan.approve", "case.assign", "release.make", "identity.erase", "identity.read_restricted"},
    "oversight": frozenset({"meeting.read", "plan.read", "print.many"}),
    "admin": frozenset({"account.manage", "settings.write", "boundaries.write", "print.many"}),
    "auditor": frozenset({"audit.read"}),
}
"""What each role may do. Plans that are still worked on are read by the office's staff alone, whoever else holds
`plan.read`; approved ones by everybody. `case.read_team` reaches cases whose team names the account: a head is in none
by itself."""

AUDIENCES: Mapping[str, Audience] = {
    "public": "public",
    "partner": "partner",
    "lao_officer": "partner",
    "volunteer": "public",
    "officer": "internal",
    "case_team": "internal",
    "head": "internal",
    "oversight": "committee",
    "admin": "committee",
    "auditor": "public",
}
"""Which figures each role is shown: exact ones only the staff whose work they are."""

ROLES = tuple(role for role in PERMISSIONS if role != "public")
"""Roles that an account may have; nobody signs in as the public."""

EXPLICIT = frozenset({"lao_officer", "volunteer"})
"""Roles whose areas are stated code by code, subdistricts or villages; none stated is none."""

DEVICE = frozenset({"case.submit", "case.read_own", "case.read", "case.write"})
"""What a device token may do at most: nothing secret, no identities, no exact figures, no accounts."""

GUARDED = frozenset(
    {"case.read", "case.read_team", "case.read_own", "figure.exact", "account.manage", "referral.answer"}
)
"""Whoever holds one of these signs in with a second factor."""


def needs_second_factor(role: str) -> bool:
    """Say whether a role may sign in with a second factor only."""
    return bool(PERMISSIONS[role] & GUARDED)
