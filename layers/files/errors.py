"""Files that cannot be read, each with its reason in the message catalogue."""

from boundaries.errors import SocialMapError


class NotATable(SocialMapError):
    """A file of no kind that is read here, or a damaged one."""

    key = "error.not_a_table"


class EmptyTable(SocialMapError):
    """A file without a header and a row."""

    key = "error.empty_table"
