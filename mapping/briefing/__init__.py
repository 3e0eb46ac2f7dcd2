"""A meeting's presentation: its stops as steps of one page, played from a server or from one file without a network."""
