"""What goes wrong around streams of events, by name."""

from boundaries.errors import SocialMapError


class StreamsFull(SocialMapError):
    """As many streams are open as this process holds."""

    key = "live.full"


class StreamsMany(SocialMapError):
    """As many streams are open as one account may have."""

    key = "live.many"
