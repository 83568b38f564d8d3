"""Views, forms and words as Discord's payloads: whatever goes in, Discord takes what comes out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.discord.forms import modal, submitted
from adapters.discord.markup import atoms, escape, size
from adapters.discord.render import action_of, marked, render
from bot.chat.actions import ActionId, Button, Choice, LinkButton, MemberChoice, Option
from bot.chat.forms import (
    ChannelField,
    ChoiceField,
    DateField,
    Form,
    MemberField,
    MultiChoiceField,
    NumberField,
    RoleField,
    TextField,
)
from bot.chat.reply import Ask
from bot.chat.text import Bold, Channel, Code, Link, Mention, Plain, When, words
from bot.chat.views import Actions, Chart, Divider, Fields, File, Heading, Image, List, Note, Text, View
from tests.fakes.discord import rules
from tests.fakes.discord.town import texts

NASTY = st.sampled_from(
    [
        "@everyone", "@here", "<@123456789012345678>", "<@&5>", "<#7>", "</kudos give:1>", "<t:0:R>", "<:a:1>",
        "[free](https://evil.example)", "https://a.example/x_y_z?q=*", "**", "__", "~~", "||", "```", "`", "\\", "# a",
        "-# b", "> c", ">>> d", "- e", "1. f", "\u202e\u2066right to left",
        "Z\u0351\u0352\u0353\u0354algo", "\n\n", "  ",
        "\x00\x1b", "\ud800", "👩🏽‍💻", "x" * 5000, "ab" * 40, "\u200b", "\u00a0",
    ]
)  # fmt: skip
TYPED = st.lists(NASTY | st.text(max_size=30), max_size=12).map("".join)
SPAN = st.one_of(
    TYPED.map(Plain), TYPED.map(Bold), TYPED.map(Code),
    st.builds(Mention, st.just("m"), TYPED, st.sampled_from([None, "123", "<@9>", "everyone"])),
    st.builds(Channel, st.sampled_from(["99", "x", "@everyone"]), TYPED),
    TYPED.map(lambda text: Link("https://example.org/" + text, text or "x")),
    st.just(When(datetime(2026, 3, 2, tzinfo=UTC))),
)  # fmt: skip
WORDS = st.lists(SPAN, max_size=6).map(lambda spans: words(*spans))
BUTTON = st.builds(
    Button, TYPED.map(lambda text: text[:75]), st.sampled_from([ActionId("a", "1"), ActionId("b", "2", "3")])
)
ACTIONS = st.lists(
    BUTTON
    | TYPED.map(lambda text: LinkButton(text[:75], "https://example.org"))
    | TYPED.map(lambda text: Choice(text[:100], ActionId("c", "1"), (Option("v", text[:75]), Option("v", "again"))))
    | TYPED.map(lambda text: MemberChoice(text[:100], ActionId("d", "1"))),
    min_size=1, max_size=5,
).map(lambda items: Actions(tuple(items)))  # fmt: skip
BLOCK = st.one_of(
    TYPED.map(lambda text: Heading(text[:150])), WORDS.map(Text), WORDS.map(Note), st.just(Divider()), ACTIONS,
    st.lists(st.tuples(TYPED, WORDS), max_size=5).map(lambda pairs: Fields(tuple(pairs))),
    st.lists(WORDS, max_size=30).map(lambda items: List(tuple(items))),
    st.just(Image(b"png", "A picture")), st.just(File("a.ics", b"ics", "text/calendar")),
    st.just(Chart("bar", "T", ("a", "b"), (("s", (1.0, 2.0)),), "One and two")),
)  # fmt: skip


@given(st.lists(BLOCK, min_size=1, max_size=25))
@example([Actions((LinkButton("@everyone" * 5 + "0" * 20 + "𐀀" * 10, "https://example.org"),))])
@settings(max_examples=60, deadline=None)
def test_any_view_is_taken(blocks) -> None:
    """Whatever a view holds, its messages are ones that Discord takes, few, and able to notify only who is meant."""
    messages = render(View("demo", tuple(blocks)))
    assert 1 <= len(messages) <= 5
    for message in messages:
        rules.message(message.body(mark="k", private=False) | {"nonce": "k"}, "create", len(message.files))
        assert set(message.mentions) <= {"123"}
        for text in texts(list(message.body()["components"])):
            assert not re.search("@(everyone|here)", text)
            assert not re.search(r"(?<!\\)<@(?!123>)", re.sub("`[^\n]*`", "", text))
    (one,) = render(View("demo", tuple(blocks)), most=1)
    rules.message(one.body(), "edit", len(one.files))


@given(TYPED)
@settings(max_examples=60, deadline=None)
def test_typed_words_format_nothing(text: str) -> None:
    """Outside of web addresses nothing that members type keeps a meaning for Discord."""
    bare = re.sub(r"https?://[^\s<>\[\]()*~|`\\]+", "", escape(text), flags=re.IGNORECASE)
    rest = re.sub(r"\\.", "x", bare, flags=re.DOTALL)
    assert not re.search(r"[*_~`|\[\]<\\]", rest)
    assert not re.search(r"(?m)^\s*([>#+-]|\d+[.)])", rest.replace("\u200b", "x"))
    assert "".join(atoms(words(text))) == escape(text)


def test_links_show_where_they_lead() -> None:
    """A masked link is made by us alone, and never with an address as its words."""
    assert r"\[free\](https://evil.example)" == escape("[free](https://evil.example)")
    assert "<https://evil.example>" == "".join(atoms(words(Link("https://evil.example", "see https://good.example"))))
    assert "[here](<https://a.example/%28x%29>)" == "".join(atoms(words(Link("https://a.example/(x)", "here"))))


def test_spans_become_discords() -> None:
    """Mentions, channels, moments, bold and code are written as Discord reads them."""
    at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    text = words(
        "a ", Bold("b"), " ", Code("/c"), " ", Mention("m", "Bea", "12"), " ", Channel("34"), " ", When(at, "relative")
    )
    assert "a **b** `/c` <@12> <#34> <t:1772438400:R>" == "".join(atoms(text))
    assert "@Bea" == "".join(atoms(words(Mention("m", "Bea"))))


def test_length_counts_as_the_longest_way_of_counting() -> None:
    """An emoji outside of the basic plane counts twice."""
    assert (1, 2) == (size("a"), size("🦊"))


def test_an_action_that_stands_twice_keeps_its_meaning() -> None:
    """Two buttons for the same action get ids of their own, which lead to the same action."""
    action = ActionId("checkin.met", "row1")
    view = View("demo", (Actions((Button("A", action), Button("B", action))),))
    (message,) = render(view)
    ids = [part["custom_id"] for part in message.components[0]["components"]]
    assert ["checkin.met:row1", "2~checkin.met:row1"] == ids
    assert {str(action)} == {action_of(one) for one in ids}


def test_a_message_is_found_by_its_key() -> None:
    """The container's number tells which key a message was sent with."""
    (message,) = render(View("demo", (Text(words("x")),)))
    stored = {"components": message.body(mark="key")["components"]}
    assert marked(stored, "key")
    assert not marked(stored, "other")


def test_a_link_stands_beside_its_words() -> None:
    """A text followed by one link becomes a section."""
    view = View("demo", (Text(words("Read this")), Actions((LinkButton("Open", "https://example.org"),))))
    (message,) = render(view)
    assert (9, "https://example.org") == (message.components[0]["type"], message.components[0]["accessory"]["url"])


OPTIONS = tuple(Option(str(number), f"Option {number}") for number in range(25))
FIELDS = (
    TextField(name="text", label="Text", value="kept", max_length=50, min_length=3),
    TextField(name="long", label="Long", long=True, required=False),
    ChoiceField(name="few", label="Few", options=OPTIONS[:3], value="1"),
    ChoiceField(name="maybe", label="Maybe", options=OPTIONS[:3], required=False),
    ChoiceField(name="many", label="Many", options=OPTIONS, value="7"),
    MultiChoiceField(name="checks", label="Checks", options=OPTIONS[:10], value=("1", "2")),
    MultiChoiceField(name="picks", label="Picks", options=OPTIONS, required=False),
    MemberField(name="member", label="Member", value="<@12>"),
    ChannelField(name="channel", label="Channel", value="34", required=False),
    RoleField(name="roles", label="Roles", value=("5", "6"), required=False),
    DateField(name="date", label="Date", value=date(2026, 3, 2)),
    NumberField(name="number", label="Number", value=4),
)


@pytest.mark.parametrize("page", range(3))
def test_any_field_is_taken(page: int) -> None:
    """Each kind of field becomes a component that Discord takes, filled in, with its mistake where its hint was."""
    form = Form(name="demo", title="Demo", fields=FIELDS, key="row")
    data = modal(Ask(form, page, {"text": "Too short", "date": "x" * 300}))
    rules.modal(data)
    assert f"Demo ({page + 1}/3)" == data["title"]
    assert "demo:row" + (f":{page}" if page else "") == data["custom_id"]


def test_what_was_filled_in_comes_back() -> None:
    """The values of a modal come back by field name."""

    def label(kind: int, name: str, **value: object) -> dict[str, object]:
        return {"type": 18, "component": {"type": kind, "custom_id": name, **value}}

    data = {
        "components": [
            {"type": 10}, label(4, "text", value="hi"), label(21, "radio", value="1"), label(21, "none", value=None),
            label(22, "checks", values=["a"]), label(6, "roles", values=["1", "2"]), label(5, "who", values=["9"]),
            label(8, "where", values=[]), label(3, "picks", values=["a", "b"]), label(99, "new", value="x"),
        ]
    }  # fmt: skip
    assert {
        "text": "hi", "radio": "1", "none": "", "checks": ("a",), "roles": ("1", "2"), "who": "9", "where": "",
        "picks": ("a", "b"),
    } == submitted(data)  # fmt: skip
