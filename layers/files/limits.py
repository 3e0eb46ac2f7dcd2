"""How large a file and its parts may be, so that no file can take the machine's memory or time."""

LONGEST_CELL = 131_072
"""Letters in one cell; a workbook allows 32,767."""
LONGEST_LINE = 2_000_000
"""Letters in one line of a text file."""
WIDEST = 16_384
"""Columns, as many as a workbook has."""
MOST_CELLS = 12_000_000
"""Cells of a sheet, counted as rows times columns: a workbook is read whole, at about 170 bytes a cell."""
WHOLE = 512 * 1024 * 1024
"""Bytes of a file that is read whole, and of what is unpacked from one: workbooks, JSON, KML, shapefiles, DBF."""
JSON_WHOLE = 256 * 1024 * 1024
"""Bytes of a JSON file; read, it takes about eight times as much memory."""
MOST_MEMBERS = 10_000
"""Members of a zip."""
