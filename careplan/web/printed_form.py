"""A blank form to fill in with a pen: the questions and link ids of the version that was asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from careplan.actions.responses import MOST_WISHES
from careplan.domain.questionnaire import (
    Group,
    GroupKind,
    Item,
    ItemType,
    Questionnaire,
    instance_key,
    split_key,
    text_in,
)
from careplan.domain.team import Contact, hours_in_words
from careplan.i18n import SOURCE, force_locale, form_lang, full_day, lang, lang_dir, languages, show_form_in
from careplan.models import Patient, QuestionnaireRequest
from careplan.web.answer_words import instruction
from careplan.web.branching import numbers_of, only_if
from careplan.web.languages import status_in_words
from careplan.web.printed_links import code
from careplan.web.printing import environment
from careplan.web.templating import marked

_PLACE = "\ufffc"
ON_PAPER = 4  # blank instances of a group that repeats


@dataclass(frozen=True, slots=True)
class Line:
    """An item as it stands on paper; `number` is empty for a text that is only read."""

    item: Item
    number: str
    only_if: str

    @property
    def partly(self) -> str:
        """Which parts of a date may be left out."""
        return instruction(self.item) if self.item.type is ItemType.DATE else ""


@dataclass(frozen=True, slots=True)
class Block:
    """What stands together on paper: a line alone, or those of a group and instance under their heading."""

    lines: list[Line]
    heading: str = ""
    hint: str = ""
    only_if: str = ""
    is_matrix: bool = False


def form_document(
    asked: QuestionnaireRequest,
    patient: Patient,
    form: Questionnaire,
    contact: Contact,
    *,
    spoken: str,
    size: str,
    address: str,
    at: datetime,
) -> str:
    """The form as HTML. `address` is what the QR code opens for staff; it names nobody."""
    around = spoken if spoken in languages() else SOURCE
    show_form_in(spoken)
    with force_locale(around):
        context = _context(asked, patient, form, contact, spoken=spoken, size=size, address=address, at=at)
        context |= {"around": around, "in_form_lang": marked(spoken) if spoken != around else ""}
        return environment().get_template("pdf/form.html").render(context)


def sections_of(form: Questionnaire, instances: int = ON_PAPER) -> Iterator[tuple[str, list[Block]]]:
    """All items, under the titles of their sections; a group that repeats with so many blank instances."""
    numbers = numbers_of(form)
    for section_id, items in groupby(form.items, key=lambda item: item.section):
        blocks: list[Block] = []
        for group_id, members in groupby(items, key=lambda item: item.group):
            group = form.group(group_id) if group_id else None
            if group is None:
                blocks += [Block([_line(form, item, numbers)]) for item in members]
            else:
                blocks += _blocks(form, group, list(members), numbers, instances)
        yield text_in(form.section(section_id).title, form_lang()), blocks


def _blocks(
    form: Questionnaire, group: Group, members: list[Item], numbers: Mapping[str, str], instances: int
) -> Iterator[Block]:
    repeats = group.kind is GroupKind.REPEATS
    heading, hint = text_in(group.text, form_lang()), text_in(group.hint, form_lang()) if group.hint else ""
    count = min(group.at_most, instances)
    for instance in range(1, count + 1):
        is_last = repeats and instance == count < group.at_most
        more = _("Har du fler? Skriv dem sist i formuläret.") if is_last else ""
        yield Block(
            lines=[_line(form, form.item(instance_key(item.link_id, instance)), numbers) for item in members],
            heading=_("%(group)s, nummer %(number)s", group=heading, number=instance) if repeats else heading,
            hint=" ".join(filter(None, [hint if instance == 1 else "", more])),
            only_if=only_if(form, group.show_if) if group.show_if and instance == 1 else "",
            is_matrix=group.kind is GroupKind.MATRIX,
        )


def _line(form: Questionnaire, item: Item, numbers: Mapping[str, str]) -> Line:
    """Under its heading an instance needs no number in the words beside a blank."""
    shown = replace(item, short=form.item(split_key(item.link_id)[0]).short)
    return Line(shown, numbers.get(item.link_id, ""), only_if(form, item.show_if) if item.show_if else "")


def _context(
    asked: QuestionnaireRequest,
    patient: Patient,
    form: Questionnaire,
    contact: Contact,
    *,
    spoken: str,
    size: str,
    address: str,
    at: datetime,
) -> dict[str, Any]:
    before, between, after = _("Sidan %(page)s av %(pages)s", page=_PLACE, pages=_PLACE).split(_PLACE)
    born_on = patient.person.born_on
    return {
        "lang": spoken,
        "dir": lang_dir(spoken),
        "size": size,
        "title": text_in(form.title, spoken),
        "stamp": _("version %(version)s, %(day)s", version=form.version, day=full_day(at)),
        "page_words": (before, between, after),
        "form": form,
        "status": status_in_words(form, spoken),
        "contact": contact,
        "hours": hours_in_words(contact.hours, lang()),
        "patient_name": patient.person.name,
        "born_in": born_on.year if born_on else None,
        "return_at": asked.due_at,
        "at": at,
        "code": asked.id.hex[:8].upper(),
        "qr": code(address, _("Kod för vårdpersonal")),
        "sections": list(sections_of(form)),
        "wishes": [text_in(item.short, spoken) for item in form.questions if item.wish],
        "most_wishes": MOST_WISHES,
        "has_lines": any(item.type is ItemType.VAS for item in form.items),
        "has_figures": any(item.type is ItemType.SCALE for item in form.items),
    }
