"""The fixed words for codes: the same word in the list, the case, the plan and in print."""

from flask_babel import lazy_gettext as _l

from careplan.domain.identity import Capacity
from careplan.domain.needs import Children, Domain, GoalOutcome, Mode, NeedLevel
from careplan.domain.tasks import Outcome, Urgency

GROUPS = {
    "now": _l("Behöver bedömas nu"),
    "see": _l("Behöver ses"),
    "contact": _l("Vill bli kontaktad"),
    "message": _l("Meddelande"),
    "referral": _l("Remiss inom teamet"),
    "handover": _l("Aktiv överlämning"),
    "paper": _l("Papper att mata in"),
    "review": _l("Uppföljning"),
    "silence": _l("Har inte svarat"),
    "response": _l("Inget nytt"),
}

ROLES = {
    Capacity.CONTACT_NURSE: _l("kontaktsjuksköterska"),
    Capacity.REHABILITATION: _l("rehabilitering"),
    Capacity.MANAGER: _l("enhetschef"),
    Capacity.EDITOR: _l("redaktör"),
    Capacity.ADMINISTRATOR: _l("administratör"),
}

ALARMS = {
    "nobody-home": _l("Ingen är på plats för uppgifterna."),
    "overdue": _l("Uppgifter är försenade sedan länge."),
    "damage": _l("Något var fel i uppgifterna. Det är lagat, men be driften titta."),
    "stuck-notices": _l("Aviseringar går inte ut."),
}

OUTCOMES = {
    Outcome.CALLED: _l("Talat med patienten"),
    Outcome.ADVISED: _l("Gett råd om egenvård"),
    Outcome.BOOKED: _l("Bokat besök"),
    Outcome.PHYSICIAN: _l("Lämnat till läkare"),
    Outcome.REFERRED: _l("Remiss inom teamet"),
    Outcome.KNOWN: _l("Känt och omhändertaget till …"),
    Outcome.NO_ACTION: _l("Ingen åtgärd, därför att …"),
    Outcome.ACKNOWLEDGED: _l("Läst, inget nytt"),
    Outcome.ENTERED: _l("Inmatat"),
    Outcome.REVIEWED: _l("Följt upp"),
    Outcome.ANSWERED: _l("Besvarat"),
    Outcome.ACCEPTED: _l("Tagit emot"),
    Outcome.RETURNED: _l("Skickat tillbaka"),
}

URGENCIES = {
    Urgency.TODAY: _l("i dag"),
    Urgency.WEEK: _l("den här veckan"),
    Urgency.WAIT: _l("kan vänta"),
}

DOMAINS = {
    Domain.PHYSICAL: _l("Fysiskt"),
    Domain.PSYCHOLOGICAL: _l("Psykiskt"),
    Domain.SOCIAL: _l("Socialt"),
    Domain.EXISTENTIAL: _l("Existentiellt"),
}

AREAS = {
    "strength": _l("Ork och rörelse"),
    "pain": _l("Smärta"),
    "sleep": _l("Sömn"),
    "food": _l("Mat och vikt"),
    "intimacy": _l("Samliv och sexualitet"),
    "mood": _l("Oro och nedstämdhet"),
    "work": _l("Arbete och ekonomi"),
    "family": _l("Familj och närstående"),
    "meaning": _l("Mening och livsfrågor"),
}

NEED_LEVELS = {
    NeedLevel.NONE: _l("Inget behov"),
    NeedLevel.BASIC: _l("Grundläggande"),
    NeedLevel.PARTICULAR: _l("Särskilda"),
    NeedLevel.ADVANCED: _l("Avancerade"),
    NeedLevel.VERY_ADVANCED: _l("Mycket avancerade"),
}

GOAL_OUTCOMES = {
    GoalOutcome.ACHIEVED: _l("Nått"),
    GoalOutcome.PARTLY: _l("Delvis nått"),
    GoalOutcome.NOT: _l("Inte nått"),
}

MODES = {
    Mode.VISIT: _l("På mottagningen"),
    Mode.PHONE: _l("På telefon"),
    Mode.VIDEO: _l("På video"),
}

CHILDREN = {
    Children.YES: _l("Ja"),
    Children.NO: _l("Nej"),
    Children.NOT_ASKED: _l("Har inte frågat än"),
}
