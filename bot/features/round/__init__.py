"""Rounds: drafted, looked at, changed, published, ended; skipped by members, weighed by coordinators."""

from datetime import timedelta

import storage.round
from bot.chat.spec import Audience, ButtonSpec, Command, FormSpec, MemberParam, ProgrammeParam, Slow
from bot.feature import Feature, Personal, Sweep
from bot.features.round import (
    ahead,
    changes,
    drawing,
    edits,
    handlers,
    learning,
    notices,
    reactions,
    rematching,
    sweeps,
    weighing,
)
from bot.i18n import N_
from bot.matching import PARTS
from storage.programme import Programme
from storage.round import RoundDraft, RoundWeights

WHICH = ProgrammeParam(label=N_("Programme"), help=N_("Which programme; not needed when there is only one"))
SHORT = ProgrammeParam(label=N_("Programme"), help=N_("Which programme"))
ONE = MemberParam(name="one", label=N_("One"), help=N_("One of the two"))
OTHER = MemberParam(name="other", label=N_("The other"), help=N_("The other one"))
WHO = MemberParam(name="who", label=N_("Who"), help=N_("Whom it is about"))
DRAWN = Slow(handlers.read_preview, edits.draw_draft, handlers.preview)
COORDINATOR = Audience.COORDINATOR


def _change(word: str, help_: str, read: object) -> Command:
    return Command(
        path=("coord", "matching", word), help=help_, example=f"/coord matching {word} @ana @bea", audience=COORDINATOR,
        handler=Slow(read, edits.weigh, changes.weighed), params=(ONE, OTHER, SHORT),  # type: ignore[arg-type]
    )  # fmt: skip


FEATURE = Feature(
    name="round",
    commands=(
        Command(
            path=("match", "skip"), help=N_("Sit out the next round"), handler=ahead.skip_command,
            example="/match skip", params=(WHICH,),
        ),
        Command(
            path=("coord", "matching", "preview"), help=N_("The next round as a draft; nothing is sent"),
            handler=DRAWN, example="/coord matching preview", params=(SHORT,), audience=COORDINATOR,
        ),
        Command(
            path=("coord", "matching", "explain"), help=N_("Why somebody has this partner in the draft"),
            handler=Slow(changes.read_explain, edits.explain, changes.explained),
            example="/coord matching explain @ana", params=(WHO, SHORT), audience=COORDINATOR,
        ),
        _change("lock", N_("Keep two together"), changes.read_lock),
        _change("forbid", N_("Keep two apart"), changes.read_forbid),
        _change("swap", N_("Exchange two people's partners"), changes.read_swap),
        Command(
            path=("coord", "matching", "publish"), help=N_("Publish the draft now or on a day"),
            handler=Slow(handlers.read_publish, edits.draw_draft, handlers.publish),
            example="/coord matching publish", params=(SHORT,), audience=COORDINATOR,
        ),
        Command(
            path=("coord", "matching", "weights"), help=N_("What counts how much"), handler=weighing.weights,
            example="/coord matching weights", params=(SHORT,), audience=COORDINATOR, opens_form=True,
        ),
        Command(
            path=("coord", "matching", "learn"), help=N_("What past rounds teach about the weights"),
            handler=Slow(learning.read_past, learning.learn, learning.learned),
            example="/coord matching learn", params=(SHORT,), audience=COORDINATOR,
        ),
        Command(
            path=("coord", "matching", "rematches"), help=N_("Who asked for another partner"),
            handler=rematching.rematches, example="/coord matching rematches", params=(SHORT,),
            audience=COORDINATOR, reads=True,
        ),
    ),
    buttons=(
        ButtonSpec(name="round.confirm", handler=handlers.confirm, row=RoundDraft, audience=COORDINATOR, reads=True),
        ButtonSpec(
            name="round.publish", handler=handlers.publish_now, row=RoundDraft, audience=COORDINATOR, example="1"
        ),
        ButtonSpec(
            name="round.date", handler=handlers.ask_date, row=RoundDraft, audience=COORDINATOR, opens_form=True
        ),
        ButtonSpec(name="round.unplan", handler=handlers.drop_date, row=RoundDraft, audience=COORDINATOR),
        ButtonSpec(
            name="round.redraw", handler=Slow(handlers.read_again, edits.draw_draft, handlers.draw_again),
            row=RoundDraft, audience=COORDINATOR,
        ),
        ButtonSpec(name="round.undo", handler=handlers.undo, row=RoundDraft, audience=COORDINATOR, example="1"),
        ButtonSpec(
            name="round.release", handler=handlers.release, row=RoundDraft, audience=COORDINATOR, example="1.lock.0"
        ),
        ButtonSpec(name="round.apply", handler=changes.apply, row=RoundDraft, audience=COORDINATOR, example="0a1b2c"),
        ButtonSpec(name="round.leave", handler=changes.leave, row=RoundDraft, audience=COORDINATOR, example="0a1b2c"),
        ButtonSpec(name="round.skip", handler=ahead.skip, row=Programme, example="2"),
        ButtonSpec(name="round.rejoin", handler=ahead.rejoin, row=Programme, example="2"),
        ButtonSpec(
            name="round.try", handler=Slow(weighing.read_trial, weighing.try_out, weighing.tried), row=RoundWeights,
            audience=COORDINATOR, example="1",
        ),
        ButtonSpec(name="round.use", handler=weighing.use, row=RoundWeights, audience=COORDINATOR, example="1"),
        ButtonSpec(name="round.keep", handler=weighing.keep, row=RoundWeights, audience=COORDINATOR),
        ButtonSpec(name="round.file", handler=weighing.as_in_file, row=RoundWeights, audience=COORDINATOR),
        ButtonSpec(
            name="round.find", handler=Slow(rematching.read_find, rematching.draw_small, rematching.find),
            row=Programme, audience=COORDINATOR,
        ),
        ButtonSpec(
            name="round.rematches", handler=rematching.rematches, row=Programme, audience=COORDINATOR,
            reads=True,
        ),
        ButtonSpec(name="round.not_now", handler=rematching.not_now, row=Programme, audience=COORDINATOR),
    ),
    forms=(
        FormSpec(
            name="round.date", build=handlers.date_form, handler=handlers.set_date, row=RoundDraft,
            audience=COORDINATOR, example={"day": "2026-03-10"},
        ),
        FormSpec(
            name="round.weights", build=weighing.weights_form, handler=weighing.propose, row=Programme,
            audience=COORDINATOR, example=dict.fromkeys(PARTS, "10"),
        ),
    ),
    sweeps=(
        Sweep(name="round.endings", due=storage.round.ending, next_due=storage.round.next_ending, run=sweeps.end),
        Sweep(
            name="round.planned", due=storage.round.planned, next_due=storage.round.next_planned, run=drawing.planned
        ),
        Sweep(
            name="round.wanted", due=storage.round.wanted, next_due=storage.round.next_wanted,
            run=Slow(drawing.read_wanted, edits.draw, drawing.write_wanted),
        ),
        Sweep(
            name="round.ahead", due=storage.round.ahead, next_due=storage.round.next_ahead,
            run=Slow(ahead.read_draft, edits.draw_if_asked, ahead.tell_coordinators),
        ),
    ),
    schedules={"round.draw": drawing.wanted, "round.notice": ahead.tell},
    messages={
        "round.unmatched": notices.unmatched,
        "round.tomorrow": notices.tomorrow,
        "round.ahead": notices.ahead,
        "round.rematch_later": notices.rematch_later,
    },
    nudges={
        "round.tomorrow": N_("the notice of the next round"),
    },
    refusals={
        "round.no_rounds": N_("{programme} makes no rounds: it is a help queue."),
        "round.nobody": N_("Nobody in {programme} can be paired yet. It takes at least two people."),
        "round.one": N_("Only one person in {programme} can be paired now. It takes at least two."),
        "round.no_mentors": N_("{programme} has no mentor with room for anybody yet."),
        "round.no_mentees": N_("{programme} has mentors, but nobody who looks for one yet."),
        "round.no_draft": N_("{programme} has no draft yet. Begin with /coord matching preview."),
        "round.no_pairs": N_("This draft has no pair to publish."),
        "round.gone": N_("Somebody in this draft cannot take part any more. Please draw it again first."),
        "round.changed": N_("This draft has changed since you looked. Have another look with /coord matching preview."),
        "round.changed_by": N_(
            "{who} changed this draft meanwhile. Nothing of yours was done; have another look with /coord matching preview."
        ),
        "round.nothing_to_undo": N_("There is nothing to take back."),
        "round.same_person": N_("It takes two different people."),
        "round.not_in_it": N_("{who} is not in this round."),
        "round.swap_together": N_("These two are partners, so there is nothing to exchange."),
        "round.swap_alone": N_("Both are without a partner, so there is nothing to exchange."),
        "round.swap_locked": N_("One of them is kept together with their partner. Take that back first."),
        "round.locked_already": N_("These two are kept together already."),
        "round.locked_together": N_("You keep these two together. Take that back first."),
        "round.forbidden_already": N_("These two are kept apart already."),
        "round.too_late": N_("That round has been made already."),
        "round.not_in_programme": N_("You do not take part in {programme}."),
        "round.weights_changed": N_("These weights have changed since. Please open the form again."),
        "round.not_running": N_("No round is running, so nobody can be brought together in it. The next round takes them."),
        "round.no_rematches": N_("Nobody waits for another partner."),
    },
    reacts={"programme.applied": reactions.keep_rounds, "member.forgotten": ahead.forget_drafts},
    personal=(
        Personal(
            table="rematch", members=("member_id",), forget="delete", retain=timedelta(days=365), dated="asked_at",
            why=N_("That you asked for another partner, and why."),
        ),
        Personal(
            table="round_skip", members=("member_id",), forget="delete", retain=timedelta(days=365), dated="at",
            why=N_("Which rounds you sat out."),
        ),
        Personal(table="round_draft", members=("made_by",), forget="keep", why=N_("A draft of a round that you made.")),
        Personal(
            table="round_weights", members=("changed_by",), forget="keep",
            why=N_("That you changed what counts in a programme."),
        ),
    ),
)  # fmt: skip
