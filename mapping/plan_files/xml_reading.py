"""XML of other programs: read piece by piece by defusedxml, refused where it declares anything or nests too deep."""

from collections.abc import Callable, Mapping
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from layers.files.errors import DeclaresEntities
from mapping.plan_files.errors import PlanFileDamaged, PlanFileDeep

DEEPEST_ELEMENT = 100
"""Elements within elements: a part is one, what a note is written in some more."""

Start = Callable[[str, Mapping[str, str]], None]


class _Elements(ContentHandler):
    """Hands elements and texts on, and counts how deep they are."""

    def __init__(self, name: str, start: Start, end: Callable[[str], None], take: Callable[[str], None]) -> None:
        super().__init__()
        self.name, self.start, self.end, self.take = name, start, end, take
        self.depth = 0

    def startElement(self, name: str, attrs: "AttributesImpl[str]") -> None:  # noqa: N802  (the library's name)
        self.depth += 1
        if self.depth > DEEPEST_ELEMENT:
            raise PlanFileDeep(name=self.name)
        self.start(name, dict(attrs.items()))

    def endElement(self, name: str) -> None:  # noqa: N802
        self.depth -= 1
        self.end(name)

    def characters(self, content: str) -> None:
        self.take(content)


def read_xml(name: str, content: bytes, start: Start, end: Callable[[str], None], take: Callable[[str], None]) -> None:
    """Hand over the elements and texts of a file. Raises DeclaresEntities, PlanFileDamaged, PlanFileDeep."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import parseString

    try:
        parseString(content, _Elements(name, start, end, take), forbid_dtd=True)
    except DefusedXmlException:
        raise DeclaresEntities(name=name) from None
    except (SAXException, ValueError, LookupError):
        raise PlanFileDamaged(name=name) from None
