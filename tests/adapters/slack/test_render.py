"""Block Kit from views: what members type stays words, limits hold, screen readers get everything."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.slack.render import UPLOAD, home, modal, render, with_pictures
from adapters.slack.texts import Look, escape, plain_text, sections
from bot.chat.actions import ActionId, Button, Choice, LinkButton, MemberChoice, Option
from bot.chat.text import Bold, Channel, Code, Link, Mention, Plain, When, words
from bot.chat.views import Actions, Chart, Divider, Fields, File, Heading, Image, List, Note, Text, View
from tests.fakes.slack.rules import interpreted, wrong_with_blocks, wrong_with_view

LOOK = Look("/kith", frozenset({"kudos", "help"}))
AT = datetime(2026, 3, 5, 9, tzinfo=UTC)
SPITE = st.one_of(
    st.text(max_size=120),
    st.sampled_from(
        ["<!channel>", "<!here|x>", "<@U123>", "*bold*", "&lt;!channel&gt;", "<https://x|y>", "@channel", ":tada:"]
    ),
    st.text(min_size=3000, max_size=3100, alphabet="<&> a"),
)
TYPED = st.one_of(SPITE.map(Plain), SPITE.map(Bold), SPITE.map(Code))
SPANS = st.one_of(
    TYPED,
    st.builds(Mention, st.just("m1"), SPITE, st.one_of(st.none(), st.just("UANA"), SPITE)),
    st.builds(Channel, st.one_of(st.just("C1"), SPITE), SPITE),
    st.builds(Link, st.just("https://example.org/?a=1&b=<2>"), SPITE),
    st.just(When(AT)),
)
WORDS = st.lists(SPANS, max_size=14).map(lambda spans: words(*spans))
BLOCKS = st.one_of(
    WORDS.map(Text), WORDS.map(Note), st.text(max_size=150).map(Heading), st.just(Divider()),
    st.lists(st.tuples(st.text(min_size=1, max_size=20), WORDS), max_size=12).map(lambda pairs: Fields(tuple(pairs))),
    st.lists(WORDS, max_size=12).map(lambda items: List(tuple(items))),
    st.just(Actions((Button("We met", ActionId("checkin.met", "1")),))),
    st.just(Chart("bar", "Pairs", ("a", "b"), (("met", (1.0, 2.0)),), "two bars")),
)  # fmt: skip


def _types(value: Any) -> set[str]:
    if isinstance(value, list):
        return {kind for one in value for kind in _types(one)}
    if not isinstance(value, dict):
        return set()
    return {str(value.get("type"))} | {kind for one in value.values() for kind in _types(one)}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(BLOCKS, min_size=1, max_size=60))
def test_nothing_typed_is_interpreted_and_every_surface_takes_it(blocks: list[Any]) -> None:
    """Whatever members typed, no broadcast and no markup of theirs comes out, and no limit of Slack's is crossed."""
    view = View("x", tuple(blocks))
    shown = render(view, LOOK)
    uploaded = with_pictures(shown, [f"F{number}" for number in range(len(shown.uploads))])
    assert [] == wrong_with_blocks(uploaded) or not shown.blocks
    assert "<" not in shown.text
    for marked in interpreted(shown.blocks):
        assert marked.startswith(("<@U", "<#C", "<!date^"))
        assert 1 == marked.count("<")
    assert not {"broadcast", "usergroup", "emoji"} & _types(shown.blocks)
    if shown.blocks:
        assert [] == wrong_with_view(modal(view, LOOK, "Kith", "Close"))
        assert [] == wrong_with_view(home(view, LOOK))


@given(st.text(max_size=7000), st.integers(1, 400))
def test_long_words_are_split_and_nothing_is_lost(text: str, limit: int) -> None:
    """The pieces of a long text are short enough and make the whole text again."""
    parts = sections((Plain(text),), LOOK, limit)
    said = "".join(element["text"] for part in parts for element in part)
    assert (text or " ") == said
    assert all(sum(len(element["text"]) for element in part) <= limit or not text for part in parts)


@given(st.text())
def test_escaped_text_opens_nothing(text: str) -> None:
    """Neither < nor > nor a bare & is left, and unescaping gives the text again."""
    import html

    assert not {"<", ">"} & set(escape(text))
    if "&" not in text:
        assert text == html.unescape(escape(text))


def test_every_block_as_it_comes_out() -> None:
    """One view with each kind of block becomes the Block Kit that Slack documents."""
    view = View(
        "x",
        (
            Heading("Hello"),
            Text(
                words(
                    "Hi ", Mention("m", "Ana", "UANA"), Bold("!"), Code("/kudos give"), Code("/etc"),
                    Link("https://a.b", "c"),
                )
            ),
            Note(words("until ", When(AT, "date"))),
            Fields((("Partner", words(Mention("m", "Ana", "UANA"))), ("Since", words(When(AT, "time"))))),
            Fields((("Mixed", words("with ", Mention("m", "Ana", None))),)),
            List((words("one"), words(Channel("C1")))),
            Divider(),
            Image(b"png", "a curve"),
            File("a.ics", b"ics", "text/calendar"),
            Chart("line", "Met", ("w1",), (("met", (3.0,)),), "three met"),
            Actions(
                (
                    Button("Yes", ActionId("a.b", "k"), "primary"), LinkButton("Docs", "https://x.y"),
                    Choice("Which", ActionId("c.d"), (Option("1", "One", "first"),)),
                    MemberChoice("Who", ActionId("e.f")),
                )
            ),
        ),
    )  # fmt: skip
    shown = render(view, LOOK)
    assert b"\x89PNG" == shown.uploads[1].data[:4]
    blocks = with_pictures(shown, ["F1", "F2"])
    kinds = [block["type"] for block in blocks]
    assert [
        "header",
        "rich_text",
        "context",
        "section",
        "rich_text",
        "rich_text",
        "divider",
        "image",
        "context",
        "image",
        "table",
        "actions",
    ] == kinds
    assert [] == wrong_with_blocks(blocks)
    assert {"type": "user", "user_id": "UANA"} in blocks[1]["elements"][0]["elements"]
    assert "/kith kudos give" in str(blocks[1])
    assert "'/etc'" in str(blocks[1])
    assert "<!date^1772701200^{date_long}|" in blocks[2]["elements"][1]["text"]
    assert ("<@UANA>", True) == (blocks[3]["fields"][1]["text"], blocks[3]["fields"][1]["verbatim"])
    assert ["0|a.b:k", "1|", "2|c.d", "3|e.f"] == [one["action_id"] for one in blocks[-1]["elements"]]
    assert f"{UPLOAD}0" == shown.blocks[7]["slack_file"]["id"]
    assert all(said in shown.text for said in ("Hello", "a curve", "three met", "[Yes]"))


def test_a_second_chart_and_charts_elsewhere_are_lines() -> None:
    """A message has one table; views have none, and say the numbers in lines."""
    chart = Chart("bar", "Pairs", ("a",), (("met", (1.0,)),), "one bar")
    view = View("x", (chart, chart))
    kinds = [block["type"] for block in render(view, LOOK).blocks]
    assert (1, 2) == (kinds.count("table"), kinds.count("image"))
    assert "a: met 1" in str(home(view, LOOK))
    assert "image" not in [block["type"] for block in home(view, LOOK)["blocks"]]


def test_buttons_outlive_too_many_words() -> None:
    """A message that is cut keeps its buttons and says that it was cut."""
    view = View("x", (*(Text(words(str(number))) for number in range(80)), Actions((Button("Go", ActionId("a.b")),))))
    blocks = render(view, LOOK).blocks
    assert len(blocks) <= 50
    assert {"actions", "context"} == {blocks[-1]["type"], blocks[-2]["type"]}
    assert "…" in str(blocks)
    long = View("x", (*(Text(words("x" * 2990)) for _ in range(6)), Actions((Button("Go", ActionId("a.b")),))))
    assert "actions" in [block["type"] for block in render(long, LOOK).blocks]


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_an_empty_text_is_shown_as_a_dash(text: str) -> None:
    """Slack refuses empty texts, so nothing is shown as a dash."""
    assert "–" == plain_text(text)["text"]
