"""What is wrong with a content file: one sentence with its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from careplan.domain.errors import CareplanError


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    path: str
    line: int
    message: str
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def __str__(self) -> str:
        mark = "" if self.is_error else "warning: "
        return f"{self.path}:{self.line}: {mark}{self.message}"


class ContentErrors(CareplanError):
    """Content that cannot be used, with every reason found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))
