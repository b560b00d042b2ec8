"""A code from the nurse, and the tablet with the form open on it."""

from uuid import UUID

from flask import Flask

from tests.people import Human


def code_for(nurse: Human, request_id: UUID) -> str:
    """The digits that the nurse reads on her screen."""
    nurse.get("staff.worklist")
    page = nurse.post("staff.tablet_code", request_id=request_id, expect=200)
    shown = page.select_one(".app-code")
    assert shown is not None
    return shown.text.replace("\xa0", "")


def entered(app: Flask, nurse: Human, request_id: UUID) -> Human:
    """A tablet on which the code was typed and the name confirmed, at the start of the form."""
    tablet = Human(app)
    tablet.get("kiosk.code")
    tablet.post("kiosk.code", {"code": code_for(nurse, request_id)})
    tablet.follow(tablet.response)
    tablet.post("kiosk.confirm")
    tablet.follow(tablet.response)
    return tablet
