"""Tables of the boundaries ring."""
