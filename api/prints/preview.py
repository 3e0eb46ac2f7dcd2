"""The sheet within its page: as pictures of the same print that is taken away, sent when they are made."""

import base64
import logging
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.responses import HTMLResponse, Response, StreamingResponse

from api.auth.web.pages import part_of_page
from api.database_errors import database_key
from api.prints.making import Prints
from api.prints.press import Made
from api.prints.wanted import Wanted
from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.scope import Scope

logger = logging.getLogger("socialmap.http")

MARK = "<!-- the sheet -->"
"""Stands in the page where the sheet comes."""
PICTURE = "png"


def shown_late(page: HTMLResponse, prints: Prints, scope: Scope, wanted: Wanted, logo: bytes | None) -> Response:
    """Send a page up to the place of its sheet, then the sheet when it is set: whoever waits can read and choose."""
    before, after = bytes(page.body).decode().split(MARK)

    def sent() -> Iterator[str]:
        yield before
        try:
            made = prints.published(scope, wanted, PICTURE, logo, prints.tag_of(scope, wanted, logo))
            address = f"/api/v1/sheets/{wanted.code}.{PICTURE}"
            yield _pictures(wanted, [f"{address}?{wanted.query(page=str(n))}" for n in range(1, made.pages + 1)])
        except SocialMapError as error:
            yield part_of_page("print_failed", why=error.text)
        except (DBAPIError, PoolTimeout) as error:
            yield part_of_page("print_failed", why=text(_key(error)))
        except Exception:
            logger.exception("print preview")
            yield part_of_page("print_failed", why=text("prints.fault"))
        yield after

    headers = {name: value for name, value in page.headers.items() if name != "content-length"}
    return StreamingResponse(sent(), page.status_code, headers)


def shown_now(page: HTMLResponse, wanted: Wanted, made: Made) -> Response:
    """Put pictures that have no address of their own into a page: of exact figures nothing is kept anywhere."""
    found = [f"data:image/png;base64,{base64.b64encode(one).decode()}" for one in made.files[PICTURE]]
    html = bytes(page.body).decode().replace(MARK, _pictures(wanted, found, linked=False))
    headers = {name: value for name, value in page.headers.items() if name != "content-length"}
    policy = headers["content-security-policy"].replace("img-src 'self'", "img-src 'self' data:")
    return HTMLResponse(html, page.status_code, headers | {"content-security-policy": policy})


def _pictures(wanted: Wanted, addresses: list[str], *, linked: bool = True) -> str:
    return part_of_page("print_pictures", wanted=wanted, addresses=addresses, linked=linked)


def _key(error: DBAPIError | PoolTimeout) -> str:
    if isinstance(error, PoolTimeout):
        return "error.database_busy"
    return database_key(error) or "prints.fault"
