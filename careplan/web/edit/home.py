"""What is loaded, what is under way, and what is wrong."""

from flask_babel import lazy_gettext

from careplan.db import session
from careplan.domain.questionnaire import text_in
from careplan.i18n import lang as language
from careplan.queries import publications
from careplan.web import access
from careplan.web.edit import bp, loaded
from careplan.web.pages import page

# In a list of findings the path from the content directory is enough.
SHOWN_FINDINGS = 200
STATUSES = {
    "draft": lazy_gettext("utkast"),
    "in-review": lazy_gettext("väntar på granskning"),
    "returned": lazy_gettext("tillbaka för ändring"),
}

DONE = {"published": lazy_gettext("publicerat"), "dropped": lazy_gettext("kastat")}


@bp.get("/innehall")
def home() -> str:
    """What is loaded, drafts under way, and the number of findings."""
    library, by = loaded.library(), access.actor()
    drafts = publications.drafts(session())
    return page(
        "edit/home.html",
        plans=sorted(library.plans.values(), key=lambda plan: (plan.title, plan.lang)),
        questionnaires=sorted(library.questionnaires.values(), key=lambda each: text_in(each.title, language())),
        chapters=sorted(library.chapters.items(), key=lambda each: (each[1].title, each[0])),
        findings=loaded.findings(),
        faults=library.faults,
        set_aside=library.set_aside,
        waiting=[draft for draft in drafts if draft.status == "in-review" and str(by.person_id) not in draft.writers],
        drafts=drafts,
        statuses=STATUSES,
        reviews=loaded.REVIEWS,
        text=loaded.in_language,
        title=loaded.title,
        address=loaded.address,
        name=library.tree.name,
    )


@bp.get("/innehall/anmarkningar")
def findings() -> str:
    """What `careplan check` says."""
    return page(
        "edit/findings.html",
        findings=loaded.findings()[:SHOWN_FINDINGS],
        faults=loaded.library().faults,
        root=loaded.content_path(),
    )
