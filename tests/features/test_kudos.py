"""Members thank each other."""

from bot.chat.reply import Ask
from bot.chat.views import List
from storage.kudos import Kudos
from tests.fakes.world import World, key, text, view
from tests.features.town import change, comes, keys_of, to


async def test_thanks_reach_the_receiver_and_the_channel(coffee: World):
    """Ana thanks Bea: Ana is answered in private, Bea gets a word, the channel sees it."""
    reply = await coffee.says("ana", "/kudos give @bea for the patient review")
    assert "kudos.given" == key(reply)
    said = await coffee.delivers()
    assert ["kudos.posted", "kudos.received"] == sorted(keys_of(said))
    assert "“for the patient review”" in coffee.sees("bea", coffee.dm("bea"))[-1]
    assert "@Ana thanks @Bea:" in coffee.sees("chen", "kudos")[-1]


async def test_nobody_thanks_themselves(coffee: World):
    """Thanks to oneself are refused with a smile, and nothing is stored."""
    assert "kudos.self" == key(await coffee.says("ana", "/kudos give @ana for being me"))
    assert [] == await coffee.delivers()
    assert [] == await coffee.rows(Kudos)


async def test_a_reason_is_asked_for(coffee: World):
    """One word is no reason."""
    assert "kudos.short" == key(await coffee.says("ana", "/kudos give @bea thanks"))


async def test_a_missing_parameter_opens_the_form(coffee: World):
    """Who types only half gets the form for the rest, with what they typed filled in."""
    asked = await coffee.says("ana", "/kudos give @bea")
    assert "form:cmd.kudos.give" == key(asked)
    done = await coffee.submits("ana", asked, who="bea", why="for staying late with me")
    assert "kudos.given" == key(done), text(done)


async def test_five_a_day_and_no_more(coffee: World):
    """The sixth is refused with the moment when more can be given; the answer counts down to it."""
    said = [text(await coffee.says("ana", f"/kudos give @bea for thing {number}")) for number in range(5)]
    left = [answer.splitlines()[-1] for answer in said]
    assert "You can give 4 more today." == left[0]
    assert ["You can give one more today.", "That was your last one for today."] == left[3:]
    sixth = await coffee.says("ana", "/kudos give @bea for thing six")
    assert "kudos.enough" == key(sixth)
    assert "Tuesday, March 3, 2026, 12:00" in text(sixth)
    assert 5 == len(await coffee.rows(Kudos))


async def test_the_day_is_the_givers_own(coffee: World):
    """At midnight in Tokyo a new day of kudos begins there, while Madrid's goes on."""
    await change(coffee, "ana", zone="Asia/Tokyo")
    for who in ("ana", "chen"):
        for number in range(5):
            await coffee.says(who, f"/kudos give @bea for thing {number}")
    await coffee.until("2026-03-02 14:59")
    assert "kudos.enough" == key(await coffee.says("ana", "/kudos give @bea for one more"))
    await coffee.until("2026-03-02 15:00")
    assert "kudos.given" == key(await coffee.says("ana", "/kudos give @bea for one more"))
    assert "kudos.enough" == key(await coffee.says("chen", "/kudos give @bea for one more"))


async def test_a_community_sets_its_own_number(coffee: World):
    """With one a day, the second is refused."""
    await coffee.submits("vera", await coffee.says("vera", "/coord settings kudos"), {"kudos.a_day": "1"})
    await coffee.says("ana", "/kudos give @bea for the review")
    assert "kudos.enough" == key(await coffee.says("ana", "/kudos give @chen for the idea"))


async def test_without_a_channel_thanks_stay_private(coffee: World):
    """Where no channel is set, only the two of them know."""
    await coffee.submits("vera", await coffee.says("vera", "/coord settings kudos"), {"kudos.channel": ""})
    assert "in private" in text(await coffee.says("ana", "/kudos give @bea for the review"))
    assert ["kudos.received"] == keys_of(await coffee.delivers())


async def test_who_never_said_yes_gets_no_message_and_is_not_shown(coffee: World):
    """Thanks to somebody who never joined are neither posted nor sent; they see them with their next command."""
    comes(coffee, "new")
    await coffee.says("ana", "/kudos give <@new> for the warm welcome")
    assert [] == await coffee.delivers()
    assert [] == await coffee.until("2026-03-02 20:00")
    shown = text(await coffee.says("new", "/programme info"))
    assert "This was waiting for you:" in shown
    assert "“for the warm welcome”" in shown
    assert "This was waiting for you:" not in text(await coffee.says("new", "/programme info"))


async def test_closed_messages_wait_for_the_next_command(coffee: World):
    """Who takes no direct messages reads their thanks under the answer to their next command."""
    comes(coffee, "bea", closed=True)
    await coffee.says("ana", "/kudos give @bea for the review")
    assert ["kudos.posted"] == keys_of(await coffee.delivers())
    assert "“for the review”" in text(await coffee.says("bea", "/me home"))


async def test_who_has_left_cannot_be_thanked(coffee: World):
    """The giver is told that it would not arrive."""
    await coffee.handles(coffee.town.leave("bea"))
    assert "kudos.left" == key(await coffee.says("ana", "/kudos give bea for the review"))


async def test_a_stranger_is_named_in_the_refusal(coffee: World):
    """A name nobody has is said back, with what to do."""
    reply = await coffee.says("ana", "/kudos give @zorro for the review")
    assert "core.no_member" == key(reply)
    assert "zorro" in text(reply)


async def test_ones_own_thanks_are_paged(coffee: World):
    """The newest come first, eight at a time; the buttons turn the page in the same message."""
    for number in range(1, 11):
        giver = "ana" if number <= 5 else "chen"
        await coffee.passes(minutes=1)
        await coffee.says(giver, f"/kudos give @bea for thing {number:02d}")
    first = await coffee.says("bea", "/kudos mine")
    (listed,) = (block for block in view(first).blocks if isinstance(block, List))
    assert 8 == len(listed.items)
    assert "thing 10" in text(first)
    assert "Page 1 of 2" in text(first)
    second = await coffee.presses("bea", "Later")
    assert "thing 01" in text(second)
    assert "thing 10" not in text(second)
    assert "thing 10" in text(await coffee.presses("bea", "Earlier"))


async def test_no_thanks_yet_is_said_kindly(coffee: World):
    """Who has none is not told that nobody likes them."""
    reply = await coffee.says("ana", "/kudos mine")
    assert "kudos.none" == key(reply)
    assert "Nobody" not in text(reply)


async def test_a_command_sent_twice_thanks_once(coffee: World):
    """A redelivered command is recognised: one row, one message."""
    event = coffee.town.command("ana", "/kudos give @bea for the review", "general")
    assert "kudos.given" == key(await coffee.handles(event))
    assert "core.already_received" == key(await coffee.handles(event))
    assert 1 == len(await coffee.rows(Kudos))


async def test_what_was_typed_stays_as_it_was_typed(coffee: World):
    """Markup, mentions and braces in a reason are shown as they are and mean nothing."""
    reason = "<@chen> {giver} *all* @everyone [x](https://example.org)"
    await coffee.says("ana", f"/kudos give @bea {reason}")
    await coffee.delivers()
    assert f"“{reason}”" in coffee.sees("bea", coffee.dm("bea"))[-1]


async def test_a_reason_that_is_too_long_is_refused_with_the_limit(coffee: World):
    """Nothing is cut off silently."""
    reply = await coffee.says("ana", "/kudos give @bea " + "very " * 120)
    assert "core.text_too_long" == key(reply)
    assert "500" in text(reply)


async def test_each_reads_their_own_language(coffee: World):
    """Bea reads her thanks in Spanish; the channel stays in the community's English; Ana is answered in English."""
    await change(coffee, "bea", language="es")
    answer = await coffee.says("ana", "/kudos give @bea for the review")
    said = await coffee.delivers()
    assert "Your thanks" in text(answer)
    assert "@Ana te da las gracias:" in coffee.sees("bea", coffee.dm("bea"))[-1]
    assert "@Ana thanks @Bea:" in coffee.sees("bea", "kudos")[-1]
    assert ["kudos.posted"] == to(said, "kudos")


async def test_a_form_can_be_asked_for_with_nothing_typed(coffee: World):
    """The bare command opens the whole form."""
    asked = await coffee.says("ana", "/kudos give")
    assert isinstance(asked, Ask)
    assert ["Who", "Why"] == [field.label for field in asked.form.fields]
