"""Surveys: made, answered without a name, shown when enough have answered; sessions rated under seal."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot import suppression
from bot.chat.reply import Ask, Reject
from bot.features.survey import results, rules
from bot.suppression import K
from storage.outbox import Outbox
from storage.survey import Survey, SurveyBallot, SurveyCount, SurveyReply, SurveyVolunteer, SurveyWord
from tests.fakes.world import COFFEE, COORDINATOR, NAMES, World, key, text
from tests.features.town import member, to

SURVEY = {
    "title": "Half-time", "template": "middle", "audience": "everybody", "mode": "confidential", "days": "14",
    "own": "",
}  # fmt: skip
SAID = {"satisfied": "4", "time": "0", "change": "Longer rounds."}


async def sends(world: World, **changed: str) -> Survey:
    """Let the coordinator make a survey and send it out; return it."""
    asked = await world.says(COORDINATOR, "/coord survey create middle")
    assert "survey.drafted" == key(await world.submits(COORDINATOR, asked, SURVEY | changed))
    row = max(await world.rows(Survey), key=lambda one: (one.created_at, one.id))
    assert "survey.opened" == key(await world.presses_id(COORDINATOR, f"survey.open:{row.id}"))
    await world.passes(hours=12)
    return row


async def ballot_of(world: World, who: str) -> SurveyBallot:
    """Return the ballot of somebody in a survey that is not anonymous."""
    mine = (await member(world, who)).id
    return next(row for row in await world.rows(SurveyBallot) if row.member_id == mine)


async def answers(world: World, who: str, **said: Any) -> str:
    """Let somebody answer by the button of their message; return what they are told."""
    asked = await world.presses(who, "Answer")
    return key(await world.submits(who, asked, SAID | said))


async def shown(world: World) -> str:
    """Return what the coordinator reads of the only survey."""
    return text(await world.says(COORDINATOR, "/coord survey results Half-time"))


async def test_everybody_is_asked_once_at_a_good_moment(coffee: World):
    """The planner finds the moment; nobody gets it twice, and the draft was seen first."""
    await sends(coffee)
    await coffee.passes(days=2)
    asked = [row for row in await coffee.rows(Outbox) if row.message == "survey.asked"]
    assert len(NAMES) == len(asked) == len({row.to_id for row in asked})


async def test_four_answers_show_nothing_and_five_show_numbers(coffee: World):
    """Below five there is a count of answers and nothing else."""
    await sends(coffee)
    for number, who in enumerate(NAMES[:5], 1):
        assert "survey.thanks" == await answers(coffee, who)
        seen = await shown(coffee)
        assert (number == 5) == ("4: 5" in seen) == ("“Longer rounds.”" in seen)


async def test_results_stand_until_five_more_have_answered(coffee: World):
    """Before and after one answer, everything that is shown is the same: a difference would be that answer."""
    await sends(coffee)
    for who in NAMES[:5]:
        await answers(coffee, who)
    before = await shown(coffee)
    for who in NAMES[5:9]:
        await answers(coffee, who, satisfied="1", change=f"only {who}")
        now = await shown(coffee)
        assert [line for line in before.splitlines() if "answer" not in line and "Answered" not in line] == [
            line for line in now.splitlines() if "answer" not in line and "Answered" not in line
        ]
        assert f"only {who}" not in now
    await answers(coffee, NAMES[9], satisfied="1", change="the fifth")
    assert "the fifth" in await shown(coffee)


async def test_no_row_ties_an_answer_to_a_person(coffee: World):
    """Counts are totals, words stand under random ids, and the ballots only say who has answered."""
    await sends(coffee)
    for who in NAMES[:6]:
        await answers(coffee, who, change=f"words of {who}")
    ids = {row.id for row in [await member(coffee, who) for who in NAMES]}
    stored = [row.model_dump() for row in (*await coffee.rows(SurveyCount), *await coffee.rows(SurveyWord))]
    assert not [one for one in ids if one in str(stored)]
    assert [] == await coffee.rows(SurveyReply)
    assert 6 == sum(row.used for row in await coffee.rows(SurveyBallot))


async def test_an_anonymous_survey_does_not_know_who_answered(coffee: World):
    """A used ballot is gone, no ballot names anybody, and once sent no message holds one."""
    await sends(coffee, mode="anonymous")
    await coffee.passes(days=1)
    assert {None} == {ballot.member_id for ballot in await coffee.rows(SurveyBallot)}
    ballots = [ballot.id for ballot in await coffee.rows(SurveyBallot)]
    sent = [one for one in await coffee.rows(Outbox) if one.state == "sent"]
    assert not [one for one in ballots if one in str([message.model_dump() for message in sent])]
    assert "survey.thanks" == await answers(coffee, "ana")
    assert len(ballots) - 1 == len(await coffee.rows(SurveyBallot))
    again = await coffee.presses("ana", "Answer")
    assert "core.gone" == key(again)
    assert "survey.none" == key(await coffee.says("bea", "/survey open"))
    await coffee.passes(days=5)
    await coffee.says("ana", "/me home")
    said = await coffee.passes(days=4)
    assert "survey.reminded" in to(said, coffee.dm("ana"))


async def test_who_has_answered_is_not_reminded(coffee: World):
    """In confidence it is known that somebody answered, so only the others hear of it again, once."""
    await sends(coffee)
    await answers(coffee, "ana")
    said = await coffee.passes(days=12)
    assert "survey.reminded" not in to(said, coffee.dm("ana"))
    assert 1 == to(said, coffee.dm("bea")).count("survey.reminded")


async def test_one_person_one_answer(coffee: World):
    """Without a name an answer cannot be found again, so it cannot be given twice."""
    await sends(coffee)
    ballot = await ballot_of(coffee, "ana")
    await answers(coffee, "ana")
    assert "survey.answered" == key(await coffee.presses_id("ana", f"survey.answer:{ballot.id}"))
    assert "core.not_yours" == key(await coffee.presses_id("bea", f"survey.answer:{ballot.id}"))


async def test_a_named_answer_can_be_changed_and_is_read_with_its_name(coffee: World):
    """Who gives their name may think again; coordinators read the last word."""
    await sends(coffee, mode="named")
    await answers(coffee, "ana", change="Shorter.")
    await answers(coffee, "ana", change="Longer.")
    seen = await shown(coffee)
    assert ("Longer." in seen, "Shorter." in seen, "Ana" in seen) == (True, False, True)
    assert 1 == len(await coffee.rows(SurveyReply))


async def test_a_survey_ends_by_itself(coffee: World):
    """After its days nobody can answer, and nothing that says who did is left."""
    await sends(coffee, days="2")
    for who in NAMES[:5]:
        await answers(coffee, who)
    ballot = await ballot_of(coffee, "kim")
    await coffee.passes(days=3)
    assert "core.gone" == key(await coffee.presses_id("kim", f"survey.answer:{ballot.id}"))
    assert [] == await coffee.rows(SurveyBallot)
    (row,) = await coffee.rows(Survey)
    assert "closed" == row.status


async def test_words_go_two_years_after_the_end(coffee: World):
    """What people wrote is removed by itself; how many gave which answer stays."""
    await sends(coffee, days="2", mode="named")
    await answers(coffee, "ana")
    await coffee.passes(days=3)
    counts = len(await coffee.rows(SurveyCount))
    coffee.clock.set(coffee.clock.now() + timedelta(days=720))
    await coffee.delivers()
    assert 1 == len(await coffee.rows(SurveyReply))
    coffee.clock.set(coffee.clock.now() + timedelta(days=12))
    await coffee.delivers()
    assert ([], []) == (await coffee.rows(SurveyReply), await coffee.rows(SurveyBallot))
    assert counts == len(await coffee.rows(SurveyCount))
    assert [None] == [row.next_at for row in await coffee.rows(Survey)]


async def test_questions_of_ones_own(coffee: World):
    """They are written one a line, and a mistake is told with its line."""
    asked = await coffee.says(COORDINATOR, "/coord survey create own")
    wrong = await coffee.submits(COORDINATOR, asked, SURVEY | {"template": "own", "own": "How are you?"})
    assert isinstance(wrong, Reject | Ask)
    assert "Question 1 needs a kind first" in wrong.errors["own"]
    own = "scale: How are you?\nchoice: Which? | tea | coffee\nmany: When? | Monday | Friday"
    done = await coffee.submits(COORDINATOR, asked, SURVEY | {"template": "own", "own": own})
    assert "Which?" in text(done)
    full = await coffee.submits(COORDINATOR, asked, SURVEY | {"own": own})
    assert isinstance(full, Reject | Ask)
    assert "five at most" in full.errors["own"]


async def test_volunteers_are_drawn_by_lot_among_those_who_offered(coffee: World):
    """Only who said yes can be drawn, the drawn stay drawn, and no answer hangs on their names."""
    await sends(coffee, template="end")
    for who in NAMES[:6]:
        asked = await coffee.presses(who, "Answer")
        await coffee.submits(who, asked, {"confident": "4", "talk": "yes" if who in NAMES[:3] else "no"})
    await coffee.says(COORDINATOR, "/coord survey draw 2 Half-time")
    drawn = {row.member_id for row in await coffee.rows(SurveyVolunteer) if row.drawn}
    assert 2 == len(drawn)
    await coffee.says(COORDINATOR, "/coord survey draw 3 Half-time")
    after = {row.member_id for row in await coffee.rows(SurveyVolunteer) if row.drawn}
    assert drawn < after == {(await member(coffee, who)).id for who in NAMES[:3]}


async def test_members_cannot_read_results(coffee: World):
    """Buttons of coordinators refuse members."""
    row = await sends(coffee)
    for act in ("open", "close", "results"):
        assert "core.not_allowed" == key(await coffee.presses_id("ana", f"survey.{act}:{row.id}"))


async def test_ratings_of_a_session_are_sealed_until_both_are_in(coffee: World):
    """Neither sees the other's before giving their own; then both see both."""
    from storage.session import Session
    from storage.survey import SessionRating
    from tests.features.town import partner

    asked = await coffee.says(COORDINATOR, "/coord settings survey")
    await coffee.submits(COORDINATOR, asked, {"survey.sessions": "yes"})
    await coffee.until("2026-03-03 09:30")
    other = await partner(coffee, "ana")
    asked = await coffee.says("ana", "/session log")
    await coffee.submits("ana", asked, day="2026-03-03", minutes="45", topics="the first patch")
    (session,) = await coffee.rows(Session)
    await coffee.presses_id(other, f"session.right:{session.id}:1")
    rows = {row.member_id: row.id for row in await coffee.rows(SessionRating)}
    mine, theirs = rows[(await member(coffee, "ana")).id], rows[(await member(coffee, other)).id]
    assert "survey.rated" == key(await coffee.presses_id("ana", f"survey.rate:{mine}:4"))
    assert "survey.sealed" == key(await coffee.presses_id("ana", f"survey.ratings:{mine}"))
    assert "survey.ratings" == key(await coffee.presses_id(other, f"survey.rate:{theirs}:5"))
    assert "survey.ratings" == key(await coffee.presses_id("ana", f"survey.ratings:{mine}"))
    assert "survey.sealed_no_more" == key(await coffee.presses_id("ana", f"survey.rate:{mine}:1"))


# -- rules


COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30), min_size=1)


@given(COUNTS)
def test_no_small_count_is_shown_or_can_be_told_from_the_total(counts: dict[str, int]):
    """Nothing below five answers, no shown count of 1 to 4, and what is hidden adds up to five or more."""
    seen = suppression.shown(counts)
    total = sum(counts.values())
    visible = [number for number in seen.values() if number is not None]
    if total < K:
        assert not visible
        return
    assert not [number for number in visible if 0 < number < K]
    hidden = {value for value, number in seen.items() if number is None}
    assert all(counts[value] == seen[value] for value in counts if value not in hidden)
    if hidden:
        assert total - sum(visible) >= K
        assert len(hidden) >= 2 or len([value for value, number in counts.items() if number]) == len(hidden)


@given(COUNTS)
def test_a_mean_never_gives_a_hidden_count_away(counts: dict[str, int]):
    """Where a count is hidden, there is no mean to solve for it."""
    scale = {str(index + 1): number for index, number in enumerate(list(counts.values())[:5])}
    if None in suppression.shown(scale).values() or sum(scale.values()) < K:
        assert rules.mean(scale) is None
    else:
        assert 1 <= (rules.mean(scale) or 0) <= 5


@given(st.lists(st.integers(0, 10), max_size=40))
def test_the_score_is_promoters_less_detractors(given_: list[int]):
    """Against a naive count; hidden where a group is too small to show."""
    counts = {str(value): given_.count(value) for value in range(11)}
    _, score = rules.nps(counts)
    if score is not None:
        up, down = (sum(value in group for value in given_) for group in (range(9, 11), range(7)))
        assert score == round(100 * (up - down) / len(given_))


@given(st.integers(0, 50), st.integers(0, 50))
def test_results_change_by_five_at_a_time(answers_: int, shown_: int):
    """Never for fewer than five new answers, and never below five at all."""
    if rules.may_refresh(answers_, shown_):
        assert answers_ >= K
        assert shown_ == 0 or answers_ - shown_ >= K


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_words_come_five_at_a_time(ids: set[int], before: set[int]):
    """What was shown stays, fewer than five new ones wait, and what was taken back is gone."""
    got = set(rules.words_shown({str(one) for one in ids}, {str(one) for one in before}))
    new = {str(one) for one in ids - before}
    assert got == {str(one) for one in ids & before} | (new if len(new) >= K else set())


def test_ratings_open_when_all_are_in_or_the_window_is_over():
    """One missing keeps the seal; the end of the window breaks it."""
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert not rules.ratings_open([4, None], now, now + timedelta(days=1))
    assert rules.ratings_open([4, None], now, now)
    assert rules.ratings_open([4, 5], now, now + timedelta(days=1))


def test_a_scorecard_needs_five_ratings():
    """Four are too few to say anything."""
    assert results.scored([5, 5, 5, 5]) is None
    assert {"1": 0, "2": 0, "3": 0, "4": 0, "5": 5} == results.scored([5] * 5)


PLANNED = {"key": "half", "template": "middle", "title": "Half-time", "week": 2, "days": 7}


async def test_a_survey_of_the_file_goes_out_by_itself(world: World):
    """In its week everybody is asked, once; before that it stands in the list with its day and follows the file."""
    await world.applies(COFFEE | {"surveys": [PLANNED | {"week": 3}]})
    await world.applies(COFFEE | {"surveys": [PLANNED]})
    for who in ("ana", "bea"):
        await world.joins(who)
    assert "goes out by itself on Monday, March 9" in text(await world.says("vera", "/coord survey list"))
    said = await world.until("2026-03-10 20:00")
    assert [1, 1] == [to(said, world.dm(who)).count("survey.asked") for who in ("ana", "bea")]
    await world.applies(COFFEE | {"surveys": [PLANNED]})
    assert 1 == len(await world.rows(Survey))
    await world.applies(COFFEE | {"surveys": [PLANNED, PLANNED | {"key": "later", "week": 9}]})
    assert 2 == len(await world.rows(Survey))
    await world.applies(COFFEE | {"surveys": [PLANNED]})
    assert 1 == len(await world.rows(Survey))


async def test_what_is_planned_ends_with_the_cohort(world: World):
    """A cohort that closes takes its planned surveys with it; the next one has its own."""
    goals = [{"key": "meet", "text": "Most meet.", "measure": "met", "target": 0.8, "due_week": 8}]
    await world.applies(COFFEE | {"surveys": [PLANNED], "goals": goals})
    await world.says("vera", "/coord cohort close")
    await world.presses("vera", "Bring it to its end")
    assert [] == await world.rows(Survey)
    await world.says("vera", "/coord cohort open Autumn")
    assert 1 == len(await world.rows(Survey))


async def test_a_week_that_is_over_is_left_out(world: World):
    """A survey that comes into the file after its time is not sent late."""
    await world.applies(COFFEE)
    await world.passes(days=30)
    await world.applies(COFFEE | {"surveys": [PLANNED]})
    assert [] == await world.rows(Survey)
