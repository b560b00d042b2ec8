"""A questionnaire with a group of each kind, for tests of all that shows, stores and prints them."""

_SCALE = """\
    group: where
    type: scale
    text: {{sv: {text}}}
    short: {{sv: {text}}}
    scale: {{min: 0, max: 10, low: {{sv: Lätt}}, high: {{sv: Värst}}}}
    higher_means: more-trouble
"""

GROUPED = f"""\
id: grouped
version: "1"
title: {{sv: Smärta och läkemedel}}
purpose: {{sv: Vi prövar frågor som hör ihop.}}
recall_period: {{sv: i dag}}
minutes: 3
languages: {{sv: original}}
owner: "Redaktionen"
licence: {{kind: own}}
sources: [{{title: Egna frågor, reference: ingen}}]
review: {{status: not-reviewed}}
sections:
  - {{id: all, title: {{sv: Så mår du}}}}
  - {{id: other, title: {{sv: Annat}}}}
groups:
  - id: where
    kind: matrix
    text: {{sv: "Hur ont har du just nu, på de här ställena?"}}
    hint: {{sv: Välj ett tal på varje rad.}}
    show_if: {{item: pain, at_least: 3}}
  - id: medicines
    kind: repeats
    text: {{sv: Läkemedel mot smärta}}
    show_if: {{item: taken, is: "yes"}}
    at_most: 4
    add: {{sv: Lägg till ett läkemedel}}
  - {{id: sleep, kind: page, text: {{sv: Sömnen i natt}}}}
items:
  - link_id: pain
    section: all
    type: scale
    text: {{sv: "Hur ont har du?"}}
    short: {{sv: Smärta}}
    scale: {{min: 0, max: 10, low: {{sv: Inget}}, high: {{sv: Värst}}}}
    higher_means: more-trouble
  - link_id: back
    section: all
{_SCALE.format(text="Ryggen")}  - link_id: head
    section: all
{_SCALE.format(text="Huvudet")}  - link_id: legs
    section: all
{_SCALE.format(text="Benen")}  - link_id: taken
    section: all
    type: choice
    text: {{sv: "Tar du läkemedel mot smärta?"}}
    short: {{sv: Tar läkemedel}}
    options:
      - {{value: "yes", text: {{sv: Ja}}}}
      - {{value: "no", text: {{sv: Nej}}}}
  - link_id: medicine-note
    section: all
    group: medicines
    type: info
    text: {{sv: Namnet står på förpackningen.}}
  - link_id: medicine
    section: all
    group: medicines
    type: text
    text: {{sv: "Vad heter läkemedlet?"}}
    short: {{sv: Läkemedel}}
  - link_id: often
    section: all
    group: medicines
    type: choice
    text: {{sv: "Hur ofta tar du det?"}}
    short: {{sv: Hur ofta}}
    options:
      - {{value: daily, text: {{sv: Varje dag}}}}
      - {{value: seldom, text: {{sv: Ibland}}}}
  - link_id: dose
    section: all
    group: medicines
    type: integer
    text: {{sv: "Hur många tabletter om dagen?"}}
    short: {{sv: Tabletter om dagen}}
    min: 1
    max: 40
    unit: {{sv: tabletter}}
    show_if: {{item: often, is: daily}}
  - link_id: hours
    section: all
    group: sleep
    type: integer
    text: {{sv: "Hur många timmar sov du?"}}
    short: {{sv: Timmar}}
    min: 0
    max: 24
  - link_id: slept
    section: all
    group: sleep
    type: choice
    text: {{sv: "Hur sov du?"}}
    short: {{sv: Sömn}}
    options:
      - {{value: well, text: {{sv: Bra}}}}
      - {{value: badly, text: {{sv: Dåligt}}}}
  - link_id: woken-by
    section: all
    group: sleep
    type: text
    text: {{sv: "Vad väckte dig?"}}
    short: {{sv: Väckt av}}
    show_if: {{item: slept, is: badly}}
scores:
  - {{id: burden, title: {{sv: Smärtbörda}}, items: [back, head, legs], method: mean, at_least: 2, range: [0, 10],
     higher_means: more-trouble, source: own}}
rules:
  - {{id: back-red, level: red, when: {{item: back, at_least: 8}}, item: back, owner: Redaktionen, source: eget}}
  - {{id: head-red, level: red, when: {{item: head, at_least: 8}}, item: head, owner: Redaktionen, source: eget}}
golden:
  - {{name: "8 is red", answers: {{pain: 5, back: 8, head: 8, legs: 2}}, flags: [back-red, head-red],
     scores: {{burden: 6}}}}
  - {{name: "hidden", answers: {{pain: 0, back: 8, head: 8, legs: 2}}, flags: [], scores: {{burden: null}}}}
"""
