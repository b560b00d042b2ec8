"""The look: contrasts computed from the theme's own colours, a light and current build, and nobody else's brand."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
THEME = ROOT / "theme"
STATIC = ROOT / "careplan" / "static"
TEMPLATES = ROOT / "careplan" / "templates"
MANIFEST = json.loads((STATIC / "manifest.json").read_text())
SCSS = (THEME / "careplan.scss").read_text()
COLOURS = dict(re.findall(r"\$([\w-]+): (#[0-9a-f]{6})\b", SCSS)) | {"white": "#ffffff", "shape": "#b36b00"}

PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "pdf" not in path.relative_to(TEMPLATES).parts)
COMPONENTS = {TEMPLATES / "base.html", *(TEMPLATES / "components").iterdir()}

# what is read on what, and the contrast the design promises
TEXT = [
    ("ink", "white", 14.7),
    ("ink", "paper", 13.5),
    ("ink-soft", "white", 7.3),
    ("ink-soft", "paper", 6.8),
    ("fjord", "white", 9.4),
    ("fjord-link", "white", 8.1),
    ("fjord-link", "paper", 7.4),
    ("fjord-link", "fjord-soft", 6.8),
    ("white", "nhsuk-button-colour", 7.5),
    ("ink", "fjord-soft", 12.5),
    ("ink", "dawn-soft", 13.2),
    ("now", "white", 7.3),
    ("now", "paper", 6.7),
    ("now", "now-soft", 6.4),
    ("white", "now", 7.3),
    ("see", "white", 6.4),
    ("see", "paper", 5.9),
    ("calm", "white", 6.9),
    ("plum", "white", 9.8),
    ("plum", "paper", 9.0),
    ("ink", "focus", 9.7),
]
SHAPES = [
    ("shape", "white", 4.2),
    ("control", "white", 5.3),
    ("control", "paper", 4.9),
    ("nhsuk-button-colour", "white", 7.5),
]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(COLOURS[one]), luminance(COLOURS[other])))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("front", "back", "promised"), TEXT)
def test_text_can_be_read_against_its_background(front, back, promised):
    assert contrast(front, back) >= 4.5
    assert round(contrast(front, back), 1) >= promised


@pytest.mark.parametrize(("front", "back", "promised"), SHAPES)
def test_shapes_and_borders_can_be_seen(front, back, promised):
    assert contrast(front, back) >= 3
    assert round(contrast(front, back), 1) >= promised


def test_the_shapes_wear_the_themes_colours():
    parts = (TEMPLATES / "components" / "parts.html").read_text()
    shapes = re.search(r"macro shape.*?endmacro", parts, re.S)[0]
    assert re.findall(r'fill="(#\w+)"', shapes) == [COLOURS["now"], COLOURS["shape"], COLOURS["calm"]]


def test_the_build_was_made_from_the_sources_as_they_are():
    digest = hashlib.sha256()
    assets = sorted(path.name for path in (THEME / "assets").iterdir())
    for name in ("careplan.scss", "package-lock.json", *(f"assets/{name}" for name in assets)):
        digest.update((THEME / name).read_bytes())
    assert MANIFEST["source"] == digest.hexdigest(), "run make css"


@pytest.mark.parametrize("name", MANIFEST["files"])
def test_a_built_file_carries_the_hash_of_its_content_and_a_compressed_twin(name):
    built = MANIFEST["files"][name]
    content = (STATIC / built).read_bytes()
    assert hashlib.sha256(content).hexdigest()[:10] == built.split(".")[-2]
    assert gzip.decompress((STATIC / f"{built}.gz").read_bytes()) == content


def test_the_style_sheet_is_light_on_the_wire():
    assert (STATIC / f"{MANIFEST['files']['careplan.css']}.gz").stat().st_size < 20_000


def test_the_style_sheet_serves_both_directions_of_writing():
    css = (STATIC / MANIFEST["files"]["careplan.css"]).read_text()
    # A float is also said the old way, before the new; a page in either direction understands one of them.
    assert css.count("float:left") == css.count("float:inline-start")
    sides = r"(?:margin|padding|border)-(?:left|right)[\w-]*|left|right|text-align:(?:left|right)|float:right"
    assert not re.findall(rf"[{{;]({sides})[:;}}]", css)
    for each in re.findall(r"[{;](?:margin|padding|border-width):([^;{}()]+)[;}]", css):
        sides = each.replace("!important", "").split()
        assert len(sides) < 4 or sides[1] == sides[3], each


def test_the_style_sheet_is_ours_alone_and_fetches_nothing():
    css = (STATIC / MANIFEST["files"]["careplan.css"]).read_text()
    assert not re.search(r"NHS|nhs\.uk|Frutiger|@font-face|@import|url\(", css)
    assert "font-family:system-ui" in css


def test_the_lock_file_names_no_registry():
    assert not re.search(r'"resolved"', (THEME / "package-lock.json").read_text())


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_keeps_to_the_house(page):
    text = page.read_text()
    markup = re.sub(r"{{.*?}}|{%.*?%}|{#.*?#}", "", text, flags=re.S)
    if page not in COMPONENTS:
        assert '"nhsuk/' not in text, "only base.html and components/ know the design system"
    assert not re.search(r"NHS|nhs\.uk|Frutiger", text)
    assert not re.search(r"https?://", text), "no address of a third party"
    forbidden = re.search(r"<script(?! src=)|<style|\sstyle=|\son[a-z]+=|javascript:", markup)
    assert not forbidden, "the content security policy forbids it"
    assert "placeholder=" not in markup, "a placeholder is not a label"
