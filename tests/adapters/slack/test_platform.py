"""What the core asks of Slack: messages, pictures, rooms, groups, people; and how Slack says no."""

from datetime import timedelta

import pytest

from adapters.slack.failures import refused
from bot.chat.incoming import Standing
from bot.chat.platform import Address, Forbidden, MessageRef, RateLimited, SendFailed, Transient, Unreachable
from bot.chat.text import words
from bot.chat.views import File, Image, Text, View
from tests.fakes.slack.server import Fault
from tests.fakes.slack.world import SlackWorld

HELLO = View("hello", (Text(words("Hello <!channel>")),))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (429, "ratelimited", RateLimited), (200, "ratelimited", RateLimited), (503, "", Transient),
        (200, "internal_error", Transient), (200, "service_unavailable", Transient), (200, "is_archived", Unreachable),
        (200, "user_disabled", Unreachable), (200, "channel_not_found", Unreachable), (200, "missing_scope", Forbidden),
        (200, "invalid_blocks", Forbidden), (200, "token_revoked", Forbidden), (200, "something_new", Forbidden),
    ],
)  # fmt: skip
def test_each_refusal_is_one_of_four_kinds(status: int, code: str, kind: type[SendFailed]) -> None:
    """Later, gone, ours: each code of Slack's becomes what delivery can act on."""
    assert kind is type(refused(status, code, {}))


def test_refusals_say_what_is_in_doubt_and_what_stops_the_app() -> None:
    """A server error leaves doubt, an unavailable service none; a revoked token stops, a missing scope does not."""
    unsure, later = refused(500, "", {}), refused(200, "service_unavailable", {})
    assert isinstance(unsure, Transient)
    assert unsure.doubtful
    assert isinstance(later, Transient)
    assert not later.doubtful
    stopped, scope = refused(200, "token_revoked", {}), refused(200, "missing_scope", {})
    assert isinstance(stopped, Forbidden)
    assert stopped.stop
    assert isinstance(scope, Forbidden)
    assert not scope.stop


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("x", 30.0), ("-4", 0.0), ("999999", 3600.0)])
def test_retry_after_is_read_with_care(header: str, seconds: float) -> None:
    """A pause is what Slack says, within reason."""
    limited = refused(429, "", {"Retry-After": header})
    assert isinstance(limited, RateLimited)
    assert seconds == limited.retry_after


async def test_a_message_neither_unfurls_nor_links_names(slack: SlackWorld) -> None:
    """A post carries its key, its text for screen readers, and no permission to interpret anything."""
    ref = await slack.slack.platform.send(Address("T1", "user", "UANA"), HELLO, key="k1")
    assert "DUANA" == ref.channel
    sent = slack.server.calls[-1].args
    assert (False, False, False, "none") == tuple(
        sent[key] for key in ("unfurl_links", "unfurl_media", "link_names", "parse")
    )
    assert {"event_type": "kith_delivery", "event_payload": {"key": "k1"}} == sent["metadata"]
    assert "Hello &lt;!channel&gt;" == sent["text"]


async def test_a_picture_is_uploaded_before_its_message(slack: SlackWorld) -> None:
    """The file is uploaded unshared, so only the message itself can be in doubt."""
    view = View("x", (Text(words("Look")), Image(b"png-bytes", "a rising curve")))
    await slack.slack.platform.send(Address("T1", "channel", "CNEWS"), view, key="k1")
    assert [b"png-bytes"] == list(slack.team.files.values())
    methods = [call.method for call in slack.server.calls[-3:]]
    assert ["files.getUploadURLExternal", "files.completeUploadExternal", "chat.postMessage"] == methods
    assert "a rising curve" in str(slack.team.conversations["CNEWS"].messages[-1])


async def test_a_file_is_shared_where_its_message_goes(slack: SlackWorld) -> None:
    """A file comes into the same conversation, once, also when its message is tried again."""
    view = View("x", (Text(words("A date.")), File("session.ics", b"BEGIN:VCALENDAR", "text/calendar")))
    slack.server.faults.append(Fault("chat.postMessage", code="fatal_error"))
    with pytest.raises(SendFailed):
        await slack.slack.platform.send(Address("T1", "user", "UANA"), view, key="k1")
    await slack.slack.platform.send(Address("T1", "user", "UANA"), view, key="k1")
    assert [("DUANA", "session.ics", b"BEGIN:VCALENDAR")] == slack.team.shared
    assert "session.ics" in str(slack.team.conversations["DUANA"].messages[-1]["blocks"])


async def test_a_picture_that_slack_still_looks_at_is_sent_later_and_uploaded_once(slack: SlackWorld) -> None:
    """A file that is not ready makes the message wait without doubt; the next try uses the same file."""
    view = View("x", (Image(b"png-bytes", "a rising curve"),))
    to = Address("T1", "channel", "CNEWS")
    slack.server.faults.append(Fault("chat.postMessage", code="invalid_blocks"))
    with pytest.raises(Transient) as failed:
        await slack.slack.platform.send(to, view, key="k1")
    assert not failed.value.doubtful
    await slack.slack.platform.send(to, view, key="k1")
    assert 1 == len(slack.team.files)


async def test_edits_rewrite_and_say_when_there_is_nothing(slack: SlackWorld) -> None:
    """A message is rewritten in its place; one that is gone is unreachable."""
    platform = slack.slack.platform
    ref = await platform.send(Address("T1", "channel", "CNEWS"), HELLO, key="k1")
    await platform.edit(ref, View("x", (Text(words("Bye")),)), space="T1")
    assert "Bye" in str(slack.team.conversations["CNEWS"].messages[-1]["blocks"])
    with pytest.raises(Unreachable):
        await platform.edit(MessageRef("CNEWS", "1.000001"), HELLO, space="T1")


async def test_history_is_read_only_where_the_operator_allows_it(slack: SlackWorld) -> None:
    """Without probing, a search is refused before Slack is asked; with it, the key is found."""
    platform, to = slack.slack.platform, Address("T1", "user", "UANA")
    ref = await platform.send(to, HELLO, key="k1")
    since = slack.clock.now() - timedelta(minutes=1)
    with pytest.raises(Forbidden):
        await platform.find(to, key="k1", since=since)
    platform.workspaces["T1"].probing = True
    assert ref == await platform.find(to, key="k1", since=since)
    assert await platform.find(to, key="k2", since=since) is None
    assert await platform.find(to, key="k1", since=since + timedelta(hours=1)) is None


async def test_the_same_people_have_one_room(slack: SlackWorld) -> None:
    """A group DM is the same for the same people in any order; nine are too many."""
    platform = slack.slack.platform
    room = await platform.open_room("T1", ["UANA", "UBEA"], "Ana and Bea", key="k")
    assert room == await platform.open_room("T1", ["UBEA", "UANA"], "Bea and Ana", key="other")
    with pytest.raises(Unreachable):
        await platform.open_room("T1", [f"U{number}" for number in range(9)], "", key="k")


async def test_groups_are_given_and_taken(slack: SlackWorld) -> None:
    """A role is a user group: given, held already, taken."""
    assert slack.team.groups is not None
    slack.team.groups["SMENTORS"] = ["UBEA"]
    platform = slack.slack.platform
    for _ in range(2):
        await platform.grant("T1", "UANA", "SMENTORS", give=True)
    assert ["UBEA", "UANA"] == slack.team.groups["SMENTORS"]
    await platform.grant("T1", "UBEA", "SMENTORS", give=False)
    assert ["UANA"] == slack.team.groups["SMENTORS"]


async def test_standing_is_looked_up_fresh_and_fails_closed(slack: SlackWorld) -> None:
    """What is remembered is not used where it matters, and no answer is no permission."""
    platform = slack.slack.platform
    assert Standing(frozenset({"UVERA"}), admin=True) == await platform.standing("T1", "UVERA")
    slack.team.people["UVERA"].known["is_admin"] = False
    assert not (await platform.standing("T1", "UVERA")).admin
    slack.server.faults.append(Fault("users.info", status=500))
    with pytest.raises(Transient):
        await platform.standing("T1", "UVERA")


async def test_moderation_is_refused_while_slack_does_not_answer(slack: SlackWorld) -> None:
    """A coordinator's command is denied when Slack cannot say who asks."""
    (at,) = slack.slack.platform.workspaces.values()
    at.people.forget("UVERA")
    slack.server.faults += [Fault("users.info", status=500), Fault("users.info", status=500)]
    (answer,) = await slack.says("vera", "coord setup")
    assert "ephemeral" == answer.kind


async def test_a_plan_without_groups_has_none(slack: SlackWorld) -> None:
    """On a free plan there are no user groups, and everything else works."""
    slack.team.groups = None
    await slack.event({"type": "subteam_updated"})
    (at,) = slack.slack.platform.workspaces.values()
    assert () == (await at.people.groups()).all
    assert Standing(frozenset({"UANA"}), admin=False) == await slack.slack.platform.standing("T1", "UANA")


async def test_people_and_channels_are_listed(slack: SlackWorld) -> None:
    """The walk over a workspace turns pages and leaves out bots and who has gone."""
    slack.team.people["ULEO"].known["deleted"] = True
    platform = slack.slack.platform
    names = {profile.handle async for profile in platform.members("T1")}
    assert {"ana", "vera", "max"} <= names
    assert not {"leo", "robot"} & names
    assert "CNEWS" in {channel.id for channel in await platform.channels("T1")}
    profile = await platform.profile("T1", "UANA")
    assert ("ana", "Europe/Madrid", "en-US", False) == (profile.handle, profile.zone, profile.locale, profile.is_bot)
    with pytest.raises(Transient):
        await platform.profile("T9", "UANA")
