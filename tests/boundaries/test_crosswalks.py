"""Old codes find the codes they became."""

import pytest
from sqlalchemy.orm import Session

from boundaries.areas import get_area
from boundaries.codes import BadCode
from boundaries.crosswalks import changes, find_successor

PRESENT = {"38", "3801", "3807", "380101", "43", "4301", "5025", "27", "70", "7001"}


@pytest.mark.parametrize(
    ("code", "successor"),
    [
        ("7001", "7001"),
        ("4303", "3801"),
        ("4312", "3807"),
        ("430301", "3801"),  # the district is known, the subdistrict's own number is not
        ("5026", "5025"),
        ("4399", None),
        ("4304", None),  # its successor 3802 is not among those present
        ("2599", None),
    ],
)
def test_successors(code: str, successor: str | None) -> None:
    assert find_successor(code, PRESENT) == successor


def test_no_code_has_no_successor() -> None:
    with pytest.raises(BadCode):
        find_successor("43xx", PRESENT)


def test_the_table_says_how_sure_it_is() -> None:
    assert {change.certainty for change in changes().values()} == {"sourced", "pairing"}
    assert len([change for change in changes().values() if change.new.startswith("38")]) == 8


@pytest.mark.shared
def test_each_successor_has_the_name_that_the_table_tells(thailand: Session) -> None:
    """The numbers that two lists give to the districts of บึงกาฬ differ: those of the boundaries count."""
    for change in changes().values():
        if change.certainty == "pairing":
            assert get_area(thailand, change.new).name_th == change.note.split(" ")[0], change
