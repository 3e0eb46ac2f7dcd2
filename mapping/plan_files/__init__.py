"""Plans as files of other programs, out and in: JSON whole, the others as far as they hold it."""
