"""XML of files from anywhere: read piece by piece, and refused where it declares anything that could be unfolded."""

from collections.abc import Callable
from xml.parsers import expat

from layers.files.errors import DeclaresEntities, NotATable


def make_parser(
    name: str, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], take: Callable[[str], None]
) -> expat.XMLParserType:
    """Make a parser that hands over elements and text; `name` is the file that errors tell of."""

    def refuse(*declared: object) -> None:
        raise DeclaresEntities(name=name)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = take
    return parser


def feed(parser: expat.XMLParserType, name: str, piece: bytes, last: bool) -> None:
    """Parse one piece more; raise NotATable for what is no XML, and what the handlers raise."""
    try:
        parser.Parse(piece, last)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise NotATable(name=name) from error
