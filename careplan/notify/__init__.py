"""Boundary: e-mail and SMS, fed from the outbox. No message says anything about health."""

from careplan.notify.outbox import MOST_ATTEMPTS, Channels, pause_after, send_due
from careplan.notify.sms import Gateway
from careplan.notify.texts import Notices, UnknownNotice

__all__ = ["MOST_ATTEMPTS", "Channels", "Gateway", "Notices", "UnknownNotice", "pause_after", "send_due"]
