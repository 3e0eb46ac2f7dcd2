"""Pages of a file on its way in: sent, read, its columns named, previewed, decided on, brought in or taken away."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from markupsafe import Markup
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from api.answers import CSV
from api.auth.asking import Caller
from api.auth.forms import Form, Sent
from api.auth.web.pages import PageRoute, back_to, page
from api.dependencies import known_parameters
from api.errors import status_of
from api.imports import columns, deciding, looking, opening, working
from api.imports.beginning import begun
from api.imports.caller import Held, Importer, Own
from api.imports.doing import Doing
from api.imports.errors import ColumnsLacking, NoFile, PreviewOld
from api.imports.preview_map import legend
from api.imports.receiving import receive
from api.imports.runs import YAML, Said, attached, done_words, imports_page
from api.imports.uploads import LOOK, MAP, PREVIEW, REFUSED, Upload, Uploads
from api.imports.works import Works
from api.multipart import incoming, is_multipart
from boundaries.errors import SocialMapError
from boundaries.messages import Text
from layers.importing import write_recipe
from layers.personal_text import check_publishable
from layers.template import MissingColumns

router = APIRouter(
    prefix="/imports", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)
AT = "/imports/files"
LONGEST_SOURCE = 120


@router.post("")
async def post_file(request: Request, importer: Importer, uploads: Held) -> Response:
    """Take a file and read it; what cannot be read is told at once and not kept."""
    try:
        working.provinces_of(importer.scope)
        if not is_multipart(request):
            raise NoFile
        await run_in_threadpool(uploads.sweep)
        parts = incoming(request)
        upload, recipe = await receive(request, parts, uploads, importer.id)
        await run_in_threadpool(
            opening.accept, request.app.state.engine, importer, uploads, upload, recipe, parts.fields.get("like", "")
        )
    except ClientDisconnect:
        return Response(status_code=400)
    except SocialMapError as error:
        return await run_in_threadpool(imports_page, request, importer, error)
    return back_to(f"{AT}/{upload.id}")


@router.get("/files/{upload_id}")
def get_file(request: Request, importer: Importer, uploads: Held, upload: Own, said: Said = "") -> Response:
    """Show how a file was read, and what its columns are taken for."""
    return _done(upload) or _file_page(request, importer, uploads, upload)


@router.post("/files/{upload_id}/read")
def post_read(request: Request, importer: Importer, uploads: Held, upload: Own, form: Sent) -> Response:
    """Read a file in another way."""

    def do(held: Upload, doing: Doing) -> str:
        opening.read_again(uploads, held, form)
        return f"{AT}/{upload.id}"

    try:
        return back_to(begun(request, importer, uploads, upload, "read", form, do))
    except SocialMapError as error:
        return _file_page(request, importer, uploads, uploads.find(upload.id, importer.id), error)


@router.post("/files/{upload_id}/columns")
def post_columns(request: Request, importer: Importer, uploads: Held, upload: Own, form: Sent) -> Response:
    """Take what each column means and try the import."""

    def do(held: Upload, doing: Doing) -> str:
        recipe = columns.said_columns(form, uploads.read_json(held, LOOK))
        named = uploads.save(held, source=_source(form), preview=0)
        try:
            working.preview(request.app.state.engine, uploads, named, importer, doing, recipe)
        except MissingColumns as error:
            raise ColumnsLacking(**error.params) from None
        return f"{AT}/{upload.id}/preview"

    try:
        return back_to(begun(request, importer, uploads, upload, "preview", form, do))
    except SocialMapError as error:
        return _file_page(request, importer, uploads, uploads.find(upload.id, importer.id), error, form)


@router.get("/files/{upload_id}/preview")
def get_preview(request: Request, importer: Importer, uploads: Held, upload: Own, said: Said = "") -> Response:
    """Show what would come of an import."""
    if not upload.preview and not upload.run_id:
        return back_to(f"{AT}/{upload.id}")
    return _done(upload) or _preview_page(request, importer, uploads, upload, done=done_words(said))


@router.post("/files/{upload_id}/decisions")
def post_decisions(request: Request, importer: Importer, uploads: Held, upload: Own, form: Sent) -> Response:
    """Take what names and words mean and which repairs are accepted, and try again."""

    def do(held: Upload, doing: Doing) -> str:
        shown = _newest(uploads, held, form)
        recipe = looking.recipe_of(uploads.read_json(held, LOOK))
        made = deciding.said_decisions(form, shown, recipe)
        names = deciding.said_names(form, shown)
        working.decide_names(request.app.state.engine, importer, names)
        working.preview(request.app.state.engine, uploads, held, importer, doing, made)
        still = deciding.still_open(names, uploads.read_json(held, PREVIEW))
        return f"{AT}/{upload.id}/preview?said={'name_open' if still else 'decided'}"

    try:
        return back_to(begun(request, importer, uploads, upload, "preview", form, do))
    except SocialMapError as error:
        return _preview_page(request, importer, uploads, uploads.find(upload.id, importer.id), error)


@router.post("/files/{upload_id}/commit")
def post_commit(request: Request, importer: Importer, uploads: Held, upload: Own, form: Sent) -> Response:
    """Bring the file in; a second click is told what the first one did."""

    def do(held: Upload, doing: Doing) -> str:
        _newest(uploads, held, form)
        keep_good = bool(form.get("keep_good"))
        run_id = working.commit(request.app.state.engine, uploads, held, importer, doing, keep_good=keep_good)
        if run_id is None:
            return f"{AT}/{upload.id}/preview?said=not_written"
        return f"/imports/runs/{run_id}?said=imported"

    try:
        return back_to(begun(request, importer, uploads, upload, "commit", form, do))
    except SocialMapError as error:
        return _preview_page(request, importer, uploads, uploads.find(upload.id, importer.id), error)


@router.post("/files/{upload_id}/cancel")
def post_cancel(request: Request, importer: Importer, uploads: Held, upload: Own) -> Response:
    """Take the file away; work on it is ended first."""
    works: Works = request.app.state.works
    if works.is_busy(importer.id, upload.id):
        works.stop(importer.id)
    uploads.remove(upload)
    return back_to("/imports", "cancelled")


@router.get("/files/{upload_id}/refused")
def get_refused(request: Request, importer: Importer, uploads: Held, upload: Own) -> Response:
    """Give the rows that would not be taken, with the reasons, as CSV; that they were taken away is on record."""
    content = None if upload.run_id else uploads.read(upload, REFUSED)
    if not content:
        return back_to(f"{AT}/{upload.id}")
    shown = uploads.read_json(upload, PREVIEW)
    working.note_refused(request.app.state.engine, importer, shown["refused_rows"] + shown["waiting_rows"])
    return attached(content, CSV, "refused-rows.csv")


@router.get("/files/{upload_id}/recipe")
def get_recipe(uploads: Held, upload: Own) -> Response:
    """Give how the file is read, to be used again for the next one."""
    recipe = looking.recipe_of(uploads.read_json(upload, LOOK))
    return attached(write_recipe(looking.named_recipe(upload, recipe)).encode(), YAML, "recipe.yaml")


def _newest(uploads: Uploads, upload: Upload, form: Form) -> dict[str, Any]:
    """Return the preview that a form is about. Raises PreviewOld when there is a newer one, or none that holds."""
    if not upload.preview or form.get("of") != str(upload.preview):
        raise PreviewOld
    shown: dict[str, Any] = uploads.read_json(upload, PREVIEW)
    return shown


def _source(form: Form) -> str:
    source = " ".join(form.get("source").split())[:LONGEST_SOURCE]
    check_publishable(source)
    return source


def _done(upload: Upload) -> Response | None:
    return back_to(f"/imports/runs/{upload.run_id}", "already") if upload.run_id else None


def _file_page(
    request: Request,
    importer: Caller,
    uploads: Uploads,
    upload: Upload,
    error: SocialMapError | None = None,
    form: Form | None = None,
) -> Response:
    """Show the columns; after a form that could not be taken, with what was chosen on it."""
    look = uploads.read_json(upload, LOOK)
    recipe, told = looking.recipe_of(look), look.get("told")
    fixed, period, source = dict(recipe.fixed), recipe.period or "", upload.source
    if form is not None:
        for place, one in enumerate(look["columns"][: looking.COLUMNS]):
            one |= {"role": form.get(f"role.{place}"), "allowed": bool(form.get(f"allow.{place}"))}
        fixed |= {role: form.get(f"fixed.{role}") for role in columns.FIXED[recipe.target]}
        period, source = form.get("period"), form.get("source")
    words = error.text if error else Text(**told) if told else None
    shown: dict[str, Any] = {
        "upload": upload, "look": look, "recipe": recipe, "fixed": fixed, "period": period, "source": source,
        "roles": columns.role_choices(recipe), "fixing": columns.fixed_choices(recipe),
        "title_of": columns.title_of, "most": looking.COLUMNS, "named_by_recipe": looking.is_built_in(recipe),
    }  # fmt: skip
    return page(request, "import_file", importer, status_of(error) if error else 200, words, **shown)


def _preview_page(
    request: Request,
    importer: Caller,
    uploads: Uploads,
    upload: Upload,
    error: SocialMapError | None = None,
    done: Text | None = None,
) -> Response:
    if not upload.preview:  # it no longer holds: back to the columns, with what is to be said
        return _file_page(request, importer, uploads, upload, error)
    shown: Mapping[str, Any] = uploads.read_json(upload, PREVIEW)
    drawn = (uploads.read(upload, MAP) or b"").decode()
    values: dict[str, Any] = {
        "upload": upload,
        "shown": shown,
        "drawn": Markup(drawn),  # noqa: S704  (drawn by us; its words are escaped)
        "legend": legend(shown["matches"]),
        "codes": {role: columns.code_choices(role) for role in {one["role"] for one in shown["words"]}},
        "title_of": columns.title_of,
        "required": deciding.REQUIRED,
    }
    status, told = (status_of(error), error.text) if error else (200, None)
    return page(request, "import_preview", importer, status, told, done=done, **values)
