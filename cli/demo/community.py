"""The demo community: its town, its people, its programme, brought to life by what its members do themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from adapters.playground.inspection import Step
from adapters.playground.town import Town, User
from bot.chat.spec import Audience
from bot.features.programme.files import apply
from bot.programme.file import read as read_programme
from bot.roster import RosterRow
from bot.roster import read as read_roster
from cli.acting import Stage, close_in, join, lay_out, only_community, set_up

HERE = Path(__file__).parent
SPACE, NAME = "north-bank", "North Bank Makers"
LANGUAGE, ZONE = "en", "Europe/Madrid"
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""A Monday, half past ten in Madrid; the first round is made on Tuesday at ten."""

NEWCOMER, MEMBER = "newcomer", "member"
STAFF = {"coordinator": Audience.COORDINATOR, "moderator": Audience.MODERATOR}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A person of the demo. `part`: newcomer (not joined), member (joined), coordinator or moderator."""

    row: RosterRow
    part: str

    @property
    def user(self) -> User:
        """Their account in the town."""
        role = STAFF.get(self.part)
        return User(
            self.row.handle, self.row.name, self.row.handle, self.row.timezone, self.row.extra["locale"],
            roles=frozenset({role.value} if role else ()), admin=role is Audience.COORDINATOR,
        )  # fmt: skip


def neighbours() -> list[Neighbour]:
    """Return everybody of the demo, those who have not joined yet first."""
    return [Neighbour(row, row.extra["part"]) for row in read_roster(HERE / "people.csv").rows]


def settle(town: Town, people: list[Neighbour]) -> None:
    """Build the space with its channels and let everybody in. The same on every start."""
    lay_out(town, SPACE, NAME)
    for person in people:
        town.add_user(SPACE, person.user)
    close_in(town, SPACE)


async def found(stage: Stage, people: list[Neighbour]) -> None:
    """Set the community up, apply the programme, let the members join. Doing it again changes nothing."""
    coordinator = next(person.row.handle for person in people if person.part == "coordinator")
    await set_up(stage, coordinator, name=NAME, language=LANGUAGE, zone=ZONE)
    file = read_programme(HERE / "programme.toml")
    await stage.app.work(await only_community(stage.app.database), lambda work: apply(work, file))
    for person in people:
        if person.part == MEMBER:
            await join(stage, person.row)


def first_steps(people: list[Neighbour]) -> tuple[Step, ...]:
    """Return what a visitor may try first, with the people of the demo in it."""
    new = next(person.row for person in people if person.part == NEWCOMER)
    other = next(person.row for person in people if person.part == MEMBER)
    first, another = new.name.split()[0], other.name.split()[0]
    return (
        Step("Join", f"{first} joins with a short form.", line="/programme join", user=new.handle),
        Step("Let a day pass", "On Tuesday morning the first pairs are made and introduced.", move="day"),
        Step("Look into the pair room", f"It is in {first}'s list of places: who it is, and why the two of you."),
        Step("Jump to what is next", "On Thursday afternoon, each on their own clock, Kith asks who met.", move="next"),
        Step("Say thanks", f"{another} thanks {first}, who decides whether others see it.",
             line=f"/kudos give @{new.handle} ", user=other.handle),
        Step("Speak up", "Send feedback that carries no name.", line="/feedback send", user=new.handle),
        Step("Be the coordinator", "See how the programme stands.", line="/coord status", user="vera"),
    )  # fmt: skip
