"""From a file of somebody else's to a form that plans and nurses can ask with; until then blocked, with the reason."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from careplan.actions import content, plans, questionnaires, responses
from careplan.domain.answers import answered
from careplan.domain.scoring import compute
from careplan.fhir.drafts import as_yaml, read_draft
from careplan.library import ContentErrors, Library, compile_questionnaire
from careplan.models import AuditEvent, ContentVersion, Patient, QuestionnaireRequest
from tests import stories
from tests.cli.command import Run
from tests.content import bound, files
from tests.fhir.forms import Json, choice, group, item, limits, questionnaire
from tests.fhir.office import Office
from tests.make import MONDAY, Clinic

REGISTERED = files.changed(bound.KEY, "{kind: free,", "{kind: registration,")
CODES = ("never", "now", "often", "always")
MAP = """\
key: two
items: {Steps 1: a, stairs: b}
answers: {stairs: {never: 1, now: 2, often: 3, always: 4}}
reviewed: {by: Edith Ek, on: 2026-11-20}
"""
GOLDEN = [
    {"name": "both", "answers": {"steps-1": 1, "stairs": "always"}, "scores": {"Total": 4}},
    {"name": "one", "answers": {"steps-1": 3}, "scores": {"Total": None}},
]


def walks() -> Json:
    unknown = {"url": "http://example.org/unknown", "valueDecimal": 1.5}
    steps = item("Steps 1", extension=[*limits(0, 3), unknown])
    return questionnaire(group("g", steps, choice("stairs", *CODES)), version="1")


def imported(office: Office, *arguments: object) -> Run:
    return office.run("import", *arguments, office.file("walks.json", json.dumps(walks())))


def test_an_imported_form_is_blocked_until_somebody_has_said_all_that_a_file_cannot(
    office: Office, db: Session
) -> None:
    assert imported(office).code == 0
    blocked = office.run("publish", "walks")
    assert blocked.code == 1
    assert blocked.err.startswith("careplan: 'walks' is not published: ") and blocked.err.count("\n") == 1
    assert "to do before it is published: the scoring is not declared" in blocked.out
    assert not office.published.exists()
    office.edit()
    assert office.run("declare", "walks", "--none", "--by", "Edith Ek", "--on", "2026-11-20").code == 0
    assert office.run("publish", "walks").code == 0
    assert office.published.exists() and not (office.content / "drafts" / "walks.yaml").exists()
    form = Library.load(office.content).questionnaire("walks")
    stored = db.scalars(sa.select(ContentVersion).where(ContentVersion.content_id == "walks")).one()
    assert (stored.hash, compile_questionnaire(stored.text, "stored").items) == (form.hash, form.items)
    assert "by: Edith Ek" in stored.text and "2026-11-20" in stored.text
    event = db.scalars(sa.select(AuditEvent).where(AuditEvent.action == "publish-questionnaire")).one()
    assert event.object_id == "walks"


def test_a_draft_that_is_put_among_the_published_forms_by_hand_does_not_load(office: Office) -> None:
    imported(office)
    draft = office.edit()
    for changes in (
        {},
        {"licence": {"kind": "imported"}, "scoring": {"status": "none", "by": "E", "on": "2026-11-20"}},
    ):
        moved = {key: part for key, part in (draft | changes).items() if changes or key != "scoring"}
        office.published.write_text(as_yaml(moved), encoding="utf-8")
        with pytest.raises(ContentErrors, match="a draft still"):
            Library.load(office.content)


def test_golden_cases_must_pass_before_a_form_with_scores_of_its_own_is_published(office: Office) -> None:
    imported(office)
    score = {"id": "walking", "title": {"sv": "Gång"}, "items": ["steps-1"], "method": "sum", "at_least": 1}
    score |= {"range": [0, 3], "higher_means": "better", "source": "own"}
    right = [{"name": "3", "answers": {"steps-1": 3}, "scores": {"walking": 3}}]
    right.append({"name": "none", "answers": {}, "scores": {"walking": None}})
    office.edit(scores=[score], golden=[right[0] | {"scores": {"walking": 2}}, right[1]])
    assert "golden case '3': score walking expected 2" in office.run("declare", "walks", "--own", "--by", "Edith").out
    assert office.run("publish", "walks").code == 1
    office.edit(scores=[score], golden=right)
    assert office.run("publish", "walks").code == 0


def test_a_reviewed_map_binds_an_import_to_a_key_and_declares_its_scoring(office: Office) -> None:
    ran = imported(office, "--map", office.file("map.yaml", MAP))
    assert ran.code == 0 and "the scoring is not declared" not in ran.out
    assert ran.out.rstrip().endswith("items: 3 mapped, 0 kept, 0 refused")
    draft = office.edit(golden=GOLDEN)
    assert draft["instrument"]["items"] == {"steps-1": "a", "stairs": "b"}
    ran = office.run("publish", "walks")
    assert (ran.code, ran.err) == (0, "")
    form = Library.load(office.content).questionnaire("walks")
    assert compute(form, {"steps-1": answered(3), "stairs": answered("now")}) == {"Total": 4}
    *_, score = json.loads(office.run("export", "walks").out)["item"]
    assert (score["linkId"], score["readOnly"], "iif(" in json.dumps(score)) == ("Total", True, True)


def test_a_map_that_nobody_has_reviewed_declares_nothing(office: Office) -> None:
    ran = imported(office, "--map", office.file("map.yaml", MAP.split("reviewed")[0]))
    assert "nobody has reviewed the map" in ran.out and "the scoring is not declared" in ran.out
    office.edit(golden=GOLDEN)
    assert office.run("publish", "walks").code == 1
    again = office.run("declare", "walks", "--map", office.file("map.yaml", MAP))
    assert again.out.splitlines() == [f"draft: {office.content / 'drafts' / 'walks.yaml'}"]
    assert office.run("publish", "walks").code == 0


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("key: two", "key: three", 1, "there is no scoring key 'three'"),
        ("stairs: b", "floors: b", 2, "'floors' is no item of the form that is asked"),
        ("stairs: b", "stairs: z", 2, "the key 'two' has no item 'z'"),
        ("{stairs: {", "{floors: {", 3, "'floors' stands in 'answers' and not in 'items'"),
        ("never: 1", "rarely: 1", 3, "'stairs' has no option 'rarely'"),
        ("by: Edith Ek, ", "", 4, "the key 'by' is missing"),
        ("key: two", "- two", 1, "broken YAML"),
    ],
)
def test_a_fault_in_a_map_is_told_with_its_line_and_nothing_is_written(
    office: Office, old: str, new: str, line: int, reason: str
) -> None:
    file = office.file("map.yaml", files.changed(MAP, old, new))
    ran = imported(office, "--map", file)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert f"{file}:{line}" in ran.err if reason != "broken YAML" else str(file) in ran.err
    assert reason in ran.err
    assert not (office.content / "drafts").exists()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("never: 1, ", "", "'answers' does not say what the option 'never' is in the key"),
        ("never: 1", "never: 7", "the key knows no answer '7', only 1, 2, 3, 4"),
        ("never: 1", "never: 2", "'stairs' does not have the answers of the key's item 'b'"),
        ("stairs: b}", "stairs: c}", "no question answers the key's item 'b'"),
    ],
)
def test_a_map_whose_answers_are_not_those_of_the_key_keeps_the_form_back(
    office: Office, old: str, new: str, reason: str
) -> None:
    imported(office, "--map", office.file("map.yaml", files.changed(MAP, old, new)))
    office.edit(golden=GOLDEN)
    ran = office.run("publish", "walks")
    assert ran.code == 1 and reason in ran.out


def test_a_form_bound_to_a_licensed_instrument_is_published_once_a_unit_has_recorded_its_licence(
    office: Office, db: Session, clinic: Clinic
) -> None:
    bound.content(office.content, key=REGISTERED)
    imported(office, "--map", office.file("map.yaml", MAP))
    office.edit(golden=GOLDEN)
    blocked = office.run("publish", "walks")
    assert blocked.err == (
        "careplan: no unit has recorded a licence for Two; its manager does so on the page Licenser\n"
    )
    stored = sa.select(sa.func.count()).where(ContentVersion.content_id == "walks")
    assert (office.published.exists(), db.scalar(stored)) == (False, 0)
    db.rollback()
    licence = {"instrument_id": "two", "holder": "Region Norrsken", "reference": "Dnr 12/2026"}
    questionnaires.record_licence(
        db, Library.load(office.content), unit_id=clinic.unit.id, by=clinic.actor["mia"], at=MONDAY, **licence
    )
    db.commit()
    assert office.run("publish", "walks").code == 0
    assert db.scalar(stored) == 1


def test_a_key_whose_holder_claims_the_scoring_is_bound_by_an_agreement_only(office: Office) -> None:
    claimed = files.changed(bound.KEY, "source: made up, ver", "claims_scoring: true, source: made up, ver")
    unbound = files.changed(bound.BOUND, "{key: two,", "{key: two, agreement: Dnr 12/2026,")
    bound.content(office.content, unbound, claimed)
    ran = imported(office, "--map", office.file("map.yaml", MAP))
    assert ran.code == 1 and "'agreement' says where its use is allowed" in ran.err
    agreed = office.file("map.yaml", MAP + "agreement: Dnr 12/2026\n")
    assert imported(office, "--map", agreed).code == 0
    office.edit(golden=GOLDEN)
    assert "no unit has recorded a licence" in office.run("publish", "walks").err


def test_a_published_import_is_ordered_by_a_schedule_and_by_a_nurse(
    office: Office, db: Session, clinic: Clinic
) -> None:
    imported(office)
    office.edit()
    office.run("declare", "walks", "--none", "--by", "Edith Ek")
    assert office.run("publish", "walks").code == 0
    template = office.content / "plans" / "general.sv.md"
    template.write_text(files.changed(files.PLAN, "questionnaire: short", "questionnaire: walks"), encoding="utf-8")
    library, by = Library.load(office.content), clinic.actor["karin"]
    content.publish(db, library, at=MONDAY)  # as a start of the service does
    patient = db.get_one(Patient, clinic.patient["astrid"])
    plan = plans.draft(db, library, patient, "general", lang="sv", treatments=(), by=by, at=MONDAY)
    plans.sign(db, library, plan, contact=stories.contact(db, clinic, "astrid"), by=by, at=MONDAY)
    responses.request(
        db,
        library,
        patient_id=clinic.patient["bo"],
        unit_id=clinic.unit.id,
        questionnaire_id="walks",
        opens_at=MONDAY,
        due_at=MONDAY,
        closes_at=MONDAY,
        by=by,
        at=MONDAY,
    )
    db.flush()
    asked = db.scalars(sa.select(QuestionnaireRequest.content_hash))
    assert set(asked) == {library.questionnaire("walks").hash}


def test_what_came_in_a_file_still_comes_out_when_it_is_published(office: Office) -> None:
    imported(office)
    office.edit()
    office.run("declare", "walks", "--none", "--by", "Edith Ek")
    office.run("publish", "walks")
    ran = office.run("export", "walks")
    assert '{"url":"http://example.org/unknown","valueDecimal":1.5}' in ran.out
    assert [each["linkId"] for each in json.loads(ran.out)["item"][0]["item"]] == ["Steps 1", "stairs"]


def test_a_form_is_published_over_an_earlier_one_only_as_a_new_version(office: Office) -> None:
    for version, replace, code, said in (
        ("1", (), 0, "walks 1 is published"),
        ("2", (), 1, "is published already; --replace"),
        ("1", ("--replace",), 1, "version 1 is published already"),
        ("2", ("--replace",), 0, "walks 2 is published"),
    ):
        imported(office, "--replace")
        office.edit(version=version)
        office.run("declare", "walks", "--none", "--by", "Edith Ek")
        ran = office.run("publish", "walks", *replace)
        assert (ran.code, said in ran.out + ran.err) == (code, True), ran


def test_a_database_that_is_not_there_leaves_everything_as_it_was(office: Office, tmp_path: Path) -> None:
    imported(office)
    office.edit()
    office.run("declare", "walks", "--none", "--by", "Edith Ek")
    office.url = f"sqlite:///{tmp_path}/empty.db"
    assert office.run("publish", "walks").code == 1
    assert (office.published.exists(), (office.content / "drafts" / "walks.yaml").exists()) == (False, True)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["declare", "walks", "--none"], "--by says who"),
        (["declare", "walks", "--none", "--by", " "], "--by says who"),
        (["declare", "walks", "--by", "Edith"], "say one of --none, --own and --map"),
        (["declare", "nobody", "--none", "--by", "Edith"], "there is no draft 'nobody'"),
        (["declare", "../walks", "--none", "--by", "Edith"], None),
        (["publish", "nobody"], "there is no draft 'nobody'"),
    ],
)
def test_what_is_not_said_or_not_there_is_one_line(office: Office, arguments: list[str], reason: str | None) -> None:
    imported(office)
    ran = office.run(*arguments)
    if reason is None:
        assert ran.code == 0
    else:
        assert ran.code != 0 and reason in ran.err and ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("old", "new", "passage", "reason"),
    [
        ("type: choice", "type: choose", "type: choose", "'type'"),
        ("link_id: stairs", "link_id: steps-1", "", "the id 'steps-1' stands twice among items and groups"),
        ("value: never", "value: ''", "value: ''", "'value'"),
        ("status: undeclared", "status: maybe", "status: maybe", "'status'"),
        ("text:\n    sv: Hur är det med stairs", "text:\n  - Hur är det med stairs", "text:\n  - Hur", "'text'"),
    ],
)
def test_a_fault_that_an_editor_has_made_is_told_with_its_line(
    office: Office, old: str, new: str, passage: str, reason: str
) -> None:
    imported(office)
    path = office.content / "drafts" / "walks.yaml"
    text = files.changed(path.read_text(encoding="utf-8"), old, new)
    path.write_text(text, encoding="utf-8")
    ran = office.run("export", "walks")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert f"{path}:{files.line_of(text, passage)}" in ran.err and reason in ran.err


def test_what_a_form_kept_of_its_file_is_not_edited(office: Office) -> None:
    imported(office)
    path = office.content / "drafts" / "walks.yaml"
    path.write_text(files.changed(path.read_text(encoding="utf-8"), '"valueDecimal":1.5', '"valueDecimal":2'))
    assert "what 'walks' kept of its file was edited: import the file anew" in office.run("export", "walks").err


@pytest.mark.parametrize("cut", ["items", "sections", "languages"])
def test_a_draft_that_an_editor_has_broken_is_told_with_its_file_and_line(office: Office, cut: str) -> None:
    imported(office)
    path = office.content / "drafts" / "walks.yaml"
    path.write_text(as_yaml({key: part for key, part in read_draft(path).items() if key != cut}), encoding="utf-8")
    for command in ("publish", "export"):
        ran = office.run(command, "walks")
        assert (ran.code, ran.err) == (1, f"careplan: {path}:1: the key '{cut}' is missing\n")
