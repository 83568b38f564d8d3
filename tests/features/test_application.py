"""People apply, agree, wait for a place; coordinators read, ask back, talk and decide together."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.chat.reply import Ask, Reject
from bot.features.programme.files import bring_in
from bot.programme.file import ProgrammeFileError, parse
from bot.roster import read as read_roster
from storage.application import Accepted, Application, ApplicationReview, ApplicationWord
from storage.audit import Audit
from storage.draft import Draft
from storage.outbox import Outbox
from storage.programme import Programme, Role
from tests.conftest import LIKE_DISCORD
from tests.fakes.world import COFFEE, JOIN, World, key, text
from tests.features.town import MENTORING, comes, keys_of, member, pairs, to

QUESTIONS: list[dict[str, Any]] = [
    {"key": "why", "question": "Why now?"},
    {"key": "year", "kind": "number", "question": "Your year", "at_least": 1, "at_most": 6, "roles": ["mentor"]},
    {"key": "topics", "kind": "multi", "question": "What about?", "options": ["Study", "Work", "Life"],
     "required": False},
    {"key": "place", "kind": "choice", "question": "Where are you?", "options": ["Here", "Abroad"],
     "roles": ["mentee"]},
    {"key": "buddy", "kind": "member", "question": "Who knows you?", "required": False},
    {"key": "photo", "kind": "consent", "question": "A photo of the group is fine", "required": False},
]  # fmt: skip
FILE = MENTORING | {
    "goals": [{"key": "meet", "text": "Most meet.", "measure": "met", "target": 0.8, "due_week": 8}],
    "application": QUESTIONS,
    "eligibility": [
        {"role": "mentor", "question": "year", "at_least": 2, "text": "Mentors are in their second year or later."}
    ],
    "review": {
        "roles": ["mentor"], "remind_days": 2,
        "criteria": [{"key": "warmth", "text": "Warmth"}, {"key": "time", "text": "Time", "most": 3}],
        "words": {"declined": "We wish we had a place for everybody."},
    },
    "roles": {"mentor": {"agreement": {"version": 1, "text": "I listen.\n\nI keep what I hear to myself."}}},
    "texts": {"es": {"application": {"why": "¿Por qué ahora?"}, "options": {"topics": {"1": "Estudios"}}}},
}  # fmt: skip
MENTOR = JOIN | {"role": "mentor", "q_why": "I had a good mentor.", "q_year": "3", "q_topics": ("Study", "Life")}
MENTEE = JOIN | {"role": "mentee", "q_why": "All is new.", "q_place": "Here"}
PLACES = COFFEE | {"roles": {"peer": {"places": 2}}}


async def roles(world: World, who: str) -> dict[str, str]:
    """Return kind -> status of somebody's roles."""
    mine = (await member(world, who)).id
    return {role.kind: role.status for role in await world.rows(Role) if role.member_id == mine}


async def application(world: World, who: str) -> Application:
    """Return somebody's only application."""
    mine = (await member(world, who)).id
    (row,) = [row for row in await world.rows(Application) if row.member_id == mine]
    return row


async def applies(world: World, who: str, values: dict[str, Any] = MENTOR, **more: Any) -> object:
    """Send the whole application, and say yes to the agreement where there is one."""
    reply = await world.submits(who, await world.says(who, "/programme join"), values, **more)
    return await world.presses(who, "I agree") if key(reply) == "programme.agreement" else reply


async def opens(world: World, who: str, whose: str) -> object:
    """Let a coordinator open somebody's application."""
    return await world.says(who, f"/coord application open @{whose}")


async def test_from_the_form_to_ready_to_be_matched(world: World):
    """A mentor answers, agrees, is read and approved, and hears it; a mentee needs nobody's decision."""
    await world.applies(FILE)
    asked = await world.submits("ana", await world.says("ana", "/programme join"), MENTOR)
    assert "programme.agreement" == key(asked)
    assert "I keep what I hear to myself." in text(asked)
    assert {} == await roles(world, "ana")
    assert "One thing before you are in" in text(await world.says("ana", "/"))
    assert "waits for your yes" in text(await world.says("ana", "/programme status"))
    assert "programme.waiting" == key(await world.presses("ana", "I agree"))
    assert ["application.waits"] == to(await world.delivers(), "coordinators")
    shown = await opens(world, "vera", "ana")
    assert "Why now?: I had a good mentor." in text(shown)
    assert "What about?: Study; Life" in text(shown)
    assert "Your year: 3" in text(shown)
    assert "application.done" == key(await world.presses("vera", "Approve"))
    assert {"mentor": "active"} == await roles(world, "ana")
    assert ["application.approved"] == to(await world.delivers(), world.dm("ana"))
    assert "programme.joined" == key(await applies(world, "bea", MENTEE))
    assert {"mentee": "active"} == await roles(world, "bea")
    assert [("mentor", 1)] == [(row.kind, row.version) for row in await world.rows(Accepted)]
    assert {"application.approved"} <= {row.act for row in await world.rows(Audit)}


async def test_questions_are_those_of_the_role(world: World):
    """The pages after the role ask what is for it, in Spanish where the file says so; stored in the file's language."""
    await world.applies(FILE)
    comes(world, "ana", locale="es")
    asked = await world.says("ana", "/programme join")
    assert isinstance(asked, Ask)
    assert "¿Por qué ahora?" in [field.label for field in asked.form.fields]
    first = {field.name: MENTOR.get(field.name, "") for field in asked.form.page(0)}
    second = await world.handles(world.town.submit("ana", asked.form, first, page=0))
    assert isinstance(second, Ask)
    assert {"q_year", "q_why"} <= {field.name for field in second.form.fields}
    assert "q_place" not in {field.name for field in second.form.fields}
    await world.submits("ana", second, MENTOR)
    assert {"why": "I had a good mentor.", "year": 3, "topics": ["Study", "Life"]} == (
        await application(world, "ana")
    ).answers


async def test_a_draft_of_three_pages_is_resumed_where_it_was_left(world: World):
    """Where a form cannot follow a form, each page is kept, and the status says so with the way on."""
    world.town._capabilities = LIKE_DISCORD
    await world.applies(FILE)
    await world.submits("ana", await world.says("ana", "/programme join"), MENTOR)
    second = await world.presses("ana", "Continue")
    await world.submits("ana", second, MENTOR)
    assert 2 == (await world.rows(Draft))[0].page
    told = await world.says("ana", "/programme status")
    assert "You began the form" in text(told)
    third = await world.presses("ana", "Continue")
    assert isinstance(third, Ask)
    assert 2 == third.page
    assert "programme.agreement" == key(await world.submits("ana", third, MENTOR))
    assert [] == await world.rows(Draft)


async def test_who_cannot_be_it_is_told_at_the_field(world: World):
    """Nothing is stored but the draft; another answer or role goes through."""
    await world.applies(FILE)
    again = await world.submits("ana", await world.says("ana", "/programme join"), MENTOR, q_year="1")
    assert isinstance(again, Ask | Reject)
    assert {"q_year": "Mentors are in their second year or later."} == dict(again.errors)
    assert [] == await world.rows(Application)
    assert "programme.joined" == key(await applies(world, "ana", MENTEE))


async def test_days_as_a_member_can_be_asked_for(world: World):
    """A rule about membership stands at the first field, and holds by itself once the days have passed."""
    await world.applies(COFFEE | {"eligibility": [{"member_days": 3, "text": "Please look around for three days."}]})
    comes(world, "new")
    await world.says("new", "/me home")
    again = await world.joins("new")
    assert {"zone": "Please look around for three days."} == dict(again.errors)
    await world.passes(days=3)
    assert "programme.joined" == key(await world.joins("new"))


async def test_a_new_version_of_the_agreement_is_asked_again(world: World):
    """Members hear once of it, are paired again only after their yes, and an old button shows the new text."""
    terms = {"peer": {"agreement": {"version": 1, "text": "We are on time."}}}
    await world.applies(COFFEE | {"roles": terms})
    for who in ("ana", "bea", "chen"):
        assert "programme.joined" == key(await applies(world, who, JOIN))
    await world.delivers()
    newer = {"peer": {"agreement": {"version": 2, "text": "We are on time, and kind."}}}
    await world.applies(COFFEE | {"roles": newer})
    await world.applies(COFFEE | {"roles": newer, "summary": "Changed."})
    said = await world.delivers()
    assert [1, 1, 1] == [to(said, world.dm(who)).count("programme.agreement_changed") for who in ("ana", "bea", "chen")]
    programme = (await application(world, "ana")).programme_id
    assert "and kind" in text(await world.presses_id("ana", f"programme.agree:{programme}:peer.1"))
    for who in ("ana", "bea"):
        await world.presses(who, "Read the agreement")
        assert "programme.agreed" == key(await world.presses(who, "I agree"))
    await world.until("2026-03-03 10:00")
    assert [{"ana", "bea"}] == [set(people) for people in (await pairs(world)).values()]
    assert "waits for your yes" in text(await world.says("chen", "/programme status"))


async def test_places_are_given_in_the_order_of_coming(world: World):
    """Who comes to a full cohort waits with a number, moves up when somebody leaves, and is told."""
    await world.applies(PLACES)
    for who in ("ana", "bea"):
        assert "programme.joined" == key(await world.joins(who))
    assert "number 1 on the waiting list" in text(await world.joins("chen"))
    await world.passes(minutes=1)
    assert "number 2 on the waiting list" in text(await world.joins("dia"))
    assert "number 2" in text(await world.says("dia", "/programme status"))
    await world.says("ana", "/programme leave")
    await world.presses("ana", "Leave")
    said = await world.delivers()
    assert ["application.approved"] == to(said, world.dm("chen"))
    assert "came free, and it is yours" in world.sees("chen", world.dm("chen"))[-1]
    assert ({"peer": "active"}, {}) == (await roles(world, "chen"), await roles(world, "dia"))
    assert "number 1" in text(await world.says("dia", "/programme status"))


async def test_more_places_in_the_file_let_people_in(world: World):
    """Applying the file with more places gives them to those who wait."""
    await world.applies(PLACES)
    for who in ("ana", "bea", "chen", "dia"):
        await world.joins(who)
        await world.passes(minutes=1)
    await world.applies(COFFEE | {"roles": {"peer": {"places": 3}}})
    assert [{"peer": "active"}, {}] == [await roles(world, who) for who in ("chen", "dia")]


async def test_two_take_the_last_place_at_the_same_moment(world: World):
    """One has it, the other waits: never more people than places."""
    await world.applies(PLACES)
    await world.joins("ana")
    forms = {who: await world.says(who, "/programme join") for who in ("bea", "chen", "dia")}
    answers = await asyncio.gather(*(world.submits(who, form, JOIN) for who, form in forms.items()))
    assert ["programme.joined", "programme.waitlisted", "programme.waitlisted"] == sorted(key(one) for one in answers)
    assert 2 == sum(role.status == "active" for role in await world.rows(Role) if role.kind == "peer")


async def test_asking_back_and_the_answer(world: World):
    """The applicant answers with one tap, the asker hears of it, and both words stand with the application."""
    await world.applies(FILE)
    await applies(world, "ana")
    await opens(world, "vera", "ana")
    await world.submits("vera", await world.presses("vera", "Ask more"), {"question": "How many hours?"})
    assert ["application.asked"] == to(await world.delivers(), world.dm("ana"))
    assert "question about your application" in text(await world.says("ana", "/"))
    form = await world.presses("ana", "Answer")
    assert "How many hours?" == form.form.intro
    assert "application.replied" == key(await world.submits("ana", form, {"answer": "Two."}))
    assert ["application.answered"] == to(await world.delivers(), "coordinators")
    assert "@Ana: Two." in text(await world.presses("vera", "Open the application"))
    assert 2 == len(await world.rows(ApplicationWord))
    assert "application.waiting" != key(
        await world.presses_id("ana", f"application.reply:{(await application(world, 'ana')).id}")
    )


async def test_a_talk_is_three_times_and_two_calendars(world: World):
    """A coordinator proposes times from both people's hours; the chosen one goes to both, and notes to the rubric."""
    await world.applies(FILE)
    await applies(world, "ana")
    await opens(world, "vera", "ana")
    assert "application.invited" == key(await world.presses("vera", "Invite to talk"))
    assert ["application.talk"] == to(await world.delivers(), world.dm("ana"))
    assert "application.slot_taken" == key(await world.presses("ana", "Time 2"))
    said = await world.delivers()
    assert [["application.talk_set"]] * 2 == [to(said, where) for where in (world.dm("ana"), "coordinators")]
    assert "(talk.ics)" in world.sees("ana", world.dm("ana"))[-1]
    await world.presses("vera", "Open the application")
    rubric = await world.presses("vera", "Score")
    assert "Notes of your talk" in [field.label for field in rubric.form.fields]
    assert "Listens." in text(await world.submits("vera", rubric, {"c_warmth": "5", "note": "Listens."}))


async def test_no_time_suits(world: World):
    """The coordinator hears it and can propose others; the old buttons are over."""
    await world.applies(FILE)
    await applies(world, "ana")
    await opens(world, "vera", "ana")
    await world.presses("vera", "Invite to talk")
    await world.delivers()
    message = world.newest_with("ana", "None of these")
    assert "application.no_slot" == key(await world.presses("ana", "None of these"))
    assert "none of the times suits @Ana" in text_of(await world.delivers())
    assert "application.slot_over" == key(await world.presses("ana", "Time 1", message=message))


def text_of(said: list[Any]) -> str:
    """Return all that was said as one text."""
    from bot.chat.views import as_text

    return "\n".join(as_text(one.view) for one in said)


async def two_coordinators(world: World) -> None:
    """Let Max coordinate too."""
    comes(world, "max", roles=frozenset({"moderator", "coordinator"}))


async def test_two_reviewers_keep_their_own_scores(world: World):
    """Neither overwrites the other; the mean of both is shown, and each finds their own again."""
    await world.applies(FILE)
    await two_coordinators(world)
    await applies(world, "ana")
    for who, warmth, note in (("vera", "5", "Warm."), ("max", "2", "Has little time.")):
        await opens(world, who, "ana")
        shown = await world.submits(
            who, await world.presses(who, "Score"), {"c_warmth": warmth, "c_time": "3", "note": note}
        )
    assert "Warmth: 3.5 of 5" in text(shown)
    assert "@Vera: Warm." in text(shown)
    assert 2 == len(await world.rows(ApplicationReview))
    await opens(world, "vera", "ana")
    mine = await world.presses("vera", "Score")
    assert {"c_warmth": 5, "note": "Warm."}.items() <= {field.name: field.value for field in mine.form.fields}.items()
    assert "scored 85 %" in text(await world.says("vera", "/coord application list"))


async def test_two_reviewers_decide_at_the_same_moment(world: World):
    """The first decision holds; the second reviewer sees what was decided, and by whom."""
    await world.applies(FILE)
    await two_coordinators(world)
    await applies(world, "ana")
    row = await application(world, "ana")
    answers = await asyncio.gather(
        world.presses_id("vera", f"application.approve:{row.id}:{row.version}"),
        world.presses_id("max", f"application.waitlist:{row.id}:{row.version}"),
    )
    assert ["application.done", "application.read"] == sorted(key(one) for one in answers)
    late = next(one for one in answers if key(one) == "application.read")
    assert "It has changed since you opened it" in text(late)
    asked = await world.presses_id("max", f"application.decline:{row.id}")
    expected = {"approved": "application.decided", "waitlisted": "form:application.decline"}
    assert expected[(await application(world, "ana")).status] == key(asked)


async def test_an_answer_that_changes_meanwhile_is_not_decided_unread(world: World):
    """Somebody sends their form again after a reviewer opened it: the old button shows the new words first."""
    await world.applies(FILE)
    await applies(world, "ana")
    await opens(world, "vera", "ana")
    await applies(world, "ana", q_why="Something else.")
    assert "Something else." in text(await world.presses("vera", "Approve"))
    assert "waiting" == (await application(world, "ana")).status
    assert "application.done" == key(await world.presses("vera", "Approve"))


async def test_declining_is_kind_and_can_be_changed(world: World):
    """The programme's words come, and those of the coordinator; applying again waits for the next cohort."""
    await world.applies(FILE)
    await applies(world, "ana")
    await opens(world, "vera", "ana")
    await world.submits("vera", await world.presses("vera", "Decline"), {"word": "Your time will come, <@all>"})
    assert ["application.declined"] == to(await world.delivers(), world.dm("ana"))
    last = world.sees("ana", world.dm("ana"))[-1]
    assert "We wish we had a place for everybody." in last
    assert "Your time will come" in last
    assert "programme.declined" == key(await world.says("ana", "/programme join"))
    await opens(world, "vera", "ana")
    assert "application.done" == key(await world.presses("vera", "Approve"))
    assert {"mentor": "active"} == await roles(world, "ana")


async def test_coordinators_are_reminded_of_who_waits(world: World):
    """At once, then every two days as the file says, as long as somebody waits; never twice a day."""
    await world.applies(FILE)
    await applies(world, "ana")
    await applies(world, "bea", MENTOR)
    await world.passes(hours=3)
    await applies(world, "chen", MENTOR)
    assert 1 == world.keys("vera", "coordinators").count("application.waits")
    assert 1 == to(await world.passes(days=2, hours=1), "coordinators").count("application.waits")
    assert "3 applications" in world.sees("vera", "coordinators")[-1]
    for who in ("ana", "bea", "chen"):
        await opens(world, "vera", who)
        await world.presses("vera", "Approve")
    assert 0 == to(await world.passes(days=5), "coordinators").count("application.waits")


async def test_rules_decide_where_the_file_says_so(world: World):
    """One rule approves, another declines; what no rule is about waits for a coordinator."""
    rules = [
        {"question": "place", "is": ["Abroad"], "then": "decline"},
        {"question": "topics", "is": ["Study"], "then": "approve"},
    ]
    await world.applies(FILE | {"review": {"rules": rules}, "roles": {}})
    assert "programme.joined" == key(await applies(world, "ana", MENTEE | {"q_topics": ("Study",)}))
    assert "programme.not_taken" == key(await applies(world, "bea", MENTEE | {"q_place": "Abroad"}))
    assert "programme.waiting" == key(await applies(world, "chen", MENTEE | {"q_topics": ("Work",)}))


async def test_leaving_takes_the_application_back(world: World):
    """The command asks once; afterwards nobody reviews it, and applying again begins anew."""
    await world.applies(FILE)
    await applies(world, "ana")
    assert "it is with the coordinators" in text(await world.says("ana", "/me home"))
    assert "Take back your application" in text(await world.says("ana", "/programme leave"))
    await world.presses("ana", "Leave")
    assert "withdrawn" == (await application(world, "ana")).status
    assert "Waiting for a decision: 0" in text(await world.says("vera", "/coord application list"))
    assert "programme.waiting" == key(await applies(world, "ana"))


async def test_an_applicant_who_left_the_server(world: World):
    """Nothing is sent, the decision is refused with the reason, and nothing of the application is lost."""
    await world.applies(FILE)
    await applies(world, "ana")
    await world.delivers()
    row = await application(world, "ana")
    await world.handles(world.town.leave("ana"))
    assert "withdrawn" == (await application(world, "ana")).status
    assert "application.read" == key(await world.presses_id("vera", f"application.approve:{row.id}:{row.version}"))
    assert "application.decided" == key(await world.presses_id("vera", f"application.decline:{row.id}"))
    assert [] == to(await world.delivers(), world.dm("ana"))


async def test_a_form_sent_twice_is_one_application(world: World):
    """A redelivered last page changes nothing; sending it again changes the answers of the one there is."""
    await world.applies(FILE)
    await applies(world, "ana")
    await applies(world, "ana", q_why="Better words.")
    row = await application(world, "ana")
    assert ("Better words.", "waiting") == (row.answers["why"], row.status)


async def test_a_draft_for_a_programme_that_closed(world: World):
    """The last page is refused kindly, and what was typed is kept for the next cohort."""
    await world.applies(FILE)
    world.town._capabilities = LIKE_DISCORD
    await world.submits("ana", await world.says("ana", "/programme join"), MENTOR)
    await world.says("vera", "/coord cohort close")
    await world.presses("vera", "Bring it to its end")
    second = await world.presses("ana", "Continue")
    await world.submits("ana", second, MENTOR)
    third = await world.presses("ana", "Continue")
    refused = await world.submits("ana", third, MENTOR)
    assert "programme.closed" == key(refused)
    assert "is kept" in text(refused)
    (draft,) = await world.rows(Draft)
    assert "I had a good mentor." == draft.answers["q_why"]


async def test_a_question_that_is_no_longer_asked_keeps_its_answer(world: World):
    """The file loses a question that people answered: reviewers still read it, marked."""
    await world.applies(FILE)
    await applies(world, "ana")
    fewer = [one for one in QUESTIONS if one["key"] != "topics"]
    await world.applies(FILE | {"application": fewer, "texts": {}})
    assert "topics (no longer asked): Study; Life" in text(await opens(world, "vera", "ana"))
    await applies(world, "ana")
    assert "topics" not in (await application(world, "ana")).answers


async def test_who_waits_at_the_end_of_a_cohort_hears_it(world: World):
    """Undecided applications end with the cohort; the next one opens the form filled in."""
    await world.applies(FILE)
    await applies(world, "ana")
    await world.delivers()
    await world.says("vera", "/coord cohort close")
    await world.presses("vera", "Bring it to its end")
    assert ["application.lapsed"] == to(await world.delivers(), world.dm("ana"))
    await world.says("vera", "/coord cohort open Autumn")
    asked = await world.says("ana", "/programme join")
    assert "I had a good mentor." in [getattr(field, "value", "") for field in asked.form.fields]


async def test_only_coordinators_of_the_programme_see_it(world: World):
    """Members cannot open, decide or list; what members write is theirs to change alone."""
    await world.applies(FILE)
    await applies(world, "ana")
    row = await application(world, "ana")
    assert "core.not_allowed" == key(await world.says("bea", "/coord application open @ana"))
    for press in (f"approve:{row.id}:{row.version}", f"read:{row.id}", f"score:{row.id}", f"next:{row.id}"):
        assert "core.not_allowed" == key(await world.presses_id("bea", f"application.{press}"))
    assert "core.not_allowed" == key(await world.presses_id("bea", "application.pick", row.id))
    assert "core.not_yours" == key(await world.presses_id("bea", f"application.reply:{row.id}"))
    assert "core.not_yours" == key(await world.presses_id("bea", f"application.slot:{row.id}:0"))


async def test_a_coordinator_of_another_programme_picks_nothing(world: World):
    """The list's choice carries only an id: permission is asked for the programme behind it."""
    await world.applies(FILE)
    await applies(world, "ana")
    await world.applies(COFFEE)
    await world.says("vera", "/coord team add @bea coffee")
    row = await application(world, "ana")
    assert "core.not_allowed" == key(await world.presses_id("bea", "application.pick", row.id))
    assert "core.not_allowed" == key(await world.says("bea", "/coord application list first-steps"))
    assert "application.list" == key(await world.says("bea", "/coord application list coffee"))


async def test_who_was_imported_is_in_only_after_pressing_join(coffee: World, tmp_path: Path):
    """Ana is in another programme; approved here from a roster, she holds nothing until she joins herself."""
    await coffee.applies(FILE)
    roster = tmp_path / "people.csv"
    roster.write_text("handle,role,timezone,languages,why,year\nana,mentor,UTC,English,To help.,4\n", encoding="utf-8")
    programme = next(row for row in await coffee.rows(Programme) if row.slug == "first-steps")
    await coffee.app.work(await coffee.community_id(), lambda work: bring_in(work, read_roster(roster), programme))
    await coffee.says("vera", "/coord application open @ana first-steps")
    assert "application.done" == key(await coffee.presses("vera", "Approve"))
    assert "invited" == (await roles(coffee, "ana"))["mentor"]
    asked = await coffee.submits("ana", await coffee.says("ana", "/programme join first-steps"), MENTOR)
    assert "programme.agreement" == key(asked)
    assert "programme.joined" == key(await coffee.presses("ana", "I agree"))
    assert "active" == (await roles(coffee, "ana"))["mentor"]


async def test_a_second_role_asks_for_its_agreement(world: World):
    """A mentee who applies as a mentor too finds the agreement by their status, and stays a mentee meanwhile."""
    await world.applies(FILE)
    await applies(world, "ana", MENTEE)
    await world.submits("ana", await world.says("ana", "/programme join"), MENTOR | {"role": "both", "q_place": "Here"})
    told = await world.says("ana", "/programme status")
    assert "The agreement waits for your yes" in text(told)
    assert {"mentee": "active"} == await roles(world, "ana")
    await world.presses("ana", "Read the agreement")
    assert "programme.waiting" == key(await world.presses("ana", "I agree"))


async def test_forgetting_takes_what_was_noted(world: World):
    """An applicant who is forgotten leaves no answers, notes or questions behind."""
    from bot import rights

    await world.applies(FILE)
    await applies(world, "ana")
    await opens(world, "vera", "ana")
    await world.submits("vera", await world.presses("vera", "Score"), {"c_warmth": "1", "note": "Shy."})
    await opens(world, "vera", "ana")
    await world.submits("vera", await world.presses("vera", "Ask more"), {"question": "Why, Ana?"})
    ana = (await member(world, "ana")).id
    await world.app.work(await world.community_id(), lambda work: rights.forget(work, ana))
    for table in (Application, ApplicationReview, ApplicationWord, Accepted):
        assert [] == await world.rows(table)
    assert not any("Why, Ana?" in str(row.params) for row in await world.rows(Outbox))


async def test_the_list_opens_and_goes_on(world: World):
    """Who waited longest comes first, is picked from a list, and [Next] leads on until nothing waits."""
    await world.applies(FILE)
    for who in ("ana", "bea"):
        await applies(world, who)
        await world.passes(minutes=1)
    listed = await world.says("vera", "/coord application list")
    assert text(listed).index("Ana") < text(listed).index("Bea")
    await world.presses_id("vera", "application.pick", (await application(world, "ana")).id)
    await world.presses("vera", "Approve")
    assert "Bea: application" in text(await world.presses("vera", "Next"))
    await world.presses("vera", "Approve")
    assert "application.nothing" == key(await world.presses("vera", "Next"))
    assert "Approved: 2" in text(await world.says("vera", "/coord application list which:approved"))


async def test_pausing_one_programme(coffee: World):
    """Who pauses is not paired until the day, and stays in it; any day in the past is refused."""
    assert "core.past_day" == key(await coffee.says("ana", "/programme pause 2026-03-01"))
    assert "programme.paused" == key(await coffee.says("ana", "/programme pause 2026-03-10"))
    assert "You pause it until" in text(await coffee.says("ana", "/programme status"))
    await coffee.joins("ana", offers="chess")
    await coffee.until("2026-03-03 10:00")
    assert not any("ana" in people for people in (await pairs(coffee)).values())
    assert {"peer": "active"} == await roles(coffee, "ana")
    await coffee.until("2026-03-17 10:30")
    assert any("ana" in people for people in (await pairs(coffee)).values())
    assert "programme.resumed" == key(await coffee.says("ana", "/programme resume"))


async def test_newcomers_are_greeted_once_a_day_and_never_by_message(world: World):
    """Three come on one day: one post in the chosen channel, with a button; nobody gets a direct message."""
    await world.applies()
    await world.delivers()
    form = await world.says("vera", "/coord settings programme")
    await world.submits("vera", form, {"programme.welcome": "general"})
    for who in ("new1", "new2", "new3"):
        comes(world, who)
        await world.handles(world.town.join("north-bank", world.town.spaces["north-bank"].users[who]))
    said = await world.delivers()
    assert ["programme.welcome"] == keys_of(said)
    assert "programme.about" == key(await world.presses("new2", "About Coffee"))


async def test_who_is_put_on_the_list_by_hand_waits_for_a_coordinator(world: World):
    """With places free, a place that comes free moves nobody whom a coordinator or a rule put there; [Approve] does."""
    await world.applies(FILE | {"roles": {"mentor": {"places": 5}}})
    for who in ("ana", "bea"):
        await applies(world, who)
    await opens(world, "vera", "ana")
    await world.presses("vera", "Waiting list")
    await opens(world, "vera", "bea")
    await world.presses("vera", "Approve")
    await world.says("bea", "/programme leave")
    await world.presses("bea", "Leave")
    assert "waitlisted" == (await application(world, "ana")).status
    await opens(world, "vera", "ana")
    await world.presses("vera", "Approve")
    assert {"mentor": "active"} == await roles(world, "ana")


async def test_roles_of_the_platform_follow(world: World):
    """Who is approved is given the role that the community chose, once; who leaves loses it."""
    await world.applies(FILE)
    world.town.add_role("north-bank", "Mentors")
    form = await world.says("vera", "/coord settings programme")
    await world.submits("vera", form, {"programme.mentor_role": ("Mentors",)})
    await applies(world, "ana")
    await world.delivers()
    assert "Mentors" not in world.town.spaces["north-bank"].users["ana"].roles
    await opens(world, "vera", "ana")
    await world.presses("vera", "Approve")
    await applies(world, "ana")
    await world.delivers()
    assert "Mentors" in world.town.spaces["north-bank"].users["ana"].roles
    assert 1 == sum(row.op == "grant" for row in await world.rows(Outbox))
    await world.says("ana", "/programme leave")
    await world.presses("ana", "Leave")
    await world.delivers()
    assert "Mentors" not in world.town.spaces["north-bank"].users["ana"].roles


async def test_a_role_of_the_platform_waits_for_the_training(world: World):
    """Where the training is a gate, the role comes with the pass."""
    from tests.features.test_training import goes_through

    await world.applies(COFFEE | {"training": {"peer": ["how"]}})
    world.town.add_role("north-bank", "Members")
    form = await world.says("vera", "/coord settings programme")
    await world.submits("vera", form, {"programme.peer_role": ("Members",)})
    await world.joins("ana")
    await world.delivers()
    assert "Members" not in world.town.spaces["north-bank"].users["ana"].roles
    await goes_through(world, "ana", "how")
    await world.delivers()
    assert "Members" in world.town.spaces["north-bank"].users["ana"].roles


@pytest.mark.parametrize(
    ("section", "value", "says"),
    [
        ("application", [{"key": "a", "kind": "choice", "question": "Which?"}], "nothing to choose from"),
        ("application", [{"key": "a", "question": "x" * 60}], "45 characters"),
        ("application", [{"key": "a", "question": "A?"}, {"key": "a", "question": "B?"}], "used twice"),
        ("application", [{"key": "a", "question": "A?", "roles": ["peer"]}], "has no peers"),
        ("eligibility", [{"question": "b", "at_least": 1, "text": "No."}], "does not ask “b”"),
        ("eligibility", [{"text": "No."}], "about one thing"),
        ("review", {"rules": [{"question": "why", "is": ["x"], "then": "approve"}]}, "No rule can judge"),
        ("review", {"rules": [{"question": "place", "is": ["Moon"], "then": "approve"}]}, "Nobody can answer “Moon”"),
        ("review", {"rules": [{"question": "place", "at_least": 1, "then": "approve"}]}, "is no number"),
        ("resources", [{"key": "a", "title": "A"}], "an address, or words"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_with_its_cure(section: str, value: Any, says: str):
    """Each contradiction of the file's new sections has its own sentence."""
    with pytest.raises(ProgrammeFileError) as told:
        parse(FILE | {section: value, "texts": {}} | ({"eligibility": []} if section == "application" else {}))
    assert says in str([problem.what + problem.cure for problem in told.value.problems])
