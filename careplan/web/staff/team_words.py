"""Who may do what for a patient, by name or profession; and what is read from content for it."""

from collections.abc import Collection
from uuid import UUID

from flask import current_app, url_for

from careplan.actions import referrals as referral_actions
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.i18n import lang, upper_first
from careplan.library import codes as code_files
from careplan.library import professions as profession_files
from careplan.library.codes import ActionCodes
from careplan.library.professions import Professions
from careplan.models import CarePlan, Patient, Referral
from careplan.queries import referrals, rehabilitation, team
from careplan.queries.roster import Colleague, roster
from careplan.web import access
from careplan.web.staff.needs_form import OF_PROFESSION


def professions() -> Professions:
    return profession_files.professions(current_app.extensions["settings"].content_path)


def codes() -> ActionCodes:
    return code_files.action_codes(current_app.extensions["settings"].content_path)


def recorded(plan: CarePlan) -> set[str]:
    """Codes that this plan has already."""
    return {each.code for each in rehabilitation.codes_of(session(), plan.id)}


def colleagues(unit_id: UUID) -> list[Colleague]:
    return list(roster(session(), unit_id, at=access.now()).values())


def doers(patient: Patient, at_unit: Collection[Colleague]) -> dict[str, str]:
    """Who may be given an activity: the patient, first, somebody who works at the unit, or a profession."""
    return (
        {"": patient.person.given_name}
        | {str(each.id): f"{each.name}, {each.title}" for each in at_unit}
        | {f"{OF_PROFESSION}{id_}": upper_first(each.named(lang())) for id_, each in professions().professions.items()}
    )


def receivers(at_unit: Collection[Colleague]) -> dict[str, str]:
    """Where a referral may go: a profession that somebody at the unit has, or one person of it."""
    found: dict[str, str] = {}
    for id_, profession in professions().professions.items():
        of_it = [each for each in at_unit if each.profession == id_]
        if of_it:
            found[id_] = upper_first(profession.named(lang()))
            found |= {f"{id_}:{each.id}": f"{each.name}, {profession.named(lang())}" for each in of_it}
    return found


def receiver(value: str) -> tuple[str, UUID | None]:
    """Profession and person of a choice in `receivers`."""
    profession, _colon, person = value.partition(":")
    return profession, UUID(person) if person else None


def send_referral(plan: CarePlan, to: str, question: str, key: UUID | None = None) -> Referral:
    """To a choice in `receivers`, with the answers that belong to its profession."""
    db, by, at = session(), access.actor(), access.now()
    profession, practitioner_id = receiver(to)
    known = professions().professions
    return referral_actions.refer(
        db,
        plan,
        profession=profession,
        known=known,
        areas=known[profession].areas if profession in known else (),
        question=question,
        contact=team.contact_for(db, plan.patient_id, plan.unit_id, at=at),
        practitioner_id=practitioner_id,
        key=key,
        by=by,
        at=at,
    )


def back_of(patient_id: UUID) -> str:
    """Where one came from: the patient's page, or the referral that one is at work on."""
    db, by, at = session(), access.actor(), access.now()
    if by.capacity is Capacity.REHABILITATION:
        found = referrals.of_patient(db, by, patient_id, at=at)
        mine = [each for each in found if each.status == "accepted" and each.answered_by_id == by.practitioner_id]
        if mine:
            return url_for("staff.referral", referral_id=mine[0].id)
    return url_for("staff.patient", patient_id=patient_id)
