"""Rows that never change: triggers on both databases refuse update, delete and replace.

A migration that touches one of these tables calls `protect` at its end: on SQLite, Alembic's batch mode makes the
table anew and so drops its triggers.
"""

import sqlalchemy as sa

from careplan.db import Base

IMMUTABLE = (
    "audit_event",
    "audit_event_patient",
    "audit_seal",
    "chapter_text",
    "content_version",
    "flag",
    "message",
    "plan_revision",
    "publication",
    "questionnaire_response",
    "rehabilitation_answer",
    "rehabilitation_revision",
    "response_answer",
    "score",
    "treatment_summary",
)


def protect(connection: sa.Connection) -> None:
    """Make the triggers, or make them anew."""
    existing = set(sa.inspect(connection).get_table_names())
    for name in IMMUTABLE:
        if name not in existing:  # a migration of an earlier day
            continue
        table = Base.metadata.tables[name]
        if connection.dialect.name == "sqlite":
            # A migration runs with the models of a later day: what they add may not be there yet.
            there = {column["name"] for column in sa.inspect(connection).get_columns(name)}
            statements = _sqlite(table, there)
        else:
            statements = _postgresql(table)
        for statement in statements:
            connection.exec_driver_sql(statement)


def _sqlite(table: sa.Table, there: set[str]) -> list[str]:
    statements = []
    for action in ("update", "delete"):
        trigger = f"{table.name}_no_{action}"
        statements += [
            f"DROP TRIGGER IF EXISTS {trigger}",
            f"CREATE TRIGGER {trigger} BEFORE {action.upper()} ON {table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{table.name} rows never change'); END",
        ]
    # INSERT OR REPLACE deletes the old row without firing delete triggers, so a key that exists is refused first.
    taken = " OR ".join(
        "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")"
        for key in _unique_keys(table)
        if there.issuperset(key)
    )
    statements += [
        f"DROP TRIGGER IF EXISTS {table.name}_no_replace",
        f"CREATE TRIGGER {table.name}_no_replace BEFORE INSERT ON {table.name} "
        f"WHEN EXISTS (SELECT 1 FROM {table.name} WHERE {taken}) "
        f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {table.name}'); END",
    ]
    return statements


def _postgresql(table: sa.Table) -> list[str]:
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%% rows never change', TG_TABLE_NAME; END $$",
        f"DROP TRIGGER IF EXISTS {table.name}_no_change ON {table.name}",
        f"CREATE TRIGGER {table.name}_no_change BEFORE UPDATE OR DELETE ON {table.name} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"DROP TRIGGER IF EXISTS {table.name}_no_truncate ON {table.name}",
        f"CREATE TRIGGER {table.name}_no_truncate BEFORE TRUNCATE ON {table.name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


def _unique_keys(table: sa.Table) -> list[list[str]]:
    keys = [[column.name for column in table.primary_key.columns]]
    for constraint in sorted(table.constraints, key=lambda found: str(found.name)):
        if isinstance(constraint, sa.UniqueConstraint):
            keys.append([column.name for column in constraint.columns])
    for index in sorted(table.indexes, key=lambda found: str(found.name)):
        if index.unique:
            keys.append([column.name for column in index.columns])
    return keys
