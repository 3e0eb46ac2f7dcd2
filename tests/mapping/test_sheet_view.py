"""Projection, scale and scale bar; labels beside, inside and as numbers; Thai lines and digits."""

import pytest
import shapely
from pyproj import Geod

from mapping.sheet.canvas import Canvas
from mapping.sheet.furniture import scale_bar
from mapping.sheet.paper import BadPaper, TooNarrow, to_paper
from mapping.sheet.placing import Field, Label, NoRoom, place_all
from mapping.sheet.view import CONIC, extent, round_scales, utm, utm_zone, view_around
from tests.api.test_maps import needs_libraries

pytestmark = needs_libraries
PAPER = to_paper("A3", "landscape")


@pytest.mark.parametrize(("lon", "zone"), [(97.9, 47), (99.8, 47), (101.9, 47), (102.1, 48), (105.6, 48)])
def test_zones(lon: float, zone: int) -> None:
    """By the longitude of the middle."""
    assert utm_zone(lon) == zone


def test_scales_are_round_and_rise() -> None:
    """From the first that is large enough."""
    scales = round_scales(432_100)
    assert [next(scales) for _ in range(4)] == [450_000, 500_000, 600_000, 700_000]
    assert next(round_scales(1_000_000)) == 1_000_000


@pytest.mark.parametrize(("lon", "lat"), [(97.9, 19.3), (99.8, 13.5), (101.8, 6.5)])
def test_the_bar_is_true_on_the_ground(lon: float, lat: float) -> None:
    """To 0.02 % of what a geodesic measures, though the projection itself is off by 0.04 %."""
    bounds = extent([shapely.box(lon - 0.4, lat - 0.4, lon + 0.4, lat + 0.4)], utm(47))
    view = view_around(bounds, utm(47), 450_000, 200, 200)
    canvas = Canvas(PAPER, 200, 200)
    length = scale_bar(canvas, view, 10, 100, 60)
    x, y = view.point(lon, lat)
    east_lon, east_lat, _ = Geod(ellps="WGS84").fwd(lon, lat, 0, 20_000)
    x2, y2 = view.point(east_lon, east_lat)
    assert length == pytest.approx(((x2 - x) ** 2 + (y2 - y) ** 2) ** 0.5, rel=2e-4)
    assert {text.text for text in canvas.texts} >= {"0", "20"}


def test_the_country_keeps_areas() -> None:
    """A square degree in the south and in the north have the areas they have on the ground."""
    shapes = [shapely.segmentize(shapely.box(100, lat, 101, lat + 1), 0.05) for lat in (6, 13, 19)]
    view = view_around((-8e5, -9e5, 6e5, 9e5), CONIC, 6_900_000, 150, 250)
    geod = Geod(ellps="WGS84")
    ratios = [view.place(shape).area / abs(geod.geometry_area_perimeter(shape)[0]) for shape in shapes]
    assert max(ratios) / min(ratios) < 1.0005


def square(x: float, y: float, side: float) -> shapely.Polygon:
    return shapely.box(x, y, x + side, y + side)


def field(shapes: list[shapely.Polygon], taken: list[shapely.Polygon] | None = None) -> Field:
    land = shapely.union_all(shapes)
    return Field(PAPER, shapely.box(0, 0, 100, 100), land, shapely.union_all([s.boundary for s in shapes]), taken or [])


def label(code: str, shape: shapely.Polygon, name: str = "เมืองสมมุติบุรี") -> Label:
    return Label(code, shape, ((name, 10, 700), ("2.4", 8.2, 600)), ("7", 8.2, 700))


def test_a_label_stands_inside_beside_or_as_a_number() -> None:
    """By the room there is; a large area never gets a number."""
    large, middle, tiny = square(5, 5, 40), square(60, 40, 8), square(52, 70, 4)
    shapes = [large, middle, tiny, shapely.box(46, 64, 64, 80).difference(tiny)]
    labels = [label("1", large), label("2", middle), label("3", tiny)]
    placed = {spot.label.code: spot for spot in place_all(field(shapes), labels)}
    assert placed["1"].tier == "inside"
    assert placed["2"].tier == "beside"
    assert placed["3"].keyed
    boxes = [spot.box for spot in placed.values()]
    assert not any(one.intersects(other) for i, one in enumerate(boxes) for other in boxes[i + 1 :])


def test_a_label_without_any_place_is_a_failure() -> None:
    """Dropping one silently would be a lie of the map."""
    shape = square(40, 40, 4)
    with pytest.raises(NoRoom):
        place_all(field([shape], [shapely.box(0, 0, 100, 100)]), [label("1", shape)])


def test_lines_never_cut_a_thai_word() -> None:
    """A column too narrow for a word is refused; letters of other scripts may be parted."""
    with pytest.raises(TooNarrow):
        PAPER.lines("พระนครศรีอยุธยา", 8, 10)
    assert len(PAPER.lines("x" * 80, 20, 10)) > 1
    assert "".join(PAPER.lines("จำนวน 25 เรื่อง ไม่มีผู้ดูแล", 22, 9)).replace(" ", "") == "จำนวน25เรื่องไม่มีผู้ดูแล"


def test_thai_digits_leave_codes_alone() -> None:
    """What is looked up elsewhere keeps its digits."""
    thai = to_paper("a4", "portrait", thai_digits=True)
    assert thai.words("ปี 2569 (P08.01) EPSG:32647 1:450,000") == "ปี ๒๕๖๙ (P08.01) EPSG:32647 ๑:๔๕๐,๐๐๐"
    assert (thai.width, thai.height) == (210, 297)


@pytest.mark.parametrize(("name", "way"), [("A5", "landscape"), ("A3", "sideways")])
def test_other_paper_is_refused(name: str, way: str) -> None:
    """With what there is."""
    with pytest.raises(BadPaper):
        to_paper(name, way)
