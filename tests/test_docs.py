"""What the pages for people promise exists: every command and every file they name."""

import os
import re
from pathlib import Path

import pytest
import typer

from bot import rights
from bot.chat.parse import Call, Group, parse
from bot.feature import Features
from bot.features import ALL
from bot.i18n import LANGUAGES, Say
from bot.insight.measures import MEASURES
from bot.insight.wording import UNITS
from cli.main import app

ROOT = Path(__file__).parents[1]
PAGES = (
    "README.md", "docs/members.md", "docs/coordinators.md", "docs/moderators.md", "docs/operators.md",
    "docs/operations.md", "docs/discord.md", "docs/slack.md", "docs/words.md", "docs/playground.md", "docs/measures.md",
    "PRIVACY.md", "SECURITY.md",
)  # fmt: skip
COMMANDS = {command.path: command for feature in ALL for command in feature.commands}
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)[^)]*\)")
THEIRS = {"/kith", "/invite @kith"}
ADDRESSES = re.compile(r"/(opt|etc|var)/|/(healthz|readyz|metrics)$")
"""What begins with a slash and is no command: places on a machine, pages of the port for monitoring."""
FOLDERS = ("docs/", "deploy/", "tests/", "examples/", "bot/", "adapters/", "cli/", "scheduler/", "storage/")


def page(name: str) -> str:
    """Return a page's text."""
    return (ROOT / name).read_text(encoding="utf-8")


def commands_in(text: str) -> list[str]:
    """Return the chat commands that a page names, without Slack's own prefix; groups such as `/coord` count too."""
    found = [code for code in CODE.findall(text) if re.match(r"/[a-z]", code) and not ADDRESSES.match(code)]
    return [code.removeprefix("/kith ") for code in found]


@pytest.mark.parametrize("name", PAGES)
def test_every_command_that_is_named_exists(name: str):
    """A command on a page is one that members can type, as it is written there."""
    unknown = [
        line
        for line in commands_in(page(name))
        if line not in THEIRS and not isinstance(parse(line, COMMANDS), Call | Group)
    ]
    assert [] == unknown


def test_every_command_is_told_to_those_who_may_use_it():
    """Each command stands on the members' page or, under /coord and /mod, on the coordinators' and moderators'."""
    told = {
        name: {parsed.command.path for line in commands_in(page(f"docs/{name}.md"))
               if isinstance(parsed := parse(line, COMMANDS), Call)}
        for name in ("members", "coordinators", "moderators")
    }  # fmt: skip
    whose = {"coord": "coordinators", "mod": "moderators"}
    missing = [path for path in COMMANDS if path not in told[whose.get(path[0], "members")]]
    assert [] == missing


@pytest.mark.parametrize("name", PAGES)
def test_every_file_that_is_named_exists(name: str):
    """Links lead somewhere, and paths in code are paths of this repository."""
    text = page(name)
    links = [str((ROOT / name).parent.joinpath(link).resolve().relative_to(ROOT)) for link in LINK.findall(text)]
    paths = [path for path in CODE.findall(text) if path.startswith(FOLDERS) and path == path.lower()]
    assert [] == [path for path in {*links, *paths} if not (ROOT / path).exists()]


@pytest.mark.parametrize("name", PAGES)
def test_every_word_of_the_command_line_exists(name: str):
    """A `kith WORD` on a page is one that the command line knows, and so is the word after a group."""
    known = typer.main.get_command(app)
    lines = [*CODE.findall(page(name)), *(line.strip() for line in page(name).splitlines())]
    for words in (found[1] for line in lines if (found := re.match(r"kith ((?:[a-z]+ ?)+)", line))):
        first, *more = words.split()
        assert first in known.commands, words
        assert not more or more[0] in getattr(known.commands[first], "commands", more), words


def test_every_button_that_is_named_is_said():
    """A label in bold on the members' page is one that a button or a message has."""
    said = {Say(language).line(message) for language in LANGUAGES for message in _source_messages()}
    bold = re.findall(r"\*\*([^*]+)\*\*", page("docs/members.md"))
    assert [] == [label for label in bold if label not in said]


def _source_messages() -> set[str]:
    from tests.test_words import forms, in_source

    return {forms(message)[0] for message in in_source()}


def made(name: str, mark: str, lines: list[str]) -> None:
    """Hold the part of a page between two marks against what it is made from; `KITH_DOCS=write` writes it anew."""
    text = page(name)
    before, rest = text.split(f"<!-- {mark} -->\n")
    held, after = rest.split(f"<!-- /{mark} -->")
    wanted = "\n".join(lines) + "\n"
    if os.environ.get("KITH_DOCS") == "write":
        (ROOT / name).write_text(f"{before}<!-- {mark} -->\n{wanted}<!-- /{mark} -->{after}", encoding="utf-8")
        held = wanted
    assert wanted == held


def test_the_registry_of_personal_data_is_that_of_the_code():
    """PRIVACY.md lists every table with personal data, why it is kept, for how long, and what being forgotten does."""
    rows = [f"| `{table}` | {why} | {does} | {kept} |" for table, why, does, kept in rights.described(Features(ALL))]
    made("PRIVACY.md", "registry", ["| table | why | when forgotten | kept |", "| --- | --- | --- | --- |", *rows])


def test_the_measures_are_those_of_the_code():
    """docs/measures.md has each figure with its unit and its formula, as coordinators read them."""
    rows = [f"| {one.label} (`{one.key}`) | {UNITS[one.unit]} | {one.formula} |" for one in MEASURES.values()]
    made("docs/measures.md", "measures", ["| figure | unit | how it is made |", "| --- | --- | --- |", *rows])
