"""What a programme file asks of people before they are in: questions, conditions, an agreement, a review. Resources."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bot.chat import limits
from bot.programme.problems import wrong
from bot.programme.values import Count, Key, RoleName, Section, Text

Short = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=limits.FORM_LABEL)
]
"""What a form can show as the name of a field."""

Hint = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=limits.FORM_HINT)]
Choice = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=limits.OPTION_LABEL)
]
LongText = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=3000)]
Address = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, pattern=r"^https?://[^\s<>]+$", max_length=500)
]
MOST_QUESTIONS = 15
PRIVATE = "private."
"""What the stored name of a private answer begins with."""

ANY_NUMBER = 1_000_000


class Question(Section):
    """A question of the application: its short `question`, a `hint` that says more, and for whom it is (`roles`).

    `kind`: text, choice or multi (of `options`), number (`at_least` to `at_most`), member (of the community), consent
    (a box to tick). Stored are words, the chosen options in the language of the file, a number, the member's id, "yes".

    What is `private` is shown to nobody but its member, and only counted: to see whether a programme serves everybody
    alike. It is a choice, and may be left out.
    """

    key: Key
    kind: Literal["text", "choice", "multi", "number", "member", "consent"] = "text"
    question: Short
    hint: Hint | None = None
    options: Annotated[tuple[Choice, ...], Field(max_length=limits.CHOICE_OPTIONS)] = ()
    at_least: Count = 0
    at_most: Count = ANY_NUMBER
    required: bool = True
    private: bool = False
    roles: tuple[RoleName, ...] = ()

    @property
    def stored(self) -> str:
        """Under which name an answer is kept; no key of a question looks like that of a private one."""
        return f"{PRIVATE}{self.key}" if self.private else self.key

    @model_validator(mode="after")
    def _nobody_has_to_say_what_is_private(self) -> Self:
        if self.private and self.kind != "choice":
            raise wrong("What is private is only counted, so it is a choice.", 'Write kind = "choice" and its options.')
        if self.private and self.required:
            raise wrong("Nobody has to answer what is private.", "Write required = false.")
        return self

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        choosing = self.kind in ("choice", "multi")
        if choosing and (len(self.options) < 2 or len(set(self.options)) != len(self.options)):
            raise wrong("There is nothing to choose from.", "Give at least two different options.")
        if self.options and not choosing:
            raise wrong(f"A question of kind “{self.kind}” has no options.", 'Write kind = "choice" or "multi".')
        if self.kind != "number" and (self.at_least, self.at_most) != (0, ANY_NUMBER):
            raise wrong("Only a number has a least and a most.", 'Write kind = "number", or leave them out.')
        if self.at_least > self.at_most:
            raise wrong("The least is more than the most.", f"Write at_least = {self.at_most}.")
        return self

    def asked_of(self, kinds: tuple[str, ...]) -> bool:
        """Whether somebody who would be this is asked."""
        return not self.roles or bool(set(self.roles) & set(kinds))


class Agreement(Section):
    """What somebody in a role agrees to. A new `version` is asked again of everybody in it."""

    version: Annotated[Count, Field(ge=1)] = 1
    text: LongText


class Condition(Section):
    """Something that holds for an application or does not, for a `role` or for all.

    Either about the answer to a `question` (a number `at_least`, `at_most`; a choice or consent that `is` one of
    these), or `member_days`: for so many days the person has been a member of the community.
    """

    role: RoleName | None = None
    question: Key | None = None
    at_least: Count | None = None
    at_most: Count | None = None
    is_: Annotated[tuple[str, ...], Field(alias="is")] = ()
    member_days: Annotated[Count, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        asks = self.at_least is not None or self.at_most is not None or bool(self.is_)
        if (self.question is None) == (self.member_days is None):
            raise wrong("A rule is about one thing.", "Give either question or member_days.")
        if (self.question is not None) != asks:
            raise wrong("A rule about a question says which answers fit.", "Give at_least, at_most or is.")
        if self.is_ and (self.at_least is not None or self.at_most is not None):
            raise wrong("An answer is a number or a choice.", "Give either is, or at_least and at_most.")
        return self


class Need(Condition):
    """Who does not meet this cannot take the role; `text` says so kindly, before anything is stored."""

    text: Text


class Verdict(Condition):
    """What is decided without a coordinator; the first rule that holds counts, and without one they decide."""

    then: Literal["approve", "waitlist", "decline"]


class Criterion(Section):
    """What reviewers score from 0 to `most`."""

    key: Key
    text: Short
    most: Annotated[Count, Field(ge=1, le=10)] = 5


class Words(Section):
    """What applicants are told instead of Kith's own words."""

    approved: Text | None = None
    waitlisted: Text | None = None
    declined: Text | None = None


class Review(Section):
    """Applications for these `roles` (all when none is named) are decided by coordinators.

    They are reminded of one that waits longer than `remind_days`.
    """

    roles: tuple[RoleName, ...] = ()
    remind_days: Annotated[Count, Field(ge=1, le=60)] = 3
    criteria: Annotated[tuple[Criterion, ...], Field(max_length=10)] = ()
    rules: tuple[Verdict, ...] = ()
    words: Words = Words()

    def of(self, kinds: tuple[str, ...]) -> bool:
        """Whether somebody who would be this is reviewed."""
        return not self.roles or bool(set(self.roles) & set(kinds))


class Help(Section):
    """The help queue: within `target_hours` somebody takes a question, or the next is asked (None: as set)."""

    target_hours: Annotated[Count, Field(ge=1, le=336)] | None = None


class Resource(Section):
    """Something worth reading: a `title`, an address or words of its own, and tags to find it by."""

    key: Key
    title: Annotated[Text, Field(max_length=80)]
    url: Address | None = None
    text: Text | None = None
    tags: Annotated[
        tuple[Annotated[Text, Field(max_length=40)], ...],
        Field(max_length=10),
    ] = ()

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if self.url is None and self.text is None:
            raise wrong("A resource has an address, or words of its own.", "Give url or text.")
        return self
