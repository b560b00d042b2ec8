"""How it has gone with each activity: how often lately, and each time that it did not work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from careplan.domain.own import ReportResult
from careplan.i18n import local
from careplan.models import ActivityReport

LATELY = timedelta(days=7)
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Told:
    """`did_not_work` the newest first; `latest` is the newest report of all."""

    done: int
    lately: int
    last_done_on: date | None
    did_not_work: tuple[ActivityReport, ...]
    latest: ActivityReport


def told(reports: Mapping[UUID, Iterable[ActivityReport]], at: datetime) -> dict[UUID, Told]:
    """By activity, for those with any report; the reports come the newest first."""
    today = local(at).date()
    return {activity_id: _told(list(found), today) for activity_id, found in reports.items()}


def _told(found: list[ActivityReport], today: date) -> Told:
    done = [each.on for each in found if each.result is ReportResult.DONE]
    return Told(
        done=len(done),
        lately=sum(on > today - LATELY for on in done),
        last_done_on=max(done, default=None),
        did_not_work=tuple(each for each in found if each.result is ReportResult.NOT_WORKING)[:MOST_SHOWN],
        latest=found[0],
    )
