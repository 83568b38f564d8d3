"""Reading the join form: what everybody is asked, and the questions of the programme's own. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from bot import describing
from bot.describing import Mistake, listed
from bot.programme.joining import Question

WITH_ROLES = ("mentoring", "help")
"""Kinds of programme in which people are mentors or mentees."""

ROLE_KINDS = {"mentor": ("mentor",), "mentee": ("mentee",), "both": ("mentor", "mentee"), "peer": ("peer",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What a member says when they join. `roles` are kinds of role; `zone` is an IANA name."""

    roles: tuple[str, ...]
    zone: str
    languages: tuple[str, ...]
    offers: tuple[str, ...]
    wants: tuple[str, ...]
    interests: tuple[str, ...]
    availability: str
    answers: dict[str, Any]


def kinds_of(role: str | None, kind: str) -> tuple[str, ...]:
    """Return the kinds of role that the first answer of the form stands for; none when it is not given yet."""
    return ROLE_KINDS.get(role or "", ()) if kind in WITH_ROLES else ("peer",)


def answer(question: Question, given: Any) -> Any:
    """Return an answer of the form as it is stored (see `Question`); None when there is none."""
    match question.kind:
        case "consent":
            return "yes" if given else None
        case "member":
            return given.id if given is not None else None
        case "multi":
            return list(given) or None
        case "text" | "choice" | "number":
            return given if given not in ("", None) else None
        case _:
            assert_never(question.kind)


def asked(questions: Iterable[Question], kinds: tuple[str, ...]) -> list[Question]:
    """Return the questions for somebody who would be these kinds; those for all as long as that is not known."""
    return [one for one in questions if one.asked_of(kinds)]


def field_of(question: Question) -> str:
    """Return the name of a question's field."""
    return f"q_{question.key}"


def read(answers: dict[str, Any], *, kind: str, questions: Iterable[Question] = ()) -> Joining | dict[str, Mistake]:
    """Return what the form says, or field -> what is wrong, all at once."""
    zone = describing.zone(answers.get("zone") or "")
    languages = describing.languages(answers.get("languages") or "")
    availability = describing.availability(answers.get("availability") or "")
    if isinstance(zone, Mistake) or isinstance(languages, Mistake) or isinstance(availability, Mistake):
        fields = {"zone": zone, "languages": languages, "availability": availability}
        return {name: wrong for name, wrong in fields.items() if isinstance(wrong, Mistake)}
    roles = kinds_of(answers.get("role"), kind)
    told = {one.stored: answer(one, answers.get(field_of(one))) for one in asked(questions, roles)}
    return Joining(
        roles=roles,
        zone=zone,
        languages=languages,
        offers=listed(answers.get("offers") or ""),
        wants=listed(answers.get("wants") or ""),
        interests=listed(answers.get("interests") or ""),
        availability=availability,
        answers={key: given for key, given in told.items() if given is not None},
    )


def role_of(kinds: tuple[str, ...]) -> str | None:
    """Return the first answer of the form that stands for these kinds of role; None for none of them."""
    held = set(kinds)
    return next((role for role in ("both", "mentor", "mentee") if set(ROLE_KINDS[role]) <= held), None)


YES_WORDS = ("yes", "y", "true", "1", "sí", "si", "x")


def answers_in(cells: Mapping[str, str], questions: Iterable[Question]) -> tuple[dict[str, Any], list[str]]:
    """Return the answers that a row of a table holds, by their stored names, and a sentence for each that is wrong."""
    found: dict[str, Any] = {}
    problems: list[str] = []
    for one in questions:
        given = cells.get(one.key, "").strip()
        if not given:
            continue
        options = {option.casefold(): option for option in one.options}
        match one.kind:
            case "number" if given.isdecimal() and one.at_least <= int(given) <= one.at_most:
                found[one.stored] = int(given)
            case "number":
                problems.append(f"{one.key}: “{given}” is no whole number from {one.at_least} to {one.at_most}.")
            case "choice" | "multi":
                parts = [part.strip() for part in given.split(";") if part.strip()] if one.kind == "multi" else [given]
                chosen = [options.get(part.casefold()) for part in parts]
                if None in chosen:
                    problems.append(f"{one.key}: “{given}” is not among {', '.join(one.options)}.")
                else:
                    found[one.stored] = chosen if one.kind == "multi" else chosen[0]
            case "consent":
                if given.casefold() in YES_WORDS:
                    found[one.stored] = "yes"
            case "text" | "member":
                found[one.stored] = given
            case _:
                assert_never(one.kind)
    return found, problems
