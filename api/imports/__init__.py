"""The page by which people bring files in: received, understood, previewed, written, undone."""
