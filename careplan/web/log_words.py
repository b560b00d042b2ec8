"""What each action in the log is called for the one it is about."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

WORDS = {
    "denied": lazy_gettext("Försökte öppna uppgifter utan att ha rätt till det"),
    "log-in": lazy_gettext("Loggade in"),
    "log-out": lazy_gettext("Loggade ut"),
    "create-account": lazy_gettext("Gav ett sätt att logga in"),
    "read-log": lazy_gettext("Läste den här loggen"),
    "read-shares": lazy_gettext("Läste vem som får se vad"),
    "share-access": lazy_gettext("Delade uppgifter med en närstående"),
    "end-share": lazy_gettext("Avslutade en delning"),
    "find-patient": lazy_gettext("Sökte med personnummer"),
    "list-patients": lazy_gettext("Visade en lista över patienter"),
    "list-tasks": lazy_gettext("Visade arbetslistan"),
    "read-patient": lazy_gettext("Läste patientens sida"),
    "register-patient": lazy_gettext("Registrerade patienten"),
    "add-team-member": lazy_gettext("Lade till någon i vårdteamet"),
    "read-home": lazy_gettext("Läste startsidan"),
    "create-plan": lazy_gettext("Startade vårdplanen"),
    "open-plan": lazy_gettext("Öppnade vårdplanen för att ändra"),
    "edit-plan": lazy_gettext("Ändrade i vårdplanen"),
    "preview-plan": lazy_gettext("Läste ett utkast till vårdplanen"),
    "sign-plan": lazy_gettext("Signerade vårdplanen"),
    "read-plan": lazy_gettext("Läste vårdplanen"),
    "read-chapter": lazy_gettext("Läste ett kapitel i vårdplanen"),
    "read-document": lazy_gettext("Skrev ut planen"),
    "add-appointment": lazy_gettext("Bokade en tid"),
    "cancel-appointment": lazy_gettext("Ställde in en tid"),
    "record-event": lazy_gettext("Skrev in en händelse i vårdplanen"),
    "request-questionnaire": lazy_gettext("Beställde ett formulär"),
    "expire-requests": lazy_gettext("Stängde formulär som gått ut"),
    "read-request": lazy_gettext("Öppnade ett formulär"),
    "read-draft": lazy_gettext("Läste ett påbörjat formulär"),
    "read-call-notice": lazy_gettext("Såg rådet att ringa"),
    "acknowledge-call-notice": lazy_gettext("Läste rådet att ringa och gick vidare"),
    "submit-response": lazy_gettext("Skickade svar"),
    "recompute-scores": lazy_gettext("Räknade om poäng för att kontrollera dem"),
    "correct-response": lazy_gettext("Öppnade skickade svar för att rätta dem"),
    "drop-correction": lazy_gettext("Ångrade en rättelse"),
    "print-form": lazy_gettext("Skrev ut ett formulär på papper"),
    "key-in-response": lazy_gettext("Matade in svar från papper eller telefon"),
    "read-again-response": lazy_gettext("Läste ett papper en andra gång och matade in det"),
    "read-receipt": lazy_gettext("Läste kvittot"),
    "read-response": lazy_gettext("Läste svar"),
    "read-trends": lazy_gettext("Läste svaren över tid"),
    "read-task": lazy_gettext("Läste en uppgift"),
    "take-task": lazy_gettext("Tog över en uppgift"),
    "try-task": lazy_gettext("Försökte nå patienten"),
    "complete-task": lazy_gettext("Avslutade en uppgift"),
    "read-needs": lazy_gettext("Läste behovsbedömningen"),
    "assess-needs": lazy_gettext("Gjorde en behovsbedömning"),
    "read-goal": lazy_gettext("Läste ett mål"),
    "read-goals": lazy_gettext("Läste rehabiliteringsplanen"),
    "set-goal": lazy_gettext("Skrev ett mål"),
    "review-goal": lazy_gettext("Följde upp ett mål"),
}


def in_words(action: str) -> str:
    """A plain phrase; an action without one is an error that a test finds before any reader does."""
    return str(WORDS.get(action) or _("Använde uppgifter: %(action)s", action=action))
