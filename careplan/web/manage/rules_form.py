"""What a manager changes in rules, read from the page: limits and levels of those that are there, and one more."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from careplan.domain.conditions import Compare, InARow, ScoreAtLeast, WorseBy, WorseThanUsual
from careplan.domain.questionnaire import NUMERIC, Questionnaire, figure, text_in
from careplan.domain.triage import Level, Rule, say
from careplan.i18n import lang
from careplan.library.unit_rules import InvalidRules, compile_rules

# Where the limit of each kind of rule stands in its node.
LIMITS = ("worse_by", "worse_than_usual_by", "at_least", "at_most")
KINDS = {
    "at_least": _l("minst"),
    "at_most": _l("högst"),
    "worse_by": _l("sämre än förra gången, med minst"),
    "worse_than_usual_by": _l("sämre än personens vanliga nivå, med minst"),
    "twice": _l("två gånger i rad minst"),
}
LEVELS = {Level.RED: _l("Behöver bedömas nu"), Level.YELLOW: _l("Behöver ses")}


@dataclass(slots=True)
class Row:
    """One rule as the page shows it. `limit` is None where a rule has more than one; such a one is only read."""

    id: str
    words: str
    level: str
    limit: str | None
    is_removed: bool = False
    error: str = ""


@dataclass(slots=True)
class Proposal:
    rows: list[Row]
    item: str = ""
    kind: str = "at_least"
    limit: str = ""
    level: str = Level.YELLOW.value
    source: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """Where, and what, for the summary of the page."""
        yield from ((f"limit-{row.id}", row.error) for row in self.rows if row.error)
        yield from self.errors.items()


def shown(form: Questionnaire, nodes: Sequence[Mapping[str, Any]]) -> Proposal:
    return Proposal([_row(form, rule, node) for rule, node in zip(compile_rules(form, nodes), nodes, strict=True)])


def choices(form: Questionnaire) -> list[tuple[str, str]]:
    """What a rule can be about: questions with numbers, and scores."""
    items = [(item.link_id, text_in(item.short, lang())) for item in form.questions if item.type in NUMERIC]
    return items + [(scale.id, text_in(scale.title, lang())) for scale in form.scores]


def changed(
    form: Questionnaire, nodes: Sequence[Mapping[str, Any]], sent: MultiDict[str, str], owner: str
) -> tuple[list[dict[str, Any]], Proposal]:
    """The nodes as the page wants them, and the page to show again: where something is wrong it says what."""
    page, wanted = shown(form, nodes), []
    page.item, page.kind = sent.get("item", ""), sent.get("kind", "at_least")
    page.limit, page.level = sent.get("limit", "").strip(), sent.get("level", Level.YELLOW.value)
    page.source = sent.get("source", "").strip()
    for row, node in zip(page.rows, nodes, strict=True):
        row.is_removed = f"remove-{row.id}" in sent
        if not row.is_removed:
            wanted.append(_edited(row, node, sent, page.source, owner))
    if page.limit or page.item:
        wanted.append(_added(form, page, owner, {node["id"] for node in nodes}))
    if wanted != [dict(node) for node in nodes] and not page.source:
        page.errors["source"] = _("Skriv varifrån de nya gränserna kommer, till exempel ett beslut eller en riktlinje.")
    if not any(page.mistakes()):
        _check(form, page, wanted)
    return wanted, page


def number(text: str) -> int | float | None:
    """What somebody typed, with a comma or a point; None where it is no number."""
    if not re.fullmatch(r"\d{1,6}([.,]\d{1,4})?", text):
        return None
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value


def _row(form: Questionnaire, rule: Rule, node: Mapping[str, Any]) -> Row:
    limit = None
    match rule.when:
        case Compare(limit=value) | InARow(limit=value) | ScoreAtLeast(limit=value):
            limit = figure(value, lang())
        case WorseBy(by=value) | WorseThanUsual(by=value):
            limit = figure(value, lang())
    return Row(str(node["id"]), say(rule, form, lang()), rule.level.value, limit)


def _edited(row: Row, node: Mapping[str, Any], sent: MultiDict[str, str], source: str, owner: str) -> dict[str, Any]:
    edited = deepcopy(dict(node))
    row.level = sent.get(f"level-{row.id}", row.level)
    if row.level not in set(Level):
        row.error = _("Välj en nivå.")
    edited["level"] = row.level
    if row.limit is not None:
        row.limit = sent.get(f"limit-{row.id}", row.limit).strip()
        limit = number(row.limit)
        if limit is None:
            row.error = _("Skriv gränsen som ett tal.")
        else:
            place = next(key for key in LIMITS if key in edited["when"])
            edited["when"][place] = limit
    if edited != node:
        edited["source"], edited["owner"] = source or edited["source"], owner
    return edited


def _added(form: Questionnaire, page: Proposal, owner: str, taken: set[str]) -> dict[str, Any]:
    limit, is_score = number(page.limit), page.item in {scale.id for scale in form.scores}
    if page.item not in dict(choices(form)):
        page.errors["item"] = _("Välj vad den nya gränsen gäller.")
    if limit is None:
        page.errors["limit"] = _("Skriv gränsen som ett tal.")
    if page.kind not in KINDS or (is_score and page.kind != "at_least"):
        page.errors["kind"] = _("En poäng kan bara jämföras med minst.") if is_score else _("Välj hur gränsen räknas.")
    if page.level not in set(Level):
        page.errors["level"] = _("Välj en nivå.")
    subject = {"score" if is_score else "item": page.item}
    when = {"at_least": limit, "in_a_row": 2} if page.kind == "twice" else {page.kind: limit}
    name = next(
        name for count in range(1, len(taken) + 2) if (name := f"{page.item or 'rule'}-unit-{count}") not in taken
    )
    return {
        "id": name,
        "level": page.level,
        "when": subject | when,
        "item": page.item,
        "owner": owner,
        "source": page.source or "-",
    }


def _check(form: Questionnaire, page: Proposal, wanted: Sequence[Mapping[str, Any]]) -> None:
    """A limit outside its scale, a score whose limit nobody has verified: said at the row that it is about."""
    try:
        compile_rules(form, wanted)
    except InvalidRules as error:
        rows = {row.id: row for row in page.rows}
        for index, _message in error.problems:
            row = rows.get(str(wanted[index]["id"])) if index is not None else None
            sentence = _("Den gränsen kan inte gälla här: den ligger utanför skalan, eller är inte granskad.")
            if row is not None:
                row.error = sentence
            else:
                page.errors["limit"] = sentence
