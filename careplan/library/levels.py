"""How the region describes the levels of need; read from content/need-levels.yaml."""

from functools import cache
from pathlib import Path

import yaml

from careplan.domain.needs import NeedLevel
from careplan.library.schema import ReviewModel, SourceModel, Strict, Texts, Words


class LevelTexts(Strict):
    """What stands in the file: one text for each level, whose it is and whether anybody has reviewed it."""

    owner: Words
    review: ReviewModel
    sources: list[SourceModel]
    levels: dict[NeedLevel, Texts]


@cache
def level_texts(content_path: Path) -> LevelTexts:
    """Read once for each process."""
    return LevelTexts.model_validate(yaml.safe_load((content_path / "need-levels.yaml").read_text(encoding="utf-8")))
