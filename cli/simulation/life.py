"""The simulation itself: from what falls due, or what somebody does, to the next, until the weeks are over."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from adapters.playground.town import Message
from bot.chat.actions import ActionId, Button, Choice
from bot.chat.reply import Replace, Reply, Show
from bot.chat.text import Mention, Words
from bot.chat.views import Actions, Text, View
from bot.clock import MovedClock
from bot.merging import KEY as TOGETHER
from bot.programme.file import ProgrammeFile
from bot.roster import RosterRow
from cli.acting import Stage
from cli.compose import Kith
from cli.simulation import learning
from cli.simulation.behaviour import (
    GOES_ON,
    MISSES_A_VISIT,
    NOTES,
    REASONS,
    TAKES_IN,
    THANKS,
    TOPICS,
    WRITES_A_NOTE,
    Persona,
    awake,
    says_yes,
)
from cli.simulation.behaviour import reaction as react
from cli.simulation.cast import COORDINATOR, SPACE, Delivered, RecordingTown, joining_answers

Deed = Callable[[], Awaitable[None]]
WEEK = timedelta(weeks=1)
REVIEWED_AFTER = timedelta(hours=20)
"""A coordinator looks at applications once a day."""

LEARNS_AFTER = timedelta(hours=3)

LOOKS_EVERY = timedelta(minutes=5)
"""A running bot looks every few seconds; looking less often makes a simulated year short, and late by so much."""

SAID = {
    "checkin.met": "says that they met",
    "checkin.scheduled": "says that they have a date",
    "checkin.not_yet": "says: not yet",
    "checkin.help": "asks for help",
    "checkin.later": "asks to be asked tomorrow",
}


YES_OR_NO = {
    "trial.ask": ("trial.answer", GOES_ON),
    "latecomer.mentor_asked": ("latecomer.answer", TAKES_IN),
    "latecomer.pair_asked": ("latecomer.answer", TAKES_IN),
}
"""Questions of two buttons, the first one a yes: view key -> the buttons' name, how likely the yes is."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the story: when, who (a name, or empty), what."""

    at: datetime
    who: str
    what: str


@dataclass(slots=True)
class Life:
    """Everybody's life in one run. `joined` and `gone` hold when somebody came and went; `replies` counts answers."""

    kith: Kith
    clock: MovedClock
    town: RecordingTown
    cast: dict[str, Persona]
    rows: dict[str, RosterRow]
    end: datetime
    file: ProgrammeFile
    looks_every: timedelta = LOOKS_EVERY
    story: list[Line] = field(default_factory=list)
    joined: dict[str, datetime] = field(default_factory=dict)
    gone: dict[str, datetime] = field(default_factory=dict)
    replies: Counter[str] = field(default_factory=Counter)
    _queue: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _thanks: set[tuple[str, str, date]] = field(default_factory=set)
    _count: int = 0
    _seen: int = 0

    @property
    def _stage(self) -> Stage:
        return Stage(self.kith.app, self.town)

    def plan(self) -> None:
        """Put down what everybody will do by themselves: join, visit their page, write a note, leave."""
        begin = self.clock.now()
        for who in self.cast.values():
            if who.joins_after is None:
                continue
            joins = awake(begin + timedelta(hours=who.joins_after), who.zone)
            self._at(joins, partial(self._join, who))
            for week in range(1, int((self.end - begin) / WEEK) + 1):
                self._plan_week(who, begin + week * WEEK, week)
            if who.leaves_after is not None:
                leaves = max(awake(begin + timedelta(hours=who.leaves_after), who.zone), joins + timedelta(days=1))
                self._at(leaves, partial(self._leave, who))

    def _plan_week(self, who: Persona, monday: datetime, week: int) -> None:
        if who.closed and who.share("visits", week) >= MISSES_A_VISIT:
            self._at(awake(monday + timedelta(days=4 * who.share("visit", week)), who.zone), partial(self._visit, who))
        if who.share("note", week) < WRITES_A_NOTE:
            self._at(awake(monday + timedelta(days=6 * who.share("note at", week)), who.zone),
                     partial(self._note, who, week))  # fmt: skip

    async def live(self, progress: Callable[[datetime], None]) -> None:
        """Let the time pass until the end, calling `progress` with each moment at which something happened."""
        while True:
            due = await self.kith.settle()
            self._notice()
            coming = [*([due] if due else []), *(self._queue[0][:1] if self._queue else [])]
            moment = min(coming, default=self.end)
            if moment >= self.end:
                return
            self.clock.set(_on_grid(moment, self.looks_every))
            progress(self.clock.now())
            while self._queue and self._queue[0][0] <= self.clock.now():
                await heapq.heappop(self._queue)[2]()

    def _at(self, moment: datetime, deed: Deed) -> None:
        self._count += 1
        heapq.heappush(self._queue, (moment, self._count, deed))

    def _tell(self, who: str, what: str) -> None:
        self.story.append(Line(self.clock.now(), who, what))

    # -- what members notice

    def _notice(self) -> None:
        while self._seen < len(self.town.delivered):
            self._received(self.town.delivered[self._seen])
            self._seen += 1

    def _received(self, delivered: Delivered) -> None:
        view = delivered.message.view
        if view.key in ("pair.introduced", "pair.joined"):
            self._tell("", f"Introduced: {_names(view)}")
        elif view.key == "application.approved":
            who = self.cast.get(addressee(delivered.message))
            if who is not None and who.handle not in self.joined:
                self._is_in(who)
        elif view.key in YES_OR_NO:
            who = self.cast.get(addressee(delivered.message))
            if who is not None:
                self._chooses(who, delivered.message, *YES_OR_NO[view.key])
        elif view.key in ("checkin.ask", TOGETHER):
            who = self.cast.get(addressee(delivered.message))
            if who is not None:
                self._asked(who, view, delivered.message)

    def _asked(self, who: Persona, view: View, message: Message | None) -> None:
        for checkin, words in questions(view):
            self._thinks_of(who, checkin, words, message)

    def _thinks_of(self, who: Persona, checkin: str, words: Words, message: Message | None) -> None:
        partners = [span.user for span in words if isinstance(span, Mention) and span.user and span.user != who.handle]
        again = f"snoozed {checkin}"
        chosen = react(who, partners, self.clock.now(), again=self.replies[again] > 0)
        if chosen is None:
            return
        if chosen.answer == "checkin.later":
            self.replies[again] += 1
        when = awake(self.clock.now() + chosen.after, who.zone)
        self._at(when, partial(self._press, who, message, ActionId(chosen.answer, checkin), partners))

    def _chooses(self, who: Persona, message: Message, name: str, chance: float) -> None:
        yes, no = (item.action for item in message.actions if isinstance(item, Button) and item.action.name == name)
        chosen = says_yes(who, chance, yes.key, self.clock.now().date())
        if chosen is not None:
            when = awake(self.clock.now() + chosen[1], who.zone)
            self._at(when, partial(self._press, who, message, yes if chosen[0] else no, ()))

    # -- what members do

    async def _join(self, who: Persona) -> None:
        asked = await self._stage.says(who.handle, "/programme join")
        reply = await self._stage.fills(who.handle, asked, joining_answers(self.rows[who.handle], self.file))
        while self._replied(reply) == "programme.agreement" and isinstance(reply, Show | Replace):
            agree = pressable(reply.view, "programme.agree")
            assert agree is not None
            reply = await self._stage.presses(who.handle, None, agree)
        if isinstance(reply, Show | Replace) and reply.view.key == "programme.waiting":
            self._tell(who.name, "applies")
            self._at(self.clock.now() + REVIEWED_AFTER, self._review)
        elif isinstance(reply, Show | Replace) and reply.view.key == "programme.joined":
            self._is_in(who)

    def _is_in(self, who: Persona) -> None:
        self.joined[who.handle] = self.clock.now()
        self._tell(who.name, "joins")
        if self.file.training.gate and any(self.file.training.required.values()):
            self._at(awake(self.clock.now() + LEARNS_AFTER, who.zone), partial(self._learn, who))

    async def _learn(self, who: Persona) -> None:
        """Go through the modules that are asked for, choosing what is right."""
        reply = await self._stage.says(who.handle, "/training next")
        while isinstance(reply, Show | Replace):
            press = learning.next_press(reply.view)
            if press is None:
                break
            reply = await self._stage.presses(who.handle, None, press)
        self._tell(who.name, "has been through the training")

    async def _review(self) -> None:
        """Let the coordinator approve everybody who waits."""
        listed = await self._stage.says(COORDINATOR, "/coord application list")
        waiting = [
            option.value
            for block in (listed.view.blocks if isinstance(listed, Show) else ())
            if isinstance(block, Actions)
            for item in block.items
            if isinstance(item, Choice)
            for option in item.options
        ]
        for application in waiting:
            shown = await self._stage.presses(COORDINATOR, None, ActionId("application.pick", "", application))
            approve = pressable(shown.view, "application.approve") if isinstance(shown, Show) else None
            done = await self._stage.presses(COORDINATOR, None, approve) if approve is not None else None
            if done is not None and self._replied(done) == "application.done" and isinstance(done, Show | Replace):
                for who in mentioned_accounts(done.view):
                    if who in self.cast and who not in self.joined:
                        self._is_in(self.cast[who])

    async def _press(self, who: Persona, message: Message | None, action: ActionId, partners: Sequence[str]) -> None:
        if self._is_gone(who):
            return
        key = self._replied(await self._stage.presses(who.handle, message, action))
        if key in ("checkin.met", "checkin.scheduled", "checkin.not_yet", "checkin.help", "checkin.snoozed"):
            self._tell(who.name, SAID[action.name])
        if key == "checkin.met" and partners and who.share("thanks", action.key) < THANKS:
            thanked = who.pick(partners, "thanks", action.key)
            self._at(self.clock.now() + timedelta(minutes=3), partial(self._thank, who, thanked))

    async def _thank(self, who: Persona, whom: str) -> None:
        reason = who.pick(REASONS[who.locale], "reason", self.clock.now().date())
        if self._is_gone(who) or whom not in self.town.spaces[SPACE].users:
            return
        thanks = (who.handle, whom, self.clock.now().date())
        if thanks in self._thanks:
            return  # two questions about one meeting are answered at once, and nobody says thank you twice for it
        self._thanks.add(thanks)
        reply = await self._stage.says(who.handle, f"/kudos give @{whom} {reason}")
        if self._replied(reply) == "kudos.given":
            self._tell(who.name, f"thanks {self.cast[whom].name}: “{reason}”")

    async def _visit(self, who: Persona) -> None:
        """Open the own page: how somebody without direct messages sees what waits for them."""
        if self._is_gone(who) or who.handle not in self.joined:
            return
        reply = await self._stage.says(who.handle, "/me home")
        self._replied(reply)
        if isinstance(reply, Show):
            self._asked(who, reply.view, None)

    async def _note(self, who: Persona, week: int) -> None:
        if self._is_gone(who) or who.handle not in self.joined:
            return
        asked = await self._stage.says(who.handle, "/feedback send")
        text = who.pick(NOTES[who.locale], "text", week)
        values = {"topic": who.pick(TOPICS, "topic", week), "text": text, "mode": "anonymous"}
        reply = await self._stage.fills(who.handle, asked, values)
        if self._replied(reply) == "feedback.sent":
            self._tell("", "Somebody writes a note without a name")

    async def _leave(self, who: Persona) -> None:
        self.gone[who.handle] = self.clock.now()
        if who.leaves_the_space:
            await self._stage.happens(self.town.leave(who.handle))
            self._tell(who.name, "leaves the community")
            return
        reply = await self._stage.says(who.handle, "/programme leave")
        action = pressable(reply.view, "programme.leave") if isinstance(reply, Show) else None
        if action is not None:
            self._replied(await self._stage.presses(who.handle, None, action))
            self._tell(who.name, "leaves the programme")

    def _is_gone(self, who: Persona) -> bool:
        return who.handle in self.gone

    def _replied(self, reply: Reply) -> str:
        key = reply.view.key if isinstance(reply, Show | Replace) else type(reply).__name__.lower()
        self.replies[key] += 1
        return key


def _on_grid(moment: datetime, every: timedelta) -> datetime:
    """Return the first moment from this one on at which the simulation looks; `every` divides a day."""
    past = timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
    late = past % every
    return moment - late + every if late else moment


def mentioned_accounts(view: View) -> list[str]:
    """Return the accounts that a message mentions."""
    spans = [span for block in view.blocks if isinstance(block, Text) for span in block.words]
    return [span.user for span in spans if isinstance(span, Mention) and span.user]


def pressable(view: View, name: str) -> ActionId | None:
    """Return the first button of this name in a message."""
    for block in view.blocks:
        for item in block.items if isinstance(block, Actions) else ():
            if isinstance(item, Button) and item.action.name == name:
                return item.action
    return None


def questions(view: View) -> Iterator[tuple[str, Words]]:
    """Yield (id of the check-in, the words above the buttons) for the check-ins in a message or page."""
    above: Words = ()
    for block in view.blocks:
        if isinstance(block, Text):
            above = block.words
        if isinstance(block, Actions):
            found = pressable(View("", (block,)), "checkin.met")
            if found is not None:
                yield found.key, above


def addressee(message: Message) -> str:
    """Return the account that a message is for: of its DM, or the one it names first where others read it too."""
    if message.channel.startswith("dm-"):
        return message.channel.removeprefix("dm-")
    for block in message.view.blocks:
        for span in block.words if isinstance(block, Text) else ():
            if isinstance(span, Mention) and span.user:
                return span.user
    return ""


def _names(view: View) -> str:
    words = next((block.words for block in view.blocks if isinstance(block, Text)), ())
    return " and ".join(span.name for span in words if isinstance(span, Mention))
