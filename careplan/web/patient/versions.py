"""Earlier versions of the plan, for the patient and who reads it with them: all of them, and two beside each other."""

from functools import partial
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from careplan.models import PlanRevision
from careplan.web import comparing
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.patient.plan import heading


@bp.get("/plan/<uuid:plan_id>/versioner")
def versions(plan_id: UUID) -> str:
    """Each version with what changed in it, in words."""
    newest, found = comparing.signed_versions(plan_id)
    return page(
        "patient/versions.html",
        heading=_("Versioner av planen"),
        back=(url_for("patient.plan", plan=plan_id), heading(newest)),
        versions=found,
        content_lang=newest.content["lang"],
        items=comparing.choices(found),
        action=url_for("patient.compare", plan_id=plan_id),
        read=lambda number: url_for("patient.plan", plan=plan_id, version=None if number == newest.number else number),
        compared=lambda older, newer: url_for("patient.compare", plan_id=plan_id, fran=older, till=newer),
    )


@bp.get("/plan/<uuid:plan_id>/jamfor")
def compare(plan_id: UUID) -> str:
    """What differs between two versions, sentence by sentence."""
    two = comparing.two_asked_for(plan_id)
    return page(
        "patient/compare.html",
        heading=_("Det här är ändrat"),
        back=(url_for("patient.versions", plan_id=plan_id), _("Versioner av planen")),
        older=two.older,
        newer=two.newer,
        found=two.found,
        url=partial(_chapter_url, two.newer),
    )


def _chapter_url(revision: PlanRevision, chapter_id: str) -> str:
    return url_for("patient.chapter", plan_id=revision.plan_id, chapter_id=chapter_id, version=revision.number)
