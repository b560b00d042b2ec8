"""The made-up cast on the log-in page of the demonstration; names and roles come from content/demo."""

import sqlalchemy as sa
import yaml
from flask import Flask

from careplan.db import session
from careplan.models import Account

Group = tuple[str, list[tuple[str, str, str]]]


def groups(app: Flask) -> list[Group]:
    """[(group, [(user name, name, role)])], those only who have an account in this database."""
    known = set(session().scalars(sa.select(Account.username).where(Account.password_hash.is_(None))))
    text = (app.extensions["settings"].content_path / "demo" / "cast.yaml").read_text()
    shown = []
    for group in yaml.safe_load(text):
        people = [(who["username"], who["name"], who["role"]) for who in group["people"] if who["username"] in known]
        if people:
            shown.append((group["group"], people))
    return shown
