"""What is said about rounds: what they would be, what they are, and to whom they have nobody to give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Block, Fields, Heading, List, Note, Text, View
from bot.i18n import N_, Say
from bot.matching import Group, Result
from bot.reasons import BLOCKS, people

SHOWN = 20


def unmatched(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody kindly that this round has no partner for them, and what may help."""
    help_ = {
        "no_shared_language": N_(
            "Nobody who was free speaks a language you listed. Adding one would help, if you speak another."
        ),
        "no_overlap": N_("Nobody was free at the same hours as you. A few more free hours would help."),
        "only_repeats": N_("You have met everybody who fits. Newcomers will change that."),
        "no_capacity": N_("All mentors who fit are full at the moment."),
        "no_shared_space": N_("Everybody who fits is in another space."),
    }
    blocks: list[Block] = [
        Text(say("There was no partner for you in this round of {programme}. I am sorry. You come first in the next one.",
                 programme=Bold(p["programme"])))
    ]  # fmt: skip
    blocks += [Text(say(help_[code])) for code in p["why"] if code in help_]
    blocks.append(Note(say("You can change what you told me with {command}.", command=Code("/programme join"))))
    return View("round.unmatched", tuple(blocks))


def preview(say: Say, programme: str, result: Result, *, published: bool) -> View:
    """Show coordinators a round: its pairs, worst first in sight, and who is left out with what blocks them."""
    heading = say.line("Round published") if published else say.line("A round as it would be now")
    matched = sum(len(group.members) for group in result.groups)
    blocks: list[Block] = [
        Heading(heading),
        Text(words(Bold(programme))),
        Fields(
            (
                (say.line("Pairs"), words(str(len(result.groups)))),
                (say.line("People with a partner"), words(str(matched))),
                (say.line("People without a partner"), words(str(len(result.unmatched)))),
            )
        ),
    ]
    worst = sorted(result.groups, key=lambda group: (group.score, group.members))
    if worst:
        blocks.append(Text(say("Pairs, the least fitting first:")))
        blocks.append(List(tuple(_pair_line(say, group) for group in worst[:SHOWN]), size=SHOWN))
    if result.unmatched:
        blocks.append(Text(say("Without a partner:")))
        lines = tuple(
            words(
                Mention(one.person),
                ": ",
                say.join([say(BLOCKS.get(item.code, BLOCKS["nobody_left"])) for item in one.reasons[:2]]),
            )
            for one in result.unmatched[:SHOWN]
        )
        blocks.append(List(lines, size=SHOWN))
    if published:
        blocks.append(Note(say("Everybody is being introduced now.")))
    elif result.groups:
        blocks.append(Note(say("Nothing was sent. {command} makes it so.", command=Code("/coord matching publish"))))
    return View("round.published" if published else "round.preview", tuple(blocks))


def _pair_line(say: Say, group: Group) -> Words:
    return words(people(say, group.members), f" · {group.score:.0%}")
