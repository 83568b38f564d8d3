"""How milestones and badges are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot import pictures
from bot.chat.actions import ActionId, Button
from bot.chat.text import Bold, Code, Mention, Words, plain, words
from bot.chat.views import Actions, Block, Heading, Image, List, Note, Text, View
from bot.features.milestone.rules import Badge
from bot.i18n import Say
from storage.milestone import Milestone

SHOWN = 8
FULL, EMPTY = "●", "○"


def _name(say: Say, kind: str, count: int) -> Words:
    """Say what was reached."""
    match kind:
        case "session":
            return say.plural("First session", "{n} sessions", count)
        case "goal":
            return say.plural("First goal reached", "{n} goals reached", count)
        case "answer":
            return say.plural("First answer that helped", "{n} answers that helped", count)
        case "thanks":
            return say.plural("First thank you", "Thank you to {n} people", count)
        case "training":
            return say.plural("First module passed", "{n} modules passed", count)
        case "cohort":
            return say.plural("To the end of a cohort", "To the end of {n} cohorts", count)
        case _:
            return say.plural("One year with us", "{n} years with us", count)


def _kind_word(say: Say, kind: str, n: int) -> Words:
    match kind:
        case "session":
            return say.plural("one session", "{n} sessions", n)
        case "goal":
            return say.plural("one goal", "{n} goals", n)
        case "answer":
            return say.plural("one answer that helped", "{n} answers that helped", n)
        case "thanks":
            return say.plural("one person thanked", "{n} people thanked", n)
        case "training":
            return say.plural("one module passed", "{n} modules passed", n)
        case "cohort":
            return say.plural("one cohort finished", "{n} cohorts finished", n)
        case _:
            return say.plural("one year", "{n} years", n)


def _texts(say: Say, p: Mapping[str, Any]) -> Mapping[str, str]:
    found: Mapping[str, str] = p["texts"].get(say.language) or p["texts"][p["language"]]
    return found


def _card(say: Say, p: Mapping[str, Any]) -> Image:
    texts = _texts(say, p)
    title = plain(_name(say, p["kind"], p["count"]))
    day = say.day(datetime.fromisoformat(p["day"]).date())
    data = pictures.milestone(
        title, texts["badge"], f"{texts['programme']} · {day}", level=p["level"], levels=p["levels"]
    )
    if texts["badge"]:
        alt = say.line(
            "A card: {title}. {badge}, level {level} of {levels}.", title=title, badge=texts["badge"], level=p["level"],
            levels=p["levels"],
        )  # fmt: skip
    else:
        alt = say.line("A card: {title}.", title=title)
    return Image(data, alt, "milestone.png")


def reached(say: Say, p: Mapping[str, Any]) -> View:
    """Congratulate somebody in private, and ask whether others may see it."""
    texts = _texts(say, p)
    told = Text(words(texts["text"])) if texts["text"] else Text(say("Something worth a moment. Well done."))
    blocks: tuple[Block, ...] = (_card(say, p), told)
    if not p["asks"]:
        return View("milestone.reached", blocks)
    buttons = (
        Button(say.line("Show it to others"), ActionId("milestone.share", p["milestone"])),
        Button(say.line("Keep it to myself"), ActionId("milestone.keep", p["milestone"])),
    )
    return View("milestone.reached", (*blocks, Note(say("Only you see this.")), Actions(buttons)))


def shared(say: Say, p: Mapping[str, Any]) -> View:
    """Show to everybody what somebody reached."""
    reached_it = plain(_name(say, p["kind"], p["count"]))
    told = say("{who} has something to celebrate: {what}.", who=Mention(p["who"]), what=reached_it)
    return View("milestone.shared", (Text(told), _card(say, p)))


def answered(say: Say, *, shared: bool) -> View:
    """Confirm who sees it."""
    told = say("It is in the channel now.") if shared else say("It stays with you.")
    mine = say("{command} shows all of yours.", command=Code("/milestone mine"))
    return View("milestone.answered", (Text(told), Note(mine)))


def _badge(say: Say, badge: Badge) -> Words:
    dots = FULL * badge.level + EMPTY * (badge.levels - badge.level)
    now = _kind_word(say, badge.kind, badge.count) if badge.count else say("not begun yet")
    if badge.next_at is None:
        return words(Bold(badge.name), f" {dots} · ", now)
    return words(Bold(badge.name), f" {dots} · ", now, " · ", say("next at {n}", n=badge.next_at))


def mine(say: Say, rows: Sequence[tuple[Milestone, str]], badges: Sequence[Badge]) -> View:
    """List what somebody reached, newest first, and how far they are with each badge."""
    blocks: list[Block] = [Heading(say.line("Your milestones"))]
    if rows:
        lines = tuple(
            words(_name(say, row.kind, row.count), " · ", say.when(row.reached_at, "date"), *((" · ", text) if text else ()))
            for row, text in rows
        )  # fmt: skip
        blocks.append(List(lines, size=len(lines)))
    else:
        blocks.append(Text(say("The first one comes by itself, with what you do here.")))
    if badges:
        blocks += [Text(words(Bold(say.line("Badges")))), List(tuple(_badge(say, one) for one in badges))]
    return View("milestone.mine", tuple(blocks))


def home(say: Say, badges: Sequence[Badge]) -> tuple[Block, ...]:
    """Badges that are begun, on a member's page."""
    return (List(tuple(_badge(say, one) for one in badges)),) if badges else ()
