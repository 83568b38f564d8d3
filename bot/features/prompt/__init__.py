"""Prompts: any question that recurs, asked of a role, a cohort or a channel, in each member's own time."""

import storage.prompt
from bot.chat.spec import Audience, ButtonSpec, Command, FormSpec, ProgrammeParam, TextParam
from bot.feature import Feature, Many, Personal, Sweep
from bot.features.prompt import coordinating, handlers, reactions, schedule, sweeps, views
from bot.i18n import N_
from storage.programme import Programme
from storage.prompt import Prompt, PromptAnswer, PromptRun

WHICH = ProgrammeParam(label=N_("Programme"), help=N_("Not needed when there is only one"))
PROMPT = TextParam(
    name="prompt", label=N_("Prompt"), help=N_("Its number in the list"), max_length=120, complete=coordinating.complete
)
COORDINATOR = Audience.COORDINATOR
EXAMPLE = {
    "question": "What did you learn this week?", "target": "everyone", "kind": "text", "readers": "me",
    "often": "weekly", "weekday": "FR", "at": "16:00", "clock": "member", "late": "24",
}  # fmt: skip

FEATURE = Feature(
    name="prompt",
    commands=(
        Command(
            path=("me", "reflections"), help=N_("What you wrote for yourself; only you can read it"),
            handler=handlers.reflections, example="/me reflections", reads=True, paged=True,
        ),
        Command(
            path=("coord", "prompt", "add"), help=N_("Ask something again and again"), handler=coordinating.add,
            example="/coord prompt add", params=(WHICH,), audience=COORDINATOR, opens_form=True,
        ),
        Command(
            path=("coord", "prompt", "list"), help=N_("Prompts and when they come next"), handler=coordinating.listing,
            example="/coord prompt list", params=(WHICH,), audience=COORDINATOR, reads=True, paged=True,
        ),
        Command(
            path=("coord", "prompt", "edit"), help=N_("Change a prompt"), handler=coordinating.edit,
            example="/coord prompt edit 1", params=(PROMPT, WHICH), audience=COORDINATOR, opens_form=True,
        ),
        Command(
            path=("coord", "prompt", "pause"), help=N_("Pause a prompt, or let it go on"), handler=coordinating.pause,
            example="/coord prompt pause 1", params=(PROMPT, WHICH), audience=COORDINATOR,
        ),
        Command(
            path=("coord", "prompt", "test"), help=N_("Send it to yourself alone"), handler=coordinating.test,
            example="/coord prompt test 1", params=(PROMPT, WHICH), audience=COORDINATOR, reads=True,
        ),
        Command(
            path=("coord", "prompt", "answers"), help=N_("How it was answered"), handler=coordinating.answers,
            example="/coord prompt answers 1", params=(PROMPT, WHICH), audience=COORDINATOR, reads=True,
        ),
    ),
    buttons=(
        ButtonSpec(name="prompt.answer", handler=handlers.answer, row=PromptAnswer, example="0"),
        ButtonSpec(name="prompt.write", handler=handlers.write, row=PromptAnswer, opens_form=True),
        ButtonSpec(name="prompt.again", handler=handlers.again, row=PromptAnswer, reads=True),
        ButtonSpec(name="prompt.later", handler=handlers.later, row=PromptAnswer),
        ButtonSpec(name="prompt.next_week", handler=handlers.next_week, row=PromptAnswer),
        ButtonSpec(name="prompt.other", handler=handlers.other, row=PromptAnswer, reads=True),
        ButtonSpec(name="prompt.skip", handler=handlers.skip, row=PromptAnswer),
        ButtonSpec(name="prompt.until", handler=handlers.until, row=PromptAnswer, opens_form=True),
        ButtonSpec(name="prompt.post_answer", handler=handlers.post_answer, row=PromptRun, example="0"),
        ButtonSpec(name="prompt.post_write", handler=handlers.post_write, row=PromptRun, opens_form=True),
        ButtonSpec(name="prompt.save", handler=coordinating.save, row=Prompt, audience=COORDINATOR),
        ButtonSpec(
            name="prompt.change", handler=coordinating.edit_button, row=Prompt, audience=COORDINATOR, opens_form=True
        ),
        ButtonSpec(name="prompt.discard", handler=coordinating.discard, row=Prompt, audience=COORDINATOR),
        ButtonSpec(name="prompt.resume", handler=coordinating.resume, row=Prompt, audience=COORDINATOR),
        ButtonSpec(name="prompt.trial", handler=coordinating.trial, row=Prompt, audience=COORDINATOR, reads=True),
        ButtonSpec(
            name="prompt.answers", handler=coordinating.answers_page, row=Prompt, audience=COORDINATOR, reads=True,
            example="1",
        ),
    ),
    forms=(
        FormSpec(
            name="prompt.add", build=coordinating.add_form, handler=coordinating.added, row=Programme,
            audience=COORDINATOR, example=EXAMPLE,
        ),
        FormSpec(
            name="prompt.edit", build=coordinating.edit_form, handler=coordinating.edited, row=Prompt,
            audience=COORDINATOR, example=EXAMPLE,
        ),
        FormSpec(
            name="prompt.write", build=handlers.write_form, handler=handlers.written, row=PromptAnswer,
            example={"text": "That asking early saves a week."},
        ),
        FormSpec(
            name="prompt.post_write", build=handlers.post_form, handler=handlers.post_written, row=PromptRun,
            example={"text": "A bakery by the river."},
        ),
        FormSpec(
            name="prompt.until", build=handlers.until_form, handler=handlers.rest, row=PromptAnswer,
            example={"until": "2026-04-01"},
        ),
    ),
    sweeps=(
        Sweep(name="prompt.plan", due=storage.prompt.to_plan, next_due=storage.prompt.next_to_plan, run=sweeps.plan),
        Sweep(
            name="prompt.ask", due=storage.prompt.due, next_due=storage.prompt.next_due, run=Many(sweeps.ask),
            load=storage.prompt.load,
        ),
    ),
    schedules={"prompt.ask": schedule.fire},
    messages={"prompt.ask": views.ask, "prompt.post": views.post},
    reacts={"programme.left": reactions.programme_left, "community.ready": reactions.follow_zone},
    nudges={
        "prompt.ask": N_("a question that comes again"),
    },
    refusals={"prompt.unknown": views.UNKNOWN},
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(
            table="prompt_answer", members=("member_id",), forget="delete",
            why=N_("Questions that come again: when you were asked, and what you answered."),
        ),
        Personal(
            table="prompt_rest", members=("member_id",), forget="delete",
            why=N_("Until when you do not want a question."),
        ),
    ),
)  # fmt: skip
