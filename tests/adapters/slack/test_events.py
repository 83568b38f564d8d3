"""Events of the workspace: applied before they are acknowledged, once however often they come."""

from typing import Any

import pytest

from bot.chat.incoming import MemberLeft
from bot.chat.reply import Reply, Show
from bot.chat.text import words
from bot.chat.views import Text, View
from storage.community import Space
from storage.inbox import Inbox
from storage.member import Member
from tests.fakes.slack.server import NotAcknowledged
from tests.fakes.slack.world import SlackWorld


def _left(who: str) -> dict[str, Any]:
    return {
        "type": "user_change",
        "event_ts": "1772438400.5",
        "user": {"id": "U" + who.upper(), "deleted": True, "profile": {}},
    }


def _event(event: dict[str, Any], event_id: str = "Ev1") -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T1", "event_id": event_id, "event": event}


async def _member(slack: SlackWorld, handle: str) -> Member:
    (found,) = [one for one in await slack.rows(Member) if one.handle == handle]
    return found


async def test_a_deactivated_account_leaves(slack: SlackWorld) -> None:
    """An account that was closed is a member who left, in the database by the time Slack is told."""
    await slack.server.deliver("events_api", _event(_left("ana")))
    assert (await _member(slack, "ana")).left_at is not None


async def test_a_redelivered_event_changes_nothing(slack: SlackWorld) -> None:
    """Three deliveries, one of them for another workspace of a shared channel, are one row in the inbox."""
    before = len(await slack.rows(Inbox))
    for attempt, event_id in enumerate(("Ev1", "Ev1", "Ev2")):
        await slack.server.deliver("events_api", _event(_left("ana"), event_id), retry_attempt=attempt)
    assert before + 1 == len(await slack.rows(Inbox))


async def test_an_event_that_cannot_be_stored_is_not_acknowledged(
    slack: SlackWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failing store leaves the event to Slack, whose next delivery, marked as a retry, is applied."""
    app, handle = slack.kith.app, slack.kith.app.handle

    async def failing(self: Any, event: Any) -> Reply:
        return Show(View("core.broken", (Text(words("no")),))) if isinstance(event, MemberLeft) else await handle(event)

    monkeypatch.setattr(type(app), "handle", failing)
    with pytest.raises(NotAcknowledged):
        await slack.server.deliver("events_api", _event(_left("ana")), wait=0.3)
    monkeypatch.undo()
    await slack.server.deliver("events_api", _event(_left("ana")), retry_attempt=1, retry_reason="timeout")
    assert (await _member(slack, "ana")).left_at is not None


@pytest.mark.parametrize(
    "event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["UKITH"]}}]
)
async def test_a_removed_app_makes_the_space_dormant(slack: SlackWorld, event: dict[str, Any]) -> None:
    """The space sleeps when the app is removed or its bot token revoked."""
    await slack.event(event)
    (space,) = await slack.rows(Space)
    assert space.gone_at is not None


@pytest.mark.parametrize(
    "event",
    [
        {"type": "tokens_revoked", "tokens": {"oauth": ["UANA"]}},
        {"type": "user_change", "user": {"id": "UANA", "deleted": False, "profile": {}}},
        {"type": "user_change", "user": {"id": "UANA", "deleted": True, "team_id": "T9", "profile": {}}},
        {"type": "message", "text": "hello"},
        {"type": "user_change", "user": "nonsense"},
    ],
)
async def test_what_concerns_nobody_here_is_acknowledged_and_left(slack: SlackWorld, event: dict[str, Any]) -> None:
    """Other tokens, changed profiles, people of other workspaces and unknown events write nothing."""
    before = len(await slack.rows(Inbox))
    await slack.event(event)
    assert before == len(await slack.rows(Inbox))


async def test_an_event_for_another_workspace_is_dropped(slack: SlackWorld) -> None:
    """A double that Slack Connect delivers for another team is not ours."""
    await slack.server.deliver("events_api", _event(_left("ana")) | {"team_id": "T9"})
    assert (await _member(slack, "ana")).left_at is None


async def test_somebody_new_has_joined(slack: SlackWorld) -> None:
    """A new account is recorded as an event of the community."""
    slack.team.add("zoe")
    await slack.event({"type": "team_join", "user": slack.team.people["UZOE"].shown("T1")})
    assert "MemberJoined" in {row.effect for row in await slack.rows(Inbox)}


async def test_permission_ends_at_once_when_the_account_changes(slack: SlackWorld) -> None:
    """What is remembered of an administrator for five minutes is forgotten with the change event."""
    from bot.chat.incoming import Standing

    (at,) = slack.slack.platform.workspaces.values()
    assert Standing(frozenset({"UVERA"}), admin=True) == (await at.people.actor("UVERA", ""))[0].standing
    slack.team.people["UVERA"].known["is_admin"] = False
    assert (await at.people.actor("UVERA", ""))[0].standing == Standing(frozenset({"UVERA"}), admin=True)
    await slack.event({"type": "user_change", "user": slack.team.people["UVERA"].shown("T1")})
    assert (await at.people.actor("UVERA", ""))[0].standing == Standing(frozenset({"UVERA"}), admin=False)


async def test_user_groups_are_roles_and_change_at_once(slack: SlackWorld) -> None:
    """Who is in a user group holds its id, until Slack says that the group changed."""
    (at,) = slack.slack.platform.workspaces.values()
    assert slack.team.groups is not None
    slack.team.groups["SMODS"] = ["UANA"]
    await slack.event({"type": "subteam_updated"})
    actor, _ = await at.people.actor("UANA", "")
    assert actor.standing is not None
    assert "SMODS" in actor.standing.roles
    slack.team.groups["SMODS"] = []
    await slack.event({"type": "subteam_members_changed"})
    actor, _ = await at.people.actor("UANA", "")
    assert actor.standing is not None
    assert "SMODS" not in actor.standing.roles
