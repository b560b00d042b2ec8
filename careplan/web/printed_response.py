"""A sent form on paper: each question as it was asked, with its answer in words, in the language it was answered in."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from careplan.actions.responses import NO_WISH
from careplan.domain.answers import Answer, AnswerState
from careplan.domain.questionnaire import (
    Group,
    GroupKind,
    Item,
    ItemType,
    Questionnaire,
    all_questions,
    illegible_in_words,
    in_words,
    split_key,
    text_in,
)
from careplan.domain.team import Contact, hours_in_words
from careplan.i18n import SOURCE, force_locale, full_day, lang, lang_dir, languages, name_of, oclock, show_form_in
from careplan.models import Patient
from careplan.queries.answers import Sent
from careplan.web.branching import asked_if, numbers_of
from careplan.web.languages import STATUSES
from careplan.web.patient.review import wishes_in_sentence
from careplan.web.printing import environment
from careplan.web.templating import in_form, marked

_PLACE = "\ufffc"
ILLEGIBLE = "illegible"  # unanswered to scores, but something stood there
# An answer of more letters stands below its question, over both columns, and may go on overleaf.
LONG = 200


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom the answers are about; `relative_of` names the patient where it is a relative themself."""

    name: str
    born_in: int | None
    helper: str  # who helped, where it is known
    relative_of: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A question and what was answered; `state` is that of the answer, or illegible."""

    number: str
    text: str
    ends: str
    words: str
    state: str
    words_lang: str
    confirmed_on: date | None

    @property
    def is_long(self) -> bool:
        return len(self.words) > LONG


@dataclass(frozen=True, slots=True)
class Block:
    """What stands together: questions alone, or those of a group and instance under their heading."""

    heading: str
    ends: str
    rows: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Unasked:
    """Questions that were not shown, and when they are."""

    reason: str
    questions: Sequence[tuple[str, str]]


def whose(sent: Sent, patient: Patient) -> Whose:
    response = sent.response
    person = response.respondent or patient.person
    is_by_another = response.mode == "web" and response.source_id != person.id
    return Whose(
        name=person.name,
        born_in=person.born_on.year if person.born_on else None,
        helper=sent.source if is_by_another else "",
        relative_of=patient.person.name if response.respondent else "",
    )


def response_document(sent: Sent, about: Whose, contact: Contact, *, spoken: str, size: str, at: datetime) -> str:
    """The answers as HTML, with the words of the form in `spoken` and those around them so far as we speak it."""
    show_form_in(spoken)
    with force_locale(spoken if spoken in languages() else SOURCE):
        context = _context(sent, about, contact, spoken=spoken, size=size, at=at)
        return environment().get_template("pdf/response.html").render(context)


def sections_of(sent: Sent, spoken: str) -> Iterator[tuple[str, list[Block]]]:
    """The questions that were shown, under the titles of their sections."""
    form, numbers = sent.questionnaire, numbers_of(sent.questionnaire)
    for section, shown in sent.sections():
        blocks = []
        for _place, pairs in groupby(shown, key=lambda pair: _place_of(pair[0])):
            rows = list(pairs)
            group = form.group_of(rows[0][0])
            is_matrix = group is not None and group.kind is GroupKind.MATRIX
            blocks.append(
                Block(
                    heading=_heading(group, rows[0][0], spoken) if group else "",
                    ends=_ends(rows[0][0], spoken) if is_matrix else "",
                    rows=[_told(sent, item, given, numbers[item.link_id], spoken, is_matrix) for item, given in rows],
                )
            )
        yield text_in(section.title, spoken), blocks


def unasked(sent: Sent, spoken: str) -> list[Unasked]:
    """The questions that the other answers closed, under the reason that they have in common."""
    form, numbers = sent.questionnaire, numbers_of(sent.questionnaire)
    hidden = [
        item for item in all_questions(form, sent.answers) if sent.answers[item.link_id].state is AnswerState.NOT_SHOWN
    ]
    return [
        Unasked(reason, [(numbers[item.link_id], form.wording(item, spoken)) for item in items])
        for reason, items in groupby(hidden, key=lambda item: _reason(sent, item))
    ]


def _context(sent: Sent, about: Whose, contact: Contact, *, spoken: str, size: str, at: datetime) -> dict[str, Any]:
    around, form, response = lang(), sent.questionnaire, sent.response
    before, between, after = _("Sidan %(page)s av %(pages)s", page=_PLACE, pages=_PLACE).split(_PLACE)
    sections = list(sections_of(sent, spoken))
    closed = unasked(sent, spoken)
    return {
        "lang": around,
        "dir": lang_dir(around),
        "in_form_lang": marked(spoken) if spoken != around else "",
        "in_own_lang": marked(response.lang) if response.lang != around else "",
        "around": around,
        "size": size,
        "form_title": text_in(form.title, spoken),
        "title": _("Svar: %(title)s", title=text_in(form.title, spoken)),
        "stamp": _("version %(number)s, %(day)s", number=response.number, day=full_day(response.submitted_at)),
        "page_words": (before, between, after),
        "form": form,
        "response": response,
        "whose": about,
        "facts": [fact for fact in _facts(sent, about, spoken) if fact[1]],
        "contact": contact,
        "hours": hours_in_words(contact.hours, around),
        "counts": _counts(sections, closed),
        "sections": sections,
        "unasked": closed,
        "corrected_at": _moment(sent.newer.submitted_at) if sent.newer else "",
        "wishes": _wishes(form, response.wishes),
        "scores": [
            (text_in(scale.title, spoken), sent.scores.get(scale.id), scale) for scale in (*form.scores, *form.profiles)
        ],
        "at": at,
    }


def _facts(sent: Sent, about: Whose, spoken: str) -> Iterator[tuple[str, str]]:
    """Whose, when, how, with whose help, in which language, about when, and which of several versions."""
    form, response = sent.questionnaire, sent.response
    name = _("%(name)s, född %(year)s", name=about.name, year=about.born_in) if about.born_in else about.name
    if about.relative_of:
        name = _("%(name)s, närstående till %(patient)s", name=name, patient=about.relative_of)
    yield _("Svaren gäller"), name
    yield _("Skickat"), _moment(response.submitted_at)
    yield _("Svarade"), _how(sent)
    if response.is_by_relative:
        by = _("%(name)s har hjälpt till.", name=about.helper) if about.helper else _("En närstående har hjälpt till.")
        yield _("Hjälp"), by
    yield _("Språk"), _language(form, response.lang, spoken)
    yield _("Frågorna gäller"), text_in(form.recall_period, spoken)
    if sent.older:
        older = _moment(sent.older.submitted_at)
        yield (
            _("Version"),
            _("%(number)s, rättade svar. De förra skickades %(when)s.", number=response.number, when=older),
        )
    else:
        yield _("Version"), str(response.number)
    yield _("Kvitto"), response.receipt


def _how(sent: Sent) -> str:
    response = sent.response
    match response.mode:
        case "paper" if response.arrived_on:
            day = full_day(response.arrived_on)
            return _("På papper som kom %(day)s. Inmatat av %(name)s.", day=day, name=sent.source)
        case "paper":
            return _("På papper. Inmatat av %(name)s.", name=sent.source)
        case "phone":
            return _("Per telefon. Inmatat av %(name)s.", name=sent.source)
        case "kiosk":
            return _("På mottagningens surfplatta")
    return _("På webben")


def _language(form: Questionnaire, answered: str, spoken: str) -> str:
    said = ", ".join(filter(None, [name_of(answered), str(STATUSES.get(form.languages.get(answered, ""), ""))]))
    if spoken == answered:
        return said
    return _("%(answered)s. Frågorna står här på %(language)s.", answered=said, language=name_of(spoken))


def _place_of(item: Item) -> tuple[str, int] | None:
    """Its group and instance; questions of no group stand in one block, as long as no group comes between."""
    return (item.group, split_key(item.link_id)[1]) if item.group else None


def _heading(group: Group, item: Item, spoken: str) -> str:
    text = text_in(group.text, spoken)
    if group.kind is not GroupKind.REPEATS:
        return text
    return _("%(group)s, nummer %(number)s", group=text, number=split_key(item.link_id)[1])


def _ends(item: Item, spoken: str) -> str:
    scale = item.scale
    if scale is None:
        return ""
    return f"{scale.min} = {text_in(scale.low, spoken)}, {scale.max} = {text_in(scale.high, spoken)}"


def _told(sent: Sent, item: Item, given: Answer, number: str, spoken: str, is_matrix: bool) -> Told:
    state = str(given.state)
    words, words_lang = in_words(item, given, lang()), lang()
    if item.link_id in sent.response.illegible:
        state, words = ILLEGIBLE, illegible_in_words(lang())
    elif given.is_answered and item.options:
        words, words_lang = in_words(item, given, spoken), spoken
    elif given.is_answered and item.type is ItemType.TEXT:
        words_lang = sent.response.lang
    return Told(
        number=number,
        text=text_in(item.text, spoken),
        ends="" if is_matrix else _ends(item, spoken),
        words=words,
        state=state,
        words_lang=marked(words_lang) if words_lang != lang() else Markup(""),
        confirmed_on=sent.confirmed_on.get(item.link_id),
    )


def _reason(sent: Sent, item: Item) -> str:
    """The condition that did not hold: the question's own, or that of its group where none of it was shown."""
    form = sent.questionnaire
    group = form.group_of(item)
    if group is not None and group.show_if is not None:
        of_group = (answer for key, answer in sent.answers.items() if form.item(key).group == group.id)
        if all(answer.state is AnswerState.NOT_SHOWN for answer in of_group):
            return asked_if(form, group.show_if)
    return asked_if(form, item.show_if) if item.show_if is not None else ""


def _counts(sections: Sequence[tuple[str, list[Block]]], closed: Sequence[Unasked]) -> list[tuple[str, int]]:
    """How many there are of each kind, in the words that stand beside the questions; none of what there is none of."""
    found = Counter(row.state for _title, blocks in sections for block in blocks for row in block.rows)
    names = {
        AnswerState.ANSWERED: _("Besvarade"),
        AnswerState.DECLINED: _("Jag vill inte svara"),
        AnswerState.UNANSWERED: _("Inte besvarade"),
        ILLEGIBLE: _("Oläsliga på papperet"),
    }
    counts = [(name, found[state]) for state, name in names.items()]
    counts.append((_("Inte ställda, de står sist"), sum(len(each.questions) for each in closed)))
    return [(name, count) for name, count in counts if count]


def _wishes(form: Questionnaire, wishes: list[str]) -> str:
    return _("inget just nu") if wishes == [NO_WISH] else in_form(wishes_in_sentence(form, wishes))


def _moment(at: datetime) -> str:
    """12 november 2026 klockan 10.14: on paper no day is "i dag"."""
    return f"{full_day(at)} {oclock(at)}"
