"""A sample put into its place, once."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select

from autotune.core.errors import StorageError
from autotune.model.trial import Sample, State
from autotune.store.place import Place
from autotune.store.rows import Role, sample_columns
from autotune.store.tables import sample as table


def save_sample(connection: Connection, run_id: int, place: Place, sample: Sample) -> None:
    """Saves the sample unless it is saved already; one that was interrupted gives way.

    Raises StorageError where another sample is in that place.
    """
    here = (table.c.run_id == run_id, table.c.place == str(place))
    row = connection.execute(select(table).where(*here)).one_or_none()
    columns = sample_columns(sample)
    if row is not None and row.state == State.INTERRUPTED.value:
        connection.execute(delete(table).where(*here))
    elif row is not None:
        # Compared as saved, series as bytes: a reading that is NaN differs from itself.
        if all(getattr(row, name) == value for name, value in columns.items()):
            return
        raise StorageError(f"Another sample is saved as {place} already. It was kept, nothing was changed.")
    connection.execute(insert(table).values(run_id=run_id, **place.columns(), **columns))


def next_index(connection: Connection, run_id: int, role: Role, trial: int | None) -> int:
    """The number that comes after the last sample of the baseline or of a trial."""
    here = (table.c.run_id == run_id, table.c.role == role, table.c.trial.is_not_distinct_from(trial))
    last = connection.scalar(select(func.max(table.c.index)).where(*here))
    return 0 if last is None else last + 1
