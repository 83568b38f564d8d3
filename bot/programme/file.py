"""A programme as a file: TOML in, a checked `ProgrammeFile` out, with every problem named at once."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from babel import Locale, UnknownLocaleError
from pydantic import Field, ValidationError, field_validator

from bot.languages import find_language
from bot.matching import Mode, Rules
from bot.programme.checks import contradictions, flattened
from bot.programme.joining import MOST_QUESTIONS, Help, Need, Question, Resource, Review
from bot.programme.problems import Place, Problem, ProgrammeFileError, findings, problems_in, syntax_problem, wrong
from bot.programme.sections import CheckIn, Goal, Matching, Milestone, Pairs, Role, Rounds, Survey, Training
from bot.programme.values import Key, Kind, RoleName, Section, Text
from bot.zones import find_zone, nearest_zone

__all__ = ["Problem", "ProgrammeFile", "ProgrammeFileError", "parse", "read"]

VERSION = 1
"""The version of the format that this Kith reads and writes, the file's first key: `kith = 1`."""


class ProgrammeFile(Section):
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
    surveys: tuple[Survey, ...] = ()
    application: Annotated[tuple[Question, ...], Field(max_length=MOST_QUESTIONS)] = ()
    eligibility: tuple[Need, ...] = ()
    review: Review | None = None
    help: Help = Help()
    resources: tuple[Resource, ...] = ()
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
        return {code: dict(flattened(table)) if isinstance(table, dict) else table for code, table in texts.items()}

    @field_validator("translations")
    @classmethod
    def _locales(cls, texts: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
        if found := [(code, *bad) for code in texts if (bad := _not_a_locale(code))]:
            raise findings(found)
        return texts

    def texts(self, locale: str) -> Mapping[str, str]:
        """Every text of the programme by its key, in the language that comes nearest to `locale` (`es-MX`, then `es`).

        Keys are `name`, `summary`, `goals.KEY`, `checkins.KEY`, `roles.ROLE` and, for the labels of a check-in,
        `answers.KEY.1`, `answers.KEY.2`; of milestones `milestones.KEY` and `badges.KEY`; of an application
        `application.KEY`, `hints.KEY`, `options.KEY.1`, `eligibility.1`, `agreements.ROLE`, `criteria.KEY`,
        `words.approved`; `resources.KEY` and `resource_texts.KEY`. What is not translated comes in the language of
        the file.
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
            **self._joining_texts(),
            **{f"resources.{one.key}": one.title for one in self.resources},
            **{f"resource_texts.{one.key}": one.text for one in self.resources if one.text},
        }

    def _joining_texts(self) -> dict[str, str]:
        review = self.review or Review()
        told = {"approved": review.words.approved, "waitlisted": review.words.waitlisted}
        return {
            **{f"application.{one.key}": one.question for one in self.application},
            **{f"hints.{one.key}": one.hint for one in self.application if one.hint},
            **{
                f"options.{one.key}.{place}": label
                for one in self.application
                for place, label in enumerate(one.options, 1)
            },
            **{f"eligibility.{place}": need.text for place, need in enumerate(self.eligibility, 1)},
            **{f"agreements.{name}": role.agreement.text for name, role in self.roles.items() if role.agreement},
            **{f"criteria.{one.key}": one.text for one in review.criteria},
            **{f"words.{name}": text for name, text in (*told.items(), ("declined", review.words.declined)) if text},
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


class _OnlyMatching(Section):
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
    problems = list(contradictions(values))
    try:
        programme = ProgrammeFile.model_validate(values)
    except ValidationError as error:
        raise ProgrammeFileError(path, (*problems_in(error, _keys_beside), *problems)) from error
    if problems:
        raise ProgrammeFileError(path, tuple(problems))
    return programme


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


_SECTIONS: Mapping[str, type[Section]] = {
    "goals": Goal,
    "roles": Role,
    "rounds": Rounds,
    "checkins": CheckIn,
    "matching": Matching,
    "pairs": Pairs,
    "milestones": Milestone,
    "training": Training,
    "surveys": Survey,
    "application": Question,
    "eligibility": Need,
    "review": Review,
    "help": Help,
    "resources": Resource,
}


def _keys_beside(place: Place) -> list[str]:
    section = _SECTIONS.get(str(place[0]), ProgrammeFile) if len(place) > 1 else ProgrammeFile
    return [field.alias or name for name, field in section.model_fields.items()]
