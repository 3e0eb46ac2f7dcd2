"""The table of roles, and the scopes that come of it."""

from uuid import UUID

import pytest

from api.auth.permissions import AUDIENCES, EXPLICIT, PERMISSIONS, ROLES, needs_second_factor
from api.auth.scopes import Standing, common, device_scope, scope_of

ACTOR = UUID(int=7)
STAFF = {
    "case.read", "case.write", "identity.read", "identity.write", "figure.exact", "export.make", "import.make",
    "plan.write", "plan.read", "print.many", "meeting.read", "meeting.write", "referral.answer",
}  # fmt: skip
HEAD = {"identity.erase", "identity.read_restricted"}
TABLE = {
    "public": ("public", False, set()),
    "partner": ("partner", True, {"plan.read", "referral.answer"}),
    "lao_officer": ("partner", True, {"case.read", "plan.read", "referral.answer"}),
    "volunteer": ("public", True, {"case.submit", "case.read_own"}),
    "officer": ("internal", True, STAFF),
    "case_team": ("internal", True, STAFF | {"case.read_team"}),
    "head": ("internal", True, STAFF | {"case.read_team", "case.assign", "release.make", "plan.approve", *HEAD}),
    "oversight": ("committee", False, {"meeting.read", "plan.read", "print.many"}),
    "admin": ("committee", True, {"account.manage", "settings.write", "boundaries.write", "print.many"}),
    "auditor": ("public", False, {"audit.read"}),
}


@pytest.mark.parametrize("role", PERMISSIONS)
def test_each_role_may_what_the_table_says(role: str) -> None:
    audience, guarded, may = TABLE[role]
    assert (AUDIENCES[role], needs_second_factor(role), set(PERMISSIONS[role])) == (audience, guarded, may)


def test_the_tables_name_the_same_roles() -> None:
    assert set(PERMISSIONS) == set(AUDIENCES) == set(TABLE) == {*ROLES, "public"}
    assert set(ROLES) >= EXPLICIT


@pytest.mark.parametrize("role", ["admin", "oversight", "auditor", "partner", "public"])
def test_who_does_not_work_on_cases_may_nothing_with_them(role: str) -> None:
    assert not [verb for verb in PERMISSIONS[role] if verb.startswith(("case.", "identity.", "figure."))]


def test_nobody_manages_accounts_and_reads_cases() -> None:
    for may in PERMISSIONS.values():
        assert "account.manage" not in may or not [verb for verb in may if verb.startswith(("case.", "identity."))]


AREAS = (
    # role, areas of the units, own areas, areas of the scope
    ("officer", {"70"}, set(), {"70"}),
    ("officer", {"70", "71"}, set(), {"70", "71"}),
    ("officer", {"70", "71"}, {"7001"}, {"7001"}),
    ("officer", {"7001"}, {"70"}, {"7001"}),
    ("officer", {"70"}, {"71"}, set()),
    ("officer", {"70"}, {"71", "700101"}, {"700101"}),
    ("officer", {"TH"}, set(), None),
    ("officer", {"TH"}, {"70"}, {"70"}),
    ("officer", {"70"}, {"TH"}, {"70"}),
    ("officer", {"TH"}, {"TH"}, None),
    ("officer", set(), set(), set()),
    ("officer", set(), {"70"}, set()),
    ("lao_officer", {"70"}, set(), set()),
    ("lao_officer", {"70"}, {"700101", "70010203"}, {"700101", "70010203"}),
    ("lao_officer", {"7001"}, {"700101", "700201"}, {"700101"}),
    ("volunteer", {"70"}, set(), set()),
    ("oversight", {"70"}, set(), {"70"}),
)


@pytest.mark.parametrize(("role", "served", "own", "expected"), AREAS)
def test_areas_of_a_scope(role: str, served: set[str], own: set[str], expected: set[str] | None) -> None:
    """Units' areas together, narrowed by the account's own; some roles have what is stated for them alone."""
    made = scope_of(Standing(ACTOR, role, frozenset({1}), frozenset(served), frozenset(own)))
    assert made.areas == (None if expected is None else frozenset(expected))
    assert (made.role, made.actor_id, made.units) == (role, ACTOR, frozenset({1}))


def test_a_volunteer_without_a_unit_has_the_stated_areas() -> None:
    assert scope_of(Standing(ACTOR, "volunteer", own_areas=frozenset({"990101"}))).areas == frozenset({"990101"})


def test_what_two_sets_of_areas_share() -> None:
    assert common(frozenset({"70", "7101"}), frozenset({"7001", "71"})) == {"7001", "7101"}
    assert common(frozenset(), frozenset({"70"})) == frozenset()


def test_a_device_may_less_than_its_account() -> None:
    whole = scope_of(Standing(ACTOR, "case_team", frozenset({1}), frozenset({"70"})))
    device = device_scope(whole, ["7001", "71"])
    assert (device.audience, device.areas) == ("committee", frozenset({"7001"}))
    assert device.permissions == {"case.read", "case.write"}
