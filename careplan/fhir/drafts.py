"""Imported drafts as files, and what keeps one from being published."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from careplan.domain.errors import CareplanError
from careplan.fhir.draft_model import DraftModel, without_nulls
from careplan.library import Library
from careplan.library.document import read_yaml, validated
from careplan.library.lint import check_questionnaire
from careplan.library.problems import ContentErrors, Problem

# Beside the published questionnaires, not among them: the library reads nothing from here.
DIRECTORY = "drafts"
# Judged here, and by whom and when stands in the published form.
_JUDGED_HERE = ("scoring", "kept")


class DraftExists(CareplanError):
    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class NoDraft(CareplanError):
    def __init__(self, questionnaire_id: str) -> None:
        super().__init__(questionnaire_id)
        self.questionnaire_id = questionnaire_id


class AlreadyPublished(CareplanError):
    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes the same words each time where they stand: content has no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def draft_path(content_path: Path, questionnaire_id: str) -> Path:
    return content_path / DIRECTORY / f"{questionnaire_id}.yaml"


def write_draft(draft: Mapping[str, Any], content_path: Path, *, replace: bool = False) -> Path:
    """Raises DraftExists where somebody's draft would be lost."""
    path = draft_path(content_path, draft["id"])
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("w" if replace else "x", encoding="utf-8") as file:
            file.write(as_yaml(draft))
    except FileExistsError:
        raise DraftExists(path) from None
    return path


def read_draft(path: Path) -> dict[str, Any]:
    """Raises NoDraft where there is none, ContentErrors where the file is no draft any more."""
    try:
        document = read_yaml(path.read_text(encoding="utf-8-sig"), str(path))
    except FileNotFoundError:
        raise NoDraft(path.stem) from None
    except UnicodeDecodeError:
        raise ContentErrors([Problem(str(path), 1, "the file is not UTF-8")]) from None
    if validated(DraftModel, document).id != path.stem:
        raise ContentErrors([document.problem(("id",), f"the file name asks for the id '{path.stem}'")])
    data: dict[str, Any] = without_nulls(document.data)
    return data


@contextmanager
def placed(draft: Mapping[str, Any], content_path: Path, *, replace: bool = False) -> Iterator[Library]:
    """The draft among the published questionnaires, and the library with it; as it was before where that fails.

    Raises AlreadyPublished where another form stands there, ContentErrors where the library does not load with it."""
    path = content_path / "questionnaires" / f"{draft['id']}.yaml"
    before = path.read_bytes() if path.exists() else None
    if before is not None and not replace:
        raise AlreadyPublished(path)
    scoring = {name: draft["scoring"][name] for name in ("status", "by", "on")}
    path.parent.mkdir(exist_ok=True)
    path.write_text(as_yaml({**draft, "scoring": scoring}), encoding="utf-8")
    is_published = False
    try:
        yield Library.load(content_path)
        is_published = True
    finally:
        if not is_published and before is None:
            path.unlink()
        elif not is_published:
            path.write_bytes(before or b"")
    draft_path(content_path, draft["id"]).unlink()


def as_yaml(content: Mapping[str, Any]) -> str:
    return yaml.dump(dict(content), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)


def publishable(
    draft: Mapping[str, Any], path: str = "draft", keys: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """Every reason why it may not be published; none means that it may. `keys`: the texts of scoring keys by id."""
    return list(_reasons(draft, path, keys))


def _reasons(draft: Mapping[str, Any], path: str, keys: Mapping[str, str]) -> Iterator[str]:
    yield from _undeclared(draft)
    if draft.get("licence", {}).get("kind") == "imported":
        yield "nobody has looked into the licence: its kind is still 'imported'"
    if "und" in draft.get("languages", {}):
        yield "the file did not say its language, and nobody has since: the texts stand under 'und'"
    kept = draft.get("kept", {})
    for entry in (*kept.get("refused", ()), *kept.get("items", ())):
        if entry.get("fate") != "mapped" and not entry.get("left_out_because"):
            what = "refused" if entry.get("fate") is None else "not asked"
            yield f"{entry['path']} of the file is {what} ({entry['reason']}): say 'left_out_because' there, or ask it"
    text = as_yaml({key: value for key, value in draft.items() if key not in _JUDGED_HERE})
    messages = Counter(problem.message for problem in check_questionnaire(text, path, keys) if problem.is_error)
    yield from (f"{message} ({times} times)" if times > 1 else message for message, times in messages.items())


def _undeclared(draft: Mapping[str, Any]) -> Iterator[str]:
    """Somebody says how it is scored, or that it is not; an imported score is never taken on trust."""
    scoring = draft.get("scoring", {})
    # Bound to a scoring key, it has the key's scores.
    status, scores = scoring.get("status"), draft.get("scores") or draft.get("instrument")
    if status not in ("declared", "none"):
        yield "the scoring is not declared: 'scoring' needs status declared or none, by and on"
        return
    if not scoring.get("by") or not scoring.get("on"):
        yield "'scoring' does not say who declared it and when"
    if status == "declared" and not scores:
        yield "the scoring is declared, but there are no scores"
    if status == "none" and scores:
        yield "there are scores, but the scoring is declared as none"
