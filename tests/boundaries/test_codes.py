"""Codes nest by prefix and are text."""

import pytest

from boundaries.codes import BadCode, ancestors_of, child_level, is_within, level_of, parent_of


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("TH", "country", None),
        ("70", "province", "TH"),
        ("7001", "district", "70"),
        ("700101", "subdistrict", "7001"),
    ],
)
def test_level_and_parent(code: str, level: str, parent: str | None) -> None:
    assert level_of(code) == level
    assert parent_of(code) == parent


@pytest.mark.parametrize("code", ["", "7", "700", "70010", "70010101", "TH70", "๗๐", "7O", " 70", "70\n", "-1"])
def test_no_code(code: str) -> None:
    with pytest.raises(BadCode, match="area code"):
        level_of(code)


@pytest.mark.parametrize(
    ("code", "ancestor", "expected"),
    [
        ("700101", "7001", True),
        ("700101", "70", True),
        ("700101", "TH", True),
        ("70", "70", True),
        ("70", "7001", False),
        ("7101", "70", False),
        ("TH", "70", False),
        ("TH", "TH", True),
    ],
)
def test_within(code: str, ancestor: str, expected: bool) -> None:
    assert is_within(code, ancestor) is expected


def test_child_levels_and_ancestors() -> None:
    assert [child_level(level) for level in ("country", "province", "district", "subdistrict")] == [
        "province",
        "district",
        "subdistrict",
        None,
    ]
    assert ancestors_of("700101") == ("7001", "70", "TH")
    assert ancestors_of("TH") == ()
