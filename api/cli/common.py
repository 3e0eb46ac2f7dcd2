"""What every command shares: exit codes, the database, and how a failure is told."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from api.database import make_engine, transaction
from api.settings import Settings
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text

DONE, REJECTED, FAILED = 0, 1, 2
"""Exit codes: done; done with rejected rows; could not run."""

errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


@contextmanager
def database(settings: Settings | None = None) -> Iterator[Session]:
    """Give a session of the application role, committed at the end; starts the private cluster when it must.

    The private cluster is left as it was found: stopped again when this call started it.
    """
    settings = settings or Settings()
    if settings.database_url:
        with transaction(make_engine(settings.database_url, pool_size=1)) as session:
            yield session
        return
    from api.cluster import running

    with running(settings.socialmap_home) as cluster, transaction(make_engine(cluster.app_url, pool_size=1)) as session:
        yield session


@contextmanager
def told(as_json: bool = False) -> Iterator[None]:
    """Turn a named error into a message in Thai and English and exit code 2."""
    try:
        yield
    except SocialMapError as error:
        fail(error.text, as_json, code=error.key)
    except OperationalError:
        fail(text("error.database_gone"), as_json, code="error.database_gone")
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
