"""What a sheet must hold, checked on the laid-out pages before they are set: a machine's look, not a cartographer's."""

from collections.abc import Iterator

from mapping.sheet.badges import badge_entries
from mapping.sheet.canvas import Canvas
from mapping.sheet.fills import fill_key
from mapping.sheet.legend import entries, wearing
from mapping.sheet.sheet import Sheet
from mapping.sheet.tables import Table


def faults(sheet: Sheet) -> list[str]:
    """List what is wrong with a sheet in words for its makers; empty when it is sound."""
    return [
        *_overlapping(sheet), *_outside(sheet), *_unnamed(sheet), *_unexplained(sheet), *_blank(sheet), *_unsaid(sheet)
    ]  # fmt: skip


def _overlapping(sheet: Sheet) -> Iterator[str]:
    """Yield texts that cover each other, marks or an edge, and blocks that cover blocks."""
    for page in sheet.pages:
        for block in page.blocks:
            if isinstance(block.content, Canvas):
                yield from (f"{block.what}: {one} / {other}" for one, other in block.content.overlaps())
        placed = [(b.what, b.x, b.y, b.x + b.content.width, b.bottom) for b in page.blocks]
        for i, (one, left, top, right, bottom) in enumerate(placed):
            for other, x0, y0, x1, y1 in placed[i + 1 :]:
                if min(right, x1) - max(left, x0) > 0.2 and min(bottom, y1) - max(top, y0) > 0.2:
                    yield f"{one} covers {other}"


def _outside(sheet: Sheet) -> Iterator[str]:
    for page in sheet.pages:
        margin = page.paper.margin - 0.3
        for block in page.blocks:
            right, bottom = page.paper.width - margin, page.paper.height - margin
            if block.x < margin or block.y < margin or block.x + block.content.width > right or block.bottom > bottom:
                yield f"{block.what} leaves the page"


def _unnamed(sheet: Sheet) -> Iterator[str]:
    """Yield areas that are neither labelled on a map nor numbered to a key on the sheet."""
    names = {shape.code: shape.name for shape in sheet.area_map.shapes}
    written = {"".join(cell["lines"]) for table in _tables(sheet) for row in table.rows for cell in row[:2]}
    on_map = {text.text for one in sheet.maps for text in one.canvas.texts}
    for code, name in names.items():
        spots = [spot for one in sheet.maps for spot in one.spots if spot.label.code == code]
        if not spots:
            yield f"{code} is on no map"
        for spot in spots:
            if not all(sheet.paper.words(words) in on_map for words, _, _ in spot.lines):
                yield f"the label of {code} is not written"
        if sheet.paper.words(name).replace(" ", "") not in {one.replace(" ", "") for one in written}:
            yield f"{code} {name} is not in the key"


def _unexplained(sheet: Sheet) -> Iterator[str]:
    """Yield fills of the map that the legend does not count, and the reverse."""
    area_map, main = sheet.area_map, sheet.maps[0]
    drawn: dict[str, int] = {}
    for code in area_map.names:
        drawn[fill_key(area_map, code)] = drawn.get(fill_key(area_map, code), 0) + 1
    if drawn != main.canvas.fills:
        yield f"fills {main.canvas.fills} differ from those of the figures {drawn}"
    said = wearing(area_map)
    known = {f"class {i}" for i in range(len(area_map.legend.classes))} | {key for key, _ in area_map.legend.symbols}
    known |= set() if area_map.filled else {"plain"}
    yield from (f"{key} is not in the legend" for key in said if key not in known)
    classes, beside = entries(area_map)
    yield from (f"{one.key} of the legend is on no map" for one in beside if one.key not in main.canvas.fills)
    if area_map.filled and sum(one.areas for one in (*classes, *beside) if one.key != "unstable") != len(
        area_map.names
    ):
        yield "the legend does not count every area once"
    worn = {state: areas for state, _, areas in badge_entries(area_map)}
    yield from (f"badge {state} is not in the legend" for state in main.canvas.badges if state not in worn)
    if worn and sum(worn.values()) != len(area_map.names):
        yield f"the legend counts the badges {worn} of {len(area_map.names)} areas"


def _blank(sheet: Sheet) -> Iterator[str]:
    for place, page in enumerate(sheet.pages):
        if len(page.blocks) < 3 or not any(isinstance(b.content, Canvas) and b.content.texts for b in page.blocks):
            yield f"page {place + 1} is blank"
    yield from ("a map is blank" for one in sheet.maps if not one.canvas.shapes or not one.spots)


def _unsaid(sheet: Sheet) -> Iterator[str]:
    """Yield what every page must say and does not."""
    for place, page in enumerate(sheet.pages):
        kinds = {block.what for block in page.blocks}
        yield from (f"page {place + 1} has no {kind}" for kind in ("head", "foot") if kind not in kinds)
    kinds = {block.what for page in sheet.pages for block in page.blocks}
    mind_map = sheet.area_map.mind_maps.get(sheet.area_map.area.code)
    wanted = {"map", "figures"} | ({"tree", "plan"} if mind_map else set())
    yield from (f"there is no {kind}" for kind in sorted(wanted - kinds))


def _tables(sheet: Sheet) -> Iterator[Table]:
    for page in sheet.pages:
        yield from (b.content for b in page.blocks if isinstance(b.content, Table) and b.what == "figures")
