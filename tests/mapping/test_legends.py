"""Legend words and the classes they name."""

import pytest

from mapping import legends


def test_classes_have_open_ends_and_meet_without_gap() -> None:
    """A value on a break belongs to the class above, as the words say."""
    assert legends.class_texts((200, 300, 450)) == ("ต่ำกว่า 200", "200 ถึงต่ำกว่า 300", "300 ถึงต่ำกว่า 450", "450 ขึ้นไป")
    assert [legends.class_of(value, (200, 300, 450)) for value in (0, 199.9, 200, 449, 450, 9e9)] == [0, 0, 1, 2, 3, 3]


def test_one_class_says_only_that_there_is_a_value() -> None:
    """Where all values are alike there is no break."""
    assert len(legends.class_texts(())) == 1


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (5, "5"), (2.25, "2.2"), (9.96, "10.0"), (12.6, "13"), (1234.4, "1,234"), (200.0, "200")],
)
def test_numbers_are_written_as_finely_as_they_are_read(value: float, written: str) -> None:
    """One decimal below ten, none above, thousands apart."""
    assert legends.number(value) == written


@pytest.mark.parametrize(
    ("most", "least", "sizes"),
    [(135, 5, (15, 50, 100)), (2600, 1, (200, 500, 2000)), (15, 5, (5, 15)), (1, 1, (1,)), (0, 1, ())],
)
def test_circle_sizes_are_readable_and_occur(most: int, least: int, sizes: tuple[int, ...]) -> None:
    """At most three, none above the largest count, none below what rounding leaves."""
    assert legends.circle_sizes(most, least) == sizes


def test_each_symbol_beside_the_classes_has_words() -> None:
    """No data, hidden, unstable, left out and zero, all of them always."""
    words = dict(legends.symbol_texts(5, 20, "เรื่อง"))
    assert set(words) == {"no_data", "hidden", "unstable", "left_out", "zero"}
    assert len(set(words.values())) == 5
    assert "<5" in words["hidden"]
    assert "20 เรื่อง" in words["unstable"]
