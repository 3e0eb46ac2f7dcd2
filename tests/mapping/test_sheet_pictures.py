"""Sheets as pictures against approved ones: what a machine's checks of words and boxes cannot see.

A picture that differs is written beside the approved one for a look; CONTRIBUTING.md says how to approve it.
"""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageFilter

from mapping.sheet.sheet import Sheet
from mapping.styles import RAMP
from tests.api.test_maps import needs_libraries
from tests.mapping.example_a import EXAMPLE_A
from tests.mapping.sheets_by_hand import invented_sheet, real_sheet

pytestmark = needs_libraries
APPROVED = Path(__file__).with_name("approved")
PPI = 72
PLAN = replace(EXAMPLE_A, area_code="99", area_name="จังหวัดสมมุติบุรี")
NOTICED, TILE, SHARE = 28, 16, 0.1
"""How much a blurred channel must differ to be seen; the share of such pixels that edges of letters may make in a tile
of so many pixels each way: a whole page would hide a name that has moved."""


def picture(content: bytes) -> Image.Image:
    """Open a picture."""
    return Image.open(BytesIO(content)).convert("RGB")


def differing(one: Image.Image, other: Image.Image) -> float:
    """Return the share of pixels that differ visibly, once both are blurred, in the tile where most do; 1 for sizes."""
    if one.size != other.size:
        return 1.0
    blurred = [each.filter(ImageFilter.GaussianBlur(1.2)) for each in (one, other)]
    apart = np.asarray(ImageChops.difference(*blurred)).max(axis=2) > NOTICED
    high, wide = (side // TILE * TILE for side in apart.shape)
    tiles = apart[:high, :wide].reshape(high // TILE, TILE, wide // TILE, TILE)
    return float(tiles.mean(axis=(1, 3)).max())


def assert_approved(name: str, content: bytes) -> None:
    """Compare a page with its approved picture; leave the new one beside it where they differ."""
    made, path = picture(content), APPROVED / f"{name}.png"
    share = differing(made, Image.open(path).convert("RGB")) if path.exists() else 1.0
    if share > SHARE:
        new = path.with_suffix(".new.png")
        made.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(new, optimize=True)
        pytest.fail(f"{name} differs from its approved picture ({share:.0%} of a tile); look at {new}")


def test_a_province_on_a3() -> None:
    """With a team's plan, all states of figures and plans."""
    assert_approved("province-a3", invented_sheet(10, mind_map=PLAN).png(PPI)[0])


def test_the_map_page_of_a_province_on_a4() -> None:
    """Counts as circles, upright."""
    assert_approved("province-a4", invented_sheet(12, "A4", "portrait").png(PPI)[0])


@pytest.mark.shared
def test_the_country_on_a3() -> None:
    """All provinces, with the licence of their boundaries."""
    assert_approved("country-a3", real_sheet("TH").png(PPI)[0])


def test_a_change_that_a_reader_sees_is_seen() -> None:
    """A name moved by 3 mm, one colour of the map, a plan for a draft; nothing where nothing has changed."""
    made = invented_sheet(10)
    before = picture(made.png(PPI)[0])
    assert differing(before, picture(invented_sheet(10).png(PPI)[0])) == 0

    def changed(sheet: Sheet) -> float:
        return differing(before, picture(sheet.png(PPI)[0]))

    canvas = made.maps[0].canvas
    place = next(i for i, one in enumerate(canvas.texts) if one.what == "area 9901" and len(one.text) > 3)
    kept = canvas.texts[place]
    canvas.texts[place] = replace(kept, x=kept.x + 3)
    assert changed(made) > SHARE
    canvas.texts[place] = kept
    assert changed(made) == 0
    fill = next(i for i, shape in enumerate(canvas.shapes) if f'fill="{RAMP[1]}"' in shape)
    shape = canvas.shapes[fill]
    canvas.shapes[fill] = shape.replace(RAMP[1], RAMP[2])
    assert changed(made) > 3 * SHARE
    canvas.shapes[fill] = shape
    assert changed(invented_sheet(10, mind_map=PLAN)) > 3 * SHARE
