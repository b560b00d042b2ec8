"""careplan questionnaire export-response: what was answered, as FHIR."""

from datetime import UTC, datetime
from uuid import UUID

import click

from careplan.actions import audit
from careplan.actions.content import stored_text
from careplan.cli.opened import sessions
from careplan.config import Settings
from careplan.fhir.questionnaire_out import BASE
from careplan.fhir.responses_out import response_bundle
from careplan.fhir.wire import write_json
from careplan.jobs import SYSTEM
from careplan.models import QuestionnaireResponse


@click.command()
@click.argument("response_id", metavar="ID", type=click.UUID)
@click.option("--base", help="the address that the region has for this service's FHIR resources")
def export_response(response_id: UUID, *, base: str | None) -> None:
    """Print a response that was sent, and its scores: a Bundle of a QuestionnaireResponse and Observations, in R4.

    ID is the response's. That it was read out stands in the patient's log.
    """
    with sessions(Settings()) as made, made.begin() as db:
        response = db.get(QuestionnaireResponse, response_id)
        if response is None:
            raise click.ClickException(f"there is no response '{response_id}'")
        bundle = response_bundle(response, lambda wanted: stored_text(db, wanted), base=(base or BASE).rstrip("/"))
        audit.record(
            db,
            "export-response",
            by=SYSTEM,
            at=datetime.now(UTC),
            patient_id=response.patient_id,
            object_type="response",
            object_id=response.id,
        )
    click.echo(write_json(bundle))
