"""The page of one print: a form, the sheet itself as its preview, and what may be taken away. Works without scripts."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from api.auth.asking import Caller
from api.auth.depends import Anybody, SignedIn
from api.auth.errors import NotSignedIn
from api.auth.forgery import own_path
from api.auth.forms import Sent
from api.auth.web.pages import PageRoute, back_to, page
from api.database import reading
from api.dependencies import Asking, TextQuery, known_parameters
from api.errors import status_of
from api.multipart import incoming, is_multipart
from api.printing import MOST_LOGO
from api.prints.asked import asked
from api.prints.batch import parts_of
from api.prints.errors import LogoLarge, NoLogo, NothingToPrint
from api.prints.kinds import KINDS, get_kind
from api.prints.logos import logo_of, remove_logo, save_logo, with_logo
from api.prints.making import Prints
from api.prints.preview import MARK, shown_late, shown_now
from api.prints.readers import exact_scope, may_have_exact, usual_audience
from api.prints.wanted import Wanted
from boundaries.areas import AreaRecord, get_area
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.scope import Scope

router = APIRouter(route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)])

Asked = Annotated[Wanted, Depends(asked)]
Held = Annotated[Prints, Depends(Prints)]
SAID = frozenset({"logo", "no_logo"})
LOGO = "/prints/logo"
FILTERS = ("problem", "period", "measure", "method", "breaks", "fill")
"""What a map's address says; the form hands it on."""


@router.get("/print/{code}")
def get_print(
    request: Request, caller: Anybody, scope: Asking, prints: Held, wanted: Asked, said: TextQuery = None
) -> Response:
    """Show the form at once, and the sheet below it when it is set."""
    done = text(f"prints.said.{said}") if said in SAID else None
    wanted, logo = with_logo(request, scope, wanted)
    made = print_page(request, caller, scope, prints, wanted, done=done)
    return shown_late(made, prints, scope, wanted, logo)


@router.post("/print/{code}")
def post_exact(request: Request, caller: Anybody, scope: Asking, prints: Held, wanted: Asked, form: Sent) -> Response:
    """Show or hand out a sheet of exact figures; each time is on record with the reason."""
    kind = form.get("take")
    wanted, logo = with_logo(request, scope, wanted)
    try:
        get_kind(kind or "png")
        own = exact_scope(scope, wanted.code, form.get("reason"))
        made = prints.exact(own, wanted, kind or "png", logo)
    except NotSignedIn:
        raise
    except SocialMapError as error:
        answer = print_page(request, caller, scope, prints, wanted, error=error)
        return shown_late(answer, prints, scope, wanted, logo)
    if kind:
        headers = {"Content-Disposition": f'attachment; filename="{wanted.code}-exact.{kind}"'}
        return Response(made.files[kind][0], headers=headers, media_type=KINDS[kind].media_type)
    answer = print_page(request, caller, scope, prints, wanted, reason=own.reason)
    return shown_now(answer, wanted, made)


@router.post(LOGO)
async def post_logo(request: Request, caller: SignedIn) -> Response:
    """Keep the logo that is sent, or take the kept one away."""
    if not is_multipart(request):
        raise NoLogo
    parts = incoming(request)
    content = b""
    while part := await parts.file():
        if part.name == "logo":
            async for piece in parts.content():  # heard out: a browser tells its user nothing before it has sent all
                content += piece if len(content) <= MOST_LOGO else b""
    if len(content) > MOST_LOGO:
        raise LogoLarge(limit=MOST_LOGO // 1_000_000)
    home, back = request.app.state.settings.socialmap_home, own_path(parts.fields.get("back"), "/prints")
    if parts.fields.get("remove"):
        remove_logo(home, caller.id)
        return back_to(_with(back, "said=no_logo"))
    if not content:
        raise NoLogo
    await run_in_threadpool(save_logo, home, caller.id, content)
    return back_to(_with(back, "logo=true&said=logo"))


def print_page(
    request: Request,
    caller: Caller | None,
    scope: Scope,
    prints: Prints,
    wanted: Wanted,
    *,
    error: SocialMapError | None = None,
    done: Text | None = None,
    reason: str | None = None,
) -> HTMLResponse:
    """Make the page with MARK where the sheet will stand."""
    with reading(prints.engine, scope) as session:
        area = get_area(session, wanted.code)
        parts = _parts(session, scope, area)
    shown: dict[str, Any] = {
        "wanted": wanted,
        "area": area,
        "address": f"/print/{area.code}",
        "query": wanted.query(),
        "kinds": [name for name, kind in KINDS.items() if not kind.picture],
        "exact": may_have_exact(scope, area.code),
        "reason": reason,
        "audience": text(f"sheet.audience.{'internal' if reason else usual_audience(scope)}"),
        "has_logo": logo_of(request, scope) is not None,
        "logo_limit": MOST_LOGO // 1_000_000,
        "many": parts,
        "hidden": [pair for pair in wanted.told() if pair[0] in FILTERS],
        "mark": MARK,
    }
    status = status_of(error) if error else 200
    return page(request, "print", caller, status, error.text if error else None, done=done, **shown)


def _parts(session: Any, scope: Scope, area: AreaRecord) -> Text | None:
    """Name the level whose areas may be printed at once, None where there is none or the caller may not."""
    if not scope.may("print.many") or area.level not in ("country", "province"):
        return None
    try:
        parts_of(session, area.code)
    except NothingToPrint:
        return None
    return text("level.province" if area.level == "country" else "level.district")


def _with(path: str, query: str) -> str:
    """Add to an address of ours what it does not say yet."""
    before, _, asked_ = path.partition("?")
    kept = [one for one in asked_.split("&") if one and one.partition("=")[0] not in ("said", "logo")]
    return f"{before}?{'&'.join([*kept, query])}"
