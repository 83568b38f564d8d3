"""What several features' examples are about, and how an example is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import views
from bot.chat.text import Code, Mention
from bot.errors import UserError
from bot.features import ALL
from bot.i18n import Say
from bot.programme.file import parse, read
from storage.member import Member

Example = Callable[[Say], Any]

WHEN = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
PROGRAMMES = Path(__file__).parents[3] / "examples/programmes"
MENTORING, COURSE = read(PROGRAMMES / "mentoring.toml"), read(PROGRAMMES / "course.toml")
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
    pronouns="she/her", needs="Captions in calls.", wants=["writing"],
    offers=["Python", "gardening"], interests=["hiking"], availability="mon 18:00-20:00",
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


def sentence(text: str, params: Mapping[str, Any]) -> Example:
    """Say one sentence."""
    return lambda say: say(text, **params)


def refusals_of(refusals: Mapping[str, str]) -> dict[str, Example]:
    """Make an example of each refusal."""
    params: dict[str, Any] = {
        "audience": "coordinators", "reference": Code("3f9a1c"), "word": Code("/kudo give"), "value": "tomorow",
        "nearest": Code("/kudos give"), "help": Code("/help"), "name": "hours", "options": "small, big", "least": 1,
        "most": 5, "limit": 500, "extra": Code("and more"), "usage": Code("/kudos give <who> <why>"),
        "who": Mention("m-bea", "Bea"), "programme": "Coffee",
        "look": Code("/session plan"),
    }  # fmt: skip

    def made(key: str) -> Example:
        return lambda say: views.refusal(say, UserError(key, **params, when=say.when(WHEN)), refusals)

    return {f"refusal/{key}": made(key) for key in refusals}


def of_feature(name: str) -> dict[str, Example]:
    """Make an example of each refusal of a feature."""
    return refusals_of(next(feature.refusals for feature in ALL if feature.name == name))
