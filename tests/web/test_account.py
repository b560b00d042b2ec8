"""Logging in and out: closed by default, revocable, counted."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from careplan.actions.login import MOST_PER_ACCOUNT, hash_password
from careplan.models import Account, AuditEvent, LoginSession
from tests.conftest import Clock
from tests.people import Human


def with_password(db: Session, username: str, password: str) -> None:
    db.scalars(sa.select(Account).where(Account.username == username)).one().password_hash = hash_password(password)
    db.commit()


def test_the_log_in_page_offers_the_cast_as_buttons(nobody: Human) -> None:
    page = nobody.get("account.login")
    names = {button.strong.get_text() for button in page.select("ul.app-cast button")}
    assert {"Astrid", "Karin", "Lina", "Lars"} <= names


def test_outside_demo_mode_there_is_neither_button_nor_address(app: Flask, nobody: Human) -> None:
    app.config["DEMO"] = False
    try:
        page = nobody.get("account.login")
        assert not page.select("ul.app-cast")
        nobody.post("account.demo_login", {"person": "astrid"}, expect=404)
    finally:
        app.config["DEMO"] = True


def test_a_password_opens_the_door(nobody: Human, db: Session) -> None:
    with_password(db, "karin", "a long enough secret")
    nobody.get("account.login")
    nobody.post("account.login", {"username": "karin", "password": "a long enough secret"})
    nobody.get("account.home", expect=302)


def test_a_wrong_password_gives_one_clear_sentence(nobody: Human, db: Session) -> None:
    with_password(db, "karin", "a long enough secret")
    nobody.get("account.login")
    page = nobody.post("account.login", {"username": "karin", "password": "guess"}, expect=422)
    assert "Namnet och lösenordet hör inte ihop" in page.text


def test_five_failures_close_the_door_for_fifteen_minutes(nobody: Human, db: Session, clock: Clock) -> None:
    with_password(db, "karin", "a long enough secret")
    nobody.get("account.login")
    for _ in range(MOST_PER_ACCOUNT):
        nobody.post("account.login", {"username": "karin", "password": "guess"}, expect=422)
    right = {"username": "karin", "password": "a long enough secret"}
    assert "för många försök" in nobody.post("account.login", right, expect=422).text
    clock.at += timedelta(minutes=16)
    nobody.post("account.login", right, expect=303)


def test_what_the_session_held_before_logging_in_is_gone_after(app: Flask) -> None:
    visitor = Human(app)
    visitor.get("account.login")
    with visitor.client.session_transaction() as session:
        session["planted"] = "before"
    visitor.post("account.demo_login", {"person": "astrid"})
    with visitor.client.session_transaction() as session:
        assert "planted" not in session


def test_a_copied_cookie_is_worth_nothing_after_log_out(app: Flask, astrid: Human) -> None:
    astrid.get("account.settings")
    cookie = astrid.client.get_cookie("careplan")
    assert cookie is not None
    astrid.post("account.logout")
    thief = Human(app)
    thief.client.set_cookie("careplan", cookie.value)
    thief.get("patient.sharing", expect=302)
    assert "/logga-in" in thief.location


def test_a_session_ends_when_nobody_uses_it(astrid: Human, clock: Clock) -> None:
    clock.at += timedelta(minutes=29)
    astrid.get("patient.sharing")
    clock.at += timedelta(minutes=31)
    astrid.get("patient.sharing", expect=302)


def test_a_seat_that_ended_closes_the_session_at_the_next_request(karin: Human, db: Session, clock: Clock) -> None:
    row = db.scalars(sa.select(LoginSession).where(LoginSession.membership_id.is_not(None))).one()
    assert row.membership is not None
    row.membership.to_on = clock.at.date() - timedelta(days=1)
    db.commit()
    karin.get("staff.patients", expect=302)


def test_log_in_and_log_out_stand_in_the_log(astrid: Human, db: Session) -> None:
    astrid.get("account.settings")
    astrid.post("account.logout")
    assert list(db.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id))) == ["log-in", "log-out"]


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_after_logging_in_nobody_is_sent_elsewhere(app: Flask, target: str) -> None:
    visitor = Human(app)
    visitor.get("account.login", next=target)
    visitor.post("account.demo_login", {"person": "astrid"}, next=target)
    assert visitor.location == "/"


def test_a_choice_of_language_and_text_size_is_kept_with_the_account(astrid: Human) -> None:
    astrid.get("account.settings")
    astrid.post("account.settings", {"language": "en", "text_size": "large"})
    page = astrid.get("account.settings")
    assert page.html is not None
    assert page.html["lang"] == "en" and "app-large" in page.html["class"]


def test_a_form_without_its_token_is_refused_with_one_sentence(astrid: Human) -> None:
    page = astrid.post("account.settings", {"language": "en", "text_size": "large"}, token=False, expect=400)
    assert "Det du skickade är inte sparat" in page.text


def test_a_huge_body_is_refused_with_one_sentence(astrid: Human) -> None:
    astrid.get("account.settings")
    page = astrid.post("account.settings", {"language": "x" * 5_000_000}, expect=413)
    assert page.heading


def test_whoever_was_on_the_way_somewhere_arrives_there(app: Flask) -> None:
    visitor = Human(app)
    visitor.get("patient.sharing", expect=302)
    page = visitor.open(visitor.location)
    form = page.select_one("form:has(button[value=astrid])")
    assert form is not None
    visitor.send(str(form["action"]), {"person": "astrid"})
    assert visitor.location == "/delning"
