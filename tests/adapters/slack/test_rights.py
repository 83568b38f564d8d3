"""Rights on the wire: the scopes as Slack says them, a copy in direct messages, charts as pictures with their table."""

from tests.fakes.slack.world import SlackWorld


async def test_privacy_names_the_scopes_that_were_granted(members: SlackWorld) -> None:
    """They are those of Slack's newest answer, also when they changed while the app was running."""
    members.server.scopes = "users:read,chat:write"
    await members.says("ana", "kudos give @bea for the soup")
    await members.passes(minutes=1)
    (answer,) = [one for one in await members.says("ana", "privacy") if one.kind == "ephemeral"]
    assert "chat:write, users:read" in str(answer.content)


async def test_a_copy_comes_into_direct_messages(members: SlackWorld) -> None:
    """Both files are shared with the member alone."""
    await members.says("ana", "me export")
    assert {("DUANA", "about-me.html"), ("DUANA", "about-me.json")} == {
        (channel, name) for channel, name, _ in members.team.shared
    }
