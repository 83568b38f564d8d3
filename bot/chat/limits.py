"""The lowest common limits of the platforms, in one table.

What a developer writes (labels, option counts, forms, help texts) is held to these numbers when the value is
built, so a view that cannot be shown fails in a test and not in front of a member. What members type never fails:
renderers measure after escaping, then split, page or shorten.

Sources: Discord's API reference (components, application commands, messages), Slack's Block Kit and views reference.
"""

from __future__ import annotations

BUTTON_LABEL = 75  # Slack button text; Discord allows 80
BUTTONS = 5  # Discord buttons in one row
CHOICE_OPTIONS = 25  # Discord string select; Slack allows 100
OPTION_LABEL = 75  # Slack option text; Discord allows 100
OPTION_VALUE = 75  # Slack before 2025; Discord allows 100
PLACEHOLDER = 100  # Discord allows 150, Slack 150
ACTION_ID = 100  # Discord custom_id; Slack action_id allows 255
ACTION_ARGUMENT = 40  # what is left of ACTION_ID beside a name and a row id
FORM_TITLE = 24  # Slack modal title; Discord allows 45
FORM_FIELDS_A_PAGE = 5  # Discord modal components
FORM_LABEL = 45  # Discord modal label; Slack allows 2,000
FORM_HINT = 100  # Discord modal description; Slack hint allows 2,000
TEXT_FIELD = 3000  # Slack plain text input; Discord allows 4,000
HEADING = 150  # Slack header block
COMMAND_WORD = 32  # Discord command and option names
COMMAND_HELP = 100  # Discord command and option descriptions
COMMAND_WORDS = 3  # Discord: command, group, subcommand
COMMANDS_IN_GROUP = 25  # Discord subcommands and groups
COMMAND_TREE = 8000  # Discord: names, descriptions and values of one command together
PARAMETERS = 25  # Discord options
COMPLETIONS = 25  # Discord autocomplete results
FILE_NAME = 60  # ours; Slack and Discord allow more
FILE_SIZE = 10 * 1024 * 1024  # Discord without boosts
ALT_TEXT = 1024  # Discord media description; Slack allows 2,000


class LimitError(ValueError):
    """A value that a developer wrote is larger than some platform can show."""


def at_most(what: str, size: int, limit: int) -> None:
    """Raise `LimitError` when `size` is over `limit`; `what` names the value in the message."""
    if size > limit:
        raise LimitError(f"{what}: {size} is over the limit of {limit}")
