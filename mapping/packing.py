"""Office files that are the same bytes for the same content: no time of saving in them, stated dates in the core.

The libraries that write PPTX, DOCX and XLSX stamp the clock into every entry of the archive, and some into the core.
"""

import io
import re
import zipfile
from datetime import UTC, datetime

CORE = "docProps/core.xml"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest day that an archive can name."""
_DATES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")


def packed(content: bytes, at: datetime) -> bytes:
    """Return an Office file with all entries dated alike and the core's dates at a stated time."""
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == CORE:
                body = _DATES.sub(rb"\g<1>" + stamp + rb"\g<3>", body)
            entry = zipfile.ZipInfo(name, FIRST_DAY)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            new.writestr(entry, body, compresslevel=6)
    return made.getvalue()
