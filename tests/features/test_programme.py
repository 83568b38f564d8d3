"""Members look at a programme, join it, change what they said, and leave it."""

from bot.chat.forms import ChoiceField
from bot.chat.reply import Ask, Reject, Show
from bot.features.programme.files import bring_in
from bot.roster import read as read_roster
from storage.draft import Draft
from storage.member import Member
from storage.outbox import Outbox
from storage.programme import Programme, Role
from tests.conftest import LIKE_DISCORD
from tests.fakes.world import COFFEE, JOIN, World, key, text
from tests.features.town import MENTORING, comes, keys_of, member, pairs, partner, to

MENTEE = JOIN | {"role": "mentee", "wants": "writing; Python"}


async def roles(world: World, who: str) -> dict[str, str]:
    """Return kind -> status of somebody's roles."""
    mine = (await member(world, who)).id
    return {role.kind: role.status for role in await world.rows(Role) if role.member_id == mine}


async def test_a_new_programme_is_announced_once_with_a_button(world: World):
    """The channel for news shows the programme; applying the file again says nothing."""
    await world.applies()
    assert ["programme.card"] == to(await world.delivers(), "news")
    await world.applies(COFFEE | {"summary": "Changed."})
    assert [] == to(await world.delivers(), "news")
    assert "form:programme.join" == key(await world.presses("ana", "Join"))


async def test_a_long_form_comes_in_pages(world: World):
    """The mentoring form has more fields than a page holds; nobody is in before the last page is sent."""
    await world.applies(MENTORING)
    asked = await world.says("ana", "/programme join")
    assert isinstance(asked, Ask)
    assert 2 == asked.form.pages
    first = {field.name: MENTEE.get(field.name, "") for field in asked.form.page(0)}
    second = await world.handles(world.town.submit("ana", asked.form, first, page=0))
    assert isinstance(second, Ask)
    assert 1 == second.page
    assert {} == await roles(world, "ana")
    rest = {field.name: MENTEE.get(field.name, "") for field in second.form.page(1)}
    assert "programme.joined" == key(await world.handles(world.town.submit("ana", asked.form, rest, page=1)))
    assert {"mentee": "active"} == await roles(world, "ana")
    assert [] == await world.rows(Draft)


async def test_where_a_form_cannot_follow_a_form_a_button_does(world: World):
    """On a platform like Discord each page is followed by [Continue], and what was typed is kept."""
    world.town._capabilities = LIKE_DISCORD
    await world.applies(MENTORING)
    saved = await world.submits("ana", await world.says("ana", "/programme join"), MENTEE)
    assert "core.continue" == key(saved)
    second = await world.presses("ana", "Continue")
    assert isinstance(second, Ask)
    assert 1 == second.page
    assert "programme.joined" == key(await world.submits("ana", second, MENTEE))
    assert ["writing", "Python"] == (await member(world, "ana")).wants


async def test_every_mistake_is_told_at_its_field(world: World):
    """A wrong zone, language and availability are named all at once, each with its cure; nothing is stored."""
    await world.applies()
    asked = await world.says("ana", "/programme join")
    wrong = {"zone": "Europe/Madird", "languages": "English; Klingonish", "availability": "whenever"}
    again = await world.submits("ana", asked, JOIN | wrong)
    assert isinstance(again, Ask | Reject)
    errors = dict(again.errors)
    assert {"zone", "languages", "availability"} == errors.keys()
    assert "Did you mean Europe/Madrid?" in errors["zone"]
    assert "Klingonish" in errors["languages"]
    assert "mon 18:00-20:00" in errors["availability"]
    assert {} == await roles(world, "ana")


async def test_mistakes_are_mended_where_they_were_made(world: World):
    """Without errors on fields, [Fix it] opens the form as it was typed."""
    world.town._capabilities = LIKE_DISCORD
    await world.applies()
    kept = await world.submits("ana", await world.says("ana", "/programme join"), JOIN)
    page = await world.presses("ana", "Continue") if key(kept) == "core.continue" else kept
    told = await world.submits("ana", page, JOIN | {"availability": "whenever"}) if isinstance(page, Ask) else page
    assert "core.fix" == key(told)
    form = await world.presses("ana", "Fix it")
    assert isinstance(form, Ask)
    assert "programme.joined" == key(await world.submits("ana", form, availability="sat 09:00-12:00"))


async def test_joining_is_saying_yes_to_messages(world: World):
    """Before joining nobody may be written to; from then on they may."""
    await world.applies()
    assert (await member(world, "ana")).opted_in_at is None
    await world.joins("ana")
    assert world.clock.now() == (await member(world, "ana")).opted_in_at


async def test_joining_again_changes_what_was_said(coffee: World):
    """The form opens filled in, and sending it changes the answers; the role is not doubled."""
    asked = await coffee.says("ana", "/programme join")
    assert isinstance(asked, Ask)
    assert "Europe/Madrid" == next(field.value for field in asked.form.fields if field.name == "zone")
    await coffee.submits("ana", asked, zone="America/Bogota", offers="gardening, chess; Chess")
    ana = await member(coffee, "ana")
    assert ("America/Bogota", ["gardening", "chess", "Chess"]) == (ana.zone, ana.offers)
    assert {"peer": "active"} == await roles(coffee, "ana")


async def test_somebody_may_be_mentor_and_mentee(world: World):
    """Both roles are held; choosing one later gives up the other."""
    await world.applies(MENTORING)
    await world.submits("ana", await world.says("ana", "/programme join"), MENTEE | {"role": "both"})
    assert {"mentor": "active", "mentee": "active"} == await roles(world, "ana")
    await world.submits("ana", await world.says("ana", "/programme join"), MENTEE | {"role": "mentor"})
    assert {"mentor": "active", "mentee": "left"} == await roles(world, "ana")


async def test_leaving_is_asked_once_and_then_done(coffee: World):
    """The command only asks; the button leaves; a second press finds nothing to leave."""
    assert "programme.leaving" == key(await coffee.says("ana", "/programme leave"))
    assert {"peer": "active"} == await roles(coffee, "ana")
    message = coffee.newest_with("ana", "Leave")
    assert "programme.left" == key(await coffee.presses("ana", "Leave", message=message))
    assert {"peer": "left"} == await roles(coffee, "ana")
    assert "programme.not_in" == key(await coffee.presses("ana", "Leave", message=message))


async def test_a_partner_is_told_kindly_and_only_once(coffee: World):
    """Who is left behind hears that it has nothing to do with them; nobody else hears anything."""
    await coffee.until("2026-03-03 10:00")
    other = await partner(coffee, "ana")
    await coffee.says("ana", "/programme leave")
    await coffee.presses("ana", "Leave")
    said = await coffee.delivers()
    assert ["pair.partner_left"] == keys_of(said)
    assert ["pair.partner_left"] == to(said, coffee.dm(other))
    assert "It has nothing to do with you." in coffee.sees(other, coffee.dm(other))[-1]
    assert not any(other in people for people in (await pairs(coffee)).values())
    left = (await member(coffee, other)).id
    assert [1] == [role.waited for role in await coffee.rows(Role) if role.member_id == left]


async def test_who_left_can_come_back(coffee: World):
    """Joining after leaving takes the same role up again."""
    await coffee.says("ana", "/programme leave")
    await coffee.presses("ana", "Leave")
    assert "programme.joined" == key(await coffee.joins("ana"))
    assert {"peer": "active"} == await roles(coffee, "ana")


async def test_who_leaves_the_server_leaves_their_programmes(coffee: World):
    """A departed account is out of its pair, its partner is told, and nothing more is sent to it."""
    await coffee.until("2026-03-03 10:00")
    other = await partner(coffee, "ana")
    await coffee.handles(coffee.town.leave("ana"))
    said = await coffee.until("2026-03-06 10:00")
    assert {"peer": "left"} == await roles(coffee, "ana")
    assert ["pair.partner_left"] == to(said, coffee.dm(other))
    assert [] == to(said, coffee.dm("ana"))


async def test_a_closed_programme_takes_nobody(coffee: World):
    """Who presses an old button of a closed programme is told so, and no form opens."""

    async def close(db):
        (row,) = await coffee.rows(Programme)
        row.closed_at = coffee.clock.now()
        await db.merge(row)

    await coffee.database.write(close)
    assert "programme.closed" == key(await coffee.presses("ana", "Join"))


async def test_several_programmes_are_asked_for_by_name(coffee: World):
    """With two programmes the command asks which; a slug answers it; an unknown one is named."""
    await coffee.applies(MENTORING)
    asked = await coffee.says("ana", "/programme info")
    assert isinstance(asked, Ask)
    (which,) = asked.form.fields
    assert isinstance(which, ChoiceField)
    assert ["coffee", "first-steps"] == [option.value for option in which.options]
    assert "programme.about" == key(await coffee.says("ana", "/programme info first-steps"))
    assert "core.no_programme" == key(await coffee.says("ana", "/programme info tea"))


async def test_without_a_programme_the_cure_is_named(world: World):
    """Nobody is asked to choose among nothing."""
    assert "core.no_programmes" == key(await world.says("ana", "/programme join"))


async def test_info_tells_when_the_next_pairs_are_made(coffee: World):
    """A member reads the next round's date and what they are in it; a newcomer is offered to join."""
    assert "You are in it as peer." in text(await coffee.says("ana", "/programme info"))
    assert "Tuesday, March 3, 2026" in text(await coffee.says("ana", "/programme info"))
    comes(coffee, "new")
    assert "[Join]" in text(await coffee.says("new", "/programme info"))


async def test_people_of_a_roster_stay_silent_until_they_join(coffee: World, tmp_path):
    """Imported people are invited: no message goes to them, no round takes them, and joining makes them whole."""
    file = tmp_path / "roster.csv"
    file.write_text("handle,name,timezone,languages,interests\nzoe,Zoe,Asia/Tokyo,English,chess\n", encoding="utf-8")
    (programme,) = await coffee.rows(Programme)
    community = await coffee.community_id()
    done = await coffee.app.work(community, lambda work: bring_in(work, read_roster(file), programme))
    assert ("zoe",) == done.made
    await coffee.until("2026-03-03 10:00")
    zoe = await member(coffee, "zoe")
    assert {"peer": "invited"} == await roles(coffee, "zoe")
    assert [] == [row for row in await coffee.rows(Outbox) if row.to_id == zoe.id]
    assert not any("zoe" in people for people in (await pairs(coffee)).values())

    comes(coffee, "zoe", zone="Asia/Tokyo")
    asked = await coffee.says("zoe", "/programme join")
    assert isinstance(asked, Ask)
    assert "Asia/Tokyo" == next(field.value for field in asked.form.fields if field.name == "zone")
    assert "programme.joined" == key(await coffee.submits("zoe", asked, JOIN | {"zone": "Asia/Tokyo"}))
    assert ["zoe"] == [row.handle for row in await coffee.rows(Member) if row.handle == "zoe"]
    assert {"peer": "active"} == await roles(coffee, "zoe")


async def test_a_form_sent_twice_joins_once(world: World):
    """A redelivered form is recognised and changes nothing."""
    await world.applies()
    asked = await world.says("ana", "/programme join")
    assert isinstance(asked, Ask)
    first = {field.name: JOIN.get(field.name, "") for field in asked.form.page(0)}
    second = await world.handles(world.town.submit("ana", asked.form, first, page=0))
    assert isinstance(second, Ask)
    rest = {field.name: JOIN.get(field.name, "") for field in second.form.page(1)}
    event = world.town.submit("ana", asked.form, rest, page=1)
    assert "programme.joined" == key(await world.handles(event))
    again = await world.handles(event)
    assert isinstance(again, Show)
    assert "core.already_received" == key(again)
    assert {"peer": "active"} == await roles(world, "ana")


CREATE = {
    "kind": "peers", "name": "Lunch für alle", "summary": "A new face every month.", "weeks": "4",
    "goal": "Most pairs meet.", "measure": "met", "target": "75",
}  # fmt: skip


async def test_a_programme_is_made_in_chat(world: World):
    """One form makes it with a goal and an open cohort, and it is announced; the same name again is refused kindly."""
    form = await world.says("vera", "/coord cohort create")
    assert "programme.created" == key(await world.submits("vera", form, CREATE))
    assert ["programme.card"] == to(await world.delivers(), "news")
    (row,) = await world.rows(Programme)
    assert ("lunch-fur-alle", 0.75, 4) == (row.slug, row.file["goals"][0]["target"], row.file["rounds"]["every_weeks"])
    assert "programme.joined" == key(await world.joins("ana"))
    again = await world.submits("vera", await world.says("vera", "/coord cohort create"), CREATE)
    assert {"name"} == dict(again.errors).keys()
    assert "core.not_allowed" == key(await world.says("ana", "/coord cohort create"))


async def test_a_programme_is_cloned_in_chat(coffee: World):
    """The copy has the rules and nobody of the people; a name that is there is refused."""
    assert "programme.created" == key(await coffee.says("vera", "/coord cohort clone Tea"))
    tea = next(row for row in await coffee.rows(Programme) if row.slug == "tea")
    assert (COFFEE["rounds"]["every_weeks"], "Tea") == (tea.file["rounds"]["every_weeks"], tea.name)
    assert not any(role.programme_id == tea.id for role in await coffee.rows(Role))
    assert "programme.name_taken" == key(await coffee.says("vera", "/coord cohort clone Tea coffee"))
