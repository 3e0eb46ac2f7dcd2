"""The coordinator's desk: pages of the queue, of cases, of areas in doubt and of duplicates."""
