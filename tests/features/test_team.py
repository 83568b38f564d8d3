"""One programme can have coordinators of its own, who are none anywhere else."""

from tests.fakes.world import World, key, text
from tests.features.town import MENTORING, member, to


async def test_a_coordinator_of_one_programme(coffee: World):
    """Who is added is told, may steer this programme, and no other nor the community; the list names them."""
    await coffee.applies(MENTORING)
    assert "core.not_allowed" == key(await coffee.says("ana", "/coord cohort list coffee"))
    assert "team.added" == key(await coffee.says("vera", "/coord team add @ana coffee"))
    assert ["team.added_note"] == to(await coffee.delivers(), coffee.dm("ana"))
    assert "cohort.list" == key(await coffee.says("ana", "/coord cohort list coffee"))
    assert "core.not_allowed" == key(await coffee.says("ana", "/coord cohort list first-steps"))
    assert "core.not_allowed" == key(await coffee.says("ana", "/coord settings kudos"))
    assert "@Ana" in text(await coffee.says("ana", "/coord team list coffee"))
    assert "team.added" == key(await coffee.says("ana", "/coord team add @bea coffee"))
    assert "core.not_allowed" == key(await coffee.says("ana", "/coord team add @bea first-steps"))


async def test_it_ends(coffee: World):
    """Who is removed may no longer; removing somebody who is not on the list says so; adding twice tells once."""
    for _ in range(2):
        await coffee.says("vera", "/coord team add @ana")
    assert 1 == to(await coffee.delivers(), coffee.dm("ana")).count("team.added_note")
    assert "team.removed" == key(await coffee.says("vera", "/coord team remove @ana"))
    assert "core.not_allowed" == key(await coffee.says("ana", "/coord cohort list"))
    assert "team.not_in" == key(await coffee.says("vera", "/coord team remove @ana"))


async def test_it_is_no_place_in_the_programme(coffee: World):
    """A coordinator is not counted among the people of the programme, and is paired only if they joined."""
    await coffee.says("vera", "/coord team add @max")
    assert "12 peers" in text(await coffee.says("vera", "/coord status")) or "peer" in text(
        await coffee.says("vera", "/coord status")
    )
    assert "coordinator" not in text(await coffee.says("vera", "/coord status"))
    assert (await member(coffee, "max")).opted_in_at is None
