"""Forms: asked for, filled in one answer at a time, sent once."""

from careplan.actions.responses.asking import expire, order_due, request
from careplan.actions.responses.drafting import AlreadySent, RequestClosed, acknowledge, save_answer, start
from careplan.actions.responses.sending import (
    MOST_WISHES,
    NO_WISH,
    OTHER_WISH,
    DraftChanged,
    InvalidSending,
    Sending,
    Submitted,
    check_sending,
    submit,
)

__all__ = [
    "MOST_WISHES",
    "NO_WISH",
    "OTHER_WISH",
    "AlreadySent",
    "DraftChanged",
    "InvalidSending",
    "RequestClosed",
    "Sending",
    "Submitted",
    "acknowledge",
    "check_sending",
    "expire",
    "order_due",
    "request",
    "save_answer",
    "start",
    "submit",
]
