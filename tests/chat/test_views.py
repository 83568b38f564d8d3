"""Views, texts and actions: values that say the same to a screen reader as to an eye."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import limits
from bot.chat.actions import ActionId, Button, Choice, LinkButton, MemberChoice, Option
from bot.chat.forms import Form, TextField
from bot.chat.text import Bold, Channel, Code, Link, Mention, Plain, When, addressed, mentioned, plain, shorten, words
from bot.chat.views import (
    Actions,
    Block,
    Chart,
    Divider,
    Fields,
    File,
    Heading,
    Image,
    List,
    Note,
    Text,
    View,
    as_text,
    rewrite,
    tree,
)

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
WHO = Mention("m1")
BLOCKS = (
    Heading("Hello"),
    Text(words("one ", Bold("two"), " ", WHO)),
    Fields((("Name", words(WHO)),)),
    List((words("a"), words(WHO))),
    Divider(),
    Note(words("small ", WHO)),
    Image(b"png", "a mill"),
    File("mill.csv", b"a,b", "text/csv"),
    Chart("bar", "T", ("x",), (("s", (1.0,)),), "s: 1"),
    Actions(
        (
            Button("Press", ActionId("a")), LinkButton("Open", "https://example.org"),
            Choice("Choose", ActionId("b"), (Option("v", "l"),)), MemberChoice("Pick", ActionId("c")),
        )
    ),
)  # fmt: skip
VIEW = View("some.view", BLOCKS)


def test_these_tests_hold_every_kind_of_block():
    """A new block has to be added here."""
    assert set(get_args(Block)) == {type(block) for block in BLOCKS}


def test_a_view_reads_as_plain_text():
    """Everything that can be seen can be heard: headings, words, pictures by their description, actions by name."""
    expected = (
        "Hello\none two @m1\nName: @m1\n- a\n- @m1\n\nsmall @m1\n"
        "a mill\n(mill.csv)\ns: 1\n[Press] [Open] [Choose] [Pick]"
    )
    assert expected == as_text(VIEW)


def test_names_are_filled_in_everywhere():
    """Each mention, in whatever block, gets the name and the account on the reader's space; unknown ones stay."""
    people = {"m1": ("Bea", "U1")}
    shown = rewrite(VIEW, lambda part: addressed(part, people))
    assert 4 == as_text(shown).count("@Bea")
    assert words(Mention("m1", "Bea", "U1"), Mention("m2")) == addressed(words(WHO, Mention("m2")), people)


def test_a_view_becomes_json_with_the_name_of_each_type():
    """Golden tests compare this tree; bytes are told by their size."""
    found = tree(VIEW)
    assert "View" == found["is"]
    assert [type(block).__name__ for block in BLOCKS] == [block["is"] for block in found["blocks"]]
    assert "<3 bytes>" == found["blocks"][6]["data"]


def test_an_empty_view_is_refused():
    """A message shows something."""
    with pytest.raises(ValueError, match="shows nothing"):
        View("some.view", ())


def test_words_merge_and_empty_ones_vanish():
    """Neighbouring plain words are one span, so that equal texts are equal values."""
    assert (Plain("ab"), Bold("c"), Plain("d")) == words("a", "", Plain("b"), Bold("c"), words("d", ""))


def test_every_span_reads_as_plain_text():
    """Mentions, channels, links and moments have words of their own."""
    text = words(Mention("m1", "Bea"), " ", Channel("c1", "kudos"), " ", Code("/me"), " ", Link("https://a.b", "here"))
    assert "@Bea #kudos /me here (https://a.b)" == plain(text)
    assert {"m1"} == mentioned(text)
    when = When(NOON, "full", "Europe/Madrid", "en")
    assert "Thursday, March 5, 2026, 1:00\u202fPM (Europe/Madrid)" == plain(words(when))
    assert "jueves, 5 de marzo de 2026" == plain(words(replace(when, style="date", locale="es")))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a", "//a", "mailto:a@b"])
def test_a_link_is_a_web_address(url: str):
    """Other schemes are refused where the value is made."""
    with pytest.raises(ValueError, match="http"):
        Link(url, "x")


def test_a_moment_needs_a_zone():
    """A naive datetime is no moment."""
    with pytest.raises(ValueError, match="aware"):
        When(NOON.replace(tzinfo=None))


@given(st.text(), st.integers(1, 40))
def test_shortened_text_fits(text: str, limit: int):
    """It is never longer than asked, and the same when it fits."""
    assert len(shorten(text, limit)) <= limit
    assert shorten(text, len(text)) == text


NAMES = st.text(st.characters(exclude_characters=":"), min_size=1, max_size=20)


@given(NAMES, st.text(st.characters(exclude_characters=":"), max_size=20), st.text(max_size=limits.ACTION_ARGUMENT))
def test_an_action_comes_back_as_it_was(name: str, key: str, arg: str):
    """Name, key and argument survive the way to a platform and back, colons in the argument too."""
    action = ActionId(name, key, arg)
    assert action == ActionId.parse(str(action))


@given(st.text())
def test_a_tampered_action_is_an_action_or_a_value_error(text: str):
    """Nothing else is ever raised for what a client made up."""
    with suppress(ValueError):
        assert str(ActionId.parse(text)).startswith(ActionId.parse(text).name)


@given(st.integers(1, 40), st.booleans())
def test_pages_hold_every_field_once(count: int, intro: bool):
    """Paging a form loses no field, doubles none, and no page is larger than Discord's or empty."""
    fields = tuple(TextField(name=f"f{number}", label="L") for number in range(count))
    form = Form(name="f", title="T", fields=fields, intro="Why." if intro else "")
    pages = [form.page(number) for number in range(form.pages)]
    assert fields == tuple(field for page in pages for field in page)
    assert all(len(page) <= limits.FORM_FIELDS_A_PAGE for page in pages)
    assert all(pages)
