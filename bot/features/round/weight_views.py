"""What coordinators see of the weights: the form, the trial on the last round, what is in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.chat.actions import ActionId, Button
from bot.chat.forms import Form, NumberField
from bot.chat.text import Bold, Words, words
from bot.chat.views import Actions, Block, Fields, Heading, List, Note, Text, View
from bot.features.round.notices import percent
from bot.features.round.rules import cost
from bot.i18n import N_, Say
from bot.insight.learning import LEAST, LEAST_EACH, Effect, Learned
from bot.matching import PARTS, Result
from storage.round import RoundWeights

if TYPE_CHECKING:
    from bot.features.round.weighing import Trial

MOST = 100

LABELS = {
    "offers_wants": N_("Help that one offers and the other wants"),
    "interests": N_("Shared interests"),
    "shared_hours": N_("Free hours in common"),
    "goals": N_("Shared goals"),
    "variety": N_("People who have not met"),
    "shared_language": N_("The language both prefer"),
    "level": N_("Experience that fits"),
    "same_group": N_("The same group"),
    "other_group": N_("Different groups"),
    "text": N_("Likeness of their own words"),
}
"""The parts of a score, as coordinators read them."""


def weights_form(say: Say, programme: str, now: Mapping[str, int]) -> Form:
    """Ask what each part weighs."""
    return Form(
        name="round.weights", key=programme, title=say.line("What counts how much"), submit=say.line("Go on"),
        fields=tuple(
            NumberField(name=part, label=say.line(LABELS[part]), least=0, most=MOST, value=now.get(part, 0),
                        hint=say.line("0 to 100. Only the proportions matter."))
            for part in PARTS
        ),
    )  # fmt: skip


def weights_same(say: Say) -> View:
    """Say that these weights are the ones in force."""
    return View("round.weights_same", (Text(say("These are the weights that count already. Nothing was changed.")),))


def weights_proposed(
    say: Say, row: RoundWeights, programme: str, before: Mapping[str, int], after: Mapping[str, int]
) -> View:
    """Show new weights before they count, and offer to try them."""
    changed = [part for part in PARTS if before[part] != after[part]]
    lines: list[Words] = [words(say.line(LABELS[part]), f": {before[part]} → {after[part]}") for part in changed]
    return View(
        "round.weights_proposed",
        (
            Text(say("New weights for {programme}. They do not count yet.", programme=Bold(programme))),
            List(tuple(lines), size=len(PARTS)),
            Actions(
                (
                    Button(
                        say.line("Try on the last round"), ActionId("round.try", row.id, str(row.version)), "primary"
                    ),
                    Button(say.line("Leave them"), ActionId("round.keep", row.id)),
                )
            ),
        ),
    )


def weights_tried(say: Say, row: RoundWeights, programme: str, trial: Trial, before: Result, after: Result) -> View:
    """Show how the last round would have come out; both sides are seen with the new weights."""
    change = cost(trial.then, before, after)
    blocks: list[Block] = [Heading(say.line("What these weights would change")), Text(words(Bold(programme)))]
    if trial.number:
        blocks.append(Text(say("Round {number}, with the people of it who are still there:", number=trial.number)))
    else:
        blocks.append(Text(say("There was no round yet, so with the people of today:")))
    fields: list[tuple[str, Words]] = [
        (say.line("Pairs that would be others"), say("{n} of {all}", n=change.moved, all=change.after.pairs)),
        (say.line("Total"), words(f"{before.total:.2f} → {after.total:.2f}")),
    ]
    if change.before.worst is not None and change.after.worst is not None:
        worst = f"{percent(change.before.worst)} → {percent(change.after.worst)}"
        fields.append((say.line("Least fitting pair"), words(worst)))
    alone = f"{change.before.alone} → {change.after.alone}"
    fields.append((say.line("People without a partner"), words(alone)))
    blocks.append(Fields(tuple(fields)))
    blocks.append(Note(say("Both sides are scored with the new weights.")))
    blocks.append(
        Actions(
            (
                Button(say.line("Use these weights"), ActionId("round.use", row.id, str(row.version)), "primary"),
                Button(say.line("Leave them"), ActionId("round.keep", row.id)),
            )
        )
    )
    return View("round.weights_tried", tuple(blocks))


def too_few(say: Say, found: Learned) -> View:
    """Say that past rounds are too few to learn from."""
    text = say(
        "There is too little to learn from yet: {pairs} pairs are over, {good} of them went well. I need {least} pairs,"
        " and {each} of each kind.", pairs=found.pairs, good=found.good, least=LEAST, each=LEAST_EACH,
    )  # fmt: skip
    return View("round.too_few", (Text(text),))


def learned(say: Say, programme: str, found: Learned, proposed: View | None) -> View:
    """Show what went with good outcomes and how sure that is; `proposed` is a view of new weights, if any."""
    blocks: list[Block] = [
        Heading(say.line("What past rounds teach")),
        Text(say("{programme}: {pairs} pairs are over, {good} of them met and stayed together to the end.",
                 programme=Bold(programme), pairs=found.pairs, good=found.good)),
    ]  # fmt: skip
    clear = [one for one in found.effects if one.clear]
    blocks.append(List(tuple(_effect(say, one) for one in found.effects), size=len(PARTS)))
    if not clear:
        blocks.append(Text(say("Nothing stands out beyond chance, so I would leave the weights as they are.")))
    blocks.append(
        Note(
            say(
                "The factor is how the odds of a good pair change from an ordinary value to a high one; in brackets, where it lies in 19 of 20 such cases. It says what went together, not what causes what."
            )
        )
    )
    if proposed is not None:
        blocks += proposed.blocks
    return View("round.learned", tuple(blocks))


def _effect(say: Say, one: Effect) -> Words:
    numbers = {"odds": f"{one.odds:.2f}", "low": f"{one.low:.2f}", "high": f"{one.high:.2f}"}
    told = say("odds × {odds} ({low} to {high})", **numbers)
    label = say.line(LABELS[one.part])
    return words(Bold(label) if one.clear else label, ": ", told)


def weights_used(say: Say, row_id: str, programme: str, *, own: bool, drafted: bool) -> View:
    """Confirm what counts from now on."""
    said = N_("These weights count for {programme} from now on.") if own else N_("{programme} goes by its file again.")
    blocks: list[Block] = [Text(say(said, programme=Bold(programme)))]
    if drafted:
        blocks.append(Note(say("The draft of the next round was drawn with the old ones. Draw it again to use these.")))
    if own:
        blocks.append(Actions((Button(say.line("Back to the file's"), ActionId("round.file", row_id)),)))
    return View("round.weights_used", tuple(blocks))
