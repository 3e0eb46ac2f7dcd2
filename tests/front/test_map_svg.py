"""A map as inline SVG: pure shapes in, markup out."""

import math
import re
import xml.etree.ElementTree as ElementTree

import shapely

from mapping.map_svg import BIGGEST, DrawnArea, draw, radius, to_svg

SQUARE = shapely.box(100, 12, 102, 14)
SPECK = shapely.box(101.00001, 12.5, 101.00002, 12.50001)
HOLED = shapely.Polygon(shapely.box(100, 0, 102, 2).exterior, [shapely.box(100.5, 0.5, 101.5, 1.5).exterior])


def corners(path: str) -> list[tuple[int, int]]:
    """Read the points of the first ring of path data."""
    start, moves = re.match(r"M([^l]+)l([^z]+)z", path).groups()  # type: ignore[union-attr]
    x, y = map(int, start.split())
    points = [(x, y)]
    numbers = list(map(int, re.findall(r"-?\d+", moves)))
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x, y))
    return points


def area_of(points: list[tuple[int, int]]) -> float:
    return shapely.Polygon(points).area


def test_areas_keep_their_proportions() -> None:
    """A square of degrees in the north is smaller on the map by as much as it is smaller on the globe."""
    south, north = shapely.box(100, 5, 101, 6), shapely.box(100, 19, 101, 20)
    drawing = draw([("s", south, 100.5, 5.5), ("n", north, 100.5, 19.5)], width=4000)
    drawn = area_of(corners(drawing.paths["n"])) / area_of(corners(drawing.paths["s"]))
    sines = [math.sin(math.radians(each)) for each in (19, 20, 5, 6)]
    assert abs(drawn - (sines[1] - sines[0]) / (sines[3] - sines[2])) < 0.002


def test_north_is_up_and_everything_lies_inside() -> None:
    drawing = draw([("a", SQUARE, 101, 13)])
    points = corners(drawing.paths["a"])
    assert {x for x, _ in points} == {0, drawing.width}
    assert {y for _, y in points} == {0, drawing.height}
    x, y = drawing.points["a"]
    assert (x, abs(y - drawing.height / 2) < 3) == (500, True)


def test_even_a_speck_is_seen_and_holes_stay_holes() -> None:
    drawing = draw([("a", SQUARE, 101, 13), ("b", SPECK, 101, 12.5), ("c", HOLED, 100.2, 0.2)])
    assert drawing.paths["b"].endswith("z")
    assert drawing.paths["c"].count("M") == 2


def test_no_shapes_are_a_drawing_without_anything() -> None:
    assert ElementTree.fromstring(to_svg(draw([]), [], "ว่าง")).attrib["aria-label"] == "ว่าง"


def test_texts_are_escaped_and_areas_can_be_heard() -> None:
    words = """<script>alert("1")</script>'${x}&"""
    drawing = draw([("a", SQUARE, 101, 13), ("b", HOLED, 100.2, 0.2)])
    areas = [DrawnArea("a", "class", 3, words, "/maps/a"), DrawnArea("b", "no_data", None, words, size=0.5)]
    made = to_svg(drawing, areas, words)
    root = ElementTree.fromstring(made)
    assert "<script" not in made
    link = root.find(".//a")
    assert link is not None
    assert (link.attrib["href"], link.attrib["aria-label"]) == ("/maps/a", words)
    assert root.find(".//g[@role='img']").attrib["aria-label"] == words  # type: ignore[union-attr]
    assert [title.text for title in root.iter("title")] == [words, words]


def test_the_area_of_a_circle_follows_the_count() -> None:
    assert radius(1) == BIGGEST
    assert radius(0.25) * 2 == radius(1)
