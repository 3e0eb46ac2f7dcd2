"""Changes of the database's tables; only the outermost ring sees every table."""
