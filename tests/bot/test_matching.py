"""Matching: no hard rule is ever broken, nobody waits in vain, and the same request gives the same round."""

import math
import pickle
import random
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import PARTS, MatchingError, Person, Reason, Request, Result, Rules, match

IDS = [f"p{number}" for number in range(14)]
HOURS = frozenset({18, 42})
untimed = settings(deadline=None)  # the first round imports numpy


def person(name: str, **traits: object) -> Person:
    """Somebody who speaks English and is free for two hours, with other traits on request."""
    return Person(name, **{"languages": ("en",), "hours": HOURS, **traits})


def round_of(*people: Person, mode: str = "peer", **request: object) -> Result:
    """The round made of these people."""
    return match(Request(mode, people, **request))


def groups(result: Result) -> list[tuple[str, ...]]:
    """Who meets whom."""
    return [group.members for group in result.groups]


def blocks(result: Result) -> dict[str, list[str]]:
    """Why each unmatched person is so, as codes."""
    return {left.person: [reason.code for reason in left.reasons] for left in result.unmatched}


def requests(mode: str) -> st.SearchStrategy[Request]:
    """Rounds of up to 14 people with few things in common, some history and some private lists.

    The traits come from a seed and not from strategies of their own, which takes a tenth of the time.
    """
    return st.builds(made_up, st.just(mode), st.integers(0, len(IDS)), st.integers(0, 2**32))


def made_up(mode: str, size: int, seed: int) -> Request:
    """A round of that many people."""
    rng = random.Random(seed)

    def some(words: str, most: int) -> tuple[str, ...]:
        return tuple(rng.sample(words.split(), rng.randint(0, most)))

    people = tuple(
        Person(
            name,
            role=rng.choice(["mentor", "mentee", "both", "peer"]),
            languages=some("en es fr", 3),
            offers=some("maths art", 2),
            wants=some("maths art", 2),
            interests=some("go chess tea", 3),
            hours=frozenset(rng.sample(range(5), rng.randint(0, 5))),
            level=rng.choice([None, 0, 1, 3, 5]),
            group=rng.choice(["", "red", "blue"]),
            goals=some("learn rest", 2),
            capacity=rng.choice([0, 1, 1, 2, 3]),
            avoid=frozenset(rng.sample(IDS, rng.choice([0, 0, 1, 2]))),
            waited=rng.choice([0, 0, 0, 1, 2]),
            spaces=frozenset(some("here there", 2)),
        )
        for name in rng.sample(IDS, size)
    )
    rules = Rules(rng.randint(0, 2), rng.randint(0, 3), rng.random() < 0.6, circle_size=rng.randint(2, 5))
    history = tuple(
        (rng.randint(1, 5), frozenset(rng.sample(IDS, rng.randint(2, 3)))) for _ in range(rng.randint(0, 8))
    )
    forbidden = tuple(frozenset(rng.sample(IDS, 2)) for _ in range(rng.randint(0, 2)))
    return Request(mode, people, rules, history, forbidden=forbidden, seed=rng.randint(0, 3), round_index=6)


def legal(request: Request, one: Person, other: Person) -> bool:
    """The hard rules of a pair, written a second time and plainly."""
    rules = request.rules
    lately = [ids for index, ids in request.history if request.round_index - index <= rules.no_repeat_rounds]
    return (
        (not rules.shared_language or bool(set(one.languages) & set(other.languages)))
        and len(one.hours & other.hours) >= rules.min_overlap_hours
        and other.id not in one.avoid
        and one.id not in other.avoid
        and not any({one.id, other.id} <= ids for ids in (*lately, *request.forbidden))
        and (not one.spaces or not other.spaces or bool(one.spaces & other.spaces))
    )


def together(request: Request, people: list[Person]) -> bool:
    """The hard rules of a larger group."""
    languages = set.intersection(*(set(one.languages) for one in people))
    hours = frozenset.intersection(*(one.hours for one in people))
    return (
        all(legal(request, one, other) for one, other in combinations(people, 2))
        and (bool(languages) or not request.rules.shared_language)
        and len(hours) >= request.rules.min_overlap_hours
    )


@pytest.mark.parametrize(("mode", "largest"), [("peer", 3), ("circles", 5)])
@untimed
@given(data=st.data())
def test_peers_never_break_a_rule(mode, largest, data):
    """Everybody is in one legal group or named as unmatched, and no two people left could meet."""
    request = data.draw(requests(mode))
    people = {one.id: one for one in request.people}
    result = match(request)
    counts = Counter(name for group in result.groups for name in group.members)
    left = [people[unmatched.person] for unmatched in result.unmatched]
    assert set(people) == set(counts) | {one.id for one in left}
    assert not set(counts) & {one.id for one in left}
    assert all(times == 1 and people[name].capacity for name, times in counts.items())
    for group in result.groups:
        assert 2 <= len(group.members) <= largest
        assert together(request, [people[name] for name in group.members])
    assert not any(legal(request, one, other) for one, other in combinations([one for one in left if one.capacity], 2))


@pytest.mark.parametrize(("mode", "largest"), [("peer", 3), ("circles", 5)])
@untimed
@given(data=st.data())
def test_nobody_is_left_beside_a_group_that_could_take_them(mode, largest, data):
    """Whoever is left of a round fits no pair of it, or no circle that has a seat."""
    request = data.draw(requests(mode))
    people = {one.id: one for one in request.people}
    result = match(request)
    for unmatched in result.unmatched:
        for group in result.groups:
            larger = [people[name] for name in (*group.members, unmatched.person)]
            assert len(larger) > largest or not people[unmatched.person].capacity or not together(request, larger)


@untimed
@given(requests("mentor"))
def test_mentors_never_break_a_rule(request):
    """Roles, capacity and rules hold, each mentee has one mentor, and no mentee left could have had one."""
    people = {one.id: one for one in request.people}
    result = match(request)
    load = Counter(mentor for mentor, _ in groups(result))
    mentees = Counter(mentee for _, mentee in groups(result))
    for mentor, mentee in groups(result):
        assert legal(request, people[mentor], people[mentee])
    assert all(
        people[name].role in ("mentor", "both") and times <= people[name].capacity for name, times in load.items()
    )
    assert all(people[name].role in ("mentee", "both") and times == 1 for name, times in mentees.items())
    assert not set(load) & set(mentees)
    left = {unmatched.person for unmatched in result.unmatched}
    assert set(people) - set(load) - set(mentees) == left
    for mentee in (people[name] for name in left if people[name].role in ("mentee", "both")):
        for mentor in request.people:
            room = mentor.role in ("mentor", "both") and mentor.id not in mentees and load[mentor.id] < mentor.capacity
            assert mentor is mentee or not room or not legal(request, mentor, mentee)


@pytest.mark.parametrize("mode", ["peer", "mentor", "circles"])
@untimed
@given(data=st.data())
def test_same_request_same_round(mode, data):
    """A round depends on the request alone: not on the order of the people, and it survives a process border."""
    request = data.draw(requests(mode))
    shuffled = data.draw(st.permutations(request.people))
    result = match(request)
    assert result == match(pickle.loads(pickle.dumps(request)))
    assert result == match(Request(**{**_fields(request), "people": tuple(shuffled)}))
    assert result == pickle.loads(pickle.dumps(result))


@pytest.mark.parametrize("mode", ["peer", "mentor", "circles"])
@untimed
@given(data=st.data())
def test_scores_and_reasons_make_sense(mode, data):
    """Scores lie in [0, 1] and add up to the total; a reason holds for all it names; everybody unmatched has one."""
    request = data.draw(requests(mode))
    people = {one.id: one for one in request.people}
    result = match(request)
    assert all(0 <= group.score <= 1 for group in result.groups)
    assert math.isclose(sum(group.score for group in result.groups), result.total, abs_tol=1e-6)
    assert all(unmatched.reasons for unmatched in result.unmatched)
    for group in result.groups:
        members = [people[name] for name in group.members]
        for reason in group.reasons:
            if reason.code == "shared_hours":
                assert set(reason.params["hours"]) == set.intersection(*(set(one.hours) for one in members))
            if reason.code == "offers_wants":
                giver, taker = people[reason.params["giver"]], people[reason.params["taker"]]
                assert set(reason.params["tags"]) == set(giver.offers) & set(taker.wants)


def _fields(request: Request) -> dict[str, object]:
    return {name: getattr(request, name) for name in Request.__slots__}


@pytest.mark.parametrize("mode", ["peer", "mentor", "circles"])
def test_nobody(mode):
    """A round of nobody is empty."""
    result = round_of(mode=mode)
    assert ((), (), 0.0) == (result.groups, result.unmatched, result.total)
    assert not result.bound


@pytest.mark.parametrize(
    ("people", "mode", "expected"),
    [
        ([person("a")], "peer", {"a": ["nobody_left"]}),
        ([person("a", avoid=frozenset("b")), person("b")], "peer", {"a": ["avoided"], "b": ["avoided"]}),
        ([person("a"), person("b", languages=("es",))], "peer",
         {"a": ["no_shared_language"], "b": ["no_shared_language"]}),
        ([person("a"), person("b", hours=frozenset({1}))], "circles", {"a": ["no_overlap"], "b": ["no_overlap"]}),
        ([person("a", capacity=0), person("b")], "peer", {"a": ["no_capacity"], "b": ["no_capacity"]}),
        ([person("a", role="mentor"), person("b", role="mentor")], "mentor",
         {"a": ["nobody_left"], "b": ["nobody_left"]}),
        ([person("a", role="mentor", capacity=0), person("b", role="mentee")], "mentor",
         {"a": ["no_capacity"], "b": ["no_capacity"]}),
        ([person("a", role="peer"), person("b", role="mentee")], "mentor", {"a": ["no_role"], "b": ["nobody_left"]}),
        ([person("a", spaces=frozenset("x")), person("b", spaces=frozenset("y"))], "peer",
         {"a": ["no_shared_space"], "b": ["no_shared_space"]}),
    ],
)  # fmt: skip
def test_rounds_without_a_match(people, mode, expected):
    """When nobody can be matched, each is told what stood in the way."""
    result = round_of(*people, mode=mode)
    assert [] == groups(result)
    assert expected == blocks(result)


def test_a_repeat_is_refused_for_so_many_rounds():
    """Two who met may meet again only when enough rounds have passed."""
    met = ((3, frozenset("ab")),)
    people = (person("a"), person("b"))
    again = {
        now: groups(round_of(*people, rules=Rules(no_repeat_rounds=2), history=met, round_index=now))
        for now in (4, 5, 6)
    }
    assert {4: [], 5: [], 6: [("a", "b")]} == again
    assert {"a": ["only_repeats"], "b": ["only_repeats"]} == blocks(round_of(*people, history=met))


def test_the_odd_one_makes_a_trio():
    """With three people and no pair too many, all three meet."""
    assert [("a", "b", "c")] == groups(round_of(person("a"), person("b"), person("c")))


def test_no_trio_without_a_common_language():
    """Three who understand each other only two by two are not put together."""
    trio = (
        person("a", languages=("en", "es")),
        person("b", languages=("es", "fr")),
        person("c", languages=("fr", "en")),
    )
    result = round_of(*trio)
    assert ([2], 1) == ([len(group.members) for group in result.groups], len(result.unmatched))


def test_whoever_waited_comes_first():
    """Somebody left out last time is matched before better pairs are made."""
    likes = {"interests": ("chess", "go"), "offers": ("maths",), "wants": ("maths",)}
    three = (person("a", **likes), person("b", **likes, avoid=frozenset("z")), person("z", waited=1))
    assert [("a", "z")] == groups(round_of(*three))


def test_a_better_pair_is_made_first():
    """Among equals in waiting, common interests decide."""
    four = [
        person(name, interests=(tag,)) for name, tag in (("a", "Chess"), ("b", "tea"), ("c", "tea"), ("d", "chess"))
    ]
    assert [("a", "d"), ("b", "c")] == groups(round_of(*four))


def test_mentors_share_the_load():
    """No mentor has a second mentee while another has none and could."""
    mentors = [
        person(name, role="mentor", capacity=3, offers=("maths",) * (name == "m1")) for name in ("m1", "m2", "m3")
    ]
    mentees = [person(name, role="mentee", wants=("maths",)) for name in ("a", "b", "c", "d")]
    load = Counter(mentor for mentor, _ in groups(round_of(*mentors, *mentees, mode="mentor")))
    assert [1, 1, 2] == sorted(load.values())


def test_a_full_mentor_is_named():
    """A mentee who only lacks a place hears so."""
    result = round_of(person("m", role="mentor"), *(person(name, role="mentee") for name in "ab"), mode="mentor")
    assert [["no_capacity"]] == list(blocks(result).values())


def test_both_is_one_of_the_two():
    """Two people who could be either become one mentor and one mentee."""
    result = round_of(person("a", role="both", level=4), person("b", role="both", level=1), mode="mentor")
    assert [("a", "b")] == groups(result)


@pytest.mark.parametrize("people", range(2, 24))
@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_circles_of_alike_people_leave_nobody(people, size):
    """Any number of people who suit each other is seated in circles of two to five."""
    result = round_of(*(person(f"{n:02}") for n in range(people)), mode="circles", rules=Rules(circle_size=size))
    sizes = [len(group.members) for group in result.groups]
    assert people == sum(sizes)
    assert all(2 <= seats <= 5 for seats in sizes)


def test_locked_groups_stay():
    """A locked group is kept although the rules would not make it, and says so."""
    result = round_of(person("a"), person("b", languages=("fr",)), person("c"), person("d"), locked=(("b", "a"),))
    assert [("a", "b"), ("c", "d")] == groups(result)
    assert Reason("locked") in result.groups[0].reasons


def test_a_locked_mentor_keeps_their_place():
    """In mentor mode the first of a locked pair is the mentor, and the place counts."""
    people = (person("a", role="both"), person("b", role="both"), person("c", role="mentee"))
    result = round_of(*people, mode="mentor", locked=(("b", "a"),))
    assert [("b", "a")] == groups(result)


def test_a_mentor_a_little_ahead():
    """A mentor who is two levels ahead suits better than one of the mentee's own level, or below."""
    scores = {
        level: round_of(
            person("m", role="mentor", level=level), person("n", role="mentee", level=2), mode="mentor"
        ).total
        for level in (1, 2, 3, 4, 5)
    }
    assert scores[1] == scores[2] < scores[3] < scores[4] == scores[5]


def test_a_mentee_owes_nothing():
    """Between mentor and mentee only what the mentor gives is a reason."""
    mentor = person("m", role="mentor", offers=("maths",), wants=("art",))
    (pair,) = round_of(mentor, person("n", role="mentee", offers=("art",), wants=("maths",)), mode="mentor").groups
    given_ = [reason.params["giver"] for reason in pair.reasons if reason.code == "offers_wants"]
    assert ["m"] == given_


def test_reasons_of_a_pair():
    """Reasons carry what views need to say them: the words as people wrote them, and who gives to whom."""
    ana = person("ana", interests=("Chess", "tea"), offers=("writing",), level=4, group="Arts", goals=("meet people",))
    bea = person("bea", interests=("chess",), wants=("Writing",), level=1, group="arts", goals=("Meet people",))
    (pair,) = round_of(ana, bea).groups
    assert (
        Reason("shared_language", {"languages": ("en",)}),
        Reason("shared_hours", {"hours": (18, 42), "count": 2}),
        Reason("offers_wants", {"giver": "ana", "taker": "bea", "tags": ("Writing",)}),
        Reason("interests", {"tags": ("Chess",)}),
        Reason("goals", {"tags": ("meet people",)}),
        Reason("same_group", {"group": "Arts"}),
        Reason("level", {"levels": (4, 1)}),
    ) == pair.reasons


@pytest.mark.parametrize("part", [part for part in PARTS if part != "text"])
def test_every_part_counts(part):
    """With all the weight on one part, a pair that has it scores above one that lacks it."""
    rules = Rules(min_overlap_hours=0, shared_language=False, weights={**dict.fromkeys(PARTS, 0), part: 1})
    rich = {"offers": ("x",), "wants": ("x",), "interests": ("x",), "goals": ("x",), "level": 3}
    group = {"group": "red"} if part == "same_group" else {}
    pair = [person(name, **rich, **group) for name in "ab"]
    if part == "other_group":
        pair = [person("a", group="red"), person("b", group="blue")]
    poor = [Person("c"), Person("d")]
    met = ((1, frozenset("cd")),)
    good, bad = (round_of(*two, rules=rules, history=met, round_index=6).groups[0].score for two in (pair, poor))
    assert good > bad


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (Request("duel", ()), ["“duel” is not a way"]),
        (Request("peer", (person("a"), person("a"))), ["“a” is listed 2 times"]),
        (Request("peer", (person("a", role="boss"), person("b", capacity=-1))), ["“boss”", "capacity (-1)"]),
        (Request("peer", (person("a", hours=frozenset({168})),)), ["beyond a week"]),
        (Request("peer", (), Rules(-1, -1, circle_size=9)), ["min_overlap_hours", "no_repeat_rounds", "circle_size"]),
        (Request("peer", (), Rules(weights={"intrests": 1})), ["was “interests” meant?"]),
        (Request("peer", (), Rules(weights={"level": math.nan})), ["“level” is nan"]),
        (Request("peer", (), Rules(weights={"level": "heavy"})), ["“level” is 'heavy'"]),
        (Request("peer", (person("a"),), locked=(("a", "x"),)), ["not in this round: x"]),
        (Request("peer", (person("a"), person("b")), locked=(("a",),)), ["2 to 3 different people"]),
        (Request("peer", (person("a"), person("b", avoid=frozenset("a"))), locked=(("a", "b"),)), ["must not meet"]),
        (Request("peer", tuple(map(person, "abc")), locked=(("a", "b"), ("a", "c"))), ["more than one place"]),
        (
            Request(
                "mentor",
                (person("a", role="mentor"), *(person(name, role="mentee") for name in "bc")),
                locked=(("a", "b"), ("a", "c")),
            ),
            ["locked to 2 mentees"],
        ),
        (
            Request("mentor", (person("a"), person("b")), locked=(("a", "b"),)),
            ["locked as a mentor", "locked as a mentee"],
        ),
    ],
)
def test_senseless_requests_are_refused(request_, words):
    """A request that makes no sense is refused with all that is wrong with it, across a process border too."""
    with pytest.raises(MatchingError) as caught:
        match(request_)
    assert all(word in str(caught.value) for word in words)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (caught.value.problems, str(caught.value)) == (copy.problems, str(copy))


def test_unknown_ids_in_lists_do_no_harm():
    """Avoiding, having met, or being kept from somebody who is not there changes nothing."""
    people = (person("a", avoid=frozenset({"ghost", "a"})), person("b"))
    result = round_of(*people, history=((1, frozenset({"a", "ghost"})),), forbidden=(frozenset({"b", "ghost"}),))
    assert [("a", "b")] == groups(result)


def test_left_out_people_take_turns():
    """Over many rounds of an odd number in which trios are impossible, nobody is left out twice running."""
    names = [f"n{number}" for number in range(7)]
    hours = [frozenset({0, 1, 2, 3, 4, 5, 6} - {number}) for number in range(7)]
    waited = dict.fromkeys(names, 0)
    for seed in range(30):
        people = [person(name, hours=hours[n], waited=waited[name]) for n, name in enumerate(names)]
        result = round_of(*people, rules=Rules(min_overlap_hours=5), seed=seed)
        left = {unmatched.person for unmatched in result.unmatched}
        assert len(left) == 1
        waited = {name: waited[name] + 1 if name in left else 0 for name in names}
        assert max(waited.values()) == 1


@pytest.mark.parametrize("seed", range(3))
def test_a_large_round(seed):
    """Two hundred people with random hours and tags are matched without a broken rule."""
    rng = random.Random(seed)
    people = tuple(
        person(f"{n:03}", hours=frozenset(rng.sample(range(60), 12)), interests=tuple(rng.sample("abcdefgh", 3)))
        for n in range(200)
    )
    request = Request("peer", people, Rules(min_overlap_hours=2), round_index=1)
    by_id = {one.id: one for one in people}
    result = match(request)
    assert all(together(request, [by_id[name] for name in group.members]) for group in result.groups)
    assert len(result.unmatched) <= 2
