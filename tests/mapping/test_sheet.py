"""Sheets as a whole: every format sound, set as PDF/UA with embedded fonts, searchable, the same bytes twice."""

import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mapping.mindmaps import MindMap
from mapping.page_value import page_value
from mapping.sheet.badges import badges
from mapping.sheet.check import faults
from mapping.sheet.fills import colour_of, ramp_colour
from mapping.sheet.fonts import print_fonts
from mapping.sheet.setting import MissingGlyph
from mapping.sheet.sheet import Sheet
from mapping.styles import RAMP
from tests.api.test_maps import needs_libraries
from tests.mapping.example_a import EXAMPLE_A
from tests.mapping.sheets_by_hand import (
    FORMATS,
    PRINTED,
    all_names,
    all_province_codes,
    invented_sheet,
    real_sheet,
)  # fmt: skip

pytestmark = needs_libraries
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
PLAN = replace(EXAMPLE_A, area_code="99", area_name="จังหวัดสมมุติบุรี")


def told(tool: str, *args: str) -> str:
    return subprocess.run([tool, *args], capture_output=True, text=True, check=True).stdout


def text_of(content: bytes, folder: Path) -> str:
    path = folder / "sheet.pdf"
    path.write_bytes(content)
    return told("pdftotext", "-layout", str(path), "-")


@pytest.mark.parametrize(("paper", "orientation"), FORMATS)
@pytest.mark.parametrize("count", [3, 10, 50])
def test_every_format_holds_everything(count: int, paper: str, orientation: str) -> None:
    """No overlap, nothing off the page, every area labelled or numbered to the key, every fill in the legend."""
    made = invented_sheet(count, paper, orientation)
    assert faults(made) == []
    assert len(made.pages) == 1 if paper == "A3" and count < 50 else len(made.pages) <= 2


@pytest.mark.parametrize("options", [{"measure": "count"}, {"breaks": (100.0, 5000.0)}, {"problem": "P09"}])
def test_other_measures_breaks_and_secret_problems(options: dict[str, object]) -> None:
    """Counts as circles, classes that nobody is in, districts that are all hidden."""
    assert faults(invented_sheet(10, **options)) == []  # type: ignore[arg-type]


def test_colours_are_those_of_the_screen() -> None:
    """The page's own value says which class of the ramp an area wears; the sheet draws it and the legend counts it."""
    made = invented_sheet(12)
    page = page_value(made.area_map, lambda code: None, served=False)
    svg = made.maps[0].canvas.svg()
    for area in page["areas"]:
        if area["symbol"] in ("class", "unstable"):
            assert colour_of(made.area_map, area["code"]) == RAMP[area["ramp"]]
            assert f'fill="{RAMP[area["ramp"]]}"' in svg
    written = {text.text for text in made.maps[0].canvas.texts}
    assert {words for _, words in page["legend"]["classes"]} <= written
    assert [ramp_colour(place) for place, _ in page["legend"]["classes"]] == [
        RAMP[i] for i in made.area_map.legend.ramp
    ]


def test_the_same_sheet_has_the_same_bytes() -> None:
    """But for the time of printing, which is shown."""
    first, second = invented_sheet(10).pdf(), invented_sheet(10).pdf()
    assert first == second
    assert invented_sheet(10, printed_at=PRINTED + timedelta(hours=1)).pdf() != first


@needs_poppler
def test_a_reader_finds_size_fonts_title_and_words(tmp_path: Path) -> None:
    """Poppler's view of it: one page of A3, tagged, in Thai, all fonts embedded, every name found."""
    made = invented_sheet(10, mind_map=PLAN)
    words = text_of(made.pdf(), tmp_path)
    path = str(tmp_path / "sheet.pdf")
    known = dict(re.findall(r"^([\w ]+):\s+(.*)$", told("pdfinfo", path), re.M))
    assert (known["Pages"], known["Tagged"]) == ("1", "yes")
    assert re.match(r"1190\.\d+ x 841\.\d+", known["Page size"])
    assert "จังหวัดสมมุติบุรี" in known["Title"]
    fonts = told("pdffonts", path).splitlines()[2:]
    assert fonts
    assert all("Sarabun" in font and re.search(r"yes +yes +yes", font) for font in fonts)
    raw = (tmp_path / "sheet.pdf").read_bytes()
    assert b"/Lang(th-TH)" in raw
    assert b"pdfuaid:part>1<" in raw
    assert b"/Outlines" in raw
    for shape in made.area_map.shapes:
        assert shape.name in words
    for said in (
        "พิมพ์เมื่อ 22 พฤศจิกายน 2569",
        "เพียง 1 ต.ค. 2568 – 5 พ.ค. 2569",
        "เอกสารสำหรับคณะกรรมการ",
        "ตัวอย่างสมมติ",
        "1:",
    ):
        assert said in words, said
    assert "ร่างจากแม่แบบ" not in words


@needs_poppler
def test_thai_digits_are_used_throughout_but_in_codes(tmp_path: Path) -> None:
    """Dates, figures, scale and numbers of causes; P08 and WGS 84's name stay what they are."""
    words = text_of(invented_sheet(10, thai_digits=True).pdf(), tmp_path)
    assert "๒๒ พฤศจิกายน ๒๕๖๙" in words
    assert "P08" in words
    assert not re.search(
        r"(?<![A-Za-z0-9.:/-])[0-9]{2,}(?![A-Za-z0-9])", words.replace("WGS 84", "").replace("1479", "")
    )


def test_a_draft_is_dashed_and_stamped_and_a_plan_is_not() -> None:
    """On the sheet as on the screen."""
    draft, plan = invented_sheet(10), invented_sheet(10, mind_map=PLAN)

    def parts(made: Sheet, what: str) -> str:
        return "".join(b.content.svg() for p in made.pages for b in p.blocks if b.what == what)  # type: ignore[union-attr]

    def texts(made: Sheet) -> set[str]:
        return {t.text for p in made.pages for b in p.blocks for t in getattr(b.content, "texts", ())}

    assert "stroke-dasharray" in parts(draft, "tree")
    assert "stroke-dasharray" not in parts(plan, "tree")
    assert "ร่างจากแม่แบบ ยังไม่ผ่านการพิจารณา" in texts(draft) - texts(plan)


def test_a_letter_that_the_font_lacks_is_an_error() -> None:
    """Never an empty box on the wall; the message names the letter."""
    broken = replace(PLAN, goal="เป้าหมาย 😀")
    with pytest.raises(MissingGlyph) as error:
        invented_sheet(10, mind_map=broken).pdf()
    assert "😀" in error.value.text.th


@pytest.mark.parametrize(("paper", "orientation"), FORMATS)
def test_a_logo_and_a_long_name_of_an_office_find_room(paper: str, orientation: str) -> None:
    """The title gives way, nothing overlaps."""
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    header = (2).to_bytes(4, "big") + (1).to_bytes(4, "big") + bytes((8, 0, 0, 0, 0))
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes((0, 90, 200)))) + chunk(b"IEND", b"")
    office = "ศูนย์ปฏิบัติการช่วยเหลือสังคมและคุ้มครองสวัสดิภาพผู้ประสบปัญหาทางสังคม สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์จังหวัดสมมุติบุรี"
    made = invented_sheet(10, paper, orientation, office=office, logo=b"\x89PNG\r\n\x1a\n" + body)
    assert faults(made) == []
    assert made.pdf().startswith(b"%PDF")


@pytest.mark.parametrize(("paper", "pages"), [("A3", 3), ("A4", 4)])
def test_a_long_plan_goes_on_over_pages(paper: str, pages: int) -> None:
    """Nothing is squeezed or cut."""
    long: MindMap = replace(PLAN, solutions=PLAN.solutions * 5)
    made = invented_sheet(10, paper, mind_map=long)
    assert faults(made) == []
    assert 3 <= len(made.pages) <= pages
    rows = sum(len(b.content.rows) for p in made.pages for b in p.blocks if b.what == "plan")  # type: ignore[union-attr]
    assert rows == sum(len(solution.activities) for solution in long.solutions)


@needs_poppler
@pytest.mark.shared
@pytest.mark.parametrize("code", ["70", "83", "10"])
def test_real_provinces_are_sound_and_searchable(code: str, tmp_path: Path) -> None:
    """A middling one, islands, and the fifty districts of the capital."""
    made = real_sheet(code)
    assert faults(made) == []
    assert made.maps[0].zone == 47
    words = text_of(made.pdf(), tmp_path)
    assert [shape.name for shape in made.area_map.shapes if shape.name not in words] == []


@pytest.mark.shared
def test_the_country_has_neither_scale_nor_arrow_but_a_graticule() -> None:
    """Neither would be true across it; every province is on the map and in the key."""
    made = real_sheet("TH")
    assert faults(made) == []
    whats = {text.what for text in made.maps[0].canvas.texts}
    assert "degrees" in whats
    assert whats.isdisjoint({"scale", "north", "bar"})
    codes = [spot.label.code for one in made.maps for spot in one.spots]
    assert len(codes) == len(set(codes)) == 77  # the small ones around the capital on the inset alone
    assert {spot.label.code for spot in made.maps[1].spots if not spot.keyed} >= {"10", "17", "75"}


@pytest.mark.shared
@pytest.mark.parametrize(("paper", "orientation", "pages"), [("A4", "portrait", 2), ("A1", "landscape", 1)])
def test_the_country_on_small_paper_and_on_the_wall(paper: str, orientation: str, pages: int) -> None:
    """On A4 the key has a page of its own; on a wall more provinces stand by name."""
    made = real_sheet("TH", paper, orientation)
    assert faults(made) == []
    assert len(made.pages) == pages
    named = sum(not spot.keyed for one in made.maps for spot in one.spots)
    assert named > (72 if paper == "A1" else 55)


@needs_poppler
def test_sheets_for_the_wall_are_set_larger_and_true_to_scale(tmp_path: Path) -> None:
    """Type grows by half on A1; the stated scale is that of the paper, not of the layout before it is enlarged."""
    made = invented_sheet(10, "A1")
    assert faults(made) == []
    text_of(made.pdf(), tmp_path)
    assert re.search(r"Page size:\s+238\d\.\d+ x 168\d", told("pdfinfo", str(tmp_path / "sheet.pdf")))
    view = made.maps[0].view
    stated = next(t.text for t in made.maps[0].canvas.texts if t.text.startswith("1:"))
    assert int(stated[2:].replace(",", "")) == round(view.scale / 1.5)
    assert view.km(10) * 1.5 == pytest.approx(10_000_000 / round(view.scale / 1.5), rel=0.001)


def test_names_wear_the_badge_of_their_plan_and_the_legend_explains_it() -> None:
    """As on the screen: none, draft, approved, overdue; the table has them too, and nobody's plan is shown to all."""
    made = invented_sheet(10)
    screen = page_value(made.area_map, lambda code: None, served=False)
    worn = {area["code"]: "draft" if area["badge"] == "template" else area["badge"] for area in screen["areas"]}
    assert set(worn.values()) == {"none", "draft", "approved", "overdue"}
    assert made.maps[0].canvas.badges == Counter(worn[s.label.code] for s in made.maps[0].spots if not s.keyed)
    rows = [row for p in made.pages for b in p.blocks if b.what == "figures" for row in b.content.rows]  # type: ignore[union-attr]
    assert Counter(cell["badge"] for row in rows for cell in row if cell.get("badge")) == Counter(worn.values())
    written = {text.text for text in made.maps[0].canvas.texts}
    assert {"แผนของพื้นที่", "ยังไม่มีแผน", "ร่าง รอพิจารณา", "อนุมัติแล้ว", "อนุมัติแล้ว มีงานล่าช้า"} <= written
    strangers = badges(replace(made.area_map, mind_maps={}))
    assert strangers == {}


@needs_poppler
@pytest.mark.shared
def test_every_name_of_the_country_is_found_in_the_text_layer(tmp_path: Path) -> None:
    """Typst would write a cluster twice where a tone mark is moved: สวนผึ้ง was not found."""
    import typst

    names = all_names()
    source = '#set page(height: auto)\n#set text(font: "Sarabun", lang: "th", fallback: false)\n'
    source += "\n\n".join(f"#text(weight: {weight})[{name}]" for name in names for weight in (400, 600, 700))
    content = typst.compile(source.encode(), font_paths=print_fonts(), ignore_system_fonts=True)
    lines = text_of(content, tmp_path).split("\n")
    found = [line.strip() for line in lines if line.strip()]
    assert [name for name in names if found.count(name) != 3] == []


SEARCHED = ("10", "14", "30", "70", "84")


@needs_poppler
@pytest.mark.shared
@pytest.mark.proof
@pytest.mark.parametrize(("paper", "orientation"), [*FORMATS, ("A1", "landscape")])
def test_all_provinces_are_sound(paper: str, orientation: str, tmp_path: Path) -> None:
    """Every format, all 77: what is laid out, and what poppler finds in the PDF; five are searched for every name."""
    wrong = {}
    for code in all_province_codes():
        made = real_sheet(code, paper, orientation)
        found = [*faults(made), *faults_of_file(made, tmp_path / f"{code}.pdf", searched=code in SEARCHED)]
        if found:
            wrong[code] = found
    assert wrong == {}


def faults_of_file(made: Sheet, path: Path, *, searched: bool) -> list[str]:
    """List what is wrong with a sheet's PDF: pages, size, fonts, names, empty pages, too large to be sent by mail."""
    path.write_bytes(made.pdf())
    found = []
    known = dict(re.findall(r"^([\w ]+):\s+(.*)$", told("pdfinfo", str(path)), re.M))
    sides = [float(side) * 25.4 / 72 for side in re.findall(r"[\d.]+", known["Page size"])[:2]]
    wanted = (made.paper.width * made.paper.zoom, made.paper.height * made.paper.zoom)
    if any(abs(one - other) > 0.5 for one, other in zip(sides, wanted, strict=True)):
        found.append(f"size {sides}")
    # Fifty districts, their table and a plan leave no room for a map that tells anything on an upright A3.
    crowded = len(made.area_map.names) >= 50 and made.paper.orientation == "portrait"
    if int(known["Pages"]) != len(made.pages) or len(made.pages) > (1 if made.paper.large and not crowded else 2):
        found.append(f"{known['Pages']} pages")
    fonts = told("pdffonts", str(path)).splitlines()[2:]
    if not fonts or not all("Sarabun" in font and re.search(r"yes +yes +yes", font) for font in fonts):
        found.append(f"fonts {fonts}")
    if path.stat().st_size > 1_000_000:
        found.append(f"{path.stat().st_size} bytes")
    for number, page in enumerate(made.png(24), start=1):
        darkness = 255 - np.asarray(Image.open(BytesIO(page)).convert("L"), dtype=float)
        if (darkness > 40).mean() < 0.03:
            found.append(f"page {number} is nearly empty")
    words = told("pdftotext", "-layout", str(path), "-") if searched else ""
    return found + [shape.name for shape in made.area_map.shapes if searched and shape.name not in words]
