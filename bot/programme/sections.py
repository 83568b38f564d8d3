"""The sections of a programme file: goals, roles, rounds, check-ins, matching, pairs, training, milestones."""

from collections.abc import Mapping
from datetime import date, time
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from bot.availability import DAYS
from bot.matching import Part
from bot.programme.joining import Agreement
from bot.programme.problems import findings, wrong
from bot.programme.values import Count, Day, Key, Label, RoleName, Section, Text, WallTime
from bot.questions import LABEL_LENGTH, MOST_LABELS
from bot.training import MODULES


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


class Goal(Section):
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


class Rounds(Section):
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


class CheckIn(Section):
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


class Matching(Section):
    """The hard rules and weights of a round; see `bot.matching.Rules`, whose defaults these are."""

    min_overlap_hours: Annotated[Count, Field(ge=0, le=168)] = 1
    no_repeat_rounds: Annotated[Count, Field(ge=0)] = 4
    shared_language: bool = True
    across_spaces: bool = False
    circle_size: Annotated[Count, Field(ge=2, le=5)] = 4
    weights: Mapping[Part, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(default_factory=dict)


class Pairs(Section):
    """What happens in the life of a pair.

    `agreement`: pairs are offered a form about how they work together. `trial_weeks`: after so many weeks each member
    is asked in secret whether to go on; None for no trial. `late_joiners`: who joins after a round was published is
    offered to a mentor with room, or to a pair that says yes to a third.
    """

    agreement: bool = True
    trial_weeks: Annotated[Count, Field(ge=1, le=52)] | None = None
    late_joiners: bool = False


class Role(Section):
    """What a role asks of people: `capacity` partners at once (their own number may be lower), hours a week, why.

    `places`: how many a cohort takes; who comes later waits for one to come free. `agreement`: what they agree to.
    """

    capacity: Annotated[Count, Field(ge=1, le=50)] = 1
    hours_a_week: Annotated[float, Field(gt=0, le=40)] | None = None
    summary: Text | None = None
    places: Annotated[Count, Field(ge=1, le=100_000)] | None = None
    agreement: Agreement | None = None


class Training(Section):
    """Which modules each role goes through (see `bot.training.MODULES`).

    `gate`: who has not passed those of a role is not paired in it. `monthly`: these roles get a short thought to try
    each month.
    """

    mentor: tuple[str, ...] = ()
    mentee: tuple[str, ...] = ()
    peer: tuple[str, ...] = ()
    gate: bool = True
    monthly: tuple[RoleName, ...] = ()

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


class Milestone(Section):
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


class Survey(Section):
    """A survey that goes out by itself: its `template` (as for `/coord survey create`), in which `week` of the cohort.

    It is open for so many `days`. `mode`: confidential, anonymous, or named.
    """

    key: Key
    template: Literal["start", "middle", "end"]
    title: Annotated[Text, Field(max_length=60)]
    week: Annotated[Count, Field(ge=1, le=520)]
    days: Annotated[Count, Field(ge=2, le=90)] = 14
    mode: Literal["confidential", "anonymous", "named"] = "confidential"
    audience: Literal["everybody", "mentor", "mentee", "peer", "pairs"] = "everybody"
