"""The thinnest thread: a meeting with an agenda, its page, the play page and the briefing file."""

import re

from tests.meetings.conftest import COMMITTEE, Office

NEW = {"area": "99", "committee": COMMITTEE, "held_on": "20/11/2569", "place": "ห้องประชุมศาลากลาง"}


def prepared(office: Office, who: str = "head", **more: str) -> str:
    """Prepare a meeting by the form; return its address."""
    answer = office.clients[who].post("/meetings", data={**NEW, **more})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_meeting_is_prepared_shown_and_handed_out(office: Office) -> None:
    client = office.clients["head"]
    at = prepared(office)
    for area, problem, note in (("9901", "P08", "ผู้แทนพื้นที่รายงาน"), ("99", "", ""), ("990101", "P02", "")):
        stop = {"area": area, "problem": problem, "fiscal_year": "2569", "shows": ["map", "mind_map", "figures"]}
        answer = client.post(f"{at}/stops", data={**stop, "note": note})
        assert answer.status_code == 303, answer.text
    page = client.get(at).text
    assert page.count('class="place"') == 3
    assert COMMITTEE in page
    played = client.get(f"{at}/play")
    assert played.status_code == 200, played.text
    steps = re.findall(r'class="step (\w+)"', played.text)
    assert steps[:4] == ["opening", "map", "mind_map", "activities"]
    assert steps.count("map") == 3
    assert "ข้อมูล ณ วันที่" in played.text
    assert "unsafe" not in played.headers["content-security-policy"]
    taken = client.get(f"{at}/briefing.html")
    assert taken.status_code == 200
    assert "attachment" in taken.headers["content-disposition"]
    assert len(taken.content) < 3_000_000
    assert re.findall(r'(?:src|href)="(?!#|tel:|data:)[^"]*"', taken.text) == []
    assert "print html" in office.audited("meeting")
