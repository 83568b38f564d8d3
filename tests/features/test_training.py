"""Members go through modules at their own pace, and only who has passed what a programme asks for is paired."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import resources, training
from bot.chat.limits import BUTTON_LABEL
from bot.features.training import rules
from bot.i18n import LANGUAGES
from bot.programme.file import ProgrammeFileError, parse
from bot.training import MODULES
from storage.db import Db
from storage.milestone import Milestone
from storage.training import TrainingProgress
from tests.fakes.world import COFFEE, START, World, key, text
from tests.features.town import change, member, pairs, to

FILE = COFFEE | {
    "training": {"peer": ["how", "confidentiality"]}, "milestones": [{"key": "learns", "on": "training", "at": [1, 2]}],
}  # fmt: skip


async def row_of(world: World, who: str, module: str) -> TrainingProgress:
    """Return how far somebody is."""
    me = (await member(world, who)).id
    return next(row for row in await world.rows(TrainingProgress) if (row.member_id, row.module) == (me, module))


async def goes_through(world: World, who: str, module: str, *, well: bool = True) -> object:
    """Go through a whole module, choosing what is right (or not) in its quiz."""
    reply: object = await world.presses_id(who, f"training.begin::{module}")
    row = await row_of(world, who, module)
    steps = training.module(module, "en").steps
    while row.at < len(steps):
        options = steps[row.at].options
        if options:
            wanted = [place for place, one in enumerate(options) if one.right == well] if steps[row.at].quiz else [0]
            await world.presses_id(who, f"training.pick:{row.id}:{row.at}.{wanted[0]}")
        reply = await world.presses_id(who, f"training.next:{row.id}:{row.at}")
        row = await row_of(world, who, module)
    return reply


async def test_who_joins_is_told_and_goes_through_it(world: World):
    """The modules of the role wait; after the last one nothing more is asked, and a milestone is reached."""
    await world.applies(FILE)
    await world.joins("ana")
    assert "training.waits" in to(await world.delivers(), world.dm("ana"))
    assert "2 short modules, about 11 minutes" in "".join(world.sees("ana", world.dm("ana")))
    assert "training.step" == key(await world.says("ana", "/training next"))
    assert "One more is asked of you" in text(await goes_through(world, "ana", "how"))
    assert "all that is asked" in text(await goes_through(world, "ana", "confidentiality"))
    assert [1, 2] == sorted(row.count for row in await world.rows(Milestone))
    assert "passed on" in text(await world.says("ana", "/training list"))


async def test_only_who_has_passed_is_paired(world: World):
    """Two have passed, two have not: the round leaves those out."""
    await world.applies(FILE)
    for who in ("ana", "bea", "chen", "dia"):
        await world.joins(who)
    for who in ("ana", "bea"):
        for module in ("how", "confidentiality"):
            await goes_through(world, who, module)
    assert "2 of 4" in text(await world.says("vera", "/coord training"))
    await world.passes(days=2)
    assert [frozenset({"ana", "bea"})] == list((await pairs(world)).values())


async def test_without_the_gate_everybody_is_paired(world: World):
    """The modules are offered all the same."""
    await world.applies(FILE | {"training": {"peer": ["how"], "gate": False}})
    for who in ("ana", "bea"):
        await world.joins(who)
    await world.passes(days=2)
    assert 1 == len(await pairs(world))


async def test_the_questions_come_once_more(world: World):
    """Who chose wrong is not told off: the quiz comes again, and what was read need not be."""
    await world.applies(FILE)
    await world.joins("ana")
    assert "nothing is lost" in text(await goes_through(world, "ana", "how", well=False))
    assert (await row_of(world, "ana", "how")).passed_at is None
    await world.presses_id("ana", "training.begin::how")
    assert training.module("how", "en").steps[(await row_of(world, "ana", "how")).at].quiz
    assert "training.passed" == key(await goes_through(world, "ana", "how"))


async def test_an_old_button_shows_where_one_is(world: World):
    """Pressing twice, or a button of an earlier step, changes nothing; somebody else's changes nothing either."""
    await world.applies(FILE)
    await world.joins("ana")
    await world.presses_id("ana", "training.begin::how")
    row = await row_of(world, "ana", "how")
    await world.presses_id("ana", f"training.next:{row.id}:0")
    for stale in ("training.next:{}:0", "training.pick:{}:0.0", "training.pick:{}:1.9", "training.next:{}:1"):
        assert "training.step" == key(await world.presses_id("ana", stale.format(row.id)))
    row = await row_of(world, "ana", "how")
    assert (1, None) == (row.at, row.chosen)
    assert "core.not_yours" == key(await world.presses_id("bea", f"training.next:{row.id}:1"))
    assert "training.gone" == key(await world.presses_id("ana", "training.begin::magic"))


async def test_each_reads_it_in_their_own_language(world: World):
    """A Spanish member gets the Spanish text."""
    await world.applies(FILE)
    await world.joins("ana")
    await change(world, "ana", language="es")
    assert training.module("how", "es").title in text(await world.says("ana", "/training next"))


async def test_a_programme_without_training_asks_for_none(world: World):
    """The modules can be read all the same."""
    await world.applies()
    await world.joins("ana")
    assert "training.none" == key(await world.says("vera", "/coord training"))
    assert "training.step" == key(await world.says("ana", "/training next"))


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_the_same_in_every_language(name: str):
    """The same steps with as many choices, the same right ones, the same ways; every way leads somewhere."""
    english = training.module(name, "en")
    for language in LANGUAGES:
        other = training.module(name, language)
        assert english.minutes == other.minutes
        shape = [
            [(bool(step.text), step.name, [(one.to, one.right) for one in step.options]) for step in one.steps]
            for one in (english, other)
        ]
        assert shape[0] == shape[1], language
        names = {step.name for step in other.steps if step.name}
        for step in other.steps:
            assert bool(step.text) != bool(step.ask)
            assert {one.to for one in step.options if one.to} <= names
            assert 1 >= sum(one.right for one in step.options)
            assert all(BUTTON_LABEL >= len(one.label) and one.reply for one in step.options)
            assert len({one.label for one in step.options}) == len(step.options) <= 5
    assert 3 == english.questions
    assert any(one.to for step in english.steps for one in step.options), "a scene that goes on"


@given(st.sampled_from(MODULES), st.lists(st.tuples(st.sampled_from("pn"), st.integers(0, 9), st.integers(0, 5))))
def test_no_press_leads_out_of_a_module(name: str, presses: list[tuple[str, int, int]]):
    """Whatever is pressed in whatever order, one is at a step or at the end, and has no more right than there is."""
    module = training.module(name, "en")
    row = TrainingProgress(id="x", community_id="c", member_id="m", module=name, begun_at=START)
    for kind, step, option in presses:
        if kind == "p":
            rules.choose(row, module, f"{step}.{option}")
        else:
            rules.go(row, module, str(step))
        assert 0 <= row.at <= len(module.steps)
        assert 0 <= row.right <= module.questions


@pytest.mark.parametrize(("section", "told"), [({"peer": ["hwo"]}, "how"), ({"peer": ["how", "how"]}, "twice")])
def test_mistakes_in_the_file_are_named(section: dict[str, object], told: str):
    """An unknown module with the nearest one, a double one as such."""
    with pytest.raises(ProgrammeFileError, match=told):
        parse(COFFEE | {"training": section})


def test_what_comes_next():
    """What is begun comes first, then what is asked for, then the rest."""
    begun = TrainingProgress(id="x", community_id="c", member_id="m", module="conflict", begun_at=START)
    assert "feedback" == rules.next_module({}, ["feedback"])
    assert "conflict" == rules.next_module({"conflict": begun}, ["feedback"])
    assert "how" == rules.next_module({}, [])
    done = {
        name: TrainingProgress(id=name, community_id="c", member_id="m", module=name, begun_at=START, passed_at=START)
        for name in MODULES
    }
    assert None is rules.next_module(done, ["how"])


async def test_a_thought_a_month_for_those_who_asked_for_it(world: World):
    """On the first Wednesday each gets one, in their language; a choice is answered and nothing of it is kept."""
    await world.applies(COFFEE | {"training": {"monthly": ["peer"]}})
    await world.joins("ana")
    said = await world.until("2026-03-05 22:00")
    assert 1 == to(said, world.dm("ana")).count("training.thought")
    shown = next(view for view in world.sees("ana", world.dm("ana")) if "Advice has a price" in view)
    assert "What would you do in my place?" in shown
    assert "Often half of the answer" in text(await world.presses("ana", "“What have you thought of so far?”"))
    assert 1 == to(await world.until("2026-04-03 22:00"), world.dm("ana")).count("training.thought")
    await world.applies(COFFEE)
    assert 0 == to(await world.until("2026-05-08 22:00"), world.dm("ana")).count("training.thought")
    assert "core.gone" == key(await world.presses_id("ana", "training.thought::99.9"))


def test_thoughts_are_the_same_in_every_language():
    """A year of them, each with choices that a button can hold, and as many in Spanish as in English."""
    every = [training.thoughts(language) for language in LANGUAGES]
    assert {12} == {len(thoughts) for thoughts in every}
    for together in zip(*every, strict=True):
        assert 1 == len({len(one.options) for one in together})
        assert all(len(option.label) <= BUTTON_LABEL for one in together for option in one.options)


async def test_what_was_passed_as_a_file(world: World):
    """Before anything is passed the way there is named; afterwards it is a table with the day."""
    await world.applies(FILE)
    await world.joins("ana")
    assert "training.no_transcript" == key(await world.says("ana", "/training transcript"))
    await goes_through(world, "ana", "how")
    shown = await world.says("ana", "/training transcript")
    (file,) = [block for block in shown.view.blocks if type(block).__name__ == "File"]
    assert f"{START:%Y-%m-%d}" in file.data.decode()
    assert "Ana" in file.data.decode()


RESOURCES = [
    {"key": "first", "title": "Your first meeting", "text": "Ask before you advise.", "tags": ["session"]},
    {"key": "stuck", "title": "When a pair is stuck", "url": "https://example.org/stuck", "tags": ["stuck"]},
    {"key": "python", "title": "Learning Python", "url": "https://example.org/python", "tags": ["python"]},
]


async def test_something_to_read(world: World):
    """The library is searched by words and tags; a session and a cry for help bring what fits."""
    await world.applies(
        COFFEE | {"resources": RESOURCES, "texts": {"es": {"resources": {"python": "Aprender Python"}}}}
    )
    for who in ("ana", "bea"):
        await world.joins(who)
    assert 3 == text(await world.says("ana", "/training library")).count("\n- ")
    assert "Learning Python" in text(await world.says("ana", "/training library PYTHON learn"))
    assert "nothing about" in text(await world.says("ana", "/training library chess"))
    await world.until("2026-03-03 10:00")
    prepared = text(await world.says("ana", "/session prep"))
    assert "Your first meeting: Ask before you advise." in prepared
    await world.until("2026-03-05 17:30")
    assert "When a pair is stuck" in text(await world.presses("ana", "I need help"))


def test_what_is_near_to_their_goals_comes_first():
    """Two at most: what shares a word with what somebody is about, then what is tagged for the moment."""
    known = resources.of(parse(COFFEE | {"resources": RESOURCES}), "en")
    found = resources.suggest(known, resources.SESSION, ["Learn python this year"])
    assert ["Learning Python", "Your first meeting"] == [one.title for one in found]
    assert ["Your first meeting"] == [one.title for one in resources.suggest(known, resources.SESSION)]


async def test_a_module_that_disappears_half_way(world: World):
    """Who was in the middle of it is told which there are; nothing is lost, and the next one opens."""
    await world.applies(FILE)
    await world.joins("ana")
    await world.presses_id("ana", "training.begin::how")
    row = await row_of(world, "ana", "how")

    async def gone(db: Db) -> None:
        row.module = "of-an-older-version"
        await db.merge(row)

    await world.database.write(gone)
    assert "training.gone" == key(await world.presses_id("ana", f"training.next:{row.id}:0"))
    assert "training.step" == key(await world.says("ana", "/training next"))
