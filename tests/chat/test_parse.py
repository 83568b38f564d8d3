"""Typed commands: whatever is typed is read as a command, a group or a suggestion, and never fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.parse import Call, Group, Unknown, parse
from bot.chat.reply import Quiet, Reply
from bot.chat.spec import ChoiceParam, Command, MemberParam, MembersParam, TextParam


async def give(ctx: object, who: object, why: str) -> Reply:
    """Take a member and words."""
    return Quiet()


async def tag(ctx: object, first: str, colour: str) -> Reply:
    """Take words, then one word."""
    return Quiet()


async def thank(ctx: object, who: object, why: str, value: str | None) -> Reply:
    """Take members, words, and one more thing by its name."""
    return Quiet()


async def bare(ctx: object) -> Reply:
    """Take nothing."""
    return Quiet()


def command(line: str, handler: object = bare, *params: object) -> Command:
    """Make a command."""
    return Command(path=tuple(line.split()), help="Help", handler=handler, example=f"/{line}", params=params)


ALL = {
    spec.path: spec
    for spec in (
        command("kudos give", give, MemberParam(name="who", help="Who"), TextParam(name="why", help="Why")),
        command("kudos mine"),
        command(
            "thank", thank, MembersParam(name="who", help="Who"), TextParam(name="why", help="Why"),
            TextParam(name="value", help="V", required=False, named=True),
        ),
        command(
            "tag", tag, TextParam(name="first", help="F"),
            ChoiceParam(name="colour", help="C", options=(("red", "Red"),)),
        ),
        command("goal add one"),
        command("goal list"),
    )
}  # fmt: skip


def call(line: str) -> Call:
    """Parse a line that is a command."""
    found = parse(line, ALL)
    assert isinstance(found, Call), found
    return found


@pytest.mark.parametrize(
    "line",
    ["/kudos give @bea for it", "kudos give @bea for it", "  /KUDOS   Give @bea for it  ", "/ kudos give @bea for it"],
)
def test_slash_case_and_spaces_do_not_matter(line: str):
    """A command is found however it is typed, and the words keep their own case."""
    assert ("kudos give", {"who": "@bea", "why": "for it"}) == (call(line).command.name, call(line).raw)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('/kudos give @bea "for it"', "for it"),
        ("/kudos give @bea “for it”", "for it"),
        ('/kudos give @bea for "it" all', 'for "it" all'),
        ("/kudos give @bea It's  fine", "It's  fine"),
        ('/kudos give @bea "not closed', '"not closed'),
        ("/kudos give @bea line one\nline two", "line one\nline two"),
        ("/kudos give @bea 🎉", "🎉"),
    ],
)
def test_the_last_words_are_the_rest_of_the_line(line: str, why: str):
    """Text at the end needs no quotes, keeps its inner ones, and loses them when they hold all of it."""
    assert why == call(line).raw["why"]


@pytest.mark.parametrize("quoted", ['"two words"', "“two words”"])
def test_quotes_hold_words_together(quoted: str):
    """Straight and curly quotes are the same."""
    assert {"first": "two words", "colour": "red"} == call(f"/tag {quoted} red").raw


def test_what_is_left_out_is_absent_and_what_is_too_much_is_extra():
    """Missing parameters have no entry, extra words are kept for the answer."""
    assert {"who": "@bea"} == call("/kudos give @bea").raw
    assert {} == call("/kudos give").raw
    assert "and more" == call("/tag a red and more").extra


@pytest.mark.parametrize("line", ["", "/", "/help", "help", "   "])
def test_nothing_and_help_list_everything(line: str):
    """An empty line is a question."""
    assert Group((), ("goal add one", "goal list", "kudos give", "kudos mine", "tag", "thank")) == parse(line, ALL)


@pytest.mark.parametrize("line", ["/kudos", "/kudos help", "/KUDOS"])
def test_a_group_lists_what_is_under_it(line: str):
    """A word that several commands begin with shows them."""
    assert Group(("kudos",), ("kudos give", "kudos mine")) == parse(line, ALL)


@pytest.mark.parametrize(
    ("line", "word", "nearest"),
    [
        ("/kudo give @bea x", "kudo", "kudos give"),
        ("/kudos giv @bea x", "kudos giv", "kudos give"),
        ("/gaol list", "gaol", "goal list"),
        ("/goal lits", "goal lits", "goal list"),
        ("/zzzz", "zzzz", None),
    ],
)
def test_a_wrong_word_gets_the_nearest_command(line: str, word: str, nearest: str | None):
    """The first word that does not fit is named, with the command that was probably meant."""
    assert Unknown(word, nearest) == parse(line, ALL)


@given(st.text())
def test_nothing_that_can_be_typed_fails(line: str):
    """Any text at all is read as something."""
    assert isinstance(parse(line, ALL), Call | Group | Unknown)
    assert isinstance(parse(line, {}), Group | Unknown)


@given(st.text().filter(lambda text: '"' not in text and text.strip()), st.sampled_from(["red", "blue"]))
def test_what_is_quoted_comes_back_as_it_was(words: str, colour: str):
    """Anything between quotes is one parameter, unchanged."""
    assert {"first": words, "colour": colour} == call(f'/tag "{words}" {colour}').raw


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1).filter(lambda text: text.split() != []))
def test_the_rest_of_a_line_loses_nothing_but_its_ends(words: str):
    """Words at the end come back whole when they are more than one, and without quotes of their own."""
    line = "a " + words.replace('"', "").replace("“", "").replace("”", "")
    assert line.strip() == call(f"/kudos give @bea {line}").raw["why"]


@pytest.mark.parametrize(
    ("line", "raw"),
    [
        ("/thank @ana for it", {"who": "@ana", "why": "for it"}),
        ("/thank @ana @bea <@U1> for it", {"who": "@ana\n@bea\n<@U1>", "why": "for it"}),
        ("/thank ana for @bea", {"who": "ana", "why": "for @bea"}),
        ('/thank "Ana Ruiz" for it', {"who": "Ana Ruiz", "why": "for it"}),
        ("/thank @ana @bea", {"who": "@ana\n@bea"}),
        ("/thank @ana for it value:patience", {"who": "@ana", "why": "for it", "value": "patience"}),
        ("/thank value:patience @ana for it", {"who": "@ana", "why": "for it", "value": "patience"}),
        ('/thank @ana Value:"great patience" for it', {"who": "@ana", "why": "for it", "value": "great patience"}),
        ("/thank @ana for the value:", {"who": "@ana", "why": "for the value:"}),
        ("/thank @ana for http://value:80", {"who": "@ana", "why": "for http://value:80"}),
    ],
)
def test_several_people_and_what_is_given_by_its_name(line: str, raw: dict[str, str]):
    """People stand before the words; what has a name may stand anywhere, and is looked for as a word of its own."""
    assert raw == call(line).raw
