"""How a profile is shown and asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from babel.dates import get_day_names

from bot.chat.actions import ActionId, Button, Option
from bot.chat.forms import Form, MultiChoiceField, TextField
from bot.chat.text import Bold, Code, Mention, words
from bot.chat.views import Actions, Block, Fields, Heading, List, Note, Text, View
from bot.describing import BLOCKS, parts_of
from bot.i18n import Say
from storage.member import Member


def profile(say: Say, member: Member, *, avoided: int, saved: bool = False) -> View:
    """Show all that a member told, with who sees it."""
    told = [
        (say.line("Name"), member.shown),
        (say.line("Pronouns"), member.pronouns),
        (say.line("Time zone"), member.zone or ""),
        (say.line("Language of my messages"), member.language or ""),
        (say.line("Languages you can talk in"), ", ".join(member.languages)),
        (say.line("Would like help with"), ", ".join(member.wants)),
        (say.line("Could help with"), ", ".join(member.offers)),
        (say.line("Enjoys"), ", ".join(member.interests)),
        (say.line("Usually free"), member.availability),
        (say.line("Needs"), member.needs),
    ]
    blocks: list[Block] = [Text(say("Saved."))] if saved else []
    blocks += [Heading(say.line("Your profile")), Fields(tuple((name, words(value)) for name, value in told if value))]
    if avoided:
        blocks.append(
            Text(say.plural("You are never paired with one person.", "You are never paired with {n} people.", avoided))
        )
    blocks.append(
        Note(
            say(
                "Your partner sees this when you meet, but for your needs: only coordinators of your programmes see those. Whom you avoid, nobody sees."
            )
        )
    )
    change = Button(say.line("Change"), ActionId("profile.edit"), "primary")
    week = Button(say.line("Your week"), ActionId("profile.week"))
    return View(
        "profile.view",
        (*blocks, Actions((change, week, Button(say.line("Messages to you"), ActionId("profile.show"))))),
    )


def edit_form(say: Say, member: Member) -> Form:
    """Ask for what a partner and coordinators read."""
    listed = say.line("A few words each, separated by semicolons")
    return Form(
        name="profile.edit", title=say.line("Your profile"), submit=say.line("Save"),
        fields=(
            TextField(name="pronouns", label=say.line("Pronouns"), max_length=40, required=False,
                      value=member.pronouns, hint=say.line("As you like to be spoken of. Your partner reads them.")),
            TextField(name="languages", label=say.line("Languages you can talk in"), max_length=200,
                      value="; ".join(member.languages), hint=say.line("For example: English; Spanish")),
            TextField(name="wants", label=say.line("What would you like help with?"), max_length=400, required=False,
                      value="; ".join(member.wants), hint=listed),
            TextField(name="offers", label=say.line("What could you help others with?"), max_length=400, required=False,
                      value="; ".join(member.offers), hint=listed),
            TextField(name="interests", label=say.line("What do you enjoy?"), max_length=400, required=False,
                      value="; ".join(member.interests), hint=listed),
            TextField(name="needs", label=say.line("What makes taking part easier for you?"), long=True, max_length=500,
                      required=False, value=member.needs,
                      hint=say.line("Captions, short texts, a quiet place ... Only coordinators of your programmes see this.")),
        ),
    )  # fmt: skip


def availability_form(say: Say, availability: str) -> Form:
    """Ask for a usual week, day by day, by choosing alone."""
    known = parts_of(availability)
    names = get_day_names("wide", "stand-alone", locale=say.language)
    options = tuple(Option(str(place), _span(*times)) for place, times in enumerate(BLOCKS))
    fields = tuple(
        MultiChoiceField(
            name=f"day_{day}", label=names[day].capitalize(), options=options, required=False,
            value=tuple(str(part) for part in known[day]),
        )
        for day in range(7)
    )  # fmt: skip
    return Form(name="profile.week", title=say.line("Your usual week"), fields=fields, submit=say.line("Save"))


def _span(start: int, end: int) -> str:
    return f"{start // 60:02d}:00-{end // 60:02d}:00"


def week(say: Say, availability: str) -> View:
    """Confirm a week."""
    told = (
        say("Saved. You are usually free: {week}.", week=Bold(availability))
        if availability
        else say("Saved. With no hours chosen, any time is as good as another to me.")
    )
    note = say("It is on your own clock, and only a habit: you agree on each meeting yourselves.")
    return View("profile.week", (Text(told), Note(note)))


def zone(say: Say, name: str, now: datetime) -> View:
    """Confirm a zone, with the time there, so that a wrong one is noticed."""
    there = Say(say.language, name)
    return View(
        "profile.zone",
        (Text(say("Saved: {zone}. For you it is now {time}.", zone=Bold(name), time=there.when(now, "time"))),),
    )


def language(code: str) -> View:
    """Confirm a language in that language."""
    say = Say(code)
    return View("profile.language", (Text(say("From now on I write to you in English.")),))


def avoiding(say: Say, who: str) -> View:
    """Confirm that somebody is avoided."""
    told = say(
        "You are not paired with {who} from now on. They are not told, and nobody else sees this.", who=Mention(who)
    )
    note = say(
        "If you have to do with them now, or something happened, {report} reaches people who can help.",
        report=Code("/report"),
    )
    return View("profile.avoiding", (Text(told), Note(note)))


def no_longer_avoiding(say: Say, who: str) -> View:
    """Confirm that somebody is off the list."""
    return View("profile.not_avoiding", (Text(say("You can be paired with {who} again.", who=Mention(who))),))


def avoided(say: Say, people: Sequence[str]) -> View:
    """Show whom a member avoids."""
    if not people:
        return View(
            "profile.avoided",
            (
                Text(
                    say(
                        "You avoid nobody. {command} adds somebody; nobody sees it.", command=Code("/profile avoid add")
                    )
                ),
            ),
        )
    lines = tuple(words(Mention(one)) for one in people)
    return View("profile.avoided", (Text(say("You are never paired with:")), List(lines, size=len(lines)),
                                    Note(say("Only you see this list.")),))  # fmt: skip
