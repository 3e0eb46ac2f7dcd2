"""Why a file is not taken for a plan."""

from boundaries.errors import SocialMapError


class PlanFileUnknown(SocialMapError):
    """A name with an ending that is none of the formats, or a format that is none."""

    key = "plan_files.unknown"


class PlanFileDamaged(SocialMapError):
    """A file that is not of the format that its name says, or is broken."""

    key = "plan_files.damaged"


class PlanFileLarge(SocialMapError):
    """A file, or what it unpacks to, of more bytes than are read."""

    key = "plan_files.large"


class PlanFileLong(SocialMapError):
    """A file of more parts than a plan has."""

    key = "plan_files.long"


class PlanFileDeep(SocialMapError):
    """A file whose parts are nested deeper than they are read."""

    key = "plan_files.deep"


class PlanFileRefused(SocialMapError):
    """A draft cannot become what a file says; says why, and nothing of the draft is changed."""

    key = "plan_files.refused"


class PlanFileEmpty(SocialMapError):
    """A file without a single part."""

    key = "plan_files.empty"


class BadPart(SocialMapError):
    """One part of a file breaks a rule; tells its place in the file and the rule, never the value."""

    key = "plan_files.bad_part"
