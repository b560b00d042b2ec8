"""How the list and the case say clocks, owners and wishes."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from careplan.domain.tasks import Urgency
from careplan.i18n import duration, in_sentence, short_moment, time_left
from careplan.queries.clocks import Left
from careplan.queries.owners import Owner
from careplan.queries.pathway import Treatment
from careplan.queries.worklist import Group
from careplan.web.labels import GROUPS, URGENCIES

# Below this the hours are said, whatever day they end: two working hours on a Friday are not "1 dag".
HOURS_SAID_BELOW = timedelta(hours=4)


def left_in_words(left: Left, now: datetime) -> str:
    """1 tim 54 min kvar, 2 dagar kvar (open days), 20 min försenad."""
    if left.due_at < now:
        return time_left(left.due_at, now)
    if not left.days or left.time < HOURS_SAID_BELOW:
        return _("%(amount)s kvar", amount=duration(left.time))
    return ngettext("%(num)s\u00a0dag kvar", "%(num)s\u00a0dagar kvar", left.days)


def moment_in_words(at: datetime, now: datetime) -> str:
    """i dag 10.14, on one line."""
    return short_moment(at, now).replace(" ", "\u00a0")


def owner_in_words(owner: Owner) -> str:
    """Du, "Nils, för dig", "Du, för Karin", "Gemensam lista"."""
    if owner.is_me and owner.instead_of:
        return _("Du, för %(name)s", name=owner.instead_of)
    if owner.is_me:
        return _("Du")
    if owner.instead_of_me:
        return _("%(name)s, för dig", name=owner.name)
    if owner.instead_of:
        return _("%(name)s, för %(other)s", name=owner.name, other=owner.instead_of)
    return owner.name or _("Gemensam\u00a0lista")


def group_heading(group: Group, now: datetime) -> str:
    """The group's name; reviews are called overdue when all of them are."""
    if group.key == "review" and _is_all_late(group, now):
        return _("Försenad uppföljning")
    return str(GROUPS[group.key])


def tally_word(group: Group, now: datetime) -> str:
    """The word after the number."""
    match group.key:
        case "contact":
            return _("vill ha kontakt")
        case "message":
            return ngettext("meddelande", "meddelanden", group.total)
        case "referral":
            return ngettext("remiss", "remisser", group.total)
        case "handover":
            return ngettext("överlämning", "överlämningar", group.total)
        case "paper":
            return _("papper")
        case "review" if _is_all_late(group, now):
            return ngettext("försenad", "försenade", group.total)
        case "review":
            return ngettext("uppföljning", "uppföljningar", group.total)
        case "silence":
            return _("utan svar")
    return str(GROUPS[group.key])


def _is_all_late(group: Group, now: datetime) -> bool:
    return all(row.left.due_at < now for row in group.rows)


def about_in_words(age: int | None, treatment: Treatment | None) -> str:
    """58 år, cytostatika vecka 3"""
    parts = []
    if age is not None:
        parts.append(_("%(age)s\u00a0år", age=age))
    if treatment is not None and treatment.title and treatment.week is not None:
        parts.append(_("%(treatment)s vecka\u00a0%(week)s", treatment=treatment.title, week=treatment.week))
    elif treatment is not None and treatment.title:
        parts.append(_("efter %(treatment)s", treatment=treatment.title))
    return ", ".join(parts)


def wish_in_words(wishes: tuple[str, ...], urgency: str | None) -> str:
    """Trötthet, oro, den här veckan"""
    parts = [in_sentence(wish) for wish in wishes]
    if urgency is not None:
        parts.append(str(URGENCIES[Urgency(urgency)]))
    said = ", ".join(parts)
    return said[:1].upper() + said[1:]
