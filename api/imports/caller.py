"""What the pages of imports are given: who may bring files in, and their uploads."""

from typing import Annotated

from fastapi import Depends, Request

from api.auth.asking import Caller
from api.auth.depends import signed_in_with
from api.imports.uploads import Upload, Uploads


def get_uploads(request: Request) -> Uploads:
    """Give the private folder."""
    return Uploads(request.app.state.settings.socialmap_home)


Importer = Annotated[Caller, Depends(signed_in_with("import.make"))]
Held = Annotated[Uploads, Depends(get_uploads)]


def get_upload(importer: Importer, uploads: Held, upload_id: str) -> Upload:
    """Give a file of the caller's own. Raises UploadNotFound, also for somebody else's."""
    return uploads.find(upload_id, importer.id)


Own = Annotated[Upload, Depends(get_upload)]
