"""Draft → check → activate; the caller's records move along."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from boundaries import editions
from boundaries.areas import at_point
from boundaries.editions import EditionNotFound, NoActiveEdition, NotChecked
from boundaries.importing import import_edition
from boundaries.models import Area
from tests import demo


def draft(session: Session) -> int:
    """Store the invented province as a draft."""
    return import_edition(session, demo.FILE, demo.PROVENANCE).edition_id


def test_the_way_of_an_edition(session: Session) -> None:
    with pytest.raises(NoActiveEdition):
        editions.get_active(session)
    made = draft(session)
    assert editions.get_edition(session, made).state == "draft"
    with pytest.raises(NotChecked, match="boundaries check"):
        editions.activate(session, made)
    assert editions.check(session, made).passed
    assert editions.get_edition(session, made).state == "checked"
    report = editions.activate(session, made)
    assert (report.previous_id, report.edition.state) == (None, "active")
    assert editions.get_active(session).id == made


def test_activating_another_edition_retags_and_retires(demo_session: Session) -> None:
    first = editions.get_active(demo_session).id
    second = draft(demo_session)
    editions.check(demo_session, second)
    seen: list[Any] = []

    def retag(session: Session, edition_id: int) -> dict[str, int]:
        seen.append((edition_id, at_point(session, *demo.INSIDE).subdistrict_code, editions.get_active(session).id))
        return {"moved": 3}

    report = editions.activate(demo_session, second, retag)
    assert seen == [(second, "990101", second)]
    assert (report.previous_id, report.retagged) == (first, {"moved": 3})
    assert editions.get_edition(demo_session, first).state == "retired"
    assert [edition.id for edition in editions.list_editions(demo_session)] == [second, first]
    # And back again: a retired edition needs no new check.
    assert editions.activate(demo_session, first).previous_id == second


def test_activating_the_active_edition_changes_nothing(demo_session: Session) -> None:
    active = editions.get_active(demo_session).id
    report = editions.activate(demo_session, active, lambda session, edition_id: pytest.fail("nothing to retag"))
    assert (report.previous_id, report.retagged) == (active, None)


def test_no_such_edition(session: Session) -> None:
    for ask in (editions.get_edition, editions.check, editions.activate):
        with pytest.raises(EditionNotFound, match="999"):
            ask(session, 999)


def test_a_checked_edition_that_was_spoilt_is_a_draft_again(session: Session) -> None:
    made = draft(session)
    assert editions.check(session, made).passed
    session.execute(update(Area).where(Area.code == "990101").values(parent_code="9902"))
    assert not editions.check(session, made).passed
    assert editions.get_edition(session, made).state == "draft"


def test_the_same_file_is_found_by_its_checksum(demo_session: Session) -> None:
    found = editions.find_by_checksum(demo_session, demo.PROVENANCE.checksum)
    assert found == editions.get_active(demo_session)
    assert editions.find_by_checksum(demo_session, "0" * 64) is None
