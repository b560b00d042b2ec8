"""docs/instruments.md: what every scoring key says of itself, and what a region must do to use the instrument."""

from collections.abc import Iterable, Iterator

from careplan.domain.keys import LicenceKind, ScoringKey
from careplan.domain.questionnaire import text_in
from careplan.domain.scoring import Bands, Scale, Threshold

_INTRODUCTION = """\
# Instruments

Scoring keys of {count} instruments, from `content/instruments/`. A key holds the names of items, what each answer
counts, and how scores are made of them. It holds no question and no option in words: those belong to the holders, and
come in with `careplan questionnaire import`. `careplan questionnaire score ID FILE` runs a key on answers.

No clinician has reviewed these keys. Each figure has a mark:

| mark | means |
|---|---|
| run | somebody else's published software gave the same scores |
| quoted | printed in a source that was read |
| computed_from_quoted_rule | our arithmetic on a rule that was read |
| unverified | remembered, or sources are silent; shown with its mark, raises no flag |

A score that its declared rule cannot compute is missing, never 0.

[How a key is written](scoring-keys.md) explains the words of the files. This page is written by
`careplan questionnaire keys`; a test fails when it is out of date.
"""

_RECORD = "Record the licence (holder, reference, who, when) before a form bound to the key is published."
_CLAIMED = "The holder claims the scoring too: until the licence is recorded the key is not bound, published or shown."
_KINDS = {
    LicenceKind.PUBLIC_DOMAIN: "public domain",
    LicenceKind.FREE: "free",
    LicenceKind.TERMS: "free on terms",
    LicenceKind.REGISTRATION: "registration",
    LicenceKind.PERMISSION: "permission",
    LicenceKind.PAID: "paid",
    LicenceKind.UNCLEAR: "unclear",
}


def page(keys: Iterable[ScoringKey]) -> str:
    ordered = sorted(keys, key=lambda key: key.title.casefold())
    lines = [_INTRODUCTION.format(count=len(ordered)), *_overview(ordered)]
    for key in ordered:
        lines += ["", *_section(key)]
    return "\n".join(lines) + "\n"


def _overview(keys: Iterable[ScoringKey]) -> Iterator[str]:
    yield "| instrument | measures | licence | holder | marks of its scores |"
    yield "|---|---|---|---|---|"
    for key in keys:
        marks = ", ".join(mark.value for mark in key.marks)
        link = f"[{key.title}](#{key.id})"
        measures, licence = text_in(key.measures, "en"), key.licence
        yield f"| {link} | {measures} | {_KINDS[licence.kind]} | {licence.holder} | {marks} |"


def _section(key: ScoringKey) -> Iterator[str]:
    licence = key.licence
    yield f'<a id="{key.id}"></a>'
    yield ""
    yield f"## {key.title}"
    yield ""
    yield f"`{key.id}`, version {key.version}, answered by a {key.respondent}. {key.basis}"
    yield ""
    yield f"**To use it.** {text_in(licence.asks, 'en')} {_duty(key)}".rstrip()
    yield f"(Licence: {_KINDS[licence.kind]}; source: {licence.source}; {licence.verification.value}.)"
    if not licence.claims_scoring:
        yield from _scoring(key)
    yield from _listed(
        "Sources", [f"{each.title}: {each.reference}{f' ({each.note})' if each.note else ''}" for each in key.sources]
    )


def _scoring(key: ScoringKey) -> Iterator[str]:
    yield ""
    yield "| score | name | range | higher means | mark | rests on |"
    yield "|---|---|---|---|---|---|"
    for scale in key.scales:
        low, high = scale.range
        mark = scale.verification.value if scale.verification else ""
        means = scale.higher_means.value.replace("-", " ")
        name = text_in(scale.title, "en")
        yield f"| `{scale.id}` | {name} | {low:g} to {high:g} | {means} | {mark} | {scale.source} |"
    yield from _listed("Missing answers", [line for scale in key.scales for line in _missing(scale)])
    yield from _listed("Limits", [line for scale in key.scales for line in _limits(scale)])
    yield from _listed("Decided", [f"{_capital(each.about)}: {each.decision} {each.reason}" for each in key.decisions])
    yield from _listed("Noted", [f"{note.text} ({note.verification.value})" for note in key.notes])
    yield from _listed(
        "LOINC", [f"{code.of}: {code.code} ({code.source}; {code.verification.value})" for code in key.codes]
    )


def _duty(key: ScoringKey) -> str:
    if key.licence.claims_scoring:
        return _CLAIMED
    return _RECORD if key.licence.must_be_recorded else ""


def _missing(scale: Scale) -> Iterator[str]:
    if scale.missing_verification is not None:
        count = f"{scale.at_least} of {len(scale.items)}"
        yield f"`{scale.id}`: at least {count} ({scale.missing_verification.value})"


def _limits(scale: Scale) -> Iterator[str]:
    if scale.bands is not None:
        names = "; ".join(f"from {band.low:g} “{text_in(band.name, 'en')}”" for band in scale.bands.bands)
        yield f"`{scale.id}`: {names} ({scale.bands.source}; {_marked(scale, scale.bands)})"
    for limit in scale.thresholds:
        words = limit.comparison.replace("_", " ")
        means = text_in(limit.means, "en")
        yield f"`{scale.id}`: {words} {limit.value:g} “{means}” ({limit.source}; {_marked(scale, limit)})"


def _marked(scale: Scale, limit: Bands | Threshold) -> str:
    return limit.verification.value + ("" if scale.may_flag(limit) else ", raises no flag")


def _listed(title: str, entries: list[str]) -> Iterator[str]:
    if entries:
        yield ""
        yield f"{title}:"
        yield ""
        yield from (f"- {entry}" for entry in entries)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
