"""A questionnaire bound to a scoring key: its answers in the key's terms, and the key's scores in its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from careplan.domain.answers import Answer, Answers, Value
from careplan.domain.keys import ScoringKey, compute
from careplan.domain.methods import Score
from careplan.domain.questionnaire import Text
from careplan.domain.scoring import Method, Scale, Verification

# Wherever a score is named, a figure that nobody has checked says so.
UNVERIFIED = {"sv": "{title} (inte kontrollerad mot källan)", "en": "{title} (not checked against its source)"}


@dataclass(frozen=True, slots=True)
class Binding:
    """`items`: the key's item of each question that counts. `codes`: what an option's code is called in the key.

    `scales` are those of the key that give numbers, made of this form's questions; `profiles` those that give text."""

    key: ScoringKey
    items: Mapping[str, str]
    codes: Mapping[str, Mapping[str, Value]]
    scales: tuple[Scale, ...]
    profiles: tuple[Scale, ...] = ()

    def compute(self, answers: Answers) -> dict[str, float | None]:
        scores = self._scores(answers)
        return {scale.id: _number(scores[scale.id]) for scale in self.scales}

    def profile(self, answers: Answers) -> dict[str, str]:
        """The profiles that could be made."""
        scores = self._scores(answers) if self.profiles else {}
        made = {scale.id: scores[scale.id] for scale in self.profiles}
        return {scale_id: score for scale_id, score in made.items() if isinstance(score, str)}

    def _scores(self, answers: Answers) -> dict[str, Score]:
        known = [(link_id, name) for link_id, name in self.items.items() if link_id in answers]
        return compute(self.key, {name: self._answer(link_id, answers[link_id]) for link_id, name in known})

    def _answer(self, link_id: str, answer: Answer) -> Answer:
        codes = self.codes.get(link_id)
        if codes is None or answer.value is None:
            return answer
        if isinstance(answer.value, tuple):
            return Answer(answer.state, tuple(str(codes[code]) for code in answer.value))
        return Answer(answer.state, codes[str(answer.value)])


def bound(key: ScoringKey, items: Mapping[str, str], codes: Mapping[str, Mapping[str, Value]]) -> Binding:
    questions = {name: link_id for link_id, name in items.items()}
    made: dict[str, Scale] = {}
    for scale in key.scales:
        # Of a score that is made of scores, too, these are the questions that decide it.
        names = [questions[name] for name in scale.items if name in questions]
        names += [link_id for part in scale.scores for link_id in made[part].items]
        made[scale.id] = replace(scale, items=tuple(dict.fromkeys(names)), title=_marked(scale))
    profiles = tuple(scale for scale in made.values() if scale.method is Method.PROFILE)
    return Binding(key, items, codes, tuple(scale for scale in made.values() if scale not in profiles), profiles)


def may_flag(scale: Scale, limit: float) -> bool:
    """Whether a rule may raise a flag from this limit up: the key knows it, and nothing that it rests on is unverified.

    A proposed threshold counts before a band that starts at the same value."""
    known = [each for each in scale.thresholds if (each.comparison, each.value) == ("at_least", limit)]
    if known:
        return all(scale.may_flag(each) for each in known)
    bands = scale.bands
    return bands is not None and any(band.low == limit for band in bands.bands) and scale.may_flag(bands)


def _marked(scale: Scale) -> Text:
    if Verification.UNVERIFIED not in (scale.verification, scale.missing_verification):
        return scale.title
    return {lang: UNVERIFIED.get(lang, UNVERIFIED["sv"]).format(title=title) for lang, title in scale.title.items()}


def _number(score: float | str | None) -> float | None:
    return None if isinstance(score, str) else score
