"""The unit's figures: as a page, as a file, with what each one counts; and one flag traced from answer to end."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from io import StringIO

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from careplan import charts
from careplan.actions import audit
from careplan.db import session
from careplan.domain.figures import Share
from careplan.i18n import in_sentence, lang, local, short_day
from careplan.library.figures import Codebook, codebook
from careplan.queries import figures as queries
from careplan.queries.access import NotVisible
from careplan.queries.figures import Figures, Period
from careplan.queries.trace import trace as find_trace
from careplan.web import access
from careplan.web.labels import OUTCOMES
from careplan.web.log_words import in_words
from careplan.web.manage import bp, own_unit
from careplan.web.manage.figure_words import GROUPS, group_in_words, percent, times_in_words
from careplan.web.pages import page

LONGEST = timedelta(days=3 * 366)
WEEKS_DRAWN = 12
COLUMNS = ("unit", "from", "to", "figure", "group_by", "group", "numerator", "denominator", "percent", "hidden")
COLUMNS += ("lower_target", "upper_target")
CODEBOOK = ("figure", "title", "numerator", "denominator", "lower_target", "upper_target", "target_status")


@bp.get("/verksamhet/matt")
def figures() -> ResponseReturnValue:
    """Shares with their target levels, times, and how many answered. Small groups are hidden, nobody is ranked."""
    db, by, at = session(), access.actor(), access.now()
    unit_id, today = own_unit(by), local(at).date()
    period, mistake = _period(today)
    book = _codebook()
    found = queries.figures(db, book, unit_id, period, at=at)
    audit.record(db, "read-figures", by=by, at=at, object_type="unit", object_id=unit_id)
    body = page(
        "manage/figures.html",
        found=found,
        book=book,
        mistake=mistake,
        presets=_presets(today),
        chart=_chart(found),
        groups=GROUPS,
        group_in_words=group_in_words,
        percent=percent,
        times=[times_in_words(each) for each in found.times],
        lang=lang(),
        in_sentence=in_sentence,
    )
    return body, 422 if mistake else 200


@bp.get("/verksamhet/matt.csv")
def figures_csv() -> Response:
    """The same figures, one row for each; `hidden` says that the group was too small."""
    db, by, at = session(), access.actor(), access.now()
    unit_id = own_unit(by)
    period, _mistake = _period(local(at).date())
    book = _codebook()
    found = queries.figures(db, book, unit_id, period, at=at)
    audit.record(db, "export-figures", by=by, at=at, object_type="unit", object_id=unit_id)
    db.commit()
    return _file(COLUMNS, _rows(found, book, by.unit_name), f"figures-{period.first_on}-{period.last_on}.csv")


@bp.get("/verksamhet/matt/kodbok.csv")
def codebook_csv() -> Response:
    """What each column and figure of the file means, with targets and sources."""
    own_unit(access.actor())
    book = _codebook()
    rows = [
        {
            "figure": each.id,
            **{key: words.get(lang(), words["sv"]) for key, words in each.texts.items()},
            **({"lower_target": each.targets.lower, "upper_target": each.targets.upper} if each.targets else {}),
            "target_status": each.targets.status if each.targets else "",
        }
        for each in book.figures
    ]
    sources = [
        {"figure": "source", "title": source.title, "numerator": source.note, "denominator": source.reference}
        for source in book.sources
    ]
    return _file(CODEBOOK, [*rows, *sources], "codebook.csv")


@bp.route("/verksamhet/arende", methods=["GET", "POST"])
def trace() -> ResponseReturnValue:
    """One flag from answer to end, by its receipt's number. Looked up by POST; no answer and no name of a patient."""
    db, by, at = session(), access.actor(), access.now()
    own_unit(by)
    number, found, mistake = request.form.get("number", "").strip(), None, ""
    if request.method == "POST":
        try:
            found = find_trace(db, by, number)
        except NotVisible:
            mistake = _("Det finns inget svar med det numret på er enhet.")
        audit.record(
            db,
            "trace-response",
            by=by,
            at=at,
            patient_id=found.patient_id if found else None,
            object_type="receipt",
            object_id=number[:20],
        )
    body = page(
        "manage/trace.html", number=number, found=found, mistake=mistake, now=at, outcomes=OUTCOMES, said=in_words
    )
    return body, 422 if mistake else 200


def _period(today: date) -> tuple[Period, str]:
    """What the address asks for; the last twelve months where it asks for nothing, or for what cannot be."""
    usual = Period(today - timedelta(days=364), today)
    asked = request.args.get("fran", ""), request.args.get("till", "")
    if asked == ("", ""):
        return usual, ""
    try:
        first_on, last_on = (date.fromisoformat(each) for each in asked)
    except ValueError:
        return usual, _("Skriv båda datumen, till exempel 2026-01-01.")
    if not timedelta(0) <= last_on - first_on <= LONGEST or first_on.year < 2000 or last_on.year > today.year + 1:
        return usual, _("Välj en period på högst tre år, där slutet kommer efter början.")
    return Period(first_on, last_on), ""


def _presets(today: date) -> list[tuple[str, Period]]:
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    before_end = quarter - timedelta(days=1)
    before = date(before_end.year, before_end.month - 2, 1)
    return [
        (_("Det här kvartalet"), Period(quarter, today)),
        (_("Förra kvartalet"), Period(before, before_end)),
        (_("I år"), Period(date(today.year, 1, 1), today)),
        (_("Förra året"), Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))),
    ]


def _chart(found: Figures) -> charts.Trend | None:
    """The share of flags in time, the last weeks one by one; a gap where there were too few."""
    readings = [
        charts.Reading(
            monday, week.percent, short_day(monday), "" if week.percent is None else f"{round(week.percent)}\u00a0%"
        )
        for monday, week in found.weeks[-WEEKS_DRAWN:]
    ]
    if len([each for each in readings if each.value is not None]) < 2:
        return None
    return charts.trend(readings, low=0, high=100)


def _rows(found: Figures, book: Codebook, unit_name: str) -> Iterator[dict[str, object]]:
    about = {"unit": unit_name, "from": found.period.first_on, "to": found.period.last_on}
    for figure in found.figures:
        targets = book.figure(figure.id).targets
        levels = {"lower_target": targets.lower, "upper_target": targets.upper} if targets else {}
        yield about | {"figure": figure.id} | _cells(figure.total) | levels
        for by, shares in figure.groups.items():
            for share in shares:
                yield about | {"figure": figure.id, "group_by": by, "group": share.group} | _cells(share)
    for times in found.times:
        for name in ("read_median", "read_95", "done_median", "done_95"):
            hours = getattr(times, name) and round(getattr(times, name) / timedelta(hours=1), 2)
            level = {"group_by": "level", "group": times.level.value}
            yield about | level | {"figure": f"working_hours_{name}", "numerator": hours, "denominator": times.count}
    for name in ("overdue", "escalated", "unrouted"):
        yield about | {"figure": name, "numerator": getattr(found, name)}


def _cells(share: Share) -> dict[str, object]:
    if share.is_hidden:
        return {"hidden": "yes"}
    percent = None if share.percent is None else round(share.percent, 1)
    return {"numerator": share.part, "denominator": share.whole, "percent": percent, "hidden": "no"}


def _file(columns: Sequence[str], rows: Iterable[Mapping[str, object]], name: str) -> Response:
    """For spreadsheets: UTF-8 with its mark, semicolons; a cell that could be read as a formula is text."""
    text = StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=";")
    writer.writeheader()
    writer.writerows({key: _harmless(cell) for key, cell in row.items()} for row in rows)
    answer = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@") else cell


def _codebook() -> Codebook:
    return codebook(current_app.extensions["settings"].content_path)
