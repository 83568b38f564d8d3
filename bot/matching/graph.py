"""Edges between people as arrays, and the exact matching of small rounds."""

from typing import NamedTuple

import numpy as np

from bot.matching.arrays import Array


class Edges(NamedTuple):
    """Pairs with one < other, each once, and what each weighs (integers, see `arrays.SCALE`)."""

    one: Array
    other: Array
    weight: Array


def edges(one: Array, other: Array, weight: Array) -> Edges:
    """Sort pairs, turn them the same way round and drop doubles."""
    low, high = np.minimum(one, other).astype(np.int64), np.maximum(one, other).astype(np.int64)
    key = (low << 32) | high
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.ones(len(key), bool)
    first[1:] = key[1:] != key[:-1]
    most = np.maximum.reduceat(weight[order], np.nonzero(first)[0]) if len(key) else weight
    return Edges(key[first] >> 32, key[first] & 0xFFFFFFFF, most.astype(np.int64))


def neighbours(people: int, pairs: Edges, bonus: Array) -> tuple[Array, Array, Array]:
    """Return start, to and weight of each person's neighbours; `bonus` of both ends is added to the weights."""
    owner = np.concatenate((pairs.one, pairs.other))
    to = np.concatenate((pairs.other, pairs.one))
    weight = np.concatenate((pairs.weight, pairs.weight)) + bonus[owner] + bonus[to]
    order = np.argsort((owner << 32) | to, kind="stable")
    start = np.zeros(people + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=people), out=start[1:])
    return start, to[order], weight[order]


def exact(people: int, pairs: Edges, bonus: list[int] | None = None) -> Array:
    """Return each person's partner, -1 for none, in a matching of the greatest weight (Edmonds' blossoms).

    `bonus` is added for both ends of a pair; its integers may be of any size up to 2**120.
    """
    import rustworkx

    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(people))
    weights = pairs.weight.tolist()
    listed = list(zip(pairs.one.tolist(), pairs.other.tolist(), weights, strict=True))
    if bonus is not None:
        listed = [(one, other, weight + bonus[one] + bonus[other]) for one, other, weight in listed]
    graph.add_edges_from(listed)
    mate = np.full(people, -1, np.int64)
    for one, other in rustworkx.max_weight_matching(graph, max_cardinality=False, weight_fn=int, default_weight=0):
        mate[one], mate[other] = other, one
    return mate


def total(pairs: Edges, mate: Array) -> int:
    """Return what the pairs of a matching weigh together."""
    return int(pairs.weight[mate[pairs.one] == pairs.other].sum())
