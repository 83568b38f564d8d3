"""Every command, button, form, shortcut and the Home, over the wire: generated from the specs' own examples."""

import re
from typing import Any

import pytest

from bot.chat.spec import Audience, ButtonSpec, Command, FormSpec, MemberParam
from bot.delivery import delivery_key
from bot.errors import REFUSALS
from bot.feature import Features
from bot.features import ALL
from storage.inbox import Inbox
from storage.member import Member
from storage.outbox import DEAD, SENT, Outbox
from storage.pair import Pair, PairMember
from storage.survey import Survey
from tests.fakes.slack.state import Shown
from tests.fakes.slack.world import SlackWorld

CATALOGUE = Features(ALL).catalogue
ACTS = {Audience.MEMBER: "ana", Audience.COORDINATOR: "vera", Audience.MODERATOR: "max"}
COMMANDS = sorted(CATALOGUE.commands.values(), key=lambda command: command.path)
SHORTCUTS = [(command, menu) for command in COMMANDS for menu in command.menus if menu.on != "member"]

LAST = {
    "pair.leave", "pair.rematch", "community.setup", "community.settings", "report.resolve", "programme.create",
}  # fmt: skip
"""Forms after which there is no pair or report any more, nobody moderates, or commands ask which programme is meant."""

BROKEN = REFUSALS["core.broken"].partition("{")[0]


async def _effects(world: SlackWorld) -> list[str]:
    return sorted(row.effect for row in await world.rows(Inbox) if row.effect)


async def _all_delivered(world: SlackWorld) -> None:
    """Let what was written be sent, and check that each row went out once, under its own key."""
    await world.passes(minutes=30)
    rows = await world.rows(Outbox)
    assert [] == [(row.message, row.error) for row in rows if row.state == DEAD]
    posted = [
        message["metadata"]["event_payload"]["key"]
        for conversation in world.team.conversations.values()
        for message in conversation.messages
        if "metadata" in message
    ]
    assert sorted(delivery_key(row.key) for row in rows if row.state == SENT and row.op == "send") == sorted(posted)


def is_refusal(text: str) -> bool:
    """Return whether a text is one of the sentences with which something is refused."""
    sentences = (re.sub(r"\\{\w+\\}", ".*", re.escape(one)) for one in Features(ALL).refusals.values())
    return any(re.search(sentence, text) for sentence in sentences)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_every_command_is_acknowledged_and_answered(members: SlackWorld, command: Command) -> None:
    """Its example is answered once, where its spec says, and leaves its row in the inbox and nothing undeliverable."""
    who = ACTS[command.audience]
    before = await _effects(members)
    seen = await members.says(who, command.example.removeprefix("/"))
    (answer,) = [one for one in seen if one.kind in ("ephemeral", "modal")]
    assert BROKEN not in answer.text
    private = answer.kind == "modal" or answer.to == members.user(who)
    assert private or not command.private
    after = await _effects(members)
    written = [] if command.reads or command.opens_form or command.sensitive else [command.name]
    if is_refusal(answer.text):
        written = []  # what is refused has done nothing, not even been taken
    assert sorted(before + written) == after or answer.kind == "modal"
    await _all_delivered(members)


@pytest.mark.parametrize(("command", "menu"), SHORTCUTS, ids=lambda value: getattr(value, "label", ""))
async def test_every_shortcut_opens_or_answers(members: SlackWorld, command: Command, menu: Any) -> None:
    """A shortcut has no words: it opens the form of its command, or shows its answer in a modal."""
    message = {"ts": "1772438400.000009", "user": "UBEA", "text": "private words"} if menu.on == "message" else None
    callback = ".".join(command.path) + (":message" if message else "")
    (answer,) = await members.uses(ACTS[command.audience], callback, message=message)
    assert answer.kind in ("modal", "ephemeral")
    assert "private words" not in str(answer.content)
    assert "no longer" not in answer.text


def _forms() -> list[FormSpec]:
    return sorted(CATALOGUE.forms.values(), key=lambda form: form.name)


def _answers(example: Any) -> dict[str, Any]:
    return {key: value if isinstance(value, tuple) else str(value) for key, value in example.items()}


@pytest.mark.parametrize("spec", _forms(), ids=lambda spec: spec.name)
async def test_every_form_takes_its_example(members: SlackWorld, spec: FormSpec) -> None:
    """A form that some command or button opens takes its example, page by page, and answers in the modal."""
    who = ACTS[spec.audience] if spec.name != "programme.join" else "leo"
    form = await _form(members, spec, who)
    if form is None:
        pytest.skip(f"nothing in this world opens {spec.name}; its buttons are driven by the buttons' test")
    (done, *_) = await members.submits(who, form, _answers(spec.example))
    assert done.kind in ("modal_update", "modal")
    assert BROKEN not in done.text
    effects = await _effects(members)
    assert (spec.name in effects) == (not spec.sensitive)
    await _all_delivered(members)


async def _form(world: SlackWorld, spec: FormSpec, who: str) -> Shown | None:
    """Open a form by the command that opens it."""
    for command in COMMANDS:
        if command.opens_form and command.audience is spec.audience:
            seen = await world.says(who, command.example.removeprefix("/"))
            if seen and seen[0].kind == "modal" and seen[0].content["callback_id"].partition(":")[0] == spec.name:
                return seen[0]
    return None


async def _row(world: SlackWorld, spec: ButtonSpec) -> tuple[str, str]:
    """Return who presses, and on which row: one of their own where rows belong to somebody."""
    if spec.row is None:
        return ACTS[spec.audience], ""
    handles = {member.id: member.handle for member in await world.rows(Member)}
    if spec.row is Pair:
        seats = await world.rows(PairMember)
        return next((handles[seat.member_id], seat.pair_id) for seat in seats if handles[seat.member_id] == "ana")
    rows = sorted(await world.rows(spec.row), key=lambda row: str(row.id))
    owned = [(handles[row.member_id], row.id) for row in rows if hasattr(row, "member_id")]
    return min(owned, default=(ACTS[spec.audience], rows[0].id if rows else "gone"), key=lambda one: one[0] != "ana")


async def test_every_form_behind_a_button_takes_its_example(members: SlackWorld) -> None:
    """After everything that commands open was sent once, and a week, each button's form opens and takes its example.

    What needs more of a story to be opened is sent about a row that is not there, and answered in words.
    """
    by_command = {}
    for spec in [one for one in _forms() if one.name not in LAST]:
        who = ACTS[spec.audience] if spec.name != "programme.join" else "leo"
        if form := await _form(members, spec, who):
            by_command[spec.name] = await members.submits(who, form, _answers(spec.example))
    await members.says("vera", "coord matching preview")
    for name in ("bea", "chen"):
        (form,) = await members.says(name, "feedback send")
        await members.submits(name, form, _answers(CATALOGUE.forms["feedback.send"].example))
    message = Shown("message", "UANA", {"blocks": [], "channel": "CGENERAL", "ts": "1772438400.000001"})
    (survey,) = await members.rows(Survey)
    await members.acts("vera", message, {"type": "button", "action_id": f"0|survey.open:{survey.id}:"})
    await members.passes(days=8, minutes=30)
    opened, forms = set(), {spec.name: spec for spec in _forms()}
    buttons = [one for one in CATALOGUE.buttons.values() if one.opens_form]
    for button in sorted(buttons, key=lambda one: one.name in LAST):
        who, key = await _row(members, button)
        element = {"type": "button", "action_id": f"0|{button.name}:{key}:{button.example}"}
        (shown, *_) = await members.acts(who, message, element)
        name = shown.content["callback_id"].partition(":")[0] if shown.kind == "modal" else ""
        if name in forms:
            (done, *_) = await members.submits(who, shown, _answers(forms[name].example))
            assert BROKEN not in done.text, name
            opened.add(name)
    for name in sorted(forms.keys() - by_command.keys() - opened - LAST):
        (done, *_) = await members.submits(ACTS[forms[name].audience], _forged(forms[name]), forms[name].example)
        assert BROKEN not in done.text, name


def _forged(spec: FormSpec) -> Shown:
    """Return a modal that was never opened, about a row that is not there, as somebody who tampers could send it."""
    blocks = [
        {"type": "input", "block_id": name, "element": {"type": "plain_text_input", "action_id": "value"}}
        for name in spec.example
    ]
    view = {"id": "VFORGED", "type": "modal", "callback_id": f"{spec.name}:nowhere:9", "blocks": blocks}
    return Shown("modal", "UANA", view | {"private_metadata": ""})


async def test_every_command_with_parameters_asks_for_them_in_a_form(members: SlackWorld) -> None:
    """Typed without them, each command opens a modal that Slack takes, or says in words what is missing."""
    for command in COMMANDS:
        if any(param.required and isinstance(param, MemberParam) for param in command.params):
            (answer,) = await members.says(ACTS[command.audience], command.name)
            assert answer.kind in ("modal", "ephemeral"), command.name


async def test_every_button_that_was_ever_shown_can_be_pressed(members: SlackWorld) -> None:
    """Each button of each message, Home and answer so far does something, and nothing of it fails."""
    for name in ("ana", "bea", "vera"):
        await members.opens_home(name)
    pressed: set[str] = set()
    for seen in list(members.team.shown):
        for block in seen.blocks:
            for element in block.get("elements", []) if block["type"] == "actions" else []:
                action = element["action_id"].partition("|")[2]
                name = action.partition(":")[0]
                if not name or name in pressed or element["type"] != "button":
                    continue
                pressed.add(name)
                who = next((one.name for one in members.team.people.values() if one.id == seen.to), "ana")
                answers = await members.acts(who, seen, element)
                assert answers, action
                assert not any(BROKEN in one.text for one in answers), action
    assert {"checkin.met", "pair.why", "programme.join"} <= pressed, pressed


async def test_every_button_of_the_catalogue_answers_even_when_its_row_is_gone(members: SlackWorld) -> None:
    """A press on something that does not exist any more is a sentence in private, never a failure."""
    (page,) = await members.opens_home("ana")
    message = Shown("message", "UANA", {"blocks": [], "channel": "CGENERAL", "ts": "1772438400.000001"})
    for name, spec in CATALOGUE.buttons.items():
        for where in (page, message):
            element = {"type": "button", "action_id": f"0|{name}:nowhere:{spec.example}"}
            (answer,) = await members.acts(ACTS[spec.audience], where, element)
            assert BROKEN not in answer.text, name


async def test_the_home_is_one_page_for_members_and_coordinators(members: SlackWorld) -> None:
    """The Home of everybody has fewer than a hundred blocks and begins with its heading."""
    for name in ("ana", "vera", "max"):
        (page,) = await members.opens_home(name)
        assert len(page.blocks) < 100
        assert "header" == page.blocks[0]["type"]
