"""The sheet "Det här är nytt": what differs between the newest version of a plan and one that its reader has."""

from flask_babel import gettext as _

from careplan.domain.revision import Content
from careplan.i18n import force_locale
from careplan.library.comparison import compare
from careplan.library.revisions import changes_in_words
from careplan.models import PlanRevision
from careplan.queries.summary import Summary
from careplan.web import printing
from careplan.web.printing import Parts


def news_document(summary: Summary, before: PlanRevision, earlier: Content, *, size: str) -> str:
    """The sheet as HTML: the changes in words, new chapters whole, and of the others what differs.

    `earlier` is the content of `before`, fetched by the caller: nothing is read while a page is rendered.
    """
    with force_locale(summary.content["lang"]):
        found = compare(earlier, summary.content)
        added = frozenset(each.id for each in found.added)
        parts = Parts(has_summary=False, has_rehabilitation=False, has_curves=False, chapters=added)
        context = printing.context(summary, parts, size) | {
            "title": _("Det här är nytt i din vårdplan"),
            "before": before,
            "lines": changes_in_words(earlier, summary.content),
            "found": found,
        }
        return printing.environment().get_template("pdf/news.html").render(context)
