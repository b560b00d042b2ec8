"""What somebody kept of a page for later."""

from sqlalchemy.orm import Session

from careplan.domain.identity import Actor
from careplan.models import CarePlan, KeptPage


def kept_page(db: Session, actor: Actor, plan: CarePlan, page: str) -> KeptPage | None:
    """The page as this person left it, where it was kept and not saved since."""
    return db.get(KeptPage, (plan.id, actor.practitioner_id, page))
