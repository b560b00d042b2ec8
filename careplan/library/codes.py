"""The action codes that the region has configured; read from content/action-codes.yaml."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, StringConstraints

from careplan.library.schema import Strict, Texts, Words

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[0-9]{3}[A-Z]?$")]
Occasion = Annotated[
    str, StringConstraints(pattern=r"^(needs-assessment|rehabilitation-plan|activity:[a-z]+(-[a-z]+)*)$")
]
ASSESSMENT, PLAN = "needs-assessment", "rehabilitation-plan"


class ActionCode(Strict):
    """A code, its text, where it comes from, and on what occasions it is proposed."""

    code: Code
    text: Texts
    source: Words
    status: Literal["verified", "unverified"]
    propose: list[Occasion]

    def named(self, lang: str) -> str:
        return self.text.get(lang, self.text["sv"])


def _once(codes: list[ActionCode]) -> list[ActionCode]:
    seen = [each.code for each in codes]
    for code in seen:
        if seen.count(code) > 1:
            raise ValueError(f"{code} stands there twice")
    return codes


class ActionCodes(Strict):
    owner: Words
    codes: Annotated[list[ActionCode], AfterValidator(_once)]

    @property
    def texts(self) -> dict[str, str]:
        """Code -> Swedish text, as it is recorded."""
        return {each.code: each.text["sv"] for each in self.codes}

    def proposed(self, occasion: str) -> list[ActionCode]:
        return [each for each in self.codes if occasion in each.propose]


@cache
def action_codes(content_path: Path) -> ActionCodes:
    """Read once for each process."""
    return ActionCodes.model_validate(yaml.safe_load((content_path / "action-codes.yaml").read_text(encoding="utf-8")))
