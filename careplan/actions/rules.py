"""A unit's own rules for a form: written, tried on its own answers, proposed, and put in force by a second person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import audit
from careplan.domain.errors import CareplanError
from careplan.domain.identity import Actor
from careplan.domain.questionnaire import Questionnaire
from careplan.library.unit_rules import compile_rules, nodes_of
from careplan.models import RuleTrial, RuleVersion
from careplan.models.rules import WAITING


class RulesChanged(CareplanError):
    """Somebody saved, proposed or decided since the page was opened."""


class NotTried(CareplanError):
    """A proposal says what it would have done, as it stands."""


class OwnProposal(CareplanError):
    """Who wrote a version does not decide on it."""


class MissingAnswer(CareplanError):
    """A proposal is made, and returned, with a reason."""


def open_draft(db: Session, form: Questionnaire, *, by: Actor, at: datetime) -> RuleVersion:
    """The unit's draft for this form; a new one starts from the rules that count now. `form` has those."""
    draft = db.scalar(
        sa.select(RuleVersion).where(
            RuleVersion.unit_id == by.unit_id,
            RuleVersion.questionnaire_id == form.id,
            RuleVersion.status.in_(("draft", "proposed")),
        )
    )
    if draft is not None:
        return draft
    last = db.scalar(
        sa.select(sa.func.max(RuleVersion.number)).where(
            RuleVersion.unit_id == by.unit_id, RuleVersion.questionnaire_id == form.id
        )
    )
    draft = RuleVersion(
        unit_id=by.unit_id,
        questionnaire_id=form.id,
        number=(last or 0) + 1,
        status="draft",
        rules=nodes_of(form.rules),
        written_by_id=by.practitioner_id,
        written_at=at,
    )
    db.add(draft)
    db.flush()
    _record(db, "write-rules", draft, by=by, at=at)
    return draft


def save(
    db: Session,
    draft: RuleVersion,
    form: Questionnaire,
    nodes: Sequence[Mapping[str, Any]],
    *,
    seen: int,
    by: Actor,
    at: datetime,
) -> None:
    """Raises library.unit_rules.InvalidRules, and RulesChanged where the draft is not the one that was `seen`."""
    _check(draft, "draft", seen)
    compile_rules(form, nodes)
    if [dict(node) for node in nodes] == draft.rules:
        return
    draft.rules = [dict(node) for node in nodes]
    draft.written_by_id, draft.written_at = _practitioner(by), at
    db.flush()
    _record(db, "write-rules", draft, by=by, at=at)


def drop(db: Session, draft: RuleVersion, *, seen: int, by: Actor, at: datetime) -> None:
    """Leave a draft; it stays in the database."""
    _check(draft, "draft", seen)
    draft.status = "dropped"
    draft.decided_by_id, draft.decided_at = by.practitioner_id, at
    db.flush()
    _record(db, "drop-rules", draft, by=by, at=at)


def try_out(db: Session, draft: RuleVersion, *, by: Actor, at: datetime) -> RuleTrial:
    """Ask for a trial of the draft as it stands. One that is waiting or done for the same rules is that trial."""
    for trial in reversed(draft.trials):
        if trial.rules == draft.rules and trial.status != "failed":
            return trial
    trial = RuleTrial(
        rule_version_id=draft.id, asked_by_id=by.practitioner_id, asked_at=at, rules=draft.rules, status=WAITING[0]
    )
    draft.trials.append(trial)
    db.flush()
    _record(db, "try-rules", draft, by=by, at=at)
    return trial


def tried(draft: RuleVersion) -> RuleTrial | None:
    """The finished trial of the rules as they stand now."""
    done = (trial for trial in draft.trials if trial.status == "completed" and trial.rules == draft.rules)
    return next(done, None)


def propose(db: Session, draft: RuleVersion, *, reason: str, seen: int, by: Actor, at: datetime) -> None:
    _check(draft, "draft", seen)
    if tried(draft) is None:
        raise NotTried
    if not reason.strip():
        raise MissingAnswer
    draft.status, draft.reason, draft.proposed_at = "proposed", reason.strip(), at
    draft.written_by_id = _practitioner(by)
    db.flush()
    _record(db, "propose-rules", draft, by=by, at=at)


def approve(db: Session, proposal: RuleVersion, form: Questionnaire, *, seen: int, by: Actor, at: datetime) -> None:
    """From now on these rules count for what is sent; what was sent before keeps its flags.

    Raises library.unit_rules.InvalidRules where the form has changed since they were proposed.
    """
    _decide(db, proposal, seen, by)
    compile_rules(form, proposal.rules)
    standing = db.scalar(
        sa.select(RuleVersion).where(
            RuleVersion.unit_id == proposal.unit_id,
            RuleVersion.questionnaire_id == proposal.questionnaire_id,
            RuleVersion.status == "active",
        )
    )
    if standing is not None:
        standing.status = "retired"
        db.flush()  # one active version at a time, for each unit and form
    proposal.status, proposal.decided_by_id, proposal.decided_at = "active", by.practitioner_id, at
    db.flush()
    _record(db, "approve-rules", proposal, by=by, at=at)


def give_back(db: Session, proposal: RuleVersion, *, answer: str, seen: int, by: Actor, at: datetime) -> None:
    """To its writer, with a reason; it can be changed and proposed again."""
    _decide(db, proposal, seen, by)
    if not answer.strip():
        raise MissingAnswer
    proposal.status, proposal.answer = "draft", answer.strip()
    db.flush()
    _record(db, "return-rules", proposal, by=by, at=at)


def retire(db: Session, standing: RuleVersion, *, seen: int, by: Actor, at: datetime) -> None:
    """Back to the rules that the form came with, in one step: they are the ones that its owner stands for."""
    _check(standing, "active", seen)
    standing.status = "retired"
    db.flush()
    _record(db, "retire-rules", standing, by=by, at=at)


def _decide(db: Session, proposal: RuleVersion, seen: int, by: Actor) -> None:
    db.refresh(proposal, with_for_update={"of": RuleVersion})
    _check(proposal, "proposed", seen)
    if proposal.written_by_id == by.practitioner_id:
        raise OwnProposal


def _check(version: RuleVersion, status: str, seen: int) -> None:
    if version.status != status or version.version != seen:
        raise RulesChanged


def _practitioner(by: Actor) -> UUID:
    if by.practitioner_id is None:
        raise PermissionError("only staff write rules")
    return by.practitioner_id


def _record(db: Session, action: str, version: RuleVersion, *, by: Actor, at: datetime) -> None:
    audit.record(db, action, by=by, at=at, object_type="rules", object_id=version.id)
