"""The town keeps what a platform promises, so that what passes on it can pass on Discord and Slack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.playground.town import Message, Town, User
from bot.chat.actions import ActionId, Button
from bot.chat.forms import Form, TextField
from bot.chat.incoming import Place, SpaceRef, Standing
from bot.chat.platform import Address, MessageRef, Platform, Profile, Unreachable
from bot.chat.reply import Ask, Quiet, Replace, Show
from bot.chat.text import words
from bot.chat.views import Actions, Text, View, as_text
from bot.clock import MovedClock, SeededIds

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MET = ActionId("checkins.met", "c1")
ANA = Address("oak", "user", "ana")


def view(text: str, *buttons: Button) -> View:
    return View("test.view", (Text(words(text)), *((Actions(buttons),) if buttons else ())))


@pytest.fixture
def clock():
    return MovedClock(START)


@pytest.fixture
def town(clock):
    town = Town(clock, ids=SeededIds(1))
    town.add_space("oak", "Oak Street")
    town.add_channel("oak", "general")
    town.add_role("oak", "mentors")
    town.add_user("oak", User("ana", "Ana Ruiz", "ana", "America/Bogota", "es", admin=True))
    town.add_user("oak", User("bea", "Bea Okoro", "bea"))
    town.add_user("oak", User("cy", "Cy Tan", "cy", closed=True))
    return town


def test_it_is_a_platform(town):
    """A type checker and a reader can take the town wherever a platform is asked for."""
    platform: Platform = town
    assert "playground" == platform.name


async def test_the_same_key_posts_one_message(town):
    """A resend with the same key shows nothing new and gives the first message back."""
    first = await town.send(ANA, view("Hello"), key="k1")
    again = await town.send(ANA, view("Hello again"), key="k1")
    assert first == again
    assert ["Hello"] == [as_text(message.view) for message in town.visible("ana")]


async def test_another_key_posts_another_message(town):
    """Two keys are two messages, in the order they were sent."""
    for key in ("k1", "k2"):
        await town.send(ANA, view(key), key=key)
    assert ["k1", "k2"] == [as_text(message.view) for message in town.messages]


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (Address("oak", "user", "cy"), "dm_closed"),
        (Address("oak", "user", "nobody"), "unknown_user"),
        (Address("oak", "channel", "nowhere"), "unknown_channel"),
        (Address("elm", "user", "ana"), "unknown_space"),
    ],
)
async def test_who_cannot_be_reached_is_said(town, to, code):
    """Closed DMs and places that are gone are refused with a code, and nothing is posted."""
    with pytest.raises(Unreachable) as refused:
        await town.send(to, view("Hello"), key="k1")
    assert code == refused.value.code
    assert [] == town.messages


async def test_a_private_answer_is_seen_by_its_reader_only(town):
    """What `only_for` names one account is invisible to everybody else in the channel."""
    call = town.command("ana", "/me show", "general")
    town.answer(call, Show(view("For you")), private=True)
    assert 1 == len(town.visible("ana", "general"))
    assert 0 == len(town.visible("bea", "general"))


async def test_an_answer_in_a_dm_is_an_ordinary_message(town):
    """In a DM nobody else reads, so nothing is marked private; the line it answers is kept."""
    message = town.answer(town.command("ana", "/me show"), Show(view("For you")), private=True)
    assert (None, "/me show", "dm-ana") == (message.only_for, message.asked, message.channel)


async def test_a_dm_is_read_by_its_owner_only(town):
    """A DM of Ana is not in what Bea sees."""
    await town.send(ANA, view("Hello"), key="k1")
    assert [] == town.visible("bea")


async def test_replace_rewrites_the_pressed_message(town, clock):
    """A press answered with Replace changes the message in its place and notes when."""
    ref = await town.send(ANA, view("Did you meet?", Button("We met", MET)), key="k1")
    clock.advance(timedelta(hours=1))
    press = town.press("ana", ref.message, MET)
    town.answer(press, Replace(view("Good to hear.")), private=True)
    (message,) = town.visible("ana")
    assert ("Good to hear.", START, clock.now()) == (as_text(message.view), message.at, message.edited_at)
    assert ref.message == message.id


async def test_replace_without_a_message_shows_a_new_one(town):
    """Where there is nothing to rewrite, the view is still shown."""
    town.answer(town.command("ana", "/me show"), Replace(view("Here")), private=True)
    assert ["Here"] == [as_text(message.view) for message in town.visible("ana")]


@pytest.mark.parametrize("reply", [Quiet(), Ask(Form(name="f", title="F", fields=(TextField(name="a", label="A"),)))])
async def test_what_is_no_message_posts_none(town, reply):
    """A form or silence leaves the record as it was."""
    assert town.answer(town.command("ana", "/x"), reply, private=True) is None
    assert [] == town.messages


async def test_a_press_tells_who_where_and_what(town):
    """A press carries account, standing, place, pressed message and the encoded action."""
    ref = await town.send(ANA, view("Did you meet?", Button("We met", MET)), key="k1")
    press = town.press("ana", ref.message, MET, choice="bea")
    assert Place("dm", "dm-ana", ref.message) == press.place
    assert SpaceRef("playground", "oak") == press.space
    assert ("ana", Standing(admin=True), "es", "America/Bogota") == (
        press.actor.user, press.actor.standing, press.locale, press.actor.zone,
    )  # fmt: skip
    assert (str(MET), "bea") == (press.action, press.choice)


async def test_actions_are_listed_in_reading_order(town):
    """A message offers its buttons in the order they are read."""
    buttons = (Button("We met", MET), Button("Not yet", ActionId("checkins.not_yet", "c1")))
    ref = await town.send(ANA, view("Did you meet?", *buttons), key="k1")
    assert buttons == town.message(ref.message).actions


async def test_every_act_has_its_own_request_id(town):
    """Two acts are never taken for a redelivery of one."""
    ids = {town.command("ana", "/me show").request_id for _ in range(5)}
    assert 5 == len(ids)


async def test_a_form_is_submitted_under_its_encoded_id(town):
    """Name, row and page of the form travel as one id, by the form or by the id itself."""
    form = Form(name="goal.add", title="Goal", fields=(TextField(name="what", label="What"),), key="g1")
    by_form = town.submit("ana", form, {"what": "read"}, page=2)
    by_id = town.submit("ana", "goal.add:g1:2", {"what": "read"})
    assert "goal.add:g1:2" == by_form.form == by_id.form


async def test_a_room_opens_once_for_its_people(town):
    """The same key finds the same room; only its people can read there."""
    room = await town.open_room("oak", ["ana", "bea"], "Ana and Bea", key="r1")
    assert room == await town.open_room("oak", ["ana", "bea"], "Ana and Bea", key="r1")
    await town.send(Address("oak", "room", room), view("Meet"), key="k1")
    assert [1, 1, 0] == [len(town.visible(user, room)) for user in ("ana", "bea", "cy")]
    assert ["channel", "dm", "room"] == [spot.kind for spot in town.spots("ana")]


async def test_roles_are_given_and_taken(town):
    """Giving twice is fine; standing shows the role until it is taken."""
    for _ in range(2):
        await town.grant("oak", "bea", "mentors", give=True)
    assert Standing(frozenset({"mentors"})) == await town.standing("oak", "bea")
    await town.grant("oak", "bea", "mentors", give=False)
    assert Standing() == await town.standing("oak", "bea")


async def test_the_bot_edits_its_own_messages_only(town):
    """An edit changes a message of the bot; a member's words and lost messages are out of reach."""
    ref = await town.send(ANA, view("Hello"), key="k1")
    await town.edit(ref, view("Hello, Ana"), space="oak")
    assert "Hello, Ana" == as_text(town.message(ref.message).view)
    said = town.say("ana", "Hi all", "general")
    for lost in (MessageRef("general", said.id), MessageRef("general", "gone")):
        with pytest.raises(Unreachable):
            await town.edit(lost, view("x"), space="oak")


async def test_find_looks_for_the_key_in_recent_history(town, clock):
    """A message is found by its key, unless it is older than asked for."""
    ref = await town.send(ANA, view("Hello"), key="k1")
    assert ref == await town.find(ANA, key="k1", since=START)
    assert await town.find(ANA, key="k1", since=START + timedelta(seconds=1)) is None
    assert await town.find(ANA, key="k2", since=START) is None


async def test_people_and_channels_can_be_listed(town):
    """Profiles and channels come as the pickers need them; DMs are no channels."""
    assert ["ana", "bea", "cy"] == [profile.user async for profile in town.members("oak")]
    assert Profile("ana", "Ana Ruiz", "ana", "America/Bogota", "es") == await town.profile("oak", "ana")
    assert ["general"] == [channel.id for channel in await town.channels("oak")]


async def test_a_channel_can_be_for_some_only(town):
    """A channel for coordinators is posted in like any other, and read by those it is for."""
    town.add_channel("oak", "staff", users=["ana"])
    await town.send(Address("oak", "channel", "staff"), view("Batch"), key="k1")
    assert [1, 0] == [len(town.visible(user, "staff")) for user in ("ana", "bea")]
    assert ["general", "staff"] == [channel.id for channel in await town.channels("oak")]
    assert "staff" not in [spot.id for spot in town.spots("bea")]


async def test_watchers_hear_posts_and_edits_until_they_leave(town):
    """A watcher gets each message that is posted or rewritten, and nothing after it has left."""
    heard: list[Message] = []
    stop = town.subscribe(heard.append)
    ref = await town.send(ANA, view("One"), key="k1")
    await town.edit(ref, view("Two"), space="oak")
    stop()
    await town.send(ANA, view("Three"), key="k3")
    assert ["One", "Two"] == [as_text(message.view) for message in heard]


async def test_opening_and_rewriting_the_own_page(town):
    """The page is what opening it showed, or what a press on it put there."""
    town.answer(town.open_home("ana"), Show(view("Page")), private=True)
    assert "Page" == as_text(town.spaces["oak"].homes["ana"])
    town.answer(town.press("ana", None, MET), Replace(view("Page 2")), private=True)
    assert "Page 2" == as_text(town.spaces["oak"].homes["ana"])
    await town.show_home("oak", "ana", view("Page 3"))
    assert "Page 3" == as_text(town.spaces["oak"].homes["ana"])
    assert [] == town.messages


async def test_who_leaves_can_no_longer_be_reached(town):
    """A member who left is gone from the space and out of reach."""
    event = town.leave("ana")
    assert "ana" == event.actor.user
    with pytest.raises(Unreachable):
        await town.send(ANA, view("Hello"), key="k1")
    back = town.join("oak", User("ana", "Ana Ruiz", "ana"))
    assert "oak" == back.space.id
