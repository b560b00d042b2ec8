"""The plan as the patient, or a relative with the right to, reads it."""

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _

from careplan.actions import audit
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.library.revisions import chapters_in
from careplan.models import PlanRevision
from careplan.queries import plan as plan_queries
from careplan.queries import team
from careplan.queries.access import NotVisible, scopes_of
from careplan.web import access
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.reading import chapter_page, reading


@bp.get("/plan")
def plan() -> str:
    """The plan by phases, open where the patient is. `plan` and `version` in the address choose another one."""
    db, by, at = session(), access.actor(), access.now()
    if "plan" not in scopes_of(db, by, at=at):
        raise NotVisible("plan", "own")
    revision = _revision()
    if revision is None:
        return page("patient/plan.html", revision=None, heading=_heading(None))
    plan_id, number = revision.plan_id, revision.number
    audit.record(
        db, "read-plan", by=by, at=at, patient_id=revision.plan.patient_id, object_type="plan", object_id=plan_id
    )
    versions = plan_queries.versions(db, plan_id)
    newest = versions[0].number
    version = number if number != newest else None

    def url(chapter_id: str) -> str:
        return url_for("patient.chapter", plan_id=plan_id, chapter_id=chapter_id, version=version)

    return page(
        "patient/plan.html",
        revision=revision,
        heading=_heading(revision),
        reading=reading(revision.content, url=url, now=at),
        appointments=plan_queries.appointments(db, [plan_id], at=at),
        review=plan_queries.review(db, plan_id),
        versions=versions,
        newest=newest,
        others=plan_queries.other_plans(db, by, revision.plan, at=at),
        to=_addressee(revision),
        is_own=by.capacity is Capacity.PATIENT,
        may_print="documents" in scopes_of(db, by, at=at),
        now=at,
    )


@bp.get("/plan/<uuid:plan_id>/<chapter_id>")
def chapter(plan_id: UUID, chapter_id: str) -> str:
    """One chapter: the most important, when to ring, the nurse's own words, and the rest folded."""
    db, by, at = session(), access.actor(), access.now()
    number = request.args.get("version", type=int)
    revision = plan_queries.revision_of(db, by, plan_id, at=at, number=number)
    found = next((each for each in chapters_in(revision.content) if each["id"] == chapter_id), None)
    if found is None:
        raise NotVisible("chapter", chapter_id)
    patient_id = revision.plan.patient_id
    contact = team.contact_for(db, patient_id, revision.plan.unit_id, at=at)
    audit.record(db, "read-chapter", by=by, at=at, patient_id=patient_id, object_type="chapter", object_id=chapter_id)
    return page(
        "patient/chapter.html",
        chapter=chapter_page(
            found,
            content_lang=revision.content["lang"],
            contact=contact,
            writer=revision.signed_by.person.given_name,
            to=_addressee(revision),
        ),
        heading=_heading(revision),
        back=url_for("patient.plan", plan=plan_id, version=number),
    )


def _revision() -> PlanRevision | None:
    db, by, at = session(), access.actor(), access.now()
    plan_id, number = request.args.get("plan", type=UUID), request.args.get("version", type=int)
    if plan_id is None and by.patient_id is not None:
        current = plan_queries.current_revision(db, by, by.patient_id, at=at)
        if current is None or number in (None, current.number):
            return current
        plan_id = current.plan_id
    if plan_id is None:
        return None
    return plan_queries.revision_of(db, by, plan_id, at=at, number=number)


def _heading(revision: PlanRevision | None) -> str:
    if access.actor().capacity is Capacity.PATIENT:
        return _("Min plan")
    if revision is None:
        return _("Planen")
    return _("Plan för %(name)s", name=revision.plan.patient.person.name)


def _addressee(revision: PlanRevision) -> str:
    """Whom the nurse's words are for, seen by the reader: empty for the patient's own eyes."""
    is_own = access.actor().capacity is Capacity.PATIENT
    return "" if is_own else revision.plan.patient.person.given_name
