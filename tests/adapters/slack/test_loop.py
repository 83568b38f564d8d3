"""The thin loop over the wire: a command, a form, a press, a delivery."""

from storage.kudos import Kudos
from tests.fakes.slack.world import SlackWorld
from tests.fakes.world import NAMES


async def test_kudos_go_to_a_member_and_to_the_channel(coffee: SlackWorld) -> None:
    """A command is answered in private, stored, and delivered to its receiver and the channel."""
    (answer,) = await coffee.says("ana", "kudos give @bea for R&D <and> more")
    assert ("ephemeral", "UANA") == (answer.kind, answer.to)
    assert "<@UBEA>" in answer.text
    (row,) = await coffee.rows(Kudos)
    assert "for R&D <and> more" == row.reason
    seen = await coffee.passes(minutes=1)
    assert {"CKUDOS", "DUBEA"} == {one.content["channel"] for one in seen}
    assert all("for R&D <and> more" in one.text for one in seen)


async def test_a_name_that_slack_did_not_turn_into_an_account_is_found(coffee: SlackWorld) -> None:
    """Typed as plain words, @bea is the member with that handle."""
    payload = coffee.command("ana", "") | {"text": "kudos give @bea for the patient review"}
    await coffee.server.deliver("slash_commands", payload)
    await coffee.slack.settle()
    assert "<@UBEA>" in coffee.team.shown[-1].text


async def test_a_command_without_its_parameters_opens_its_form(slack: SlackWorld) -> None:
    """What is missing is asked in a modal, whose result stands in the modal."""
    (form,) = await slack.says("ana", "kudos give")
    assert "modal" == form.kind
    (done,) = await slack.submits("ana", form, {"who": "UBEA", "why": "for the patient review"})
    assert "<@UBEA>" in done.text


async def test_a_round_reaches_everybody_and_a_checkin_is_answered_in_place(coffee: SlackWorld) -> None:
    """Pairs meet in a group DM; the check-in's message is rewritten by the press, and only then."""
    rooms = [one for one in await coffee.passes(days=1, hours=2) if one.content.get("channel", "").startswith("G")]
    assert {"U" + name.upper() for name in NAMES[:-1]} == {one.to for one in rooms}
    asked = [one for one in await coffee.passes(days=3) if "We met" in one.labels()]
    assert asked
    who = next(person.name for person in coffee.team.people.values() if person.id == asked[0].to)
    (thanks,) = await coffee.presses(who, asked[0], "We met")
    assert ("update", asked[0].content["ts"]) == (thanks.kind, thanks.content["ts"])
    assert "We met" not in thanks.labels()


async def test_the_home_shows_the_page_and_follows_what_changes(coffee: SlackWorld) -> None:
    """Opening the Home publishes it; a change publishes it again, once a minute at most."""
    (page,) = await coffee.opens_home("bea")
    assert ("home", "UBEA") == (page.kind, page.to)
    await coffee.says("ana", "kudos give @bea for the patient review")
    await coffee.says("chen", "kudos give @bea for the second review")
    await coffee.passes(minutes=1)
    assert 1 == await coffee.slack.homes.publish_due()
    assert "thanked" in coffee.team.shown[-1].text
    await coffee.says("bea", "me home")
    assert 0 == await coffee.slack.homes.publish_due()
