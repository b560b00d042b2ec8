"""What each action in the log is called for the one it is about."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

WORDS = {
    "denied": lazy_gettext("Försökte öppna uppgifter utan att ha rätt till det"),
    "log-in": lazy_gettext("Loggade in"),
    "log-out": lazy_gettext("Loggade ut"),
    "read-log": lazy_gettext("Läste den här loggen"),
    "read-shares": lazy_gettext("Läste vem som får se vad"),
    "read-document": lazy_gettext("Skrev ut planen"),
    "share": lazy_gettext("Delade uppgifter med en närstående"),
    "end-share": lazy_gettext("Avslutade en delning"),
}


def in_words(action: str) -> str:
    """A plain phrase; an action without one is an error that a test finds before any reader does."""
    return str(WORDS.get(action) or _("Använde uppgifter: %(action)s", action=action))
