"""What past rounds teach: found where it is there, not where it is not, never from too few, never applied by itself."""

import math
from random import Random

import pytest

from bot.insight.learning import LEAST, LEAST_EACH, Effect, Learned, learn, suggested
from bot.matching import PARTS, WEIGHTS


def past(seed: int, pairs: int, **effects: float) -> list[tuple[dict[str, float], bool]]:
    """Make pairs whose odds of a good outcome rise by e to the effect for each standard deviation of a part."""
    luck = Random(seed)
    made = []
    for _ in range(pairs):
        parts = {part: luck.random() for part in ("interests", "goals", "level")}
        odds = sum(effect * (parts[part] - 0.5) / math.sqrt(1 / 12) for part, effect in effects.items())
        made.append((parts, luck.random() < 1 / (1 + math.exp(-odds))))
    return made


def test_an_effect_that_is_there_is_found_with_its_size():
    """Of two thousand pairs, the true factor lies in the interval of the part that has it, and that part is clear."""
    found = learn(past(1, 2000, interests=0.8))
    first = found.effects[0]
    assert "interests" == first.part
    assert first.clear
    assert first.low < math.exp(0.8) < first.high
    assert {"interests", "goals", "level"} == {one.part for one in found.effects}


def test_an_effect_that_is_not_there_is_seldom_found():
    """Where nothing matters, an interval misses 1 about once in twenty times, as it says."""
    clear = sum(one.clear for seed in range(60) for one in learn(past(seed, 200)).effects)
    assert 0.01 < clear / 180 < 0.11


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Over a hundred samples, about 19 of 20 intervals hold the factor that made them."""
    held = 0
    for seed in range(100):
        one = next(one for one in learn(past(seed, 300, goals=0.5)).effects if one.part == "goals")
        held += one.low <= math.exp(0.5) <= one.high
    assert 88 <= held <= 100


@pytest.mark.parametrize(
    ("pairs", "good"),
    [(LEAST - 1, 30), (LEAST, LEAST_EACH - 1), (LEAST, LEAST - LEAST_EACH + 1), (0, 0)],
)
def test_too_few_pairs_teach_nothing(pairs: int, good: int):
    """Below the sample size there is no effect at all, however strong it looks."""
    found = learn([({"interests": float(index < good)}, index < good) for index in range(pairs)])
    assert (found.enough, found.effects) == (False, ())


def test_a_part_that_sets_all_apart_does_not_run_away():
    """With complete separation the prior keeps the effect finite."""
    found = learn([({"interests": float(index % 2)}, bool(index % 2)) for index in range(200)])
    assert found.effects[0].odds < 1000
    assert math.isfinite(found.effects[0].high)


def test_weights_move_only_where_something_is_clear():
    """A clear part is at most doubled or halved, one that counted nothing begins small, and all add up to one."""
    learned = Learned(
        500, 250,
        (Effect("interests", 9.0, 5.0, 12.0), Effect("goals", 0.1, 0.05, 0.2), Effect("level", 1.4, 0.9, 2.0),
         Effect("text", 1.5, 1.2, 1.9)),
    )  # fmt: skip
    before = {part: weight / sum(WEIGHTS.values()) for part, weight in WEIGHTS.items()}
    after = suggested(WEIGHTS, learned)
    assert 1 == pytest.approx(sum(after.values()))
    scale = after["level"] / before["level"]
    assert (2 * scale, 0.5 * scale) == (
        pytest.approx(after["interests"] / before["interests"]), pytest.approx(after["goals"] / before["goals"]),
    )  # fmt: skip
    assert after["text"] == pytest.approx(0.05 * 1.5 * scale)
    assert {part: after[part] for part in PARTS} == pytest.approx(
        suggested({part: 7 * weight for part, weight in WEIGHTS.items()}, learned)
    )
    assert suggested(WEIGHTS, Learned(500, 250, (Effect("level", 1.4, 0.9, 2.0),))) == pytest.approx(before)
