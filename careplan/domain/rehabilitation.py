"""The signed rehabilitation plan: what a version holds, and what differs between two of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Content = Mapping[str, Any]


class Reply(StrEnum):
    """What the patient says to a version."""

    APPROVED = "approved"
    CHANGE_WANTED = "change-wanted"


class ChangeKind(StrEnum):
    SUMMARY = "summary"
    GOAL_ADDED = "goal-added"
    GOAL_CHANGED = "goal-changed"
    GOAL_CLOSED = "goal-closed"
    REVIEW_MOVED = "review-moved"
    NEXT_STEP = "next-step"
    ACTIVITY_ADDED = "activity-added"
    ACTIVITY_REMOVED = "activity-removed"
    EPISODE_ENDED = "episode-ended"


@dataclass(frozen=True, slots=True)
class Change:
    """What changed, in which goal or activity; `before` and `after` where it is a text or a day that did."""

    kind: ChangeKind
    what: str = ""
    before: str = ""
    after: str = ""


EMPTY: Content = {"summary": "", "goals": [], "closed": [], "referrals": []}


def changes(before: Content, after: Content) -> list[Change]:
    """In the order of the page: the summary, goal by goal, goals that ended, and what came of referrals."""
    found = []
    if before["summary"] != after["summary"]:
        found.append(Change(ChangeKind.SUMMARY, "", before["summary"], after["summary"]))
    old = {goal["id"]: goal for goal in before["goals"]}
    for goal in after["goals"]:
        if goal["id"] in old:
            found += _in_goal(old[goal["id"]], goal)
        else:
            found.append(Change(ChangeKind.GOAL_ADDED, goal["text"]))
    ended = {goal["id"] for goal in before["closed"]}
    found += [
        Change(ChangeKind.GOAL_CLOSED, goal["text"], "", goal["outcome"] or "")
        for goal in after["closed"]
        if goal["id"] not in ended
    ]
    said = {each["id"] for each in before["referrals"]}
    found += [
        Change(ChangeKind.EPISODE_ENDED, each["profession"], "", each["summary"])
        for each in after["referrals"]
        if each["id"] not in said
    ]
    return found


def _in_goal(old: Content, new: Content) -> list[Change]:
    found, name = [], new["text"]
    if (old["text"], old["measure"]) != (new["text"], new["measure"]):
        found.append(Change(ChangeKind.GOAL_CHANGED, name, old["text"], new["text"]))
    if old["review_on"] != new["review_on"]:
        found.append(Change(ChangeKind.REVIEW_MOVED, name, old["review_on"], new["review_on"]))
    if old["next_step"] != new["next_step"] and new["next_step"]:
        found.append(Change(ChangeKind.NEXT_STEP, name, old["next_step"], new["next_step"]))
    was, now = ({each["id"]: each for each in goal["activities"]} for goal in (old, new))
    found += [Change(ChangeKind.ACTIVITY_ADDED, each["text"]) for id_, each in now.items() if id_ not in was]
    found += [Change(ChangeKind.ACTIVITY_REMOVED, each["text"]) for id_, each in was.items() if id_ not in now]
    return found
