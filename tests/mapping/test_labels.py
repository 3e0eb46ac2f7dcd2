"""What a figure is called on the map, in the table and aloud."""

from dataclasses import replace

import pytest

from layers.figures import Figure
from mapping import labels
from tests.mapping.maps_by_hand import table_of

TABLE = table_of([f"99{i:02d}" for i in range(1, 11)])


@pytest.mark.parametrize(
    ("code", "state", "words"),
    [
        ("9902", "zero", "0"),
        ("9903", "hidden", "<5"),
        ("9905", "no_data", "ไม่มีข้อมูล"),
        ("9907", "left_out", "ไม่นับ"),
    ],
)
def test_a_figure_without_a_value_says_why(code: str, state: str, words: str) -> None:
    """Each state has words of its own."""
    figure = TABLE.get(code)
    assert figure.state == state
    assert labels.value_text(figure, TABLE) == words


def test_an_unstable_rate_says_so_beside_its_value() -> None:
    """The value is shown, and the warning with it."""
    figure = TABLE.get("9904")
    assert figure.state == "unstable"
    assert labels.value_text(figure, TABLE).endswith("(ไม่คงที่)")


def test_what_is_hidden_whatever_it_is_has_no_threshold() -> None:
    """A district's secret problem is not "below ten": a large number is hidden too."""
    secret = table_of(list(TABLE.codes), problem="P11")
    assert {labels.value_text(figure, secret) for figure in secret.rows() if figure.state == "hidden"} == {"ปกปิด"}
    assert labels.reason_text(secret.get("9901"), secret) == "ปกปิด: ปัญหานี้เปิดเผยได้เพียงระดับจังหวัด"
    assert labels.count_text(secret.get("9901"), secret) == labels.count_text(secret.get("9905"), secret) == "ปกปิด"


def test_a_rate_without_denominator_still_has_a_count() -> None:
    """Known, it is shown; else it is hidden, which is not the same as no data."""
    known = TABLE.get("9905")
    assert (known.state, known.reason) == ("no_data", "reason.no_denominator")
    assert labels.count_text(known, TABLE) == labels.number(known.cases or 0) != "0"
    assert labels.count_text(replace(known, cases=None, reason="reason.no_observation"), TABLE) == "ไม่มีข้อมูล"


def test_the_table_gives_the_reason() -> None:
    """What the label has no room for."""
    assert "ตัวหาร" in labels.reason_text(TABLE.get("9905"), TABLE)
    assert labels.reason_text(TABLE.get("9901"), TABLE) == ""


def test_a_hidden_count_is_never_spoken() -> None:
    """The sentence for screen readers holds no more than the map."""
    said = labels.spoken("อำเภอสมมติ", TABLE.get("9903"), TABLE, "ยังไม่มีแผน")
    assert said == "อำเภอสมมติ <5: ปกปิดเพราะจำนวนน้อย · ยังไม่มีแผน"


def test_an_ordinary_area_is_spoken_with_unit_and_count() -> None:
    """Name, value, unit, count, plan."""
    figure = Figure("9901", 619.2, "ok", 70, 70, 11300, 480.0, 780.0, None)
    said = labels.spoken("อำเภอจอมบึง", figure, TABLE, "อนุมัติแล้ว")
    assert said == "อำเภอจอมบึง 619 เรื่องต่อผู้สูงอายุ 100,000 คน 70 เรื่อง · อนุมัติแล้ว"
    assert labels.interval_text(figure) == "480 – 780"
