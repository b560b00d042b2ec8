"""A questionnaire with one question of every kind, for whoever tests what becomes of an answer."""

from careplan.domain.questionnaire import Questionnaire
from careplan.library import compile_questionnaire

EVERY_KIND = """\
id: every-kind
version: "1"
title: {sv: Alla sorter, en: Every kind}
purpose: {sv: "Vi frågar för att veta.", en: "We ask in order to know."}
recall_period: {sv: just nu, en: right now}
minutes: 5
languages: {sv: original, en: translated}
owner: "Testet"
licence: {kind: own, note: ""}
sources: [{title: Egen, reference: egen}]
review: {status: not-reviewed}
sections: [{id: all, title: {sv: Allt, en: Everything}}]
items:
  - {link_id: before, section: all, type: info, text: {sv: "Nu kommer några frågor.", en: "Some questions follow."}}
  - link_id: tired
    section: all
    type: scale
    text: {sv: "Hur trött är du?", en: "How tired are you?"}
    short: {sv: Trötthet, en: Tiredness}
    scale: {min: 0, max: 10, low: {sv: Inte trött, en: Not tired}, high: {sv: Helt slut, en: Exhausted}}
    higher_means: more-trouble
    wish: true
  - link_id: pain
    section: all
    type: vas
    text: {sv: "Hur ont har du?", en: "How much pain are you in?"}
    short: {sv: Smärta, en: Pain}
    scale: {low: {sv: Ingen smärta, en: No pain}, high: {sv: Värsta tänkbara smärta, en: Worst pain imaginable}}
    higher_means: more-trouble
    wish: true
  - link_id: helper
    section: all
    type: choice
    text: {sv: "Vem hjälper dig hemma?", en: "Who helps you at home?"}
    short: {sv: Hjälp hemma, en: Help at home}
    same_as_last: true
    options:
      - {value: nobody, text: {sv: Ingen, en: Nobody}}
      - {value: partner, text: {sv: Min partner, en: My partner}}
      - {value: other, text: {sv: "Någon annan", en: "Somebody else"}, open: true}
  - link_id: aids
    section: all
    type: choices
    text: {sv: "Vad använder du för att röra dig?", en: "What do you use to get about?"}
    short: {sv: Hjälpmedel, en: Aids}
    options:
      - {value: stick, text: {sv: Käpp, en: A stick}}
      - {value: walker, text: {sv: Rollator, en: A walking frame}}
      - {value: other, text: {sv: "Annat", en: "Something else"}, open: true}
      - {value: none, text: {sv: Inget av detta, en: None of these}, exclusive: true}
  - link_id: walks
    section: all
    type: integer
    text: {sv: "Hur många gånger har du gått ut i veckan?", en: "How many times have you gone out this week?"}
    short: {sv: Promenader, en: Walks}
    min: 0
    max: 50
  - link_id: weight
    section: all
    type: decimal
    text: {sv: "Vad väger du?", en: "What do you weigh?"}
    short: {sv: Vikt, en: Weight}
    unit: {sv: kg, en: kg}
    min: 20
    max: 300
    declinable: false
  - link_id: visit
    section: all
    type: date
    text: {sv: "Vilken dag var du senast hos oss?", en: "On which day were you here last?"}
    short: {sv: Senaste besöket, en: Last visit}
  - link_id: began
    section: all
    type: date
    precision: month
    text: {sv: "När började besvären?", en: "When did the trouble begin?"}
    short: {sv: Började, en: Began}
  - link_id: smoked
    section: all
    type: date
    precision: year
    text: {sv: "När slutade du röka?", en: "When did you stop smoking?"}
    short: {sv: Slutade röka, en: Stopped smoking}
  - link_id: bedtime
    section: all
    type: time
    text: {sv: "När gick du och la dig i går?", en: "When did you go to bed last night?"}
    short: {sv: Läggdags, en: Bedtime}
  - link_id: more
    section: all
    type: choice
    text: {sv: "Hjälper det tillräckligt?", en: "Does it help enough?"}
    short: {sv: Tillräckligt, en: Enough}
    options:
      - {value: "yes", text: {sv: Ja, en: "Yes"}}
      - {value: "no", text: {sv: Nej, en: "No"}}
    show_if: {any: [{item: pain, at_least: 70}, {item: helper, is: other}]}
  - link_id: words
    section: all
    type: text
    text: {sv: "Vad vill du säga?", en: "What would you like to say?"}
    short: {sv: Egna ord, en: Own words}
scores:
  - id: burden
    title: {sv: Smärta som poäng, en: Pain as a score}
    items: [pain]
    method: mean
    at_least: 1
    range: [0, 100]
    higher_means: more-trouble
    source: own
rules:
  - {id: pain-red, level: red, when: {item: pain, at_least: 80}, item: pain, owner: Testet, source: eget}
  - {id: helper-yellow, level: yellow, when: {item: helper, is: other}, item: helper, owner: Testet, source: eget}
golden:
  - name: "a mark far out is red, and own words are no hindrance to a rule"
    answers: {pain: 80, helper: {codes: other, words: Min granne}, began: 2026-03, bedtime: "22:30", aids: [stick]}
    flags: [pain-red, helper-yellow]
    scores: {burden: 80}
  - name: "nothing answered is nothing counted"
    answers: {}
    flags: []
    scores: {burden: null}
"""


def every_kind() -> Questionnaire:
    return compile_questionnaire(EVERY_KIND, "every-kind.yaml")
