from datetime import date, datetime

from careplan.domain.journal import MOST_LINES, Noted, journal_text
from careplan.i18n import TIME_ZONE

FULL = {
    "sent_at": datetime(2026, 11, 16, 10, 14, tzinfo=TIME_ZONE),
    "mode": "web",
    "by_relative": "",
    "before_on": date(2026, 11, 2),
    "flagged": [Noted("Andnöd", "8 av 10", "2"), Noted("Pågår nu", "Ja"), Noted("Trötthet", "7 av 10", "6")],
    "unanswered": ["Domningar"],
    "declined": ["Nedstämdhet"],
    "comment": "Det kom smygande.\nJag får stanna.",
    "wishes": ["Trötthet"],
    "urgency": "week",
    "wants_contact": True,
    "was_told": True,
    "author": "Karin Lind, kontaktsjuksköterska",
}


def test_all_that_can_be_said_fits_on_eight_lines() -> None:
    text = journal_text(**FULL)
    assert text.splitlines() == [
        "Självskattning 2026-11-16 kl. 10.14, webb.",
        "Andnöd 8 av 10 (2 den 2026-11-02). Pågår nu: Ja. Trötthet 7 av 10 (6).",
        "Ej besvarat: Domningar. Ville inte svara: Nedstämdhet.",
        "Egna ord: ”Det kom smygande. Jag får stanna.”",
        "Vill ha hjälp med trötthet, denna vecka. Vill bli kontaktad.",
        "Har fått rådet att ringa.",
        "Åtgärd:",
        "Karin Lind, kontaktsjuksköterska",
    ]
    assert len(text.splitlines()) == MOST_LINES


def test_a_calm_answer_says_so_and_leaves_out_what_there_is_not() -> None:
    calm = FULL | {"flagged": [], "unanswered": [], "declined": [], "comment": "", "wishes": [], "urgency": None}
    text = journal_text(**calm | {"wants_contact": False, "was_told": False})
    assert text.splitlines()[1:] == ["Inget svar över gränsen.", "Åtgärd:", "Karin Lind, kontaktsjuksköterska"]


def test_help_from_a_relative_is_said() -> None:
    first = journal_text(**FULL | {"by_relative": "Lina Ek", "mode": "phone"}).splitlines()[0]
    assert first == "Självskattning 2026-11-16 kl. 10.14, telefon, ifyllt med hjälp av Lina Ek."


def test_long_own_words_are_cut_to_one_line() -> None:
    text = journal_text(**FULL | {"comment": "ord " * 200})
    assert len(text.splitlines()) == MOST_LINES
    assert "…”" in text


def test_own_words_end_once_and_what_is_unchanged_is_not_said_twice() -> None:
    flagged = [Noted("Annat", "Jag sov gott.", "Jag sov illa."), Noted("Pågår nu", "Ja", "Ja")]
    said = journal_text(**FULL | {"flagged": flagged}).splitlines()[1]
    assert said == "Annat: Jag sov gott (Jag sov illa den 2026-11-02). Pågår nu: Ja."
