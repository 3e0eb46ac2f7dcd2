"""What goes wrong when a phone sends, by name. None of it makes a phone forget what it holds."""

from boundaries.errors import SocialMapError


class SendKeyUnknown(SocialMapError):
    """No phone has this send key."""

    key = "error.send_key_unknown"


class EnvelopeNotFound(SocialMapError):
    """No envelope has this id, or none of the one who asks."""

    key = "error.envelope_not_found"


class EnvelopeGap(SocialMapError):
    """A part that does not go on from what is there; `received` says from where."""

    key = "error.envelope_gap"


class EnvelopeBad(SocialMapError):
    """A part whose numbers do not fit: offset, total, hash, or its own length."""

    key = "error.envelope_bad"


class FieldFull(SocialMapError):
    """As much of an account waits or is set apart as may; a coordinator has to look at it first."""

    key = "error.field_full"


class BodyBroken(SocialMapError):
    """The body of a request did not come whole."""

    key = "error.body_broken"


class QuarantineNotOpen(SocialMapError):
    """An envelope that is not in quarantine, or cannot be opened, and so cannot be accepted."""

    key = "error.quarantine_not_open"


class CaptureKeyMissing(SocialMapError):
    """The file of secrets holds no key that phones could seal to: the database was not migrated with it."""

    key = "error.capture_key_missing"
