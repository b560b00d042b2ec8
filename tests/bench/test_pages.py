"""What a page costs the server, on the demonstration's Monday: 140 patients, a year of history."""

import re
import statistics
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from careplan.db import make_engine, make_sessions
from tests import make
from tests.people import Human

pytestmark = pytest.mark.bench

ROUNDS = 25
LIMIT = 25.0


@pytest.fixture
def clinic_app(_app: Flask, monday: str) -> Iterator[Flask]:
    engine = make_engine(monday)
    _app.extensions["db_sessions"] = make_sessions(engine)
    _app.extensions["clock"] = lambda: make.MONDAY
    yield _app
    engine.dispose()


@pytest.fixture
def astrid(clinic_app: Flask) -> Human:
    return Human(clinic_app, "astrid")


@pytest.fixture
def karin(clinic_app: Flask) -> Human:
    return Human(clinic_app, "karin")


def milliseconds(who: Human, url: str) -> float:
    """Processor time of one page, from the request to the last compressed byte: the median, once warm."""
    spent = []
    for round_ in range(ROUNDS + 3):
        before = time.process_time()
        response = who.client.get(url, headers={"Accept-Encoding": "gzip"})
        taken = time.process_time() - before
        assert response.status_code == 200, url
        if round_ >= 3:
            spent.append(taken * 1000)
    return statistics.median(spent)


def links(html: str, beginning: str) -> list[str]:
    return list(dict.fromkeys(re.findall(rf'href="({beginning}[^"#?]+)"', html)))


def test_what_a_patient_reads_and_answers_takes_at_most_25_ms_each(astrid: Human, figure: Callable[..., None]) -> None:
    """The first page after the log-in, and a question: what patients wait for most often."""
    home = astrid.client.get("/hem").text
    figure("the patient's home", milliseconds(astrid, "/hem"), "ms", at_most=LIMIT)
    (form, *_others) = links(home, "/fragor/")
    astrid.open(form)
    astrid.send(form)
    question = astrid.location
    figure("a question", milliseconds(astrid, question), "ms", at_most=LIMIT)
    figure("the review page", milliseconds(astrid, f"{question.partition('/fraga/')[0]}/granska"), "ms")
    figure("the plan", milliseconds(astrid, "/plan"), "ms")
    chapter = links(astrid.client.get("/plan").text, "/plan/")[0]
    figure("a chapter", milliseconds(astrid, chapter), "ms")
    figure("the trends", milliseconds(astrid, "/svar"), "ms")
    figure("who has read", milliseconds(astrid, "/logg"), "ms")


def test_the_nurse_s_list_and_a_case_take_at_most_25_ms(karin: Human, figure: Callable[..., None]) -> None:
    """Monday 10.20: all that waits for one nurse, with patients' names, clocks and reasons."""
    listed = karin.client.get("/arbetslista").text
    cases = links(listed, "/uppgifter/")
    assert len(cases) >= 15
    figure(f"the worklist, {len(cases)} tasks", milliseconds(karin, "/arbetslista"), "ms", at_most=LIMIT)
    shown = next(case for case in cases if karin.client.get(case).status_code == 200)
    figure("a case", milliseconds(karin, shown), "ms", at_most=LIMIT)
    figure("the list of patients", milliseconds(karin, "/patienter"), "ms")
