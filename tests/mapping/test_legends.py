"""Legend words and the classes they name."""

from itertools import pairwise

import pytest

from mapping import legends
from mapping.styles import BETWEEN, DARK_PLACES, RAMP, TOKENS
from tests.mapping.test_styles import contrast, luminance


def test_classes_have_open_ends_and_meet_without_gap() -> None:
    """A value on a break belongs to the class above, as the words say."""
    assert legends.class_texts((200, 300, 450)) == ("ต่ำกว่า 200", "200 ถึงต่ำกว่า 300", "300 ถึงต่ำกว่า 450", "450 ขึ้นไป")
    assert [legends.class_of(value, (200, 300, 450)) for value in (0, 199.9, 200, 449, 450, 9e9)] == [0, 0, 1, 2, 3, 3]


def test_one_class_says_only_that_there_is_a_value() -> None:
    """Where all values are alike there is no break."""
    assert len(legends.class_texts(())) == 1


@pytest.mark.parametrize("classes", range(1, 8))
def test_each_class_has_a_colour_of_its_own_from_light_to_dark(classes: int) -> None:
    """Up to seven, for six fixed breaks; names can be read on each."""
    colours = dict(enumerate(RAMP)) | BETWEEN
    places = legends.ramp_places(classes)
    assert len(places) == classes
    assert all(luminance(colours[a]) > 1.15 * luminance(colours[b]) for a, b in pairwise(places))
    for place in places:
        assert contrast(colours[place], "#FFFFFF" if place in DARK_PLACES else TOKENS["ink"]) >= 4.5


def test_breaks_are_written_as_exactly_as_they_part() -> None:
    """Rounded, 2.21 and 2.24 would read alike and 12.5 as 12."""
    assert legends.class_texts((2.21, 2.24)) == ("ต่ำกว่า 2.21", "2.21 ถึงต่ำกว่า 2.24", "2.24 ขึ้นไป")
    assert legends.class_texts((12.5, 1200)) == ("ต่ำกว่า 12.5", "12.5 ถึงต่ำกว่า 1,200", "1,200 ขึ้นไป")


def test_breaks_are_read_from_a_line() -> None:
    """Numbers apart by commas."""
    assert legends.parse_breaks("10, 20.5,30") == (10, 20.5, 30)
    assert legends.parse_breaks("5") == (5,)


@pytest.mark.parametrize(
    "written", ["", ",", "x", "10,", "10,10", "20,10", "0,10", "-1,2", "nan", "inf", "1e3", "1,2,3,4,5,6,7", "๑,๒"]
)
def test_breaks_that_cannot_part_are_refused(written: str) -> None:
    """Not rising, not above zero, too many, not numbers."""
    with pytest.raises(legends.BadBreaks, match="เกณฑ์แบ่งชั้น"):
        legends.parse_breaks(written)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (0.333, "0.3"),
        (0.0331, "0.033"),
        (5, "5"),
        (2.25, "2.2"),
        (9.96, "10.0"),
        (12.6, "13"),
        (1234.4, "1,234"),
        (200.0, "200"),
    ],
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
