"""What a unit tells its patients about itself: where to go, where to park."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.plan import UNIT_FACTS
from careplan.models import Unit

LONGEST = 500


class UnknownFact(CareplanError):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class FactTooLong(CareplanError):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def write(db: Session, unit: Unit, facts: Mapping[str, Mapping[str, str]], *, by: Actor, at: datetime) -> bool:
    """Language -> name -> text, all of them; an empty one is not told. Whether anything changed."""
    kept: dict[str, dict[str, str]] = {}
    for lang, texts in facts.items():
        for name, text in texts.items():
            if name not in UNIT_FACTS:
                raise UnknownFact(name)
            told = " ".join(text.split())
            if len(told) > LONGEST:
                raise FactTooLong(name)
            if told:
                kept.setdefault(lang, {})[name] = told
    if kept == unit.facts:
        return False
    unit.facts = kept
    db.flush()
    audit.record(db, "write-unit-facts", by=by, at=at, object_type="unit", object_id=unit.id)
    return True
