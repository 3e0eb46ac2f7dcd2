"""KML 2.2 and KMZ: typed extended data, the colours of our legend, everything told about the rows as a description."""

import html
import zipfile
from collections.abc import Iterator
from datetime import date
from io import TextIOWrapper
from typing import Any, BinaryIO
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely

from layers.exporting.cells import printable
from layers.exporting.content import Content, Value
from layers.exporting.dictionary import entries
from layers.exporting.style import Fill, Style

TYPES = {"text": "string", "whole": "int", "number": "double", "date": "string", "yes_no": "bool"}
OPAQUE = {"area": "d9", "outline": "00", "place": "ff"}
"""How solid a fill is, over the pictures of a globe."""
DECIMALS = 6
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""A time for the members of an archive, so that the same rows give the same bytes."""


def write(content: Content, file: BinaryIO) -> None:
    """Write one KML document."""
    text = TextIOWrapper(file, "utf-8", write_through=True)
    for part in _parts(content):
        text.write(part)
    text.detach()


def write_zipped(content: Content, file: BinaryIO) -> None:
    """Write a KMZ: the document in an archive."""
    member = zipfile.ZipInfo("doc.kml", EARLIEST)
    member.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(file, "w") as archive, archive.open(member, "w") as inside:
        for part in _parts(content):
            inside.write(part.encode())


def _parts(content: Content) -> Iterator[str]:
    yield f"{HEAD}<name>{_text(content.about.title.th)}</name><description>{_text(_description(content))}</description>"
    for place, fill in enumerate(content.style.fills if content.style else ()):
        yield _style(place, fill, content.style)  # type: ignore[arg-type]
    yield f'<Schema id="{content.name}" name="{content.name}">'
    for column in content.columns:
        title = f"<displayName>{_text(f'{column.title.th} / {column.title.en}')}</displayName>"
        yield f'<SimpleField name="{column.name}" type="{TYPES[column.kind]}">{title}</SimpleField>'
    yield f"</Schema><Folder><name>{_text(content.about.title.en)}</name>"
    for place, row in enumerate(content.dicts()):
        yield _placemark(content, row, content.shapes[place])
    yield "</Folder></Document></kml>\n"


def _description(content: Content) -> str:
    """Write facts and dictionary as HTML, which viewers show: what stands in them is escaped before."""
    lines = [f"<b>{_html(one.title_th)} / {_html(one.title_en)}</b>: {_html(one.meaning_th)} / {_html(one.meaning_en)}"
             for one in entries(content) if one.part != "legend"]  # fmt: skip
    return "<br/>\n".join(lines)


def _style(place: int, fill: Fill, style: Style) -> str:
    red, green, blue = fill.colour[1:3], fill.colour[3:5], fill.colour[5:7]
    colour = f"{OPAQUE[style.shape]}{blue}{green}{red}".lower()
    edge = f"ff{style.edge[5:7]}{style.edge[3:5]}{style.edge[1:3]}".lower()
    if style.shape == "place":
        return f'<Style id="s{place}"><IconStyle><color>{colour}</color><scale>0.8</scale></IconStyle></Style>'
    return (
        f'<Style id="s{place}"><LineStyle><color>{edge}</color><width>1</width></LineStyle>'
        f"<PolyStyle><color>{colour}</color><fill>1</fill><outline>1</outline></PolyStyle></Style>"
    )


def _placemark(content: Content, row: dict[str, Value], shape: Any) -> str:
    place = content.style.place_of(row) if content.style else None
    style = "" if place is None else f"<styleUrl>#s{place}</styleUrl>"
    named = row.get("name_th") or row.get("area_th") or row[content.key]
    cells = "".join(
        f'<SimpleData name="{name}">{_text(_cell(value))}</SimpleData>'
        for name, value in row.items()
        if value is not None
    )
    held = f'<ExtendedData><SchemaData schemaUrl="#{content.name}">{cells}</SchemaData></ExtendedData>'
    key = quoteattr(f"{content.name}.{row[content.key]}")
    return f"\n<Placemark id={key}><name>{_text(str(named))}</name>{style}{held}{_geometry(shape)}</Placemark>"


def _cell(value: Value) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)


def _geometry(shape: Any) -> str:
    if shape is None:
        return ""
    if shape.geom_type == "Point":
        return f"<Point><coordinates>{_coordinates(shape)}</coordinates></Point>"
    return f"<MultiGeometry>{''.join(map(_polygon, shapely.get_parts(shape)))}</MultiGeometry>"


def _polygon(shape: Any) -> str:
    holes = "".join(f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in shape.interiors)
    return f"<Polygon><outerBoundaryIs>{_ring(shape.exterior)}</outerBoundaryIs>{holes}</Polygon>"


def _ring(ring: Any) -> str:
    return f"<LinearRing><coordinates>{_coordinates(ring)}</coordinates></LinearRing>"


def _coordinates(shape: Any) -> str:
    points = np.round(shapely.get_coordinates(shape), DECIMALS)
    return " ".join(f"{lon:.{DECIMALS}f},{lat:.{DECIMALS}f}" for lon, lat in points)


def _text(value: str) -> str:
    return escape(printable(value))


def _html(value: str) -> str:
    return html.escape(value)
