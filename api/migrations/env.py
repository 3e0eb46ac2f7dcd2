"""Alembic's environment: run by `api.migrations.run.upgrade`, which hands over the owner's connection."""

from alembic import context
from geoalchemy2 import alembic_helpers

import api.alerts.models
import api.audit_models
import api.auth.models  # noqa: F401  (tables must be known before the metadata is compared)
import layers.alert_models
import layers.case_work_models
import layers.desk_models
import layers.field_models
import layers.identity_models
import layers.import_models
import layers.models  # noqa: F401
import mapping.meeting_models
import mapping.models
import mapping.policy_models  # noqa: F401
from boundaries.base import Base


def run() -> None:
    """Run the migrations on the connection that was handed over."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        # Without these three, PostGIS's own table is dropped and spatial indexes are made twice.
        include_object=alembic_helpers.include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
