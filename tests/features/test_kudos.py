"""Members thank each other."""

from tests.fakes.world import World, key, text


async def test_thanks_reach_the_receiver_and_the_channel(coffee: World):
    """Ana thanks Bea: Ana is answered in private, Bea gets a word, the channel sees it."""
    reply = await coffee.says("ana", "/kudos give @bea for the patient review")
    assert "kudos.given" == key(reply)
    said = await coffee.delivers()
    assert ["kudos.posted", "kudos.received"] == sorted(message.view.key for message in said)
    assert "“for the patient review”" in coffee.sees("bea", coffee.dm("bea"))[-1]


async def test_nobody_thanks_themselves(coffee: World):
    """Thanks to oneself are refused with a smile, and nothing is stored."""
    assert "kudos.self" == key(await coffee.says("ana", "/kudos give @ana for being me"))
    assert [] == await coffee.delivers()


async def test_a_reason_is_asked_for(coffee: World):
    """One word is no reason."""
    assert "kudos.short" == key(await coffee.says("ana", "/kudos give @bea thanks"))


async def test_a_missing_parameter_opens_the_form(coffee: World):
    """Who types only half gets the form for the rest, with what they typed filled in."""
    asked = await coffee.says("ana", "/kudos give @bea")
    assert "form:cmd.kudos.give" == key(asked)
    done = await coffee.submits("ana", asked, who="bea", why="for staying late with me")
    assert "kudos.given" == key(done), text(done)
