"""Forms: asked for, filled in one answer at a time, sent once."""

from careplan.actions.responses.asking import expire, order_due, request
from careplan.actions.responses.drafting import AlreadySent, RequestClosed, acknowledge, check_open, save_answer, start
from careplan.actions.responses.keying import (
    ILLEGIBLE,
    PAPER,
    PHONE,
    Keyed,
    NeedsAnotherPerson,
    Transcribed,
    key_in,
    read_again,
    to_read_again,
)
from careplan.actions.responses.sending import (
    MOST_WISHES,
    NO_WISH,
    OTHER_WISH,
    DraftChanged,
    InvalidSending,
    Sending,
    Source,
    Submitted,
    check_sending,
    submit,
)

__all__ = [
    "ILLEGIBLE",
    "MOST_WISHES",
    "NO_WISH",
    "OTHER_WISH",
    "PAPER",
    "PHONE",
    "AlreadySent",
    "DraftChanged",
    "InvalidSending",
    "Keyed",
    "NeedsAnotherPerson",
    "RequestClosed",
    "Sending",
    "Source",
    "Submitted",
    "Transcribed",
    "acknowledge",
    "check_open",
    "check_sending",
    "expire",
    "key_in",
    "order_due",
    "read_again",
    "request",
    "save_answer",
    "start",
    "submit",
    "to_read_again",
]
