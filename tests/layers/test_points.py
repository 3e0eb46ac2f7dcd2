"""Displaced places: inside the subdistrict, away from the true one, and the same however often they are read."""

from uuid import UUID, uuid4

import numpy as np
import pytest
import shapely

from layers.case_lists import CasePlace
from layers.points import FARTHEST_M, METRES_PER_DEGREE, NEAREST_M, displaced

KEY = bytes(range(32))
WIDE = shapely.box(100.0, 13.0, 100.2, 13.2)
NARROW = shapely.box(100.0, 13.0, 100.001, 13.001)
"""About a hundred metres: no ring fits."""


def place(lon: float = 100.1, lat: float = 13.1, case: UUID | None = None) -> CasePlace:
    return CasePlace(case or uuid4(), "P02.01", 10, "L1", "990101", lon, lat)


def metres(one: CasePlace, other: CasePlace) -> float:
    east = (one.lon - other.lon) * np.cos(np.radians(other.lat))
    return float(np.hypot(east, one.lat - other.lat) * METRES_PER_DEGREE)


def test_places_move_into_a_ring_within_their_subdistrict() -> None:
    truth = [place(100.1 + number / 1000, 13.1) for number in range(-99, 100)]
    moved = displaced(truth, {"990101": WIDE}, KEY)
    assert len(moved) == len(truth)
    for one, other in zip(moved, truth, strict=True):
        assert shapely.contains_xy(WIDE, one.lon, one.lat)
        assert NEAREST_M * 0.999 <= metres(one, other) <= FARTHEST_M * 1.001


def test_a_thousand_reads_tell_no_more_than_one() -> None:
    truth = place()
    reads = {(one.lon, one.lat) for _ in range(1000) for one in displaced([truth], {"990101": WIDE}, KEY)}
    assert len(reads) == 1


def test_spots_differ_by_case_and_by_key() -> None:
    """Two cases in one house stand apart, and without the key nobody can tell how far."""
    spots = {(one.lon, one.lat) for one in displaced([place() for _ in range(50)], {"990101": WIDE}, KEY)}
    assert len(spots) == 50
    case = uuid4()
    first, second = (displaced([place(case=case)], {"990101": WIDE}, key)[0] for key in (KEY, bytes(32)))
    assert (first.lon, first.lat) != (second.lon, second.lat)


def test_a_subdistrict_without_room_for_the_ring_still_keeps_its_cases() -> None:
    (moved,) = displaced([place(100.0005, 13.0005)], {"990101": NARROW}, KEY)
    assert shapely.contains_xy(NARROW, moved.lon, moved.lat)


def test_places_without_a_subdistrict_are_not_shown() -> None:
    assert displaced([place()], {"990102": WIDE}, KEY) == []


def test_the_ring_is_filled_evenly() -> None:
    """Else the middle of many spots around one house would be the house."""
    truth = [place() for _ in range(2000)]
    moved = displaced(truth, {"990101": WIDE}, KEY)
    squares = np.array([metres(one, other) ** 2 for one, other in zip(moved, truth, strict=True)])
    assert squares.mean() == pytest.approx((NEAREST_M**2 + FARTHEST_M**2) / 2, rel=0.05)
