"""`kith manifest slack`, and what `kith doctor` says of the Slack sections."""

from __future__ import annotations

import re

from adapters.slack.checks import Check, check
from adapters.slack.connect import Settings
from adapters.slack.manifest import manifest, yaml
from bot.feature import Features
from bot.features import ALL
from cli.config import Config, SlackSection
from cli.console import say
from cli.faults import Fault

COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")


def print_manifest(*, command: str, probing: bool, url: str) -> None:
    """Print the app's manifest. Raises `Fault` for a command or an address that Slack would refuse."""
    wrong = []
    if not COMMAND.fullmatch(command):
        wrong.append(f'--command: "{command}" is no slash command. Write a slash and one word, such as "/kith".')
    if url and not url.startswith("https://"):
        wrong.append(f'--url: "{url}" is no address that Slack calls. It begins with https://.')
    if wrong:
        raise Fault("\n".join(wrong))
    say(manifest_text(command=command, probing=probing, url=url).rstrip("\n"))


def manifest_text(*, command: str = "/kith", probing: bool = False, url: str = "") -> str:
    """Return the app's manifest as YAML. `url`: the public address of HTTP mode, "" for Socket Mode."""
    return yaml(manifest(Features(ALL).catalogue, command=command, probing=probing, url=url))


def settings(section: SlackSection) -> Settings:
    """Return what the adapter needs of a section."""
    return Settings(
        bot_token=section.bot_token.get_secret_value(),
        app_token=section.app_token.get_secret_value() if section.app_token else "",
        api_base=section.api_base,
        command=section.command,
        mode="http" if section.signing_secret else "socket",
        signing_secret=section.signing_secret.get_secret_value() if section.signing_secret else "",
        host=section.host,
        port=section.port,
        sockets=section.sockets,
        probe_history=section.probe_history,
    )


async def doctor(config: Config) -> list[Check]:
    """Check the tokens and scopes of every configured workspace; each line that is not well has its cure."""
    lines: list[Check] = []
    for name, section in config.slack.items():
        known = settings(section)
        token = known.app_token if known.mode == "socket" else ""
        lines += await check(name, known.bot_token, token, known.api_base, probing=known.probe_history)
    return lines
