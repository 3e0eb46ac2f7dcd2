"""Documents: figures and action plan of an area as a Word file or a workbook, to be edited and reckoned with."""

from mapping.documents.document import AreaDocument, build_document

__all__ = ["AreaDocument", "build_document"]
