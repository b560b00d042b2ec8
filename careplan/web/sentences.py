"""What each named error says to the reader: status, heading, one clear sentence."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from careplan import pdf
from careplan.actions import (
    kiosk,
    login,
    needs,
    own_chapters,
    plans,
    questionnaires,
    responses,
    tasks,
    templates,
    treatment_summaries,
)
from careplan.domain.errors import CareplanError
from careplan.domain.identity import InvalidIdentifier
from careplan.domain.plan import UnknownChapter
from careplan.domain.questionnaire import NotShown, UnknownItem
from careplan.library import UnknownPlan
from careplan.library.personal import OwnTextRefused
from careplan.web import rule_sentences
from careplan.web.handover_sentences import HANDOVERS
from careplan.web.message_sentences import MESSAGES
from careplan.web.own_sentences import OWN
from careplan.web.publishing_sentences import PUBLISHING
from careplan.web.rehabilitation_sentences import REHABILITATION
from careplan.web.staffing_sentences import STAFFING

Words = tuple[int, str, str]


def _identifier(error: InvalidIdentifier) -> Words:
    sentences = {
        "empty": _("Skriv personnumret med 12 siffror."),
        "length": _("Ett personnummer har 10 eller 12 siffror. Kontrollera och skriv igen."),
        "date": _("Personnumret har ett datum som inte finns. Kontrollera och skriv igen."),
        "check-digit": _("Sista siffran i personnumret stämmer inte. Kontrollera och skriv igen."),
    }
    return 422, _("Personnumret stämmer inte"), sentences[error.reason]


def _unknown_in_plan(_error: CareplanError) -> Words:
    sentence = _("Mallen har ändrats eller finns inte längre. Inget är sparat. Ladda om sidan och försök igen.")
    return 422, _("Det valet finns inte i mallen"), sentence


def _licence_missing(error: questionnaires.LicenceMissing) -> Words:
    sentence = _(
        "Enhetens chef skriver in licensen för %(name)s under Licenser. Innan dess kan formuläret inte visas eller "
        "beställas.",
        name=error.instrument,
    )
    return 409, _("Licensen är inte inskriven"), sentence


def _wrong_respondent(_error: responses.WrongRespondent) -> Words:
    sentence = _("Patienten delar inte med den personen längre, eller så är formuläret till någon annan. Välj igen.")
    return 422, _("Personen kan inte få frågorna"), sentence


def _plan_exists(_error: plans.PlanExists) -> Words:
    return 409, _("Patienten har redan en plan"), _("Det finns redan en vårdplan på er enhet. Öppna den i stället.")


def _plan_changed(_error: plans.PlanChanged) -> Words:
    sentence = _("Någon sparade planen efter att du öppnade den. Inget är signerat. Läs planen igen och signera sedan.")
    return 409, _("Planen har ändrats"), sentence


def _nothing_shown(_error: plans.NothingShown) -> Words:
    return 422, _("Planen är tom"), _("Inget kapitel visas. Kryssa för minst ett kapitel innan du signerar.")


def _past_appointment(_error: plans.AppointmentInThePast) -> Words:
    return 422, _("Tiden har redan varit"), _("Skriv en tid som kommer. Inget är sparat.")


def _document_too_large(_error: CareplanError) -> Words:
    sentence = _("Dokumentet är för stort för att skrivas ut på en gång. Gå tillbaka och välj färre kapitel.")
    return 422, _("Dokumentet är för stort"), sentence


def _document_too_slow(_error: CareplanError) -> Words:
    sentence = _("Dokumentet tog för lång tid att göra. Gå tillbaka och välj färre kapitel, eller vänta en stund.")
    return 503, _("Dokumentet blev inte klart"), sentence


def _printer_busy(_error: CareplanError) -> Words:
    return 503, _("Många skriver ut just nu"), _("Vänta en minut. Gå sedan tillbaka och hämta dokumentet igen.")


def _task_closed(error: tasks.TaskAlreadyClosed) -> Words:
    return (
        409,
        _("Uppgiften är redan stängd"),
        _("%(name)s hann före. Det du skrev är inte sparat.", name=error.closed_by),
    )


def _unknown_outcome(_error: tasks.UnknownOutcome) -> Words:
    return 422, _("Det går inte att välja"), _("Den här uppgiften kan inte stängas så. Välj något av det som visas.")


def _missing_reason(_error: tasks.MissingReason) -> Words:
    return 422, _("Något saknas"), _("Skriv varför, eller till vem.")


def _missing_date(_error: tasks.MissingDate) -> Words:
    return 422, _("Något saknas"), _("Välj till vilken dag det är känt.")


def _known_in_the_past(_error: tasks.KnownUntilInThePast) -> Words:
    return 422, _("Dagen har redan varit"), _("Välj en dag som kommer.")


def _review_in_the_past(_error: needs.ReviewInThePast) -> Words:
    return 422, _("Dagen har redan varit"), _("Välj en dag efter i dag.")


def _nothing_assessed(_error: needs.NothingAssessed) -> Words:
    return 422, _("Ingen nivå är satt"), _("Sätt minst en nivå, eller skriv ett mål.")


def _empty_goal(_error: needs.EmptyGoal) -> Words:
    return 422, _("Målet saknar ord"), _("Skriv vad målet är.")


def _unknown_responsible(_error: needs.UnknownResponsible) -> Words:
    return (
        422,
        _("Personen arbetar inte här"),
        _("Välj patienten eller någon som arbetar på er enhet. Inget är sparat."),
    )


def _goal_closed(_error: needs.GoalClosed | needs.GoalReviewed) -> Words:
    return 409, _("Målet är redan uppföljt"), _("Någon annan hann före. Det du skrev är inte sparat.")


def _unknown_area(_error: needs.UnknownArea) -> Words:
    return 422, _("Det området finns inte"), _("Ladda om sidan och försök igen. Inget är sparat.")


def _request_closed(error: responses.RequestClosed) -> Words:
    match error.reason:
        case "expired":
            sentence = _("Tiden för att svara är slut. Ring din kontaktsjuksköterska om du vill berätta hur du mår.")
            return 410, _("Det är för sent att svara"), sentence
        case "cancelled":
            return 410, _("Frågorna är borttagna"), _("Du behöver inte svara på de här frågorna längre.")
        case "not-open":
            return 409, _("Frågorna är inte öppna än"), _("De står på första sidan när det är dags.")
        case "not-licensed":
            sentence = _("Mottagningen behöver ordna en sak först. Ring om du vill berätta hur du mår.")
            return 409, _("Frågorna kan inte visas nu"), sentence


def _sent_already(_error: responses.AlreadySent) -> Words:
    return 409, _("Svaren är redan skickade"), _("Det du skickade nu är inte sparat. Kvittot står under Svar.")


def _answer_changed(_error: responses.AnswerChanged) -> Words:
    sentence = _("Frågan besvarades någon annanstans medan du hade den öppen. Ditt svar är inte sparat.")
    return 409, _("Två olika svar på samma fråga"), sentence


def _already_corrected(_error: responses.AlreadyCorrected) -> Words:
    sentence = _("Svaren är redan rättade en gång. Öppna de nyaste svaren under Svar och rätta dem. Inget är ändrat.")
    return 409, _("Det finns nyare svar"), sentence


def _correction_closed(_error: responses.CorrectionClosed) -> Words:
    sentence = _("Tiden för att rätta svaren är slut. Ring mottagningen om något är fel. Inget är ändrat.")
    return 410, _("Det är för sent att rätta"), sentence


def _nothing_corrected(_error: responses.NothingCorrected) -> Words:
    return 422, _("Inget är ändrat"), _("Inget är skickat. Välj Ändra vid det svar som är fel.")


def _needs_another(_error: responses.NeedsAnotherPerson) -> Words:
    sentence = _("Du har redan läst papperet. En kollega ska läsa det också. Det du skrev nu är inte sparat.")
    return 409, _("En kollega ska läsa papperet"), sentence


def _invalid_code(error: kiosk.InvalidCode) -> Words:
    sentences = {
        "malformed": _("Skriv koden. Den har 8 siffror."),
        "wrong": _("Det finns ingen sådan kod. Kontrollera siffrorna och skriv igen."),
        "used": _("Koden är redan använd. Be personalen om en ny."),
        "expired": _("Koden gäller inte längre. Be personalen om en ny."),
        "answered": _("Frågorna är redan besvarade. Du behöver inte göra något mer."),
        "closed": _("Frågorna går inte att besvara längre. Fråga personalen."),
    }
    return 422, _("Koden öppnade inget"), sentences[error.reason]


def _too_many_attempts(_error: login.TooManyAttempts) -> Words:
    return 429, _("För många försök"), _("Det blev för många försök. Vänta 15 minuter och försök igen.")


def _not_shown(_error: CareplanError) -> Words:
    sentence = _("Den hör inte till dina frågor efter det du har svarat. Inget är sparat, och inget är borta.")
    return 422, _("Frågan visas inte"), sentence


def _unknown_question(_error: CareplanError) -> Words:
    return 404, _("Frågan finns inte"), _("Det finns ingen sådan fråga i formuläret. Inget är sparat.")


def _own_text(_error: CareplanError) -> Words:
    sentence = _("Ett kapitel som du har skrivit kan inte visas. Öppna det och skriv om texten. Inget är ändrat.")
    return 422, _("Ett eget kapitel behöver ändras"), sentence


def _no_newer_template(_error: templates.NoNewerTemplate) -> Words:
    return 409, _("Planen har redan den nyaste mallen"), _("Någon annan hann före. Inget är ändrat.")


def _no_reason(_error: templates.NeedsReason) -> Words:
    return 422, _("Skälet saknas"), _("Skriv varför den nya mallen inte passar. Inget är sparat.")


def _empty_summary(_error: treatment_summaries.NothingWritten) -> Words:
    return 422, _("Sammanfattningen är tom"), _("Skriv något innan du signerar. Inget är signerat.")


def _long_summary(_error: CareplanError) -> Words:
    return 422, _("Texten är för lång"), _("Sammanfattningen ska få plats på ett A4. Korta ned den. Inget är signerat.")


# type of error -> function of the error giving (status, heading, sentence), in the reader's language
SENTENCES: dict[type[CareplanError], Callable[[Any], Words]] = {
    InvalidIdentifier: _identifier,
    kiosk.InvalidCode: _invalid_code,
    login.TooManyAttempts: _too_many_attempts,
    NotShown: _not_shown,
    UnknownItem: _unknown_question,
    responses.AlreadySent: _sent_already,
    responses.AnswerChanged: _answer_changed,
    responses.AlreadyCorrected: _already_corrected,
    responses.CorrectionClosed: _correction_closed,
    responses.NothingCorrected: _nothing_corrected,
    responses.NeedsAnotherPerson: _needs_another,
    responses.RequestClosed: _request_closed,
    pdf.DocumentTooLarge: _document_too_large,
    pdf.DocumentTooSlow: _document_too_slow,
    pdf.PrinterBusy: _printer_busy,
    UnknownPlan: _unknown_in_plan,
    UnknownChapter: _unknown_in_plan,
    plans.UnknownTreatment: _unknown_in_plan,
    plans.UnknownPhase: _unknown_in_plan,
    plans.UnknownEvent: _unknown_in_plan,
    responses.WrongRespondent: _wrong_respondent,
    plans.PlanExists: _plan_exists,
    questionnaires.LicenceMissing: _licence_missing,
    plans.PlanChanged: _plan_changed,
    OwnTextRefused: _own_text,
    own_chapters.NoTitle: _own_text,
    treatment_summaries.NothingWritten: _empty_summary,
    treatment_summaries.UnknownPart: _unknown_in_plan,
    treatment_summaries.PartTooLong: _long_summary,
    treatment_summaries.LongerThanAPage: _long_summary,
    treatment_summaries.SummaryChanged: _plan_changed,
    templates.NoNewerTemplate: _no_newer_template,
    templates.NeedsReason: _no_reason,
    templates.UnknownChoice: _unknown_in_plan,
    plans.NothingShown: _nothing_shown,
    plans.AppointmentInThePast: _past_appointment,
    tasks.TaskAlreadyClosed: _task_closed,
    tasks.UnknownOutcome: _unknown_outcome,
    tasks.MissingReason: _missing_reason,
    tasks.MissingDate: _missing_date,
    tasks.KnownUntilInThePast: _known_in_the_past,
    needs.ReviewInThePast: _review_in_the_past,
    needs.NothingAssessed: _nothing_assessed,
    needs.EmptyGoal: _empty_goal,
    needs.UnknownResponsible: _unknown_responsible,
    needs.GoalClosed: _goal_closed,
    needs.GoalReviewed: _goal_closed,
    needs.UnknownArea: _unknown_area,
    **rule_sentences.SENTENCES,
    **STAFFING,
    **HANDOVERS,
    **PUBLISHING,
    **MESSAGES,
    **OWN,
    **REHABILITATION,
}


def sentence_for(error: CareplanError) -> str:
    """The one sentence, for the place beside a field."""
    return SENTENCES[type(error)](error)[2]
