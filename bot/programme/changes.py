"""What a new version of a programme's file changes, and what that does to the people who are in it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.programme.file import ProgrammeFile


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is another: `where` in the file, `what` changes, and `effect` on people, if there is any."""

    where: str
    what: str
    effect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who is in a programme: kind of role -> how many are active, have agreed to each version, have passed each module.

    `waiting` applications are undecided, `waitlisted` ones wait for a place; `answered` is question -> how many
    applications have an answer to it.
    """

    roles: Mapping[str, int] = field(default_factory=dict)
    waiting: int = 0
    waitlisted: int = 0
    answered: Mapping[str, int] = field(default_factory=dict)
    untrained: Mapping[str, int] = field(default_factory=dict)
    """Kind of role -> how many of them would have modules to pass by the new file."""


def changes(before: ProgrammeFile, after: ProgrammeFile, people: People) -> list[Change]:
    """Return what changes, in the order of the file; an empty list when nothing does."""
    return [*_named(before, after), *_roles(before, after, people), *_asked(before, after, people),
            *_training(before, after, people), *_rest(before, after)]  # fmt: skip


def _named(before: ProgrammeFile, after: ProgrammeFile) -> Iterator[Change]:
    for name in ("name", "summary", "language"):
        if getattr(before, name) != getattr(after, name):
            yield Change(name, _from_to(getattr(before, name), getattr(after, name)), "Shown from now on.")
    if before.kind != after.kind:
        yield Change("kind", _from_to(before.kind, after.kind),
                     "Who holds a role of the old kind stays in it and is not paired any more.")  # fmt: skip
    if before.timezone != after.timezone:
        yield Change("timezone", _from_to(before.timezone, after.timezone), "The next round is made by the new clock.")
    if before.rounds != after.rounds:
        yield Change("rounds", _fields(before.rounds, after.rounds),
                     "Pairs that run keep their end; the next round is made by the new rule.")  # fmt: skip


def _roles(before: ProgrammeFile, after: ProgrammeFile, people: People) -> Iterator[Change]:
    for kind in sorted({*before.roles, *after.roles}):
        old, new, count = before.role(kind), after.role(kind), people.roles.get(kind, 0)
        if old.places != new.places:
            yield Change(f"roles.{kind}.places", _from_to(old.places or "no limit", new.places or "no limit"),
                         _about_places(new.places, count, people.waitlisted))  # fmt: skip
        if new.agreement is not None and (old.agreement is None or old.agreement.version < new.agreement.version):
            what = f"version {new.agreement.version}"
            yield Change(
                f"roles.{kind}.agreement", what, f"{_people(count)} asked for a yes, and paired anew only after it."
            )
        elif new.agreement is None and old.agreement is not None:
            yield Change(f"roles.{kind}.agreement", "taken out", "Nobody is asked any more; what was accepted is kept.")
        elif new.agreement is not None and old.agreement is not None and new.agreement != old.agreement:
            yield Change(f"roles.{kind}.agreement", "other words, no higher version",
                         "Nobody is asked again. Give it a higher version if they should be.")  # fmt: skip
        if old.capacity != new.capacity:
            yield Change(f"roles.{kind}.capacity", _from_to(old.capacity, new.capacity),
                         "For who joins from now on; others keep theirs.")  # fmt: skip
        if (old.hours_a_week, old.summary) != (new.hours_a_week, new.summary):
            yield Change(f"roles.{kind}", "other words", "Shown from now on.")


def _about_places(places: int | None, count: int, waitlisted: int) -> str:
    if places is not None and count > places:
        return f"{count} are in it: nobody is put out, and nobody new comes in until {count - places + 1} have left."
    free = waitlisted if places is None else min(waitlisted, places - count)
    return f"{_people(free)} let in from the waiting list." if free else "Nobody waits for a place."


def _asked(before: ProgrammeFile, after: ProgrammeFile, people: People) -> Iterator[Change]:
    old, new = ({one.key: one for one in file.application} for file in (before, after))
    for key in [*new, *(key for key in old if key not in new)]:
        answered = people.answered.get(key, 0)
        if key not in new:
            yield Change(
                f"application.{key}", "no longer asked", f"{answered} answers are kept and still shown to reviewers."
            )
        elif key not in old:
            yield Change(
                f"application.{key}", "new question", f"Not asked of {people.waiting} who have applied already."
            )
        elif old[key] != new[key]:
            effect = (
                f"{answered} answers stay as they were given."
                if old[key].options != new[key].options or old[key].kind != new[key].kind
                else "Shown from now on."
            )
            yield Change(f"application.{key}", _fields(old[key], new[key]), effect)
    if before.eligibility != after.eligibility:
        yield Change("eligibility", "other conditions", "For who applies from now on; nobody is put out.")
    if before.review != after.review:
        effect = "For who applies from now on."
        if before.review is not None and after.review is None:
            effect = f"Nobody reviews any more; {people.waiting} who wait still need a decision."
        yield Change(
            "review",
            "other rules" if before.review and after.review else "new" if after.review else "taken out",
            effect,
        )


def _training(before: ProgrammeFile, after: ProgrammeFile, people: People) -> Iterator[Change]:
    if before.training != after.training:
        late = sum(people.untrained.values())
        effect = (
            f"{_people(late)} not paired anew until they have passed."
            if after.training.gate and late
            else "Nobody is kept out."
        )
        yield Change("training", _fields(before.training, after.training), effect)


def _rest(before: ProgrammeFile, after: ProgrammeFile) -> Iterator[Change]:
    told = {
        "goals": "Measured by the new ones from now on.",
        "checkins": "Other words hold at once; other questions from the next round.",
        "matching": "From the next round; weights that coordinators set in chat go before.",
        "pairs": "For pairs that begin from now on.",
        "surveys": "Those that are not sent out yet follow; what was sent out stays.",
        "milestones": "Counted from what people have done; each is told once, with the next thing that counts.",
        "help": "For questions that are asked from now on.",
        "resources": "Found from now on.",
        "translations": "Shown from now on.",
    }  # fmt: skip
    for name, effect in told.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Change("texts" if name == "translations" else name, _keyed(old, new), effect)


def _keyed(old: Any, new: Any) -> str:
    """Return which keyed tables come, go and change; of other sections, which of their keys."""
    if hasattr(old, "model_dump"):
        return _fields(old, new)
    if isinstance(old, Mapping):
        before, after = dict(old), dict(new)
    else:
        before, after = ({one.key: one for one in rows} for rows in (old, new))
    parts = [f"+{key}" for key in after if key not in before]
    parts += [f"-{key}" for key in before if key not in after]
    parts += [f"~{key}" for key in after if key in before and before[key] != after[key]]
    return ", ".join(parts) or "another order"


def _fields(old: Any, new: Any) -> str:
    """Return which values of a section are others."""
    before, after = old.model_dump(mode="json", by_alias=True), new.model_dump(mode="json", by_alias=True)
    return ", ".join(f"{key}: {_from_to(before[key], after[key])}" for key in after if before.get(key) != after[key])


def _from_to(old: object, new: object) -> str:
    return f"{_short(old)} -> {_short(new)}"


def _short(value: object) -> str:
    text = "none" if value in (None, [], "") else str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _people(count: int) -> str:
    return "One person is" if count == 1 else f"{count} people are"
