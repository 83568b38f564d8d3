"""What the command line knows of Slack: sections as the adapter takes them, the doctor, the manifest."""

from pydantic import SecretStr

from cli.config import Config, SlackSection
from cli.slack import doctor, manifest_text, settings
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, Server
from tests.fakes.slack.world import workspace


def test_a_section_becomes_what_the_adapter_takes() -> None:
    """Without a signing secret the app connects out; with one it is called over HTTP and needs no app token."""
    out = settings(SlackSection(bot_token=SecretStr("xoxb-1"), app_token=SecretStr("xapp-1")))
    assert ("socket", "xoxb-1", "xapp-1", "/kith") == (out.mode, out.bot_token, out.app_token, out.command)
    called = settings(SlackSection(bot_token=SecretStr("xoxb-1"), signing_secret=SecretStr("s"), port=3001))
    assert ("http", "", "s", 3001) == (called.mode, called.app_token, called.signing_secret, called.port)


async def test_the_doctor_looks_at_every_workspace() -> None:
    """Each section has its lines; what is wrong has a cure."""
    server = Server(workspace())
    await server.start()
    base = f"{server.url}/api/"
    fine = SlackSection(bot_token=SecretStr(BOT_TOKEN), app_token=SecretStr(APP_TOKEN), api_base=base)
    wrong = SlackSection(bot_token=SecretStr("xoxb-no"), app_token=SecretStr(APP_TOKEN), api_base=base)
    lines = await doctor(Config(slack={"acme": fine, "beta": wrong}))
    assert [True, True, True, False, True] == [line.well for line in lines]
    assert [True] == [bool(line.cure) for line in lines if not line.well]
    await server.stop()


def test_the_manifest_names_the_command_of_the_section() -> None:
    """Another root command is another slash command in the manifest."""
    assert 'command: "/mentor"' in manifest_text(command="/mentor")
