"""Which settings stand together, and how a setting becomes a field and back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, assert_never

from bot.chat.actions import Option
from bot.chat.forms import ChannelField, ChoiceField, Field, NumberField, RoleField, TextField
from bot.feature import Setting
from bot.i18n import N_, Say

PARTS = (
    ("core", N_("People and channels")),
    ("programme", N_("Programmes")),
    ("response", N_("Answers and silence")),
    ("risk", N_("Pairs at risk")),
    ("insight", N_("Weekly brief")),
    ("event", N_("Events")),
    ("ask", N_("Questions to mentors")),
    ("kudos", N_("Kudos")),
    ("milestone", N_("Milestones")),
    ("feedback", N_("Feedback")),
    ("survey", N_("Surveys")),
    ("report", N_("Safety")),
)
YES, NO = "yes", "no"


def of_part(settings: Iterable[Setting], part: str) -> list[Setting]:
    """Return the settings whose key begins with the part's name."""
    return [setting for setting in settings if setting.key.split(".")[0] == part]


def field(setting: Setting, value: Any, say: Say, space_id: str) -> Field:
    """Return the form field for a setting with its present value, as far as it is about this space."""
    common: dict[str, Any] = {
        "name": setting.key, "label": say.line(setting.label), "hint": say.line(setting.hint) if setting.hint else "",
    }  # fmt: skip
    match setting.kind:
        case "text":
            return TextField(**common, required=False, value=str(value or ""))
        case "number":
            return NumberField(**common, least=setting.least, most=setting.most, value=value)
        case "choice":
            options = tuple(Option(key, say.line(label)) for key, label in setting.options)
            return ChoiceField(**common, options=options, value=value)
        case "yesno":
            options = (Option(YES, say.line("Yes")), Option(NO, say.line("No")))
            return ChoiceField(**common, options=options, value=YES if value else NO)
        case "channel":
            return ChannelField(**common, required=False, value=value[1] if value else None)
        case "roles":
            return RoleField(**common, required=False, value=tuple(value or ()))
        case "granted":
            here = tuple(role for space, role in value or () if space == space_id)
            return RoleField(**common, required=False, value=here)
        case _:
            assert_never(setting.kind)


def stored(setting: Setting, answer: Any, space_id: str, before: Any) -> Any:
    """Return what is stored for an answer: a channel with its space, roles as a list, yes as True.

    What was set for other spaces (`before`) stays.
    """
    match setting.kind:
        case "channel":
            return [space_id, answer] if answer else []
        case "roles":
            return list(answer)
        case "granted":
            return [one for one in before or () if one[0] != space_id] + [[space_id, role] for role in answer]
        case "yesno":
            return answer == YES
        case "text" | "number" | "choice":
            return answer
        case _:
            assert_never(setting.kind)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the keys whose value is another one now."""
    return sorted(key for key, value in after.items() if before.get(key) != value)
