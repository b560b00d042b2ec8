"""Where a notice can reach somebody: an address of e-mail, or a telephone number."""

import re
from typing import Literal

from careplan.domain.errors import CareplanError

Channel = Literal["none", "email", "sms"]
LONGEST_ADDRESS, LONGEST_NUMBER = 200, 40
# Loose: what is left out is what no server takes, and what could be read as more than one address or header.
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x1f]{1,64}@[^\s@<>()\[\],;:\"\\\x00-\x1f]+\.[^\W\d_][\w-]+")


class Unreachable(CareplanError):
    """No such way, or nothing can be sent to what was written for it."""

    def __init__(self, channel: str) -> None:
        super().__init__(channel)
        self.channel = channel


def number_of(phone: str) -> str | None:
    """As gateways want it, +46701234567; None where it is no number. A number without a country is Swedish."""
    digits = re.sub(r"[\s()/-]", "", phone)
    if re.fullmatch(r"\+[1-9]\d{6,14}", digits, re.ASCII):
        return digits
    if re.fullmatch(r"00[1-9]\d{6,14}", digits, re.ASCII):
        return "+" + digits[2:]
    return "+46" + digits[1:] if re.fullmatch(r"0[1-9]\d{6,9}", digits, re.ASCII) else None


def address_of(email: str) -> str | None:
    """One address of e-mail, as written; None where it is none."""
    email = email.strip()
    return email if len(email) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(email) and ".." not in email else None
