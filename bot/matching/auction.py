"""Compiled loops of the assignment: an auction with prices, and the repair of what it cannot pair.

Edges are lists of neighbours: those of person i stand at start[i]:start[i + 1] in `to`, with integer weights. Sources:
Bertsekas, *Auction algorithms* (epsilon scaling); half-integral solutions of the double cover are the fractional
matchings of the graph (Balinski), so they hold pairs, people alone and odd cycles.
"""

from __future__ import annotations

import heapq

import numpy as np

from bot.matching.compiled import jit

BIDS = 400
"""No more bids a person and phase than this: on one long path an auction creeps. What is left is repaired."""


@jit
def auction(start, to, weight, price, first, last, shrink):  # type: ignore[no-untyped-def]
    """Let everybody bid for a partner, or for themselves (weight 0: to stay alone); return who holds whom.

    `price` is changed in place: with `profits` it proves a bound. Total and bound differ by `last` a person at most.
    """
    people = start.shape[0] - 1
    held = np.full(people, -1, np.int64)
    owner = np.full(people, -1, np.int64)
    queue = np.empty(people, np.int64)
    epsilon = first
    while True:
        for one in range(people):  # keep what is still good enough at this step
            at = held[one]
            if at >= 0:
                mine = -price[one]
                best = mine
                for k in range(start[one], start[one + 1]):
                    value = weight[k] - price[to[k]]
                    best = max(best, value)
                    if to[k] == at:
                        mine = value
                if mine < best - epsilon:
                    held[one] = -1
                    owner[at] = -1
        count, head = 0, 0
        for one in range(people):
            if held[one] < 0:
                queue[count] = one
                count += 1
        waiting = count
        tail = count % people if people else 0
        bids = 0
        while waiting > 0 and bids < BIDS * people:
            one = queue[head]
            head = (head + 1) % people
            waiting -= 1
            best, second, at = -price[one], np.int64(-(1 << 60)), one
            for k in range(start[one], start[one + 1]):
                value = weight[k] - price[to[k]]
                if value > best:
                    second = best
                    best = value
                    at = to[k]
                elif value > second:
                    second = value
            if second < -(1 << 59):
                second = best
            price[at] += best - second + epsilon
            before = owner[at]
            owner[at] = one
            held[one] = at
            if before >= 0:
                held[before] = -1
                queue[tail] = before
                tail = (tail + 1) % people
                waiting += 1
            bids += 1
        if epsilon <= last:
            return held
        epsilon = max(epsilon // shrink, last)


@jit
def profits(start, to, weight, price):  # type: ignore[no-untyped-def]
    """Twice a price for each person such that no edge weighs more than its two ends; none is below 0."""
    people = start.shape[0] - 1
    both = np.empty(people, np.int64)
    for one in range(people):
        best = -price[one]
        for k in range(start[one], start[one + 1]):
            best = max(best, weight[k] - price[to[k]])
        both[one] = best + price[one]
    return both


@jit
def weight_of(start, to, weight, one, other):  # type: ignore[no-untyped-def]
    """The weight of an edge, or -1 when there is none."""
    for k in range(start[one], start[one + 1]):
        if to[k] == other:
            return weight[k]
    return np.int64(-1)


@jit
def paired(start, to, weight, held):  # type: ignore[no-untyped-def]
    """Make pairs of who holds whom: cycles are cut into pairs, an odd one where it costs least. -1 is nobody."""
    people = start.shape[0] - 1
    mate = np.full(people, -1, np.int64)
    seen = np.zeros(people, np.bool_)
    cycle = np.empty(people, np.int64)
    for one in range(people):
        if seen[one] or held[one] < 0:
            continue
        length, at = 0, one
        while at >= 0 and not seen[at]:
            seen[at] = True
            cycle[length] = at
            length += 1
            at = held[at]
        if length < 2 or at != one:
            continue
        best, where = np.int64(-1), 0
        for skip in range(length if length % 2 else 2):  # an even cycle has two ways, an odd one leaves one out
            total = np.int64(0)
            begin = skip + 1 if length % 2 else skip
            for step in range(length // 2):
                a, b = cycle[(begin + 2 * step) % length], cycle[(begin + 2 * step + 1) % length]
                found = weight_of(start, to, weight, a, b)
                total += max(0, found)
            if total > best:
                best, where = total, begin
        for step in range(length // 2):
            a, b = cycle[(where + 2 * step) % length], cycle[(where + 2 * step + 1) % length]
            if weight_of(start, to, weight, a, b) >= 0:
                mate[a], mate[b] = b, a
    return mate


@jit
def rejoin(start, to, weight, both, mate, one, limit):  # type: ignore[no-untyped-def]
    """Improve a matching along the best alternating path from somebody free, if any; return the gain.

    Dijkstra over the people who would be free in turn: to take v from its partner x costs weight(v, x) - weight(u, v),
    which the prices (`both`, twice) turn into something never much below 0. A pair is entered once, so that a path
    never crosses itself.
    """
    people = start.shape[0] - 1
    cost = np.full(people, np.int64(1) << 60)
    back = np.full(people, -1, np.int64)  # whom the person took who set this one free
    heap = [(np.int64(0), np.int64(one))]
    cost[one] = 0
    done = np.zeros(people, np.bool_)
    best, end, last = np.int64(0), np.int64(-1), np.int64(-1)
    pops = 0
    while len(heap) > 0 and pops < limit:
        _, at = heapq.heappop(heap)
        if done[at]:
            continue
        if at != one and done[mate[at]]:
            continue
        done[at] = True
        pops += 1
        lost = cost[at]
        if at != one and -lost > best:
            best, end, last = -lost, at, np.int64(-1)
        for k in range(start[at], start[at + 1]):
            other = to[k]
            if other == one:
                continue
            partner = mate[other]
            if partner < 0:
                if weight[k] - lost > best:
                    best, end, last = weight[k] - lost, at, other
                continue
            if partner == at or done[partner] or done[other]:
                continue
            new = lost + weight_of(start, to, weight, other, partner) - weight[k]
            if new < cost[partner]:
                cost[partner] = new
                back[partner] = at
                # Twice the cost with the potentials taken off, so that the heap gives the nearest first.
                heapq.heappush(heap, (2 * new + both[one] - both[partner], np.int64(partner)))
    if end < 0:
        return np.int64(0)
    at = end
    take = last
    while True:  # walk back: each person takes the one that freed the next
        freed = mate[at]
        if take >= 0:
            mate[at], mate[take] = take, at
        else:
            mate[at] = -1
        if at == one:
            break
        take = freed
        at = back[at]
    return best


@jit
def repair(start, to, weight, both, mate, limit):  # type: ignore[no-untyped-def]
    """Rejoin everybody who is free, as often as that gains something."""
    people = start.shape[0] - 1
    for _ in range(3):
        gained = np.int64(0)
        for one in range(people):
            if mate[one] < 0 and start[one + 1] > start[one]:
                gained += rejoin(start, to, weight, both, mate, one, limit)
        if gained == 0:
            break


@jit
def fill(start, to, weight, places, bonus, price_start, prices, epsilon):  # type: ignore[no-untyped-def]
    """Mentees bid for places of mentors; return the place each holds, or -1.

    The places of mentor m stand at price_start[m]:price_start[m + 1]; `prices` may start below 0 where a place is worth
    more than the others. `bonus[i]` is what it is worth that mentee i has a mentor at all. One fixed epsilon, because a
    place that nobody takes has to keep its first price for the bound to hold.
    """
    mentees = start.shape[0] - 1
    held = np.full(mentees, -1, np.int64)
    queue = np.empty(mentees, np.int64)
    for one in range(mentees):
        queue[one] = one
    head, waiting = 0, mentees
    tail = 0
    while waiting > 0:
        one = queue[head]
        head = (head + 1) % mentees
        waiting -= 1
        best, second, at = np.int64(0), np.int64(0), np.int64(-1)  # to stay without a mentor is worth 0
        for k in range(start[one], start[one + 1]):
            mentor = to[k]
            for place in range(price_start[mentor], price_start[mentor + 1]):
                value = weight[k] + bonus[one] - prices[place]
                if value > best:
                    second, best, at = best, value, np.int64(place)
                elif value > second:
                    second = value
        if at < 0:
            continue
        prices[at] += best - second + epsilon
        before = places[at]
        places[at] = one
        held[one] = at
        if before >= 0:
            held[before] = -1
            queue[tail] = before
            tail = (tail + 1) % mentees
            waiting += 1
    return held
