"""A programme as a file: TOML in, a checked `ProgrammeFile` out, with every problem named at once."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from babel import Locale, UnknownLocaleError
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.availability import DAYS
from bot.languages import find_language
from bot.matching import Mode, Part, Rules
from bot.programme_problems import (
    Place,
    Problem,
    ProgrammeFileError,
    findings,
    nearest,
    problems_in,
    syntax_problem,
    wrong,
)
from bot.questions import LABEL_LENGTH, MOST_LABELS
from bot.training import MODULES
from bot.zones import find_zone, nearest_zone

__all__ = ["Problem", "ProgrammeFile", "ProgrammeFileError", "parse", "read"]

VERSION = 1
"""The version of the format that this Kith reads and writes, the file's first key: `kith = 1`."""

Kind = Literal["mentoring", "peers", "circles", "help"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
RoleName = Literal["mentor", "mentee", "peer"]


def _wall(value: time) -> time:
    if value.tzinfo is not None:
        raise wrong("A time has no zone of its own here.", "Write it like 18:00.")
    return value


Count = Annotated[int, Field(strict=True)]
Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=1000)]
WallTime = Annotated[time, AfterValidator(_wall)]
Key = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=40)]

_ROLES_OF: Mapping[str, tuple[RoleName, ...]] = {
    "mentoring": ("mentor", "mentee"),
    "peers": ("peer",),
    "circles": ("peer",),
    "help": ("mentor", "mentee"),
}


class Measure(StrEnum):
    """What a goal can be measured by."""

    MATCHED = "matched"
    """Share of the members who asked for a partner and have one, 0 to 1."""
    MET = "met"
    """Share of the pairs that met, 0 to 1."""
    ANSWERED = "answered"
    """Share of the check-ins that were answered, 0 to 1."""
    STAYED = "stayed"
    """Share of the members still active on the due date, 0 to 1."""
    SATISFIED = "satisfied"
    """Mean answer to the satisfaction question, 1 to 5."""
    HOURS = "hours"
    """Hours of confirmed sessions, all pairs together."""
    MEMBERS = "members"
    """Members who joined."""


_SHARES = (Measure.MATCHED, Measure.MET, Measure.ANSWERED, Measure.STAYED)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Goal(_Section):
    """What the programme wants to reach: a measure, its target (a share, a mean or a number, see Measure), by when.

    `due` is a date, or `due_week` counts weeks from the start of the cohort.
    """

    key: Key
    text: Text
    measure: Measure
    target: Annotated[float, Field(gt=0)]
    due: date | None = None
    due_week: Annotated[Count, Field(ge=1, le=520)] | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.due is None) == (self.due_week is None):
            raise wrong("A goal is due on a date or in a week.", "Give either due or due_week.")
        if self.measure in _SHARES and self.target > 1:
            cure = (
                f"Write {self.target / 100:g} for {self.target:g} %." if self.target <= 100 else "Write 0.8 for 80 %."
            )
            raise wrong(f"“{self.measure}” is a share between 0 and 1.", cure)
        if self.measure is Measure.SATISFIED and not 1 <= self.target <= 5:
            raise wrong("“satisfied” is a mean between 1 and 5.", "Write a target like 4.0.")
        return self


class Rounds(_Section):
    """When rounds start and how long their pairs last.

    A round starts every `every_weeks` weeks on `weekday` at `at`, in the programme's time zone, counted from `anchor`
    (a date; by default the first such day on or after the day the cohort opens). Its pairs last `length_weeks`, by
    default until the next round.
    """

    every_weeks: Annotated[Count, Field(ge=1, le=104)] = 2
    length_weeks: Annotated[Count, Field(ge=1, le=104)] | None = None
    weekday: Day = "mon"
    at: WallTime = time(10)
    anchor: date | None = None

    @model_validator(mode="after")
    def _anchor_falls_on_the_day(self) -> Self:
        if self.anchor and DAYS[self.anchor.weekday()] != self.weekday:
            cure = f'Move it, or write weekday = "{DAYS[self.anchor.weekday()]}".'
            raise findings([("anchor", f"{self.anchor} is not a {self.weekday}.", cure)])
        return self

    @property
    def weeks(self) -> int:
        """How many weeks a pair lasts."""
        return self.length_weeks or self.every_weeks


Label = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=LABEL_LENGTH)]


class CheckIn(_Section):
    """A question to the members of a pair, on a weekday at each member's own local time, in the given weeks of the
    round (1 is the first), or in every week when none is given.

    `when` asks once a round instead: in its middle, or in its last week. `answers` says what can be pressed: met
    (met, scheduled, not yet, help), scale (1 to 5), two to five labels, or text, which stays with who wrote it.
    """

    key: Key
    weekday: Day = "thu"
    at: WallTime = time(17)
    question: Text
    weeks: tuple[Annotated[Count, Field(ge=1)], ...] = ()
    when: Literal["middle", "end"] | None = None
    answers: Literal["met", "scale", "text"] | tuple[Label, ...] = "met"

    @field_validator("answers", mode="before")
    @classmethod
    def _few_short_answers(cls, answers: object) -> object:
        if isinstance(answers, str) and answers in ("met", "scale", "text"):
            return answers
        if not isinstance(answers, list | tuple):
            cure = 'Write "met", "scale", "text" or labels like ["Good", "Not so good"].'
            raise wrong("This is no way to answer.", cure)
        labels = [label.strip() if isinstance(label, str) else "" for label in answers]
        if not 2 <= len(labels) <= MOST_LABELS or len(set(labels)) != len(labels):
            raise wrong("A question has two to five different labels.", "Change their number, or leave doubles out.")
        if any(not 1 <= len(label) <= LABEL_LENGTH for label in labels):
            raise wrong("A label is a short text.", f"Write each in quotes, with at most {LABEL_LENGTH} characters.")
        return tuple(labels)

    @model_validator(mode="after")
    def _when_or_weeks(self) -> Self:
        if self.when and self.weeks:
            raise wrong("A question is asked in certain weeks, or once a round.", "Give either weeks or when.")
        return self

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the file's own, if it has any."""
        return self.answers if isinstance(self.answers, tuple) else ()


class Matching(_Section):
    """The hard rules and weights of a round; see `bot.matching.Rules`, whose defaults these are."""

    min_overlap_hours: Annotated[Count, Field(ge=0, le=168)] = 1
    no_repeat_rounds: Annotated[Count, Field(ge=0)] = 4
    shared_language: bool = True
    across_spaces: bool = False
    circle_size: Annotated[Count, Field(ge=2, le=5)] = 4
    weights: Mapping[Part, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(default_factory=dict)


class Pairs(_Section):
    """What happens in the life of a pair.

    `agreement`: pairs are offered a form about how they work together. `trial_weeks`: after so many weeks each member
    is asked in secret whether to go on; None for no trial. `late_joiners`: who joins after a round was published is
    offered to a mentor with room, or to a pair that says yes to a third.
    """

    agreement: bool = True
    trial_weeks: Annotated[Count, Field(ge=1, le=52)] | None = None
    late_joiners: bool = False


class Role(_Section):
    """What a role asks of people: `capacity` partners at once (their own number may be lower), hours a week, why."""

    capacity: Annotated[Count, Field(ge=1, le=50)] = 1
    hours_a_week: Annotated[float, Field(gt=0, le=40)] | None = None
    summary: Text | None = None


class Training(_Section):
    """Which modules each role goes through (see `bot.training.MODULES`).

    `gate`: who has not passed those of a role is not paired in it.
    """

    mentor: tuple[str, ...] = ()
    mentee: tuple[str, ...] = ()
    peer: tuple[str, ...] = ()
    gate: bool = True

    @field_validator("mentor", "mentee", "peer")
    @classmethod
    def _known(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        for key in keys:
            if key not in MODULES:
                near = get_close_matches(key, MODULES, n=1)
                cure = f"Was “{near[0]}” meant?" if near else f"There are: {', '.join(MODULES)}."
                raise wrong(f"There is no module “{key}”.", cure)
        if len(set(keys)) != len(keys):
            raise wrong("A module stands twice.", "Leave doubles out.")
        return keys

    @property
    def required(self) -> Mapping[str, tuple[str, ...]]:
        """Role -> its modules."""
        return {"mentor": self.mentor, "mentee": self.mentee, "peer": self.peer}


class Milestone(_Section):
    """Something worth a word when it is reached: for the first, the fifth ... of what `on` counts.

    `on`: session (confirmed), goal (reached), answer (a question that the member's answer solved), thanks (different
    people whom the member thanked), training (modules passed), cohort (finished), anniversary (years since they
    joined). `at` are the counts, each congratulated once; with `badge` they are the levels of a badge of that name.
    `text` is said instead of Kith's own words.
    """

    key: Key
    on: Literal["session", "goal", "answer", "thanks", "training", "cohort", "anniversary"]
    at: Annotated[tuple[Annotated[Count, Field(ge=1, le=10_000)], ...], Field(min_length=1, max_length=6)] = (1,)
    badge: Label | None = None
    text: Annotated[Text, Field(max_length=300)] | None = None

    @field_validator("at")
    @classmethod
    def _rising(cls, at: tuple[int, ...]) -> tuple[int, ...]:
        if list(at) != sorted(set(at)):
            raise wrong("The counts of a milestone rise.", f"Write at = {sorted(set(at))}.")
        return at


class ProgrammeFile(_Section):
    """A programme: what it is for, who is in it, when it pairs people and asks how it goes.

    The texts of the file itself are in `language`; `texts(locale)` gives them in others. `timezone` is that of the
    rounds; members' own messages go by their own clocks.
    """

    kith: Literal[1]
    name: Annotated[Text, Field(max_length=80)]
    slug: Key
    kind: Kind
    summary: Text
    language: str = "en"
    timezone: str = "UTC"
    goals: tuple[Goal, ...] = ()
    roles: Mapping[RoleName, Role] = Field(default_factory=dict)
    rounds: Rounds = Rounds()
    checkins: tuple[CheckIn, ...] = ()
    matching: Matching = Matching()
    pairs: Pairs = Pairs()
    training: Training = Training()
    milestones: tuple[Milestone, ...] = ()
    translations: Mapping[str, Mapping[str, Text]] = Field(default_factory=dict, alias="texts")

    @field_validator("kith", mode="before")
    @classmethod
    def _version(cls, version: object) -> object:
        if version != VERSION:
            cure = f"Write kith = {VERSION}, or update Kith when the file was made by a newer one."
            raise wrong(f"This Kith reads version {VERSION} of the format, not {version!r}.", cure)
        return version

    @field_validator("language")
    @classmethod
    def _language(cls, code: str) -> str:
        if found := _not_a_locale(code):
            raise findings([("", *found)])
        return code

    @field_validator("timezone")
    @classmethod
    def _timezone(cls, name: str) -> str:
        zone = find_zone(name)
        if zone is None:
            near = nearest_zone(name)
            cure = f"Was “{near}” meant?" if near else "Write a name like Europe/Madrid."
            raise wrong(f"“{name}” is not a time zone.", cure)
        return zone

    @field_validator("translations", mode="before")
    @classmethod
    def _flat(cls, texts: object) -> object:
        """`[texts.es]` may hold tables: `checkins.half_time = "..."` becomes one dotted key."""
        if not isinstance(texts, dict):
            return texts
        return {code: dict(_flattened(table)) if isinstance(table, dict) else table for code, table in texts.items()}

    @field_validator("translations")
    @classmethod
    def _locales(cls, texts: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
        if found := [(code, *bad) for code in texts if (bad := _not_a_locale(code))]:
            raise findings(found)
        return texts

    def texts(self, locale: str) -> Mapping[str, str]:
        """Every text of the programme by its key, in the language that comes nearest to `locale` (`es-MX`, then `es`).

        Keys are `name`, `summary`, `goals.KEY`, `checkins.KEY`, `roles.ROLE` and, for the labels of a check-in,
        `answers.KEY.1`, `answers.KEY.2`; of milestones `milestones.KEY` and `badges.KEY`. What is not translated
        comes in the language of the file.
        """
        language = locale.replace("_", "-").split("-")[0]
        nearest_texts = {**self.translations.get(language, {}), **self.translations.get(locale.replace("_", "-"), {})}
        return {**self._base_texts(), **nearest_texts}

    def _base_texts(self) -> dict[str, str]:
        return {
            "name": self.name,
            "summary": self.summary,
            **{f"goals.{goal.key}": goal.text for goal in self.goals},
            **{f"checkins.{checkin.key}": checkin.question for checkin in self.checkins},
            **{
                f"answers.{checkin.key}.{place}": label
                for checkin in self.checkins
                for place, label in enumerate(checkin.labels, 1)
            },
            **{f"roles.{name}": role.summary for name, role in self.roles.items() if role.summary},
            **{f"milestones.{one.key}": one.text for one in self.milestones if one.text},
            **{f"badges.{one.key}": one.badge for one in self.milestones if one.badge},
        }

    def role(self, name: str) -> Role:
        """What the file asks of a role, or its defaults."""
        return next((role for key, role in self.roles.items() if key == name), Role())

    @property
    def mode(self) -> Mode | None:
        """How rounds match people; None for a help queue, which has no rounds."""
        modes: Mapping[str, Mode] = {"mentoring": "mentor", "peers": "peer", "circles": "circles"}
        return modes.get(self.kind)

    def rules(self) -> Rules:
        """The rules of a round, for the matching engine."""
        return Rules(**self.matching.model_dump())


def read(path: Path) -> ProgrammeFile:
    """Read a programme file. Raises ProgrammeFileError with every problem, each with its place and cure."""
    return parse(_values(path), path)


def matching_rules(path: Path) -> Rules:
    """Read the rules of matching alone: a programme file's section `matching`, or a file with nothing but its keys.

    A file with nothing but weights is read too. Raises ProgrammeFileError as `read` does.
    """
    values = _values(path)
    section = values.get("matching", values)
    if section and not section.keys() & Matching.model_fields.keys():
        section = {"weights": section}
    try:
        return Rules(**_OnlyMatching.model_validate({"matching": section}).matching.model_dump())
    except ValidationError as error:
        raise ProgrammeFileError(path, tuple(problems_in(error, _keys_beside))) from error


class _OnlyMatching(_Section):
    matching: Matching


def _values(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        what = f"The file cannot be opened: {(error.strerror or 'unknown').lower()}."
        raise ProgrammeFileError(path, (Problem(what, "Check the path."),)) from error
    except UnicodeDecodeError as error:
        problem = Problem("The file is not text in UTF-8.", "Save it as UTF-8 in a text editor.")
        raise ProgrammeFileError(path, (problem,)) from error
    except tomllib.TOMLDecodeError as error:
        raise ProgrammeFileError(path, (syntax_problem(error),)) from error


def parse(values: Mapping[str, Any], path: Path = Path("programme")) -> ProgrammeFile:
    """Check a programme that is already values, as TOML gives them; `path` names it in errors. Raises as `read`.

    Only what comes through here is free of contradictions between sections; the model alone checks each by itself.
    """
    problems = list(_contradictions(values))
    try:
        programme = ProgrammeFile.model_validate(values)
    except ValidationError as error:
        raise ProgrammeFileError(path, (*problems_in(error, _keys_beside), *problems)) from error
    if problems:
        raise ProgrammeFileError(path, tuple(problems))
    return programme


def _contradictions(values: Mapping[str, Any]) -> Iterator[Problem]:
    """What one section says against another. It reads raw values, so that a mistake elsewhere does not hide it."""
    for section in ("goals", "checkins", "milestones"):
        keys = [str(table.get("key")) for table in _tables(values, section) if "key" in table]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield Problem(f"The key “{key}” is used twice.", "Give each its own.", section)
    yield from _foreign_roles(values)
    yield from _weeks_too_late(values)
    yield from _trial_too_long(values)
    known = _known_texts(values)
    for code, texts in _table(values, "texts").items():
        for key in dict(_flattened(texts)) if isinstance(texts, dict) else ():
            if key not in known:
                yield Problem("The programme has no such text.", nearest(key, known), f"texts.{code}.{key}")


def _foreign_roles(values: Mapping[str, Any]) -> Iterator[Problem]:
    kind = str(values.get("kind"))
    allowed = _ROLES_OF.get(kind, ())
    for name in _table(values, "roles"):
        if allowed and name in get_args(RoleName) and name not in allowed:
            what = f"A programme of kind “{kind}” has no {name}s."
            yield Problem(what, f"Use {' and '.join(allowed)}.", f"roles.{name}")


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


def _known_texts(values: Mapping[str, Any]) -> list[str]:
    keyed = [f"{section}.{table.get('key')}" for section in ("goals", "checkins") for table in _tables(values, section)]
    roles = [
        f"roles.{name}"
        for name, role in _table(values, "roles").items()
        if isinstance(role, dict) and "summary" in role
    ]
    labels = [
        f"answers.{table.get('key')}.{place}"
        for table in _tables(values, "checkins")
        if isinstance(table.get("answers"), list | tuple)
        for place in range(1, len(table["answers"]) + 1)
    ]
    praised = [
        f"{section}.{table.get('key')}"
        for table in _tables(values, "milestones")
        for section, word in (("milestones", "text"), ("badges", "badge"))
        if word in table
    ]
    return ["name", "summary", *keyed, *labels, *roles, *praised]


def _table(values: Mapping[str, Any], section: str) -> dict[str, Any]:
    table = values.get(section)
    return table if isinstance(table, dict) else {}


def _tables(values: Mapping[str, Any], section: str) -> list[dict[str, Any]]:
    tables = values.get(section)
    return [table for table in tables if isinstance(table, dict)] if isinstance(tables, list) else []


def _flattened(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flattened(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _not_a_locale(code: str) -> tuple[str, str] | None:
    try:
        Locale.parse(code, sep="-")
    except (ValueError, UnknownLocaleError):
        meant = find_language(code)
        return (
            f"“{code}” is not the code of a language.",
            f"Was “{meant}” meant?" if meant else "Write one like en or es-MX.",
        )
    return None


_SECTIONS: Mapping[str, type[_Section]] = {
    "goals": Goal,
    "roles": Role,
    "rounds": Rounds,
    "checkins": CheckIn,
    "matching": Matching,
    "pairs": Pairs,
    "milestones": Milestone,
    "training": Training,
}


def _keys_beside(place: Place) -> list[str]:
    section = _SECTIONS.get(str(place[0]), ProgrammeFile) if len(place) > 1 else ProgrammeFile
    return [field.alias or name for name, field in section.model_fields.items()]
