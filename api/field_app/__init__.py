"""The phone app's server side: its shell as files, its words and choices. What it sends is received elsewhere."""
