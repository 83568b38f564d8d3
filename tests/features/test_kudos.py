"""Members thank each other."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.reply import Ask
from bot.chat.views import List
from bot.features.kudos import rules
from storage.kudos import Kudos
from storage.recognition import Recognition
from tests.fakes.world import World, key, text, view
from tests.features.town import change, comes, keys_of, to


async def in_public(world: World, *names: str) -> None:
    """Let people decide that thanks to them may be shown."""
    for who in names:
        asked = await world.says(who, "/kudos preferences")
        assert "kudos.preferred" == key(await world.submits(who, asked, sight="public"))


async def test_thanks_reach_the_receiver_and_the_channel(coffee: World):
    """Ana thanks Bea, who likes it to be seen: Ana is answered in private, Bea gets a word, the channel sees it."""
    await in_public(coffee, "bea")
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
    left = [answer.splitlines()[1] for answer in said]
    assert left[0].startswith("You can give 4 more for now.")
    assert left[3].startswith("You can give one more for now.")
    assert left[4].startswith("That was your last one for now.")
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
    assert [] == await coffee.delivers()
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
    reason = "for <@chen> {giver} *all* @everyone [x](https://example.org)"
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
    await in_public(coffee, "bea")
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


async def test_the_first_thanks_ask_who_else_may_see_them(coffee: World):
    """Nothing is shown before Bea says so; her yes shows these thanks and all that come after."""
    await coffee.says("ana", "/kudos give @bea for the patient review")
    assert ["kudos.received"] == keys_of(await coffee.delivers())
    assert "Only you two see this." in coffee.sees("bea", coffee.dm("bea"))[-1]
    shown = await coffee.presses("bea", "Yes, show them")
    assert "kudos.decided" == key(shown)
    assert "“for the patient review”" in text(shown)
    assert ["kudos.posted"] == keys_of(await coffee.delivers())
    await coffee.says("chen", "/kudos give @bea for the idea")
    assert ["kudos.posted", "kudos.received"] == sorted(keys_of(await coffee.delivers()))
    assert "Only you two" not in coffee.sees("bea", coffee.dm("bea"))[-1]


async def test_private_thanks_stay_private(coffee: World):
    """Who keeps thanks to themselves is shown nowhere and not asked again."""
    await coffee.says("ana", "/kudos give @bea for the patient review")
    await coffee.delivers()
    assert "stay between you" in text(await coffee.presses("bea", "Keep them private"))
    await coffee.says("chen", "/kudos give @bea for the idea")
    assert ["kudos.received"] == keys_of(await coffee.delivers())
    assert "Only you two" not in coffee.sees("bea", coffee.dm("bea"))[-1]


async def test_only_the_receiver_decides(coffee: World):
    """Somebody else who gets hold of the button decides nothing."""
    await coffee.says("ana", "/kudos give @bea for the patient review")
    await coffee.delivers()
    (row,) = await coffee.rows(Kudos)
    for button in ("show", "keep"):
        assert "core.not_yours" == key(await coffee.presses_id("chen", f"kudos.{button}:{row.id}"))
    assert [] == await coffee.rows(Recognition)


async def test_several_people_are_thanked_at_once(coffee: World):
    """Each gets a word and counts by themselves; who likes it is named in the one post."""
    comes(coffee, "dan")
    await coffee.joins("dan")
    await in_public(coffee, "bea", "chen")
    reply = await coffee.says("ana", "/kudos give @bea @chen @dan for the workshop")
    assert "kudos.given" == key(reply)
    assert "Those for" in text(reply)
    assert "2 more" in text(reply)
    said = await coffee.delivers()
    assert ["kudos.posted", "kudos.received", "kudos.received", "kudos.received"] == sorted(keys_of(said))
    assert "@Ana thanks @Bea and @Chen:" in coffee.sees("bea", "kudos")[-1]
    assert 3 == len(await coffee.rows(Kudos))


async def test_the_same_person_twice_is_thanked_once(coffee: World):
    """A name that stands twice counts once."""
    await coffee.says("ana", "/kudos give @bea @bea for the workshop")
    assert 1 == len(await coffee.rows(Kudos))


async def test_fifty_people_at_once_are_too_many(coffee: World):
    """Nothing is stored, nobody is looked up, and the limit is told; also in a form."""
    many = " ".join(f"<@{number}>" for number in range(50))
    reply = await coffee.says("ana", f"/kudos give {many} for everything")
    assert "core.too_many_members" == key(reply)
    assert "At most 5" in text(reply)
    asked = await coffee.says("ana", "/kudos give")
    again = await coffee.submits("ana", asked, who=tuple(f"p{number}" for number in range(6)), why="for everything")
    assert "At most 5" in str(again)
    assert [] == await coffee.rows(Kudos)


async def test_more_people_than_are_left_is_refused_whole(coffee: World):
    """With one left today, thanks to two people give none, and the answer says how many are left."""
    for number in range(4):
        await coffee.says("ana", f"/kudos give @bea for thing {number}")
    reply = await coffee.says("ana", "/kudos give @bea @chen for the workshop")
    assert "kudos.fewer" == key(reply)
    assert "1 more" in text(reply)
    assert 4 == len(await coffee.rows(Kudos))


async def test_fifteen_a_week_and_no_more(coffee: World):
    """The week's allowance ends before the day's does, and begins again on the giver's own Monday."""
    for day in range(2, 5):
        await coffee.until(f"2026-03-0{day} 12:00")
        for number in range(5):
            reply = await coffee.says("ana", f"/kudos give @bea for thing {day} {number}")
            assert "kudos.given" == key(reply)
    await coffee.until("2026-03-05 12:00")
    reply = await coffee.says("ana", "/kudos give @bea for one more")
    assert "kudos.enough" == key(reply)
    assert "March 9" in text(reply)
    await coffee.until("2026-03-08 23:30")
    assert "kudos.given" == key(await coffee.says("ana", "/kudos give @bea for one more"))


async def test_the_same_words_again_are_noticed(coffee: World):
    """To the same person the same words are refused, also in another spelling; to a third person as well."""
    comes(coffee, "dan")
    await coffee.joins("dan")
    assert "kudos.given" == key(await coffee.says("ana", "/kudos give @bea for the great talk"))
    reply = await coffee.says("ana", "/kudos give @bea  For the GREAT talk!!")
    assert "kudos.repeated" == key(reply)
    assert "kudos.given" == key(await coffee.says("ana", "/kudos give @chen for the great talk"))
    assert "kudos.repeated" == key(await coffee.says("ana", "/kudos give @dan for the great talk"))
    assert "kudos.given" == key(await coffee.says("chen", "/kudos give @bea for the great talk"))
    assert 3 == len(await coffee.rows(Kudos))


async def test_thanks_are_taken_back_within_ten_minutes(coffee: World):
    """What was not sent is not sent, what was sent says so, and the allowance is as before."""
    await in_public(coffee, "bea")
    await coffee.says("ana", "/kudos give @bea for the wrong thing")
    await coffee.delivers()
    await coffee.passes(minutes=9)
    assert "kudos.undone" == key(await coffee.presses("ana", "Take it back"))
    await coffee.delivers()
    for who, place in (("bea", coffee.dm("bea")), ("chen", "kudos")):
        assert "Thanks that were taken back." in coffee.sees(who, place)[-1]
        assert "wrong thing" not in "".join(coffee.sees(who, place))
    assert [] == await coffee.rows(Kudos)
    assert "4 more" in text(await coffee.says("ana", "/kudos give @bea for the right thing"))


async def test_thanks_that_were_not_sent_yet_are_never_sent(coffee: World):
    """Taken back at once, they leave no message at all."""
    await coffee.says("ana", "/kudos give @bea for the wrong thing")
    assert "kudos.undone" == key(await coffee.presses("ana", "Take it back"))
    assert [] == await coffee.delivers()


async def test_after_ten_minutes_thanks_stay(coffee: World):
    """It is too late, for the giver; for anybody else it never was theirs."""
    await coffee.says("ana", "/kudos give @bea for the review")
    (row,) = await coffee.rows(Kudos)
    assert "core.not_yours" == key(await coffee.presses_id("bea", f"kudos.undo:{row.id}"))
    await coffee.passes(minutes=11)
    assert "kudos.too_late" == key(await coffee.presses("ana", "Take it back"))
    assert 1 == len(await coffee.rows(Kudos))


async def test_values_are_the_communitys_own(coffee: World):
    """A value is offered where there are some, stands with the thanks, and no other one is taken."""
    assert "kudos.no_values" == key(await coffee.says("ana", "/kudos give @bea for the review value:patience"))
    settings = await coffee.says("vera", "/coord settings kudos")
    await coffee.submits("vera", settings, {"kudos.values": "Patience, courage, patience"})
    asked = await coffee.says("ana", "/kudos give")
    assert isinstance(asked, Ask)
    assert ["Who", "Why", "For which value"] == [field.label for field in asked.form.fields]
    assert "kudos.no_value" == key(await coffee.says("ana", "/kudos give @bea for the review value:speed"))
    assert "kudos.given" == key(await coffee.says("ana", "/kudos give @bea value:patience for the review"))
    assert "kudos.given" == key(await coffee.submits("ana", asked, who=("chen",), why="for the talk", value="courage"))
    await coffee.delivers()
    assert "For: Patience" in coffee.sees("bea", coffee.dm("bea"))[-1]
    assert {("for the review", "Patience"), ("for the talk", "courage")} == {
        (row.reason, row.value) for row in await coffee.rows(Kudos)
    }


async def test_a_week_of_thanks_is_told_on_friday(coffee: World):
    """The digest counts all, shows the reasons of whom all may see thanked, and does not come for an empty week."""
    comes(coffee, "dan")
    await coffee.joins("dan")
    assert "kudos.digest" not in keys_of(await coffee.until("2026-03-07 12:00"))
    await in_public(coffee, "bea", "chen")
    await coffee.until("2026-03-09 12:00")
    await coffee.says("ana", "/kudos give @bea for staying late to explain the build to me twice")
    await coffee.says("ana", "/kudos give @chen for the idea")
    await coffee.says("chen", "/kudos give @ana for the secret help")
    assert "kudos.digest" in to(await coffee.until("2026-03-13 20:00"), "kudos")
    (told,) = [one for one in coffee.sees("dan", "kudos") if "Thanks of the week" in one]
    assert "3 times thank you, from 2 people to 3 people" in told
    assert "explain the build" in told
    assert "secret help" not in told


async def test_no_board_without_a_decision(coffee: World):
    """Who was thanked most is shown only where the community wants it, by givers, of whom all may see thanked."""
    comes(coffee, "dan")
    await coffee.joins("dan")
    await in_public(coffee, "bea")
    for number in range(3):
        await coffee.says("ana", f"/kudos give @chen for thing {number}")
    for who in ("ana", "chen"):
        await coffee.says(who, f"/kudos give @bea for helping {who}")
    assert "kudos.no_board" == key(await coffee.says("dan", "/kudos board"))
    await coffee.submits("vera", await coffee.says("vera", "/coord settings kudos"), {"kudos.board": "yes"})
    shown = text(await coffee.says("dan", "/kudos board"))
    assert "@Bea · by 2 people" in shown
    assert "Chen" not in shown


async def test_coordinators_see_whom_nobody_thanked(coffee: World):
    """Somebody active whom nobody thanked is listed for coordinators, and for nobody else."""
    await coffee.says("ana", "/kudos give @bea for the review")
    await coffee.says("bea", "/kudos give @chen for the review")
    shown = text(await coffee.says("vera", "/coord kudos unthanked"))
    assert "@Ana" in shown
    assert "@Bea" not in shown
    assert "core.not_allowed" == key(await coffee.says("ana", "/coord kudos unthanked"))
    assert "thanked by nobody lately" in text(await coffee.opens_home("vera"))
    assert "thanked by nobody lately" not in text(await coffee.opens_home("ana"))


async def test_who_goes_back_to_private_is_in_no_digest(coffee: World):
    """After a change of mind nothing of theirs is shown again."""
    await in_public(coffee, "bea")
    await coffee.says("ana", "/kudos give @bea for staying late to explain the build")
    await coffee.submits("bea", await coffee.says("bea", "/kudos preferences"), sight="private")
    assert "kudos.digest" not in keys_of(await coffee.until("2026-03-06 20:00"))


def rows(*pairs: tuple[str, str], shown: bool = True) -> list[Kudos]:
    """Return thanks between these people, a minute apart."""
    return [
        Kudos(
            id=f"k{number:03d}", community_id="c", gift_id=f"k{number}", giver_id=giver, receiver_id=receiver,
            reason=f"for thing {number}", posted_as="x" if shown else "", given_at=NOON + timedelta(minutes=number),
        )
        for number, (giver, receiver) in enumerate(pairs)
    ]  # fmt: skip


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PEOPLE = st.sampled_from("abcd")
PAIRS = st.lists(st.tuples(PEOPLE, PEOPLE).filter(lambda pair: pair[0] != pair[1]), max_size=30)


def test_two_who_only_thank_each_other_weigh_as_one():
    """Four thanks back and forth weigh one together; three do not count as a circle, nor do friends of many."""
    closed = rows(("a", "b"), ("b", "a"), ("a", "b"), ("b", "a"), ("c", "a"))
    weights = rules.weights(closed)
    assert 1.0 == sum(weights[row.id] for row in closed[:4])
    assert 1.0 == weights[closed[4].id]
    for open_ones in (
        rows(("a", "b"), ("b", "a"), ("a", "b")),
        rows(*[("a", "b")] * 6),
        rows(("a", "b"), ("b", "a"), ("a", "b"), ("b", "a"), ("a", "c"), ("a", "d")),
    ):
        assert {1.0} == set(rules.weights(open_ones).values())


@given(PAIRS)
def test_a_digest_never_shows_anybody_twice_or_in_secret(pairs: list[tuple[str, str]]):
    """Of each giver and receiver there is one at the most, only what may be seen, and the counts are those of all."""
    seen, kept = rows(*pairs[::2]), rows(*pairs[1::2], shown=False)
    for row in kept:
        row.id = f"s{row.id}"
    told = rules.digest([*seen, *kept])
    assert all(row.posted_as for row in told.best)
    assert len({row.giver_id for row in told.best}) == len(told.best) == len({row.receiver_id for row in told.best})
    assert (len(pairs), len({giver for giver, _ in pairs})) == (told.count, told.givers)
    assert bool(told.best) == bool(seen)
    assert all(0 < weight <= 1 for weight in rules.weights([*seen, *kept]).values())


@given(PAIRS)
def test_the_board_counts_people_not_thanks(pairs: list[tuple[str, str]]):
    """Nobody stands there with more than there are others, nor without having said yes; most come first."""
    listed = rules.board(rows(*pairs), {"a": True, "b": True, "c": False}, 10)
    assert {"c", "d"}.isdisjoint(who for who, _ in listed)
    assert listed == sorted(listed, key=lambda one: (-one[1], one[0]))
    for who, n in listed:
        assert n == len({giver for giver, receiver in pairs if receiver == who})
