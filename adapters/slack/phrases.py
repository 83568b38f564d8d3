"""The few sentences that only Slack's way of answering needs."""

from __future__ import annotations

from bot.chat.text import words
from bot.chat.views import Note, Text, View
from bot.i18n import N_, Say

TITLE = "Kith"
SEND, NEXT, CLOSE = N_("Send"), N_("Next"), N_("Close")


def working(say: Say) -> View:
    """Say that the answer takes a moment."""
    return View("slack.working", (Text(say("Working on it. This takes a moment.")),))


def done(say: Say) -> View:
    """Say that it is done, where there is nothing else to say."""
    return View("slack.done", (Text(say("Done.")),))


def too_late(say: Say) -> View:
    """Say that a form could not be opened, as Slack lets that happen only within three seconds."""
    return View("slack.too_late", (Text(say("That took too long to open here. Please try once more.")),))


def mistakes(say: Say, errors: dict[str, str]) -> View:
    """Name what cannot be taken as it is, where the form is closed already."""
    return View(
        "slack.mistakes",
        (
            Text(say("This could not be taken as it is:")),
            *(Text(words(why)) for why in errors.values()),
            Note(say("Nothing was stored. Please open the form again.")),
        ),
    )
