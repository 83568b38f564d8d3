"""Coordinators set up their community, change what it decided and see how it stands; members find their page."""

import pytest

from bot.chat.actions import ActionId
from bot.chat.reply import Ask, Reject
from bot.chat.spec import Audience
from bot.features import ALL
from bot.features.community.rules import PARTS
from storage.checkin import CheckIn
from storage.community import Community, Setting
from storage.draft import Draft
from storage.feedback import FeedbackNote
from storage.pair import Pair
from storage.programme import Role
from tests.conftest import LIKE_DISCORD
from tests.fakes.world import COORDINATOR, MODERATOR, World, key, text
from tests.features.town import change, comes, keys_of

SETUP = {"name": "South Bank", "language": "es", "zone": "America/Bogota"}


async def the_community(world: World) -> Community:
    """Return the only community's row."""
    (row,) = await world.rows(Community)
    return row


async def test_setup_comes_in_pages_and_is_stored_at_the_end(world: World):
    """The set-up form has more fields than a page; after the first nothing is changed, after the last all of it is."""
    asked = await world.says("vera", "/coord setup")
    assert isinstance(asked, Ask)
    assert asked.form.pages > 1
    first = {field.name: SETUP.get(field.name, "") for field in asked.form.page(0)}
    second = await world.handles(world.town.submit("vera", asked.form, first, page=0))
    assert isinstance(second, Ask)
    assert "North Bank Makers" == (await the_community(world)).name
    assert "community.set_up" == key(await world.submits("vera", second, SETUP))
    row = await the_community(world)
    assert ("South Bank", "es", "America/Bogota") == (row.name, row.language, row.zone)
    assert [] == await world.rows(Draft)


async def test_setup_goes_on_after_a_break(world: World):
    """Where a button opens the next page, a coordinator can come back to it and finds what they typed."""
    world.town._capabilities = LIKE_DISCORD
    reply = await world.submits("vera", await world.says("vera", "/coord setup"), SETUP)
    for _ in range(4):
        if key(reply) != "core.continue":
            break
        reply = await world.submits("vera", await world.presses("vera", "Continue"), SETUP)
    assert "community.set_up" == key(reply)
    assert "South Bank" == (await the_community(world)).name


async def test_somebody_elses_draft_stays_closed(world: World):
    """A draft can be opened by who wrote it only."""
    world.town._capabilities = LIKE_DISCORD
    await world.submits("vera", await world.says("vera", "/coord setup"), SETUP)
    (draft,) = await world.rows(Draft)
    assert "core.not_yours" == key(await world.presses_id("ana", f"drafts.open:{draft.id}"))


async def test_a_wrong_zone_is_named_with_the_nearest_one(world: World):
    """Nothing is saved, and the field says what may have been meant."""
    wrong = await world.submits("vera", await world.says("vera", "/coord setup"), SETUP | {"zone": "America/Bogotta"})
    assert isinstance(wrong, Ask | Reject)
    assert "Did you mean America/Bogota?" in wrong.errors["zone"]
    assert "North Bank Makers" == (await the_community(world)).name


@pytest.mark.parametrize("part", [part for part, _ in PARTS])
async def test_every_part_of_the_settings_can_be_opened_and_saved(world: World, part: str):
    """Each choice of the command leads to a form; sending it as it stands changes nothing."""
    before = {row.key: row.value for row in await world.rows(Setting)}
    asked = await world.says("vera", f"/coord settings {part}")
    assert isinstance(asked, Ask)
    assert "community.saved" == key(await world.submits("vera", asked))
    after = {row.key: row.value for row in await world.rows(Setting)}
    assert before == {name: value for name, value in after.items() if name in before}


def test_every_setting_can_be_found():
    """No feature declares a setting that no part of the command shows."""
    settings = {setting.key.split(".")[0] for feature in ALL for setting in feature.settings}
    assert settings == {part for part, _ in PARTS}


async def test_a_setting_counts_from_when_it_is_saved(world: World):
    """A changed channel is used by the next message."""
    await world.submits("vera", await world.says("vera", "/coord settings programme"), {"programme.channel": "general"})
    await world.applies()
    assert ["general"] == [message.channel for message in await world.delivers()]


async def test_a_number_out_of_range_is_told_on_its_field(world: World):
    """What cannot be is refused with the range."""
    wrong = await world.submits("vera", await world.says("vera", "/coord settings kudos"), {"kudos.a_day": "0"})
    assert isinstance(wrong, Ask | Reject)
    assert "from 1 to 50" in wrong.errors["kudos.a_day"]


async def test_settings_that_do_not_exist_are_refused(world: World):
    """A form made up by a changed client has nothing to set."""
    event = world.town.submit("vera", str(ActionId("community.settings", "nothing", "0")), {})
    assert "community.nothing_to_set" == key(await world.handles(event))


COORDINATORS = [command for feature in ALL for command in feature.commands if command.audience is Audience.COORDINATOR]


@pytest.mark.parametrize("who", ["ana", MODERATOR])
@pytest.mark.parametrize("command", COORDINATORS, ids=lambda command: command.name)
async def test_coordinators_commands_are_for_coordinators(coffee: World, command, who: str):
    """A member or moderator who types one is refused with a word on whom to ask, and nothing is shown."""
    reply = await coffee.says(who, command.example)
    assert "core.not_allowed" == key(reply)
    assert "coordinators" in text(reply)


async def test_a_form_of_coordinators_cannot_be_sent_by_members(world: World):
    """Who makes up the form without being allowed to open it changes nothing."""
    for form in ("community.setup", "community.settings:kudos"):
        event = world.town.submit("ana", form, {"name": "Mine", "language": "en", "zone": "UTC", "kudos.a_day": "50"})
        assert "core.not_allowed" == key(await world.handles(event))
    assert "North Bank Makers" == (await the_community(world)).name


async def test_who_loses_the_role_loses_the_commands(world: World):
    """Permission is looked at each time, not remembered; administering the space does not help once roles are set."""
    assert "community.status" == key(await world.says(COORDINATOR, "/coord status"))
    comes(world, COORDINATOR, roles=frozenset())
    assert "core.not_allowed" == key(await world.says(COORDINATOR, "/coord status"))
    comes(world, "ana", roles=frozenset({"coordinator"}))
    assert "community.status" == key(await world.says("ana", "/coord status"))


async def test_status_says_what_the_rows_say(coffee: World):
    """Every figure of the status is the number of rows behind it."""
    await coffee.until("2026-03-05 16:15")
    await coffee.presses("ana", "We met")
    await coffee.presses("bea", "Not yet")
    for name in ("ana", "bea"):
        asked = await coffee.says(name, "/feedback send")
        await coffee.submits(name, asked, topic="pair", text="My partner never answers me.", mode="anonymous")
    shown = text(await coffee.says("vera", "/coord status"))

    active = [role for role in await coffee.rows(Role) if role.status == "active" and role.kind == "peer"]
    rows = await coffee.rows(Pair)
    met = [pair for pair in rows if pair.met_at]
    asked_rows = [row for row in await coffee.rows(CheckIn) if row.asked_at]
    silent = [row for row in asked_rows if row.answer is None]
    assert ["waiting"] * 2 == [note.status for note in await coffee.rows(FeedbackNote)]
    assert f"{len(active)} people take part." in shown
    assert f"Coffee: {len(active)} peers" in shown
    assert f"pairs: {len(rows)}, of them met: {len(met)}, people without a partner: 0" in shown
    assert f"{len(asked_rows)} asked: 1 met, 1 not yet, and {len(silent)} no answer yet" in shown
    assert "0 open, 0 being worked on, 0 done" in shown
    assert "Next round: Tuesday, March 17, 2026" in shown


async def test_status_without_a_programme_says_what_to_do(world: World):
    """A new community reads how to begin."""
    assert "kith programme apply FILE" in text(await world.says("vera", "/coord status"))


async def test_ones_own_page_gathers_what_matters(coffee: World):
    """The page shows the programme, the partner, the open question and the newest thanks."""
    await coffee.says("chen", "/kudos give @ana for the review")
    await coffee.until("2026-03-05 16:15")
    shown = text(await coffee.opens_home("ana"))
    for part in ("You are in Coffee.", "Your partner: @", "[We met]", "You were thanked once."):
        assert part in shown
    assert shown == text(await coffee.says("ana", "/me home"))


async def test_an_empty_page_says_how_to_begin(world: World):
    """Who is nowhere yet is not shown an empty page."""
    assert "Join a programme to begin." in text(await world.opens_home("ana"))


async def test_a_misspelt_command_is_set_right(world: World):
    """The nearest command is offered; what resembles nothing points to the list of what members can do."""
    assert "Did you mean /kudos give?" in text(await world.says("ana", "/kudo give @bea for the review"))
    assert "/help shows what there is." in text(await world.says("ana", "/xyzzy"))
    listed = text(await world.says("ana", "/help"))
    assert "/kudos give: Thank somebody, with the reason" in listed
    assert "/coord" not in listed
    assert "/programme join" in text(await world.says("ana", "/programme"))


async def test_each_reads_their_own_language(coffee: World):
    """A Spanish member is answered in Spanish, and refused in Spanish, while channels stay in English."""
    comes(coffee, "ana", locale="es-ES")
    await change(coffee, "ana", language=None)
    assert "Tu página" in text(await coffee.says("ana", "/me home"))
    assert "Esto es para quienes coordinan" in text(await coffee.says("ana", "/coord status"))
    assert "los kudos son para otra persona" in text(await coffee.says("ana", "/kudos give @ana for me"))
    await coffee.submits("bea", await coffee.says("bea", "/kudos preferences"), sight="public")
    await coffee.says("ana", "/kudos give @bea por la revisión")
    await coffee.delivers()
    assert "@Ana thanks @Bea:" in coffee.sees("ana", "kudos")[-1]


async def test_a_spanish_community_speaks_spanish_in_its_channels(world: World):
    """Once the community's language is Spanish, its posts are; a member who reads English still does."""
    await world.submits("vera", await world.says("vera", "/coord setup"), SETUP | {"zone": "Europe/Madrid"})
    await world.applies()
    said = await world.delivers()
    assert ["programme.card"] == keys_of(said)
    assert "[Apuntarme] [Cómo funciona] [Opinión anónima]" in world.sees("ana", "news")[-1]
    assert "Your page" in text(await world.says("ana", "/me home"))


async def test_words_too_many_are_named(world: World):
    """What a command cannot take is said back rather than ignored."""
    assert "core.too_many_words" == key(await world.says("ana", "/me home now please"))
