"""Boundary: e-mail, fed from the outbox. No message says anything about health."""

from careplan.notify.outbox import MOST_ATTEMPTS, pause_after, send_due
from careplan.notify.texts import Notices, UnknownNotice

__all__ = ["MOST_ATTEMPTS", "Notices", "UnknownNotice", "pause_after", "send_due"]
