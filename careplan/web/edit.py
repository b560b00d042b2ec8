"""What content editors meet: what is loaded, what is wrong with it, and how it reads to a made-up patient."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from careplan.actions.questionnaires import check_licensed
from careplan.db import session
from careplan.demo.sample import Facts, sample_facts, sample_plan
from careplan.domain.plan import PlanDefinition, UnknownChapter
from careplan.domain.questionnaire import GroupKind, Item, ItemType, Questionnaire, text_in
from careplan.domain.scoring import Verification
from careplan.domain.triage import say
from careplan.i18n import lang as language
from careplan.i18n import name_of, upper_first
from careplan.library import Library, Problem, UnknownPlan, UnknownQuestionnaire, check
from careplan.library.revisions import chapter_content
from careplan.queries.access import NotVisible
from careplan.web import access
from careplan.web.languages import STATUSES
from careplan.web.pages import page
from careplan.web.reading import ChapterPage, reading, review_in_words

bp = Blueprint("edit", __name__)

REVIEWS = {"reviewed": lazy_gettext("granskad"), "not-reviewed": lazy_gettext("inte granskad")}
KINDS = {
    ItemType.SCALE: lazy_gettext("skala"),
    ItemType.VAS: lazy_gettext("linje att märka"),
    ItemType.CHOICE: lazy_gettext("ett val"),
    ItemType.CHOICES: lazy_gettext("flera val"),
    ItemType.INTEGER: lazy_gettext("heltal"),
    ItemType.DECIMAL: lazy_gettext("tal"),
    ItemType.DATE: lazy_gettext("datum"),
    ItemType.TIME: lazy_gettext("klockslag"),
    ItemType.TEXT: lazy_gettext("fritext"),
    ItemType.INFO: lazy_gettext("information"),
}
MARKS = {
    Verification.RUN: lazy_gettext("Kontrollerad mot någon annans program."),
    Verification.QUOTED: lazy_gettext("Kontrollerad mot en källa."),
    Verification.COMPUTED: lazy_gettext("Räknad efter en regel i en källa."),
    Verification.UNVERIFIED: lazy_gettext("Inte kontrollerad mot källan."),
}
EVENTS = {
    "plan-start": lazy_gettext("planen börjar"),
    "diagnosis-told": lazy_gettext("besked"),
    "treatment-start": lazy_gettext("behandlingen börjar"),
    "treatment-follow-up": lazy_gettext("uppföljning under behandlingen"),
    "treatment-end": lazy_gettext("behandlingen är klar"),
    "treatment-change": lazy_gettext("behandlingen ändras"),
    "progression": lazy_gettext("sjukdomen har ändrats"),
    "palliative-intent": lazy_gettext("vård med palliativ avsikt"),
    "late-palliative": lazy_gettext("sen palliativ fas"),
    "admission": lazy_gettext("inskriven på sjukhus"),
    "discharge": lazy_gettext("utskriven från sjukhus"),
    "primary-care": lazy_gettext("övergång till primärvården"),
    "unit-change": lazy_gettext("byte av enhet"),
    "new-caregiver": lazy_gettext("ny vårdkontakt"),
    "follow-up": lazy_gettext("uppföljning"),
}
# In a list of findings the path from the content directory is enough.
SHOWN_FINDINGS = 200


@bp.get("/innehall")
def home() -> str:
    """What is loaded, and the number of findings."""
    library = _library()
    return page(
        "edit/home.html",
        plans=sorted(library.plans.values(), key=lambda plan: (plan.title, plan.lang)),
        questionnaires=sorted(library.questionnaires.values(), key=lambda each: text_in(each.title, language())),
        chapters=sorted(
            (file for file in library.sources() if file.kind == "chapter"), key=lambda file: (file.id, file.lang)
        ),
        findings=_findings(),
        reviews=REVIEWS,
        text=_in_language,
    )


@bp.get("/innehall/anmarkningar")
def findings() -> str:
    """What `careplan check` says."""
    return page("edit/findings.html", findings=_findings()[:SHOWN_FINDINGS], root=_content_path())


@bp.get("/innehall/mallar/<plan_id>/<lang>")
def plan(plan_id: str, lang: str) -> str:
    """A template with every chapter shown, as a made-up patient would read its front page."""
    definition = _definition(plan_id, lang)
    content = sample_plan(definition, _facts())
    return page(
        "edit/plan.html",
        plan=definition,
        reading=reading(
            content,
            url=lambda chapter_id: _chapter_url(definition, chapter_id),
            now=access.now(),
        ),
        reviewed=_review(definition),
        schedule=[
            (entry, _in_language(_library().questionnaire(entry.questionnaire).title)) for entry in definition.schedule
        ],
        events=EVENTS,
    )


@bp.get("/innehall/mallar/<plan_id>/<lang>/<chapter_id>")
def chapter(plan_id: str, lang: str, chapter_id: str) -> str:
    """One chapter with made-up names and numbers in its placeholders."""
    definition, facts = _definition(plan_id, lang), _facts()
    try:
        found = definition.chapter(chapter_id)
    except UnknownChapter:
        raise NotVisible("chapter", chapter_id) from None
    content = chapter_content(found, "", facts)
    shown = ChapterPage(
        text=content,
        lang=definition.lang,
        phone=facts["nurse"]["phone"],
        hours=upper_first(facts["nurse"]["hours"]),
        writer=facts["nurse"]["name"],
        to=facts["patient"]["first_name"],
        reviewed=review_in_words(content["review"]),
    )
    return page("edit/chapter.html", plan=definition, chapter=shown, version=found.version)


@bp.get("/innehall/formular/<questionnaire_id>")
def questionnaire(questionnaire_id: str) -> ResponseReturnValue:
    """All questions of a form, its scores and its rules in words; raises LicenceMissing where they are not ours yet."""
    try:
        found = _library().questionnaire(questionnaire_id)
    except UnknownQuestionnaire:
        raise NotVisible("questionnaire", questionnaire_id) from None
    check_licensed(session(), found, access.actor().unit_id)
    return page(
        "edit/questionnaire.html",
        questionnaire=found,
        questions=[(item, _group(found, item), _conditions(found, item)) for item in found.items],
        rules=[(rule, say(rule, found, language())) for rule in found.rules],
        kinds=KINDS,
        marks=MARKS,
        text=_in_language,
        reviewed=_review(found),
        languages=[(name_of(each), STATUSES[status]) for each, status in found.languages.items()],
    )


def _library() -> Library:
    library: Library = current_app.extensions["library"]
    return library


def _content_path() -> Path:
    path: Path = current_app.extensions["settings"].content_path
    return path


def _facts() -> Facts:
    return sample_facts(_content_path())


def _findings() -> Sequence[Problem]:
    return _checked(_content_path(), tuple(file.hash for file in _library().sources()))


@lru_cache(maxsize=4)
def _checked(path: Path, _hashes: tuple[str, ...]) -> tuple[Problem, ...]:
    """The findings of what this process has loaded; files that are changed later are loaded at the next start."""
    return tuple(sorted(check(path)))


def _definition(plan_id: str, lang: str) -> PlanDefinition:
    try:
        definition = _library().plan(plan_id, lang)
    except UnknownPlan:
        raise NotVisible("plan-definition", plan_id) from None
    if definition.lang != lang:
        raise NotVisible("plan-definition", plan_id)
    return definition


def _chapter_url(definition: PlanDefinition, chapter_id: str) -> str:
    return url_for("edit.chapter", plan_id=definition.id, lang=definition.lang, chapter_id=chapter_id)


def _group(found: Questionnaire, item: Item) -> str:
    """How the question stands with others; empty where it stands alone."""
    group = found.group_of(item)
    if group is None:
        return ""
    text = _in_language(group.text)
    match group.kind:
        case GroupKind.PAGE:
            return _("På en sida med fler frågor: %(group)s", group=text)
        case GroupKind.MATRIX:
            return _("En rad av flera med samma svar: %(group)s", group=text)
        case GroupKind.REPEATS:
            return _("Frågas om igen, högst %(number)s gånger: %(group)s", group=text, number=group.at_most)


def _conditions(found: Questionnaire, item: Item) -> str:
    """When the question is shown, by the short names of what it depends on."""
    openers = found.openers(item)
    if not openers:
        return ""
    names = ", ".join(_in_language(found.item(link_id).short) for link_id in sorted(openers))
    return _("Visas beroende på: %(names)s", names=names)


def _review(content: PlanDefinition | Questionnaire) -> str:
    review = content.review
    return review_in_words({"status": review.status, "by": review.by, "on": review.on and review.on.isoformat()})


def _in_language(text: Any) -> str:
    return text_in(text, language())
