"""Work on a case by the forms of its sheet: everything allowed, nothing else, each on record; secret ones as well."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from api.database import transaction
from boundaries.dates import BANGKOK
from layers.observations import Observation
from tests.desk.conftest import LAT, LON, Office
from tests.desk.test_queue import SCRIPT, listed
from tests.identity.planted import person, search
from tests.scopes import SYSTEM

HELP = {"welfare_system": "social_assistance", "kind": "relief_money", "given_on": "1/11/2569"}
WHY = "เยี่ยมบ้านตามแผน"


def work(office: Office, who: str, case: UUID, path: str, **form: Any) -> Any:
    """Send a form of the sheet."""
    return office.clients[who].post(f"/desk/cases/{case}/{path}", data=form)


def at_status(office: Office, case: UUID, *steps: int) -> None:
    for status in steps:
        assert work(office, "officer", case, "step", to=status).status_code == 303


def test_buttons_are_the_allowed_steps_and_no_other_is_taken(office: Office) -> None:
    case = office.case()
    page = office.clients["officer"].get(f"/desk/cases/{case}").text
    assert [status for status in (10, 20, 30, 50, 60, 80, 90, 91) if f'name="to" value="{status}"' in page] == [20, 91]
    for wrong, status in (("30", 409), ("80", 409), ("10", 409), ("x", 400), ("", 400), ("9" * 12, 400)):
        answer = work(office, "officer", case, "step", to=wrong)
        assert answer.status_code == status, wrong
        assert 'role="alert"' in answer.text
    assert office.row(case).status == 10
    answer = work(office, "officer", case, "step", to=20, step_note=SCRIPT)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/cases/{case}?said=step")
    shown = office.clients["officer"].get(f"/desk/cases/{case}").text
    assert "<script>alert" not in shown
    assert "&lt;img src=x" in shown
    assert [entry[3] for entry in office.audited(case) if entry[0] == "case_change"] == [
        {"change": "step", "status": 20}
    ]


def test_what_was_typed_stays_where_it_was_refused(office: Office) -> None:
    case = office.case()
    at_status(office, case, 20, 30, 40, 50, 70)
    typed = "หลักฐานที่พิมพ์ไว้นานมาก"
    refused = work(office, "officer", case, "closing", do="propose", why="nothing", evidence=typed)
    assert refused.status_code == 400
    assert typed in refused.text
    refused = work(office, "officer", case, "visits", due_on="พรุ่งนี้", visit_note=typed)
    assert refused.status_code == 400
    assert typed in refused.text
    for path, form in (
        ("assistance", HELP | {"welfare_system": "x"}),
        ("assistance", HELP | {"kind": "x"}),
        ("assistance", {"welfare_system": "social_assistance", "kind": "relief_money", "given_on": "2569"}),
        ("assistance", {"welfare_system": "social_assistance", "kind": "relief_money", "given_on": "1/1/2700"}),
        (
            "assistance",
            {"welfare_system": "social_assistance", "kind": "relief_money", "given_on": "1/11/2569", "amount": "-1"},
        ),
        (
            "assistance",
            {"welfare_system": "social_assistance", "kind": "relief_money", "given_on": "1/11/2569", "amount": "x"},
        ),
        ("assistance", {"amount": "NaN", "given_on": "1/11/2569"}),
        ("visits", {"due_on": ""}),
        ("referrals", {"agency": "nobody"}),
        ("referrals", {"agency": "lao", "unit": "x"}),
        ("closing", {"do": "x"}),
        ("closing", {"do": "confirm"}),
        ("closing", {"do": "propose", "why": "goal_met", "evidence": "สั้น"}),
    ):
        answer = work(office, "officer", case, path, **form)
        assert 400 <= answer.status_code < 500, (path, form, answer.status_code)
        assert 'role="alert"' in answer.text
    assert office.row(case).status == 70


def test_closing_takes_two(office: Office) -> None:
    case = office.case()
    at_status(office, case, 20, 30, 40, 50, 70)
    proposed = {"do": "propose", "why": "goal_met", "evidence": "เยี่ยมบ้านแล้วสามครั้ง"}
    assert work(office, "officer", case, "closing", **proposed).status_code == 303
    assert work(office, "officer", case, "closing", do="confirm").status_code in (403, 409)
    assert office.row(case).status == 70
    assert work(office, "head", case, "closing", do="decline", closing_note="ขอเยี่ยมอีกครั้ง").status_code == 303
    assert work(office, "officer", case, "closing", **proposed).status_code == 303
    assert work(office, "head", case, "closing", do="confirm").status_code == 303
    assert (office.row(case).status, office.row(case).close_reason) == (80, "goal_met")
    assert "เปิดเรื่องซ้ำ" in office.clients["officer"].get(f"/desk/cases/{case}").text
    assert work(office, "officer", case, "step", to=81).status_code == 303
    assert "เปิดซ้ำ 1 ครั้ง" in office.clients["officer"].get(f"/desk/cases/{case}").text


def test_who_assigns_gives_a_case_away_and_sees_it_no_more(office: Office) -> None:
    case = office.case()
    lao = office.units["lao-9901"]
    assert work(office, "officer", case, "assignment", unit=lao).status_code == 403
    assert work(office, "head", case, "assignment", unit=office.units["office-98"]).status_code == 400
    assert work(office, "head", case, "assignment", unit="").status_code == 400
    answer = work(office, "head", case, "assignment", unit=lao)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk?said=assigned")
    assert "มอบหมายแล้ว" in office.clients["head"].get("/desk?said=assigned").text
    assert office.row(case).unit_id == lao
    assert listed(office, "lao") == [str(case)]
    assert office.clients["head"].get(f"/desk/cases/{case}").status_code == 404


def test_a_secret_case_gets_a_team_from_who_may_not_read_it(office: Office) -> None:
    case = office.case("P04.01", lat=LAT, lon=LON, urgency="U4", person=person(2))
    client = office.clients["head"]
    page = client.get("/desk/teams").text
    assert f'action="/desk/teams/{case}"' in page
    assert "ความรุนแรง" not in page
    assert "ในเมืองสมมติ" not in page  # no finer place than the district
    for login, status in (("head-one", 403), ("officer-one", 400), ("nobody", 404), (SCRIPT, 404)):
        refused = client.post(f"/desk/teams/{case}", data={"login": login})
        assert refused.status_code == status, login
        assert "<script>alert" not in refused.text
    assert client.post(f"/desk/teams/{case}", data={"login": "team-one"}).status_code == 303
    assert f'action="/desk/teams/{case}"' not in client.get("/desk/teams").text
    assert client.get(f"/desk/cases/{case}").status_code == 404
    assert office.clients["team"].post(f"/desk/cases/{case}", data={"reason": WHY}).status_code == 200
    assert office.clients["officer"].get("/desk/teams").status_code == 403
    # Whoever works on it gives the reason once and goes on with it; without one it is shut again.
    done = work(office, "team", case, "step", to=20, reason=WHY, step_note="รับเรื่องแล้ว โทรกลับ")
    assert done.status_code == 200
    assert "บันทึกขั้นตอนแล้ว" in done.text
    shut = work(office, "team", case, "step", to=30)
    assert shut.status_code == 200
    assert "ความรุนแรง" not in shut.text
    assert "โทรกลับ" not in shut.text
    assert all(entry[2] for entry in office.audited(case) if entry[0] == "case_read")
    for who in ("officer", "head", "far", "lao"):
        for path, form in (("step", {"to": 30}), ("referrals", {"agency": "police"}), ("unmerge", {})):
            assert work(office, who, case, path, reason=WHY, **form).status_code in (403, 404), (who, path)


def test_a_merge_is_taken_back(office: Office) -> None:
    kept, gone = office.case(lat=LAT, lon=LON), office.case(lat=LAT, lon=LON)
    at_status(office, gone, 20)
    client = office.clients["officer"]
    assert work(office, "officer", gone, "unmerge").status_code == 409
    client.post(f"/desk/duplicates/{kept}/{gone}", data={"do": "keep_one"})
    page = client.get(f"/desk/cases/{gone}").text
    assert 'name="to"' not in page
    assert work(office, "officer", gone, "unmerge").status_code == 303
    assert office.row(gone).status == 20
    for case, other in ((gone, kept), (kept, gone)):
        assert f'/desk/cases/{other}"' not in client.get(f"/desk/cases/{case}").text
    changes = [entry[3]["change"] for entry in office.audited(gone) if entry[0] == "case_merge"]
    assert changes == ["merged", "unmerged"]
    with transaction(office.app.state.engine, SYSTEM) as session:
        (row,) = session.execute(text("SELECT unmerged_at, merged_by, unmerged_by FROM case_merge"))
        assert row.unmerged_at
        assert row.merged_by == row.unmerged_by == office.people["officer"].id
    # It may be merged once more, and is offered again meanwhile.
    assert client.post(f"/desk/duplicates/{kept}/{gone}", data={"do": "keep_one"}).status_code == 303


def test_what_is_overdue_comes_first(office: Office) -> None:
    urgent, late = office.case(urgency="U4"), office.case("P08.01", urgency="U2", days=1)
    quiet = office.case(urgency="U1", days=-20)
    with transaction(office.app.state.engine, SYSTEM) as session:
        told = {"id": late, "at": datetime.now(BANGKOK) - timedelta(days=30)}
        session.execute(text('UPDATE "case" SET recorded_at = :at WHERE id = :id'), told)
    assert listed(office) == [str(one) for one in (late, urgent, quiet)]
    page = office.clients["officer"].get("/desk").text
    assert page.count("เกินกำหนด: รับเรื่อง") == 1
    assert "เกินกำหนด" in office.clients["officer"].get(f"/desk/cases/{late}").text


def test_the_sheet_for_print_is_marked_and_on_record(office: Office) -> None:
    case = office.case(person=person(1), urgency="U4", lat=LAT, lon=LON)
    assert work(office, "officer", case, "print", reason="").status_code == 400
    plain = work(office, "officer", case, "print", reason="ประชุมทีมสหวิชาชีพ")
    assert "ลับ" in plain.text
    assert search(plain.content, [person(1)]) == []
    whole = work(office, "officer", case, "print", reason="ประชุมทีมสหวิชาชีพ", show="person")
    assert str(person(1).name) in whole.text
    printed = [entry for entry in office.audited(case) if entry[0] == "print"]
    assert [(entry[2], entry[3]["audience"]) for entry in printed] == [("ประชุมทีมสหวิชาชีพ", "internal")] * 2
    local = office.case(unit="lao-9901", person=person(1))
    assert work(office, "lao", local, "print", reason="ประชุมทีม", show="person").status_code == 403
    assert work(office, "far", case, "print", reason="ประชุมทีม").status_code == 404


@pytest.mark.parametrize(
    "path", ["step", "closing", "referrals", "visits", "assistance", "assignment", "unmerge", "team"]
)
def test_who_may_not_write_changes_nothing(office: Office, path: str) -> None:
    case = office.case(unit="lao-9901")
    before = office.row(case)
    for who in ("lao", "oversight", "volunteer", "auditor", "officer", "far"):
        form = {"to": 20, "unit": 1, "agency": "lao", "due_on": "1/1/2570", "login": "team-one"}
        assert work(office, who, case, path, **form).status_code in (403, 404), who
    assert office.row(case) == before


def test_values_that_clash_are_both_shown() -> None:
    from layers.observations import merge

    one, other = UUID(int=1), UUID(int=2)
    merged = merge([Observation(one, {"urgency": "U2"}, {}), Observation(other, {"urgency": "U4"}, {})])
    from api.desk.stated import _clash, said

    clash = _clash("urgency", merged["urgency"], {one: {"urgency": "U2"}, other: {"urgency": "U4"}})
    assert (clash.shown, clash.others) == ("ด่วนที่สุด/วิกฤต", ("ปกติ",))
    assert said("place", {"how": "gps", "lat": 11.0, "lon": 100.5}) == "11.00000, 100.50000"
    assert said("problem", "P99") == "P99"
    assert said("place", "x") == "x"


def test_help_is_corrected_on_the_sheet_and_stays_in_its_history(office: Office) -> None:
    case = office.case()
    at_status(office, case, 20, 30, 40, 50)
    client = office.clients["officer"]
    assert work(office, "officer", case, "assistance", **HELP, amount="20,000", given_note=SCRIPT).status_code == 303
    first = re.search(rf'action="/desk/cases/{case}/assistance/([\w-]+)"', client.get(f"/desk/cases/{case}").text)
    assert first is not None
    path = f"assistance/{first.group(1)}"
    refused = work(office, "officer", case, path, of=first.group(1), **HELP, amount="x", given_note="ตามใบสำคัญ")
    assert refused.status_code == 400
    assert refused.text.count("ตามใบสำคัญ") == 1, "what was typed stays in its own form alone"
    assert work(office, "officer", case, path, of=first.group(1), **HELP, amount="๒,๐๐๐").status_code == 303
    page = client.get(f"/desk/cases/{case}?said=corrected").text
    assert "แก้ไขความช่วยเหลือแล้ว" in page
    assert page.index("2,000.00 บาท") < page.index("บันทึกไว้ก่อนแก้ไข") < page.index("20,000.00 บาท")
    assert "<script>alert" not in page
    printed = work(office, "officer", case, "print", reason="ประชุมทีม").text
    assert ("2,000.00" in printed, "20,000.00" in printed) == (True, False)
    assert work(office, "officer", case, path, **HELP).status_code == 409
    assert office.clients["lao"].post(f"/desk/cases/{case}/{path}", data=HELP).status_code in (403, 404)
    changes = [entry[3]["change"] for entry in office.audited(case) if entry[0] == "case_change"]
    assert changes[-2:] == ["assistance", "assistance.corrected"]


def test_the_sheet_says_that_a_step_withdraws_a_closing(office: Office) -> None:
    case = office.case()
    at_status(office, case, 20, 30, 40, 50, 70)
    assert work(office, "officer", case, "closing", do="propose", why="goal_met", evidence="เยี่ยมแล้ว").status_code == 303
    assert "จะถอนข้อเสนอนี้" in office.clients["head"].get(f"/desk/cases/{case}").text
    assert work(office, "head", case, "step", to=50).status_code == 303
    assert "จะถอนข้อเสนอนี้" not in office.clients["head"].get(f"/desk/cases/{case}").text
    assert "closing.withdrawn" in [entry[3].get("change") for entry in office.audited(case)]
