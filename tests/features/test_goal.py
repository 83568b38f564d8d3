"""Members write down what they want to reach, alone or together."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.actions import Choice
from bot.chat.reply import Ask
from bot.chat.views import Actions
from bot.features.goal import rules
from bot.recurrence import to_wall
from storage.goal import Goal, GoalNote, GoalReminder
from storage.outbox import Outbox
from tests.fakes.world import World, key, text, view
from tests.features.town import change, keys_of, member, pairs, to

NEW = {"what": "Prune the apple trees", "measure": "All six are done", "due_on": "2026-04-02", "term": "short"}


@pytest.fixture
async def two(world: World) -> World:
    """Ana and Bea, paired on Tuesday; Chen has joined nothing."""
    await world.applies()
    for name in ("ana", "bea"):
        await world.joins(name)
    await world.until("2026-03-03 10:00")
    return world


async def adds(world: World, who: str = "ana", sight: str = "private", **answers: str) -> object:
    """Write a goal down; `sight` is private, shared or ours."""
    if sight != "private":
        sight = f"{sight}:{next(pair for pair, people in (await pairs(world)).items() if who in people)}"
    return await world.submits(who, await world.says(who, "/goal add"), NEW | {"sight": sight} | answers)


async def goal(world: World) -> Goal:
    """Return the only goal."""
    (row,) = await world.rows(Goal)
    return row


async def updates(world: World, who: str = "ana", **answers: str) -> object:
    """Say how far the only goal is."""
    return await world.submits(who, await world.presses_id(who, f"goal.edit:{(await goal(world)).id}"), answers)


async def test_a_goal_is_private_unless_it_is_shared(two: World):
    """What is written down without a choice is read by its owner alone, and the form says so."""
    asked = await two.says("ana", "/goal add prune the old apple trees")
    assert isinstance(asked, Ask)
    assert ("prune the old apple trees", "private") == (asked.form.fields[0].value, asked.form.fields[4].value)
    assert "Private unless you share it" in asked.form.fields[4].hint
    assert "Only you can see it" in text(await two.submits("ana", asked))
    assert "apple" in text(await two.says("ana", "/goal list"))
    for seen in (await two.says("bea", "/goal list"), await two.says("bea", "/me home")):
        assert "apple" not in text(seen)
    assert "goal.not_yours" == key(await two.presses_id("bea", "goal.open", (await goal(two)).id))


async def test_a_partner_reads_a_shared_goal_and_cannot_change_it(two: World):
    """Shared goals are on the partner's list and page; only the owner updates, reaches or drops them."""
    await adds(two, sight="shared")
    row = await goal(two)
    assert "Shared with you:" in text(await two.says("bea", "/goal list"))
    assert "Prune the apple trees" in text(await two.says("bea", "/me home"))
    assert "[Say how far it is]" not in text(await two.presses_id("bea", "goal.open", row.id))
    for who in ("bea", "chen"):
        for button in ("edit", "done", "drop", "reopen"):
            assert "goal.not_yours" == key(await two.presses_id(who, f"goal.{button}:{row.id}"))
        said = await two._handled(two.town.submit(who, f"goal.update:{row.id}:0", {"progress": "90"}))
        assert "goal.not_yours" == key(said)
    assert "goal.not_yours" == key(await two.presses_id("chen", "goal.open", row.id))
    assert row.model_dump() == (await goal(two)).model_dump()


async def test_a_goal_of_all_can_be_updated_by_all(two: World):
    """A goal of the pair is told to the other, who can say how far it is and reach it; strangers cannot."""
    await adds(two, sight="ours")
    assert ["goal.ours"] == to(await two.delivers(), two.dm("bea"))
    assert "goal.one" == key(await updates(two, "bea", progress="50", note="Three done."))
    assert "Three done." in text(await two.presses_id("ana", "goal.open", (await goal(two)).id))
    assert "goal.not_yours" == key(await two.presses_id("chen", f"goal.edit:{(await goal(two)).id}"))
    assert "goal.reached_now" == key(await two.says("bea", "/goal done"))
    assert ["goal.reached"] == to(await two.delivers(), two.dm("ana"))


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2026-03-02", "over"), ("2031-12-31", "five years"), ("9999-12-31", "five years"),
        ("2027-02-29", "2026-03-05"),
        ("soon", "2026-03-05"),
    ],
)  # fmt: skip
async def test_days_that_cannot_be(two: World, day: str, says: str):
    """A day that is over, very far or does not exist is told at its field, and nothing is kept."""
    answered = await adds(two, due_on=day)
    assert says in answered.errors["due_on"]  # type: ignore[attr-defined]
    assert [] == await two.rows(Goal)


@pytest.mark.parametrize("day", ["2028-02-29", "2026-03-03", ""])
async def test_days_that_can_be(two: World, day: str):
    """A leap day, today and no day are fine."""
    assert "goal.added" == key(await adds(two, due_on=day))


async def test_steps_make_the_progress(two: World):
    """Steps are a list of lines; those that begin with x are done, and their share is the progress."""
    await adds(two)
    await updates(two, steps="x borrow a saw\n- prune the first\n[x] ask Eli\n\n[ ] burn the twigs", progress="5")
    row = await goal(two)
    assert (50, 4) == (row.progress, len(row.steps))
    again = await two.says("ana", "/goal update")
    assert "x borrow a saw\nprune the first\nx ask Eli\nburn the twigs" == again.form.fields[1].value  # type: ignore[union-attr]
    assert "borrow a saw · done" in text(await two.presses_id("ana", "goal.open", row.id))


@pytest.mark.parametrize("progress", ["101", "-1", "half"])
async def test_progress_is_a_percentage(two: World, progress: str):
    """Anything but 0 to 100 is told at its field."""
    await adds(two)
    assert ["progress"] == list((await updates(two, progress=progress)).errors)  # type: ignore[attr-defined]


async def test_reached_is_told_once(two: World):
    """A goal that is taken up again and reached again is not news to the partner."""
    await adds(two, sight="shared")
    row = await goal(two)
    await two.presses_id("ana", f"goal.done:{row.id}")
    assert "goal.closed" == key(await two.presses_id("ana", f"goal.done:{row.id}"))
    await two.presses_id("ana", f"goal.reopen:{row.id}")
    await two.presses_id("ana", f"goal.done:{row.id}")
    assert ["goal.reached"] == keys_of(await two.delivers())


async def test_several_goals_are_chosen_from(two: World):
    """With one open goal a command is about it; with several, it asks; with none, it offers to add one."""
    for command in ("update", "done"):
        assert "goal.none" == key(await two.says("ana", f"/goal {command}"))
    await adds(two)
    assert "form:goal.update" == key(await two.says("ana", "/goal update"))
    await adds(two, what="Build a bench")
    asked = await two.says("ana", "/goal update")
    choice = next(
        item for block in view(asked).blocks if isinstance(block, Actions) for item in block.items
        if isinstance(item, Choice)
    )  # fmt: skip
    assert ["Prune the apple trees", "Build a bench"] == [option.label for option in choice.options]
    assert "form:goal.update" == key(await two.presses_id("ana", choice.action, choice.options[1].value))
    assert "core.gone" == key(await two.presses_id("ana", choice.action, "nothing"))


async def test_twenty_are_enough(two: World):
    """More open goals than anybody can bear in mind are refused kindly."""
    for number in range(20):
        await adds(two, what=f"Goal {number}")
    assert "goal.enough" == key(await adds(two))
    assert "goal.list" == key(await two.says("ana", "/goal list"))


# -- reminders


async def test_half_time_and_three_days_before(two: World):
    """A goal of thirty days is brought to mind on the fifteenth and three days before, at ten in the member's day."""
    await adds(two)
    await two.until("2026-03-17 12:00")
    await two.says("ana", "/me home")  # who lets too much pass would be reminded later
    said = await two.until("2026-03-18 09:30")
    assert ["goal.remind"] == [one.view.key for one in said if one.view.key == "goal.remind"]
    rows = sorted(await two.rows(GoalReminder), key=lambda row: row.due_at)
    assert [("half", "2026-03-18 10:00"), ("near", "2026-03-30 10:00")] == [
        (row.kind, to_wall(row.due_at, "Europe/Madrid").strftime("%Y-%m-%d %H:%M")) for row in rows
    ]
    await two.until("2026-03-29 12:00")
    await two.says("ana", "/me home")
    said = await two.until("2026-03-30 12:00")
    assert "Prune the apple trees" in two.sees("ana", two.dm("ana"))[-1]
    assert {"nudge"} == {row.kind for row in await two.rows(Outbox) if row.message == "goal.remind"}


async def test_what_is_reached_or_let_go_is_not_reminded_of(two: World):
    """A goal that is closed, or full, is brought to nobody's mind."""
    await adds(two)
    await adds(two, what="Build a bench")
    await adds(two, what="Read a book")
    for row, button in zip(sorted(await two.rows(Goal), key=lambda row: row.what), ("done", "drop"), strict=False):
        await two.presses_id("ana", f"goal.{button}:{row.id}")
    last = next(row for row in await two.rows(Goal) if row.status == "open")
    await two.submits("ana", await two.presses_id("ana", f"goal.edit:{last.id}"), progress="100")
    assert "goal.remind" not in keys_of(await two.until("2026-04-03 12:00"))


async def test_a_moved_day_moves_the_reminders(two: World):
    """Reminders follow the day; without a day there are none."""
    await adds(two)
    await updates(two, due_on="2026-05-02")
    due = sorted(row.due_at.date() for row in await two.rows(GoalReminder))
    assert [date(2026, 4, 2), date(2026, 4, 29)] == due
    await updates(two, due_on="")
    assert {"dropped"} == {row.status for row in await two.rows(GoalReminder)}
    assert "goal.remind" not in keys_of(await two.until("2026-05-03 12:00"))


async def test_the_budget_of_the_week_is_kept(two: World):
    """Who wants no messages gets no reminder."""
    await adds(two)
    await change(two, "ana", weekly_nudges=0)
    assert "goal.remind" not in keys_of(await two.until("2026-04-03 12:00"))
    assert {"budget"} == {row.why for row in await two.rows(GoalReminder)}


async def test_everybody_is_reminded_of_what_belongs_to_all(two: World):
    """A goal of the pair is brought to both minds."""
    await adds(two, sight="ours")
    ids = {(await member(two, name)).id for name in ("ana", "bea")}
    assert ids == {row.member_id for row in await two.rows(GoalReminder)}


# -- with others


async def test_a_first_plan_becomes_goals(two: World):
    """The next steps of the first session that both confirm become goals of both; those of a second one do not."""
    await two.until("2026-03-05 12:00")
    for day, steps in (("2026-03-04", "Ana reads the guide\n- Bea asks Eli"), ("2026-03-05", "Something else")):
        log = {"day": day, "minutes": "45", "next_step": steps}
        await two.submits("ana", await two.says("ana", "/session log"), log)
        await two.delivers()
        await two.presses("bea", "That is right")
    assert ["Ana reads the guide", "Bea asks Eli"] == sorted(row.what for row in await two.rows(Goal))
    assert {"ours"} == {row.sight for row in await two.rows(Goal)}
    await two.delivers()
    assert 1 == two.keys("bea", two.dm("bea")).count("goal.from_plan")


async def test_a_pair_that_ends_hides_what_was_shown(two: World):
    """After the round a shared goal is its owner's alone; one of both stays with both."""
    await adds(two, sight="shared")
    await adds(two, sight="ours", what="Build a bench")
    await two.until("2026-03-17 12:00")
    said = text(await two.says("bea", "/goal list"))
    assert "Prune" not in said
    assert "bench" in said
    assert "Prune" in text(await two.says("ana", "/goal list"))


async def test_to_be_forgotten_takes_goals_along(two: World):
    """One's own goals and notes go; one that belongs to the pair stays with the other."""
    await adds(two)
    await adds(two, sight="ours", what="Build a bench")
    for row in await two.rows(Goal):
        await two.submits("ana", await two.presses_id("ana", f"goal.edit:{row.id}"), note="Ana's words")

    async def forget(work) -> None:
        from bot import rights

        await rights.forget(work, (await member(two, "ana")).id)

    await two.app.work(await two.community_id(), forget)
    assert ["", "Build a bench"] == sorted(row.what for row in await two.rows(Goal))
    assert [] == await two.rows(GoalNote)
    assert "bench" in text(await two.says("bea", "/goal list"))


# -- rules

ZONES = st.sampled_from(["Europe/Madrid", "Pacific/Apia"])
LINE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30)


@settings(max_examples=200)
@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(-5, 1900), ZONES)
def test_reminders_lie_between(today: date, days: int, zone: str):
    """Every reminder is after today and before its day is over, at ten, in order, and expires later than it is due."""
    day = today + timedelta(days=days)
    planned = rules.reminders(today, day, zone)
    assert (days >= 2) == bool(planned)
    for one in planned:
        wall = to_wall(one.due, zone)
        assert today < wall.date() < day
        assert 10 == wall.hour
        assert one.due < one.expires
    assert sorted(planned, key=lambda one: one.due) == list(planned)


@given(st.lists(st.tuples(LINE, st.booleans()), max_size=25))
def test_steps_read_back(found: list[tuple[str, bool]]):
    """What the form shows reads back to the same steps, whatever people write."""
    once = rules.steps(rules.steps_text(found))
    assert len(once) <= rules.MOST_STEPS
    assert rules.progress(None, once, 7) in range(101)


def test_today_on_the_members_clock():
    """A day is over when it is over where the member lives."""
    late = datetime.fromisoformat("2026-03-03T23:30+00:00")
    assert "past" == rules.wrong_day(date(2026, 3, 3), to_wall(late, "Asia/Tokyo").date())
    assert rules.wrong_day(date(2026, 3, 3), to_wall(late, "America/New_York").date()) is None
