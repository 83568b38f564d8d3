"""What coordinators see of pairs at risk, and what such a pair is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.text import Bold, Mention, Words, words
from bot.chat.views import Actions, Block, Heading, Note, Text, View
from bot.features.risk.rules import Finding, Risk
from bot.i18n import N_, Say

SHOWN = 8
"""So many pairs fit into one message with a button each."""

ADVICE = {
    Risk.FLAGGED: N_("A friendly private word from one of you is best."),
    Risk.OVERDUE: N_("Ask them once; if nothing comes, the other can have somebody else."),
    Risk.ONE_SIDED: N_("Ask the silent side how it goes for them."),
    Risk.STALLED: N_("Ask both how they get on."),
}


def _people(say: Say, ids: Sequence[str]) -> Words:
    return say.join([words(Mention(member)) for member in ids])


def risks(say: Say, programme: str, findings: Sequence[Finding]) -> View:
    """List pairs with a reason, an advice, and a button that asks."""
    blocks: list[Block] = [Heading(say.line("Pairs that may need you")), Text(words(Bold(programme)))]
    if not findings:
        blocks.append(Text(say("No pair is at risk, as far as buttons and dates can tell.")))
    for one in findings[:SHOWN]:
        blocks.append(Text(words(_people(say, one.members), ": ", _reason(say, one), " ", say(ADVICE[one.risk]))))
        if one.risk is not Risk.FLAGGED:
            blocks.append(Actions((Button(say.line("Ask them"), ActionId("risk.ask", one.pair)),)))
    if len(findings) > SHOWN:
        blocks.append(Text(say.plural("And one more.", "And {n} more.", len(findings) - SHOWN)))
    blocks.append(Note(say("Told from answers, logs and dates. No message is ever read.")))
    return View("risk.pairs", tuple(blocks))


def _reason(say: Say, one: Finding) -> Words:
    about = _people(say, one.about)
    match one.risk:
        case Risk.FLAGGED:
            return say("{who} asked for help.", who=about)
        case Risk.OVERDUE:
            return say("no answer to the introduction from {who}, who was reminded and warned.", who=about)
        case Risk.ONE_SIDED:
            return say("{who} leaves check-ins open, the other side answers.", who=about)
        case _:
            return say.plural("no sign of life for a day.", "no sign of life for {n} days.", one.days)


def asked(say: Say, reached: Sequence[str], dropped: Sequence[str]) -> View:
    """Say who will be asked, and who cannot be."""
    blocks: list[Block] = []
    if reached:
        blocks.append(
            Text(
                say("I ask {people} at the next moment that suits them, once this week.", people=_people(say, reached))
            )
        )
    if dropped:
        blocks.append(Text(say("I may not write to {people} at the moment. A word from you would be better.",
                               people=_people(say, dropped))))  # fmt: skip
    return View("risk.asked", tuple(blocks))


def ask(say: Say, p: Mapping[str, Any]) -> View:
    """Ask one of a pair how they get on."""
    people = _people(say, p["partners"])
    return View(
        "risk.ask",
        (
            Text(say("How are you and {people} getting on?", people=people)),
            Note(say("Whatever you press is fine. Only a wish for help is told to the coordinators.")),
            Actions(
                (
                    Button(say.line("All is well"), ActionId("risk.fine", p["pair_id"]), "primary"),
                    Button(say.line("I need help"), ActionId("risk.help", p["pair_id"])),
                    Button(say.line("Somebody else, please"), ActionId("pair.rematch", p["pair_id"])),
                    Button(say.line("I would rather leave"), ActionId("pair.leave", p["pair_id"])),
                )
            ),
        ),
    )


def fine(say: Say) -> View:
    """All is well."""
    return View("risk.fine", (Text(say("Good to know. Thank you for telling me.")),))


def thanks_help(say: Say, *, told: bool) -> View:
    """They would like help."""
    text = (
        N_("Thank you for saying so. The coordinators know that you would like a word, and nothing else.")
        if told
        else N_(
            "Thank you for saying so. This community has no channel for coordinators yet, so please write to one of them."
        )
    )
    return View("risk.thanks_help", (Text(say(text)),))


def help_wanted(say: Say, p: Mapping[str, Any]) -> View:
    """Tell coordinators who would like a word."""
    return View(
        "risk.help_wanted",
        (
            Text(say("{member} would like help with their pair.", member=Mention(p["member"]))),
            Note(say("Nothing else was said. A friendly private word from one of you is a good next step.")),
        ),
    )
