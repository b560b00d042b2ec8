"""What may be sent, what a thread is called, and how a message is said on one line."""

import pytest

from careplan.domain.messages import MOST_LETTERS, EmptyMessage, MessageTooLong, checked, quoted, subject_of


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("  Hej  ", "Hej"),
        ("Hej\r\nKarin\rtack", "Hej\nKarin\ntack"),
        ("En\n\n\ntvå", "En\n\n\ntvå"),
        ("Noll\x00 och \x1bescape", "Noll och escape"),
        ("\u202eomvänt\u202c och \u2066isolerat\u2069", "omvänt och isolerat"),
        ("Tack 👩‍👩‍👧 för allt 🙏🏽", "Tack 👩‍👩‍👧 för allt 🙏🏽"),
        ("مرحبا كارين", "مرحبا كارين"),
        ("<b>O'Brien</b> & Åsa", "<b>O'Brien</b> & Åsa"),
    ],
)
def test_text_is_kept_as_text_without_what_no_person_wrote(written: str, stored: str) -> None:
    assert checked(written) == stored


@pytest.mark.parametrize("nothing", ["", "   ", "\r\n\r\n", "\x00", "\u202e"])
def test_nothing_is_not_a_message(nothing: str) -> None:
    with pytest.raises(EmptyMessage):
        checked(nothing)


def test_the_longest_message_is_sent_whole_and_one_letter_more_is_refused_with_how_many() -> None:
    assert len(checked("å" * MOST_LETTERS)) == MOST_LETTERS
    with pytest.raises(MessageTooLong) as refused:
        checked("å" * (MOST_LETTERS + 1))
    assert refused.value.over == 1


def test_a_line_break_counts_once_however_the_browser_writes_it() -> None:
    assert len(checked("a\r\n" * (MOST_LETTERS // 2 - 1) + "bc")) == MOST_LETTERS


@pytest.mark.parametrize(
    ("given", "text", "called"),
    [
        ("Domningar", "Hej", "Domningar"),
        ("  Två\n rader ", "Hej", "Två rader"),
        ("", "Får jag ta Alvedon?", "Får jag ta Alvedon?"),
        ("", "Det sticker i fingertopparna sedan i söndags och jag undrar vad jag ska göra", None),
    ],
)
def test_a_thread_is_called_what_the_writer_says_or_how_it_begins(given: str, text: str, called: str | None) -> None:
    subject = subject_of(given, text)
    assert subject == (called or "Det sticker i fingertopparna sedan i söndags och jag undrar…")
    assert len(subject) <= 60


def test_a_word_without_an_end_is_cut_within_it() -> None:
    assert subject_of("", "a" * 500) == "a" * 59 + "…"


def test_a_quote_stands_on_one_line() -> None:
    assert quoted("Huden svider.\n\nFår jag smörja?") == "”Huden svider. Får jag smörja?”"
    assert len(quoted("ord " * 500)) <= 202
