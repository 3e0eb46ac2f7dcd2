"""Command line: thin doors into the rings."""
