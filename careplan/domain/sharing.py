"""What a patient shares of the plan: the whole, or parts of it chosen one by one."""

from collections.abc import Collection
from typing import Any

# Parts of a plan that are no chapters. Ids of chapters have no colon, so that no template can take these names.
GOALS, VISITS = "part:goals", "part:visits"
NOT_CHAPTERS = (VISITS, GOALS)


def shared(content: dict[str, Any], parts: Collection[str]) -> dict[str, Any]:
    """A signed version as somebody reads it with whom only these parts are shared: nothing hints at the rest.

    The greeting speaks of all and is left out; so is a phase without a shared chapter, also when it is the present one.
    """

    def kept(chapters: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [chapter for chapter in chapters if chapter["id"] in parts]

    phases = [phase | {"chapters": kept(phase["chapters"])} for phase in content["phases"]]
    phases = [phase for phase in phases if phase["chapters"]]
    is_here = content["phase"] in {phase["id"] for phase in phases}
    return content | {
        "greeting": "",
        "phase": content["phase"] if is_here else "",
        "phases": phases,
        "always": kept(content["always"]),
    }
