"""Printed documents: choosing what to print, and the PDF."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from careplan.actions import audit, reading
from careplan.actions.documents import Printed
from careplan.db import session
from careplan.domain.comparing import PAPER, SCREEN, new_since
from careplan.domain.identity import CLINICAL, Capacity
from careplan.library.revisions import changes_in_words, chapters_in
from careplan.models import Patient, PlanRevision
from careplan.queries import answers as answer_queries
from careplan.queries import reading as reading_queries
from careplan.queries import summary as queries_summary
from careplan.queries import treatment_summary as treatment_summaries
from careplan.queries.access import NotVisible, get_response_for, scopes_of
from careplan.queries.plan import revision_of
from careplan.queries.summary import Summary
from careplan.queries.team import contact_for
from careplan.web import access, frame, kept_documents, printed_news, printed_response, printing
from careplan.web.pages import page
from careplan.web.printing import PAPER_SIZES, Parts
from careplan.web.treatment_summary import document as summary_document

bp = Blueprint("documents", __name__)

SUMMARY, REHABILITATION, CURVES, RESOURCES = "sammanfattning", "rehabilitering", "kurvor", "stod"
NOW, ALL, CHOSEN, NONE = "nu", "alla", "valda", "inga"
CHOICE = frozenset({"del", "kapitel", "valt"})  # without any of these in the address, what is proposed is printed


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands in the address, and so in the form."""

    parts: tuple[str, ...]
    chapters: str
    chosen: tuple[str, ...]
    size: str


@bp.get("/utskrift/<uuid:plan_id>")
def show(plan_id: UUID) -> str:
    """What to print, and how large."""
    summary = _summary(plan_id, "read-plan")
    return _form(summary, _proposed(summary))


@bp.get("/utskrift/<uuid:plan_id>.pdf")
def pdf(plan_id: UUID) -> ResponseReturnValue:
    """The chosen parts. What is read is logged and stored before the slow work begins."""
    summary = _summary(plan_id, "read-document")
    choice = _asked(request.args) if CHOICE & request.args.keys() else _proposed(summary)
    mistake = _mistake(summary, choice)
    if mistake:
        return _form(summary, choice, ("del", mistake)), 422
    parts = _parts(summary, choice)
    printed = Printed(
        kind="plan",
        patient_id=summary.patient_id,
        plan_id=summary.plan_id,
        revision_id=summary.revision_id,
        parts=parts.names(),
        size=choice.size,
        lang=summary.content["lang"],
    )
    answer = kept_documents.answered(
        printed,
        lambda: printing.document(summary, parts, size=choice.size),
        inputs=printing.inputs(summary, parts, size=choice.size),
    )
    if parts.chapters:
        _note_printing(summary)
    return answer


@bp.get("/utskrift/<uuid:plan_id>/nytt.pdf")
def news(plan_id: UUID) -> ResponseReturnValue:
    """What is new since what the reader has: `fran`, else what was printed for a patient on paper, or last read."""
    summary = _summary(plan_id, "print-news")
    before = _printed_before(summary, request.args.get("fran", type=int))
    if before is None:
        session().commit()
        flash(_("Inget är nytt sedan den förra versionen."))
        return redirect(url_for("documents.show", plan_id=plan_id), 303)
    size = request.args.get("storlek", _usual_size(summary))
    size = size if size in PAPER_SIZES else PAPER_SIZES[0]
    earlier = before.content
    printed = Printed(
        kind="news",
        patient_id=summary.patient_id,
        plan_id=summary.plan_id,
        revision_id=summary.revision_id,
        parts=(str(before.number),),
        size=size,
        lang=summary.content["lang"],
    )
    answer = kept_documents.answered(
        printed,
        lambda: printed_news.news_document(summary, before, earlier, size=size),
        filename=_("nytt-i-vardplanen.pdf"),
    )
    _note_printing(summary)
    return answer


@bp.get("/utskrift/svar/<uuid:response_id>.pdf")
def response(response_id: UUID) -> ResponseReturnValue:
    """One sent form, for who may read it. That it was printed is logged and stored before the slow work begins."""
    db, by, at = session(), access.actor(), access.now()
    found = get_response_for(db, by, response_id, at=at)
    sent = answer_queries.sent(db, found)
    about = printed_response.whose(sent, db.get_one(Patient, found.patient_id))
    contact = contact_for(db, found.patient_id, found.unit_id, at=at)
    audit.record(
        db, "print-response", by=by, at=at, patient_id=found.patient_id, object_type="response", object_id=response_id
    )
    asked_size = request.args.get("storlek", _own_size())
    size = asked_size if asked_size in PAPER_SIZES else PAPER_SIZES[0]
    spoken = sent.questionnaire.language_for(request.args.get("sprak", found.lang))
    printed = Printed(kind="response", patient_id=found.patient_id, response_id=response_id, size=size, lang=spoken)
    return kept_documents.answered(
        printed,
        lambda: printed_response.response_document(sent, about, contact, spoken=spoken, size=size, at=at),
        filename=_("svar.pdf"),
    )


@bp.get("/utskrift/sammanfattning/<uuid:plan_id>.pdf")
def treatment_summary(plan_id: UUID) -> ResponseReturnValue:
    """The treatment summary that was signed last, for who may read it and print."""
    db, by, at = session(), access.actor(), access.now()
    if by.capacity not in CLINICAL and "documents" not in scopes_of(db, by, at=at):
        raise NotVisible("treatment-summary", plan_id)
    signed = treatment_summaries.of_plan(db, by, plan_id, at=at)
    patient_id = signed.plan.patient_id
    contact = contact_for(db, patient_id, signed.plan.unit_id, at=at)
    audit.record(
        db, "print-treatment-summary", by=by, at=at, patient_id=patient_id, object_type="plan", object_id=plan_id
    )
    asked_size = request.args.get("storlek", _own_size())
    size = asked_size if asked_size in PAPER_SIZES else PAPER_SIZES[0]
    printed = Printed(
        kind="treatment-summary", patient_id=patient_id, plan_id=plan_id, size=size, lang=signed.content["lang"]
    )
    return kept_documents.answered(
        printed, lambda: summary_document(signed, contact, size=size), filename=_("sammanfattning.pdf")
    )


def _printed_before(summary: Summary, number: int | None = None) -> PlanRevision | None:
    """The version that the reader has; None where it is the newest. Without a mark, the one before."""
    db, by, at = session(), access.actor(), access.now()
    if not summary.has_chapters:
        return None
    if number is None:
        is_staff = by.capacity in CLINICAL
        person_id = db.get_one(Patient, summary.patient_id).person_id if is_staff else by.person_id
        mark = reading_queries.mark_of(db, summary.plan_id, person_id, PAPER if is_staff else SCREEN)
        number = new_since(mark, summary.number) or summary.number - 1
    if not 0 < number < summary.number:
        return None
    return revision_of(db, by, summary.plan_id, at=at, number=number)


def _note_printing(summary: Summary) -> None:
    """Staff have printed for the patient: the next sheet of news begins from there."""
    db, by, at = session(), access.actor(), access.now()
    if by.capacity in CLINICAL:
        person_id = db.get_one(Patient, summary.patient_id).person_id
        reading.print_for(db, summary.plan_id, summary.number, person_id=person_id, at=at)
        db.commit()


def _summary(plan_id: UUID, action: str) -> Summary:
    db, by, at = session(), access.actor(), access.now()
    with_help = RESOURCES in request.args.getlist("del")
    summary = queries_summary.summary(db, by, plan_id, at=at, with_help=with_help)
    audit.record(db, action, by=by, at=at, patient_id=summary.patient_id, object_type="plan", object_id=plan_id)
    return summary


def _form(summary: Summary, choice: Choice, error: tuple[str, str] | None = None) -> str:
    by = access.actor()
    is_own = by.capacity is Capacity.PATIENT
    before = _printed_before(summary) if summary.has_chapters else None
    return page(
        "documents/show.html",
        base="staff/base.html" if by.capacity in CLINICAL else "patient/base.html",
        heading=_("Skriv ut min plan") if is_own else _("Skriv ut planen för %(name)s", name=summary.patient_name),
        back=_back(summary),
        summary=summary,
        choice=choice,
        offered=_offered(summary),
        chapters=_chapters(summary),
        now_count=len(_now(summary)),
        before=before,
        news=changes_in_words(before.content, summary.content) if before else [],
        error=error,
    )


def _back(summary: Summary) -> tuple[str, str]:
    if access.actor().capacity in CLINICAL:
        return url_for("staff.patient", patient_id=summary.patient_id), summary.patient_name
    if summary.has_chapters:
        return url_for("patient.plan"), _("Planen")
    return url_for("patient.home"), _("Hem")


def _offered(summary: Summary) -> dict[str, str]:
    """The parts that there are, besides chapters, in the order of the document."""
    offered = {SUMMARY: _("Sammanfattning, 1–2 sidor")}
    if summary.goals:
        offered[REHABILITATION] = _("Rehabiliteringsplan")
    if summary.trends:
        offered[CURVES] = _("Kurvor över svaren")
    offered[RESOURCES] = _("Stöd och hjälp, vart du kan vända dig")
    return offered


def _chapters(summary: Summary) -> dict[str, str]:
    if not summary.has_chapters:
        return {}
    return {chapter["id"]: chapter["title"] for chapter in chapters_in(summary.content)}


def _now(summary: Summary) -> tuple[str, ...]:
    """Chapters of the phase where the patient is."""
    if not summary.has_chapters:
        return ()
    content = summary.content
    return tuple(
        chapter["id"] for phase in content["phases"] if phase["id"] == content["phase"] for chapter in phase["chapters"]
    )


def _proposed(summary: Summary) -> Choice:
    """All, but of the chapters those that matter now: the rest may be fifty pages."""
    chapters = _chapters(summary)
    return Choice(
        parts=tuple(part for part in _offered(summary) if part != RESOURCES),
        chapters=NOW if _now(summary) else ALL if chapters else NONE,
        chosen=tuple(chapters),
        size=request.args.get("storlek") or _usual_size(summary),
    )


def _own_size() -> str:
    """The one that goes with the size of the reader's pages."""
    return PAPER_SIZES[frame.TEXT_SIZES.index(g.text_size)]


def _usual_size(summary: Summary) -> str:
    """Large for a patient on paper, whoever prints."""
    return PAPER_SIZES[1] if summary.uses_paper and access.actor().capacity in CLINICAL else _own_size()


def _asked(args: MultiDict[str, str]) -> Choice:
    return Choice(
        parts=tuple(args.getlist("del")),
        chapters=args.get("kapitel", NONE),
        chosen=tuple(args.getlist("valt")),
        size=args.get("storlek", PAPER_SIZES[0]),
    )


def _mistake(summary: Summary, choice: Choice) -> str:
    """What is wrong with the choice in one sentence; empty when nothing is."""
    if not set(choice.parts) <= set(_offered(summary)) or not set(_printed(summary, choice)) <= set(_chapters(summary)):
        return _("Planen har ändrats. Välj igen vad du vill skriva ut.")
    if choice.size not in PAPER_SIZES or choice.chapters not in (NOW, ALL, CHOSEN, NONE):
        return _("Det valet finns inte. Välj igen.")
    if not choice.parts and not _printed(summary, choice):
        return _("Välj minst en sak att skriva ut.")
    return ""


def _printed(summary: Summary, choice: Choice) -> tuple[str, ...]:
    """Ids of the chosen chapters."""
    kinds = {NOW: _now(summary), ALL: tuple(_chapters(summary)), CHOSEN: choice.chosen}
    return kinds.get(choice.chapters, ())


def _parts(summary: Summary, choice: Choice) -> Parts:
    return Parts(
        has_summary=SUMMARY in choice.parts,
        has_rehabilitation=REHABILITATION in choice.parts,
        has_curves=CURVES in choice.parts,
        has_resources=RESOURCES in choice.parts,
        chapters=frozenset(_printed(summary, choice)),
    )
