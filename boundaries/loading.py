"""From a source to an active edition in one go: import, check, activate; twice is the same as once."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from boundaries import editions
from boundaries.checks import Check
from boundaries.editions import ActivationReport, ChecksFailed, EditionRecord, Retag
from boundaries.fetching import Obtained
from boundaries.importing import ImportReport, Progress, import_edition
from boundaries.sources import stated_values


@dataclass(frozen=True)
class LoadReport:
    """What loading did; `imported` is None when the very same file was here already."""

    edition: EditionRecord
    imported: ImportReport | None
    check: Check | None
    activation: ActivationReport | None


def load(
    session: Session,
    obtained: Obtained,
    *,
    columns: Mapping[str, str] | None = None,
    draft: bool = False,
    retag: Retag | None = None,
    progress: Progress = lambda step: None,
) -> LoadReport:
    """Load a file and make it active; a `draft` is stored and checked only.

    A file that is here already is not read again, but what is stated about it anew is kept. Raises ChecksFailed (and
    the caller rolls back) when the checks find errors, unless a draft was asked for.
    """
    known = None if columns or draft else editions.find_by_checksum(session, obtained.provenance.checksum)
    if known is not None and known.state != "draft":
        known = _restated(session, known, obtained)
    if known is not None and known.state == "active":
        return LoadReport(known, None, None, None)
    if known is not None and known.state != "draft":
        progress("activate")
        activation = editions.activate(session, known.id, retag)
        return LoadReport(activation.edition, None, None, activation)
    report = import_edition(
        session, obtained.path, obtained.provenance, columns, progress=progress, extra_names=obtained.extra_names
    )
    progress("check")
    check = editions.check(session, report.edition_id)
    if draft:
        return LoadReport(editions.get_edition(session, report.edition_id), report, check, None)
    refuse_errors(report.edition_id, check)
    progress("activate")
    activation = editions.activate(session, report.edition_id, retag)
    return LoadReport(activation.edition, report, check, activation)


def _restated(session: Session, known: EditionRecord, obtained: Obtained) -> EditionRecord:
    """Give an edition the name, licence, citations and date stated this time; what is not stated stays."""
    stated = stated_values(obtained.path, obtained.provenance)
    changed = {field: value for field, value in stated.items() if value != getattr(known, field)}
    return editions.update_provenance(session, known.id, changed) if changed else known


def refuse_errors(edition_id: int, check: Check) -> None:
    """Raise ChecksFailed with all that is wrong."""
    if not check.passed:
        wrong = [finding.text for finding in check.findings if finding.severity == "error"]
        raise ChecksFailed(id=edition_id, findings="; ".join(f"{words.th} ({words.en})" for words in wrong))
