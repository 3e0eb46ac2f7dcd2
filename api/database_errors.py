"""What is said of an error of the database, on the command line and over HTTP."""

from collections.abc import Mapping

import psycopg2
from sqlalchemy.exc import DBAPIError

STATES: Mapping[str, str] = {
    "08": "error.database_gone",
    "40": "error.database_busy",
    "42P01": "error.not_migrated",
    "53": "error.database_busy",
    "53100": "error.database_full",
    "54": "error.value_long",
    "55006": "error.database_busy",
    "55P03": "error.database_busy",
    "57014": "error.database_busy",
    "57P": "error.database_gone",
}
"""What is said of an SQLSTATE, or of all that begin alike; the longest beginning decides."""


def database_key(error: DBAPIError | psycopg2.Error) -> str | None:
    """Return the key of what can be said of a database's error; None when the mistake is ours."""
    cause = error.orig if isinstance(error, DBAPIError) else error  # COPY speaks to the driver itself
    state = getattr(cause, "pgcode", None)
    if state:
        known = (STATES[state[:length]] for length in (5, 3, 2) if state[:length] in STATES)
        return next(known, None)
    if isinstance(cause, psycopg2.ProgrammingError) and "dsn" in str(cause):
        return "error.database_address"
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if lost or isinstance(cause, psycopg2.OperationalError | psycopg2.InterfaceError):
        return "error.database_gone"  # without a state it was the driver that spoke, not the server
    return None
