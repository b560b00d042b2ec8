"""What each named error says on the command line, in one line."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from careplan.actions.people import AccountExists, PasswordTooShort, UsernameTaken
from careplan.actions.questionnaires import LicenceMissing
from careplan.domain.errors import CareplanError
from careplan.domain.questionnaire import InvalidAnswer, UnknownItem
from careplan.fhir.drafts import AlreadyPublished, DraftExists, NoDraft
from careplan.fhir.questionnaire_out import KeptChanged
from careplan.jobs.queue import RedisNotInstalled
from careplan.library import ContentErrors, UnknownPlan, UnknownQuestionnaire
from careplan.notify.email import UnusableSmtpUrl

SENTENCES: dict[type[CareplanError], Callable[[Any], str]] = {
    AlreadyPublished: lambda error: f"{error.path} is published already; --replace makes a new version of it",
    AccountExists: lambda error: "the person can log in already",
    ContentErrors: lambda error: _content(error),
    DraftExists: lambda error: f"{error.path} exists already; --replace writes over it",
    InvalidAnswer: lambda error: f"the answer to '{error.link_id}' cannot be used: {error.reason}",
    KeptChanged: lambda error: f"what '{error.questionnaire_id}' kept of its file was edited: import the file anew",
    LicenceMissing: lambda error: _licence_missing(error),
    NoDraft: lambda error: f"there is no draft '{error.questionnaire_id}'",
    PasswordTooShort: lambda error: f"the password must have at least {error.shortest} characters",
    RedisNotInstalled: lambda error: "CAREPLAN_QUEUE_URL needs the Python package redis: pip install redis",
    UnknownItem: lambda error: f"there is no question '{error.link_id}'",
    UnknownPlan: lambda error: f"there is no plan template '{error.plan_id}'",
    UnknownQuestionnaire: lambda error: f"there is no questionnaire or scoring key '{error.questionnaire_id}'",
    UnusableSmtpUrl: lambda error: "CAREPLAN_SMTP_URL must be smtp://[user:password@]host[:port] or smtps://…",
    UsernameTaken: lambda error: f"the user name '{error.username}' is taken",
}


def sentence_for(error: CareplanError) -> str:
    sentence = SENTENCES.get(type(error))
    if sentence is not None:
        return sentence(error)
    name = type(error).__name__
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return f"{words}: {error}" if str(error) else words


def settings_sentence(error: ValidationError) -> str:
    """The settings that are wrong, by the name of their variable."""
    parts = []
    for detail in error.errors():
        message = detail["msg"].removeprefix("Value error, ")
        name = "_".join(str(part) for part in detail["loc"])
        parts.append(f"CAREPLAN_{name.upper()}: {message}" if name else message)
    return "; ".join(parts)


def _content(error: ContentErrors) -> str:
    more = len(error.problems) - 1
    return f"{error.problems[0]}" + (f" (and {more} more; see `careplan check`)" if more else "")


def _licence_missing(error: LicenceMissing) -> str:
    return f"no unit has recorded a licence for {error.instrument}; its manager does so on the page Licenser"
