"""What goes wrong where sheets are printed, by name."""

from boundaries.errors import SocialMapError


class PrintBusy(SocialMapError):
    """As many sheets are being set as may be at once, and enough wait for their turn."""

    key = "prints.busy"


class KindUnknown(SocialMapError):
    """A kind of file that sheets are not made as."""

    key = "prints.kind_unknown"


class AudienceBad(SocialMapError):
    """Sheets are made for the usual reader, or with a reason for the office itself."""

    key = "prints.audience_bad"


class ReasonAsked(SocialMapError):
    """Exact figures were asked for by an address; they are sent for with a reason."""

    key = "prints.reason_asked"


class AreaNotOwn(SocialMapError):
    """Exact figures of an area that is not the office's own."""

    key = "prints.area_not_own"


class LogoBad(SocialMapError):
    """A logo that is no picture of the kind PNG, or has too many pixels."""

    key = "prints.logo_bad"


class LogoLarge(SocialMapError):
    """A logo of too many bytes."""

    key = "prints.logo_large"


class NoLogo(SocialMapError):
    """A form without a logo."""

    key = "prints.no_logo"


class NothingToPrint(SocialMapError):
    """An area whose parts have no sheets of their own."""

    key = "prints.nothing"


class JobNotFound(SocialMapError):
    """No job of the caller's has this id, or its file is gone."""

    key = "prints.job_not_found"


class JobsMany(SocialMapError):
    """As many jobs of one account wait as may."""

    key = "prints.jobs_many"


class JobsFull(SocialMapError):
    """The disk has no room for a job's files; nothing of it stays."""

    key = "prints.disk_full"


class WorkerFault(SocialMapError):
    """A mistake of ours while sheets were printed."""

    key = "prints.fault"


class WorkerKilled(SocialMapError):
    """The process that printed is gone and told nothing."""

    key = "prints.killed"


class Interrupted(SocialMapError):
    """The server that began a job has ended."""

    key = "prints.interrupted"
