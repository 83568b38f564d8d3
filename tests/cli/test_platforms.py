"""What a terminal is told about Discord and Slack: the manifest, the invitation, the doctor's lines of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.discord import print_invitation
from cli.doctor import examine
from cli.faults import Fault
from tests.fakes.discord.people import town
from tests.fakes.discord.town import TOKEN
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, Server
from tests.fakes.slack.world import workspace

DOCUMENTED = Path(__file__).parents[2] / "docs" / "slack-manifest.yaml"


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path):
    """No configuration but what the test sets."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KITH_KITH__DATA_DIR", str(tmp_path))


def test_the_manifest_for_the_defaults_is_the_documented_one(kith):
    """Without options it prints docs/slack-manifest.yaml, letter by letter."""
    assert (0, DOCUMENTED.read_text(encoding="utf-8")) == ((ended := kith("manifest", "slack")).code, ended.out)


def test_the_manifest_takes_what_a_section_may_set(kith):
    """Another command, HTTP mode and reading its own messages each change it."""
    out = kith("manifest", "slack", "--command", "/mentor", "--url", "https://kith.test/slack/a", "--probing").out
    assert [] == [part for part in ('"/mentor"', "https://kith.test/slack/a", "im:history") if part not in out]


def test_a_manifest_that_slack_would_refuse_is_not_made(kith):
    """Every option that is wrong is named with its cure."""
    ended = kith("manifest", "slack", "--command", "kith now", "--url", "http://kith.test")
    assert (1, "", 2) == (ended.code, ended.out, len(ended.err.splitlines()))
    assert [] == [part for part in ("--command", "--url", "https://") if part not in ended.err]


def test_an_invitation_needs_a_token(kith):
    """Where Discord is not configured, the cure is the variable to set."""
    ended = kith("invite", "discord")
    assert (1, True) == (ended.code, "KITH_DISCORD__TOKEN" in ended.err)


async def test_the_invitation_is_an_address_and_its_reasons(monkeypatch, capsys):
    """The address names the application; --roles asks for one permission more."""
    async with town() as (server, *_):
        monkeypatch.setenv("KITH_DISCORD__TOKEN", TOKEN)
        monkeypatch.setenv("KITH_DISCORD__API_BASE", server.api_base)
        await print_invitation(None)
        plain = capsys.readouterr().out
        await print_invitation(None, ["roles"])
    assert plain.startswith("https://discord.com/oauth2/authorize?client_id=")
    assert (True, False) == ("--roles" in plain, "--roles" in capsys.readouterr().out)


async def test_an_invitation_with_a_wrong_token_names_the_next_step(monkeypatch):
    """What Discord refuses is one line that leads to the doctor."""
    async with town() as (server, *_):
        monkeypatch.setenv("KITH_DISCORD__TOKEN", "nonsense")
        monkeypatch.setenv("KITH_DISCORD__API_BASE", server.api_base)
        with pytest.raises(Fault, match="kith doctor"):
            await print_invitation(None)


async def test_the_doctor_asks_each_platform_that_is_configured(monkeypatch, capsys):
    """Tokens that count are told as well; a wrong one is told with its cure and makes the exit code 1."""
    slack = Server(workspace())
    await slack.start()
    async with town() as (discord, *_):
        monkeypatch.setenv("KITH_DISCORD__TOKEN", TOKEN)
        monkeypatch.setenv("KITH_DISCORD__API_BASE", discord.api_base)
        monkeypatch.setenv("KITH_SLACK__ACME__BOT_TOKEN", BOT_TOKEN)
        monkeypatch.setenv("KITH_SLACK__ACME__APP_TOKEN", APP_TOKEN)
        monkeypatch.setenv("KITH_SLACK__ACME__API_BASE", f"{slack.url}/api/")
        await examine(None)
        lines = capsys.readouterr().out.splitlines()
        assert any(line.startswith("ok") and "Discord: the token is that of" in line for line in lines)
        assert {"ok   "} == {line[:5] for line in lines if "acme" in line}
        monkeypatch.setenv("KITH_SLACK__ACME__BOT_TOKEN", "xoxb-no")
        assert 1 == await examine(None)
        assert any(line.startswith("look ") and "acme" in line for line in capsys.readouterr().out.splitlines())
    await slack.stop()


async def test_the_doctor_asks_nobody_where_nothing_is_configured(capsys):
    """Without a platform there is one line that says so, and no other word of either."""
    assert 1 == await examine(None)
    told = [line for line in capsys.readouterr().out.splitlines() if "Discord" in line or "Slack" in line]
    assert [] == told
