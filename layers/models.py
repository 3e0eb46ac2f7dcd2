"""Tables of the layers ring."""
