"""HOW IT LOOKS: maps, mind maps and printed sheets, made from values of the inner rings."""
