"""A small scoring key, and a form bound to it."""

from pathlib import Path

from tests.content.files import write

KEY = """\
id: two
title: Two
version: "1"
measures: {sv: Prov}
respondent: patient
basis: Made up.
licence: {kind: free, holder: Nobody, asks: {sv: Inget}, source: made up, verification: run}
sources: [{title: Made up, reference: none}]
items:
  - {ids: [a], whole: [0, 3]}
  - {ids: [b], whole: [1, 4], points: {"1": 0, "2": 1, "3": 2, "4": 3}}
  - {ids: [c], whole: [0, 3], scored: false}
scales:
  - id: Total
    title: {sv: Summa}
    method: sum
    items: [a, b]
    missing: all-required
    range: [0, 6]
    higher_means: more-trouble
    verification: run
    basis: sum
    bands: {source: x, verification: run, list: [{from: 0, to: 3, name: {sv: L}}, {from: 4, name: {sv: H}}]}
    thresholds: [{at_least: 5, means: {sv: M}, source: remembered, verification: unverified}]
"""
BOUND = """\
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
  - {link_id: first, section: all, type: integer, text: {sv: Hur många?}, short: {sv: Antal}, min: 0, max: 3}
  - link_id: second
    section: all
    type: choice
    text: {sv: "Hur ofta?"}
    short: {sv: Ofta}
    options:
      - {value: "1", text: {sv: Aldrig}}
      - {value: "2", text: {sv: Ibland}}
      - {value: "3", text: {sv: Ofta}}
      - {value: "4", text: {sv: Alltid}}
instrument: {key: two, items: {first: a, second: b}}
rules:
  - {id: much, level: yellow, when: {score: Total, at_least: 4}, item: Total, owner: Redaktionen, source: nyckeln}
golden:
  - {name: "much", answers: {first: 1, second: "4"}, flags: [much], scores: {Total: 4}}
  - {name: "less", answers: {first: 0, second: "4"}, flags: [], scores: {Total: 3}}
  - {name: "half", answers: {first: 3}, flags: [], scores: {Total: null}}
"""


def content(root: Path, form: str = BOUND, key: str = KEY) -> Path:
    return write(root, questionnaire=form, **{"instruments__two.yaml": key})
