"""Any file that an office has, read into a table of text cells; what the cells mean is told elsewhere."""
