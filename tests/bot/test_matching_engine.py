"""The engine beside other solvers: as good as the best there is, near a proven bound above that, and fair."""

import dataclasses
import random
import subprocess
import sys
from collections import Counter
from itertools import combinations

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import MatchingError, Person, Request, Rules, candidates, faults, judge, match
from bot.matching.likeness import Embeddings, table_of
from bot.matching.score import Table

HEAVY = ("numpy", "numba", "scipy", "rustworkx")
slow_first = settings(deadline=None, max_examples=40)


def town(seed, size, mode="peer", **rules):
    """People with rare and common traits, some of whom can hardly be matched."""
    rng = random.Random(f"{seed}:{size}")
    people = tuple(
        Person(
            f"p{number:04}",
            role="peer" if mode != "mentor" else ("mentor" if number % 3 == 0 else "mentee"),
            languages=tuple(rng.sample(["en", "es", "fr"], rng.choice([1, 1, 2]))),
            offers=tuple(rng.sample("abcdefgh", 2)),
            wants=tuple(rng.sample("abcdefgh", 2)),
            interests=tuple(rng.sample("abcdefghijklmnop", rng.randint(0, 4))),
            hours=frozenset(rng.sample(range(30), rng.randint(2, 12))),
            level=rng.choice([None, 0, 1, 2, 3, 4, 5]),
            group=rng.choice(["", "red", "blue"]),
            capacity=rng.randint(1, 3) if mode == "mentor" and number % 3 == 0 else 1,
            waited=rng.choice([0, 0, 0, 0, 1, 2]),
        )
        for number in range(size)
    )
    return Request(mode, people, Rules(**{"min_overlap_hours": 2, **rules}), seed=seed)


def weight(table, one, other):
    """The score as an integer, or None when the two may not meet."""
    return None if table.blocked(one, other) else round(table.score(one, other) * 1_000_000)


@slow_first
@given(seed=st.integers(0, 2**32), size=st.integers(0, 60))
def test_peers_are_the_best_there_is(seed, size):
    """networkx's exact matching serves no more people who waited, no more people, and scores no more."""
    request = town(seed, size)
    table = Table(request)
    graph = networkx.Graph()
    graph.add_nodes_from(range(size))
    step = 10**12
    worth = [step + step * 100 ** min(person.waited, 9) * (person.waited > 0) for person in table.people]
    for (i, one), (j, other) in combinations(enumerate(table.sides), 2):
        if (found := weight(table, one, other)) is not None:
            graph.add_edge(i, j, weight=found + worth[i] + worth[j])
    best = sum(graph.edges[edge]["weight"] for edge in networkx.max_weight_matching(graph))
    place = {person.id: at for at, person in enumerate(table.people)}
    pairs = [
        max(
            (pair for pair in combinations(group.members, 2)),
            key=lambda pair: graph.edges.get([place[name] for name in pair], {"weight": -1})["weight"],
        )
        for group in match(request).groups
    ]
    made = sum(graph.edges[place[one], place[other]]["weight"] for one, other in pairs)
    assert best - len(pairs) <= made <= best


@slow_first
@given(seed=st.integers(0, 2**32), size=st.integers(0, 60))
def test_mentors_are_the_best_there_is(seed, size):
    """networkx's exact flow finds no better assignment of the kind: waits, people, mentors used, then the score."""
    request = town(seed, size, "mentor")
    table = Table(request)
    graph = networkx.DiGraph()
    mentors = [side for side in table.sides if side.person.role == "mentor"]
    mentees = [side for side in table.sides if side.person.role == "mentee"]
    graph.add_nodes_from(["from", "to"])
    first, placed = 10**9, 10**12
    for mentor in mentors:
        bonus = first * (2 if mentor.person.waited else 1)
        graph.add_edge(("once", mentor.person.id), "to", capacity=1, weight=-bonus)
        graph.add_edge(mentor.person.id, ("once", mentor.person.id), capacity=1, weight=0)
        graph.add_edge(mentor.person.id, ("more", mentor.person.id), capacity=mentor.person.capacity - 1, weight=0)
        graph.add_edge(("more", mentor.person.id), "to", weight=0)
    for mentee in mentees:
        bonus = placed * 1000**mentee.person.waited
        graph.add_edge("from", mentee.person.id, capacity=1, weight=-bonus)
        graph.add_edge(mentee.person.id, "to", capacity=1, weight=bonus)
        for mentor in mentors:
            if (found := weight(table, mentor, mentee)) is not None:
                graph.add_edge(mentee.person.id, mentor.person.id, capacity=1, weight=-found)
    graph.nodes["from"]["demand"], graph.nodes["to"]["demand"] = -len(mentees), len(mentees)
    flow = networkx.min_cost_flow(graph)
    exact = {(mentor, mentee.person.id) for mentee in mentees for mentor, used in flow[mentee.person.id].items()
             if used and mentor != "to"}  # fmt: skip
    result = match(request)
    by_id = {person.id: person for person in request.people}

    def worth(pairs):
        waits = Counter(by_id[mentee].waited for _, mentee in pairs)
        used = {mentor for mentor, _ in pairs}
        spread = sum(2 if by_id[mentor].waited else 1 for mentor in used)
        total = sum(weight(table, *table.group(pair)) for pair in pairs)
        return waits[2], waits[1], len(pairs), spread, total

    made, best = worth([group.members for group in result.groups]), worth(exact)
    assert (best[:4], best[4]) == (made[:4], pytest.approx(made[4], abs=len(exact) + 1))


@pytest.mark.parametrize("mode", ["peer", "mentor", "circles"])
@slow_first
@given(seed=st.integers(0, 2**32), size=st.integers(0, 40))
def test_no_round_beats_its_bound(mode, seed, size):
    """The bound is above the round, and above whatever legal round a plain greedy finds."""
    request = town(seed, size, mode)
    result = match(request)
    assert result.total <= result.bound
    table = Table(request)
    taken, total = Counter(), 0.0
    edges = sorted(
        (-table.score(one, other), one.person.id, other.person.id)
        for one in table.sides
        for other in table.sides
        if one is not other and table.blocked(one, other) is None
        and (mode != "mentor" or (one.person.role, other.person.role) == ("mentor", "mentee"))
    )  # fmt: skip
    for score, one, other in edges if mode != "circles" else ():
        room = table.side(one).person.capacity if mode == "mentor" else 1
        if taken[one] < room and not taken[other]:
            taken.update((one, other))
            total -= score
    assert total <= result.bound


@pytest.mark.parametrize(("seed", "size"), [(1, 401), (2, 900)])
def test_large_rounds_are_near_their_bound(size, seed):
    """Above the exact rounds the engine stays within a hundredth of what it proves, and breaks no rule."""
    request = town(seed, size)
    result = match(request)
    assert 0.99 <= result.total / result.bound <= 1
    assert [] == [group for group in result.groups if faults(request, group.members)]
    left = [person.person for person in result.unmatched]
    assert not any(not faults(request, pair) for pair in combinations(left, 2))


def test_a_large_round_is_the_same_whatever_the_order():
    """The compiled engine too depends on the request alone, on one core as on all."""
    request = town(3, 450)
    turned = dataclasses.replace(request, people=tuple(reversed(request.people)))
    assert match(request) == match(turned)


def test_many_mentees():
    """The auction places everybody that the exact assignment places, almost as well, and proves its own bound."""
    from bot.matching import mentors

    request = town(4, 300, "mentor")
    exact = match(request)
    cells, mentors.EXACT_CELLS = mentors.EXACT_CELLS, 0
    try:
        quick = match(request)
    finally:
        mentors.EXACT_CELLS = cells
    assert len(exact.groups) == len(quick.groups)
    assert 0.99 * exact.total <= quick.total <= quick.bound
    assert exact.bound <= quick.bound * 1.0001
    assert [] == [group for group in quick.groups if faults(request, group.members)]


@pytest.mark.parametrize("mode", ["peer", "circles", "mentor"])
def test_identical_people(mode):
    """Six hundred people who are all alike are matched, all of them."""
    people = tuple(
        Person(f"p{n:03}", "peer" if mode != "mentor" else ("mentor" if n % 2 else "mentee"), languages=("en",),
               hours=frozenset({1}), interests=("tea",))
        for n in range(600)
    )  # fmt: skip
    result = match(Request(mode, people))
    assert () == result.unmatched
    assert {2} == {len(group.members) for group in result.groups} or mode == "circles"


def test_six_hundred_without_a_common_hour():
    """A large round in which nobody can meet anybody says so of everybody."""
    people = tuple(Person(f"p{n:03}", languages=("en",), hours=frozenset({n % 168})) for n in range(600))
    result = match(Request("peer", people, Rules(min_overlap_hours=2)))
    assert (0, 600, 0) == (len(result.groups), len(result.unmatched), result.total)
    assert {("no_overlap",)} == {tuple(reason.code for reason in left.reasons) for left in result.unmatched}


@pytest.mark.parametrize("size", [11, 30])
def test_nobody_is_left_out_twice_running(size):
    """Over rounds in which many can only meet few, whoever waited has everybody they could meet with others who did."""
    rng = random.Random(size)
    names = [f"n{number:02}" for number in range(size)]
    few = names[: size // 3]
    waited = dict.fromkeys(names, 0)
    for seed in range(12):
        people = tuple(
            Person(name, languages=("en", name) if name in few else (name, "en"), hours=frozenset({0, 1}),
                   avoid=frozenset(names) - frozenset(few) if name not in few else frozenset(), waited=waited[name])
            for name in names
        )  # fmt: skip
        request = Request("peer", people, Rules(no_repeat_rounds=0), seed=seed + rng.randrange(9))
        result = match(request)
        left = {one.person for one in result.unmatched}
        longest = {name: waited[name] for name in names}
        for group in result.groups:
            for name in left - set(few):
                outsiders = [one for one in group.members if one not in few]
                assert all(longest[one] >= longest[name] for one in outsiders)
        waited = {name: waited[name] + 1 if name in left else 0 for name in names}
    assert max(waited.values()) <= 3


def test_the_worst_pair_is_as_good_as_it_can_be():
    """Of two rounds with the same total the one without a very poor pair is made."""
    level = {"a": 0, "b": 2, "c": 3, "d": 5}
    people = tuple(Person(name, hours=frozenset({1}), level=number) for name, number in level.items())
    rules = Rules(shared_language=False, weights={"level": 1, "interests": 0, "offers_wants": 0, "goals": 0})
    # a-c and b-d are three levels apart each; a-d and b-c are five and one.
    request = dataclasses.replace(Request("peer", people, rules), forbidden=(frozenset("ab"), frozenset("cd")))
    for seed in range(12):
        made = match(dataclasses.replace(request, seed=seed))
        assert {("a", "c"), ("b", "d")} == {group.members for group in made.groups}


def printed(code):
    """What a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_nothing_heavy_is_loaded_before_a_round_is_made():
    """Only who computes a round pays for numpy and its kin."""
    code = "import sys, bot.matching, bot.app, bot.features, cli.main"
    assert "[]" == printed(f"{code}; print([one for one in {HEAVY} if one in sys.modules])")


def test_a_small_round_needs_no_compiler():
    """A round of up to 400 does not load numba."""
    code = (
        "import sys; from bot.matching import *\n"
        "match(Request('peer', tuple(Person(f'p{n}', hours=frozenset({1}), languages=('en',)) for n in range(9))))\n"
        "print('numba' in sys.modules)"
    )
    assert (
        "False"
        == subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    )


def test_candidates_are_what_the_round_chooses_from():
    """All legal pairs are listed with parts that add up to their score."""
    request = town(5, 20)
    table = Table(request)
    found = {(one, other): (score, parts) for one, other, score, parts in candidates(request)}
    legal = {
        tuple(sorted((one.person.id, other.person.id)))
        for one, other in combinations(table.sides, 2)
        if table.blocked(one, other) is None
    }
    assert legal == set(found)
    assert all(score == pytest.approx(sum(parts.values()), abs=1e-8) for score, parts in found.values())


def texts(request, *words):
    """The request with texts that count, and nothing else."""
    people = tuple(dataclasses.replace(one, text=text) for one, text in zip(request.people, words, strict=True))
    rules = Rules(0, shared_language=False, weights={**dict.fromkeys(["interests", "variety"], 0), "text": 5})
    return dataclasses.replace(request, people=people, rules=rules)


def test_texts_without_the_extra(monkeypatch):
    """A weight for texts without scikit-learn is refused with the cure."""
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction.text", None)
    with pytest.raises(MatchingError, match=r"kith\[text\]"):
        match(texts(town(1, 2), "tea", "tea"))


def test_words_in_common():
    """With scikit-learn, those who write of the same are matched, and the reason names the words."""
    pytest.importorskip("sklearn")
    people = tuple(Person(name) for name in "abcd")
    request = texts(Request("peer", people), "I grow roses", "sailing boats", "roses and tulips", "old boats")
    result = match(request)
    assert [("a", "c"), ("b", "d")] == [group.members for group in result.groups]
    assert ("roses",) == next(one.params["tags"] for one in result.groups[0].reasons if one.code == "text")
    assert result.groups == judge(request, (("a", "c"), ("b", "d"))).groups


def test_a_model_of_ones_own():
    """The port takes any vectors: opposite ones are 0 alike, equal ones 1."""
    request = texts(Request("peer", tuple(map(Person, "abc"))), "up", "down", "up")
    table = table_of(request, Embeddings(lambda texts: [[1.0, 0.0] if text == "up" else [-1.0, 0.0] for text in texts]))
    weight = table.weights["text"]
    alike = {pair: table.parts(*table.group(pair))["text"] / weight for pair in combinations("abc", 2)}
    assert {("a", "b"): 0, ("a", "c"): 1, ("b", "c"): 0} == pytest.approx(alike)


def test_the_cache_is_private(tmp_path, monkeypatch):
    """Compiled code goes to the user's cache when the package cannot be written, and never to a folder of others."""
    from bot.matching import cache

    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.folder() is None
    writable = cache.os.access
    here = str(cache.Path(cache.__file__).parent)
    monkeypatch.setattr(cache.os, "access", lambda path, mode: not str(path).startswith(here) and writable(path, mode))
    own = tmp_path / "kith" / "matching"
    assert str(own) == cache.folder()
    own.chmod(0o777)
    assert str(own) != cache.folder()
