"""What every command shares: exit codes, the database, and how a failure is told."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import psycopg2
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.cli.recorded import note_command
from api.database import make_engine, transaction
from api.database_errors import database_key
from api.settings import Settings
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.scope import Scope

DONE, REJECTED, FAILED = 0, 1, 2
"""Exit codes: done; done with rejected rows; could not run."""

errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


@contextmanager
def database(
    settings: Settings | None = None, *, reason: str = "command", migrate: bool = True, recorded: bool = True
) -> Iterator[Session]:
    """Give a session of the product itself at `database_url`, committed at the end with the command's name on record.

    Without `migrate` nothing is recorded: the database may be of any shape. `recorded` False leaves it to the caller.
    """
    with (
        database_url(settings or Settings(), migrate=migrate) as url,
        transaction(make_engine(url, pool_size=1), Scope.system(reason)) as session,
    ):
        yield session
        if migrate and recorded:
            note_command(session, reason)


@contextmanager
def database_url(settings: Settings, *, migrate: bool = True) -> Iterator[str]:
    """Give the address that was set, else that of the private cluster: started, and its tables made, when need be.

    The private cluster is left as it was found: stopped again when this call started it.
    """
    if settings.database_url:
        yield settings.database_url
        return
    from api.cluster import running
    from api.migrations.run import upgrade

    with running(settings.socialmap_home) as cluster:
        if migrate:
            upgrade(cluster.owner_url)
        yield cluster.app_url


@contextmanager
def working(key: str) -> Iterator[Callable[[int], None]]:
    """Show on a terminal that something is being done, for how long and, when told, how far it is.

    On the error stream, leaving nothing.
    """
    words = text(key)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as shown:
        task = shown.add_task(f"{words.th} / {words.en}", total=None)
        yield lambda count: shown.update(task, description=f"{words.th} / {words.en} {count:,}")


@contextmanager
def told(as_json: bool = False) -> Iterator[None]:
    """Turn a named error into a message in Thai and English and exit code 2."""
    try:
        yield
    except SocialMapError as error:
        fail(error.text, as_json, code=error.key)
    except (DBAPIError, psycopg2.Error) as error:
        key = database_key(error)
        if key is None:
            raise
        fail(text(key), as_json, code=key)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        fail(text("error.file", reason=reason, path=error.filename or ""), as_json, code="error.file")


def fail(words: Text, as_json: bool = False, code: str = "error") -> NoReturn:
    """Say why the command could not run, and leave with exit code 2."""
    if as_json:
        typer.echo(json.dumps({"error": code, "th": words.th, "en": words.en}, ensure_ascii=False))
    else:
        errors.print(words.th)
        errors.print(words.en)
    raise typer.Exit(FAILED)
