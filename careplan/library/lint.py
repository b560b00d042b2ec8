"""What `careplan check` finds beyond what keeps content from loading: golden cases, wording, what nothing uses."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from careplan.domain.questionnaire import GoldenCase, Questionnaire, settled
from careplan.domain.scoring import compute
from careplan.domain.triage import evaluate
from careplan.library.document import Document, validated
from careplan.library.files import Content, file_of, read_content, read_tree
from careplan.library.languages import language_problems
from careplan.library.problems import ContentErrors, Problem, Severity
from careplan.library.questionnaires import parse_questionnaire
from careplan.library.readability import text_findings
from careplan.library.resources import resource_problems
from careplan.library.schema import QuestionnaireModel
from careplan.library.team_files import team_problems
from careplan.library.translations import outdated_translations


def check(path: Path) -> list[Problem]:
    """Errors and warnings of a content directory, or of one file in it, by file and line."""
    if path.is_file():
        return [problem for problem in check(path.parent.parent) if problem.path == str(path)]
    try:
        tree = read_tree(path)
    except ContentErrors as error:
        return error.problems
    return sorted({*findings_of(read_content(tree)), *resource_problems(path), *team_problems(path)})


def findings_of(content: Content) -> list[Problem]:
    """Errors and warnings of what was read."""
    problems = list(content.problems)
    for questionnaire in content.questionnaires.values():
        document = content.documents[questionnaire.id]
        problems += _golden_problems(questionnaire, document)
    for name, text in content.texts.items():
        if name.endswith(".md"):
            problems += text_findings(text, content.tree.path(name))
    problems += _unused(content)
    problems += outdated_translations(content)
    return sorted(set(problems))


def check_questionnaire(text: str, path: str, keys: Mapping[str, str] = MappingProxyType({})) -> list[Problem]:
    """Errors and warnings of one questionnaire that is not in a content directory; `keys` it may be bound to."""
    try:
        questionnaire, document = parse_questionnaire(text, path, keys)
    except ContentErrors as error:
        return error.problems
    languages = language_problems(validated(QuestionnaireModel, document), document)
    return sorted({*_golden_problems(questionnaire, document), *languages})


def _golden_problems(q: Questionnaire, document: Document) -> Iterator[Problem]:
    """Each case comes out as written, and each rule and score has a case on both sides of its limit."""
    outcomes = [_outcome(q, case) for case in q.golden]
    for index, (flags, scores) in enumerate(outcomes):
        case, place = q.golden[index], ("golden", index)
        if flags != set(case.flags):
            said, came = (", ".join(sorted(ids)) or "none" for ids in (case.flags, flags))
            message = f"golden case '{case.name}': flags {said} expected, {came} raised"
            yield document.problem((*place, "flags"), message)
        for score, expected in case.scores.items():
            if not _is_close(scores[score], expected):
                message = f"golden case '{case.name}': score {score} expected {expected}, computed {scores[score]}"
                yield document.problem((*place, "scores", score), message)
    for index, rule in enumerate(q.rules):
        seen = {rule.id in flags for flags, _ in outcomes}
        if seen != {True, False}:
            verb = "leaves silent" if True in seen else "raises"
            yield document.problem(("rules", index), f"no golden case {verb} the rule '{rule.id}'")
    for index, scale in enumerate(q.scores):
        seen = {scores[scale.id] is not None for _, scores in outcomes}
        if seen != {True, False}:
            verb = "lacks" if True in seen else "computes"
            yield document.problem(("scores", index), f"no golden case {verb} the score '{scale.id}'")


def _outcome(q: Questionnaire, case: GoldenCase) -> tuple[set[str], dict[str, float | None]]:
    final = settled(q, case.answers)
    scores = compute(q, final)
    return {flag.rule_id for flag in evaluate(q, final, scores, case.previous, case.before)}, scores


def _is_close(computed: float | None, expected: float | None) -> bool:
    if computed is None or expected is None:
        return computed is expected
    return abs(computed - expected) < 0.005


def _unused(content: Content) -> Iterator[Problem]:
    used = {chapter_id for plan in content.plans.values() for chapter_id in plan.chapter_ids}
    if not content.plans:
        return
    for chapter_id, lang in content.shared:
        if chapter_id not in used:
            yield Problem(
                content.tree.path(file_of(("chapter", chapter_id, lang))),
                1,
                f"no plan uses the chapter '{chapter_id}'",
                Severity.WARNING,
            )
