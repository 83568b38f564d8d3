"""Made-up communities for benchmarks of pairing: zones in clusters, evenings and weekends, rare and common tags."""

from __future__ import annotations

import random
from functools import cache
from itertools import accumulate

from bot.matching import Person, Request, Rules

ZONES = (
    (-8, 5), (-6, 8), (-5, 14), (-3, 6), (0, 14), (1, 20), (2, 9), (3, 4), (5, 8), (7, 3), (8, 5), (9, 3), (11, 1)
)  # fmt: skip
"""Hours from UTC, and how many people in a hundred live there."""
LANGUAGES = [
    "en",
    "es",
    "fr",
    "de",
    "pt",
    "hi",
    "zh",
    "ar",
    "it",
    "nl",
    "pl",
    "ja",
    "ko",
    "tr",
    "sv",
    "uk",
    "ro",
    "cs",
    "el",
    "he",
]
SHARED = (30, 14, 8, 7, 6, 6, 5, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1, 1, 0.5, 0.5)


def zipf(count: int) -> list[float]:
    """How often the words of a list of `count` are used, added up."""
    return list(accumulate(1 / (rank + 3) ** 0.8 for rank in range(count)))


INTERESTS = [f"interest {number}" for number in range(300)]
SKILLS = [f"skill {number}" for number in range(150)]
GOALS = [f"goal {number}" for number in range(20)]
COMMON = {300: zipf(300), 150: zipf(150), 20: zipf(20)}


@cache
def free(zone: int, days: tuple[int, ...], start: int, length: int, weekend: int) -> frozenset[int]:
    """Hours in UTC for somebody free on those evenings, and from `weekend` o'clock on Saturdays (0: not)."""
    local = {day * 24 + start + hour for day in days for hour in range(length)}
    local |= {5 * 24 + weekend + hour for hour in range(4)} if weekend else set()
    return frozenset((hour - zone) % 168 for hour in local)


def person(rng: random.Random, number: int, size: int, role: str) -> Person:
    """One of them; `number` is unique in a community of `size`."""

    def some(words: list[str], low: int, high: int) -> tuple[str, ...]:
        drawn = rng.choices(words, cum_weights=COMMON[len(words)], k=rng.randint(low, high))
        return tuple(dict.fromkeys(drawn))

    (zone,) = rng.choices([zone for zone, _ in ZONES], [share for _, share in ZONES])
    tongues = tuple(dict.fromkeys(rng.choices(LANGUAGES, SHARED, k=rng.choice([1, 2, 2, 3]))))
    if "en" not in tongues and rng.random() < 0.45:
        tongues = (*tongues, "en")
    days = tuple(sorted(rng.sample(range(7), rng.randint(2, 6))))
    return Person(
        f"m{number:06}",
        role=role,  # type: ignore[arg-type]
        languages=tongues,
        offers=some(SKILLS, 1, 4),
        wants=some(SKILLS, 1, 4),
        interests=some(INTERESTS, 2, 7),
        hours=free(zone, days, rng.choice([7, 12, 17, 18, 18, 19]), rng.choice([2, 3, 4]), rng.choice([0, 0, 9, 14])),
        level=rng.choice([None, 0, 1, 2, 3, 4, 5]),
        group=f"team {rng.randrange(max(4, size // 40))}",
        goals=some(GOALS, 1, 3),
        capacity=rng.randint(1, 5) if role == "mentor" else 1,
        avoid=frozenset({f"m{rng.randrange(size):06}"}) if rng.random() < 0.03 else frozenset(),
        waited=1 if rng.random() < 0.03 else 0,
    )


def community(size: int, seed: int = 1, *, mentors: int = 0, rounds: int = 8) -> Request:
    """A round of `size` peers, or of `size` mentees and `mentors` mentors, who have met in past rounds."""
    rng = random.Random(f"{seed}:{size}:{mentors}")
    roles = ["mentor"] * mentors + [("mentee" if mentors else "peer")] * size
    people = tuple(person(rng, number, len(roles), role) for number, role in enumerate(roles))
    history = []
    for index in range(1, rounds + 1):
        names = rng.sample(range(len(people)), len(people) // 10 * 2)
        history += [(index, frozenset(f"m{one:06}" for one in names[at : at + 2])) for at in range(0, len(names), 2)]
    rules = Rules(min_overlap_hours=2, weights={"interests": 0.35, "same_group": 0.05})
    return Request("mentor" if mentors else "peer", people, rules, tuple(history), seed=seed)
