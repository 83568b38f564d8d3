"""What a handler answers. Anything else (a DM, a post, a room, a role) is an outbox row, not a reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.chat.forms import Form
from bot.chat.views import View


@dataclass(frozen=True, slots=True)
class Show:
    """Show a message; the spec says whether only the actor sees it."""

    view: View


@dataclass(frozen=True, slots=True)
class Replace:
    """Rewrite the message whose button was pressed."""

    view: View


@dataclass(frozen=True, slots=True)
class Ask:
    """Open a form, or its next page. `page` counts from 0; `errors` (field name -> sentence) stand on their fields."""

    form: Form
    page: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reject:
    """The form cannot be taken as it is: field name -> what to change, in the member's language."""

    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing to show."""


Reply = Show | Replace | Ask | Reject | Quiet
