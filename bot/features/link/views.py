"""What is said about codes."""

from __future__ import annotations

from bot.chat.text import Code
from bot.chat.views import Note, Text, View
from bot.i18n import Say


def member_code(say: Say, code: str) -> View:
    """Show a code for one's other account, once, and say what to do with it."""
    return View(
        "link.member_code",
        (
            Text(say("In the other space, with your other account, type {command}.", command=Code(f"/me link {code}"))),
            Note(say("The code is valid for ten minutes and once, and is shown only now. Please give it to nobody: whoever uses it becomes you here.")),
        ),
    )  # fmt: skip


def member_joined(say: Say) -> View:
    """Confirm that two accounts are one member."""
    return View(
        "link.member_joined",
        (
            Text(say("Your two accounts are one now. I know you in both spaces as the same person.")),
            Note(say("{command} shows the same page in both.", command=Code("/me home"))),
        ),
    )


def space_code(say: Say, code: str) -> View:
    """Show a code for the space that is to join, once, and say what to do with it."""
    return View(
        "link.space_code",
        (
            Text(say("In the space that is to join this community, an administrator types {command}.",
                     command=Code(f"/coord space link {code}"))),
            Note(say("The code is valid for ten minutes and once, and is shown only now.")),
            Note(say("Its members become members here, and the settings of this community hold there too. As long as you have set nobody who coordinates, its administrators coordinate as well.")),
        ),
    )  # fmt: skip


def space_joined(say: Say, community: str) -> View:
    """Confirm that this space belongs to another community now."""
    return View(
        "link.space_joined",
        (
            Text(say("This space is now part of {community}.", community=community or say.line("the other community"))),
            Note(say("People with an account in both places can join them with {command}.", command=Code("/me link"))),
        ),
    )
