"""How a failure is told over HTTP: one table from error to status, and RFC 9457 problem+json in Thai and English."""

import json
import logging
import traceback
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.alerts import errors as alerts
from api.auth import errors as auth
from api.database_errors import database_key
from api.described import describe
from api.field import errors as field
from api.files import FileFull
from api.imports import errors as imports
from api.live import errors as live
from api.logging import request_id
from api.made_files import ExportBusy
from api.pages import error_page
from api.prints import errors as prints
from api.releasing import ReleaseRunning
from api.teams import TeamSelf
from boundaries.areas import AreaNotFound
from boundaries.codes import BadCode
from boundaries.editions import EditionNotFound, NoActiveEdition
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.area_choices import AreaNotChosen, AreaNotServed
from layers.assistance import AssistanceCorrected, AssistanceNotFound
from layers.case_closing import ClosingOwn, ClosingProposed, NoClosing
from layers.case_merging import NotMergeable
from layers.case_photos import PhotoNotFound
from layers.case_steps import ClosingTakesTwo, NotMerged, ReopenedTooLate
from layers.cases import BadStatus, CaseNotFound
from layers.disclosure import NotPublished
from layers.identity import IdentityNotAllowed, IdentityNotFound, IdentityRestricted
from layers.importing.runs import RunNotFound, RunNotNewest, RunOfOldBoundaries, RunUndone, RunWorkedOn
from layers.referrals import ReferralAnswered, ReferralNotFound
from layers.visits import VisitDone, VisitNotFound
from mapping import meeting_asking as meetings
from mapping import plans, resolutions
from mapping.area_map import NoMap
from mapping.offline import Library, MissingAsset
from mapping.plan_files import errors as plan_files

logger = logging.getLogger("socialmap.http")

MEDIA_TYPE = "application/problem+json"
ECHO = 80
"""Characters of a refused value that are repeated to the one who sent it."""


class ParameterUnknown(SocialMapError):
    """A query parameter that the address does not have."""

    key = "error.parameter_unknown"


class ParameterRepeated(SocialMapError):
    """A query parameter given twice."""

    key = "error.parameter_repeated"


class ParameterBad(SocialMapError):
    """A query parameter whose value cannot be used; `name`, `value` and `allowed` say what and why."""

    key = "error.parameter_bad"


class NotFound(SocialMapError):
    """Nothing lies at this address."""

    key = "error.not_found"


STATUS: Mapping[type[SocialMapError], int] = {
    AreaNotFound: 404,
    CaseNotFound: 404,
    IdentityNotFound: 404,
    IdentityNotAllowed: 403,
    IdentityRestricted: 403,
    EditionNotFound: 404,
    NotFound: 404,
    NoActiveEdition: 503,
    MissingAsset: 503,
    NoMap: 404,
    NotPublished: 403,
    BadCode: 400,
    auth.NotSignedIn: 401,
    auth.SignInFailed: 401,
    auth.NotAllowed: 403,
    auth.ForgeryRefused: 403,
    auth.AccountNotFound: 404,
    auth.UnitNotFound: 404,
    auth.LoginTaken: 409,
    auth.UnitTaken: 409,
    auth.LastAdmin: 409,
    auth.FactorOwn: 403,
    auth.FactorSame: 403,
    auth.FactorNotAsked: 409,
    auth.FactorAlone: 409,
    auth.TooManyRequests: 429,
    imports.UploadNotFound: 404,
    imports.NameNotFound: 404,
    imports.UploadLarge: 413,
    imports.DiskFull: 507,
    imports.NoAreas: 403,
    imports.ImportBusy: 503,
    imports.ImportFault: 500,
    imports.PreviewOld: 409,
    imports.WorkStopped: 409,
    prints.PrintBusy: 503,
    prints.KindUnknown: 404,
    prints.AudienceBad: 403,
    prints.ReasonAsked: 403,
    prints.AreaNotOwn: 403,
    prints.LogoLarge: 413,
    prints.JobNotFound: 404,
    prints.JobsMany: 409,
    prints.JobsFull: 507,
    RunNotFound: 404,
    RunUndone: 409,
    RunNotNewest: 409,
    RunWorkedOn: 409,
    RunOfOldBoundaries: 409,
    TeamSelf: 403,
    BadStatus: 409,
    ClosingOwn: 403,
    ClosingProposed: 409,
    ClosingTakesTwo: 409,
    NoClosing: 409,
    NotMerged: 409,
    ReopenedTooLate: 409,
    ReferralNotFound: 404,
    ReferralAnswered: 409,
    VisitNotFound: 404,
    AssistanceNotFound: 404,
    AssistanceCorrected: 409,
    VisitDone: 409,
    AreaNotChosen: 409,
    AreaNotServed: 409,
    NotMergeable: 409,
    FileFull: 507,
    ExportBusy: 503,
    alerts.AlertNotFound: 404,
    alerts.WebhookNotFound: 404,
    alerts.AddressMany: 429,
    alerts.MailNotSet: 409,
    live.StreamsFull: 503,
    live.StreamsMany: 429,
    ReleaseRunning: 409,
    field.SendKeyUnknown: 401,
    field.EnvelopeNotFound: 404,
    field.EnvelopeGap: 409,
    field.FieldFull: 429,
    field.QuarantineNotOpen: 409,
    field.CaptureKeyMissing: 503,
    PhotoNotFound: 404,
    plans.PlanNotFound: 404,
    plans.PlanExists: 409,
    plans.PlanNotDraft: 409,
    plans.PlanReadOnly: 403,
    plans.HistoryClosed: 403,
    plan_files.PlanFileLarge: 413,
    meetings.MeetingNotFound: 404,
    meetings.MeetingExists: 409,
    meetings.MeetingReadOnly: 403,
    meetings.MeetingNotPrepared: 409,
    meetings.MeetingNotHeld: 409,
    meetings.BadMeetingStep: 409,
    meetings.NothingReleased: 409,
    resolutions.ResolutionNotFound: 404,
    resolutions.ResolutionClosed: 409,
    resolutions.ResolutionRefused: 409,
    resolutions.SolutionNotInDraft: 409,
    resolutions.ApprovalNotAllowed: 403,
    SocialMapError: 400,
}
"""Each error's status; an error that is not named here takes that of its nearest ancestor."""

VALIDATION = {
    "missing": "validation.missing",
    "int_parsing": "validation.number",
    "int_from_float": "validation.number",
    "int_type": "validation.number",
    "float_parsing": "validation.number",
    "finite_number": "validation.number",
    "greater_than_equal": "validation.range",
    "less_than_equal": "validation.range",
    "literal_error": "validation.choice",
    "string_too_long": "validation.long",
    "string_too_short": "validation.short",
    "string_pattern_mismatch": "validation.pattern",
}
"""Which sentence of the catalogue tells a kind of invalid value."""


def status_of(error: SocialMapError) -> int:
    """Look the error's status up in the table, from its class upwards."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem(status: int, code: str, detail: Text, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """Make an RFC 9457 answer; `code` is stable, `detail` says what was wrong and what is allowed."""
    title = text(f"http.{status}")
    body = {
        "type": f"/errors/{code}",
        "title": title.th,
        "status": status,
        "detail": detail.th,
        "title_en": title.en,
        "detail_en": detail.en,
        "code": code,
        "request_id": request_id(),
        **more,
    }
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(content, status, {"Cache-Control": "no-store", **(headers or {})}, MEDIA_TYPE)


def told(request: Request, status: int, code: str, detail: Text, headers: Mapping[str, str] | None = None) -> Response:
    """Answer a page to a person who asked for a map, problem+json to a program."""
    if not request.url.path.startswith("/maps"):
        return problem(status, code, detail, headers)
    library = Library(request.app.state.settings.socialmap_web_library)
    page = error_page(status, text(f"http.{status}"), detail, library)
    page.headers.update(headers or {})
    return page


def shortened(value: object) -> str:
    """Repeat a refused value so that it fits a sentence, without control characters."""
    words = "".join(letter if letter.isprintable() else "�" for letter in str(value))
    return words if len(words) <= ECHO else words[:ECHO] + "…"


def told_named(request: Request, error: Exception) -> Response:
    """Answer an error that a ring raised by name."""
    assert isinstance(error, SocialMapError)
    status = status_of(error)
    retry = {"Retry-After": "5"} if status == 503 else None
    return told(request, status, error.key.removeprefix("error."), error.text, retry)


def told_invalid(request: Request, error: Exception) -> Response:
    """Answer parameters that did not parse: 400, one sentence for each."""
    assert isinstance(error, RequestValidationError)
    found = [(str(wrong["loc"][-1]), _validation_text(wrong)) for wrong in error.errors()]
    parts = [{"parameter": name, "th": words.th, "en": words.en} for name, words in found]
    detail = Text(" ".join(words.th for _, words in found), " ".join(words.en for _, words in found))
    if request.url.path.startswith("/maps"):
        return told(request, 400, "parameter_bad", detail)
    return problem(400, "parameter_bad", detail, errors=parts)


def _validation_text(wrong: Mapping[str, Any]) -> Text:
    key = VALIDATION.get(wrong["type"], "validation.other")
    context = dict(wrong.get("ctx") or {})
    limit = next((context[name] for name in ("ge", "le", "max_length", "min_length", "pattern") if name in context), "")
    allowed = context.get("expected", limit)
    return text(key, name=wrong["loc"][-1], value=shortened(wrong.get("input")), allowed=allowed)


def told_http(request: Request, error: Exception) -> Response:
    """Answer what the framework refuses itself: no such address, no such method."""
    assert isinstance(error, HTTPException)
    names = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    code = names.get(error.status_code, f"http_{error.status_code}")
    known = error.status_code in names
    given = {"method": request.method, "path": shortened(request.url.path), "allowed": ""}
    detail = text(f"error.{code}", **given) if known else text("http.400")
    status = error.status_code if known else 400
    return told(request, status, code, detail, error.headers)


def told_database(request: Request, error: Exception) -> Response:
    """Answer a database that is gone, busy or full, in our words; any other error of the driver is a fault of ours."""
    key = "error.database_busy" if isinstance(error, PoolTimeout) else database_key(error)
    if key is None:
        return told_fault(error)
    logger.error("database: %s", type(getattr(error, "orig", error)).__name__, extra={"request_id": request_id()})
    status = 400 if key == "error.value_long" else 503
    retry = {"Retry-After": "5"} if status == 503 else None
    return told(request, status, key.removeprefix("error."), text(key), retry)


def told_fault(error: BaseException) -> Response:
    """Answer a fault of ours: the trace goes to the log, the request id to the user."""
    if isinstance(error, DBAPIError):  # what the driver says of it may repeat a whole row
        where, state = "".join(traceback.format_tb(error.__traceback__)), getattr(error.orig, "pgcode", None)
        logger.error("fault: database %s\n%s", state, where, extra={"request_id": request_id()})
    else:
        logger.error("fault", exc_info=error, extra={"request_id": request_id()})
    return problem(500, "fault", text("error.fault", request_id=request_id()))


def install(app: FastAPI) -> None:
    """Let every exception of the application meet the functions above, and say so in its document."""
    app.add_exception_handler(SocialMapError, told_named)
    app.add_exception_handler(RequestValidationError, told_invalid)
    app.add_exception_handler(HTTPException, told_http)
    for kind in (DBAPIError, PoolTimeout):
        app.add_exception_handler(kind, told_database)
    describe(app)
