"""Brings the tables of an older store up to this version, in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, select, update

from autotune.store.tables import SCHEMA, meta


def upgrade(connection: Connection) -> None:
    """Runs the steps from the store's version to this one; nothing where it is there already.

    `connection` holds the write lock, so that of two processes one does it and the other finds it done.
    """
    here = meta.c.key == "schema"
    version = int(connection.scalars(select(meta.c.value).where(here)).one())
    operations = Operations(MigrationContext.configure(connection))
    for step in _STEPS[version - 1 :]:
        step(operations)
    connection.execute(update(meta).where(here).values(value=str(SCHEMA)))


def _contests(operations: Operations) -> None:
    """1 to 2: blocks of several configurations; until then each confirmation was a round of its own."""
    operations.create_table(
        "contest",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("entrants", sa.JSON, nullable=False),
        sa.Column("blocks", sa.Integer, nullable=False),
    )
    operations.add_column("sample", sa.Column("contest", sa.Integer))
    operations.add_column("confirmation", sa.Column("round", sa.Integer, nullable=False, server_default="0"))
    operations.execute("UPDATE confirmation SET round = attempt")


def _changes_of_the_machine(operations: Operations) -> None:
    """2 to 3: what it took to bring the machine to a sample's configuration, and what became of it."""
    operations.add_column("sample", sa.Column("changing_s", sa.Float, nullable=False, server_default="0"))
    operations.add_column("sample", sa.Column("coerced", sa.JSON, nullable=False, server_default="{}"))


def _further_objectives(operations: Operations) -> None:
    """3 to 4: what a trial yielded of objectives beside the first."""
    operations.add_column("trial", sa.Column("further", sa.JSON, nullable=False, server_default="[]"))


_STEPS: tuple[Callable[[Operations], None], ...] = (_contests, _changes_of_the_machine, _further_objectives)
"""The step at index n leads from version n + 1 to the next."""
