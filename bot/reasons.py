"""Why people were brought together, and what kept somebody without a partner, in words: for members and coordinators.

Reasons are stored as `{"code": ..., "params": ...}`; the codes are those of `bot.matching.Reason`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from babel import Locale

from bot.chat.text import Bold, Mention, Words, words
from bot.i18n import N_, Say
from bot.matching import Reason

BLOCKS = {
    "no_shared_language": N_("no shared language"),
    "no_overlap": N_("no shared free hours"),
    "only_repeats": N_("only people they met lately"),
    "avoided": N_("cannot be paired"),
    "forbidden": N_("kept apart by a coordinator"),
    "no_shared_space": N_("nobody in the same space"),
    "no_capacity": N_("mentors who fit are full"),
    "no_role": N_("no role in this kind of round"),
    "nobody_left": N_("everybody who fits has a partner"),
}
"""What blocked somebody who is without a partner, for coordinators."""


def stored(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Return reasons as JSON values."""
    return [{"code": reason.code, "params": _json(asdict(reason)["params"])} for reason in reasons]


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _json(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_json(part) for part in value]
    return value


def people(say: Say, ids: Sequence[str]) -> Words:
    """Return members by their ids, joined as the language does."""
    return say.join([words(Mention(member)) for member in ids])


def lines(say: Say, stored: Sequence[Mapping[str, Any]], size: int) -> tuple[Words, ...]:
    """Return the reasons of a group of `size` members, each in a sentence of its own."""
    return tuple(line for line in (reason(say, one, size) for one in stored) if line is not None)


def reason(say: Say, stored: Mapping[str, Any], size: int = 2) -> Words | None:
    """Return one reason for a pair of `size` members in plain words; None for one that says nothing to a member."""
    params, two = stored["params"], size == 2
    match stored["code"]:
        case "shared_language":
            spoken = [_language(say, code) for code in params["languages"]]
            both = N_("You both speak {languages}.") if two else N_("You all speak {languages}.")
            return say(both, languages=say.join(spoken))
        case "shared_hours":
            return say.plural("You share one free hour a week.", "You share {n} free hours a week.", params["count"])
        case "offers_wants":
            return say(
                "{giver} can help with {tags}, which {taker} asked for.", giver=Mention(params["giver"]),
                taker=Mention(params["taker"]), tags=_tags(say, params["tags"]),
            )  # fmt: skip
        case "interests":
            enjoy = N_("You both enjoy {tags}.") if two else N_("More than one of you enjoys {tags}.")
            return say(enjoy, tags=_tags(say, params["tags"]))
        case "goals":
            goal = (
                N_("You both work towards this: {tags}.")
                if two
                else N_("More than one of you works towards this: {tags}.")
            )
            return say(goal, tags=_tags(say, params["tags"]))
        case "same_group":
            return say(N_("You are both in {group}.") if two else N_("You are all in {group}."), group=params["group"])
        case "other_group":
            return say("You come from different groups.")
        case "level":
            return say("Your experience fits together.")
        case "locked":
            return say("A coordinator brought you together.")
        case _:
            return None


def _tags(say: Say, tags: Sequence[str]) -> Words:
    return say.join([words(Bold(tag)) for tag in tags[:3]])


def _language(say: Say, code: str) -> str:
    return str(Locale.parse(say.language).languages.get(code, code))
