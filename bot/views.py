"""What the core itself says: refusals, mistakes in forms, help, messages that waited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat.actions import ActionId, Button
from bot.chat.spec import Command
from bot.chat.text import Bold, Code, words
from bot.chat.views import Actions, Block, Divider, Heading, List, Note, Text, View
from bot.errors import UserError
from bot.feature import Step
from bot.i18n import N_, Say

AUDIENCES = {"coordinator": N_("coordinators"), "moderator": N_("moderators"), "member": N_("members")}
ROLES = {"mentor": N_("mentor"), "mentee": N_("mentee"), "peer": N_("peer")}
"""What people are in a programme, in the middle of a sentence."""


def refusal(say: Say, error: UserError, refusals: Mapping[str, str]) -> View:
    """Say why something was not done."""
    return View(error.key, (Text(say(refusals[error.key], **error.params)),))


def broken(say: Say, reference: str, refusals: Mapping[str, str]) -> View:
    """Say that something failed on our side, with a reference that the log has too."""
    sentence = refusals["core.broken"]
    return View("core.broken", (Text(say(sentence, reference=Code(reference))),))


def continue_form(say: Say, draft: str, page: int, pages: int) -> View:
    """Offer the next page of a form, where a form cannot follow a form."""
    return View(
        "core.continue",
        (
            Text(say("Saved. This was page {page} of {pages}.", page=page, pages=pages)),
            Actions((Button(say.line("Continue"), ActionId("drafts.open", draft), "primary"),)),
            Note(say("You can also come back later: your answers are kept for 30 days.")),
        ),
    )


def fix_form(say: Say, draft: str, errors: Mapping[str, str], labels: Mapping[str, str], *, kept: bool) -> View:
    """Name the fields that cannot be taken as they are, where a form cannot show that itself."""
    lines = tuple(words(Bold(labels.get(name, name)), ": ", why) for name, why in errors.items())
    button = ActionId("drafts.open", draft) if kept else ActionId("drafts.kept", arg=draft)
    return View(
        "core.fix",
        (
            Text(say.plural("One answer needs another look:", "{n} answers need another look:", len(errors))),
            List(lines),
            Actions((Button(say.line("Fix it"), button, "primary"),)),
        ),
    )


def unknown(say: Say, word: str, nearest: str | None, refusals: Mapping[str, str]) -> View:
    """Say that a command does not exist, and which one may have been meant."""
    key = "core.nearest" if nearest else "core.no_command"
    sentence = say(refusals[key], word=Code("/" + word), nearest=Code("/" + (nearest or "")), help=Code("/help"))
    return View(key, (Text(sentence),))


def help_page(say: Say, path: tuple[str, ...], commands: Sequence[Command]) -> View:
    """List commands with what each does."""
    title = say.line("What you can do") if not path else "/" + " ".join(path)
    lines = tuple(words(Code("/" + command.name), ": ", say(command.help)) for command in commands)
    return View("core.help", (Heading(title), List(lines, size=40)))


def next_steps(say: Say, steps: Sequence[Step]) -> View:
    """Offer what a member could do next, and the way to everything else."""
    blocks: list[Block] = [Heading(say.line("What would you like to do?"))]
    for step in steps:
        blocks += [Text(step.text), Actions(step.buttons)]
    blocks.append(Note(say("Everything else: {help}", help=Code("/help"))))
    return View("core.next_steps", tuple(blocks))


def with_held(say: Say, view: View, waited: Sequence[View]) -> View:
    """Put messages that could not be delivered under the answer to a member's command."""
    if not waited:
        return view
    intro = say.plural("This was waiting for you:", "These {n} messages were waiting for you:", len(waited))
    blocks: list[Block] = [*view.blocks, Divider(), Note(intro)]
    for message in waited:
        blocks.extend(message.blocks)
    return View(view.key, tuple(blocks))
