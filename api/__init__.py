"""WHO MAY ASK: every way in (HTTP, pages, command line, jobs). Environment, users and commits exist only here."""
