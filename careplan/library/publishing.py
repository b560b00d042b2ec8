"""Words of publishing that all layers share."""

from typing import Literal

from careplan.library.files import Place, file_of

# What may be written on an editor's page. Questionnaires are edited as files alone: their wording may be validated.
EDITABLE = ("chapter", "plan")
# Statuses of a draft that is under way; there is one for each text.
OPEN = ("draft", "in-review", "returned")
Notify = Literal["now", "next-visit"]


def named(place: Place) -> str:
    """As the log names it: chapters/team.sv."""
    return file_of(place).removesuffix(".md")
