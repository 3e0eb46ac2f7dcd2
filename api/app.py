"""The web application, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI

from api import errors
from api.alerts import admin_pages as alert_admin_pages
from api.alerts import pages as alert_pages
from api.alerts.sealing import AlertKeys
from api.alerts.ways import read_ways
from api.alerts.worker import sending_beside
from api.auth.cookies import StaleCookies
from api.auth.forgery import refuse_forgery
from api.auth.keys import Keys
from api.auth.limits import ACCOUNT_BURST, ACCOUNT_PER_SECOND, BURST, PER_SECOND, AddressLimit, Buckets
from api.auth.proxies import FromProxies
from api.auth.web import account, admin, releases, signing_in
from api.auth.web import audit as audit_page
from api.cache import AreaCache
from api.capacity import Capacity
from api.database import make_engine
from api.desk import apart_pages as desk_apart
from api.desk import area_pages as desk_areas
from api.desk import case_pages as desk_cases
from api.desk import duplicate_pages as desk_duplicates
from api.desk import limit_pages as desk_limits
from api.desk import queue_pages as desk_queue
from api.desk import referral_pages as desk_referrals
from api.desk import sealed_pages as desk_sealed
from api.desk import work_pages as desk_work
from api.field_app import pages as field_app_pages
from api.imports import names as import_names
from api.imports import pages as import_pages
from api.imports import runs as import_runs
from api.imports import work_pages as import_work
from api.imports.receiving import UPLOAD, body_limit
from api.imports.works import Works
from api.live.hub import Hub
from api.logging import RequestLog
from api.made_files import Turns
from api.meetings import pages as meeting_pages
from api.plan_files import pages as plan_file_pages
from api.plan_files.receiving import HEARD_OUT
from api.plan_work import pages as work_pages
from api.plan_work import plan_pages as plan_work_pages
from api.plan_work import policy_pages, tag_pages
from api.planning import assets as plan_assets
from api.planning import pages as plan_pages
from api.printing import MOST_LOGO
from api.prints import job_pages as print_jobs
from api.prints import pages as print_pages
from api.prints.press import Press
from api.prints.sweeping import kept_in_order
from api.prints.workshop import Workshop
from api.releasing import Releasing
from api.routers import (
    accounts,
    alerts,
    areas,
    audit,
    case_doubts,
    case_work,
    cases,
    editions,
    exports,
    field,
    field_quarantine,
    figures,
    front,
    health,
    layers,
    maps,
    meetings,
    mindmaps,
    observations,
    ogc,
    plan_bindings,
    plan_events,
    plan_files,
    plan_work,
    plans,
    referrals,
    sessions,
    sheets,
    taxonomy,
    teams,
    time_limits,
)
from api.secrets import load_secrets
from api.security import HERE, Exposure, Guard
from api.settings import Settings
from boundaries.errors import SocialMapError
from layers.scope import Scope

NOUNS = (
    accounts,
    alerts,
    areas,
    case_doubts,
    case_work,  # before cases: /cases/awaiting-team is no case
    cases,
    editions,
    exports,
    field,
    field_quarantine,
    figures,
    health,
    layers,
    maps,
    meetings,
    mindmaps,
    observations,
    ogc,
    plan_bindings,
    plan_events,
    plan_files,
    plan_work,
    plans,
    referrals,
    sessions,
    sheets,
    taxonomy,
    teams,
    time_limits,
)
"""What is asked for as data."""
PAGES = (
    plan_file_pages,  # before the page of one plan: /plans/import is no plan
    account,
    admin,
    front,
    signing_in,
    audit,
    audit_page,
    releases,
    import_runs,
    import_names,
    import_work,
    import_pages,
    print_pages,
    print_jobs,
    plan_assets,
    plan_pages,
    work_pages,
    plan_work_pages,
    policy_pages,
    tag_pages,
    meeting_pages,
    field_app_pages,
    alert_pages,
    alert_admin_pages,
    desk_queue,
    desk_cases,
    desk_areas,
    desk_duplicates,
    desk_work,
    desk_sealed,
    desk_apart,
    desk_referrals,
    desk_limits,
)
"""What is asked for as pages; a way with words of its own comes before one that takes any."""
STATEMENT_SECONDS = 60
STRANGERS = {"public": Scope.public(), "committee": Scope.committee()}
"""What somebody may see who has not signed in, by the setting."""


class DatabaseNotSet(SocialMapError):
    """The application was started without an address of its database."""

    key = "error.database_not_set"


def create_app(settings: Settings | None = None, exposed: Exposure = HERE) -> FastAPI:
    """Make the application; it connects to the database at the first request. Raises DatabaseNotSet."""
    settings = settings or Settings()
    if not settings.database_url:
        raise DatabaseNotSet
    engine = make_engine(settings.database_url, statement_seconds=STATEMENT_SECONDS)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with kept_in_order(app.state.workshop), app.state.hub.opened(), sending_beside(app):
            yield
        engine.dispose()

    # The documentation pages of the framework load scripts from elsewhere: they stay off.
    app = FastAPI(
        title="แผนที่สังคม / Social Map",
        version="0.1.0",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[Depends(refuse_forgery)],
    )
    app.state.settings, app.state.engine, app.state.areas = settings, engine, AreaCache()
    app.state.releasing, app.state.works = Releasing(engine), Works(settings.socialmap_home)
    app.state.exports, app.state.press = Turns(), Press()
    app.state.hub = Hub(engine)
    app.state.workshop = Workshop(engine, settings.socialmap_home, settings.socialmap_web_library)
    held = load_secrets()
    app.state.keys, app.state.alert_keys, app.state.ways = Keys.of(held), AlertKeys.of(held), read_ways(settings)
    app.state.stranger = STRANGERS[settings.socialmap_anonymous]
    errors.install(app)
    for each in (*NOUNS, *PAGES):
        app.include_router(each.router)
    # The last one added is the first to see a request. Nothing is compressed: no network lies in between.
    app.add_middleware(Capacity)
    app.add_middleware(StaleCookies)
    if exposed.beyond:
        app.state.account_buckets = Buckets(ACCOUNT_PER_SECOND, ACCOUNT_BURST)
        app.add_middleware(AddressLimit, buckets=Buckets(PER_SECOND, BURST))
    plan_uploads = dict.fromkeys((plan_files.UPLOAD, plan_file_pages.UPLOAD), HEARD_OUT)
    larger = {UPLOAD: body_limit(settings), print_pages.LOGO: 4 * MOST_LOGO} | plan_uploads
    app.add_middleware(Guard, exposed=exposed, larger=larger)
    if exposed.proxies:
        app.add_middleware(FromProxies, proxies=exposed.proxies)
    app.add_middleware(RequestLog)
    return app
