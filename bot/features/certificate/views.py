"""How certificates are offered, handed over and revoked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.forms import Form, TextField
from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Actions, Block, File, Heading, Image, List, Note, Text, View
from bot.features.certificate.pages import hours_of
from bot.features.certificate.rules import NAME_LENGTH
from bot.i18n import Say
from storage.certificate import ISSUED, OFFERED, Certificate

MOST = 5


def _hours(say: Say, minutes: int, sessions: int) -> Words:
    hours = hours_of(say, minutes)
    return say.plural(
        "{hours} in one confirmed session", "{hours} in {n} confirmed sessions", sessions,
        hours=hours,
    )  # fmt: skip


def ready(say: Say, p: Mapping[str, Any]) -> View:
    """Tell a member that a certificate waits for them, and ask for the name on it."""
    programme = p["texts"].get(say.language, {}).get("name", p["programme"])
    told = say(
        "Your certificate of {programme} is ready: {hours}.", programme=Bold(programme),
        hours=_hours(say, p["minutes"], p["sessions"]),
    )  # fmt: skip
    ask = say("Which name shall stand on it? It is signed with your answer, and stays as it is then.")
    return View("certificate.ready", (Text(told), Note(ask), _name_buttons(say, p["certificate"], p["name"])))


def _name_buttons(say: Say, certificate: str, name: str) -> Actions:
    return Actions(
        (
            Button(name[:60], ActionId("certificate.get", certificate), "primary"),
            Button(say.line("Another name"), ActionId("certificate.name", certificate)),
        )
    )


def name_form(say: Say, certificate: str, name: str) -> Form:
    """The name that is to stand on it."""
    field = TextField(
        name="name", label=say.line("Your name"), value=name[:NAME_LENGTH], max_length=NAME_LENGTH,
        hint=say.line("As you write it yourself. It stands on the certificate and in its signature."),
    )  # fmt: skip
    return Form(
        name="certificate.name", key=certificate, title=say.line("Your certificate"), submit=say.line("Next"),
        fields=(field,),
    )  # fmt: skip


def chosen(say: Say, certificate: str, name: str) -> View:
    """Show the name once more before it is signed."""
    buttons = (
        Button(say.line("Yes, sign it"), ActionId("certificate.get", certificate), "primary"),
        Button(say.line("Change it"), ActionId("certificate.name", certificate)),
    )
    told = say("It will say: {name}", name=Bold(name))
    return View("certificate.chosen", (Text(told), Note(say("It cannot be changed after that.")), Actions(buttons)))


def handed_over(say: Say, name: str, picture: bytes, credential: bytes) -> View:
    """Hand a certificate over: the picture, and the file that computers read."""
    alt = say.line("A certificate in the name of {name}, with a code to verify it.", name=name)
    note = say(
        "Keep both. Whoever wants to check it needs no account: {command} says whether it is genuine.",
        command=Code("kith verify"),
    )
    return View(
        "certificate.yours",
        (
            Text(say("Here is your certificate.")), Image(picture, alt, "certificate.png"),
            File("certificate.json", credential, "application/json"), Note(note),
        ),
    )  # fmt: skip


def mine(say: Say, rows: Sequence[tuple[Certificate, str]], name: str) -> View:
    """List what somebody has and was offered."""
    if not rows:
        told = say("You have no certificate yet. They come from sessions that the other side confirmed.")
        hint = say("{command} shows your sessions and hours.", command=Code("/session list"))
        return View("certificate.none", (Text(told), Note(hint)))
    lines = tuple(
        words(Bold(programme), " · ", _hours(say, row.minutes, row.sessions), " · ", _state(say, row))
        for row, programme in rows
    )
    blocks: list[Block] = [Heading(say.line("Your certificates")), List(lines, size=len(lines))]
    for row, programme in rows[:MOST]:
        if row.status == OFFERED:
            blocks.append(_name_buttons(say, row.id, row.name or name))
        elif row.status == ISSUED:
            again = say.line("Get it again: {programme}", programme=programme[:40])
            blocks.append(Actions((Button(again, ActionId("certificate.get", row.id)),)))
    return View("certificate.mine", tuple(blocks))


def _state(say: Say, row: Certificate) -> Words:
    if row.status == OFFERED:
        return say("waits for the name on it")
    if row.status == ISSUED and row.issued_at is not None:
        return say("issued {day}", day=say.when(row.issued_at, "date"))
    return say("not valid any more")


def preview(say: Say, who: str, picture: bytes, strange: str, minutes: int, sessions: int) -> View:
    """Show coordinators a page before anything is signed."""
    told = say("This is how it would look for {who}: {hours}.", who=Mention(who), hours=_hours(say, minutes, sessions))
    alt = say.line("A certificate with PREVIEW written across it.")
    note = say(
        "Nothing is signed. {command} offers it, and they choose the name.", command=Code("/coord certificate issue")
    )
    blocks: tuple[Block, ...] = (Text(told), Image(picture, alt, "preview.png"), Note(note))
    if strange:
        lack = say(
            "The font of the picture lacks these letters: {letters}. The signed file has the name in full.",
            letters=strange,
        )  # fmt: skip
        blocks += (Note(lack),)
    return View("certificate.preview", blocks)


def offered(say: Say, who: Sequence[str]) -> View:
    """Confirm to whom certificates were offered."""
    if not who:
        return View("certificate.nobody", (Text(say("Nobody has so many confirmed hours and no certificate yet.")),))
    told = say.plural("Offered to one person:", "Offered to {n} people:", len(who))
    note = say("Each chooses the name on it, and it is signed then. {command} takes one back.",
               command=Code("/coord certificate revoke"))  # fmt: skip
    return View("certificate.offered", (Text(told), List(tuple(words(Mention(one)) for one in who)), Note(note)))


def to_revoke(say: Say, who: str, rows: Sequence[Certificate], names: Mapping[str, str]) -> View:
    """List what a member has, each to be revoked."""
    if not rows:
        return View("certificate.no_valid", (Text(say("{who} has no valid certificate.", who=Mention(who))),))
    lines = tuple(words(Bold(names[row.id]), " · ", _state(say, row)) for row in rows)
    buttons = tuple(
        Button(say.line("Revoke {n}", n=place), ActionId("certificate.revoke", row.id), "danger")
        for place, row in enumerate(rows[:MOST], 1)
    )
    told = say("What {who} has:", who=Mention(who))
    return View("certificate.to_revoke", (Text(told), List(lines, size=len(lines)), Actions(buttons)))


def revoke_form(say: Say, certificate: str) -> Form:
    """Why it is revoked, in words for its member."""
    field = TextField(
        name="reason", label=say.line("Why"), long=True, max_length=500, min_length=5,
        hint=say.line("Its member reads this. It stands in no list."),
    )  # fmt: skip
    return Form(
        name="certificate.revoke", key=certificate, title=say.line("Revoke a certificate"), submit=say.line("Revoke"),
        fields=(field,),
    )  # fmt: skip


def revoked(say: Say, number: str) -> View:
    """Confirm that it is revoked, and where that is seen."""
    told = say("It is revoked. {command} says so here, and elsewhere once your list is passed on.",
               command=Code("kith verify"))  # fmt: skip
    return View("certificate.done", (Text(told), Note(say("Its number: {number}", number=Code(number)))))


def revoked_note(say: Say, p: Mapping[str, Any]) -> View:
    """Tell a member that a certificate of theirs is not valid any more."""
    day = say.when(datetime.fromisoformat(p["issued"]), "date")
    told = say("Your certificate of {day} is not valid any more. A coordinator writes:", day=day)
    note = say("If you think that this is a mistake, write to a coordinator.")
    return View("certificate.revoked", (Text(told), Text(words("“", p["reason"], "”")), Note(note)))
