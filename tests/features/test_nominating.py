"""Members suggest each other; who is suggested decides alone."""

import pytest

from storage.audit import Audit
from storage.outbox import Outbox
from storage.programme import Role
from tests.fakes.world import World, key, text
from tests.features.town import MENTORING, change, few, keys_of, to


async def test_who_is_nominated_is_asked_once_and_decides_alone(world: World):
    """Ana thinks of Bea: Bea is asked, by whom, and joins by the same form; a second nomination asks nobody again."""
    await world.applies(MENTORING)
    await world.joins("ana", role="mentee")
    assert "programme.nominating" == key(await world.says("ana", "/programme nominate @bea"))
    assert "programme.nominating" == key(await world.says("ana", "/programme nominate @bea"))
    await world.delivers()
    shown = text(await world.says("bea", "/me home"))
    assert "@Ana thinks that you would be a good mentor in First steps" in shown
    assert "form:programme.join" == key(await world.presses("bea", "Join"))
    assert 1 == len([row for row in await world.rows(Outbox) if row.message == "programme.nominated"])


async def test_who_would_rather_not_leaves_no_trace(world: World):
    """[No, thank you] is the end of it: no row says so, and Ana hears nothing."""
    await few(world, "ana", "bea")
    await world.joins("chen")
    await change(world, "chen", opted_in_at=world.clock.now())
    await world.says("chen", "/programme leave")
    await world.presses("chen", "Leave")
    await world.says("ana", "/programme nominate @chen")
    await world.delivers()
    before = {table: len(await world.rows(table)) for table in (Outbox, Role, Audit)}
    assert "programme.declined" == key(await world.presses("chen", "No, thank you"))
    assert before == {table: len(await world.rows(table)) for table in (Outbox, Role, Audit)}
    assert [] == to(await world.passes(days=1), world.dm("ana"))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("ana", "programme.nominates_self"), ("bea", "programme.in_already"), ("dia", "programme.nominee_left")],
)
async def test_whom_nobody_needs_to_nominate(world: World, who: str, refusal: str):
    """Oneself, who takes part already, and who has left: a sentence, and no message."""
    await few(world, "ana", "bea", "dia")
    await change(world, "dia", left_at=world.clock.now())
    assert refusal == key(await world.says("ana", f"/programme nominate @{who}"))
    assert "programme.nominated" not in keys_of(await world.passes(days=1))
