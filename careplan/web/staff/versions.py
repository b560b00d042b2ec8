"""Signed versions of a patient's plan, for staff: all of them, one as it reads, and two beside each other."""

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _

from careplan.actions import audit
from careplan.db import session
from careplan.library.revisions import chapters_in
from careplan.models import PlanRevision
from careplan.queries import plan as plan_queries
from careplan.queries import team
from careplan.queries.access import NotVisible
from careplan.web import access, comparing
from careplan.web.pages import page
from careplan.web.reading import ChapterPage, chapter_page, reading
from careplan.web.staff import bp


@bp.get("/vardplaner/<uuid:plan_id>/versioner")
def plan_versions(plan_id: UUID) -> str:
    """Each version with what changed in it, in words."""
    newest, found = comparing.signed_versions(plan_id)
    person = newest.plan.patient.person
    return page(
        "staff/plan_versions.html",
        heading=_("Versioner av planen för %(name)s", name=person.name),
        back=(url_for("staff.patient", patient_id=newest.plan.patient_id), person.name),
        versions=found,
        content_lang=newest.content["lang"],
        items=comparing.choices(found),
        action=url_for("staff.plan_compare", plan_id=plan_id),
        read=lambda number: url_for("staff.plan_version", plan_id=plan_id, number=number),
        compared=lambda older, newer: url_for("staff.plan_compare", plan_id=plan_id, fran=older, till=newer),
    )


@bp.get("/vardplaner/<uuid:plan_id>/jamfor")
def plan_compare(plan_id: UUID) -> str:
    """What differs between two versions, sentence by sentence."""
    two = comparing.two_asked_for(plan_id)
    return page(
        "staff/plan_compare.html",
        heading=_("Det här är ändrat i planen för %(name)s", name=two.newer.plan.patient.person.name),
        back=_versions_link(two.newer),
        older=two.older,
        newer=two.newer,
        found=two.found,
        url=lambda chapter_id: _url(two.newer, chapter_id),
    )


@bp.get("/vardplaner/<uuid:plan_id>/version/<int:number>")
def plan_version(plan_id: UUID, number: int) -> str:
    """A signed version as the patient read it: the whole, or one chapter (`kapitel`)."""
    db, by, at = session(), access.actor(), access.now()
    revision = plan_queries.revision_of(db, by, plan_id, at=at, number=number)
    newest = plan_queries.versions(db, plan_id)[0].number
    chapter_id = request.args.get("kapitel")
    audit.record(
        db, "read-plan", by=by, at=at, patient_id=revision.plan.patient_id, object_type="plan", object_id=plan_id
    )
    name = revision.plan.patient.person.name
    return page(
        "staff/plan_version.html",
        revision=revision,
        heading=_("Version %(number)d av planen för %(name)s", number=number, name=name),
        back=_versions_link(revision)
        if chapter_id is None
        else (_url(revision), _("Version %(number)d", number=number)),
        chapter=None if chapter_id is None else _chapter(revision, chapter_id),
        reading=reading(revision.content, url=lambda each: _url(revision, each), now=at),
        is_old=number != newest,
        newest_url=url_for("staff.plan_version", plan_id=plan_id, number=newest),
    )


def _chapter(revision: PlanRevision, chapter_id: str) -> ChapterPage:
    text = next((each for each in chapters_in(revision.content) if each["id"] == chapter_id), None)
    if text is None:
        raise NotVisible("chapter", chapter_id)
    patient = revision.plan.patient
    return chapter_page(
        text,
        content_lang=revision.content["lang"],
        contact=team.contact_for(session(), patient.id, revision.plan.unit_id, at=access.now()),
        writer=revision.signed_by.person.given_name,
        to=patient.person.given_name,
    )


def _url(revision: PlanRevision, chapter_id: str | None = None) -> str:
    return url_for("staff.plan_version", plan_id=revision.plan_id, number=revision.number, kapitel=chapter_id)


def _versions_link(revision: PlanRevision) -> tuple[str, str]:
    return url_for("staff.plan_versions", plan_id=revision.plan_id), _("Versioner av planen")
