"""What each named error says to the reader: status, heading, one clear sentence."""

from collections.abc import Callable
from typing import Any

from careplan.domain.errors import CareplanError

# type of error -> function of the error giving (status, heading, sentence), in the reader's language
SENTENCES: dict[type[CareplanError], Callable[[Any], tuple[int, str, str]]] = {}
