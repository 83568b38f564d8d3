"""A draft edited by hand is judged as the engine would, and every hard rule it breaks is named."""

import pickle
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import MatchingError, Person, Reason, Request, Rules, faults, judge, match

HOURS = frozenset({18, 42})
untimed = settings(deadline=None)  # the first round imports numpy


def person(name, **traits):
    """Somebody who speaks English and is free for two hours, with other traits on request."""
    return Person(name, **{"languages": ("en",), "hours": HOURS, **traits})


def codes(request, group, beside=()):
    """Which rules a group breaks, and whom each concerns."""
    return {(reason.code, reason.params["members"]) for reason in faults(request, group, beside)}


@pytest.mark.parametrize("mode", ["peer", "mentor", "circles"])
@untimed
@given(seed=st.integers(0, 2**32))
def test_a_round_judged_is_the_round_made(mode, seed):
    """What `judge` says of the engine's own groups is what the engine said, and none of them has a fault."""
    rng = random.Random(seed)
    people = tuple(
        person(f"p{n}", role=rng.choice(["mentor", "mentee", "both"]), interests=tuple(rng.sample("abcd", 2)),
               hours=frozenset(rng.sample(range(4), 2)), waited=rng.choice([0, 0, 1]), capacity=rng.choice([0, 1, 2]))
        for n in range(rng.randint(0, 12))
    )  # fmt: skip
    request = Request(mode, people, Rules(circle_size=3), seed=seed)
    made = match(request)
    drawn = tuple(group.members for group in made.groups)
    judged = judge(request, drawn)
    assert (made.groups, made.unmatched, made.total) == (judged.groups, judged.unmatched, judged.total)
    assert [()] * len(drawn) == [faults(request, group, drawn) for group in drawn]


def test_the_cost_of_a_swap():
    """Two totals tell what a swap costs: here the interest that both pairs shared."""
    people = tuple(person(name, interests=(tag,)) for name, tag in zip("abcd", ("x", "x", "y", "y"), strict=True))
    request = Request("peer", people)
    made, swapped = (judge(request, groups).total for groups in ((("a", "b"), ("c", "d")), (("a", "c"), ("b", "d"))))
    assert 0.6 == pytest.approx(made - swapped)


def test_whoever_a_draft_leaves_out_is_named():
    """Somebody taken out of a draft is unmatched, with what stands between them and the others."""
    request = Request("peer", (person("a"), person("b"), person("c", languages=("fr",))))
    (left,) = judge(request, (("a", "b"),)).unmatched
    assert ("c", (Reason("no_shared_language", {"people": 2}),)) == (left.person, left.reasons)


@pytest.mark.parametrize(
    ("traits", "request_", "expected"),
    [
        ({"languages": ("fr",)}, {}, "no_shared_language"),
        ({"hours": frozenset({1})}, {}, "no_overlap"),
        ({"avoid": frozenset("a")}, {}, "avoided"),
        ({"spaces": frozenset("y")}, {}, "no_shared_space"),
        ({}, {"history": ((3, frozenset("ab")),)}, "only_repeats"),
        ({}, {"forbidden": (frozenset("ab"),)}, "forbidden"),
    ],
)
def test_each_rule_between_two(traits, request_, expected):
    """Each rule that a pair breaks is named with the two."""
    request = Request("peer", (person("a", spaces=frozenset("x")), person("b", **traits)), **request_)
    assert {(expected, ("a", "b"))} == codes(request, ("a", "b"))


def test_all_faults_at_once():
    """A pair that breaks several rules hears of all of them."""
    people = (person("a"), person("b", languages=("fr",), hours=frozenset(), avoid=frozenset("a")))
    found = {code for code, _ in codes(Request("peer", people), ("a", "b"))}
    assert {"no_shared_language", "no_overlap", "avoided"} == found


def test_a_trio_without_a_common_language():
    """What holds two by two may fail for three together."""
    tongues = (("en", "es"), ("es", "fr"), ("fr", "en"))
    people = tuple(person(name, languages=two) for name, two in zip("abc", tongues, strict=True))
    assert {("no_shared_language", ("a", "b", "c"))} == codes(Request("peer", people), ("a", "b", "c"))


def test_roles_and_places():
    """A mentor needs the role and a free place, a mentee the role."""
    people = (person("m", role="mentor"), person("n", role="mentee"), person("o", role="mentee"), person("p"))
    request = Request("mentor", people)
    assert set() == codes(request, ("m", "n"))
    assert {("no_role", ("n",)), ("no_role", ("m",))} == codes(request, ("n", "m"))
    assert {("no_role", ("p",))} == codes(request, ("p", "n"))
    assert {("no_capacity", ("m",))} == codes(request, ("m", "n"), (("m", "o"),))
    assert set() == codes(request, ("m", "n"), (("m", "n"),))


def test_no_place_at_all():
    """Somebody who takes nobody this round is named."""
    request = Request("peer", (person("a", capacity=0), person("b")))
    assert {("no_capacity", ("a",))} == codes(request, ("a", "b"))


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ((("a", "x"),), "not in this round: x"),
        ((("a",),), "2 to 3 different people"),
        ((("a", "b"), ("b", "c")), "“b” is in more than one group"),
    ],
)
def test_a_senseless_grouping_is_refused(groups, words):
    """Unknown ids, wrong sizes and people in two places are no grouping."""
    with pytest.raises(MatchingError, match=words):
        judge(Request("peer", tuple(map(person, "abcd"))), groups)


def test_a_judgement_crosses_a_process_border():
    """Judging can be done in a worker."""
    request = Request("peer", tuple(map(person, "abcd")))
    result = judge(request, (("a", "b"),))
    assert result == pickle.loads(pickle.dumps(result))
