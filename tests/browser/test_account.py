"""The pages around the main way: about the service, sharing, the log, languages."""

import pytest

from tests.browser.visitor import AT_A_PHONE, Visit
from tests.make import Clinic

pytestmark = [pytest.mark.browser, AT_A_PHONE]


def test_the_pages_about_the_service_can_be_read_by_anyone(visit: Visit) -> None:
    visitor = visit()
    for path in ("/logga-in", "/installningar", "/uppgifter", "/tillganglighet"):
        visitor.go(path)


def test_a_patient_shares_with_a_neighbour_and_reads_the_log(visit: Visit, clinic: Clinic) -> None:
    bo = visit("bo")
    bo.go("/delning")
    bo.fill("Förnamn", "Olof")
    bo.fill("Efternamn", "Grann")
    bo.fill("Personnummer, om du kan det", "19681301-2384")
    bo.fill("Vem är det för dig?", "granne")
    bo.tick("Läsa min plan och mina mål")
    bo.press("Dela", status=422)
    assert "datum som inte finns" in bo.text
    bo.fill("Personnummer, om du kan det", clinic.personnummer["lina"])
    bo.press("Dela")
    assert "får nu se det du har valt" in bo.text
    bo.link("Se vem som har läst dina uppgifter")
    assert "Bo Sjöberg" in bo.text
