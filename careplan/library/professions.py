"""The professions that a referral may go to; read from content/professions.yaml."""

from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator

from careplan.domain.needs import AREA_IDS
from careplan.library.schema import Id, ReviewModel, SourceModel, Strict, Texts, Words


def known_areas(areas: list[str]) -> list[str]:
    for area in areas:
        if area not in AREA_IDS:
            raise ValueError(f"there is no area of need {area!r}")
    return areas


class Profession(Strict):
    """Its name as people say it, and the areas of need whose answers its referrals show."""

    name: Texts
    areas: Annotated[list[str], AfterValidator(known_areas)]

    def named(self, lang: str) -> str:
        return self.name.get(lang, self.name["sv"])


class Professions(Strict):
    owner: Words
    review: ReviewModel
    sources: list[SourceModel]
    professions: dict[Id, Profession]

    def named(self, profession: str, lang: str) -> str:
        """In words; one that has been taken out of the file is shown by its id."""
        known = self.professions.get(profession)
        return known.named(lang) if known else profession

    def of_title(self, title: str) -> str:
        """The profession whose name this title is, in any language; empty for others."""
        wanted = title.strip().casefold()
        named = (id_ for id_, each in self.professions.items() if wanted in map(str.casefold, each.name.values()))
        return next(named, "")


@cache
def professions(content_path: Path) -> Professions:
    """Read once for each process."""
    return Professions.model_validate(yaml.safe_load((content_path / "professions.yaml").read_text(encoding="utf-8")))
