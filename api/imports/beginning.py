"""Steps of a file that may take long, begun in the background for the person who asked."""

import hashlib
import json
import time
from collections.abc import Callable

from fastapi import Request

from api.auth.asking import Caller
from api.auth.forms import Form
from api.imports.doing import Doing
from api.imports.uploads import Upload, Uploads
from api.imports.works import Kind, Work, Works


def begun(
    request: Request,
    importer: Caller,
    uploads: Uploads,
    upload: Upload,
    kind: Kind,
    form: Form,
    do: Callable[[Upload, Doing], str],
) -> str:
    """Do a step of a file, alone with it, and return the page where it leads, or the one that tells how far it is.

    A file that was brought in before leads to its import. Raises what the step raised, and ImportBusy.
    """

    def alone(doing: Doing) -> str:
        with uploads.held(upload) as held:
            if held.run_id:
                return f"/imports/runs/{held.run_id}?said=already"
            return do(held, doing)

    step = "/preview" if upload.preview and kind == "commit" else ""
    work = Work(kind, upload.id, upload.name, f"/imports/files/{upload.id}{step}", time.time(), sign_of(form))
    works: Works = request.app.state.works
    return works.begin(importer.id, work, alone)


def sign_of(form: Form) -> str:
    """Return a sign by which the same form is known again."""
    return hashlib.blake2b(json.dumps(form.pairs).encode(), digest_size=8).hexdigest()
