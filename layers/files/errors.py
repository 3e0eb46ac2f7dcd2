"""Files that cannot be read, each with its reason in the message catalogue."""

from boundaries.errors import SocialMapError


class NotATable(SocialMapError):
    """A file of no kind that is read here, or a damaged one."""

    key = "error.not_a_table"


class EmptyTable(SocialMapError):
    """A file without a header and a row."""

    key = "error.empty_table"


class OtherKind(SocialMapError):
    """A file of a kind that is recognised and not read: a picture, a PDF, a web page named .xls."""

    key = "error.other_kind"


class TooLarge(SocialMapError):
    """A file, or what it unpacks to, beyond the limit."""

    key = "error.file_too_large"


class LongCell(SocialMapError):
    """A cell longer than any cell of a table should be."""

    key = "error.long_cell"


class TooWide(SocialMapError):
    """More columns, or more cells, than are read."""

    key = "error.too_wide"


class TooDeep(SocialMapError):
    """JSON whose brackets are nested too deeply."""

    key = "error.too_deep"


class BrokenQuotes(SocialMapError):
    """A row of a text file whose quotation marks do not close."""

    key = "error.broken_quotes"


class ControlCharacters(SocialMapError):
    """A text file that holds NUL bytes or control characters."""

    key = "error.control_characters"


class DeclaresEntities(SocialMapError):
    """XML that declares entities or a document type, as no office program writes."""

    key = "error.declares_entities"


class UnsafePath(SocialMapError):
    """A zip one of whose names leads out of it."""

    key = "error.unsafe_path"


class NoTableInside(SocialMapError):
    """A zip without a table, or with another zip inside."""

    key = "error.no_table_inside"


class Locked(SocialMapError):
    """A file that needs a password."""

    key = "error.file_locked"


class MissingPart(SocialMapError):
    """A shapefile without one of its files."""

    key = "error.missing_part"


class CannotBeAsked(SocialMapError):
    """A wish of the user's that the file cannot fulfil; `allowed` says what it can."""

    key = "error.cannot_be_asked"
