"""Coordinators change a draft and see the cost first; two of them do not overwrite each other."""

from datetime import timedelta
from typing import Any

from sqlmodel import select

from storage.audit import Audit
from storage.db import Db
from storage.outbox import Outbox
from storage.pair import Pair, Rematch
from storage.programme import Programme, Role
from storage.round import Round, RoundDraft, RoundSkip, RoundWeights
from tests.fakes.world import NAMES, World, key, text
from tests.features.town import (
    MENTORING,
    change,
    comes,
    drafted_pairs,
    few,
    in_touch,
    keys_of,
    member,
    pairs,
    partner,
    to,
)


async def drafted(world: World) -> set[frozenset[str]]:
    """Let Vera make a draft; return its groups."""
    assert "round.preview" == key(await world.says("vera", "/coord matching preview"))
    return await drafted_pairs(world)


async def strangers(world: World) -> tuple[str, str, str, str]:
    """Return (one, their partner, other, their partner) of two drafted pairs."""
    groups = sorted(sorted(group) for group in await drafted(world))
    (one, mate), (other, third) = groups[0], groups[1]
    return one, mate, other, third


async def second_coordinator(world: World) -> str:
    """Let Wes come, who coordinates too."""
    comes(world, "wes", roles=frozenset({"coordinator"}))
    return "wes"


async def test_an_exchange_shows_its_cost_and_waits_for_a_yes(coffee: World):
    """Swapping changes nothing until [Do it]; then exactly two pairs are others."""
    one, mate, other, third = await strangers(coffee)
    before = await drafted_pairs(coffee)
    shown = await coffee.says("vera", f"/coord matching swap @{one} @{other}")
    assert "round.proposal" == key(shown)
    assert "Pairs that change: 2" in text(shown)
    assert before == await drafted_pairs(coffee)
    assert "round.preview" == key(await coffee.presses("vera", "Do it"))
    gone = {frozenset({one, mate}), frozenset({other, third})}
    assert before - gone | {frozenset({one, third}), frozenset({other, mate})} == await drafted_pairs(coffee)
    assert ["round.drafted", "round.edited"] == [row.act for row in await coffee.rows(Audit) if "round." in row.act]


async def test_a_change_that_is_left_changes_nothing(coffee: World):
    """[Leave it] keeps the draft, and the same change cannot be done afterwards."""
    one, _, other, _ = await strangers(coffee)
    before = await drafted_pairs(coffee)
    await coffee.says("vera", f"/coord matching swap @{one} @{other}")
    (draft,) = await coffee.rows(RoundDraft)
    assert "round.left" == key(await coffee.presses("vera", "Leave it"))
    late = await coffee.presses_id("vera", f"round.apply:{draft.id}:{draft.proposal['token']}")
    assert "round.changed" == key(late)
    assert before == await drafted_pairs(coffee)


async def test_the_last_change_can_be_undone(coffee: World):
    """Undo brings the draft back as it was, once."""
    one, _, other, _ = await strangers(coffee)
    before = await drafted_pairs(coffee)
    await coffee.says("vera", f"/coord matching swap @{one} @{other}")
    await coffee.presses("vera", "Do it")
    assert before != await drafted_pairs(coffee)
    await coffee.presses("vera", "Undo the last change")
    assert before == await drafted_pairs(coffee)
    (draft,) = await coffee.rows(RoundDraft)
    for version, said in ((draft.version, "round.nothing_to_undo"), (draft.version - 1, "round.changed")):
        assert said == key(await coffee.presses_id("vera", f"round.undo:{draft.id}:{version}"))


async def test_two_who_are_kept_together_stay_so_when_it_is_drawn_again(coffee: World):
    """A lock brings two together, survives a new draw, cannot be swapped away, and can be taken back."""
    one, _, other, _ = await strangers(coffee)
    await coffee.says("vera", f"/coord matching lock @{one} @{other}")
    await coffee.presses("vera", "Do it")
    assert frozenset({one, other}) in await drafted_pairs(coffee)
    await coffee.presses("vera", "Draw again")
    assert frozenset({one, other}) in await drafted_pairs(coffee)
    third = next(name for name in NAMES if name not in (one, other))
    assert "round.swap_locked" == key(await coffee.says("vera", f"/coord matching swap @{one} @{third}"))
    assert "round.locked_together" == key(await coffee.says("vera", f"/coord matching forbid @{one} @{other}"))
    assert "round.locked_already" == key(await coffee.says("vera", f"/coord matching lock @{one} @{other}"))
    (draft,) = await coffee.rows(RoundDraft)
    shown = await coffee.presses_id("vera", f"round.release:{draft.id}", f"{draft.version}.lock.0")
    assert "Together" not in text(shown)


async def test_two_who_are_kept_apart_are_not_paired(coffee: World):
    """Forbidding parts a drafted pair, and stays in force for the round that is published."""
    one, mate, _, _ = await strangers(coffee)
    assert "round.proposal" == key(await coffee.says("vera", f"/coord matching forbid @{one} @{mate}"))
    await coffee.presses("vera", "Do it")
    assert frozenset({one, mate}) not in await drafted_pairs(coffee)
    assert "round.forbidden_already" == key(await coffee.says("vera", f"/coord matching forbid @{one} @{mate}"))
    await coffee.until("2026-03-03 10:00")
    assert frozenset({one, mate}) not in (await pairs(coffee)).values()


async def test_what_costs_nothing_is_done_at_once(coffee: World):
    """Locking a drafted pair, or parting two who are not together, asks nothing."""
    one, mate, other, _ = await strangers(coffee)
    assert "round.preview" == key(await coffee.says("vera", f"/coord matching lock @{one} @{mate}"))
    shown = await coffee.says("vera", f"/coord matching forbid @{mate} @{other}")
    assert "round.preview" == key(shown)
    assert "Together: " in text(shown)
    assert "Apart: " in text(shown)


async def test_a_private_wish_is_only_ever_called_not_possible(coffee: World):
    """Who would rather not meet somebody is named to nobody: lock, swap and explain say no more than that."""
    one, mate, other, _ = await strangers(coffee)
    await change(coffee, one, avoid=[(await member(coffee, other)).id])
    await coffee.presses("vera", "Draw again")
    locked = await coffee.says("vera", f"/coord matching lock @{one} @{other}")
    assert "round.refused" == key(locked)
    assert "These two cannot be paired." in text(locked)
    explained = text(await coffee.says("vera", f"/coord matching explain @{other}"))
    assert "cannot be paired (1)" in explained
    for shown in (text(locked), explained):
        assert not [word for word in ("wish", "avoid", "rather") if word in shown]
    now = next(name for group in await drafted_pairs(coffee) if other in group for name in group - {other})
    exchanged = await coffee.says("vera", f"/coord matching swap @{now} @{one}")
    if now != mate:
        assert "round.refused" == key(exchanged)
        assert "cannot be paired" in text(exchanged)


async def test_the_second_of_two_coordinators_is_told_kindly(coffee: World):
    """A change or publication of a draft that somebody else changed meanwhile does nothing and says who it was."""
    wes = await second_coordinator(coffee)
    one, mate, other, third = await strangers(coffee)
    await coffee.says("vera", "/coord matching publish")
    await coffee.says("vera", f"/coord matching swap @{one} @{other}")
    await coffee.says(wes, f"/coord matching swap @{mate} @{third}")
    await coffee.presses(wes, "Do it")
    done = await drafted_pairs(coffee)
    refused = await coffee.presses("vera", "Do it")
    assert "round.changed_by" == key(refused)
    assert "@Wes" in text(refused)
    assert "round.changed_by" == key(await coffee.presses("vera", "Publish"))
    assert (done, []) == (await drafted_pairs(coffee), await coffee.rows(Pair))


async def test_a_draft_says_when_it_is_out_of_date_and_waits_to_be_drawn(coffee: World):
    """Newcomers are named and nothing moves until [Draw again]; with somebody gone nothing can be published."""
    before = await drafted(coffee)
    comes(coffee, "nora")
    await coffee.joins("nora")
    shown = await coffee.says("vera", "/coord matching preview")
    assert "New since then: @Nora." in text(shown)
    assert before == await drafted_pairs(coffee)
    await coffee.presses("vera", "Draw again")
    assert "nora" in frozenset().union(*await drafted_pairs(coffee))
    await change(coffee, "ana", paused_until=coffee.clock.now() + timedelta(days=5))
    assert "Not in it any more: @Ana." in text(await coffee.says("vera", "/coord matching preview"))
    (draft,) = await coffee.rows(RoundDraft)
    assert "round.gone" == key(await coffee.presses_id("vera", f"round.publish:{draft.id}:{draft.version}"))
    assert "round.gone" == key(await coffee.says("vera", "/coord matching lock @bea @chen"))


async def test_a_day_can_be_set_and_no_round_is_made_before(coffee: World):
    """The round of Tuesday waits for the Thursday that a coordinator set, and is the draft they saw."""
    await coffee.says("vera", "/coord matching publish")
    before = await drafted_pairs(coffee)
    asked = await coffee.presses("vera", "On a day…")
    await coffee.submits("vera", asked, {"day": "2026-02-01"})
    assert [None] == [row.publish_at for row in await coffee.rows(RoundDraft)]
    assert "round.planned" == key(await coffee.submits("vera", asked, {"day": "2026-03-05"}))
    await coffee.until("2026-03-05 08:59")
    assert [] == await coffee.rows(Pair)
    await coffee.until("2026-03-05 09:00")
    assert before == set((await pairs(coffee)).values())


async def test_why_this_partner_and_why_not_another(coffee: World):
    """Explaining names the partner, the reasons and others who would fit, with what an exchange would cost."""
    one, mate, _, _ = await strangers(coffee)
    shown = text(await coffee.says("vera", f"/coord matching explain @{one}"))
    assert f"@{one.capitalize()} is with @{mate.capitalize()}" in shown
    assert "You both speak English." in shown
    assert "exchanging changes the total by" in shown


async def test_who_is_alone_is_explained_with_what_would_help(world: World):
    """The preview and the explanation say what blocked the one without a partner, and what would help."""
    await few(world, "ana", "bea", "chen", chen={"languages": "Basque"})
    for line in ("/coord matching preview", "/coord matching explain @chen"):
        shown = text(await world.says("vera", line))
        assert "no shared language (2). What would help: a language more" in shown


async def test_impossible_rounds_are_refused_in_words(world: World):
    """Nobody, one person, mentors only: each is said as it is, and no draft is kept."""
    await world.applies(MENTORING)
    assert "round.nobody" == key(await world.says("vera", "/coord matching preview"))
    await world.joins("ana", role="mentor")
    assert "round.one" == key(await world.says("vera", "/coord matching preview"))
    await world.joins("bea", role="mentor")
    assert "round.no_mentees" == key(await world.says("vera", "/coord matching preview"))
    await world.joins("chen", role="mentee")

    async def full(db: Db) -> None:
        for role in await db.exec(select(Role).where(Role.kind == "mentor")):
            role.capacity = 0
            db.add(role)

    await world.database.write(full)
    assert "round.no_mentors" == key(await world.says("vera", "/coord matching preview"))
    assert [] == await world.rows(RoundDraft)


async def test_two_who_avoid_each_other_make_no_round(world: World):
    """The draft has no pair and cannot be published; nobody hears why."""
    await few(world, "ana", "bea")
    await change(world, "ana", avoid=[(await member(world, "bea")).id])
    shown = text(await world.says("vera", "/coord matching preview"))
    assert "Nobody can be paired like this." in shown
    assert "@Bea: cannot be paired (1)" in shown
    (draft,) = await world.rows(RoundDraft)
    assert "round.no_pairs" == key(await world.presses_id("vera", f"round.publish:{draft.id}:{draft.version}"))


async def test_changes_need_a_draft_and_people_of_the_round(coffee: World):
    """Without a draft, with one person twice, or with somebody who is not in the round, the answer says so."""
    assert "round.no_draft" == key(await coffee.says("vera", "/coord matching swap @ana @bea"))
    one, mate, _, _ = await strangers(coffee)
    assert "round.same_person" == key(await coffee.says("vera", "/coord matching swap @ana @ana"))
    assert "round.not_in_it" == key(await coffee.says("vera", "/coord matching lock @ana @max"))
    assert "round.swap_together" == key(await coffee.says("vera", f"/coord matching swap @{one} @{mate}"))


async def test_a_member_cannot_change_or_publish_a_draft(coffee: World):
    """Every button of a draft is refused to who does not coordinate."""
    await drafted(coffee)
    (draft,) = await coffee.rows(RoundDraft)
    for name in ("publish", "redraw", "undo", "apply", "release", "confirm", "unplan", "date", "leave"):
        assert "core.not_allowed" == key(await coffee.presses_id("ana", f"round.{name}:{draft.id}:{draft.version}"))


async def test_the_forgotten_stand_in_no_draft(coffee: World):
    """A draft with somebody who asked to be forgotten is gone, and the next one is without them."""
    from bot import rights

    await drafted(coffee)
    ana = (await member(coffee, "ana")).id
    await coffee.app.work(await coffee.community_id(), lambda work: rights.forget(work, ana))
    assert [] == await coffee.rows(RoundDraft)


# -- a day ahead


async def test_who_is_in_for_a_while_hears_a_day_ahead_and_may_skip(coffee: World):
    """For the second round everybody hears on Monday; who skips is not paired, loses no place, and may come back."""
    await coffee.until("2026-03-03 10:00")
    await in_touch(coffee)
    await coffee.until("2026-03-16 12:00")
    told = [row for row in await coffee.rows(Outbox) if row.message == "round.tomorrow"]
    assert 12 == len(told)
    assert "round.skipped" == key(await coffee.presses("ana", "Skip this one"))
    assert "round.rejoined" == key(await coffee.presses("ana", "Take part after all"))
    assert "round.skipped" == key(await coffee.presses("bea", "Skip this one"))
    assert "round.skipped" == key(await coffee.says("bea", "/match skip"))
    assert 1 == len(await coffee.rows(RoundSkip))
    await coffee.until("2026-03-17 10:00")
    there = frozenset().union(*(await pairs(coffee)).values())
    assert ("ana" in there, "bea" in there) == (True, False)
    mine = (await member(coffee, "bea")).id
    assert [0] == [role.waited for role in await coffee.rows(Role) if role.member_id == mine]
    assert "round.too_late" == key(await coffee.presses("chen", "Skip this one"))


async def test_nobody_hears_of_a_round_a_day_after_joining(coffee: World):
    """Who has just joined was told the day then; neither they nor the coordinators hear it twice."""
    said = await coffee.until("2026-03-03 08:00")
    assert [] == [one for one in keys_of(said) if one.startswith("round.")]


async def test_coordinators_hear_the_numbers_a_day_ahead(coffee: World):
    """The coordinators' channel has the numbers of the next round once, and a draft to look at waits."""
    await coffee.until("2026-03-16 12:00")
    posted = [shown for shown in coffee.sees("vera", "coordinators") if "A round is near" in shown]
    assert 1 == len(posted)
    assert "Pairs: 6" in posted[0]
    assert "/coord matching preview coffee" in posted[0]
    assert [2] == [row.number for row in await coffee.rows(RoundDraft)]


async def test_only_who_takes_part_can_skip(coffee: World):
    """Somebody outside the programme has no round to sit out."""
    assert "round.not_in_programme" == key(await coffee.says("max", "/match skip"))


# -- weights


def weights(**more: int) -> dict[str, str]:
    """Fill in the form of the weights: interests alone, or with others."""
    parts = ("offers_wants", "interests", "shared_hours", "goals", "variety", "shared_language", "level",
             "same_group", "other_group")  # fmt: skip
    return {part: str(more.get(part, 0)) for part in parts}


async def proposed(world: World, **more: int) -> Any:
    """Send the form of the weights."""
    return await world.submits("vera", await world.says("vera", "/coord matching weights"), weights(**more))


async def test_weights_are_tried_on_the_last_round_before_they_count(coffee: World):
    """New weights change nothing until they were looked at and taken; then they are in the log and in the draw."""
    await coffee.until("2026-03-03 10:00")
    assert "round.weights_proposed" == key(await proposed(coffee, interests=100))
    tried = await coffee.presses("vera", "Try on the last round")
    assert "round.weights_tried" == key(tried)
    assert "Round 1, with the people of it" in text(tried)
    assert "of 6" in text(tried)
    assert [{}] == [row.weights for row in await coffee.rows(RoundWeights)]
    assert "round.weights_used" == key(await coffee.presses("vera", "Use these weights"))
    (row,) = await coffee.rows(RoundWeights)
    assert (1.0, 0.0) == (row.weights["interests"], row.weights["goals"])
    assert "round.weights" in [entry.act for entry in await coffee.rows(Audit)]
    assert "round.weights_same" == key(await proposed(coffee, interests=50))
    await coffee.presses("vera", "Back to the file's")
    assert [{}] == [row.weights for row in await coffee.rows(RoundWeights)]


async def test_weights_of_nothing_are_refused(coffee: World):
    """At least one part has to count; the weights in force stay."""
    reply = await proposed(coffee)
    assert "round.weights_proposed" != key(reply)
    assert [] == [row for row in await coffee.rows(RoundWeights) if row.weights]


# -- other partners


async def asks(world: World, who: str, reason: str = "We never find a time.") -> None:
    """Let somebody ask for another partner, and their pair end."""
    asked = await world.says(who, "/match rematch")
    await world.submits(who, asked, {"reason": reason})
    await world.delivers()


async def test_those_who_asked_are_brought_together(coffee: World):
    """Two who asked get each other, within the running round, and wait no longer."""
    await coffee.until("2026-03-03 10:00")
    old = await partner(coffee, "ana")
    other = next(name for name in NAMES if name not in ("ana", old))
    await asks(coffee, "ana")
    await asks(coffee, other)
    shown = text(await coffee.says("vera", "/coord matching rematches"))
    assert "@Ana asked for another partner" in shown
    assert "We never find a time." in shown
    assert "round.rematched" == key(await coffee.presses("vera", "Find a new partner"))
    assert "pair.introduced" in keys_of(await coffee.delivers())
    now = next(group for group in (await pairs(coffee)).values() if "ana" in group)
    assert old not in now
    assert ["paired", "paired"] == [row.outcome for row in await coffee.rows(Rematch)]
    assert 1 == len(await coffee.rows(Round))
    (programme,) = await coffee.rows(Programme)
    assert "round.no_rematches" == key(await coffee.presses_id("vera", f"round.find:{programme.id}"))
    assert "core.not_allowed" == key(await coffee.presses_id("bea", f"round.find:{programme.id}"))


async def test_not_now_is_told_kindly(coffee: World):
    """Who asked hears that they come first in the next round; the request waits no more."""
    await coffee.until("2026-03-03 10:00")
    await asks(coffee, "ana")
    await coffee.says("vera", "/coord matching rematches")
    await coffee.presses("vera", "Not now")
    assert ["round.rematch_later"] == to(await coffee.delivers(), coffee.dm("ana"))
    assert ["not_now"] == [row.outcome for row in await coffee.rows(Rematch)]
    (programme,) = await coffee.rows(Programme)
    assert "round.no_rematches" == key(await coffee.presses_id("vera", f"round.not_now:{programme.id}"))
