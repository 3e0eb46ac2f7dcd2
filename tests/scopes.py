"""Scopes that tests ask with."""

from layers.scope import Scope

SYSTEM = Scope.system("test")
"""All rows: for making what a test needs."""
