"""One or more examples of everything Kith can say, by feature: `builder/variant` -> what makes it in a language."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import outcome, paging, views
from bot.chat.text import Code, Mention, words
from bot.chat.views import List, Text, View
from bot.errors import FIELD_ERRORS, REFUSALS, UserError
from bot.features import ALL
from bot.features.checkin import views as checkin
from bot.features.community import rules as community_rules
from bot.features.community import views as community
from bot.features.feedback import views as feedback
from bot.features.kudos import views as kudos
from bot.features.link import views as link
from bot.features.pair import views as pair
from bot.features.programme import views as programme
from bot.features.programme.rules import Mistake
from bot.i18n import Say
from bot.matching import Group, Reason, Result, Unmatched
from bot.programme_file import parse, read
from storage.feedback import FeedbackNote
from storage.kudos import Kudos
from storage.member import Member

Example = Callable[[Say], Any]

WHEN = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
MENTORING = read(Path(__file__).parents[2] / "examples/programmes/mentoring.toml")
COFFEE = parse(
    {
        "kith": 1, "name": "Coffee", "slug": "coffee", "kind": "peers", "summary": "A new partner every two weeks.",
        "rounds": {"every_weeks": 2, "weekday": "tue", "at": "10:00"},
        "texts": {"es": {"name": "Café", "summary": "Cada dos semanas, alguien nuevo."}},
    }
)  # fmt: skip
NEW = Member(id="m-ana", community_id="c", handle="ana", name="Ana", zone="Europe/Madrid", created_at=WHEN)
KNOWN = Member(
    id="m-bea", community_id="c", handle="bea", name="Bea", zone="America/Bogota", languages=["es", "en"],
    wants=["writing"], offers=["Python", "gardening"], interests=["hiking"], availability="mon 18:00-20:00",
    created_at=WHEN,
)  # fmt: skip
GROUPED = {
    "shared_language": {"languages": ["en", "es"]},
    "shared_hours": {"count": 4, "hours": [18, 19, 42, 43]},
    "offers_wants": {"giver": "m-ana", "taker": "m-bea", "tags": ["Python"]},
    "interests": {"tags": ["hiking", "chess"]},
    "goals": {"tags": ["finding a job"]},
    "same_group": {"group": "Porto"},
    "other_group": {"groups": ["Lima", "Porto"]},
    "level": {"levels": [1, 4]},
    "locked": {},
}
REASONS = [{"code": code, "params": params} for code, params in GROUPED.items()]


def _card(member: str, role: str = "peer", **more: Any) -> dict[str, Any]:
    return {"id": member, "role": role, "zone": "", "offers": [], "wants": [], "interests": []} | more


def _introduced(*members: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"pair_id": "p1", "programme": "Coffee", "members": list(members), "reasons": REASONS, "until": ""} | more


def _sentence(text: str, params: Mapping[str, Any]) -> Example:
    return lambda say: say(text, **params)


def _refusals(refusals: Mapping[str, str]) -> dict[str, Example]:
    params: dict[str, Any] = {
        "audience": "coordinators", "reference": Code("3f9a1c"), "word": Code("/kudo give"), "value": "tomorow",
        "nearest": Code("/kudos give"), "help": Code("/help"), "name": "hours", "options": "small, big", "least": 1,
        "most": 5, "limit": 500, "extra": Code("and more"), "usage": Code("/kudos give <who> <why>"),
        "who": Mention("m-bea", "Bea"), "programme": "Coffee",
    }  # fmt: skip

    def made(key: str) -> Example:
        return lambda say: views.refusal(say, UserError(key, **params, when=say.when(WHEN)), refusals)

    return {f"refusal/{key}": made(key) for key in refusals}


def _of_feature(name: str) -> dict[str, Example]:
    return _refusals(next(feature.refusals for feature in ALL if feature.name == name))


def _settings() -> dict[str, Example]:
    settings = [setting for feature in ALL for setting in feature.settings]
    return {f"setting/{one.key}": _setting(one) for one in settings}


def _setting(one: Any) -> Example:
    return lambda say: community_rules.field(one, one.default, say)


def _commands() -> list[Any]:
    return [command for feature in ALL for command in feature.commands if command.path[0] == "kudos"]


def _paged(page: int) -> Example:
    whole = View("kudos.mine", (List(tuple(words(f"{number}") for number in range(20)), paged=True),))
    return lambda say: paging.cut(whole, page, "page.kudos.mine", "", say)


CORE: dict[str, Example] = {
    **_refusals(REFUSALS),
    **{
        f"field/{key}": _sentence(text, {"least": 3, "most": 9, "limit": 400}) for key, text in FIELD_ERRORS.items()
    },
    "broken": lambda say: views.broken(say, "3f9a1c", REFUSALS),
    "continue_form": lambda say: views.continue_form(say, "d1", 1, 2),
    "fix_form/one kept": lambda say: views.fix_form(say, "d1", {"zone": "?"}, {"zone": "Zone"}, kept=True),
    "fix_form/two in memory": lambda say: views.fix_form(say, "t", {"a": "?", "b": "!"}, {"a": "A"}, kept=False),
    "unknown/nearest": lambda say: views.unknown(say, "kudo give", "kudos give", REFUSALS),
    "unknown/nothing near": lambda say: views.unknown(say, "xyzzy", None, REFUSALS),
    "next_steps/none": lambda say: views.next_steps(say, []),
    "next_steps/three": lambda say: views.next_steps(
        say, [checkin.step(say, _asked("m-bea")), programme.join_step(say, "p", COFFEE), kudos.step(say)]
    ),
    "help_page/all": lambda say: views.help_page(say, (), _commands()),
    "help_page/group": lambda say: views.help_page(say, ("kudos",), _commands()),
    "with_held/one": lambda say: views.with_held(say, View("k", (Text(words("Done.")),)), [_held(say)]),
    "with_held/two": lambda say: views.with_held(say, View("k", (Text(words("Done.")),)), [_held(say)] * 2),
    "with_held/none": lambda say: views.with_held(say, View("k", (Text(words("Done.")),)), []),
    "dead_letters/one": lambda say: outcome.dead_letters(say, {"count": 1, "codes": {"unknown_user": 1}}),
    "dead_letters/many": lambda say: outcome.dead_letters(say, {"count": 3, "codes": {"a": 1, "b": 2}}),
    "cut/first": _paged(0),
    "cut/middle": _paged(1),
    "cut/past the end": _paged(9),
}  # fmt: skip


def _held(say: Say) -> View:
    return kudos.received(say, {"giver": "m-ana", "reason": "for the review"})


COMMUNITY: dict[str, Example] = {
    **_of_feature("community"),
    **_settings(),
    "bad_zone/near": lambda say: community.bad_zone(say, "Europe/Madird", "Europe/Madrid"),
    "bad_zone/far": lambda say: community.bad_zone(say, "the moon", None),
    "set_up": community.set_up,
    "step": community.step,
    "saved": community.saved,
    "status/new": lambda say: community.status(say, name="", members=1, programmes=[], notes={}, outbox={}),
    "status/busy": lambda say: community.status(
        say, name="North Bank Makers", members=14, notes={"waiting": 2, "published": 5},
        outbox={"dead": 1, "held": 3, "sent": 90},
        programmes=[
            community.ProgrammeStatus(
                name="First steps", people={"mentor": 1, "mentee": 2}, round_number=3, pairs=(6, 4), unmatched=1,
                answers={"asked": 12, "met": 7, "scheduled": 1, "not_yet": 1, "help": 1, "none": 2}, next_round=WHEN,
            ),
            community.ProgrammeStatus(
                name="Coffee", people={"peer": 1}, round_number=None, pairs=(0, 0), unmatched=0, answers={"asked": 0},
                next_round=None,
            ),
            community.ProgrammeStatus(
                name="Nobody", people={}, round_number=None, pairs=(0, 0), unmatched=0, answers={}, next_round=None,
            ),
        ],
    ),
}  # fmt: skip

PROGRAMME: dict[str, Example] = {
    **_of_feature("programme"),
    "about/new": lambda say: programme.about(say, "p", MENTORING, roles=[], next_round=WHEN),
    "about/both roles": lambda say: programme.about(say, "p", MENTORING, roles=["mentor", "mentee"], next_round=None),
    "about/peer": lambda say: programme.about(say, "p", COFFEE, roles=["peer"], next_round=WHEN),
    "card/translated": lambda say: programme.card(
        say, {"programme": "p", "name": "Coffee", "summary": "Meet.", "texts": {"es": {"name": "Café"}}}
    ),
    "join_form/mentoring, new": lambda say: programme.join_form(say, "p", MENTORING, NEW, None),
    "join_form/peers, known": lambda say: programme.join_form(say, "p", COFFEE, KNOWN, "peer"),
    "mistake/zone, near": lambda say: programme.mistake(say, Mistake("zone", "Madird", "Europe/Madrid")),
    "mistake/zone, far": lambda say: programme.mistake(say, Mistake("zone", "the moon")),
    "mistake/language": lambda say: programme.mistake(say, Mistake("language", "Klingonish")),
    "mistake/availability": lambda say: programme.mistake(say, Mistake("availability", "whenever")),
    "joined/both roles": lambda say: programme.joined(say, MENTORING, ["mentor", "mentee"], next_round=WHEN),
    "joined/no date": lambda say: programme.joined(say, COFFEE, ["peer"], next_round=None),
    "leaving": lambda say: programme.leaving(say, "p", "Coffee"),
    "left": lambda say: programme.left(say, "Coffee"),
    "home": lambda say: programme.home(say, [("p", COFFEE, True), ("q", MENTORING, False)]),
    "join_step": lambda say: programme.join_step(say, "p", COFFEE),
    "about_step": lambda say: programme.about_step(say, "p", COFFEE),
}


def _reason(stored: dict[str, Any], size: int) -> Example:
    return lambda say: pair.reason(say, stored, size)


def _unmatched(code: str) -> Example:
    return lambda say: pair.unmatched(say, {"programme": "Coffee", "why": [code]})


PAIR: dict[str, Example] = {
    **_of_feature("pair"),
    **{f"reason/{one['code']}, {size}": _reason(one, size) for one in REASONS for size in (2, 3)},
    "reason/one hour": lambda say: pair.reason(say, {"code": "shared_hours", "params": {"count": 1}}),
    "reason/unknown": lambda say: pair.reason(say, {"code": "new_one", "params": {}}),
    "introduced/mentor, room": lambda say: pair.introduced(
        say,
        _introduced(
            _card("m-ana", "mentor", zone="Europe/Madrid", offers=["Python", "SQL"], interests=["chess"]),
            _card("m-bea", "mentee", wants=["Python"]), until=WHEN.isoformat(),
        ),
    ),
    "introduced/trio, private": lambda say: pair.introduced(
        say, _introduced(_card("m-ana"), _card("m-bea"), _card("m-chen"), private=True)
    ),
    "introduced/nothing known": lambda say: pair.introduced(say, _introduced(_card("a"), _card("b"), reasons=[])),
    **{f"unmatched/{code}": _unmatched(code) for code in pair.BLOCKS},
    "unmatched/no reason": lambda say: pair.unmatched(say, {"programme": "Coffee", "why": []}),
    "partner_left/alone": lambda say: pair.partner_left(say, {"who": "m-ana", "alone": True}),
    "partner_left/two remain": lambda say: pair.partner_left(say, {"who": "m-ana", "alone": False}),
    "ended/room": lambda say: pair.ended(say, {}),
    "ended/private": lambda say: pair.ended(say, {"private": True}),
    "why/two pairs": lambda say: pair.why(
        say, [pair.Mine("p", ("m-bea",), tuple(REASONS), True), pair.Mine("q", ("m-chen", "m-dia"), (), False)]
    ),
    "home": lambda say: pair.home(
        say, [pair.Mine("p", ("m-bea",), (), True), pair.Mine("q", ("m-chen", "m-dia"), (), False)]
    ),
    "step": lambda say: pair.step(say, pair.Mine("p", ("m-bea",), (), False)),
    "preview/draft": lambda say: pair.preview(say, "Coffee", _round(), published=False),
    "preview/published": lambda say: pair.preview(say, "Coffee", _round(), published=True),
    "preview/nobody": lambda say: pair.preview(say, "Coffee", Result((), (), 0.0), published=False),
}  # fmt: skip


def _round() -> Result:
    blocked = (Reason("no_shared_language", {"people": 3}), Reason("code of tomorrow", {"people": 1}))
    groups = (Group(("m-ana", "m-bea"), 0.91, ()), Group(("m-chen", "m-dia", "m-eli"), 0.42, ()))
    return Result(groups, (Unmatched("m-fay", blocked),), 1.33)


def _asked(*partners: str, **questions: str) -> dict[str, Any]:
    return {"checkin": "c1", "partners": list(partners), "questions": questions}


CHECKIN: dict[str, Example] = {
    **_of_feature("checkin"),
    "ask/the programme's question": lambda say: checkin.ask(
        say, _asked("m-bea", en="Coffee yet?", es="¿Ya hubo café?")
    ),
    "ask/pair": lambda say: checkin.ask(say, _asked("m-bea")),
    "ask/trio": lambda say: checkin.ask(say, _asked("m-bea", "m-chen")),
    "step": lambda say: checkin.step(say, _asked("m-bea")),
    "thanks_met": lambda say: checkin.thanks_met(say, "c1"),
    "thanks_scheduled": lambda say: checkin.thanks_scheduled(say, "c1"),
    "thanks_not_yet": lambda say: checkin.thanks_not_yet(say, "c1"),
    "thanks_help/told": lambda say: checkin.thanks_help(say, "c1", told=True),
    "thanks_help/nobody to tell": lambda say: checkin.thanks_help(say, "c1", told=False),
    "snoozed": lambda say: checkin.snoozed(say, WHEN),
    "help_wanted": lambda say: checkin.help_wanted(say, {"member": "m-ana"}),
}


def _kudos(number: int) -> Kudos:
    return Kudos(
        id=f"k{number}", community_id="c", giver_id="m-ana", receiver_id="m-bea", reason="for the review",
        given_at=WHEN,
    )  # fmt: skip


KUDOS: dict[str, Example] = {
    **_of_feature("kudos"),
    "given/posted": lambda say: kudos.given(say, "m-bea", posted=True, left=4),
    "given/private, one left": lambda say: kudos.given(say, "m-bea", posted=False, left=1),
    "given/the last": lambda say: kudos.given(say, "m-bea", posted=False, left=0),
    "received": _held,
    "posted": lambda say: kudos.posted(say, {"giver": "m-ana", "receiver": "m-bea", "reason": "for the review"}),
    "mine/none": lambda say: kudos.mine(say, []),
    "mine/some": lambda say: kudos.mine(say, [_kudos(1), _kudos(2)]),
    "step": kudos.step,
    "home/none": lambda say: kudos.home(say, []),
    "home/once": lambda say: kudos.home(say, [_kudos(1)]),
    "home/twice": lambda say: kudos.home(say, [_kudos(1), _kudos(2)]),
}


def _note(status: str, **more: str) -> FeedbackNote:
    values = {"topic": "pair", "text": "My partner never answers.", "week": "2026-W10"} | more
    return FeedbackNote(id="n1", community_id="c", status=status, receipt_hash="h", **values)


FEEDBACK: dict[str, Example] = {
    **_of_feature("feedback"),
    "send_form": feedback.send_form,
    "sent": lambda say: feedback.sent(say, "0000-0000-0000-0000-0000-0000-00"),
    "inbox_form": feedback.inbox_form,
    "mine/waiting": lambda say: feedback.mine(say, _note("waiting")),
    "mine/answered": lambda say: feedback.mine(say, _note("published", reply="Thank you. We look into it.")),
    "mine/withdrawn": lambda say: feedback.mine(say, _note("withdrawn", text="")),
    "batch/one": lambda say: feedback.batch(say, {"count": 1}),
    "batch/many": lambda say: feedback.batch(say, {"count": 4}),
    "published/none": lambda say: feedback.published(say, []),
    "published/some": lambda say: feedback.published(say, [_note("published", topic=key) for key in feedback.TOPICS]),
    "how": feedback.how,
}

LINK: dict[str, Example] = {
    **_of_feature("link"),
    "member_code": lambda say: link.member_code(say, "0000-0000-0000"),
    "member_joined": link.member_joined,
    "space_code": lambda say: link.space_code(say, "0000-0000-0000"),
    "space_joined/named": lambda say: link.space_joined(say, "North Bank Makers"),
    "space_joined/no name": lambda say: link.space_joined(say, ""),
}

EXAMPLES: Mapping[str, Mapping[str, Example]] = {
    "core": CORE, "community": COMMUNITY, "programme": PROGRAMME, "pair": PAIR, "checkin": CHECKIN, "kudos": KUDOS,
    "feedback": FEEDBACK, "link": LINK,
}  # fmt: skip

MODULES: Mapping[str, Sequence[Any]] = {
    "core": (views, outcome, paging), "community": (community,), "programme": (programme,), "pair": (pair,),
    "checkin": (checkin,), "kudos": (kudos,), "feedback": (feedback,), "link": (link,),
}  # fmt: skip


def builders(feature: str) -> set[str]:
    """Return the names of the feature's public functions that say something: those that take a `say`."""
    return {
        name
        for module in MODULES[feature]
        for name, made in inspect.getmembers(module, inspect.isfunction)
        if made.__module__ == module.__name__
        and not name.startswith("_")
        and "say" in inspect.signature(made).parameters
    }
