"""A plan: drafted, edited, signed; what the patient may then read, and what is refused."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import plans
from careplan.domain.plan import UnknownChapter, proposed
from careplan.library import Library, UnknownPlan
from careplan.library.revisions import chapters_in, working_copy
from careplan.models import AuditEvent, CarePlan, OutboxMessage, Patient, PlanEvent, PlanRevision, QuestionnaireRequest
from careplan.queries import team
from tests.make import MONDAY, Clinic

TEMPLATE = "breast-cancer"
LATER = MONDAY + timedelta(days=2)


@pytest.fixture
def plan(db: Session, library: Library, clinic: Clinic) -> CarePlan:
    """Astrid's draft, with surgery chosen."""
    return start(db, library, clinic, treatments=["surgery"])


def start(
    db: Session, library: Library, clinic: Clinic, *, who: str = "astrid", treatments: list[str] | None = None
) -> CarePlan:
    return plans.draft(
        db,
        library,
        db.get_one(Patient, clinic.patient[who]),
        TEMPLATE,
        lang="sv",
        treatments=treatments or [],
        by=clinic.actor["karin"],
        at=MONDAY,
    )


def edit(db: Session, library: Library, plan: CarePlan, clinic: Clinic, **wanted: object) -> tuple[str, ...]:
    """Change what is named; the rest stays as it is."""
    states = working_copy(library.plan(plan.definition_id, plan.lang), plan)
    values: dict[str, object] = {
        "treatments": plan.treatments,
        "shown": {chapter_id for chapter_id, state in states.items() if state.shown},
        "notes": {},
        "greeting": plan.greeting,
        "phase": plan.phase,
    }
    return plans.edit(db, library, plan, **(values | wanted), by=clinic.actor["karin"], at=LATER)


def sign(db: Session, library: Library, plan: CarePlan, clinic: Clinic, *, at=MONDAY) -> PlanRevision:
    contact = team.contact_for(db, plan.patient_id, plan.unit_id, at=at)
    return plans.sign(db, library, plan, contact=contact, by=clinic.actor["karin"], at=at)


def states(library: Library, plan: CarePlan) -> dict[str, bool]:
    definition = library.plan(plan.definition_id, plan.lang)
    return {chapter_id: state.shown for chapter_id, state in working_copy(definition, plan).items()}


def test_a_draft_shows_what_the_template_proposes_for_the_treatments(library, plan):
    assert states(library, plan) == proposed(library.plan(TEMPLATE, "sv"), {"surgery"})
    assert plan.status == "draft" and plan.revisions == []


def test_a_patient_gets_one_plan_at_a_unit(db, library, clinic, plan):
    with pytest.raises(plans.PlanExists) as refused:
        start(db, library, clinic)
    assert refused.value.plan_id == plan.id


@pytest.mark.parametrize(
    ("template", "treatments", "error"),
    [("no-such-plan", [], UnknownPlan), (TEMPLATE, ["moonlight"], plans.UnknownTreatment)],
)
def test_an_unknown_template_or_treatment_is_refused(db, library, clinic, template, treatments, error):
    with pytest.raises(error):
        plans.draft(
            db,
            library,
            db.get_one(Patient, clinic.patient["bo"]),
            template,
            lang="sv",
            treatments=treatments,
            by=clinic.actor["karin"],
            at=MONDAY,
        )
    assert db.scalar(sa.select(sa.func.count()).select_from(CarePlan)) == 0


def test_a_new_treatment_shows_its_chapters(db, library, clinic, plan):
    definition = library.plan(TEMPLATE, "sv")
    moved = edit(db, library, plan, clinic, treatments=["surgery", "chemotherapy"])
    wanted = {ref.id for phase in definition.phases for ref in phase.chapters if ref.treatment == "chemotherapy"}
    assert set(moved) == wanted
    assert all(states(library, plan)[chapter_id] for chapter_id in wanted)


def test_what_the_nurse_ticked_counts_before_a_new_proposal(db, library, clinic, plan):
    edit(db, library, plan, clinic, treatments=["surgery", "chemotherapy"])
    shown = {chapter_id for chapter_id, is_shown in states(library, plan).items() if is_shown}
    edit(db, library, plan, clinic, shown=shown - {"hair-loss"})
    moved = edit(db, library, plan, clinic, treatments=["surgery", "radiotherapy"], shown=shown)
    assert "hair-loss" not in moved and states(library, plan)["hair-loss"]
    assert "nausea" in moved and not states(library, plan)["nausea"]


def test_a_change_of_chapters_alone_makes_the_open_page_of_another_nurse_old(db, library, clinic, plan):
    seen = plan.version
    edit(db, library, plan, clinic, shown={"sleep"})
    assert plan.version == seen + 1
    with pytest.raises(plans.PlanChanged):
        edit(db, library, plan, clinic, greeting="Hej", version=seen)
    assert plan.greeting == ""


def test_saving_what_is_already_so_changes_and_logs_nothing(db, library, clinic, plan):
    seen, logged = plan.version, db.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
    edit(db, library, plan, clinic)
    assert plan.version == seen
    assert db.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == logged


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"treatments": ["moonlight"]}, plans.UnknownTreatment),
        ({"shown": {"no-such-chapter"}}, UnknownChapter),
        ({"notes": {"no-such-chapter": "Hej"}}, UnknownChapter),
        ({"phase": "no-such-phase"}, plans.UnknownPhase),
    ],
)
def test_what_the_template_does_not_have_is_refused(db, library, clinic, plan, wanted, error):
    with pytest.raises(error):
        edit(db, library, plan, clinic, **wanted)


def test_the_signed_version_holds_the_shown_chapters_with_notes_and_facts(db, library, clinic, plan):
    edit(
        db,
        library,
        plan,
        clinic,
        shown={"sleep", "your-appointments"},
        notes={"sleep": "Ring mig om natten är svår."},
        greeting="Hej Astrid.",
        phase="surgery",
    )
    content = sign(db, library, plan, clinic).content
    chapters = {chapter["id"]: chapter for chapter in chapters_in(content)}
    assert set(chapters) == {"sleep", "your-appointments"}
    assert chapters["sleep"]["note"] == "Ring mig om natten är svår."
    assert "Karin" in "".join(section["html"] for section in chapters["your-appointments"]["sections"])
    assert "{{" not in str(content)
    assert (content["greeting"], content["phase"]) == ("Hej Astrid.", "surgery")
    assert [phase["id"] for phase in content["phases"]] == ["surgery", "rehabilitation"]


def test_the_first_signing_starts_the_plan_asks_for_its_forms_and_tells_the_patient(db, library, clinic, plan):
    sign(db, library, plan, clinic)
    assert plan.status == "active"
    assert db.scalars(sa.select(PlanEvent.kind)).all() == ["plan-start"]
    asked = db.scalars(sa.select(QuestionnaireRequest.questionnaire_id)).all()
    entries = library.plan(TEMPLATE, "sv").schedule
    assert asked == [entry.questionnaire for entry in entries if entry.event == "plan-start"]
    assert "plan-signed" in db.scalars(sa.select(OutboxMessage.template)).all()
    assert "sign-plan" in db.scalars(sa.select(AuditEvent.action)).all()


def test_a_new_version_says_what_changed_and_leaves_the_old_one_as_it_was(db, library, clinic, plan):
    first = sign(db, library, plan, clinic)
    before = dict(first.content)
    shown = {chapter_id for chapter_id, is_shown in states(library, plan).items() if is_shown}
    edit(
        db,
        library,
        plan,
        clinic,
        shown=(shown - {"sleep"}) | {"nausea"},
        notes={"fatigue": "Vila efter lunch."},
        greeting="Hej.",
        phase="treatment",
    )
    second = sign(db, library, plan, clinic, at=LATER)
    titles = library.plan(TEMPLATE, "sv").chapters
    assert second.number == 2
    assert second.changes == [
        "Hälsning tillagd",
        f"Kapitel tillagt: {titles['nausea'].title}",
        f"Ny anteckning i {titles['fatigue'].title}",
        f"Kapitel borttaget: {titles['sleep'].title}",
        "Ny plats i planen: Läkemedel och strålning",
    ]
    changed = {chapter["id"]: chapter["changed"] for chapter in chapters_in(second.content) if chapter["changed"]}
    assert changed == {
        "nausea": {"what": "new", "on": "2026-11-18"},
        "fatigue": {"what": "note", "on": "2026-11-18"},
    }
    db.refresh(first)
    assert first.content == before


def test_a_mark_of_change_stays_with_its_day_in_later_versions(db, library, clinic, plan):
    sign(db, library, plan, clinic)
    edit(db, library, plan, clinic, notes={"fatigue": "Vila efter lunch."})
    sign(db, library, plan, clinic, at=LATER)
    edit(db, library, plan, clinic, greeting="Hej.")
    third = sign(db, library, plan, clinic, at=LATER + timedelta(days=7))
    fatigue = next(chapter for chapter in chapters_in(third.content) if chapter["id"] == "fatigue")
    assert fatigue["changed"] == {"what": "note", "on": "2026-11-18"}


def test_signing_twice_without_a_change_gives_the_same_version(db, library, clinic, plan):
    first = sign(db, library, plan, clinic)
    assert sign(db, library, plan, clinic, at=LATER).id == first.id
    assert db.scalars(sa.select(OutboxMessage.template)).all().count("plan-signed") == 1


def test_a_plan_without_a_chapter_is_not_signed(db, library, clinic, plan):
    edit(db, library, plan, clinic, shown=set())
    with pytest.raises(plans.NothingShown):
        sign(db, library, plan, clinic)
    assert plan.status == "draft"


def test_an_event_of_a_signed_plan_asks_for_the_forms_that_hang_on_it(db, library, clinic, plan):
    sign(db, library, plan, clinic)
    entry = next(entry for entry in library.plan(TEMPLATE, "sv").schedule if entry.event == "treatment-start")
    on = MONDAY.date() - timedelta(days=entry.after_days)
    event = plans.record_event(
        db,
        library,
        plan,
        kind="treatment-start",
        on=on,
        title="cytostatika",
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    assert (event.on, event.title) == (on, "cytostatika")
    asked = db.scalars(sa.select(QuestionnaireRequest.questionnaire_id)).all()
    assert entry.questionnaire in asked


def test_an_event_of_a_draft_asks_for_nothing_yet(db, library, clinic, plan):
    plans.record_event(
        db,
        library,
        plan,
        kind="treatment-end",
        on=date(2026, 11, 10),
        title="",
        by=clinic.actor["karin"],
        at=MONDAY,
    )
    assert db.scalar(sa.select(sa.func.count()).select_from(QuestionnaireRequest)) == 0


@pytest.mark.parametrize("kind", ["plan-start", "wedding"])
def test_only_known_events_are_recorded_by_hand(db, library, clinic, plan, kind):
    with pytest.raises(plans.UnknownEvent):
        plans.record_event(
            db, library, plan, kind=kind, on=MONDAY.date(), title="", by=clinic.actor["karin"], at=MONDAY
        )


def test_an_appointment_is_in_the_future_and_can_be_cancelled_once(db, clinic, plan):
    by = clinic.actor["karin"]
    words = {"title": "Besök", "place": "Plan 3", "preparation": ""}
    with pytest.raises(plans.AppointmentInThePast):
        plans.add_appointment(db, plan, starts_at=MONDAY, **words, by=by, at=MONDAY)
    booked = plans.add_appointment(db, plan, starts_at=LATER, **words, by=by, at=MONDAY)
    plans.cancel_appointment(db, plan, booked, by=by, at=MONDAY)
    plans.cancel_appointment(db, plan, booked, by=by, at=LATER)
    assert booked.cancelled_at == MONDAY
    assert db.scalars(sa.select(AuditEvent.action)).all().count("cancel-appointment") == 1
