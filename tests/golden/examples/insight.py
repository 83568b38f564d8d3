"""What coordinators read of how a programme goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.features.insight import views
from bot.insight import charts, pages, wording
from bot.insight.curves import Funnel, Growth, Retention
from bot.insight.equity import Groups
from bot.insight.estimates import NOTHING, Estimate, count, median_time, share
from bot.insight.measures import MEASURES, Scope
from bot.insight.report import Glance, Report, Target, Week
from tests.golden.examples.common import WHEN, Example, of_feature

DAY = WHEN.replace(hour=0)
NOW = {
    "members": count(24), "participation": share(18, 24), "meetings": share(30, 48), "answered": share(40, 48),
    "first_meeting": median_time([(2.0, True), (3.5, True), (9.0, False)]), "matched": share(22, 24),
    "stayed": share(23, 24), "stalled": share(3, 12), "hours": count(21.5, 26),
    "satisfied": Estimate(4.2, 12, 3.9, 4.5),
    "nps": NOTHING, "thanked": share(9, 24),
}  # fmt: skip
BEFORE = {"participation": share(6, 24), "meetings": share(46, 48), "answered": share(39, 48), "satisfied": NOTHING}
WEEKS = [Week(DAY - timedelta(weeks=back), 10 - back, 12) for back in (2, 1, 0)]
TARGETS = [
    Target("Everybody has a partner", "matched", share(22, 24), 0.9, DAY),
    Target("Pairs meet", "met", share(5, 12), 0.8, None),
    Target("People are content", "satisfied", NOTHING, 4.0, None),
]
GLANCE = Glance("Coffee", NOW, BEFORE, WEEKS, TARGETS)
FUNNEL = Funnel(
    (12, 9, 7, 5), {"mentor": (4, {"listening": (4, 3), "conflict": (2, 0)})}, {"self": 6, "roster": 2, "nominated": 1}
)
EMPTY = Funnel((0, 0, 0, 0), {}, {})
STAYS = [
    Retention("Spring", 24, {0: share(24, 24), 1: share(23, 24), 4: share(20, 24)}),
    Retention("Autumn", 30, {0: share(30, 30), 1: share(28, 30), 4: share(22, 30), 26: share(15, 30)}),
]
GROWN = [Growth("Autumn", Estimate(0.62, 12, 0.2, 1.04), NOTHING)]
NEW = [Retention("Spring", 24, {0: share(24, 24)})]
PAIRS = {key: NOW.get(key, NOTHING) for key in views.PAIRS}
GROUPS = [
    Groups("grouping", "", {"arts": share(9, 12), "law": share(30, 31)}, {"law": Estimate(4.1, 20, 3.8, 4.4)}, 2),
    Groups("level", "", {"0": share(9, 12), "3": share(30, 31)}, {}, 0),
    Groups("first", "First in your family to study?", {"No": share(30, 40), "Yes": share(20, 30)}, {}, 0),
]
MENTORS = {"mentor_load": Estimate(0.75, 3), "help_time": NOTHING, "trained": share(2, 3)}
LOADS = [("m-ana", 2, 2), ("m-bea", 3, 1)]
BRIEF: dict[str, Any] = {
    "programme": "p1", "name": "Coffee", "texts": {"es": {"name": "Café"}},
    "figures": {key: [one.value, one.n, one.low, one.high] for key, one in NOW.items()},
    "changes": [["participation", 0.75, 0.25], ["meetings", 0.6, 0.95], ["members", 24, 20]],
    "suggestions": [["waiting", 1, "a1"], ["stalled", 3, "p1"], ["rematches", 2, "p1"]],
}  # fmt: skip
REST = BRIEF | {"changes": [], "suggestions": [["behind", 1, "p1"], ["full", 95, "p1"], ["quiet", 31, "p1"]]}
CALM = BRIEF | {"changes": [], "suggestions": []}
REPORT = Report(
    programme="Coffee", at=Scope(community="c", programme="p1", since=DAY - timedelta(weeks=4), until=DAY), made=WHEN,
    figures={key: NOW.get(key, NOTHING) for key in MEASURES}, before=BEFORE, weeks=WEEKS, targets=TARGETS,
    funnel=FUNNEL, retention=STAYS, growth=GROWN, groups=GROUPS, loads=[(1, 2), (1, 3), (7, 9)],
    outcomes={"grade": Estimate(7.25, 20, 6.9, 7.6)},
)  # fmt: skip

EXAMPLES: dict[str, Example] = {
    **of_feature("insight"),
    "overview": lambda say: views.overview(say, "p1", GLANCE),
    "overview/nothing yet": lambda say: views.overview(
        say, "p1", Glance("Coffee", dict.fromkeys(NOW, NOTHING), {}, [], [])
    ),
    "funnel": lambda say: views.funnel(say, "p1", "Coffee", FUNNEL),
    "funnel/nobody": lambda say: views.funnel(say, "p1", "Coffee", EMPTY),
    "retention": lambda say: views.retention(say, "p1", "Coffee", STAYS, GROWN),
    "retention/too early": lambda say: views.retention(say, "p1", "Coffee", NEW, []),
    "pairs": lambda say: views.pairs(say, "p1", "Coffee", PAIRS, GROUPS),
    "pairs/no groups": lambda say: views.pairs(say, "p1", "Coffee", PAIRS, []),
    "mentors": lambda say: views.mentors(say, "p1", "Coffee", MENTORS, LOADS),
    "mentors/none": lambda say: views.mentors(say, "p1", "Coffee", dict.fromkeys(MENTORS, NOTHING), []),
    "mentors/many": lambda say: views.mentors(say, "p1", "Coffee", MENTORS, LOADS * 9),
    "exported": lambda say: views.exported(say, "Coffee", b"<html>", b"PK", b"a,b", b"{}"),
    "brief": lambda say: views.brief(say, BRIEF),
    "brief/the rest": lambda say: views.brief(say, REST),
    "brief/calm": lambda say: views.brief(say, CALM),
    "as_page": lambda say: pages.as_page(REPORT, say).decode().split("</style>")[1],
    "meetings": lambda say: charts.meetings(say, WEEKS),
    "meetings/none": lambda say: charts.meetings(say, []),
    "loads": lambda say: charts.loads(say, [(1, 2), (7, 9)]),
    "number": lambda say: [wording.number(say, 1234.5, one.unit) for one in MEASURES.values()],
    "trait": lambda say: [pages.trait(say, one) for one in GROUPS],
    "figure": lambda say: [wording.figure(say, one, "share") for one in (share(1, 3), NOTHING)],
    "surety": lambda say: [wording.surety(say, one, "share") for one in (share(1, 3), NOTHING, Estimate(None, 4))],
    "change": lambda say: wording.change(say, MEASURES["meetings"], NOW["meetings"], BEFORE["meetings"]),
}

MODULES = (views, charts, pages, wording)
"""Where everything that says something has its example."""
