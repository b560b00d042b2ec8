"""Writes small content directories for tests."""

from pathlib import Path
from textwrap import dedent

QUESTIONNAIRE = """\
id: short
version: "1"
title: {sv: Kort}
purpose: {sv: Vi prövar.}
recall_period: {sv: i dag}
minutes: 1
languages: {sv: original}
owner: "Redaktionen"
licence: {kind: own}
sources: [{title: Egna frågor, reference: ingen}]
review: {status: not-reviewed}
sections: [{id: all, title: {sv: Allt}}]
items:
  - link_id: pain
    section: all
    type: scale
    text: {sv: "Hur ont har du?"}
    short: {sv: Smärta}
    scale: {min: 0, max: 10, low: {sv: Inget}, high: {sv: Värst}}
    higher_means: more-trouble
  - link_id: where
    section: all
    type: choice
    text: {sv: "Var gör det ont?"}
    short: {sv: Var}
    options:
      - {value: back, text: {sv: Ryggen}}
      - {value: "no", text: {sv: Ingenstans}}
    show_if: {item: pain, at_least: 5}
scores:
  - {id: burden, title: {sv: Börda}, items: [pain], method: mean, at_least: 1, range: [0, 10],
     higher_means: more-trouble, source: own}
rules:
  - {id: pain-red, level: red, when: {item: pain, at_least: 8}, item: pain, owner: Redaktionen, source: eget}
golden:
  - {name: "8 is red", answers: {pain: 8}, flags: [pain-red], scores: {burden: 8}}
  - {name: "7 is not", answers: {pain: 7, where: no}, flags: [], scores: {burden: 7}}
  - {name: "nothing", answers: {}, flags: [], scores: {burden: null}}
"""

PLAN = """\
---
id: general
title: Allmän plan
icd10: []
version: "1"
owner: "Redaktionen"
sources: [{title: Egen text, reference: ingen}]
review: {status: not-reviewed}
treatments:
  - {id: surgery, title: Operation}
phases:
  - id: first
    title: Först
    chapters:
      - about
      - {id: operation, treatment: surgery}
always: [team]
schedule:
  - {questionnaire: short, event: plan-start, open_days: 14}
---
## Om planen {#about}
::: key
- Ring {{ nurse.first_name }} om du undrar.
:::

Planen är din.

### Mer om planen
Du kan läsa den när du vill.

## Operation {#operation}
Du sover under operationen.
"""

CHAPTER = """\
---
id: team
title: Ditt team
version: "1"
owner: "Redaktionen"
sources: [{title: Egen text, reference: ingen}]
review: {status: not-reviewed}
---
Du når oss på {{ unit.phone }}.

::: call
- Du får feber.
:::
"""


def write(
    root: Path, *, questionnaire: str = QUESTIONNAIRE, plan: str = PLAN, chapter: str = CHAPTER, **more: str
) -> Path:
    """A content directory of one questionnaire, one plan and one chapter. `more` maps file to text, / written as __."""
    files = {
        "questionnaires/short.yaml": questionnaire,
        "plans/general.sv.md": plan,
        "chapters/team.sv.md": chapter,
    } | {name.replace("__", "/"): text for name, text in more.items()}
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")
    return root


def changed(text: str, old: str, new: str) -> str:
    """The text with one passage changed; the passage must be there."""
    assert old in text, old
    return text.replace(old, new, 1)


def line_of(text: str, passage: str) -> int:
    return text[: text.index(passage)].count("\n") + 1
