"""Forms that the plan's schedule asks for: each occurrence once, from six in the morning to the end of its last day."""

from datetime import timedelta

import sqlalchemy as sa

from careplan.actions import plans, responses
from careplan.i18n import local
from careplan.models import CarePlan, OutboxMessage, Patient, QuestionnaireRequest
from careplan.queries.team import contact_for
from tests import make


def signed(db, library, clinic) -> CarePlan:
    karin = clinic.actor["karin"]
    scheduled = next(plan for plan in library.plans.values() if any(e.event == "plan-start" for e in plan.schedule))
    patient = db.get_one(Patient, clinic.patient["astrid"])
    plan = plans.draft(db, library, patient, scheduled.id, lang="sv", treatments=[], by=karin, at=make.MONDAY)
    contact = contact_for(db, patient.id, clinic.unit.id, at=make.MONDAY)
    plans.sign(db, library, plan, contact=contact, by=karin, at=make.MONDAY)
    return plan


def test_signing_asks_for_the_forms_of_the_first_day_with_one_notice(db, clinic, library):
    plan = signed(db, library, clinic)
    asked = list(db.scalars(sa.select(QuestionnaireRequest).where(QuestionnaireRequest.plan_id == plan.id)))
    assert asked
    for request in asked:
        opens, closes = local(request.opens_at), local(request.closes_at)
        assert (opens.hour, opens.minute, opens.date()) == (6, 0, make.MONDAY.date())
        assert (closes.hour, closes.minute) == (23, 59)
        assert request.created_by_id == clinic.practitioner["karin"]
    notices = list(db.scalars(sa.select(OutboxMessage.template)))
    assert notices.count("form-due") == 1


def test_ordering_again_orders_nothing_twice(db, clinic, library):
    plan = signed(db, library, clinic)
    assert responses.order_due(db, library, plan, by=clinic.actor["karin"], at=make.MONDAY) == []


def test_what_closed_before_it_was_looked_at_is_not_asked_for(db, clinic, library):
    plan = signed(db, library, clinic)
    plans.record_event(
        db,
        library,
        plan,
        kind="treatment-start",
        on=make.MONDAY.date() - timedelta(days=30),
        title="",
        by=clinic.actor["karin"],
        at=make.MONDAY,
    )
    closing = db.scalars(sa.select(QuestionnaireRequest.closes_at).where(QuestionnaireRequest.plan_id == plan.id))
    assert all(closes_at > make.MONDAY for closes_at in closing)
