"""What a programme says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.chat.actions import Action, ActionId, Button
from bot.chat.text import Bold, Code, Mention, Words, shorten, words
from bot.chat.views import Actions, Block, Fields, Heading, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.i18n import Say
from bot.programme.file import ProgrammeFile
from bot.views import ROLES
from storage.application import Application
from storage.draft import Draft
from storage.programme import Role


def about(say: Say, programme: str, file: ProgrammeFile, *, roles: Sequence[str], next_round: datetime | None) -> View:
    """Say what a programme is, what each role asks, and when it starts."""
    texts = file.texts(say.language)
    blocks: list[Block] = [Heading(texts["name"][:150]), Text(words(texts["summary"]))]
    asked = [(say.line(ROLES[name]).capitalize(), words(texts[f"roles.{name}"])) for name in ("mentor", "mentee", "peer")
             if f"roles.{name}" in texts]  # fmt: skip
    if asked:
        blocks.append(Fields(tuple(asked)))
    if file.goals:
        blocks.append(Text(say("What we want to reach together:")))
        blocks.append(List(tuple(words(texts[f"goals.{goal.key}"]) for goal in file.goals)))
    if next_round is not None:
        blocks.append(Note(say("The next pairs are made on {when}.", when=say.when(next_round))))
    if roles:
        blocks.append(Note(say("You are in it as {role}.", role=say.join([say(ROLES[kind]) for kind in roles]))))
    else:
        blocks.append(Actions((Button(say.line("Join"), ActionId("programme.join", programme), "primary"),)))
    return View("programme.about", tuple(blocks))


def card(say: Say, p: Mapping[str, Any]) -> View:
    """The card in a channel, with its buttons."""
    texts = p["texts"].get(say.language, {})
    return View(
        "programme.card",
        (
            Heading(texts.get("name", p["name"])[:150]),
            Text(words(texts.get("summary", p["summary"]))),
            Actions(
                (
                    Button(say.line("Join"), ActionId("programme.join", p["programme"]), "primary"),
                    Button(say.line("How it works"), ActionId("programme.info", p["programme"])),
                    Button(say.line("Anonymous feedback"), ActionId("feedback.open")),
                )
            ),
            Note(
                say("You answer some questions; coordinators read them and decide. You hear each step from me.")
                if p.get("reviewed")
                else say("Joining is one short form. You can leave whenever you like, without a reason.")
            ),
        ),
    )


def welcome(say: Say, p: Mapping[str, Any]) -> View:
    """Greet who came today, once a day and without names: whoever reads it can press."""
    buttons: list[Action] = []
    for programme in p["programmes"][:2]:
        texts = programme["texts"].get(say.language, {})
        name = texts.get("name", programme["name"])
        buttons.append(
            Button(
                shorten(say.line("About {programme}", programme=name), 75), ActionId("programme.info", programme["id"])
            )
        )
    told = say("Welcome to everybody who is new here. If you like company on the way, this is a good place to look.")
    note = say("I write to nobody who has not joined something by themselves.")
    return View("programme.welcome", (Text(told), Actions(tuple(buttons)), Note(note)))


def nominated(say: Say, p: Mapping[str, Any]) -> View:
    """Ask somebody who was nominated. The decision is theirs alone."""
    told = (
        say("{who} thinks that you would be a good mentor in {programme}.", who=Mention(p["who"]), programme=Bold(p["name"]))
        if p["mentor"]
        else say("{who} thinks that {programme} could be something for you.", who=Mention(p["who"]), programme=Bold(p["name"]))
    )  # fmt: skip
    buttons = (
        Button(say.line("Tell me more"), ActionId("programme.info", p["programme"])),
        Button(say.line("Join"), ActionId("programme.join", p["programme"]), "primary"),
        Button(say.line("No, thank you"), ActionId("programme.decline")),
    )
    note = say("If you would rather not, nobody hears of it.")
    return View("programme.nominated", (Text(told), Actions(buttons), Note(note)))


def nominating(say: Say, who: str) -> View:
    """Thank who nominated somebody."""
    told = say("Thank you. I ask {who} whether they would like to. You hear no answer from me.", who=Mention(who))
    return View("programme.nominating", (Text(told), Note(say("Each person is asked once."))))


def declined(say: Say) -> View:
    """They would rather not."""
    return View("programme.declined", (Text(say("That is fine. Nobody hears of it.")),))


def joined(say: Say, file: ProgrammeFile, roles: Sequence[str], *, next_round: datetime | None) -> View:
    """Welcome somebody, and say what happens next."""
    texts = file.texts(say.language)
    kinds = say.join([say(ROLES[kind]) for kind in roles])
    what = say("You are in {programme} as {role}. Good to have you here.", programme=Bold(texts["name"]), role=kinds)
    when = (
        say("The next pairs are made on {when}. I will write to you then.", when=say.when(next_round))
        if next_round
        else say("I will write to you as soon as you have a partner.")
    )
    return View(
        "programme.joined",
        (
            Text(what),
            Text(when),
            Note(say("Changed your mind? {command} is all it takes.", command=Code("/programme leave"))),
        ),
    )


def leaving(say: Say, programme: str, name: str, *, applied: bool = False) -> View:
    """Ask whether they mean it, without asking why; who only `applied` takes that back."""
    told = (
        say(
            "Take back your application to {programme}? Nobody asks why, and you can apply again.", programme=Bold(name)
        )
        if applied
        else say(
            "Leave {programme}? If you have a partner, they are told kindly that you had to go. No reason is given.",
            programme=Bold(name),
        )
    )
    return View(
        "programme.leaving",
        (
            Text(told),
            Actions((Button(say.line("Leave"), ActionId("programme.leave", programme), "danger"),)),
            Note(say("To stay, do nothing.")),
        ),
    )  # fmt: skip


def left(say: Say, name: str, *, applied: bool = False) -> View:
    """Say goodbye."""
    told = (
        say("Your application to {programme} is taken back.", programme=Bold(name))
        if applied
        else say("You have left {programme}. Thank you for the time you gave it.", programme=Bold(name))
    )
    return View(
        "programme.left",
        (
            Text(told),
            Note(say("You can come back whenever you like with {command}.", command=Code("/programme join"))),
        ),
    )


def status(
    say: Say,
    programme: str,
    file: ProgrammeFile,
    *,
    roles: Sequence[Role],
    application: Application | None,
    draft: Draft | None,
    ahead: int,
    agree: bool,
    next_round: datetime | None,
    now: datetime,
) -> View:
    """Say where somebody stands in a programme, with what there is to do."""
    texts = file.texts(say.language)
    blocks: list[Block] = [Heading(texts["name"][:150])]
    buttons: list[Action] = []
    if roles:
        blocks.append(Text(say("You are in it as {role}.", role=say.join([say(ROLES[role.kind]) for role in roles]))))
        paused = max(
            (role.paused_until for role in roles if role.paused_until and role.paused_until > now), default=None
        )
        if paused is not None:
            blocks.append(Text(say("You pause it until {day}. {command} ends that.", day=say.when(paused, "date"),
                                   command=Code("/programme resume"))))  # fmt: skip
    if application is not None:
        since = say.when(application.created_at, "date")
        blocks.append(Text(words(say("Your application of {day}:", day=since), " ", standing(say, application, ahead))))
    if draft is not None:
        blocks.append(
            Text(say("You began the form on {day}. What you wrote is kept.", day=say.when(draft.updated_at, "date")))
        )
        buttons.append(Button(say.line("Continue"), ActionId("drafts.open", draft.id), "primary"))
    if agree:
        blocks.append(Text(say("The agreement waits for your yes. Until then nobody new is brought to you.")))
        buttons.append(Button(say.line("Read the agreement"), ActionId("programme.agreement", programme), "primary"))
    if roles and next_round is not None:
        blocks.append(Note(say("The next pairs are made on {when}.", when=say.when(next_round))))
    if not (roles or application or draft):
        blocks.append(Text(say("You are not in it.")))
        buttons.append(Button(say.line("Join"), ActionId("programme.join", programme), "primary"))
    elif draft is None:
        buttons.append(Button(say.line("Change my answers"), ActionId("programme.join", programme)))
    return View("programme.status", (*blocks, Actions(tuple(buttons))))


def standing(say: Say, application: Application, ahead: int) -> Words:
    """Say in a line where an application is."""
    match application.status:
        case "agreeing":
            return say("it waits for your yes to the agreement.")
        case "asked":
            return say("the coordinators have a question for you.")
        case "talk" if application.talk_at is not None:
            return say("you talk about it on {when}.", when=say.when(application.talk_at))
        case "talk":
            return say("the coordinators would like to talk with you. Please choose a time.")
        case "waitlisted":
            return say("you are number {place} on the waiting list.", place=ahead + 1)
        case _:
            return say("it is with the coordinators. You hear from me as soon as they have decided.")


def paused(say: Say, name: str, until: datetime) -> View:
    """Confirm a pause of one programme."""
    told = say("You pause {programme} until {day}. Nobody new is brought to you there.", programme=Bold(name),
               day=say.when(until, "date"))  # fmt: skip
    note = say("If you have a partner now, you go on with each other; a word to them is kind. {command} ends the pause.",
               command=Code("/programme resume"))  # fmt: skip
    return View("programme.paused", (Text(told), Note(note)))


def resumed(say: Say, name: str) -> View:
    """Confirm that a pause is over."""
    return View("programme.resumed", (Text(say("Good to have you back in {programme}.", programme=Bold(name))),))


def home(
    say: Say,
    programmes: Sequence[tuple[str, ProgrammeFile, bool, Application | None]],
    ahead: Mapping[str, int] = MappingProxyType({}),
) -> tuple[Block, ...]:
    """The programmes on a member's page: those they are in, those they applied to, those they can join.

    `ahead` is application -> how many wait for a place before it.
    """
    blocks: list[Block] = []
    for programme, file, mine, application in programmes[:5]:
        texts = file.texts(say.language)
        if mine:
            blocks.append(Text(say("You are in {programme}.", programme=Bold(texts["name"]))))
        if application is not None:
            where = standing(say, application, ahead.get(application.id, 0))
            blocks.append(
                Text(words(say("Your application to {programme}:", programme=Bold(texts["name"])), " ", where))
            )
        if not mine and application is None:
            blocks.append(Text(words(Bold(texts["name"]), " · ", texts["summary"])))
            blocks.append(Actions((Button(say.line("Join"), ActionId("programme.join", programme), "primary"),)))
    return tuple(blocks)


def join_step(say: Say, programme: str, file: ProgrammeFile) -> Step:
    """Offer a programme to somebody who is in none."""
    texts = file.texts(say.language)
    join = Button(say.line("Join"), ActionId("programme.join", programme), "primary")
    about = Button(say.line("How it works"), ActionId("programme.info", programme))
    return Step(Urgency.BEGINS, words(Bold(texts["name"]), " · ", texts["summary"]), (join, about))


def agree_step(say: Say, programme: str, file: ProgrammeFile) -> Step:
    """Remind somebody of the agreement that is still to be read."""
    name = Bold(file.texts(say.language)["name"])
    read = Button(say.line("Read the agreement"), ActionId("programme.agreement", programme), "primary")
    return Step(Urgency.WAITS, say("One thing before you are in {programme}: its agreement.", programme=name), (read,))


def about_step(say: Say, programme: str, file: ProgrammeFile) -> Step:
    """Say which programme somebody is in, and offer to tell what it asks of them."""
    name = Bold(file.texts(say.language)["name"])
    about = Button(say.line("How it works"), ActionId("programme.info", programme))
    return Step(Urgency.ELSE, say("You are in {programme}.", programme=name), (about,))
