"""Every page of the product, on a phone and at a desk, before the eyes of one who may open it."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from careplan.library import Library
from tests.browser.visitor import AT_EVERY_WIDTH, Visit
from tests.make import Clinic
from tests.people import Human
from tests.web.access_rules import RULES, Astrid, Rule, methods
from tests.web.planting import plant

pytestmark = [pytest.mark.browser, AT_EVERY_WIDTH]


# Whose pages they are; where several may open one, the first here.
READERS = ("olle", "mia", "edith", "lars", "freja", "karin", "lina", "astrid")


def reader(rule: Rule) -> str:
    return next((who for who in READERS if who in rule.allowed), "")


def pages_of(app: Flask, who: str, her: Astrid) -> list[str]:
    """What is shown as a page, and neither a file nor a way to somewhere else."""
    human = Human(app, who)
    theirs = {name: rule for name, rule in RULES.items() if reader(rule) == who and "GET" in methods(app, name)}
    answers = {url: human.client.get(url) for url in (human.url(n, **r.values(her)) for n, r in theirs.items())}
    return [url for url, answer in answers.items() if answer.status_code == 200 and answer.mimetype == "text/html"]


@pytest.mark.parametrize("who", READERS)
def test_every_page_fits_and_breaks_no_rule(
    app: Flask, db: Session, library: Library, clinic: Clinic, visit: Visit, who: str
) -> None:
    her = plant(db, library, clinic)
    db.commit()
    urls = pages_of(app, who, her)
    assert urls
    visitor = visit(who)
    for url in urls:
        visitor.go(url)
