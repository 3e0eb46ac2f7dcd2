"""The tokens: colours that can be read and told apart."""

import re
from itertools import pairwise

import pytest

from mapping.styles import RAMP, TOKENS, css_variables, ramp


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"), ("ink-2", "paper"), ("ink-2", "ground"),
        ("near-ink", "near"), ("far-ink", "far"), ("sea-ink", "sea"),
        ("effect", "effect-bg"), ("cause", "cause-bg"), ("solution", "paper"), ("late", "paper"), ("focus", "paper"),
    ],
)  # fmt: skip
def test_every_text_colour_can_be_read_on_its_ground(text: str, ground: str) -> None:
    """4.5 : 1 and better."""
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


def test_the_ramp_runs_evenly_from_light_to_dark() -> None:
    """Neighbouring classes differ in luminance, so that they are told apart without colour."""
    values = [luminance(colour) for colour in RAMP]
    assert values == sorted(values, reverse=True)
    assert all(a / b > 1.35 for a, b in pairwise(values))


def test_ink_stands_on_all_but_the_last_class_and_white_on_the_last() -> None:
    """Names on the map."""
    assert all(contrast(TOKENS["ink"], colour) >= 4.5 for colour in RAMP[:3])
    assert contrast("#FFFFFF", RAMP[3]) >= 4.5


@pytest.mark.parametrize("classes", [1, 2, 3, 4])
def test_fewer_classes_keep_the_ends_of_the_ramp(classes: int) -> None:
    """The darkest class looks alike on every map of several classes."""
    colours = ramp(classes)
    assert len(set(colours)) == classes
    assert classes == 1 or (colours[0], colours[-1]) == (RAMP[0], RAMP[-1])


def test_css_holds_every_token_once() -> None:
    """One place for web and print."""
    names = re.findall(r"--([a-z0-9-]+):", css_variables())
    assert len(names) == len(set(names)) == len(TOKENS) + len(RAMP)
