"""What goes wrong on the page of imports, by name."""

from boundaries.errors import SocialMapError


class UploadNotFound(SocialMapError):
    """No file of the caller's has this id: it was brought in, taken away, is too old, or is somebody else's."""

    key = "imports.upload_not_found"


class UploadLarge(SocialMapError):
    """A file that is larger than the page takes."""

    key = "imports.upload_large"


class NoFile(SocialMapError):
    """A form without a file."""

    key = "imports.no_file"


class DiskFull(SocialMapError):
    """The disk has no room for the file; nothing of it stays."""

    key = "imports.disk_full"


class NoAreas(SocialMapError):
    """An account whose areas are none may bring nothing in."""

    key = "imports.no_areas"


class ImportBusy(SocialMapError):
    """As many files are being worked on as may be at once."""

    key = "imports.busy"


class ImportFault(SocialMapError):
    """A mistake of ours while a file was read; nothing of the file is told."""

    key = "imports.fault"


class PreviewOld(SocialMapError):
    """Decisions about a preview that is not the newest one."""

    key = "imports.preview_old"


class NotAllowedColumn(SocialMapError):
    """A column that looks personal was given a meaning without the tick that allows it."""

    key = "imports.column_not_allowed"


class AreaNotOwn(SocialMapError):
    """A name was decided to be an area that is not the caller's."""

    key = "imports.area_not_own"


class DecisionBad(SocialMapError):
    """A decision that is none of those offered."""

    key = "imports.decision_bad"


class ColumnsLacking(SocialMapError):
    """What no row could do without has neither a column nor a value for all rows."""

    key = "imports.columns_lacking"


class WorkStopped(SocialMapError):
    """Somebody ended the work before it was over; nothing of it stays."""

    key = "imports.work.stopped"


class NameNotFound(SocialMapError):
    """No remembered name has this sign, or it is not the caller's to see."""

    key = "imports.name_not_found"
