"""The manifest: made from the specs, equal to the one in the docs, within Slack's limits."""

from pathlib import Path

import pytest

from adapters.slack.manifest import SCOPES, manifest, yaml
from bot.chat.limits import LimitError
from bot.chat.spec import Catalogue, Command, Menu
from bot.feature import Features
from bot.features import ALL

CATALOGUE = Features(ALL).catalogue
CHECKED_IN = Path(__file__).parents[3] / "docs" / "slack-manifest.yaml"


def test_the_manifest_in_the_docs_is_the_one_that_is_made() -> None:
    """`kith manifest slack > docs/slack-manifest.yaml` brings it up to date."""
    assert CHECKED_IN.read_text() == yaml(manifest(CATALOGUE))


def test_no_history_is_asked_for_unless_probing_is_on() -> None:
    """What people write is none of the app's business."""
    plain = manifest(CATALOGUE)["oauth_config"]["scopes"]["bot"]
    assert list(SCOPES) == plain
    assert not any(scope.endswith(":history") for scope in plain)
    probing = manifest(CATALOGUE, probing=True)["oauth_config"]["scopes"]["bot"]
    assert 4 == sum(scope.endswith(":history") for scope in probing)


def test_http_mode_names_its_address_everywhere() -> None:
    """Without Socket Mode, commands, events and interactions need the address."""
    made = manifest(CATALOGUE, url="https://kith.example.org/slack/acme")
    assert 3 == yaml(made).count("https://kith.example.org/slack/acme")
    assert made["settings"]["socket_mode_enabled"] is False


def test_commands_are_escaped_and_shortcuts_named_by_their_command() -> None:
    """Slack escapes what is typed, and a shortcut's id is the path of its command."""
    made = manifest(CATALOGUE)["features"]
    assert made["slash_commands"][0]["should_escape"] is True
    assert {"kudos.give", "feedback.send"} <= {one["callback_id"] for one in made["shortcuts"]}


def test_a_shortcut_that_slack_would_refuse_fails_when_it_is_made() -> None:
    """Too long a name, or a sixth shortcut, is a mistake of ours."""

    async def handler(ctx: object) -> None:
        """Do nothing."""

    long = Command(path=("a",), help="x", handler=handler, example="/a", menus=(Menu("global", "x" * 25),))  # type: ignore[arg-type]
    with pytest.raises(LimitError):
        manifest(Catalogue.of(commands=(long,), buttons=(), forms=()))
    six = Command(path=("a",), help="x", handler=handler, example="/a", menus=(Menu("global", "x"),) * 6)  # type: ignore[arg-type]
    with pytest.raises(LimitError):
        manifest(Catalogue.of(commands=(six,), buttons=(), forms=()))


def test_yaml_is_what_it_says() -> None:
    """Mappings, lists, strings, booleans, each on its line."""
    assert 'a:\n  - b: "c: d"\n    e: true\n  - "f"\ng: {}\n' == yaml({"a": [{"b": "c: d", "e": True}, "f"], "g": {}})
