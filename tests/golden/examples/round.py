"""What rounds say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.chat.views import List, View
from bot.features.round import notices, rules, views, weight_views
from bot.features.round.drafts import Drafted
from bot.features.round.edits import Explained, Other
from bot.features.round.rules import Stale
from bot.features.round.weighing import Trial
from bot.insight.learning import Effect, Learned
from bot.matching import PARTS, Group, Person, Reason, Request, Result, Unmatched
from bot.reasons import BLOCKS
from storage.pair import Rematch
from storage.programme import Programme
from storage.round import RoundDraft, RoundWeights
from tests.golden.examples.common import COFFEE, WHEN, Example, of_feature

NAMES = {"m-ana": "Ana", "m-bea": "Bea", "m-chen": "Chen", "m-dia": "Dia"}


def _unmatched(code: str) -> Example:
    return lambda say: notices.unmatched(say, {"programme": "Coffee", "why": [code]})


def _round() -> Result:
    blocked = (
        Reason("no_shared_language", {"people": 3}), Reason("forbidden", {"people": 1}),
        Reason("avoided", {"people": 1}), Reason("code of tomorrow", {"people": 1}),
    )  # fmt: skip
    spoken = (Reason("shared_hours", {"count": 4}),)
    groups = (Group(("m-ana", "m-bea"), 0.91, spoken), Group(("m-chen", "m-dia", "m-eli"), 0.42, ()))
    return Result(groups, (Unmatched("m-fay", blocked),), 1.33, 1.4)


def _request(people: int = 6, mode: str = "peer") -> Request:
    role: Any = "peer" if mode == "peer" else "mentor"
    ids = ["m-ana", "m-bea", "m-chen", "m-dia", "m-eli", "m-fay", *(f"x{number}" for number in range(9))]
    known = tuple(
        Person(one, role=role, group="Lima" if place % 2 else "Porto") for place, one in enumerate(ids[:people])
    )
    return Request("peer", known, history=((1, frozenset({"m-ana", "m-bea"})),), round_index=7)


def _draft(**more: Any) -> RoundDraft:
    row = RoundDraft(id="d1", community_id="c", programme_id="p1", number=2, seed=2, made_by="m-vera", made_at=WHEN)
    for name, value in more.items():
        setattr(row, name, value)
    return row


def _drafted(*, stale: Stale | None = None, result: Result | None = None, people: int = 6, **more: Any) -> Drafted:
    programme = Programme(
        id="p1", community_id="c", slug="coffee", name="Coffee", kind="peers", file={}, created_at=WHEN
    )
    return Drafted(_draft(**more), programme, _request(people), result or _round(), stale or Stale())


DECIDED: dict[str, Any] = {
    "locks": [{"members": ["m-ana", "m-bea"], "by": "lock"}], "forbids": [["m-chen", "m-dia"]],
    "undo": {"kind": "lock"}, "publish_at": WHEN, "made_by": None,
}  # fmt: skip
NOBODY = Result((), (), 0.0)
MENTORED = Result((Group(("m-ana", "m-bea"), 0.5, ()),), (), 0.5)


def _mentored() -> Drafted:
    roles: Any = {"m-ana": "mentor", "m-bea": "mentee", "m-chen": "mentor"}
    people = tuple(Person(one, role=role) for one, role in roles.items())
    return replace(_drafted(result=MENTORED), request=Request("mentor", people, round_index=2))


def _proposal(kind: str) -> RoundDraft:
    return _draft(
        proposal={"token": "0a1b2c", "kind": kind, "members": ["m-ana", "m-chen"], "result": rules.packed(_round())}
    )


def _cost() -> rules.Cost:
    after = replace(_round(), total=1.21, unmatched=())
    return rules.cost(_request(), _round(), after)


def _rematch(kind: str, reason: str) -> Rematch:
    return Rematch(
        id="r1", community_id="c", programme_id="p1", pair_id="q", member_id="m-ana", kind=kind, reason=reason,
        asked_at=WHEN,
    )  # fmt: skip


LEARNED = Learned(240, 150, (Effect("interests", 1.8, 1.3, 2.5), Effect("level", 0.9, 0.7, 1.2)))
UNCLEAR = Learned(80, 40, (Effect("level", 0.9, 0.7, 1.2),))


def _weights() -> RoundWeights:
    return RoundWeights(id="w1", community_id="c", programme_id="p1", version=3, changed_at=WHEN)


def _lines(make: Any) -> Example:
    """Show words on their own as a message of one line."""
    return lambda say: View("round.words", (List((make(say),)),))


EVEN = dict.fromkeys(PARTS, 11)
TOMORROW = {"programme_id": "p1", "programme": "Coffee", "number": 3, "at": WHEN.isoformat()}
AHEAD: dict[str, Any] = {
    "programme": "Coffee", "slug": "coffee", "at": WHEN.isoformat(), "pairs": 6, "placed": 12, "alone": 1,
    "share": 0.9987, "worst": 0.31, "stale": False,
}  # fmt: skip
OTHERS = Explained(
    (Other("m-dia", 0.8, ("m-chen",), -0.12), Other("m-eli", 0.7, ("m-x", "m-y"), None), Other("m-fay", 0.5, (), None)),
    (("avoided", 1), ("no_overlap", 4)), 5,
)  # fmt: skip

EXAMPLES: dict[str, Example] = {
    **of_feature("round"),
    **{f"unmatched/{code}": _unmatched(code) for code in BLOCKS},
    "unmatched/no reason": lambda say: notices.unmatched(say, {"programme": "Coffee", "why": []}),
    "tomorrow": lambda say: notices.tomorrow(say, TOMORROW),
    "skipped": lambda say: notices.skipped(say, "p1", "Coffee", 3),
    "rejoined": lambda say: notices.rejoined(say, "p1", "Coffee", 3),
    "ahead": lambda say: notices.ahead(say, AHEAD),
    "ahead/stale, nothing proven": lambda say: notices.ahead(say, AHEAD | {"stale": True, "share": None, "at": ""}),
    "ahead/nobody": lambda say: notices.ahead(say, AHEAD | {"worst": None, "pairs": 0}),
    "rematch_later": lambda say: notices.rematch_later(say, {"programme": "Coffee"}),
    "of_best/proven": _lines(lambda say: notices.of_best(say, 0.9999)),
    "of_best/not proven": _lines(lambda say: notices.of_best(say, None)),
    "preview/plain": lambda say: views.preview(say, _drafted(), NAMES),
    "preview/decided": lambda say: views.preview(say, _drafted(**DECIDED), NAMES),
    "preview/stale": lambda say: views.preview(say, _drafted(stale=Stale(("m-gus",), ("m-ana",), 2)), NAMES),
    "preview/nobody": lambda say: views.preview(say, _drafted(result=NOBODY), NAMES),
    "preview/groups": lambda say: views.preview(say, _drafted(people=12), NAMES),
    "preview/mentors": lambda say: views.preview(say, _mentored(), NAMES),
    "confirm/ready": lambda say: views.confirm(say, _drafted()),
    "confirm/newcomers": lambda say: views.confirm(say, _drafted(stale=Stale(came=("m-gus",)))),
    "confirm/gone": lambda say: views.confirm(say, _drafted(stale=Stale(gone=("m-ana",), changed=1))),
    "confirm/nobody": lambda say: views.confirm(say, _drafted(result=NOBODY)),
    "date_form": lambda say: views.date_form(say, "d1", COFFEE),
    "planned": lambda say: views.planned(say, _drafted(publish_at=WHEN)),
    "published": lambda say: views.published(say, "Coffee", rules.numbers(_request(), _round())),
    "proposal/swap": lambda say: views.proposal(say, _proposal("swap"), _cost(), ()),
    "proposal/forbid": lambda say: views.proposal(say, _proposal("forbid"), _cost(), ()),
    "proposal/lock, rule set aside": lambda say: views.proposal(
        say, _proposal("lock"), _cost(), (Reason("no_overlap"),)
    ),
    "refused/lock": lambda say: views.refused(say, "lock", ("m-ana", "m-bea"), (Reason("avoided"),)),
    "refused/swap": lambda say: views.refused(
        say, "swap", ("m-ana", "m-bea"), (Reason("no_overlap"), Reason("forbidden"))
    ),
    "refused/elsewhere": lambda say: views.refused(say, "lock", ("m-ana", "m-bea"), (Reason("locked_elsewhere"),)),
    "left": lambda say: views.left(say),
    "explained/paired": lambda say: views.explained(say, "m-ana", _round(), OTHERS),
    "explained/alone": lambda say: views.explained(say, "m-fay", _round(), Explained((), (("no_role", 2),), 0)),
    "explained/nobody": lambda say: views.explained(say, "m-gus", _round(), Explained((), (), 0)),
    "rematches/none": lambda say: views.rematches(say, "p1", "Coffee", []),
    "rematches/two": lambda say: views.rematches(
        say, "p1", "Coffee", [_rematch("rematch", "We never find a time."), _rematch("leave", "")]
    ),
    "rematched/found": lambda say: views.rematched(say, [("m-ana", "m-bea")], ["m-chen"]),
    "rematched/nobody": lambda say: views.rematched(say, [], []),
    "weights_form": lambda say: weight_views.weights_form(say, "p1", EVEN),
    "too_few": lambda say: weight_views.too_few(say, Learned(31, 12, ())),
    "learned": lambda say: weight_views.learned(
        say, "Coffee", LEARNED,
        weight_views.weights_proposed(say, _weights(), "Coffee", EVEN, EVEN | {"goals": 30, "level": 0}),
    ),
    "learned/nothing clear": lambda say: weight_views.learned(say, "Coffee", UNCLEAR, None),
    "weights_same": lambda say: weight_views.weights_same(say),
    "weights_proposed": lambda say: weight_views.weights_proposed(
        say, _weights(), "Coffee", EVEN, EVEN | {"goals": 30, "level": 0}
    ),
    "weights_tried/last round": lambda say: weight_views.weights_tried(
        say, _weights(), "Coffee", Trial(4, _request(), _request()), _round(), MENTORED
    ),
    "weights_tried/no round": lambda say: weight_views.weights_tried(
        say, _weights(), "Coffee", Trial(0, _request(), _request()), _round(), NOBODY
    ),
    "weights_used/own": lambda say: weight_views.weights_used(say, "w1", "Coffee", own=True, drafted=True),
    "weights_used/file": lambda say: weight_views.weights_used(say, "w1", "Coffee", own=False, drafted=False),
}  # fmt: skip

MODULES = (views, notices, weight_views)
"""Where everything that says something has its example."""
