"""What applicants are told: what was decided, what is asked back, when there is a talk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot import ical
from bot.chat.actions import ActionId, Button
from bot.chat.forms import Form, TextField
from bot.chat.text import Bold, Code, Mention, Words, shorten, words
from bot.chat.views import Actions, Block, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.features.application import rules
from bot.i18n import Say
from bot.views import ROLES


def name_of(say: Say, p: Mapping[str, Any]) -> str:
    """Return the programme's name in the reader's language."""
    return str(p["names"].get(say.language, p["name"]))


def _own(say: Say, p: Mapping[str, Any], usual: Words) -> list[Block]:
    """Return the programme's own words, or the usual ones, and what a coordinator wrote."""
    own = p["words"].get(say.language, "") or next(iter(p["words"].values()), "")
    blocks: list[Block] = [Text(words(own) if own else usual)]
    if p["word"]:
        blocks.append(Text(words(p["word"])))
    return blocks


def approved(say: Say, p: Mapping[str, Any]) -> View:
    """Welcome somebody who was approved, or for whom a place came free."""
    kinds = say.join([say(ROLES[kind]) for kind in p["kinds"] if kind in ROLES])
    name = Bold(name_of(say, p))
    usual = (
        say("A place in {programme} came free, and it is yours: you are in it as {role}.", programme=name, role=kinds)
        if p["place"]
        else say("Good news: you are in {programme} as {role}.", programme=name, role=kinds)
    )
    about = Button(say.line("How it works"), ActionId("programme.info", p["programme"]))
    note = say("{status} shows what comes next. If it does not suit you any more, {leave} is all it takes.",
               status=Code("/programme status"), leave=Code("/programme leave"))  # fmt: skip
    return View("application.approved", (*_own(say, p, usual), Actions((about,)), Note(note)))


def waitlisted(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody that they are on the waiting list."""
    name = Bold(name_of(say, p))
    usual = (
        say(
            "The coordinators would like to have you in {programme}. All places are taken at the moment, so you are on the waiting list.",
            programme=name,
        )
        if p["cleared"]
        else say("You are on the waiting list of {programme}.", programme=name)
    )
    note = say("I write to you when a place is yours. {status} shows your place.", status=Code("/programme status"))
    return View("application.waitlisted", (*_own(say, p, usual), Note(note)))


def declined(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody kindly that it does not work out."""
    usual = say(
        "Thank you for applying to {programme}. It does not work out this time.", programme=Bold(name_of(say, p))
    )
    note = say("It says nothing about your worth. You are welcome to apply to the next cohort.")
    return View("application.declined", (*_own(say, p, usual), Note(note)))


def lapsed(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody that the cohort ended before anybody decided."""
    told = say(
        "The cohort of {programme} that you applied to has come to its end before there was a place for you. I am sorry.",
        programme=Bold(name_of(say, p)),
    )
    note = say(
        "Your answers are kept: when the next cohort opens, {command} has them filled in.",
        command=Code("/programme join"),
    )
    return View("application.lapsed", (Text(told), Note(note)))


def asked(say: Say, p: Mapping[str, Any]) -> View:
    """Bring a coordinator's question to the applicant."""
    told = say(
        "The coordinators of {programme} have a question about your application:", programme=Bold(name_of(say, p))
    )
    answer = Button(say.line("Answer"), ActionId("application.reply", p["application"]), "primary")
    note = say("Coordinators of the programme read your answer, nobody else.")
    return View("application.asked", (Text(told), Text(words(p["question"])), Actions((answer,)), Note(note)))


def reply_form(say: Say, application: str, question: str) -> Form:
    """Ask for the answer."""
    field = TextField(name="answer", label=say.line("Your answer"), long=True, max_length=2000)
    return Form(name="application.reply", key=application, title=say.line("Your answer"), fields=(field,),
                submit=say.line("Send"), intro=shorten(question, 900))  # fmt: skip


def replied(say: Say) -> View:
    """Confirm an answer."""
    return View("application.replied", (Text(say("Thank you. Your answer is with the coordinators.")),))


def talk(say: Say, p: Mapping[str, Any]) -> View:
    """Invite somebody to a talk, with three times to choose from."""
    told = say("{who} would like to talk with you about your application to {programme}, half an hour or so. When would it suit you?",
               who=Mention(p["who"]), programme=Bold(name_of(say, p)))  # fmt: skip
    times = [datetime.fromisoformat(one) for one in p["slots"]]
    note = say("It is a talk, no exam. Times are on your own clock.")
    return View("application.talk", (Text(told), *_slots(say, p["application"], times), Note(note)))


def _slots(say: Say, application: str, times: Sequence[datetime]) -> tuple[Block, ...]:
    shown = tuple(words(f"{place}. ", say.when(at)) for place, at in enumerate(times, 1))
    none = Button(say.line("None of these"), ActionId("application.no_slot", application))
    return (List(shown), Actions((*_time_buttons(say, application, len(times)), none)))


def _time_buttons(say: Say, application: str, count: int) -> tuple[Button, ...]:
    return tuple(
        Button(say.line("Time {place}", place=place + 1), ActionId("application.slot", application, str(place)))
        for place in range(count)
    )


def slot_taken(say: Say, at: datetime, who: str) -> View:
    """Confirm the time of a talk."""
    told = say(
        "You talk with {who} on {when}. Both of you get an entry for the calendar.", who=Mention(who), when=say.when(at)
    )
    return View("application.slot_taken", (Text(told),))


def no_slot(say: Say) -> View:
    """Confirm that none of the times suits."""
    return View(
        "application.no_slot",
        (Text(say("Thank you for telling me. The coordinator will propose other times, or write to you.")),),
    )


def talk_set(say: Say, p: Mapping[str, Any]) -> View:
    """Tell both when they talk, with an entry for the calendar."""
    at = datetime.fromisoformat(p["at"])
    told = say(
        "{to}, your talk with {who} is on {when}.", to=Mention(p["to"]), who=Mention(p["who"]), when=say.when(at)
    )
    file = ical.entry(
        "talk.ics", f"talk-{p['application']}", starts=at, minutes=rules.TALK_MINUTES, sequence=p["sequence"],
        stamp=datetime.fromisoformat(p["stamp"]), summary=say.line("Talk with {name}", name=p["name"]),
    )  # fmt: skip
    note = say("You find each other where you usually write here; agree there on how you talk.")
    open_it = (Actions((open_button(say, p["application"]),)),) if p["review"] else ()
    return View("application.talk_set", (Text(told), file, Note(note), *open_it))


def reply_step(say: Say, application: str) -> Step:
    """Offer to answer the coordinators' question."""
    answer = Button(say.line("Answer"), ActionId("application.reply", application), "primary")
    return Step(Urgency.WAITS, say("The coordinators have a question about your application."), (answer,))


def talk_step(say: Say, application: str, times: Sequence[datetime]) -> Step:
    """Offer to choose a time to talk."""
    text = say(
        "A coordinator would like to talk with you. The times: {times}.",
        times=say.join([words(say.when(one)) for one in times]),
    )
    return Step(Urgency.WAITS, text, _time_buttons(say, application, len(times)))


def open_button(say: Say, application: str) -> Button:
    """Return the button that opens an application for who reviews it."""
    return Button(say.line("Open the application"), ActionId("application.read", application), "primary")
