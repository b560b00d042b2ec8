"""careplan account: the first administrator; no default accounts exist."""

from datetime import UTC, datetime

import click

from careplan.actions import people
from careplan.cli.opened import sessions
from careplan.config import Settings
from careplan.domain.identity import Capacity
from careplan.jobs import SYSTEM
from careplan.models import Person


@click.group()
def account() -> None:
    """Who may log in."""


@account.command()
@click.argument("username")
@click.option("--given-name", required=True)
@click.option("--family-name", required=True)
@click.option("--provider", required=True, help="the care provider, made when it is not there")
@click.option("--unit", required=True, help="the care unit, made when it is not there")
@click.option("--phone", default="", help="the unit's telephone number")
@click.option(
    "--role",
    default=Capacity.ADMINISTRATOR.value,
    show_default=True,
    type=click.Choice([Capacity.ADMINISTRATOR.value, Capacity.MANAGER.value, Capacity.EDITOR.value]),
)
@click.password_option("--password", help="asked for when it is not given; at least 12 characters")
def create(
    username: str,
    given_name: str,
    family_name: str,
    provider: str,
    unit: str,
    phone: str,
    role: str,
    password: str,
) -> None:
    """Make an account for somebody who runs the service; the first administrator is made so."""
    at = datetime.now(UTC)
    with sessions(Settings()) as made, made.begin() as db:
        owner = people.open_provider(db, name=provider, by=SYSTEM, at=at)
        workplace = people.open_unit(db, provider=owner, name=unit, phone=phone, by=SYSTEM, at=at)
        person = Person(given_name=given_name, family_name=family_name, language="sv", phone="", email="")
        db.add(person)
        db.flush()
        people.create_account(db, person=person, username=username, password=password, by=SYSTEM, at=at)
        title = {"administrator": "administratör", "manager": "enhetschef", "editor": "redaktör"}[role]
        people.employ(db, person=person, title=title, unit=workplace, role=Capacity(role), by=SYSTEM, at=at)
    click.echo(f"{username} can log in")
