"""Printing: sheets one at a time by address and page, many at once as jobs in processes of their own."""
