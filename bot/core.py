"""What the core itself brings, as if it were a feature: drafts, schedules, dead letters, basic settings."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import storage.inbox
import storage.outbox
import storage.schedule
from bot import filling, outcome, rights, schedules
from bot.chat.spec import ButtonSpec
from bot.context import Work
from bot.feature import Feature, Personal, Setting, Sweep
from bot.i18n import N_
from storage.community import Community
from storage.draft import Draft
from storage.schedule import Occurrence, Schedule

INBOX_KEPT = timedelta(days=7)
"""How long request ids are remembered: platforms redeliver within hours."""

SHOWN_KEPT = timedelta(days=14)
"""How long the parts of a message are kept, so that one can be answered and the others stay."""

ROOMS = (("room", N_("A room of their own")), ("dm", N_("Direct messages")))

SETTINGS = (
    Setting(
        key="core.coordinator_roles", kind="roles", label=N_("Who coordinates"), setup=True,
        hint=N_("Roles or groups. Empty: the administrators of this space."),
    ),
    Setting(
        key="core.moderator_roles", kind="roles", label=N_("Who moderates"), setup=True,
        hint=N_("Roles or groups. Empty: the administrators of this space."),
    ),
    Setting(
        key="core.coordinator_channel", kind="channel", label=N_("Channel for coordinators"), setup=True,
        hint=N_("Private. I tell you there who asks for help and what could not be delivered."),
    ),
    Setting(
        key="core.moderator_channel", kind="channel", label=N_("Channel for moderators"), setup=True,
        hint=N_("Private. I say there that something waits for them, never what it says."),
    ),
    Setting(
        key="core.room_channel", kind="channel", label=N_("Channel for pair rooms"),
        hint=N_("On Discord, rooms stand under it. Empty: one called pair-rooms, or the first I may use."),
    ),
    Setting(
        key="core.rooms", kind="choice", label=N_("Where pairs meet"), options=ROOMS, default="room", setup=True,
        hint=N_("A private room for each pair, or direct messages only."),
    ),
)  # fmt: skip

PERSONAL = (
    Personal(
        table="member", members=("id",), forget="redact",
        texts=(
            "handle", "name", "email", "zone", "language", "languages", "offers", "wants", "interests", "goals",
            "availability", "level", "grouping", "avoid", "pronouns", "needs",
        ),
        why=N_("Who you are and what you told us about yourself."),
    ),
    Personal(table="identity", members=("member_id",), forget="delete", why=N_("Your accounts here.")),
    Personal(table="role", members=("member_id",), forget="keep", why=N_("What you are in which programme.")),
    Personal(
        table="draft", members=("member_id",), forget="delete", retain=filling.DRAFTS_KEPT, dated="updated_at",
        why=N_("Forms that you began and did not send."),
    ),
    Personal(
        table="outbox", members=("to_id",), forget="delete", retain=timedelta(days=90), dated="sent_at",
        why=N_("Messages to you: when, and of which kind. What they said is erased once they are sent."),
    ),
    Personal(
        table="nudge", members=("member_id",), forget="delete", retain=timedelta(days=90), dated="decided_at",
        why=N_("What I decided about asking you something: when, of which kind, and why or why not."),
    ),
    Personal(
        table="audit", members=("actor_id",), forget="keep", why=N_("What you did as a coordinator or moderator.")
    ),
)  # fmt: skip


async def _tell_dead(work: Work, schedule: Schedule, occurrence: Occurrence) -> None:  # noqa: ARG001
    await outcome.tell_dead(work)


async def _tidy(work: Work, schedule: Schedule, occurrence: Occurrence) -> None:  # noqa: ARG001
    await rights.tidy(work)
    await storage.outbox.forget_shown(work.db, work.community.id, work.now - SHOWN_KEPT)
    await storage.inbox.forget_before(work.db, work.now - INBOX_KEPT)


async def _look_daily(work: Work, community: Community) -> None:
    for kind, at in (("core.dead_letters", time(9)), ("core.tidy", time(4, 30))):
        first = datetime.combine(date(2026, 1, 1), at)
        await schedules.keep(work, kind, "", zone=community.zone, rule="FREQ=DAILY", anchor=first)


CORE = Feature(
    name="core",
    always=True,
    buttons=(
        ButtonSpec(name="drafts.open", handler=filling.reopen, row=Draft, opens_form=True),
        ButtonSpec(name="drafts.kept", handler=filling.reopen_kept, sensitive=True, opens_form=True),
    ),
    sweeps=(
        Sweep(name="core.schedules", due=storage.schedule.due, next_due=storage.schedule.next_due, run=schedules.run),
    ),
    schedules={"core.dead_letters": _tell_dead, "core.tidy": _tidy},
    reacts={"community.ready": _look_daily},
    messages={"core.dead_letters": outcome.dead_letters},
    settings=SETTINGS,
    personal=PERSONAL,
)
