"""An application on the wire: pages of a modal, the agreement, a coordinator's queue, and in."""

from __future__ import annotations

from storage.application import Application
from storage.programme import Role
from tests.fakes.slack.world import SlackWorld
from tests.features.test_application import FILE, MENTOR


async def test_from_the_form_to_ready_to_be_matched(slack: SlackWorld) -> None:
    """Three pages in one modal, [I agree], one word to the coordinators, [Approve], a direct message."""
    await slack.applies(FILE)
    (form,) = await slack.says("ana", "programme join")
    (agreement,) = await slack.submits("ana", form, MENTOR)
    assert "I keep what I hear to myself." in agreement.text
    (waiting,) = await slack.presses("ana", agreement, "I agree")
    assert "with the coordinators" in waiting.text
    await slack.passes(minutes=10)
    (row,) = await slack.rows(Application)
    (listed,) = await slack.says("vera", "coord application list")
    (opened,) = await slack.presses("vera", listed, "Open an application", row.id)
    assert "I had a good mentor." in opened.text
    (rubric,) = await slack.presses("vera", opened, "Score")
    (scored,) = await slack.submits("vera", rubric, {"c_warmth": "5", "note": "Listens <!channel>"})
    assert "5 of 5" in scored.text
    (done,) = await slack.presses("vera", scored, "Approve")
    assert "is in" in done.text
    said = await slack.passes(hours=12)
    assert any("Good news" in one.text for one in said)
    assert [("mentor", "active")] == [(role.kind, role.status) for role in await slack.rows(Role)]
