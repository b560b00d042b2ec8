"""What the errors about absences, seats and a unit's times say to the reader."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from careplan.actions import absences as absence_actions
from careplan.actions import routing, staffing
from careplan.domain import absences
from careplan.domain.errors import CareplanError
from careplan.domain.tasks import ImpossibleTime

Words = tuple[int, str, str]


def _ends_before_start(_error: CareplanError) -> Words:
    return 422, _("Dagarna stämmer inte"), _("Sista dagen är före den första. Kontrollera dagarna.")


def _absence_in_the_past(_error: CareplanError) -> Words:
    return 422, _("Dagarna har redan varit"), _("Frånvaron har redan varit. Välj dagar som kommer.")


def _own_cover(_error: CareplanError) -> Words:
    return 422, _("Ingen kan täcka för sig själv"), _("Välj en kollega. Ingen kan svara för sig själv.")


def _cover_is_away(_error: CareplanError) -> Words:
    return 422, _("Kollegan är också borta"), _("Kollegan är borta någon av de dagarna. Välj någon annan.")


def _cover_loops(_error: CareplanError) -> Words:
    sentence = _("Kollegan är borta då, och den som är borta svarar för kollegan. Välj någon annan.")
    return 422, _("Ni skulle täcka för varandra"), sentence


def _already_away(_error: CareplanError) -> Words:
    sentence = _("Det finns redan frånvaro någon av de dagarna. Ändra den i stället.")
    return 422, _("Frånvaron finns redan"), sentence


def _cover_not_here(_error: CareplanError) -> Words:
    return 422, _("Kollegan kan inte täcka"), _("Kollegan arbetar inte på enheten alla de dagarna. Välj någon annan.")


def _impossible_time(error: ImpossibleTime) -> Words:
    return (
        422,
        _("Tiden går inte"),
        _("Skriv ett heltal från %(least)s till %(most)s.", least=error.least, most=error.most),
    )


def _already_employed(_error: CareplanError) -> Words:
    return 409, _("Personen arbetar redan här"), _("Personen arbetar redan på enheten. Ändra under Personal i stället.")


def _own_seat(_error: CareplanError) -> Words:
    return 422, _("Det är du själv"), _("Du kan inte ändra din egen behörighet. Be en annan chef.")


def _role_not_given(_error: CareplanError) -> Words:
    return 422, _("Den behörigheten går inte att ge"), _("Den behörigheten ger administratören. Inget är ändrat.")


def _unknown_colleague(_error: CareplanError) -> Words:
    return 422, _("Kollegan arbetar inte här"), _("Välj en sjuksköterska som arbetar på enheten. Inget är ändrat.")


def _nobody_there(_error: CareplanError) -> Words:
    return 422, _("Ingen är på plats där"), _("Välj en mottagning där någon är på plats.")


STAFFING: dict[type[CareplanError], Callable[[Any], Words]] = {
    absences.EndsBeforeStart: _ends_before_start,
    absences.AbsenceInThePast: _absence_in_the_past,
    absences.OwnCover: _own_cover,
    absences.CoverIsAway: _cover_is_away,
    absences.CoverLoops: _cover_loops,
    absences.AlreadyAway: _already_away,
    absence_actions.CoverNotHere: _cover_not_here,
    ImpossibleTime: _impossible_time,
    staffing.AlreadyEmployed: _already_employed,
    staffing.OwnSeat: _own_seat,
    staffing.RoleNotGiven: _role_not_given,
    staffing.UnknownColleague: _unknown_colleague,
    routing.NobodyThere: _nobody_there,
}
