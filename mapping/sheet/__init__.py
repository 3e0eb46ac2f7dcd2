"""The sheet: a printed page with the map, the mind map, the figures and all words around them, set by Typst."""
