"""Every page that anybody reaches keeps the rules of the house, in both languages."""

import pytest
from flask import Flask

from tests.people import Human
from tests.web.test_access_matrix import PEOPLE, RULES, Astrid, her, methods

__all__ = ["her"]

# Whatever the reader chooses meanwhile, a form is in one language from its start to its receipt: here in Swedish.
OF_A_SITTING = {
    "patient.start",
    "patient.answer",
    "patient.instances",
    "patient.call_now",
    "patient.pause",
    "patient.review",
    "patient.receipt",
}
# A sheet of paper is in the language of what is printed on it: here in Swedish.
ON_PAPER = {"edit.paper"}


@pytest.mark.slow
@pytest.mark.parametrize("who", PEOPLE)
def test_each_page_keeps_the_rules(app: Flask, her: Astrid, who: str) -> None:
    human = Human(app, who)
    for language in ("sv", "en"):
        human.get("account.settings")
        human.post("account.settings", {"language": language, "text_size": "normal"})
        for endpoint, rule in RULES.items():
            url = human.url(endpoint, **rule.values(her))
            # Printed documents are opened and read by tests of their own.
            if who in rule.allowed and "GET" in methods(app, endpoint) and not url.endswith(".pdf"):
                page = human.open(url, endpoint=endpoint, expect={200, 302})
                spoken = "sv" if endpoint in OF_A_SITTING | ON_PAPER else language
                assert not page.html or page.html["lang"] == spoken, endpoint
