"""The join form with the programme's own questions, the agreement, and what an application has come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from bot.chat.actions import ActionId, Button, Option
from bot.chat.forms import ChoiceField, Field, Form, MemberField, MultiChoiceField, NumberField, TextField
from bot.chat.text import Bold, Code, words
from bot.chat.views import Actions, Heading, Note, Text, View
from bot.features.programme.rules import WITH_ROLES, field_of
from bot.i18n import N_, Say
from bot.programme.file import ProgrammeFile
from bot.programme.joining import Agreement, Question
from storage.member import Member

ONLY_COUNTED = N_("If you like. Nobody sees your answer: it is only counted, with those of others.")


def form(
    say: Say,
    programme: str,
    file: ProgrammeFile,
    member: Member,
    *,
    role: str | None,
    questions: Sequence[Question],
    known: Mapping[str, Any],
) -> Form:
    """Ask what pairing needs and what the programme asks, filled in with what is known."""
    texts = file.texts(say.language)
    fields: list[Field] = []
    if file.kind in WITH_ROLES:
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
    fields += [_field(say, one, texts, known.get(one.stored)) for one in questions]
    return Form(
        name="programme.join", key=programme, title=say.line("Join"), fields=tuple(fields), submit=say.line("Join"),
        intro=say.line("Your partner and the coordinators will see this. Nobody reads your messages."),
    )  # fmt: skip


def _field(say: Say, question: Question, texts: Mapping[str, str], known: Any) -> Field:
    """Return the field of one question, in the reader's language; what comes back is in the language of the file."""
    common: dict[str, Any] = {
        "name": field_of(question), "label": texts[f"application.{question.key}"],
        "hint": texts.get(f"hints.{question.key}", "") or (say.line(ONLY_COUNTED) if question.private else ""),
        "required": question.required,
    }  # fmt: skip
    options = tuple(
        Option(option, texts[f"options.{question.key}.{place}"]) for place, option in enumerate(question.options, 1)
    )
    match question.kind:
        case "text":
            return TextField(**common, long=True, max_length=1000, value=known if isinstance(known, str) else "")
        case "choice":
            return ChoiceField(**common, options=options, value=known if known in question.options else None)
        case "multi":
            chosen = tuple(one for one in known if one in question.options) if isinstance(known, list) else ()
            return MultiChoiceField(**common, options=options, value=chosen)
        case "number":
            value = known if isinstance(known, int) else None
            return NumberField(**common, least=question.at_least, most=question.at_most, value=value)
        case "member":
            return MemberField(**common)
        case "consent":
            return MultiChoiceField(
                **common, options=(Option("yes", say.line("Yes")),), value=("yes",) if known else ()
            )
        case _:
            assert_never(question.kind)


KINDS = {"mentor": N_("As a mentor"), "mentee": N_("As a mentee"), "peer": N_("As a member")}


def agreement(
    say: Say, programme: str, file: ProgrammeFile, kind: str, agreed: Agreement, *, newer: bool = False
) -> View:
    """Show what a role agrees to, and ask for a yes to this version of it."""
    texts = file.texts(say.language)
    parts = [Text(words(part)) for part in texts[f"agreements.{kind}"].split("\n\n")]
    head = say("There is a newer version, so here it is again.") if newer else say("One thing before you begin.")
    yes = Button(say.line("I agree"), ActionId("programme.agree", programme, f"{kind}.{agreed.version}"), "primary")
    note = say("{role} in {programme}, version {version}. To decide later, do nothing: {command} brings you back here.",
               role=say.line(KINDS[kind]), programme=texts["name"], version=agreed.version,
               command=Code("/programme status"))  # fmt: skip
    return View(
        "programme.agreement", (Heading(say.line("What we agree on")), Text(head), *parts, Note(note), Actions((yes,)))
    )


def agreed(say: Say) -> View:
    """Confirm that nothing is left to agree to."""
    return View("programme.agreed", (Text(say("Thank you. Nothing more is asked of you.")),))


def agreement_changed(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody that the agreement of their role has a new version."""
    name = p["texts"].get(say.language, {}).get("name", p["name"])
    told = say("The agreement of {programme} has changed. Please read it when you have a minute.", programme=Bold(name))
    read = Button(say.line("Read the agreement"), ActionId("programme.agreement", p["programme"]), "primary")
    note = say("You are in the next round of pairs once you have said yes to it. A pair that you have goes on.")
    return View("programme.agreement_changed", (Text(told), Actions((read,)), Note(note)))


def outcome(say: Say, file: ProgrammeFile, status: str, ahead: int, *, cleared: bool) -> View:
    """Say what an application has come to, in the programme's own words where it has some.

    `cleared`: only a place is missing.
    """
    texts = file.texts(say.language)
    own = texts.get(f"words.{status}", "")
    name = Bold(texts["name"])
    match status:
        case "waitlisted":
            usual = (
                say("All places in {programme} are taken at the moment.", programme=name)
                if cleared
                else say("Thank you. You are on the waiting list of {programme}.", programme=name)
            )
            place = say(
                "You are number {place} on the waiting list. I write to you when a place is yours.", place=ahead + 1
            )
            blocks = (Text(words(own) if own else usual), Text(place))
        case "declined":
            told = (
                words(own)
                if own
                else say("Thank you for applying to {programme}. It does not work out this time.", programme=name)
            )
            blocks = (
                Text(told),
                Text(say("It says nothing about your worth. You are welcome to apply to the next cohort.")),
            )
        case _:
            blocks = (
                Text(say("Thank you. Your application to {programme} is with the coordinators.", programme=name)),
                Text(say("You hear from me as soon as they have decided. There is nothing more to do.")),
            )
    if status == "declined":
        return View("programme.not_taken", blocks)
    note = say("{status} shows where it is, {leave} takes it back.", status=Code("/programme status"),
               leave=Code("/programme leave"))  # fmt: skip
    return View(f"programme.{status}", (*blocks, Note(note)))
