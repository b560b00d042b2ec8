"""Rows as dicts, gathered by table and inserted by the set."""

from collections import defaultdict
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.db import Base
from careplan.models import Patient

Row = dict[str, Any]


class Rows:
    """All rows of some patients. Tables are filled in the order of their foreign keys."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = defaultdict(list)

    def add(self, table: str, **values: Any) -> Row:
        """A row with the columns that are not given at their default, else null."""
        row = _blank(table) | values
        self.tables[table].append(row)
        return row

    def add_new(self, table: str, **values: Any) -> UUID:
        """The same with an id of its own."""
        made = uuid4()
        self.add(table, id=made, **values)
        return made

    def insert(self, db: Session) -> None:
        for table in Base.metadata.sorted_tables:
            if self.tables[table.name]:
                db.execute(sa.insert(table), self.tables[table.name])
        self.tables.clear()


_blanks: dict[str, Row] = {}


def _blank(table: str) -> Row:
    """Columns that may be left out, with what then stands in them."""
    if table not in _blanks:
        assert Patient.metadata is Base.metadata  # the models are loaded
        _blanks[table] = {
            column.name: column.default.arg if isinstance(column.default, sa.ColumnDefault) else None
            for column in Base.metadata.tables[table].columns
            if column.nullable or (isinstance(column.default, sa.ColumnDefault) and column.default.is_scalar)
        }
    return _blanks[table]
