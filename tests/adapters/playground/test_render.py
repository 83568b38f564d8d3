"""Views as HTML: each block and span as it should read, and nothing that a member typed ever as markup."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.playground.render import Reader, view_html, words_html
from bot.chat.actions import ActionId, Button, Choice, LinkButton, MemberChoice, Option
from bot.chat.text import Bold, Channel, Code, Link, Mention, Plain, When, words
from bot.chat.views import Actions, Chart, Divider, Fields, File, Heading, Image, List, Note, Text, View

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
READER = Reader("ana", "America/Bogota", "en", NOW, {"ana": "Ana Ruiz", "bea": "Bea Okoro"}, {"c1": "general"})
GO = ActionId("checkins.met", "c1")


def html(*blocks):
    return str(view_html(View("test.view", blocks), READER)).replace("\u202f", " ")


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Heading("A & B"), "<h3>A &amp; B</h3>"),
        (Text(words("Hello <you>")), "<p>Hello &lt;you&gt;</p>"),
        (Note(words("Small")), '<p class="note">Small</p>'),
        (
            Fields((("Pairs", words("24")),)),
            '<dl class="fields"><div><dt>Pairs</dt><dd>24</dd></div></dl>',
        ),
        (List((words("One"), words(Bold("Two")))), "<ul><li>One</li><li><strong>Two</strong></li></ul>"),
        (Divider(), "<hr>"),
        (Image(b"png", 'A "cat"'), '<img class="picture" src="data:image/png;base64,cG5n" alt="A &#34;cat&#34;">'),
        (
            File("a.ics", b"ics", "text/calendar"),
            '<p><a class="file" href="data:text/calendar;base64,aWNz" download="a.ics">a.ics</a></p>',
        ),
        (
            Actions((Button("We met", GO, "primary"), LinkButton("Read", "https://example.org/?a=1&b=2"))),
            '<div class="actions"><button type="button" class="button primary" data-press="checkins.met:c1">We met'
            '</button><a class="button plain" href="https://example.org/?a=1&amp;b=2" target="_blank" '
            'rel="noopener noreferrer">Read</a></div>',
        ),
        (
            Actions((Choice("Week", GO, (Option("w1", "One", "first"),)),)),
            '<div class="actions"><span class="choice"><select aria-label="Week"><option value="">Week</option>'
            '<option value="w1">One · first</option></select>'
            '<button type="button" class="button plain" data-choose="checkins.met:c1">Choose</button></span></div>',
        ),
        (
            Actions((MemberChoice("Who", GO),)),
            '<div class="actions"><span class="choice"><select aria-label="Who"><option value="">Who</option>'
            '<option value="ana">Ana Ruiz</option><option value="bea">Bea Okoro</option></select>'
            '<button type="button" class="button plain" data-choose="checkins.met:c1">Choose</button></span></div>',
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_block(block, expected):
    """A block reads as this markup."""
    assert expected == html(block)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Plain("a\nb"), "a\nb"),
        (Code("/me show"), "<code>/me show</code>"),
        (Mention("m1", "Bea", "bea"), '<span class="mention">@Bea Okoro</span>'),
        (Mention("m2", "Ana", "ana"), '<span class="mention me">@Ana Ruiz</span>'),
        (Mention("m3", "Zoe"), '<span class="mention">@Zoe</span>'),
        (Channel("c1"), '<span class="mention">#general</span>'),
        (Channel("c9", "attic"), '<span class="mention">#attic</span>'),
        (Link("https://a.b/?x", "x"), '<a href="https://a.b/?x" target="_blank" rel="noopener noreferrer">x</a>'),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_span(span, expected):
    """A span reads as this markup; people and channels go by their present names."""
    assert expected == str(words_html((span,), READER))


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("full", "Monday, March 2, 2026, 4:00 AM"),
        ("date", "Monday, March 2, 2026"),
        ("time", "4:00 AM"),
        ("relative", "in 0 seconds"),
    ],
)
def test_moments_are_in_the_readers_zone(style, expected):
    """A moment is told in the reader's own zone, whatever zone it came with."""
    shown = str(words_html((When(NOW, style, zone="Asia/Tokyo", locale="es"),), READER)).replace("\u202f", " ")
    title = "Monday, March 2, 2026, 4:00 AM (America/Bogota)"
    assert f'<time datetime="2026-03-02T04:00-05:00" title="{title}">{expected}</time>' == shown


def test_relative_moments_look_both_ways():
    """What lies ahead and what is past are told apart."""
    ahead, past = (When(NOW + timedelta(days=days), "relative") for days in (2, -2))
    assert ["in 2 days", "2 days ago"] == [
        str(words_html((span,), READER)).split(">")[1].split("<")[0] for span in (ahead, past)
    ]


@pytest.mark.parametrize("kind", ["bar", "line"])
def test_a_chart_has_its_numbers_in_words(kind):
    """A chart is a figure with a caption, a picture named by its numbers, and a legend when it has two series."""
    one = Chart(kind, "Met <b>", ("W1", "W2"), (("Met", (1.0, 2.0)),), "Met: 1 & 2")
    two = Chart(kind, "Met", ("W1", "W2"), (("Met", (1.0, 2.0)), ("Not", (0.0, 0.0))), "Both")
    assert "<figcaption>Met &lt;b&gt;</figcaption>" in html(one)
    assert 'role="img" aria-label="Met: 1 &amp; 2"' in html(one)
    assert ("legend" in html(one), "legend" in html(two)) == (False, True)
    assert (2 if kind == "bar" else 1) == html(one).count("series-0")


def test_an_empty_chart_is_drawn():
    """No numbers, or only zeros, is still a picture."""
    assert "<svg" in html(Chart("bar", "None", (), (), "Nothing yet"))
    assert "<svg" in html(Chart("line", "Zeros", ("W1",), (("Met", (0.0,)),), "Zero"))


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)


NASTY = st.one_of(
    st.text(max_size=40), st.sampled_from(["<script>alert(1)</script>", '"><img src=x onerror=1>', "&lt;", "'"])
)


@given(NASTY)
def test_what_was_typed_is_never_markup(typed):
    """Whatever a member types comes back as the same words, and adds no tag of its own."""
    view = View(
        "test.view",
        (Text((Plain(typed), Bold(typed), Code(typed), Mention("m", typed or "x"))), List(((Plain(typed),),))),
    )
    tags = _Tags()
    text = str(view_html(view, READER))
    tags.feed(text)
    assert ["p", "strong", "code", "span", "ul", "li"] == tags.seen
    assert unescape(text).count(typed) >= 5
