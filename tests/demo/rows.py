"""All rows of a database with every id replaced by what it stands for, so that two databases can be compared."""

import hashlib
import json
import re
from collections import Counter
from uuid import UUID

import sqlalchemy as sa

from careplan.db import Base

# The log, and what only the ids decide.
LEFT_OUT = {"audit_event", "audit_event_patient", "audit_seal", "content_version"}
MADE_FROM_IDS = {
    ("questionnaire_response", "receipt"),
    ("content_draft", "writers"),
    ("rehabilitation_revision", "content"),
}
SPELLED = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def fingerprints(engine: sa.Engine) -> dict[str, Counter[str]]:
    """By table, each row as text without ids."""
    meant: dict[UUID, str] = {}
    found: dict[str, Counter[str]] = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in LEFT_OUT:
                continue
            found[table.name] = Counter()
            for row in connection.execute(sa.select(table)).mappings():
                text = _text(table, row, meant)
                if isinstance(row.get("id"), UUID):
                    meant[row["id"]] = hashlib.sha256(f"{table.name}{text}".encode()).hexdigest()[:12]
                found[table.name][text] += 1
    return found


def _text(table: sa.Table, row: sa.RowMapping, meant: dict[UUID, str]) -> str:
    values = {
        column.name: meant[value] if isinstance(value := row[column.name], UUID) else value
        for column in table.columns
        if column.name != "id" and (table.name, column.name) not in MADE_FROM_IDS
    }
    # The key of what follows on a response names it.
    return SPELLED.sub("...", json.dumps(values, default=str, ensure_ascii=False, sort_keys=True))
