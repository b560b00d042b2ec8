"""content/ as validated, immutable objects, compiled once at start."""

from careplan.domain.revision import MissingFact
from careplan.library.chapters import RenderedChapter, render_chapter
from careplan.library.document import content_hash
from careplan.library.files import ContentFile, Place, Tree, read_tree
from careplan.library.instruments import compile_key
from careplan.library.lint import check
from careplan.library.loading import Held, Library, Stored, UnknownInstrument, UnknownPlan, UnknownQuestionnaire
from careplan.library.plans import read_chapter
from careplan.library.problems import ContentErrors, Problem, Severity
from careplan.library.questionnaires import WrongHash, compile_questionnaire, questionnaire_by_hash

__all__ = [
    "ContentErrors",
    "ContentFile",
    "Held",
    "Library",
    "MissingFact",
    "Place",
    "Problem",
    "RenderedChapter",
    "Severity",
    "Stored",
    "Tree",
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
    "read_tree",
    "render_chapter",
]
