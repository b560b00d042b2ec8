"""A template and its chapters as a made-up patient would read them."""

from flask import url_for
from flask_babel import lazy_gettext

from careplan.demo.sample import sample_plan
from careplan.domain.plan import PlanDefinition, UnknownChapter
from careplan.i18n import upper_first
from careplan.library.revisions import chapter_content
from careplan.queries.access import NotVisible
from careplan.web import access
from careplan.web.edit import bp, loaded
from careplan.web.pages import page
from careplan.web.reading import ChapterPage, reading, review_in_words

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


@bp.get("/innehall/mallar/<plan_id>/<lang>")
def plan(plan_id: str, lang: str) -> str:
    """A template with every chapter shown, as a made-up patient would read its front page."""
    definition = loaded.definition(plan_id, lang)
    content = sample_plan(definition, loaded.facts())
    return page(
        "edit/plan.html",
        plan=definition,
        reading=reading(
            content,
            url=lambda chapter_id: _chapter_url(definition, chapter_id),
            now=access.now(),
        ),
        reviewed=loaded.review(definition),
        schedule=[
            (entry, loaded.in_language(loaded.library().questionnaire(entry.questionnaire).title))
            for entry in definition.schedule
        ],
        events=EVENTS,
    )


@bp.get("/innehall/mallar/<plan_id>/<lang>/<chapter_id>")
def chapter(plan_id: str, lang: str, chapter_id: str) -> str:
    """One chapter with made-up names and numbers in its placeholders."""
    definition, facts = loaded.definition(plan_id, lang), loaded.facts()
    try:
        found = definition.chapter(chapter_id)
    except UnknownChapter:
        raise NotVisible("chapter", chapter_id) from None
    content = chapter_content(found, "", facts)
    shown = ChapterPage(
        text=content,
        lang=found.lang,
        is_fallback=found.lang != definition.lang,
        phone=facts["nurse"]["phone"],
        hours=upper_first(facts["nurse"]["hours"]),
        writer=facts["nurse"]["name"],
        to=facts["patient"]["first_name"],
        reviewed=review_in_words(content["review"]),
    )
    return page("edit/chapter.html", plan=definition, chapter=shown, version=found.version)


def _chapter_url(definition: PlanDefinition, chapter_id: str) -> str:
    return url_for("edit.chapter", plan_id=definition.id, lang=definition.lang, chapter_id=chapter_id)
