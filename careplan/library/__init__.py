"""content/ as validated, immutable objects, compiled once at start."""

from careplan.library.chapters import MissingFact, RenderedChapter, render_chapter
from careplan.library.document import content_hash
from careplan.library.instruments import compile_key
from careplan.library.lint import check
from careplan.library.loading import ContentFile, Library, UnknownInstrument, UnknownPlan, UnknownQuestionnaire
from careplan.library.plans import read_chapter
from careplan.library.problems import ContentErrors, Problem, Severity
from careplan.library.questionnaires import WrongHash, compile_questionnaire, questionnaire_by_hash

__all__ = [
    "ContentErrors",
    "ContentFile",
    "Library",
    "MissingFact",
    "Problem",
    "RenderedChapter",
    "Severity",
    "UnknownInstrument",
    "UnknownPlan",
    "UnknownQuestionnaire",
    "WrongHash",
    "check",
    "compile_key",
    "compile_questionnaire",
    "content_hash",
    "questionnaire_by_hash",
    "read_chapter",
    "render_chapter",
]
