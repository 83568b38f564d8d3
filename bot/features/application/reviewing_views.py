"""How applications are shown to who reviews them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.chat.actions import Action, ActionId, Button, Choice, Option
from bot.chat.forms import Field, Form, NumberField, TextField
from bot.chat.text import Bold, Code, Mention, Words, shorten, words
from bot.chat.views import Actions, Block, Divider, Fields, Heading, List, Note, Text, View
from bot.features.application import rules
from bot.features.application.views import name_of, open_button
from bot.i18n import N_, Say
from bot.programme.file import ProgrammeFile
from bot.programme.joining import PRIVATE
from bot.views import ROLES
from storage.application import Application, ApplicationReview, ApplicationWord
from storage.member import Member

STATUS = {
    "agreeing": N_("waits for the applicant's yes to the agreement"),
    "waiting": N_("waits for a decision"),
    "asked": N_("waits for an answer of the applicant"),
    "talk": N_("invited to a talk"),
    "waitlisted": N_("on the waiting list"),
    "approved": N_("approved"),
    "declined": N_("declined"),
    "withdrawn": N_("taken back"),
    "lapsed": N_("the cohort ended before it was decided"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An application in the list: whose it is, and how it was scored, 0 to 1, None before anybody did."""

    row: Application
    name: str
    score: float | None


def _who(say: Say, row: Application) -> Words:
    return say.join([say(ROLES[kind]) for kind in row.kinds if kind in ROLES])


def listed(say: Say, which: str, programme: str, counts: Mapping[str, int], lines: Sequence[Line]) -> View:
    """List a programme's applications of one kind, each to be opened; `counts` is status -> how many there are."""
    count = sum(counts.get(one, 0) for one in rules.STATUSES[which])
    blocks: list[Block] = [
        Heading(say.line("Applications")),
        Text(words(Bold(programme), " · ", say(dict(rules.SHELVES)[which]), ": ", str(count))),
    ]
    if lines:
        options = tuple(Option(one.row.id, shorten(f"{one.name} · {plain_roles(say, one.row)}", 75)) for one in lines)
        blocks.append(List(tuple(_line(say, one) for one in lines), size=len(lines)))
        blocks.append(Actions((Choice(say.line("Open an application"), ActionId("application.pick"), options),)))
    if count > len(lines):
        blocks.append(Note(say("These have waited longest; the others move up as you decide.")))
    others = say.join([words(Code(f"which:{key}")) for key, _ in rules.SHELVES if key != which])
    blocks.append(
        Note(say("{command} shows the others: {others}.", command=Code("/coord application list"), others=others))
    )
    return View("application.list", tuple(blocks))


def plain_roles(say: Say, row: Application) -> str:
    """Return the roles of an application as plain words."""
    return ", ".join(say.line(ROLES[kind]) for kind in row.kinds if kind in ROLES)


def _line(say: Say, one: Line) -> Words:
    since = say("since {day}", day=say.when(one.row.created_at, "date"))
    scored = words(" · ", say("scored {share} %", share=round(100 * one.score))) if one.score is not None else words("")
    return words(Bold(one.name), " · ", _who(say, one.row), " · ", since, scored)


def application(
    say: Say,
    row: Application,
    file: ProgrammeFile,
    member: Member,
    *,
    people: Collection[str],
    changed: bool,
    reviews: Sequence[ApplicationReview],
    said: Sequence[ApplicationWord],
    ahead: int,
    decides: bool,
) -> View:
    """Show one application whole, with what can be done."""
    texts = file.texts(say.language)
    blocks: list[Block] = []
    if changed:
        blocks.append(Note(say("It has changed since you opened it, so nothing was done. This is how it is now.")))
    blocks += [
        Heading(shorten(say.line("{name}: application", name=member.shown), 150)),
        Text(words(Mention(member.id), " · ", texts["name"], " · ", _who(say, row), " · ", _status(say, row, ahead))),
        Fields(_profile(say, member, row)),
    ]
    if answered := _answers(say, row, file, texts, people):
        blocks += [Text(say("What they answered:")), Fields(answered)]
    if said:
        blocks.append(Text(say("Asked and answered:")))
        blocks.append(List(tuple(words(Mention(one.author_id), ": ", one.text) for one in said), size=len(said)))
    blocks += _scores(say, file, texts, reviews)
    blocks += _acts(say, row, decides=decides)
    return View("application.read", tuple(blocks))


def _status(say: Say, row: Application, ahead: int) -> Words:
    if row.status == "talk" and row.talk_at is not None:
        return say("talk on {when}", when=say.when(row.talk_at))
    if row.status == "waitlisted":
        return say("number {place} on the waiting list", place=ahead + 1)
    told = say(STATUS[row.status])
    if row.decided_by and row.decided_at and row.status in ("approved", "declined"):
        return say(
            "{status} by {who} on {day}", status=told, who=Mention(row.decided_by), day=say.when(row.decided_at, "date")
        )
    return told


def _profile(say: Say, member: Member, row: Application) -> tuple[tuple[str, Words], ...]:
    given = [
        (say.line("Since"), words(say.when(row.created_at, "date"))),
        (say.line("Time zone"), words(member.zone or "")),
        (say.line("Languages"), words(", ".join(member.languages))),
        (say.line("Would like help with"), words(", ".join(member.wants))),
        (say.line("Could help with"), words(", ".join(member.offers))),
        (say.line("Enjoys"), words(", ".join(member.interests))),
        (say.line("Usually free"), words(member.availability)),
        (say.line("Pronouns"), words(member.pronouns)),
        (say.line("Needs"), words(member.needs)),
    ]
    return tuple((name, value) for name, value in given if value)


def _answers(
    say: Say, row: Application, file: ProgrammeFile, texts: Mapping[str, str], people: Collection[str]
) -> tuple[tuple[str, Words], ...]:
    shown: list[tuple[str, Words]] = []
    asked = {one.key: one for one in file.application}
    for key, question in asked.items():
        if key in row.answers:
            given = row.answers[key]
            labels = {option: texts[f"options.{key}.{place}"] for place, option in enumerate(question.options, 1)}
            shown.append((texts[f"application.{key}"], _answer(say, given, labels, people)))
    for key, given in row.answers.items():
        if key not in asked and not key.startswith(PRIVATE):
            shown.append((say.line("{key} (no longer asked)", key=key), _answer(say, given, {}, people)))
    return tuple(shown)


def _answer(say: Say, given: Any, labels: Mapping[str, str], people: Collection[str]) -> Words:
    if isinstance(given, list):
        return words("; ".join(labels.get(one, one) for one in given))
    if given in people:
        return words(Mention(str(given)))
    if given == "yes" and not labels:
        return say("Yes")
    return words(labels.get(str(given), str(given)))


def _scores(
    say: Say, file: ProgrammeFile, texts: Mapping[str, str], reviews: Sequence[ApplicationReview]
) -> list[Block]:
    blocks: list[Block] = []
    criteria = file.review.criteria if file.review else ()
    means = [(one, rules.mean_score(reviews, one.key)) for one in criteria]
    given = tuple(
        (texts[f"criteria.{one.key}"], say("{mean} of {most}", mean=f"{mean:.1f}".removesuffix(".0"), most=one.most))
        for one, mean in means
        if mean is not None
    )
    if given:
        blocks.append(Text(say.plural("One reviewer:", "{n} reviewers, the mean of their scores:", len(reviews))))
        blocks.append(Fields(given))
    notes = tuple(words(Mention(one.reviewer_id), ": ", one.note) for one in reviews if one.note)
    if notes:
        blocks.append(List(notes, size=len(notes)))
    return blocks


def _acts(say: Say, row: Application, *, decides: bool) -> list[Block]:
    version = str(row.version)
    later: list[Action] = [Button(say.line("Score"), ActionId("application.score", row.id)),
                           Button(say.line("Next"), ActionId("application.next", row.id))]  # fmt: skip
    if not decides:
        return [Actions(tuple(later))]
    first: list[Action] = [Button(say.line("Approve"), ActionId("application.approve", row.id, version), "primary")]
    if row.status != "waitlisted":
        first.append(Button(say.line("Waiting list"), ActionId("application.waitlist", row.id, version)))
    if row.status != "declined":
        first.append(Button(say.line("Decline"), ActionId("application.decline", row.id), "danger"))
        later = [
            Button(say.line("Ask more"), ActionId("application.ask", row.id)),
            Button(say.line("Invite to talk"), ActionId("application.talk", row.id, version)),
            *later,
        ]
    return [Divider(), Actions(tuple(first)), Actions(tuple(later))]


def done(say: Say, row: Application, member: str) -> View:
    """Confirm a decision, with the way to the next one."""
    who = Mention(member)
    told = {
        "approved": say("{who} is in. I have written to them.", who=who),
        "waitlisted": say("{who} is on the waiting list. I have written to them.", who=who),
        "declined": say("I have told {who} kindly.", who=who),
    }[row.status]
    following = Button(say.line("Next"), ActionId("application.next", row.id))
    again = Button(say.line("Look again"), ActionId("application.read", row.id))
    return View("application.done", (Text(told), Actions((following, again))))


def nothing_waits(say: Say) -> View:
    """All is decided."""
    return View("application.nothing", (Text(say("Nothing else waits for you here. Thank you.")),))


def decline_form(say: Say, application: str) -> Form:
    """Ask for a word to who is declined."""
    return Form(
        name="application.decline", key=application, title=say.line("Decline"), submit=say.line("Decline"),
        fields=(
            TextField(name="word", label=say.line("A word to them"), long=True, max_length=1000, required=False,
                      hint=say.line("They read it as you write it. Empty: only the words of the programme.")),
        ),
    )  # fmt: skip


def ask_form(say: Say, application: str) -> Form:
    """Ask what the applicant is to be asked."""
    return Form(
        name="application.ask", key=application, title=say.line("Ask more"), submit=say.line("Send"),
        fields=(
            TextField(name="question", label=say.line("Your question"), long=True, max_length=1000,
                      hint=say.line("It comes to them with a button to answer. Every reviewer can read both.")),
        ),
    )  # fmt: skip


def score_form(
    say: Say, application: str, file: ProgrammeFile, mine: ApplicationReview | None, *, talked: bool
) -> Form:
    """Ask a reviewer for their scores and a note."""
    texts = file.texts(say.language)
    known = mine.scores if mine else {}
    fields: list[Field] = [
        NumberField(
            name=f"c_{one.key}", label=texts[f"criteria.{one.key}"], least=0, most=one.most, required=False,
            value=known.get(one.key), hint=say.line("0 to {most}", most=one.most),
        )
        for one in (file.review.criteria if file.review else ())
    ]  # fmt: skip
    label = say.line("Notes of your talk") if talked else say.line("Note")
    fields.append(
        TextField(name="note", label=label, long=True, max_length=2000, required=False, value=mine.note if mine else "",
                  hint=say.line("Only coordinators read it. It goes after a year."))
    )  # fmt: skip
    return Form(name="application.score", key=application, title=say.line("Score"), fields=tuple(fields),
                submit=say.line("Save"))  # fmt: skip


def sent(say: Say, member: str) -> View:
    """Confirm that a question is on its way."""
    return View(
        "application.sent", (Text(say("I have asked {who}. You hear from me when they answer.", who=Mention(member))),)
    )


def invited(say: Say, member: str, times: Sequence[datetime]) -> View:
    """Confirm an invitation to talk, with the times that were proposed."""
    told = say("I have proposed these times to {who}. You hear from me when one is chosen.", who=Mention(member))
    return View("application.invited", (Text(told), List(tuple(words(say.when(one)) for one in times))))


def desk(say: Say, found: Sequence[tuple[str, int]]) -> tuple[Block, ...]:
    """Say on a coordinator's page what waits."""
    lines = tuple(
        words(Bold(name), ": ", say.plural("one application waits", "{n} applications wait", count))
        for name, count in found
    )
    return (List(lines), Note(say("{command} opens them.", command=Code("/coord application list")))) if lines else ()


def waits(say: Say, p: Mapping[str, Any]) -> View:
    """Tell coordinators that applications wait."""
    name = Bold(name_of(say, p))
    told = say.plural(
        "One application to {programme} waits.", "{n} applications to {programme} wait.", p["count"], programme=name
    )
    since = say("The oldest came on {day}.", day=say.when(datetime.fromisoformat(p["since"]), "date"))
    return View(
        "application.waits",
        (Text(told), Text(since), Note(say("{command} opens them.", command=Code("/coord application list")))),
    )


def answered(say: Say, p: Mapping[str, Any]) -> View:
    """Tell who asked that the applicant answered, or that no time suits."""
    who = Mention(p["who"])
    told = (
        say(
            "{to}, none of the times suits {who}. You can propose others, or write to each other.",
            to=Mention(p["to"]),
            who=who,
        )
        if p["times"]
        else say("{to}, {who} has answered your question.", to=Mention(p["to"]), who=who)
    )
    return View("application.answered", (Text(told), Actions((open_button(say, p["application"]),))))
