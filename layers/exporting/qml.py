"""A style as QGIS reads it (QML): one rule for each entry of the legend, with the very colours of our map."""

from collections.abc import Iterator, Mapping
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Xml

from layers.exporting.style import Fill, Mark, Style

DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
VERSION = "3.22.0"
SYMBOL = {"area": "fill", "outline": "fill", "place": "marker"}
THIN = "0.2"
"""Width of outlines in mm."""


def to_qml(style: Style) -> str:
    """Write a rule-based style; rules exclude each other, so each row is drawn once."""
    root = Xml.Element("qgis", {"version": VERSION, "styleCategories": "Symbology"})
    renderer = Xml.SubElement(
        root, "renderer-v2", {"type": "RuleRenderer", "symbollevels": "0", "forceraster": "0", "enableorderby": "0"}
    )
    rules = Xml.SubElement(renderer, "rules", {"key": _key("root")})
    symbols = Xml.SubElement(renderer, "symbols")
    for place, fill in enumerate(style.fills):
        said = {"key": _key(str(place)), "symbol": str(place), "label": fill.label.th}
        wanted = condition(fill)
        Xml.SubElement(rules, "rule", said | ({"filter": wanted} if wanted else {}))
        _symbol(symbols, place, fill, style)
    Xml.SubElement(root, "blendMode").text = "0"
    Xml.SubElement(root, "layerGeometryType").text = "0" if style.shape == "place" else "2"
    return DOCTYPE + Xml.tostring(root, "unicode")


def condition(fill: Fill) -> str:
    """Write which rows wear an entry, as an expression of QGIS; empty for all."""
    parts = [f"\"state\" = '{fill.state}'"] if fill.state else []
    if fill.low is not None:
        parts.append(f'"value" >= {fill.low!r}')
    if fill.high is not None:
        parts.append(f'"value" < {fill.high!r}')
    return " AND ".join(parts)


def _symbol(symbols: Xml.Element, place: int, fill: Fill, style: Style) -> None:
    made = Xml.SubElement(
        symbols,
        "symbol",
        {"type": SYMBOL[style.shape], "name": str(place), "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"},
    )
    for kind, options in _layers(fill, style):
        layer = Xml.SubElement(made, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
        _options(layer, options)


def _layers(fill: Fill, style: Style) -> Iterator[tuple[str, Mapping[str, str]]]:
    edge = {"outline_color": _colour(style.edge), "outline_width": THIN, "outline_width_unit": "MM"}
    if style.shape == "place":
        yield "SimpleMarker", {"name": "circle", "color": _colour(fill.colour), "size": "2.4", "size_unit": "MM",
                               "outline_style": "solid", **edge}  # fmt: skip
        return
    solid = "no" if style.shape == "outline" else "solid"
    yield "SimpleFill", {"color": _colour(fill.colour), "style": solid, "outline_style": "solid", **edge}
    if fill.mark is not None:
        yield "SimpleFill", {"color": _colour(fill.mark.colour), "style": _brush(fill.mark), "outline_style": "no"}


def _brush(mark: Mark) -> str:
    return {"lines": "b_diagonal", "dots": "dense6", "crosses": "diagonal_x"}[mark.kind]


def _options(layer: Xml.Element, options: Mapping[str, str]) -> None:
    """Write the properties as newer versions read them, and as all others do."""
    held = Xml.SubElement(layer, "Option", {"type": "Map"})
    for name, value in options.items():
        Xml.SubElement(held, "Option", {"type": "QString", "name": name, "value": value})
    for name, value in options.items():
        Xml.SubElement(layer, "prop", {"k": name, "v": value})


def _colour(written: str) -> str:
    return ",".join(str(int(written[place : place + 2], 16)) for place in (1, 3, 5)) + ",255"


def _key(name: str) -> str:
    return "{" + str(uuid5(NAMESPACE_URL, f"socialmap-style-{name}")) + "}"
