"""Files that other offices ask for: what stands in each, and one writer for each format."""
