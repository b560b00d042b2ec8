"""Whom a patient shares with."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.domain.identity import Actor, Capacity
from careplan.models import Share, ShareInvitation
from careplan.queries.access import NotVisible


def active_shares(db: Session, patient_id: UUID, *, at: datetime) -> list[Share]:
    """The rights that hold at `at`, oldest first, each with its person."""
    query = sa.select(Share).where(
        Share.patient_id == patient_id, Share.from_at <= at, sa.or_(Share.to_at.is_(None), Share.to_at > at)
    )
    return list(db.scalars(query.order_by(Share.from_at)))


def get_share_for(db: Session, actor: Actor, share_id: UUID) -> Share:
    """A share is the patient's own to end; nobody else reaches it."""
    found = db.get(Share, share_id)
    if found is None or actor.capacity is not Capacity.PATIENT or found.patient_id != actor.patient_id:
        raise NotVisible("share", share_id)
    return found


def open_invitations(db: Session, patient_id: UUID, *, at: datetime) -> list[ShareInvitation]:
    """Those that somebody may still accept, oldest first."""
    query = sa.select(ShareInvitation).where(
        ShareInvitation.patient_id == patient_id,
        ShareInvitation.accepted_at.is_(None),
        ShareInvitation.withdrawn_at.is_(None),
        ShareInvitation.expires_at > at,
    )
    return list(db.scalars(query.order_by(ShareInvitation.created_at)))


def get_invitation_for(db: Session, actor: Actor, invitation_id: UUID) -> ShareInvitation:
    """The patient's own to withdraw. Who is invited reaches it by its code alone."""
    found = db.get(ShareInvitation, invitation_id)
    if found is None or actor.capacity is not Capacity.PATIENT or found.patient_id != actor.patient_id:
        raise NotVisible("invitation", invitation_id)
    return found
