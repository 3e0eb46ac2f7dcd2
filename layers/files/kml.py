"""KML and KMZ: placemarks with their names, folders and ExtendedData; read whole, at most 512 MB unpacked."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import shapely

from boundaries.messages import text
from layers.files import archives
from layers.files.coordinates import DEGREES
from layers.files.errors import CannotBeAsked, LongCell, NotATable, TooDeep
from layers.files.features import Features, table_of_features
from layers.files.limits import WHOLE
from layers.files.sizes import check_size
from layers.files.table import Asked, Detected, FileTable
from layers.files.xml_parsing import feed, make_parser

PIECE = 1 << 16
DEEPEST = 200
LONGEST_TEXT = 16 << 20
"""Letters in one element; the coordinates of a detailed outline are many."""
PLAIN = ("name", "description", "address", "phoneNumber", "snippet", "Snippet")
TIMES, DATED = ("TimeStamp", "TimeSpan"), ("when", "begin", "end")
FOLDER = "folder"
HOLDERS = ("Folder", "Document")


def read_kml(path: Path, asked: Asked, name: str) -> FileTable:
    """Read a KML; raise NotATable, DeclaresEntities, TooLarge, TooDeep."""
    check_size(path, name)
    with path.open("rb") as handle:
        return _read(iter(lambda: handle.read(PIECE), b""), "kml", asked, name)


def read_kmz(path: Path, asked: Asked, name: str) -> FileTable:
    """Read the KML in a KMZ: doc.kml, else the largest; zips inside it are not opened."""
    with archives.opened(path, name) as archive:
        inside = [one for one in archives.members(archive, name) if one.filename.lower().endswith(".kml")]
        if not inside:
            raise NotATable(name=name)
        main = next(
            (one for one in inside if one.filename.lower() == "doc.kml"), max(inside, key=lambda one: one.file_size)
        )
        return _read(archives.pieces(archive, main, name, WHOLE), "kmz", asked, name)


def _read(pieces: Iterable[bytes], kind: str, asked: Asked, name: str) -> FileTable:
    reader = _Reader(name)
    for piece in pieces:
        reader.feed(piece)
    reader.feed(b"", last=True)
    folders = tuple(reader.folders)
    if asked.layer is not None and asked.layer not in folders:
        raise CannotBeAsked(asked=asked.layer, allowed=", ".join(folders))
    features = Features()
    for folder, values, shapes in reader.placemarks:
        if asked.layer is not None and folder != asked.layer:
            continue
        if len(folders) > 1:
            values = {FOLDER: folder, **values}
        features.add(values, _one(shapes))
    notes = (text("file.network_link"),) if reader.links else ()
    found = Detected(kind, encoding="utf-8", layer=asked.layer, layers=folders, notes=notes)
    return table_of_features(name, features, found, asked, stated=DEGREES)


def _one(shapes: list[shapely.Geometry]) -> shapely.Geometry | None:
    if len(shapes) > 1:
        return shapely.GeometryCollection(shapes)
    return shapes[0] if shapes else None


class _Reader:
    """Collects placemarks while the parser goes through a KML; a class because the parser calls back."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folders: dict[str, None] = {}
        self.placemarks: list[tuple[str, dict[str, str], list[shapely.Geometry]]] = []
        self.links = 0
        self._path: list[str] = []
        self._names: list[str] = []
        self._words: list[str] = []
        self._length = 0
        self._key = ""
        self._values: dict[str, str] | None = None
        self._shapes: list[shapely.Geometry] = []
        self._rings: list[list[tuple[float, float]]] = []
        self._parser = make_parser(name, self._start, self._end, self._take)

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        feed(self._parser, self.name, piece, last)

    def _take(self, words: str) -> None:
        self._length += len(words)
        if self._length > LONGEST_TEXT:
            raise LongCell(name=self.name, row=len(self.placemarks) + 1, limit=LONGEST_TEXT)
        self._words.append(words)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        element = tag.rpartition(":")[2]
        self._path.append(element)
        if len(self._path) > DEEPEST:
            raise TooDeep(name=self.name)
        self._words.clear()
        self._length = 0
        if element in HOLDERS:
            self._names.append("")
        elif element == "Placemark":
            self._values, self._shapes = {}, []
        elif element in ("Data", "SimpleData"):
            self._key = attributes.get("name", "")
        elif element == "Polygon":
            self._rings = []
        self.links += element == "NetworkLink"

    def _end(self, tag: str) -> None:
        element = self._path.pop()
        words = "".join(self._words).strip()
        self._words.clear()
        parent = self._path[-1] if self._path else ""
        if element in HOLDERS:
            self._names.pop()
        elif element == "name" and parent in HOLDERS:
            self._names[-1] = words
        elif self._values is not None:
            self._in_placemark(element, parent, words)

    def _in_placemark(self, element: str, parent: str, words: str) -> None:
        values = self._values if self._values is not None else {}
        if element == "Placemark":
            folder = next((one for one in reversed(self._names) if one), "")
            if folder:
                self.folders.setdefault(folder)
            self.placemarks.append((folder, values, self._shapes))
            self._values = None
        elif element == "SimpleData" or (element == "value" and parent == "Data"):
            values[self._key or element] = words
        elif (parent == "Placemark" and element in PLAIN) or (parent in TIMES and element in DATED):
            values[element] = words
        elif element == "coordinates":
            self._coordinates(parent, list(_points(words)))
        elif element == "Polygon" and self._rings:
            self._shapes.append(shapely.Polygon(self._rings[0], self._rings[1:]))

    def _coordinates(self, parent: str, points: list[tuple[float, float]]) -> None:
        if parent == "LinearRing" and "Polygon" in self._path:
            if len(points) >= 3:
                self._rings.append(points)
        elif parent == "Point" or len(points) == 1:
            self._shapes.extend(shapely.Point(point) for point in points[:1])
        elif len(points) > 1:
            self._shapes.append(shapely.LineString(points))


def _points(words: str) -> Iterator[tuple[float, float]]:
    """Read "lon,lat,height" separated by blanks; what is no number is passed over."""
    for one in words.split():
        parts = one.split(",")
        try:
            yield float(parts[0]), float(parts[1])
        except (ValueError, IndexError):
            continue
