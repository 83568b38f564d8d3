"""Every sentence a member can read is translated, whole and short enough to be shown."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.chat import limits
from bot.chat.forms import Form
from bot.chat.reply import Ask
from bot.chat.spec import ChoiceParam
from bot.features import ALL
from bot.i18n import LANGUAGES, Say
from bot.recurrence_rule import PROBLEMS
from tests.fakes.world import COORDINATOR, SPACE, World

ROOT = Path(__file__).parents[1]
KEYWORDS = {"say": None, "line": None, "plural": (1, 2), "N_": None}
CATALOGUES = ROOT / "bot/locales/es/LC_MESSAGES"
PLACEHOLDER = re.compile(r"\{(\w+)\}")

# What members read. The frame of the playground's page and the command line are for who runs Kith, in English only.
SPOKEN = ("bot", "adapters/discord", "adapters/slack")

Message = str | tuple[str, ...]


def in_source() -> set[Message]:
    """Return every message that stands in the code; one with plurals is a pair."""
    return {
        message
        for folder in SPOKEN
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, method_map=[("**.py", "python")], keywords=KEYWORDS)
    }


@cache
def catalogues() -> dict[str, Catalog]:
    """Return the Spanish catalogues as they stand, by name: one for the core, one a feature."""
    found = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            found[path.stem] = read_po(file)
    return found


def forms(message: Message | list[str]) -> tuple[str, ...]:
    """Return a message or translation as its plural forms, one for those without."""
    return (message,) if isinstance(message, str) else tuple(message)


def entries() -> list[tuple[tuple[str, ...], tuple[str, ...], set[str]]]:
    """Return (message, translation, flags) for each entry of the catalogue."""
    return [
        (forms(one.id), forms(one.string), set(one.flags))
        for catalogue in catalogues().values()
        for one in catalogue
        if one.id
    ]


def test_a_sentence_stands_in_one_catalogue():
    """Two translations of one sentence would depend on the order of files; what several features say is the core's."""
    assert [] == [message for message, times in Counter(message[0] for message, _, _ in entries()).items() if times > 1]


def test_every_catalogue_is_the_core_or_a_feature():
    """A feature's Spanish is in the file that has its name."""
    assert set() == catalogues().keys() - {"kith", *(feature.name for feature in ALL)}


def test_every_sentence_in_the_code_is_in_the_catalogue():
    """Nothing is said in English to somebody who reads Spanish."""
    assert set() == {forms(message) for message in in_source()} - {message for message, _, _ in entries()}


def test_nothing_in_the_catalogue_is_left_over():
    """A sentence that is said no more leaves the catalogue, and none waits in it as obsolete."""
    assert set() == {message for message, _, _ in entries()} - {forms(message) for message in in_source()}
    assert [] == [one for catalogue in catalogues().values() for one in catalogue.obsolete]


def test_every_translation_is_finished():
    """No entry is empty, in any of its plural forms, and none is only guessed."""
    assert [] == [message for message, said, flags in entries() if not all(said) or "fuzzy" in flags]


def test_plural_forms_are_as_many_as_spanish_has():
    """A sentence with a number has its forms for one and for many; one without has a single form."""
    wrong = [message for message, said, _ in entries() if len(said) != (2 if message[1:] else 1)]
    assert [] == wrong


def test_a_translation_names_what_its_sentence_names():
    """Each placeholder of a sentence stands in every form of its translation, and no other does."""
    wrong = [
        message
        for message, said, _ in entries()
        for text in said
        if set(PLACEHOLDER.findall(message[-1])) - {"n"} != set(PLACEHOLDER.findall(text)) - {"n"}
    ]
    assert [] == wrong


def test_a_number_stands_in_the_form_for_many():
    """A translation for many says how many, where the sentence does."""
    assert [] == [message for message, said, _ in entries() if "{n}" in message[-1] and "{n}" not in said[-1]]


def test_a_sentence_begins_and_ends_as_its_translation_does():
    """Spaces and the closing colon or question mark are kept, or two parts of a message run into each other."""

    def ends(text: str) -> tuple[bool, bool, str]:
        last = text.rstrip()[-1]
        return text[0].isspace(), text[-1].isspace(), last if last in ".:?!" else ""

    assert [] == [message for message, said, _ in entries() for text in said if ends(message[0]) != ends(text)]


@pytest.mark.parametrize("text", sorted(PROBLEMS.values()))
def test_problems_of_a_rule_can_be_said_in_spanish(text: str):
    """What is wrong with a recurrence rule is a sentence like any other."""
    assert text != Say("es").line(text)


# -- nothing is said past the catalogue -------------------------------------------------------------------------------

BUILDERS = {
    "Heading", "Text", "Fields", "List", "Note", "Image", "Chart", "Actions", "Button", "LinkButton", "Choice",
    "MemberChoice", "Option", "View", "Form", "TextField", "ChoiceField", "MultiChoiceField", "MemberField",
    "ChannelField", "RoleField", "DateField", "NumberField", "words", "Plain", "Bold", "Command", "ButtonSpec",
    "FormSpec", "TextParam", "MemberParam", "ChoiceParam", "DateParam", "NumberParam", "ProgrammeParam", "Menu",
    "Setting", "Personal", "Feature",
}  # fmt: skip
MARKED = {"say", "line", "plural", "N_"}
LABELS = {"label", "hint", "title", "submit", "intro", "placeholder", "help", "why", "alt"}
NOT_READ = {"example"}
LABELLED_FIRST = {"Heading", "Button", "LinkButton", "Choice", "MemberChoice"}


def called(call: ast.Call) -> str:
    """Return the last name of what is called."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def literals(node: ast.AST) -> Iterator[ast.Constant]:
    """Yield the strings under a node that are shown as they stand: not marked, not a command to copy."""
    marked = isinstance(node, ast.Call) and called(node) in MARKED | {"Code"}
    if marked or (isinstance(node, ast.keyword) and node.arg in NOT_READ):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from literals(child)


def is_sentence(text: str) -> bool:
    """Return whether a string is words to read rather than a key or a mark."""
    return bool(re.search(r"[^\W\d_]", text)) and " " in text.strip()


def unsaid(source: str) -> list[str]:
    """Return "line: text" for what views and specs in `source` show without asking the catalogue."""
    found: set[tuple[int, str]] = set()
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or called(call) not in BUILDERS:
            continue
        found |= {(one.lineno, one.value) for one in literals(call) if is_sentence(one.value)}
        shown = [keyword.value for keyword in call.keywords if keyword.arg in LABELS]
        shown += call.args[:1] if called(call) in LABELLED_FIRST else []
        for part in shown:
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and re.search(r"[^\W\d_]", part.value):
                found.add((part.lineno, part.value))
    return [f"{line}: {text}" for line, text in sorted(found)]


def test_no_view_shows_a_sentence_past_the_catalogue():
    """Every view, form, command and setting gets its words from the catalogue."""
    found = {
        str(file.relative_to(ROOT)): lines
        for folder in SPOKEN
        for file in sorted((ROOT / folder).rglob("*.py"))
        if (lines := unsaid(file.read_text(encoding="utf-8")))
    }
    assert {} == found


def test_a_sentence_past_the_catalogue_is_found():
    """The check sees a bare sentence, a bare label and a piece of an f-string, and passes what is marked or to copy."""
    source = """
View("key", (Text(words("Hello there")), Button("Join", action), Note(words(f"{n} are left"))))
View("key", (Text(say("Hello there")), Text(words(Code("/kudos give"), " · ")), Note(say(N_("Fine by me")))))
Setting(key="a.b", label="Colour", hint=N_("Of the sky"))
"""
    assert ["2:  are left", "2: Hello there", "2: Join", "4: Colour"] == unsaid(source)


# -- everything fits in both languages (the golden files hold the views to it) ----------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_commands_say_of_themselves_fits(language: str):
    """Helps, labels and choices of every command are short enough for each platform's menus."""
    say = Say(language)
    for command in (command for feature in ALL for command in feature.commands):
        assert len(say.line(command.help)) <= limits.COMMAND_HELP, command.help
        for param in command.params:
            assert param.label, f"{command.name} {param.name} needs a label to be read in a form"
            assert len(say.line(param.help)) <= limits.COMMAND_HELP, param.help
            assert len(say.line(param.label)) <= limits.FORM_LABEL, param.label
            for _, label in param.options if isinstance(param, ChoiceParam) else ():
                assert len(say.line(label)) <= limits.OPTION_LABEL, label
        for menu in command.menus:
            assert len(say.line(menu.label)) <= limits.COMMAND_WORD, menu.label


@pytest.mark.parametrize("locale", LANGUAGES)
async def test_every_form_can_be_shown(coffee: World, locale: str):
    """A coordinator and a member can open every form that a command leads to, in their language."""
    speaks(coffee, COORDINATOR, locale)
    speaks(coffee, "new", locale)
    lines = [command.example for feature in ALL for command in feature.commands if command.opens_form]
    asked = [await coffee.says(COORDINATOR, line.replace("kudos", part))
             for line in lines for part in ("core", "programme", "kudos")]  # fmt: skip
    asked += [await coffee.says("new", line) for line in ("/kudos give", "/programme join", "/feedback inbox")]
    shown = {reply.form.title for reply in asked if isinstance(reply, Ask)}
    assert {reply.form.name for reply in asked if isinstance(reply, Ask)} >= {
        "community.setup", "community.settings", "feedback.send", "feedback.inbox", "programme.join", "cmd.kudos.give",
    }  # fmt: skip
    assert ("Opinión anónima" in shown) == (locale == "es")


async def test_a_form_for_missing_words_is_translated(coffee: World):
    """Who types half a command in Spanish is asked for the rest in Spanish, labels and all."""
    speaks(coffee, "new", "es")
    asked = await coffee.says("new", "/kudos give @bea")
    assert isinstance(asked, Ask)
    assert ["Quién", "Por qué"] == labels(asked.form)


def labels(form: Form) -> list[str]:
    """Return the labels of a form."""
    return [field.label for field in form.fields]


def speaks(world: World, who: str, locale: str) -> None:
    """Let an account with this language into the town, or change the one that is there."""
    from dataclasses import replace

    from adapters.playground.town import User

    users = world.town.spaces[SPACE].users
    known = users.get(who) or User(who, who.capitalize(), who, zone="Europe/Madrid")
    world.town.add_user(SPACE, replace(known, locale=locale))
