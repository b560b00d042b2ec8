"""Where an editor works, for the tests of what becomes of a file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careplan.fhir.drafts import as_yaml, read_draft
from tests.cli.command import Run, careplan
from tests.fhir.forms import Json


@dataclass
class Office:
    """Where an editor works: a content directory, and the database of the service."""

    content: Path
    url: str
    inbox: Path

    def run(self, command: str, *arguments: object) -> Run:
        given = [str(each) for each in arguments]
        environment = {"CAREPLAN_DEMO": "1", "CAREPLAN_DATABASE_URL": self.url}
        return careplan("questionnaire", "--content", str(self.content), command, *given, **environment)

    def file(self, name: str, text: str) -> Path:
        path = self.inbox / name
        path.write_text(text, encoding="utf-8")
        return path

    def edit(self, **changes: Any) -> Json:
        """What only people can say, written into the draft."""
        path = self.content / "drafts" / "walks.yaml"
        draft = read_draft(path)
        for each in draft["items"]:
            each["short"] = each["text"]
        draft |= {
            "purpose": {"sv": "Vi frågar om hur du går."},
            "recall_period": {"sv": "i dag"},
            "minutes": 1,
            "owner": "Vårdprocessgruppen (förslag)",
            "licence": {"kind": "own", "note": ""},
        }
        path.write_text(as_yaml(draft | changes), encoding="utf-8")
        return draft

    @property
    def published(self) -> Path:
        return self.content / "questionnaires" / "walks.yaml"
