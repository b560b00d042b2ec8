"""A signed rehabilitation plan in words: who does what, and what changed between two versions."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _

from careplan.domain.needs import GoalOutcome
from careplan.domain.rehabilitation import Change, ChangeKind, Content
from careplan.i18n import full_day, lang, upper_first
from careplan.library.professions import Professions
from careplan.web.labels import GOAL_OUTCOMES


def doers(content: Content, professions: Professions, patient: str) -> dict[str, str]:
    """Who does each activity, by its id: a person with title, a profession, else the patient by this name."""
    return {
        each["id"]: (
            f"{each['who']}, {each['title']}"
            if each["who"]
            else upper_first(professions.named(each["profession"], lang()))
            if each["profession"]
            else patient
        )
        for goal in (*content["goals"], *content["closed"])
        for each in goal["activities"]
    }


def changes(found: Iterable[Change], professions: Professions) -> list[str]:
    return [_in_words(change, professions) for change in found]


def _in_words(change: Change, professions: Professions) -> str:
    match change.kind:
        case ChangeKind.SUMMARY:
            return _("Sammanfattningen är ändrad.") if change.before else _("En sammanfattning är skriven.")
        case ChangeKind.GOAL_ADDED:
            return _("Nytt mål: %(goal)s.", goal=change.what)
        case ChangeKind.GOAL_CHANGED:
            return _("Målet är ändrat: %(goal)s.", goal=change.what)
        case ChangeKind.GOAL_CLOSED:
            outcome = str(GOAL_OUTCOMES[GoalOutcome(change.after)]) if change.after else ""
            return _("Målet är avslutat: %(goal)s. %(outcome)s.", goal=change.what, outcome=outcome)
        case ChangeKind.REVIEW_MOVED:
            day = full_day(date.fromisoformat(change.after))
            return _("Ny uppföljning %(day)s av målet: %(goal)s.", day=day, goal=change.what)
        case ChangeKind.NEXT_STEP:
            return _("Nästa steg för målet %(goal)s: %(step)s", goal=change.what, step=change.after)
        case ChangeKind.ACTIVITY_ADDED:
            return _("Ny åtgärd: %(activity)s.", activity=change.what)
        case ChangeKind.ACTIVITY_REMOVED:
            return _("Åtgärden är borttagen: %(activity)s.", activity=change.what)
        case ChangeKind.EPISODE_ENDED:
            who = professions.named(change.what, lang())
            return _("Insatsen hos %(profession)s är avslutad.", profession=who)
