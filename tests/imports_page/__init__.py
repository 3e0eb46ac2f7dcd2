"""The page by which people bring files in."""
