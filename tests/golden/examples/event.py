"""What events say."""

from __future__ import annotations

from typing import Any

from bot.features.event import coordinator_views, views
from bot.features.event.rules import Afterwards
from storage.event import CANCELLED, GOING, LEFT, WAITING, Event, EventSeat
from tests.golden.examples.common import WHEN, Example, of_feature


def _event(**more: Any) -> Event:
    values = {
        "kind": "workshop", "title": "Giving feedback", "about": "How to say what is hard to hear.", "place": "Room 4",
        "starts_at": WHEN, "minutes": 90, "capacity": 12, "host_id": "m-bea",
    } | more  # fmt: skip
    return Event(id="e1", community_id="c", space_id="s", created_at=WHEN, **values)


PLAIN = _event(about="", place="", capacity=0, host_id=None, kind="social", title="Breakfast")
SEAT = EventSeat(id="s1", community_id="c", event_id="e1", member_id="m-ana", since=WHEN)


def _offer(mine: str, going: int = 4, event: Event | None = None) -> views.Offer:
    return views.Offer(event or _event(), going, mine)


def _seat(**more: Any) -> EventSeat:
    return EventSeat(id="s1", community_id="c", event_id="e1", member_id="m-ana", since=WHEN, **more)


EXAMPLES: dict[str, Example] = {
    **of_feature("event"),
    **{f"mistake/{what}": (lambda say, what=what: views.mistake(say, what)) for what in views.MISTAKES},
    "kind_of/circle": lambda say: views.kind_of(say, "circle"),
    "about/everything": lambda say: list(views.about(say, views.told(_event()))),
    "about/short": lambda say: list(views.about(say, views.told(PLAIN), long=False)),
    "card/planned": lambda say: views.card(say, views.told(_event())),
    "card/cancelled": lambda say: views.card(say, views.told(_event(status=CANCELLED))),
    "coming/none": lambda say: views.coming(say, []),
    "coming/none of mine": lambda say: views.coming(say, [], mine=True),
    "coming/some": lambda say: views.coming(
        say, [_offer(LEFT), _offer(LEFT, 12), _offer(GOING), _offer(WAITING, 12), _offer(LEFT, 11), _offer(LEFT)]
    ),
    "coming/mine": lambda say: views.coming(say, [_offer(GOING, 1, PLAIN)], mine=True),
    "details/open": lambda say: views.details(say, _offer(LEFT, 0, PLAIN), is_open=True),
    "details/over": lambda say: views.details(say, _offer(GOING), is_open=False),
    "details/cancelled": lambda say: views.details(say, _offer(GOING, 3, _event(status=CANCELLED)), is_open=False),
    "joined/seat": lambda say: views.joined(say, _event(), place=None, reachable=True),
    "joined/seat, silent": lambda say: views.joined(say, _event(), place=None, reachable=False),
    "joined/waiting, silent": lambda say: views.joined(say, _event(), place=2, reachable=False),
    "joined/waiting": lambda say: views.joined(say, _event(), place=2, reachable=True),
    "left": lambda say: views.left(say, _event()),
    "moved_up": lambda say: views.moved_up(say, views.told(_event())),
    "reminder": lambda say: views.reminder(say, views.told(_event())),
    "changed_for_you": lambda say: views.changed_for_you(say, views.told(_event())),
    "cancelled": lambda say: views.cancelled(say, views.told(_event(status=CANCELLED)) | {"had_seat": True}),
    "cancelled/who waited": lambda say: views.cancelled(say, views.told(_event()) | {"had_seat": False}),
    "how_was_it": lambda say: views.how_was_it(say, views.told(_event()) | {"seat": "s1"}),
    "rated/came": lambda say: views.rated(say, _event(), _seat(came=True, rating=3)),
    "rated/missed": lambda say: views.rated(say, _event(), _seat(came=False)),
    "word_form": lambda say: views.word_form(say, SEAT),
    "home/none": lambda say: list(views.home(say, [])),
    "home/one": lambda say: list(views.home(say, [_offer(GOING)])),
    "step": lambda say: views.step(say, _offer(LEFT)),
    "event_form/new": lambda say: coordinator_views.event_form(say, "workshop", zone="Europe/Madrid"),
    "event_form/circle": lambda say: coordinator_views.event_form(say, "circle", zone="Europe/Madrid"),
    "event_form/known": lambda say: coordinator_views.event_form(
        say, "workshop", zone="Europe/Madrid", event=_event(), wall=WHEN, host="bea"
    ),
    "created/posted": lambda say: coordinator_views.created(say, _event(), posted=True),
    "created/no channel": lambda say: coordinator_views.created(say, PLAIN, posted=False),
    "changed/heard": lambda say: coordinator_views.changed(say, _event(), heard=True),
    "changed/not heard": lambda say: coordinator_views.changed(say, _event(), heard=False),
    "managed/none": lambda say: coordinator_views.managed(say, [], now=WHEN),
    "managed/some": lambda say: coordinator_views.managed(
        say, [(_event(), {GOING: 12, WAITING: 1}), (PLAIN, {GOING: 1}), (_event(status=CANCELLED), {})], now=WHEN
    ),
    "cancelling": lambda say: coordinator_views.cancelling(say, _event(), going=3),
    "was_cancelled": lambda say: coordinator_views.was_cancelled(say, _event()),
    "attendance_form": lambda say: coordinator_views.attendance_form(
        say, _event(), [(_seat(came=True), "Ana"), (SEAT, "")]
    ),
    "results/few": lambda say: coordinator_views.results(say, _event(), Afterwards(4, 2, 3, False, None)),
    "results/still open": lambda say: coordinator_views.results(say, _event(), Afterwards(9, 7, 8, True, None)),
    "results/many": lambda say: coordinator_views.results(
        say, _event(), Afterwards(9, 7, 8, False, {3: 4, 2: 2, 1: 1}, ("More time.", "Thank you."))
    ),
    "who_came": lambda say: coordinator_views.who_came(say, views.told(_event())),
}  # fmt: skip

MODULES = (views, coordinator_views)
"""Where everything that says something has its example."""
