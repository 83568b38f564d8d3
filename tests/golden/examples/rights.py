"""What a member reads about what is stored of them."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.platform import Allowed
from bot.features.rights import views
from bot.features.rights.views import Held
from bot.i18n import N_
from tests.golden.examples.common import WHEN, Example, of_feature

HELD = [
    Held(N_("Your accounts here."), 1, ("id", "space_id"), None),
    Held(N_("Forms that you began and did not send."), 2, ("form", "answers"), timedelta(days=7)),
    Held(N_("What you noted on goals."), 1, ("note",), timedelta(days=1)),
]
MAY = (Allowed("intents", ("guilds",)), Allowed("permissions", ("send_messages", "view_channel")))

EXAMPLES: dict[str, Example] = {
    **of_feature("rights"),
    "privacy": lambda say: views.privacy(say, HELD, MAY),
    "privacy/slack": lambda say: views.privacy(say, HELD[:1], (Allowed("scopes", ("chat:write", "commands")),)),
    "privacy/nothing granted": lambda say: views.privacy(say, HELD[:1], ()),
    "copy_words": lambda say: views.copy_words(say, "North Bank", WHEN),
    "exported": lambda say: views.exported(say, b"{}", b"<html>"),
    "sure": views.sure,
    "forgotten": views.forgotten,
    "stays": views.stays,
}

MODULES = (views,)
"""Where everything that says something has its example."""
