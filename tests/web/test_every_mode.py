"""The same 20 answer sets, however they are sent: what is stored, the scores and the flags are those of the rules."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from random import Random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.domain.answers import UNANSWERED, Answer, AnswerState, restored
from careplan.domain.questionnaire import ItemType, Questionnaire, figure, settled
from careplan.domain.scoring import compute
from careplan.domain.triage import evaluate
from careplan.library import Library
from careplan.models import Flag, QuestionnaireResponse
from tests import make, stories
from tests.actions import forms
from tests.actions.test_paper import made_up
from tests.conftest import Clock
from tests.people import Human
from tests.web.at_the_tablet import entered

pytestmark = pytest.mark.slow

ARRIVED = {"arrived_on-day": "13", "arrived_on-month": "11", "arrived_on-year": "2026"}
Send = Callable[[UUID, dict[str, Answer]], object]


@pytest.fixture
def form(library: Library) -> Questionnaire:
    return library.questionnaire(stories.FORM)


@pytest.fixture
def web(astrid: Human, form: Questionnaire) -> Send:
    astrid.get("account.settings")
    hasty = Hasty(astrid)
    return lambda asked, answers: hasty.answer_pages(form, asked, answers)


@pytest.fixture
def short(astrid: Human, form: Questionnaire) -> Send:
    astrid.get("account.settings")
    hasty = Hasty(astrid)
    return lambda asked, answers: hasty.answer_pages(form, asked, answers, lite="yes")


@pytest.fixture
def kiosk(app: Flask, karin: Human, form: Questionnaire) -> Send:
    return lambda asked, answers: Hasty(entered(app, karin, asked)).answer_pages(form, asked, answers)


@pytest.fixture
def paper(karin: Human, nils: Human, form: Questionnaire) -> Send:
    for human in (karin, nils):
        human.get("account.settings")
    readers = [Hasty(karin), Hasty(nils)]

    def key_in(asked: UUID, answers: dict[str, Answer]) -> None:
        for reader in readers:
            reader.post(f"/papper/{asked}", on_one_page(form, answers) | ARRIVED)

    return key_in


@pytest.fixture
def phone(karin: Human, form: Questionnaire) -> Send:
    karin.get("account.settings")
    hasty = Hasty(karin)
    return lambda asked, answers: hasty.post(f"/papper/{asked}?satt=telefon", on_one_page(form, answers))


@pytest.mark.parametrize("way", ["web", "short", "kiosk", "paper", "phone"])
def test_the_same_20_answer_sets_give_the_same_scores_and_flags(
    request: pytest.FixtureRequest,
    way: str,
    db: Session,
    clinic: make.Clinic,
    library: Library,
    clock: Clock,
    form: Questionnaire,
) -> None:
    send: Send = request.getfixturevalue(way)
    random, previous, severe = Random(20), None, 0
    for _number in range(20):
        answers = made_up(form, random)
        clock.at += timedelta(minutes=1)
        asked = forms.ask(db, library, clinic, form.id, at=clock.at).id
        db.commit()
        send(asked, answers)
        final = settled(form, answers)
        scores = compute(form, final)
        flags = {(flag.rule_id, str(flag.level), flag.item) for flag in evaluate(form, final, scores, previous)}
        assert stored(db, asked) == ("web" if way == "short" else way, list(final.items()), scores, flags)
        previous = final
        severe += any(level == "red" for _rule, level, _item in flags)
    assert 0 < severe < 20


def stored(db: Session, asked: UUID) -> tuple[str, list[tuple[str, Answer]], dict[str, float | None], set[Any]]:
    response = db.scalars(sa.select(QuestionnaireResponse).where(QuestionnaireResponse.request_id == asked)).one()
    flags = db.execute(sa.select(Flag.rule_id, Flag.level, Flag.item).where(Flag.response_id == response.id))
    found = (
        response.mode,
        [(row.link_id, restored(row.state, row.value)) for row in response.answers],
        {score.score_id: score.value for score in response.scores},
        {(rule_id, str(level), item) for rule_id, level, item in flags},
    )
    db.rollback()
    return found


class Hasty:
    """Sends without looking at the pages: other tests do that, and here are hundreds."""

    def __init__(self, human: Human) -> None:
        self.client = human.client
        self.token = human.page.csrf if human.page else ""

    def post(self, url: str, data: dict[str, Any]) -> str:
        """Where it leads, or the page again."""
        answer = self.client.post(url, data=data | {"csrf_token": self.token})
        assert answer.status_code in (303, 422), f"{url}: {answer.status_code}"
        return answer.headers.get("Location") or answer.text

    def link(self, html: str, text: str) -> str:
        return unescape(re.search(rf'href="([^"]+)"[^>]*>{text}<', html)[1])

    def answer_pages(self, form: Questionnaire, asked: UUID, answers: dict[str, Answer], **chosen: str) -> None:
        """Page by page to the receipt; what has no answer is left with "Hoppa över"."""
        url = self.post(f"/fragor/{asked}", chosen)
        while (place := url.rsplit("/", 1)[1].partition("?")[0]) != "granska":
            if place == "paus":
                url = self.link(self.client.get(url).text, "Fortsätt svara")
            elif place == "ring" or form.item(place).type is ItemType.TEXT:
                url = self.post(url, {"answer": typed(form, place, answers) if place != "ring" else []})
            elif values := typed(form, place, answers):
                url = self.post(url, {"answer": values})
            else:
                url = self.link(self.post(url, {}), "Hoppa över")
        version = re.search(r'name="version" value="(\d+)"', self.client.get(url).text)[1]
        assert "/fragor/" not in self.post(url, {"version": version})


def on_one_page(form: Questionnaire, answers: dict[str, Answer]) -> dict[str, list[str]]:
    """What is keyed in: also answers to questions that are not asked of whoever answers so."""
    return {f"svar-{item.link_id}": typed(form, item.link_id, answers) for item in form.questions}


def typed(form: Questionnaire, link_id: str, answers: dict[str, Answer]) -> list[str]:
    answer = answers.get(link_id, UNANSWERED)
    if answer.state is AnswerState.DECLINED:
        return ["declined"]
    if not answer.is_answered:
        return []
    return [figure(answer.number, "sv")] if form.item(link_id).scale else list(answer.codes or (str(answer.value),))
