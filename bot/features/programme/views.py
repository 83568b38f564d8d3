"""What a programme says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.chat.actions import ActionId, Button, Option
from bot.chat.forms import ChoiceField, Field, Form, TextField
from bot.chat.text import Bold, Code, Mention, words
from bot.chat.views import Actions, Block, Fields, Heading, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.features.programme.rules import Mistake
from bot.i18n import N_, Say
from bot.programme.file import ProgrammeFile
from storage.member import Member

ROLES = {"mentor": N_("mentor"), "mentee": N_("mentee"), "peer": N_("peer")}


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
            Note(say("Joining is one short form. You can leave whenever you like, without a reason.")),
        ),
    )


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


def join_form(say: Say, programme: str, file: ProgrammeFile, member: Member, role: str | None) -> Form:
    """Ask what pairing needs, filled in with what is known."""
    fields: list[Field] = []
    if file.kind == "mentoring":
        options = tuple(
            Option(key, say.line(label))
            for key, label in (
                ("mentee", N_("I would like a mentor")),
                ("mentor", N_("I would like to be a mentor")),
                ("both", N_("Both")),
            )
        )
        fields.append(ChoiceField(name="role", label=say.line("What brings you here?"), options=options, value=role))
    fields += [
        TextField(
            name="zone", label=say.line("Your time zone"), max_length=60, value=member.zone or "",
            hint=say.line("Like Europe/Madrid or America/Bogota. I never write in your night."),
        ),
        TextField(
            name="languages", label=say.line("Languages you can talk in"), max_length=200,
            value="; ".join(member.languages), hint=say.line("For example: English; Spanish"),
        ),
        TextField(
            name="wants", label=say.line("What would you like help with?"), max_length=400, required=False,
            value="; ".join(member.wants), hint=say.line("A few words each, separated by semicolons"),
        ),
        TextField(
            name="offers", label=say.line("What could you help others with?"), max_length=400, required=False,
            value="; ".join(member.offers), hint=say.line("Small things count"),
        ),
        TextField(
            name="interests", label=say.line("What do you enjoy?"), max_length=400, required=False,
            value="; ".join(member.interests), hint=say.line("Something to start talking about"),
        ),
        TextField(
            name="availability", label=say.line("When are you usually free?"), max_length=400,
            value=member.availability, hint=say.line("Your own time: mon 18:00-20:00; sat 09:00-12:00"),
        ),
    ]  # fmt: skip
    return Form(
        name="programme.join", key=programme, title=say.line("Join"), fields=tuple(fields), submit=say.line("Join"),
        intro=say.line("Your partner and the coordinators will see this. Nobody reads your messages."),
    )  # fmt: skip


def mistake(say: Say, wrong: Mistake) -> str:
    """Say what to change in a field."""
    given = wrong.given[:40]
    match wrong.code:
        case "zone" if wrong.nearest:
            return say.line("I don't know {given}. Did you mean {nearest}?", given=given, nearest=wrong.nearest)
        case "zone":
            return say.line("I don't know {given}. Please write it like Europe/Madrid.", given=given)
        case "language":
            return say.line("I don't know the language {given}. Please write its usual name.", given=given)
        case _:
            return say.line("I can't read this. Please write it like: mon 18:00-20:00; sat 09:00-12:00")


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


def leaving(say: Say, programme: str, name: str) -> View:
    """Ask whether they mean it, without asking why."""
    return View(
        "programme.leaving",
        (
            Text(say("Leave {programme}? If you have a partner, they are told kindly that you had to go. No reason is given.", programme=Bold(name))),
            Actions((Button(say.line("Leave"), ActionId("programme.leave", programme), "danger"),)),
            Note(say("To stay, do nothing.")),
        ),
    )  # fmt: skip


def left(say: Say, name: str) -> View:
    """Say goodbye."""
    return View(
        "programme.left",
        (
            Text(say("You have left {programme}. Thank you for the time you gave it.", programme=Bold(name))),
            Note(say("You can come back whenever you like with {command}.", command=Code("/programme join"))),
        ),
    )


def home(say: Say, programmes: Sequence[tuple[str, ProgrammeFile, bool]]) -> tuple[Block, ...]:
    """The programmes on a member's page."""
    blocks: list[Block] = []
    for programme, file, mine in programmes[:5]:
        texts = file.texts(say.language)
        if mine:
            blocks.append(Text(say("You are in {programme}.", programme=Bold(texts["name"]))))
        else:
            blocks.append(Text(words(Bold(texts["name"]), " · ", texts["summary"])))
            blocks.append(Actions((Button(say.line("Join"), ActionId("programme.join", programme), "primary"),)))
    return tuple(blocks)


def join_step(say: Say, programme: str, file: ProgrammeFile) -> Step:
    """Offer a programme to somebody who is in none."""
    texts = file.texts(say.language)
    join = Button(say.line("Join"), ActionId("programme.join", programme), "primary")
    about = Button(say.line("How it works"), ActionId("programme.info", programme))
    return Step(Urgency.BEGINS, words(Bold(texts["name"]), " · ", texts["summary"]), (join, about))


def about_step(say: Say, programme: str, file: ProgrammeFile) -> Step:
    """Say which programme somebody is in, and offer to tell what it asks of them."""
    name = Bold(file.texts(say.language)["name"])
    about = Button(say.line("How it works"), ActionId("programme.info", programme))
    return Step(Urgency.ELSE, say("You are in {programme}.", programme=name), (about,))
