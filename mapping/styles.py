"""The look in one place: colours, type, class ramp and symbols, shared by web and print."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

TOKENS: Mapping[str, str] = MappingProxyType(
    {
        "ink": "#1B2733",
        "ink-2": "#4A5866",
        "line": "#D5DBE1",
        "edge": "#6F7E8B",
        "control": "#788896",
        "paper": "#FFFFFF",
        "ground": "#F6F7F8",
        "sea": "#DCE8EF",
        "near": "#F2F0EB",
        "far": "#E8E5DE",
        "near-ink": "#5B6570",
        "far-ink": "#625F57",
        "sea-ink": "#3F647A",
        "border": "#3B4A58",
        "effect": "#8E2F4A",
        "effect-bg": "#FBF0F3",
        "cause": "#7A4B00",
        "cause-bg": "#FCF5E8",
        "solution": "#1D6B45",
        "solution-bg": "#ECF6F0",
        "late": "#A33A00",
        "focus": "#0B5CAD",
    }
)
"""Colours by their role; every text colour reaches 4.5 : 1 on the grounds it is used on."""

RAMP = ("#C9DDED", "#93BEDD", "#5C9FD1", "#1C5C97")
"""One hue, light to dark, told apart by colour-blind readers and in grey print; white text only on the last."""

BETWEEN: Mapping[int, str] = MappingProxyType({4: "#AECEE5", 5: "#78AFD7", 6: "#3273AC"})
"""Colours between those of the ramp, by the place they have after its four, for maps of more than four classes."""

DARK_PLACES = (3, 6)
"""Places whose colour takes white text."""

WEIGHTS = (400, 600, 700)
"""Weights of Sarabun that the pages and sheets use."""

SCREEN_SIZES: Mapping[str, float] = MappingProxyType({"title": 20, "tree": 12.5, "label": 14, "note": 12})
"""Type on screen in px; nothing is smaller than 12."""

PRINT_SIZES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "title": (25, 17), "subtitle": (12.5, 9.5), "heading": (11.5, 10), "fact": (18, 15), "body": (9.5, 8.6),
        "table": (8.4, 7.8), "tree": (8.1, 8.4), "label": (10, 8.4), "value": (8.2, 7.2), "near": (8.5, 7.2),
        "note": (7, 6.6), "degrees": (6.2, 5.8),
    }
)  # fmt: skip
"""Type on paper in pt, as (A3, A4)."""

Symbol = Literal["class", "unstable", "zero", "hidden", "no_data", "left_out"]
SYMBOLS: tuple[Symbol, ...] = ("no_data", "hidden", "unstable", "left_out", "zero")
"""What stands beside the classes, in the legend's order: each a pattern of its own, zero plain white."""

BADGES: Mapping[str, str] = MappingProxyType(
    {"none": "–", "template": "ร", "draft": "ร", "approved": "อ", "overdue": "ล"}
)
"""The letter in the badge of each plan state; its shape says the same to those who do not read the letter."""


def ramp(classes: int) -> tuple[str, ...]:
    """Return the colours of 1 to 4 classes; the darkest always ends a ramp of more than one."""
    chosen = {1: (2,), 2: (0, 3), 3: (0, 2, 3), 4: (0, 1, 2, 3)}[classes]
    return tuple(RAMP[i] for i in chosen)


def css_variables() -> str:
    """Return the tokens as one CSS rule for `:root`, the ramp as `--r0` … `--r3`."""
    pairs = [*TOKENS.items(), *((f"r{i}", colour) for i, colour in enumerate(RAMP))]
    return ":root{" + "".join(f"--{name}:{value};" for name, value in pairs) + "}"
