"""The tables of a store, written once for every database that SQLAlchemy speaks to."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

SCHEMA = 4
"""Version of these tables; a store with a higher one is refused, one with a lower one is brought up to it."""

APPLICATION = "autotune"

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", String, nullable=False, unique=True),
    Column("study", String, nullable=False),
    Column("document", JSON, nullable=False),
    Column("host", JSON, nullable=False),
    Column("stopped", JSON, nullable=False),
)

trial = Table(
    "trial",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("config", JSON, nullable=False),
    Column("origin", String, nullable=False),
    Column("state", String, nullable=False),
    # Free text is kept as JSON: a lone surrogate or a NUL in it is then no problem for any database.
    Column("reason", JSON, nullable=False),
    Column("value", Float),
    Column("further", JSON, nullable=False, server_default="[]"),
    Column("violation", Float, nullable=False),
)

confirmation = Table(
    "confirmation",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("round", Integer, nullable=False, server_default="0"),
    Column("trial", Integer, nullable=False),
    Column("config", JSON, nullable=False),
    Column("alpha", Float, nullable=False),
    Column("pairs", Integer, nullable=False),
    ForeignKeyConstraint(["run_id", "trial"], ["trial.run_id", "trial.number"]),
)

contest = Table(
    "contest",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("round", Integer, nullable=False),
    Column("stage", String, nullable=False),
    Column("entrants", JSON, nullable=False),
    Column("blocks", Integer, nullable=False),
)

sample = Table(
    "sample",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    # Where the sample belongs, as one text without NULLs: a unique constraint treats NULLs as different.
    Column("place", String, nullable=False),
    Column("role", String, nullable=False),
    Column("trial", Integer),
    Column("index", Integer),
    Column("attempt", Integer),
    Column("contest", Integer),
    Column("pair", Integer),
    Column("arm", String),
    Column("turn", Integer),
    Column("state", String, nullable=False),
    Column("reason", JSON, nullable=False),
    Column("metrics", JSON, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("resources", JSON, nullable=False),
    Column("started", Float, nullable=False),
    Column("monotonic", Float, nullable=False),
    Column("wall_s", Float, nullable=False),
    Column("total_s", Float, nullable=False),
    Column("changing_s", Float, nullable=False, server_default="0"),
    Column("coerced", JSON, nullable=False, server_default="{}"),
    Column("output", JSON, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("series", LargeBinary),
    Column("distributions", LargeBinary),
    UniqueConstraint("run_id", "place"),
    ForeignKeyConstraint(["run_id", "trial"], ["trial.run_id", "trial.number"]),
    ForeignKeyConstraint(["run_id", "attempt"], ["confirmation.run_id", "confirmation.attempt"]),
)

phase = Table(
    "phase",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("phase", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("status", JSON, nullable=False),
    Column("seconds", Float, nullable=False),
)
