"""Maps and mind maps of a briefing as SVG within a page: shapes as they are printed, texts as texts of the page."""

from html import escape

from boundaries.messages import text
from mapping.briefing.stops import ShownStop
from mapping.map_drawings import GAP, draw_map, outlined, without_plans
from mapping.mindmaps import MindMap
from mapping.screen import screen
from mapping.sheet.canvas import Canvas, Placed
from mapping.sheet.drawing import DrawnMap
from mapping.sheet.fills import swatch
from mapping.sheet.layouts import map_words
from mapping.sheet.legend import Entry, draw_legend, entries
from mapping.sheet.paper import PT
from mapping.sheet.tree import draw_tree

MAP_SIZE = (176.0, 137.0)
"""As on a slide, in mm: names stand where they find room at that size."""
TREE_WIDTH = 200.0
SWATCH = (8.0, 5.0)


def draw_stop(stop: ShownStop, known: dict[int, DrawnMap]) -> str:
    """Draw the map of a stop, its own area outlined where the map shows others too. Raises NoRoom.

    `known` keeps maps as they were drawn, by their identity: stops of one province share theirs.
    """
    if id(stop.area_map) not in known:
        known[id(stop.area_map)] = draw_map(screen(), stop.area_map, stop.ground, MAP_SIZE)
    drawn = known[id(stop.area_map)]
    inside = stop.area.code in stop.area_map.names
    canvas = outlined(drawn, stop.ground, stop.area.code) if inside else drawn.canvas
    words = map_words(stop.area_map)
    said = text("slides.alt.stop", map=words, area=stop.name).th if inside else words
    return to_svg(_with_circles(canvas, drawn, stop), said, "map")


def keys_of(stop: ShownStop, known: dict[int, DrawnMap]) -> list[tuple[str, str]]:
    """Return (number, name) of the areas whose names found no place on a map that was drawn."""
    drawn, names = known[id(stop.area_map)], {shape.code: shape.name for shape in stop.area_map.shapes}
    keyed = [spot for spot in drawn.spots if spot.keyed]
    pairs = {spot.lines[0][0]: names[spot.label.code] for spot in keyed}
    return sorted(pairs.items(), key=lambda pair: (len(pair[0]), pair[0]))


def _with_circles(canvas: Canvas, drawn: DrawnMap, stop: ShownStop) -> Canvas:
    """Put the circles of readable counts beside a map that has circles, as large as there."""
    if not drawn.unit or not stop.area_map.legend.sizes:
        return canvas
    circles = draw_legend(canvas.paper, without_plans(stop.area_map), circles=drawn.unit, boxed=False, part="marks")
    whole = Canvas(canvas.paper, canvas.width + GAP + circles.width, canvas.height)
    whole.paste(canvas, 0, 0)
    whole.paste(circles, canvas.width + GAP, canvas.height - circles.height)
    return whole


def draw_mind_map(mind_map: MindMap) -> str:
    """Draw the problem tree of a mind map; its outline beside it says the same in words."""
    return to_svg(draw_tree(screen(), mind_map, TREE_WIDTH), "", "tree")


def legend_rows(stop: ShownStop) -> list[tuple[str, str]]:
    """Return (swatch as SVG, words) of what the map shows; classes first."""
    classes, beside = entries(stop.area_map)
    return [(_swatch(entry), entry.words) for entry in (*classes, *beside) if entry.areas]


def to_svg(canvas: Canvas, label: str, kind: str) -> str:
    """Write a drawing with its texts; without a label it is left to whoever reads on. All texts are escaped."""
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg class="{kind}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {canvas.width:.2f} {canvas.height:.2f}"'
        f" {said}>{''.join(canvas.shapes)}{''.join(map(_text, canvas.texts))}</svg>"
    )


def _text(placed: Placed) -> str:
    """Write a line of text as wide as it was measured: another font makes it no wider."""
    size, middle = placed.size * PT, placed.x + (0 if placed.turn else placed.width / 2)
    base = placed.y + (size * 0.33 if placed.turn else 0)  # of a turned one the middle is stated
    looks = f' stroke="{placed.halo}" stroke-width="{size * 0.22:.2f}" paint-order="stroke"' if placed.halo else ""
    turned = f' transform="rotate({placed.turn} {middle:.2f} {placed.y:.2f})"' if placed.turn else ""
    return (
        f'<text x="{middle:.2f}" y="{base:.2f}" text-anchor="middle" font-size="{size:.3f}"'
        f' font-weight="{placed.weight}" fill="{placed.colour}" stroke-linejoin="round"{looks}{turned}>'
        f"{escape(placed.text)}</text>"
    )


def _swatch(entry: Entry) -> str:
    canvas = Canvas(screen(), *SWATCH)
    swatch(canvas, (0.2, 0.2, SWATCH[0] - 0.2, SWATCH[1] - 0.2), entry.symbol, entry.colour)
    return to_svg(canvas, "", "swatch")
