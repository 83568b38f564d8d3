"""What one section of a programme file says against another."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import ValidationError

from bot.programme.problems import Problem, nearest
from bot.programme.sections import Rounds
from bot.programme.values import RoleName

_ROLES_OF: Mapping[str, tuple[RoleName, ...]] = {
    "mentoring": ("mentor", "mentee"),
    "peers": ("peer",),
    "circles": ("peer",),
    "help": ("mentor", "mentee"),
}


def contradictions(values: Mapping[str, Any]) -> Iterator[Problem]:
    """What one section says against another. It reads raw values, so that a mistake elsewhere does not hide it."""
    for section in ("goals", "checkins", "milestones", "surveys", "application", "resources", "review.criteria"):
        keys = [str(table.get("key")) for table in _within(values, section) if "key" in table]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield Problem(f"The key “{key}” is used twice.", "Give each its own.", section)
    yield from _foreign_roles(values)
    yield from _unfit_conditions(values)
    yield from _weeks_too_late(values)
    yield from _trial_too_long(values)
    known = _known_texts(values)
    for code, texts in _table(values, "texts").items():
        for key in dict(flattened(texts)) if isinstance(texts, dict) else ():
            if key not in known:
                yield Problem("The programme has no such text.", nearest(key, known), f"texts.{code}.{key}")


def _foreign_roles(values: Mapping[str, Any]) -> Iterator[Problem]:
    kind = str(values.get("kind"))
    allowed = _ROLES_OF.get(kind, ())
    named = [(name, f"roles.{name}") for name in _table(values, "roles")]
    for section in ("application", "eligibility", "review.rules"):
        for number, table in enumerate(_within(values, section), 1):
            roles = table.get("roles", [table["role"]] if "role" in table else [])
            named += [(name, f"{section}[{number}]") for name in _listed(roles)]
    named += [(name, "review.roles") for name in _listed(_table(values, "review").get("roles"))]
    named += [(name, "training.monthly") for name in _listed(_table(values, "training").get("monthly"))]
    for name, place in named:
        if allowed and name in get_args(RoleName) and name not in allowed:
            what = f"A programme of kind “{kind}” has no {name}s."
            yield Problem(what, f"Use {' and '.join(allowed)}.", place)


def _unfit_conditions(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Conditions about questions that are not asked, or answers that nobody can give."""
    asked = {str(table.get("key")): table for table in _tables(values, "application")}
    for section in ("eligibility", "review.rules"):
        for place, rule in enumerate(_within(values, section), 1):
            key, where = rule.get("question"), f"{section}[{place}]"
            if key is None:
                continue
            if key not in asked:
                cure = nearest(str(key), asked) if asked else "Ask it, under [[application]]."
                yield Problem(f"The application does not ask “{key}”.", cure, f"{where}.question")
                continue
            if asked[key].get("private") is True:
                cure = "Let it be judged by another question, or ask this one openly."
                yield Problem(f"“{key}” is private, so no rule may look at it.", cure, where)
                continue
            kind, counted = asked[key].get("kind", "text"), (rule.get("at_least"), rule.get("at_most")) != (None, None)
            fits = ["yes"] if kind == "consent" else _listed(asked[key].get("options"))
            if kind in ("text", "member"):
                cure = "Ask for a choice, a number or consent."
                yield Problem(f"No rule can judge the answer to “{key}”.", cure, where)
            elif kind != "number" and counted:
                yield Problem(f"The answer to “{key}” is no number.", "Write is = [...], or ask for a number.", where)
            elif kind == "number" and rule.get("is"):
                yield Problem(f"The answer to “{key}” is a number.", "Write at_least or at_most.", where)
            for one in _listed(rule.get("is")) if fits else ():
                if one not in fits:
                    yield Problem(f"Nobody can answer “{one}” to “{key}”.", nearest(str(one), fits), f"{where}.is")


def _weeks_too_late(values: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        last = Rounds.model_validate(_table(values, "rounds")).weeks
    except ValidationError:
        return
    for place, checkin in enumerate(_tables(values, "checkins"), 1):
        weeks = checkin.get("weeks")
        late = [week for week in weeks if isinstance(week, int) and week > last] if isinstance(weeks, list) else []
        if checkin.get("when") == "middle" and last == 1:
            cure = 'Write when = "end", or make rounds.length_weeks longer.'
            yield Problem("A round of one week has no middle.", cure, f"checkins[{place}].when")
        if late:
            cure = f"Use weeks 1 to {last}, or make rounds.length_weeks longer."
            yield Problem(f"A round has no week {late[0]}.", cure, f"checkins[{place}].weeks")


def _trial_too_long(values: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        last, trial = Rounds.model_validate(_table(values, "rounds")).weeks, _table(values, "pairs").get("trial_weeks")
    except ValidationError:
        return
    if isinstance(trial, int) and trial >= last:
        what = f"A trial of {trial} weeks leaves nothing of a round of {last}."
        cure = f"Use at most {last - 1}, or make rounds.length_weeks longer." if last > 1 else "Leave trial_weeks out."
        yield Problem(what, cure, "pairs.trial_weeks")


_TEXTS = (
    ("goals", "goals", "text"),
    ("checkins", "checkins", "question"),
    ("milestones", "milestones", "text"),
    ("milestones", "badges", "badge"),
    ("application", "application", "question"),
    ("application", "hints", "hint"),
    ("review.criteria", "criteria", "text"),
    ("resources", "resources", "title"),
    ("resources", "resource_texts", "text"),
)
"""What of keyed tables can be translated: section, first word of the text's key, the value that is there."""


def _known_texts(values: Mapping[str, Any]) -> list[str]:
    keyed = [
        f"{word}.{table.get('key')}"
        for section, word, value in _TEXTS
        for table in _within(values, section)
        if value in table
    ]
    roles = [
        f"{word}.{name}"
        for name, role in _table(values, "roles").items()
        for word, value in (("roles", "summary"), ("agreements", "agreement"))
        if isinstance(role, dict) and role.get(value) is not None
    ]
    labels = [
        f"{word}.{table.get('key')}.{place}"
        for section, word, value in (("checkins", "answers", "answers"), ("application", "options", "options"))
        for table in _tables(values, section)
        for place in range(1, len(_listed(table.get(value))) + 1)
    ]
    needs = [f"eligibility.{place}" for place in range(1, len(_tables(values, "eligibility")) + 1)]
    told = [f"words.{name}" for name, text in _table(_table(values, "review"), "words").items() if text]
    return ["name", "summary", *keyed, *labels, *roles, *needs, *told]


def _within(values: Mapping[str, Any], section: str) -> list[dict[str, Any]]:
    """Return the tables of a section, also of one within another: `review.rules`."""
    *outer, last = section.split(".")
    for name in outer:
        values = _table(values, name)
    return _tables(values, last)


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _table(values: Mapping[str, Any], section: str) -> dict[str, Any]:
    table = values.get(section)
    return table if isinstance(table, dict) else {}


def _tables(values: Mapping[str, Any], section: str) -> list[dict[str, Any]]:
    tables = values.get(section)
    return [table for table in tables if isinstance(table, dict)] if isinstance(tables, list | tuple) else []


def flattened(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flattened(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
