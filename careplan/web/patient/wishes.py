"""A wish to be contacted, also when all is well: asked for in two clicks, with a receipt of who reads it and when."""

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from wtforms import RadioField, SelectChoice, TextAreaField

from careplan.actions import audit, wishes
from careplan.db import session
from careplan.domain.identity import Capacity
from careplan.domain.own import LONGEST_WISH
from careplan.domain.tasks import Urgency
from careplan.domain.team import Contact
from careplan.queries import own
from careplan.queries.access import NotVisible
from careplan.queries.home import contact_of
from careplan.queries.team import contact_for
from careplan.web import access
from careplan.web.labels import URGENCIES
from careplan.web.own_fields import KeyedForm, within
from careplan.web.pages import page
from careplan.web.patient import bp
from careplan.web.patient.telephone import telephone


class WishForm(KeyedForm):
    text = TextAreaField(
        lazy_gettext("Vad gäller det? Du behöver inte skriva något"), validators=[within(LONGEST_WISH)]
    )
    urgency = RadioField(
        lazy_gettext("När behöver du få kontakt?"),
        choices=[SelectChoice(value.value, words) for value, words in URGENCIES.items()],
        validate_choice=False,
    )

    @property
    def how_soon(self) -> Urgency | None:
        chosen = self.urgency.data
        return Urgency(chosen) if chosen in {each.value for each in Urgency} else None


@bp.route("/kontakt", methods=["GET", "POST"])
def contact() -> ResponseReturnValue:
    """One button is enough; words and how soon are for whoever wants."""
    db, by, at = session(), access.actor(), access.now()
    answering = _answering()
    form = WishForm()
    if form.validate_on_submit():
        made = wishes.wish(
            db,
            key=form.page_key,
            patient_id=_own_id(),
            text=form.text.data or "",
            urgency=form.how_soon,
            contact=answering,
            by=by,
            at=at,
        )
        db.commit()
        return redirect(url_for("patient.wish", wish_id=made.id), 303)
    audit.record(db, "read-home", by=by, at=at, patient_id=by.patient_id, object_type="patient")
    form.fresh()
    body = page(
        "patient/contact.html",
        form=form,
        contact=answering,
        telephone=telephone(answering, at=at),
        urgencies=list(URGENCIES.items()),
        now=at,
    )
    return body, 422 if form.errors else 200


@bp.get("/kontakt/<uuid:wish_id>")
def wish(wish_id: UUID) -> str:
    """The receipt: who reads it, by when, and later what became of it."""
    db, by, at = session(), access.actor(), access.now()
    found = own.get_wish_for(db, by, wish_id, at=at)
    answering = contact_for(db, found.patient_id, found.unit_id, at=at)
    audit.record(
        db, "read-wish", by=by, at=at, patient_id=found.patient_id, object_type="contact-wish", object_id=found.id
    )
    return page("patient/wish.html", wish=found, task=found.task, contact=answering, urgency_words=URGENCIES, now=at)


def _answering() -> Contact:
    found = contact_of(session(), _own_id(), at=access.now())
    if found is None:
        raise NotVisible("contact", "own")
    return found


def _own_id() -> UUID:
    by = access.actor()
    if by.capacity is not Capacity.PATIENT or by.patient_id is None:
        raise NotVisible("contact", "own")
    return by.patient_id
