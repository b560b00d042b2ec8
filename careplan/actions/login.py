"""Logging in with a password: argon2id, and attempts counted in the database across processes and restarts."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy.orm import Session

from careplan.domain.errors import CareplanError
from careplan.models import Account, LoginAttempt

WINDOW = timedelta(minutes=15)
MOST_PER_ACCOUNT = 5
MOST_PER_ADDRESS = 50

_hasher = PasswordHasher()  # argon2id with the library's own, current costs
# Verified when there is no such account, so that an answer takes as long either way.
_NOBODY = _hasher.hash("no account has this password")


class TooManyAttempts(CareplanError):
    """Failed too often lately: for this name, or from this address."""


class WrongPassword(CareplanError):
    """The name and the password do not belong together, or there is no such account."""


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def check_password(db: Session, *, username: str, password: str, address: str, at: datetime) -> Account:
    """The account whose password this is. The caller commits also when this raises: the attempt is counted.

    Raises TooManyAttempts, WrongPassword.
    """
    if failures(db, LoginAttempt.username == username, at=at) >= MOST_PER_ACCOUNT:
        raise TooManyAttempts
    if failures(db, LoginAttempt.address == address, at=at) >= MOST_PER_ADDRESS:
        raise TooManyAttempts
    account = db.scalar(sa.select(Account).where(Account.username == username, Account.is_active))
    is_right = _matches(account.password_hash if account and account.password_hash else _NOBODY, password)
    is_right = is_right and account is not None and account.password_hash is not None
    db.add(LoginAttempt(username=username, address=address, at=at, succeeded=is_right))
    db.flush()
    if not is_right or account is None:
        raise WrongPassword
    return account


def failures(db: Session, whose: sa.ColumnElement[bool], *, at: datetime) -> int:
    """How often it went wrong lately."""
    since = LoginAttempt.at > at - WINDOW
    return db.scalar(sa.select(sa.func.count()).where(whose, since, LoginAttempt.succeeded.is_(False))) or 0


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerifyMismatchError:
        return False
