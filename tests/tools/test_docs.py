"""The pages for those who run careplan say what there is."""

import re
from pathlib import Path

from careplan.config import Settings

ROOT = Path(__file__).parents[2]


def test_each_setting_is_documented_and_each_documented_setting_exists():
    documented = re.findall(r"(?m)^\| `(CAREPLAN_\w+)` ", (ROOT / "docs/deployment.md").read_text())
    assert sorted(documented) == sorted(f"CAREPLAN_{name.upper()}" for name in Settings.model_fields)


def test_each_link_between_pages_leads_somewhere():
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    links = {(page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text())}
    dead = [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()]
    assert dead == []
