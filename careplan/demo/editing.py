"""content/demo/editing.yaml told to the actions: drafts of texts that wait for a second editor."""

from datetime import datetime, timedelta
from pathlib import Path

import yaml
from sqlalchemy.orm import Session

from careplan.actions import drafts, publications
from careplan.demo.clinic import Model
from careplan.demo.staff import Staff
from careplan.library import Library


class ChangeModel(Model):
    """In one text, one passage in the place of another."""

    kind: str
    id: str
    lang: str
    by: str
    days_ago: int
    before: str
    after: str


def read_changes(content_path: Path) -> list[ChangeModel]:
    given = yaml.safe_load((content_path / "demo/editing.yaml").read_text(encoding="utf-8"))
    return [ChangeModel.model_validate(each) for each in given]


def tell(db: Session, library: Library, told: list[ChangeModel], staff: Staff, *, at: datetime) -> None:
    """Those of the texts that say what is to be changed: another content directory may not."""
    for each in told:
        place, by, day = (each.kind, each.id, each.lang), staff.actors[each.by], at - timedelta(days=each.days_ago)
        file = library.file(place)
        if file is None or each.before not in file.text:
            continue
        draft = drafts.save(
            db,
            library,
            place,
            file.text.replace(each.before, each.after, 1),
            base=publications.holds(db, library, place),
            version=None,
            by=by,
            at=day,
        )
        drafts.send(db, library, draft, version=draft.version, by=by, at=day)
