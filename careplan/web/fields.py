"""A date written as day, month and year; the error says which part is wrong, and a part left out is no crash."""

from datetime import date
from typing import Any

from wtforms import Field
from wtforms.validators import StopValidation

from careplan.i18n import _


class PartsDateField(Field):
    """Reads name-day, name-month and name-year, as `date_input` in components/forms.html posts them; empty is None."""

    data: date | None
    parts: tuple[str, str, str] = ("", "", "")

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        if self.data is not None:
            self.parts = (str(self.data.day), str(self.data.month), str(self.data.year))
        if formdata is None or not any(f"{self.name}-{part}" in formdata for part in ("day", "month", "year")):
            return
        self.parts = tuple(formdata.get(f"{self.name}-{part}", "").strip()[:10] for part in ("day", "month", "year"))
        # InputRequired and Optional look here for what was sent.
        self.raw_data = ["-".join(self.parts)] if any(self.parts) else []
        self.data = None

    def pre_validate(self, form: Any) -> None:
        if not any(self.parts):
            return
        day, month, year = self.parts
        if not day or not month or not year:
            raise StopValidation(_("Skriv både dag, månad och år."))
        if not all(part.isascii() and part.isdigit() for part in self.parts):
            raise StopValidation(_("Skriv datumet med siffror, till exempel 1 12 2026."))
        if len(year) != 4:
            raise StopValidation(_("Skriv året med fyra siffror."))
        try:
            self.data = date(int(year), int(month), int(day))
        except ValueError:
            raise StopValidation(_("Den dagen finns inte. Kontrollera dag och månad.")) from None

    def _value(self) -> str:
        return self.data.isoformat() if self.data else ""
