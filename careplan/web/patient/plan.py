"""The plan as the patient, or a relative with the right to, reads it."""

from collections.abc import Callable
from uuid import UUID

from flask import current_app, request, url_for
from flask_babel import gettext as _

from careplan.actions import audit
from careplan.actions import reading as reading_marks
from careplan.db import session
from careplan.domain.comparing import SCREEN
from careplan.domain.identity import Capacity
from careplan.domain.now import most_important
from careplan.domain.sharing import GOALS, VISITS
from careplan.library.comparison import ChapterChange, compare_chapters
from careplan.library.revisions import Content, changes_in_words, chapters_in, new_chapters
from careplan.library.shortcuts import shortcuts
from careplan.models import PlanRevision
from careplan.queries import handovers, team
from careplan.queries import plan as plan_queries
from careplan.queries import reading as reading_queries
from careplan.queries import treatment_summary as summaries
from careplan.queries.access import NotVisible, may_read_part, scopes_of
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
        return page("patient/plan.html", revision=None, heading=heading(None))
    plan_id, number = revision.plan_id, revision.number
    audit.record(
        db, "read-plan", by=by, at=at, patient_id=revision.plan.patient_id, object_type="plan", object_id=plan_id
    )
    versions = plan_queries.versions(db, plan_id)
    newest = versions[0].number
    version = number if number != newest else None
    before, has_read = _read_before(revision) if version is None else (None, False)

    def url(chapter_id: str) -> str:
        return url_for("patient.chapter", plan_id=plan_id, chapter_id=chapter_id, version=version)

    sees_goals = may_read_part(db, by, GOALS, at=at)
    sees_visits = may_read_part(db, by, VISITS, at=at)
    return page(
        "patient/plan.html",
        revision=revision,
        heading=heading(revision),
        opening={"plan_id": plan_id, "lang": revision.content["lang"], "now": most_important(revision.content)},
        shortcuts=_shortcuts(revision, url),
        reading=reading(revision.content, url=url, now=at, new=_new(before, revision) if has_read else None),
        before=before,
        news=changes_in_words(before.content, revision.content) if before else [],
        sees_visits=sees_visits,
        appointments=plan_queries.appointments(db, [plan_id], at=at) if sees_visits else (),
        review=plan_queries.review(db, plan_id) if sees_goals else None,
        has_summary=summaries.of_patient(db, by, revision.plan.patient_id, at=at) is not None,
        versions=versions,
        newest=newest,
        others=plan_queries.other_plans(db, by, revision.plan, at=at),
        to=_addressee(revision),
        **_responsible(revision),
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
    found = _chapter(revision, chapter_id)
    if found is None:
        raise NotVisible("chapter", chapter_id)
    is_old = number is not None and number != plan_queries.versions(db, plan_id)[0].number
    is_new, change = (False, None) if is_old else _change(revision, found)
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
        heading=heading(revision),
        is_old=is_old,
        revision=revision,
        is_new=is_new,
        change=change,
        write_url=url_for("patient.messages", plan=plan_id, kapitel=chapter_id, version=number, _anchor="skriv")
        if "messages" in scopes_of(db, by, at=at)
        else "",
        back=url_for("patient.plan", plan=plan_id, version=number),
    )


def _responsible(revision: PlanRevision) -> dict[str, object]:
    """Whether the patient is on the way to another unit, or has come there since the text was signed."""
    db, at = session(), access.now()
    handing = handovers.newest(db, revision.plan_id)
    taken_over = handing is not None and handing.confirmed_at is not None and handing.confirmed_at > revision.signed_at
    is_open = handing is not None and handing.is_open
    return {
        "handing_over": handing if is_open else None,
        "is_taken_over": taken_over,
        "contact": team.contact_for(db, revision.plan.patient_id, revision.plan.unit_id, at=at)
        if is_open or taken_over
        else None,
    }


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


def _shortcuts(revision: PlanRevision, url: Callable[[str], str]) -> list[tuple[str, str]]:
    """Title and address of what is looked for in a hurry and would lie folded in this plan."""
    folded = (phase for phase in revision.content["phases"] if phase["id"] != revision.content["phase"])
    titles = {each["id"]: each["title"] for phase in folded for each in phase["chapters"]}
    wanted = shortcuts(current_app.extensions["settings"].content_path).chapters
    return [(titles[chapter_id], url(chapter_id)) for chapter_id in wanted if chapter_id in titles]


def _read_before(revision: PlanRevision) -> tuple[PlanRevision | None, bool]:
    """What the reader had read before this newest version, and whether they had read any. They have read this now."""
    db, by, at = session(), access.actor(), access.now()
    mark = reading_marks.read(db, revision.plan_id, revision.number, by=by, at=at)
    return reading_queries.read_before(db, by, revision, mark, at=at), mark.since > 0


def _new(before: PlanRevision | None, revision: PlanRevision) -> dict[str, str]:
    return new_chapters(before.content, revision.content) if before else {}


def _change(newest: PlanRevision, chapter: Content) -> tuple[bool, ChapterChange | None]:
    """Whether a chapter is new to its reader, or else what is new in it. Only the plan itself counts as read."""
    db, by, at = session(), access.actor(), access.now()
    mark = reading_queries.mark_of(db, newest.plan_id, by.person_id, SCREEN)
    before = reading_queries.read_before(db, by, newest, mark, at=at)
    if before is None:
        return False, None
    earlier = _chapter(before, chapter["id"])
    return (True, None) if earlier is None else (False, compare_chapters(earlier, chapter))


def _chapter(revision: PlanRevision, chapter_id: str) -> Content | None:
    return next((each for each in chapters_in(revision.content) if each["id"] == chapter_id), None)


def heading(revision: PlanRevision | None) -> str:
    if access.actor().capacity is Capacity.PATIENT:
        return _("Min plan")
    if revision is None:
        return _("Planen")
    return _("Plan för %(name)s", name=revision.plan.patient.person.name)


def _addressee(revision: PlanRevision) -> str:
    """Whom the nurse's words are for, seen by the reader: empty for the patient's own eyes."""
    is_own = access.actor().capacity is Capacity.PATIENT
    return "" if is_own else revision.plan.patient.person.given_name
