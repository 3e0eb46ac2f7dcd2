"""Plans as files, handed out and taken in: both doors, the command line and the web, on record."""
