"""Pages of meetings: the list, one meeting with agenda and resolutions, its presentation and its files."""
