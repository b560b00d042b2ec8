"""A chapter in the nurse's own words, for one patient's plan."""

from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from careplan.actions import audit, own_chapters
from careplan.actions.plans import PlanChanged
from careplan.db import session
from careplan.domain.plan import PLACEHOLDERS, ChapterText, PlanDefinition, UnknownChapter
from careplan.library import Library, personal
from careplan.library.chapters import LINK_HOSTS
from careplan.library.personal import OwnTextRefused, Refusal, made_for
from careplan.library.readability import lix
from careplan.library.revisions import chapter_content, patient_facts
from careplan.models import CarePlan
from careplan.queries import plan as plan_queries
from careplan.queries import team
from careplan.queries.access import NotVisible
from careplan.web import access
from careplan.web.pages import page
from careplan.web.reading import ChapterPage, chapter_page
from careplan.web.staff import bp
from careplan.web.staff.patients import planners_only

LONGEST_TEXT = 100_000
EASY, READABLE = 35, 40
_REFUSED = {
    "image": lazy_gettext("Bilder kan inte visas här. Ta bort bilden."),
    "html": lazy_gettext("HTML kan inte användas. Skriv bara text."),
    "link": lazy_gettext("En länk börjar med https:// och leder till någon av %(hosts)s.", hosts=", ".join(LINK_HOSTS)),
    "heading": lazy_gettext("Skriv ### före en rubrik. Andra rubriker finns inte."),
    "code": lazy_gettext("Raden läses som datorkod. Ta bort mellanslagen först på raden, och tecknet `."),
    "box": lazy_gettext("En ruta börjar med ::: key eller ::: call och slutar med ::: på en egen rad."),
    "quote": lazy_gettext("Citat och linjer kan inte användas. Skriv vanlig text."),
    "empty": lazy_gettext("Skriv vad kapitlet ska säga."),
    "other": lazy_gettext("Raden kan inte visas säkert. Skriv den på ett annat sätt."),
    "placeholder": lazy_gettext("Dubbla klamrar får bara stå runt ett ord ur listan över det som fylls i."),
}


class OwnChapterForm(FlaskForm):
    version = HiddenField()
    title = StringField(
        lazy_gettext("Rubrik"),
        validators=[
            InputRequired(lazy_gettext("Skriv en rubrik.")),
            Length(max=100, message=lazy_gettext("Skriv högst 100 tecken.")),
        ],
    )
    phase = SelectField(lazy_gettext("Del av planen"), validate_choice=False)
    text = TextAreaField(
        lazy_gettext("Text"),
        description=lazy_gettext(
            "En tom rad ger ett nytt stycke. Skriv - först på raden för en punkt, ### för en rubrik, ** runt fet text."
        ),
        validators=[Length(max=LONGEST_TEXT, message=lazy_gettext("Texten får ha högst 100 000 tecken."))],
    )


@bp.route("/vardplaner/<uuid:plan_id>/eget-kapitel", methods=["GET", "POST"])
def own_chapter(plan_id: UUID) -> ResponseReturnValue:
    """Write, see how it reads, save or take away; `kapitel` in the address is one that is there."""
    planners_only()
    db, by, at = session(), access.actor(), access.now()
    plan = plan_queries.for_editing(db, by, plan_id, at=at)
    definition = made_for(db, _library(), plan)
    chapter_id = _chapter_id(plan)
    form = _filled(plan, definition, chapter_id)
    if not form.is_submitted():
        audit.record(db, "open-plan", by=by, at=at, patient_id=plan.patient_id, object_type="plan", object_id=plan.id)
        return _page(form, plan, definition, chapter_id)
    wish = request.form.get("do", "save")
    if wish == "remove" and chapter_id is not None:
        own_chapters.remove(db, plan, chapter_id, by=by, at=at)
        db.commit()
        flash(_("Kapitlet är borttaget. Signerade versioner har det kvar."))
        return redirect(url_for("staff.plan_edit", plan_id=plan.id), 303)
    if not form.validate():
        return _page(form, plan, definition, chapter_id), 422
    try:
        if wish == "preview":
            _compiled(form, definition)
            return _page(form, plan, definition, chapter_id, is_previewed=True)
        own_chapters.write(
            db,
            _library(),
            plan,
            chapter_id=chapter_id,
            title=form.title.data or "",
            text=form.text.data or "",
            phase=form.phase.data or "",
            by=by,
            at=at,
            version=int(form.version.data) if (form.version.data or "").isdecimal() else None,
        )
    except OwnTextRefused as error:
        form.text.errors = [in_words(each) for each in error.refusals]
        return _page(form, plan, definition, chapter_id), 422
    except PlanChanged as error:
        form.version.data = str(error.version)
        form.text.errors = [_("Planen har ändrats sedan du öppnade sidan. Texten står kvar här. Spara en gång till.")]
        return _page(form, plan, definition, chapter_id), 409
    db.commit()
    flash(_("Kapitlet är sparat. %(name)s ser det när du har signerat.", name=plan.patient.person.given_name))
    return redirect(url_for("staff.plan_edit", plan_id=plan.id), 303)


def in_words(refusal: Refusal) -> str:
    if refusal.name:
        sentence = _("%(name)s finns inte bland det som kan fyllas i.", name=refusal.name)
    else:
        sentence = str(_REFUSED[refusal.kind])
    return sentence if refusal.kind == "empty" else _("Rad %(line)d: %(what)s", line=refusal.line, what=sentence)


def _filled(plan: CarePlan, definition: PlanDefinition, chapter_id: str | None) -> OwnChapterForm:
    form = OwnChapterForm()
    form.phase.choices = [("", _("Gäller hela tiden")), *((phase.id, phase.title) for phase in definition.phases)]
    if form.is_submitted():
        form.text.data = (form.text.data or "").replace("\r\n", "\n")
        return form
    form.version.data, form.phase.data = str(plan.version), plan.phase
    if chapter_id is not None:
        row = own_chapters.find(plan, chapter_id)
        form.title.data, form.text.data, form.phase.data = row.title, row.text, row.phase
    return form


def _page(
    form: OwnChapterForm,
    plan: CarePlan,
    definition: PlanDefinition,
    chapter_id: str | None,
    *,
    is_previewed: bool = False,
) -> str:
    contact = team.contact_for(session(), plan.patient_id, plan.unit_id, at=access.now())
    facts = patient_facts(plan.patient.person.given_name, contact, definition.lang)
    shown: ChapterPage | None = None
    if is_previewed:
        text = chapter_content(_compiled(form, definition), "", facts)
        shown = chapter_page(text, content_lang=definition.lang, contact=contact, writer="", to="")
    text_sent = form.text.data or ""
    return page(
        "staff/own_chapter.html",
        form=form,
        plan=plan,
        chapter_id=chapter_id,
        preview=shown,
        lix=round(lix(text_sent)) if definition.lang == "sv" and text_sent.strip() else None,
        easy=EASY,
        readable=READABLE,
        facts=[(name, _fact(facts, name)) for name in sorted(PLACEHOLDERS)],
    )


def _compiled(form: OwnChapterForm, definition: PlanDefinition) -> ChapterText:
    return personal.own_chapter(
        "own", form.title.data or "", form.text.data or "", written_by=access.actor().name, lang=definition.lang
    )


def _fact(facts: dict[str, dict[str, str]], name: str) -> str:
    group, _dot, fact = name.partition(".")
    return facts[group][fact]


def _chapter_id(plan: CarePlan) -> str | None:
    asked = request.args.get("kapitel")
    if asked is None:
        return None
    try:
        return own_chapters.find(plan, asked).chapter_id
    except UnknownChapter as error:
        raise NotVisible("chapter", asked) from error


def _library() -> Library:
    library: Library = current_app.extensions["library"]
    return library
