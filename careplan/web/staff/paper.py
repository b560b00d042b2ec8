"""Paper and telephone: the blank form to print, and the page where staff key in what was answered."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan.actions import audit, responses
from careplan.actions.documents import Printed
from careplan.actions.questionnaires import check_licensed
from careplan.actions.responses import PAPER, PHONE, Sending
from careplan.db import session
from careplan.domain.errors import CareplanError
from careplan.domain.questionnaire import MOST_INSTANCES, Item, Questionnaire, text_in
from careplan.i18n import force_locale, local, name_of, show_form_in
from careplan.models import Patient, QuestionnaireRequest
from careplan.queries import answers as answer_queries
from careplan.queries import paper as papers
from careplan.queries.access import get_request_for
from careplan.queries.paper import Progress
from careplan.queries.team import contact_for
from careplan.web import access, kept_documents
from careplan.web.languages import status_in_words
from careplan.web.pages import page
from careplan.web.patient.review import sending_faults, sending_in
from careplan.web.printed_form import ON_PAPER, Block, form_document, sections_of
from careplan.web.printing import PAPER_SIZES
from careplan.web.sentences import sentence_for
from careplan.web.staff import bp
from careplan.web.staff.key_in_form import NOTHING_TYPED, ArrivalForm, Typed, check_of_this_form, typed_in

TELEPHONE = "telefon"
NOTHING_SAID = Sending()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form before the reader: its wording, how far it has come, and which questions are asked of them now."""

    request: QuestionnaireRequest
    form: Questionnaire
    progress: Progress
    mode: str
    spoken: str
    asked: tuple[Item, ...]
    instances: int = ON_PAPER  # of each group that repeats

    @property
    def has_room(self) -> bool:
        """Whether a group may have more instances than stand on the page."""
        return not self.is_again and any(group.at_most > self.instances for group in self.form.groups)

    @property
    def is_paper(self) -> bool:
        return self.mode == PAPER

    @property
    def is_again(self) -> bool:
        """Somebody has read it all; another person reads what two have to agree on."""
        return self.progress.transcript is not None


@bp.get("/papper/<uuid:request_id>.pdf")
def paper_form(request_id: UUID) -> ResponseReturnValue:
    """The blank form. That it was printed is logged and stored before the slow work begins."""
    db, by, at = session(), access.actor(), access.now()
    asked = get_request_for(db, by, request_id, at=at)
    form = answer_queries.asked_form(db, asked)
    check_licensed(db, form, asked.unit_id)
    patient = db.get_one(Patient, asked.patient_id)
    contact = contact_for(db, asked.patient_id, asked.unit_id, at=at)
    spoken = form.language_for(request.args.get("sprak", patient.person.language))
    wanted = request.args.get("storlek", PAPER_SIZES[0])
    audit.record(db, "print-form", by=by, at=at, patient_id=patient.id, object_type="request", object_id=request_id)
    size = wanted if wanted in PAPER_SIZES else PAPER_SIZES[0]
    printed = Printed(kind="form", patient_id=patient.id, parts=(str(request_id),), size=size, lang=spoken)
    address = code_address(request_id, spoken)
    return kept_documents.answered(
        printed,
        lambda: form_document(asked, patient, form, contact, spoken=spoken, size=size, address=address, at=at),
        filename=_("formular.pdf"),
    )


@bp.route("/papper/<uuid:request_id>", methods=["GET", "POST"])
def key_in(request_id: UUID) -> ResponseReturnValue:
    """All questions on one page, as on the paper. What may raise red on paper is read by a second person."""
    db, by, at = session(), access.actor(), access.now()
    asked = get_request_for(db, by, request_id, at=at)
    sheet = _sheet(asked)
    if request.method == "GET":
        return _page(sheet)
    check_of_this_form(request.form, sheet.form)
    typed = typed_in(request.form, sheet.asked, is_paper=sheet.is_paper)
    sending = sending_in(request.form)
    arrival = ArrivalForm()
    if sheet.is_again or not sheet.is_paper:
        del arrival.arrived_on
    if "fler" in request.form:
        return _page(sheet, typed, sending, arrival)
    if not arrival.validate() or typed.faults:
        return _page(sheet, typed, sending, arrival), 422
    try:
        done = _store(sheet, typed, sending, arrival)
    except responses.InvalidSending as error:
        db.rollback()
        return _page(_sheet(asked), typed, sending, arrival, faults=sending_faults(error)), 422
    except (responses.RequestClosed, responses.AlreadySent, responses.NeedsAnotherPerson) as error:
        db.rollback()
        return _page(_sheet(asked), typed, sending, arrival, refused=error), 409
    db.commit()
    return _onward(sheet, done)


def code_address(request_id: UUID, spoken: str) -> str:
    """The address in the code: it names nobody, and opens for staff of the unit alone."""
    base: str = current_app.extensions["settings"].base_url
    return base.rstrip("/") + url_for("staff.key_in", request_id=request_id, sprak=spoken)


def _sheet(asked: QuestionnaireRequest) -> Sheet:
    db = session()
    form = answer_queries.asked_form(db, asked)
    check_licensed(db, form, asked.unit_id)
    progress = papers.progress(db, asked)
    transcript = progress.transcript
    if transcript is None:
        mode = PHONE if request.args.get("satt") == TELEPHONE else PAPER
        spoken = form.language_for(request.args.get("sprak", asked.patient.person.language))
        instances = _instances()
        questions = tuple(
            line.item
            for _title, blocks in sections_of(form, instances)
            for block in blocks
            for line in block.lines
            if line.number
        )
        return Sheet(asked, form, progress, mode, spoken, questions, instances)
    doubted = responses.to_read_again(form, transcript)
    return Sheet(asked, form, progress, transcript.mode, transcript.lang, tuple(form.item(each) for each in doubted))


def _instances() -> int:
    """How many of each group that repeats are on the page: as on the paper, and more where somebody told of more."""
    shown = min(max(request.form.get("rader", default=ON_PAPER, type=int), ON_PAPER), MOST_INSTANCES)
    return shown + ("fler" in request.form)


def _store(sheet: Sheet, typed: Typed, sending: Sending, arrival: ArrivalForm) -> responses.Transcribed:
    db, by, at = session(), access.actor(), access.now()
    asked = sheet.request
    contact = contact_for(db, asked.patient_id, asked.unit_id, at=at)
    follow_up = responses.form_asked_again(current_app.extensions["library"], sheet.form)
    if sheet.is_again:
        return responses.read_again(
            db, sheet.form, asked, typed.keyed, contact=contact, follow_up=follow_up, by=by, at=at
        )
    return responses.key_in(
        db,
        sheet.form,
        asked,
        typed.keyed,
        sending,
        mode=sheet.mode,
        lang=sheet.spoken,
        arrived_on=arrival.arrived_on.data if sheet.is_paper else None,
        is_by_relative=request.form.get("narstaende") == "yes",
        contact=contact,
        follow_up=follow_up,
        by=by,
        at=at,
    )


def _onward(sheet: Sheet, done: responses.Transcribed) -> ResponseReturnValue:
    name = sheet.request.patient.person.name
    if done.response is None:
        if done.transcript.status == "mismatch":
            flash(_("Ni har läst olika. Papperet för %(name)s står kvar i listan tills två har läst lika.", name=name))
        else:
            flash(_("Sparat, men inte skickat. En kollega ska också läsa papperet för %(name)s.", name=name))
        if done.is_urgent:
            flash(_("Ett svar kan behöva bedömas nu. Be en kollega läsa papperet direkt, eller ring patienten."))
        return redirect(url_for("staff.worklist"), 303)
    flash(_("Svaren från %(name)s är sparade. Kvitto %(code)s.", name=name, code=done.response.receipt))
    sent_task_id = papers.progress(session(), sheet.request).sent_task_id
    if sheet.is_paper or sent_task_id is None:
        return redirect(url_for("staff.worklist"), 303)
    return redirect(url_for("staff.case", task_id=sent_task_id), 303)


def _page(
    sheet: Sheet,
    typed: Typed = NOTHING_TYPED,
    sending: Sending = NOTHING_SAID,
    arrival: ArrivalForm | None = None,
    *,
    faults: dict[str, str] | None = None,
    refused: CareplanError | None = None,
) -> str:
    """`refused` says why nothing was stored; what was typed stands in the page all the same."""
    db, by, at = session(), access.actor(), access.now()
    asked, form = sheet.request, sheet.form
    contact = contact_for(db, asked.patient_id, asked.unit_id, at=at)
    audit.record(
        db, "read-request", by=by, at=at, patient_id=asked.patient_id, object_type="request", object_id=asked.id
    )
    refusal = _refused_in_words(refused) if refused else _refusal(sheet)
    came_on = local(sheet.progress.task.starts_at).date() if sheet.progress.task else None
    return page(
        "staff/key_in.html",
        asked=asked,
        form=form,
        sheet=sheet,
        status=status_in_words(form, sheet.spoken),
        name=asked.patient.person.name,
        code=asked.id.hex[:8].upper(),
        heading=_heading(sheet),
        refusal=refusal,
        is_open=not refusal or bool(typed.values),
        sections=_sections(sheet),
        typed=typed,
        sending=sending,
        came=arrival.arrived_on.parts if arrival and "arrived_on" in arrival else _parts(came_on),
        came_fault=arrival.arrived_on.errors[0] if arrival and arrival.errors else "",
        is_helped=request.form.get("narstaende") == "yes",
        faults=faults or {},
        wishes=[(item.link_id, text_in(item.short, sheet.spoken)) for item in form.questions if item.wish],
        languages=[(each, name_of(each)) for each in form.offered if each != sheet.spoken and not sheet.is_again],
        contact=contact,
        is_begun=asked.draft is not None and not sheet.is_again and asked.draft.version > 1,
        now=at,
    )


def _refusal(sheet: Sheet) -> str:
    """Why there is nothing to key in now; empty where there is."""
    asked, transcript, at = sheet.request, sheet.progress.transcript, access.now()
    if sheet.progress.response is not None:
        return _("Svaren är redan skickade.")
    if transcript is not None:
        others = [each for each in transcript.readings if each.person_id != access.actor().person_id]
        return "" if others else _("Du har läst papperet. Nu ska en kollega läsa det, utan att se vad du läste.")
    try:
        responses.check_open(session(), None, asked.status, asked.opens_at, asked.closes_at, at=at)
    except responses.RequestClosed as error:
        return _refused_in_words(error)
    return ""


def _refused_in_words(error: CareplanError) -> str:
    """For staff: what to do with the paper now."""
    match error:
        case responses.RequestClosed(reason="expired"):
            return _("Tiden för formuläret är slut. Beställ det igen på patientens sida och mata in papperet där.")
        case responses.RequestClosed(reason="cancelled"):
            return _("Formuläret är borttaget. Beställ det igen på patientens sida och mata in papperet där.")
        case responses.AlreadySent():
            return _("Svaren är redan skickade. Det du skrev nu är inte sparat.")
    return sentence_for(error)


def _sections(sheet: Sheet) -> list[tuple[str, list[Block]]]:
    """As on the paper and in its language; of the second reading only what is read again."""
    show_form_in(sheet.spoken)
    wanted = {item.link_id for item in sheet.asked}
    with force_locale(sheet.spoken):
        return [
            (title, kept)
            for title, blocks in sections_of(sheet.form, sheet.instances)
            if (
                kept := [
                    replace(block, lines=lines)
                    for block in blocks
                    if (
                        lines := [
                            line
                            for line in block.lines
                            if line.item.link_id in wanted or not (line.number or sheet.is_again)
                        ]
                    )
                ]
            )
        ]


def _heading(sheet: Sheet) -> str:
    name = sheet.request.patient.person.name
    if sheet.is_again:
        return _("Läs papperet från %(name)s en gång till", name=name)
    if sheet.is_paper:
        return _("Mata in papperet från %(name)s", name=name)
    return _("Telefonintervju med %(name)s", name=name)


def _parts(on: date | None) -> tuple[str, str, str]:
    return (str(on.day), str(on.month), str(on.year)) if on else ("", "", "")
