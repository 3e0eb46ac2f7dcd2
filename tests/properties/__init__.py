"""Rules that hold for anything one can think of."""
