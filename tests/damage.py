"""What somebody could do who has the database itself in hand."""

import sqlalchemy as sa
from sqlalchemy.orm import Session


def unprotected(db: Session, *tables: str) -> None:
    """Without the triggers that refuse to change a table's rows."""
    for table in tables:
        if db.get_bind().dialect.name == "postgresql":
            db.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            continue
        for action in ("update", "delete"):
            db.execute(sa.text(f"DROP TRIGGER {table}_no_{action}"))
