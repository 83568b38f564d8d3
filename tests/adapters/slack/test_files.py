"""Files on the wire: what is made for one member comes into their direct messages."""

from tests.fakes.slack.world import SlackWorld

LOG = {"day": "2026-03-03", "minutes": "45", "topics": "the first patch", "help": "no"}


async def test_a_table_comes_into_direct_messages(members: SlackWorld) -> None:
    """The answer in a channel is for one pair of eyes, and so is the file: it comes in the DM with the bot."""
    await members.passes(days=2)
    (form,) = [one for one in await members.says("ana", "session log") if one.kind == "modal"]
    await members.submits("ana", form, LOG)
    (answer,) = [one for one in await members.says("ana", "session export") if one.kind == "ephemeral"]
    assert "sessions.csv" in str(answer.content)
    ((channel, name, data),) = members.team.shared
    assert ("DUANA", "sessions.csv") == (channel, name)
    assert b"the first patch" in data
