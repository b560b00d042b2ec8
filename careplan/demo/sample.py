"""The made-up patient, nurse and unit of previews."""

from pathlib import Path

import yaml

from careplan.domain.plan import ChapterState, PlanDefinition
from careplan.library.revisions import Content, render_plan

Facts = dict[str, dict[str, str]]


def sample_facts(content_path: Path) -> Facts:
    """What the placeholders stand for in a preview."""
    read: Facts = yaml.safe_load((content_path / "demo" / "sample.yaml").read_text(encoding="utf-8"))
    return read


def sample_plan(definition: PlanDefinition, facts: Facts) -> Content:
    """The whole template with every chapter shown, as a signed version of it would read."""
    shown = {chapter_id: ChapterState(shown=True) for chapter_id in definition.chapter_ids}
    return render_plan(definition, shown, greeting="", phase="", facts=facts)
