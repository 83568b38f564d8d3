"""Sentences in the reader's language, whose parameters stay what they are."""

from datetime import UTC, datetime

import pytest

from bot.chat.text import Bold, Mention, Plain, When, plain
from bot.i18n import LANGUAGES, N_, Say, best_language


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (("es",), "es"), (("es-419",), "es"), (("es_MX",), "es"), (("ES",), "es"), (("fr", "es"), "es"),
        (("fr",), "en"), ((None, "", "en-GB"), "en"), ((), "en"), (("xx-yy", "de"), "en"), (("en", "es"), "en"),
    ],
)  # fmt: skip
def test_the_first_language_that_kith_speaks_is_chosen(wanted: tuple[str | None, ...], expected: str):
    """Member, platform and community are asked in turn; English when none of them fits."""
    assert expected == best_language(*wanted)


def test_a_parameter_is_shown_as_it_is():
    """What a member typed is never read as a sentence, a placeholder or a span."""
    assert (Plain("Hello {name} %s *x*!"),) == Say()("Hello {who}!", who="{name} %s *x*")


def test_spans_stay_spans():
    """A mention in a sentence is a mention, in its place."""
    assert (Mention("m1"), Plain(" thanks "), Bold("x")) == Say()("{a} thanks {b}", a=Mention("m1"), b=Bold("x"))


def test_numbers_are_written_as_the_language_does():
    """Thousands are grouped the reader's way."""
    assert "1,234,567" == Say("en").line("{n}", n=1_234_567)
    assert "1.234.567" == Say("es").line("{n}", n=1_234_567)


@pytest.mark.parametrize(("n", "expected"), [(0, "0 days"), (1, "a day"), (2, "2 days"), (21, "21 days")])
def test_one_and_many(n: int, expected: str):
    """The number chooses the form, and stands in it where the form has a place for it."""
    assert expected == plain(Say().plural("a day", "{n} days", n))


@pytest.mark.parametrize(("language", "expected"), [("en", "Ana, Bea, and Chen"), ("es", "Ana, Bea y Chen")])
def test_a_list_is_joined_as_the_language_does(language: str, expected: str):
    """Commas and the last word are the language's own; items keep their spans and their odd characters."""
    assert expected == plain(Say(language).join(["Ana", "Bea", "Chen"]))
    assert "\x00 {0} and <b>" == plain(Say().join(["\x00 {0}", "<b>"]))
    assert Mention("m1") in Say().join([(Mention("m1"),), "Bea"])


def test_an_unknown_language_speaks_english():
    """A locale that nobody knows is no fault."""
    assert "en" == Say("not a locale").language
    assert "Hello" == Say("tlh").line("Hello")


def test_a_moment_carries_the_readers_zone_and_language():
    """The platform shows it in the reader's zone; the plain form does too."""
    noon = datetime(2026, 3, 5, 12, tzinfo=UTC)
    assert When(noon, "time", "Asia/Tokyo", "es") == Say("es", "Asia/Tokyo").when(noon, "time")


def test_a_sentence_without_translation_is_shown_in_english():
    """Nothing is ever missing, only not yet translated."""
    sentence = N_("No translator has ever seen this {thing}.")
    assert {"No translator has ever seen this mill."} == {Say(one).line(sentence, thing="mill") for one in LANGUAGES}


def test_a_parameter_that_is_missing_is_visible():
    """A wrong call shows its placeholder instead of failing in front of a member."""
    assert "Hello {who}" == Say().line("Hello {who}")
