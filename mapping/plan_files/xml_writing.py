"""XML for other programs: texts escaped, characters that XML does not have replaced."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def element(parent: ET.Element | None, name: str, attributes: Mapping[str, str]) -> ET.Element:
    """Make an element, under a parent where there is one."""
    safe = {key: _NOT_IN_XML.sub("\ufffd", value) for key, value in attributes.items()}
    return ET.Element(name, safe) if parent is None else ET.SubElement(parent, name, safe)


def written(top: ET.Element) -> bytes:
    """Return a document as UTF-8."""
    ET.indent(top, " ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, "utf-8") + b"\n"
