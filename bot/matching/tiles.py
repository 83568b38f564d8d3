"""Everybody compared with everybody, in tiles: the loops that are compiled, and what runs them on all cores.

A tile is a stretch of people who are alike (language, hours). A row meets a tile at once: bits first, in loops that the
compiler turns into vector instructions; then the words that the row shares with anybody of the tile, from lists of who
has which word; then the few single exceptions. What is good enough goes to the lists of the best, of the row and, where
both sides are the same people, of the column too, so that each pair is computed once. Memory is bounded by the lists.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from bot.matching import compiled
from bot.matching.arrays import Array, Sparse, Town, Traits

TILE = 256
MOST_THREADS = 4
MOST_OFFSETS = 16_000_000
MERGED = 8_192


class Best(NamedTuple):
    """The best of each row, best first: `other[row, place]` is -1 where there is none; `value` is float32."""

    other: Array
    value: Array


class Postings(NamedTuple):
    """Who has which word, tile by tile: those of a word stand at start[tile, word]:start[tile, word + 1]."""

    start: Array
    member: Array
    value: Array


class Tiled(NamedTuple):
    """The columns of a town in tiles: the bits that anybody of a tile has, and its words."""

    size: int
    bits: Array
    postings: Postings


def tiled(columns: Traits, words: Sparse, vocabulary: int) -> Tiled:
    """Cut the columns into tiles; larger ones when there are very many words, so that memory stays bounded."""
    people, size = columns.small.shape[1], TILE
    while -(-people // size) * (vocabulary + 1) > MOST_OFFSETS:
        size *= 2
    cuts = np.arange(0, max(people, 1), size)
    bits = np.bitwise_or.reduceat(columns.bits, cuts, axis=1) if people else columns.bits
    owner = np.repeat(np.arange(people), np.diff(words.start))
    at = (owner // size) * np.int64(vocabulary + 1) + words.word
    order = np.argsort(at, kind="stable")
    counts = np.bincount(at + 1, minlength=len(cuts) * (vocabulary + 1))
    # The count before the first word of a tile is that of all tiles before, as nobody has a word past the last.
    start = np.cumsum(counts, dtype=np.int64).astype(np.int32).reshape(len(cuts), vocabulary + 1)
    postings = Postings(start, (owner[order] % size).astype(np.int32), words.value[order])
    return Tiled(size, np.ascontiguousarray(bits), postings)


def best(where: Town, tiles: Tiled, many: int, row_prices: Array | None = None, prices: Array | None = None) -> Best:
    """Return the `many` best legal columns of each row, by score.

    With prices (float32, for rows and columns) a pair counts as its score less both prices, and only what is above 0.
    Equal values go by distance from the row, so that people who are all alike do not all want the same few.
    """
    rows, columns = where.rows.small.shape[1], where.columns.small.shape[1]
    same = where.rows is where.columns
    floor = np.float32(-1.0 if prices is None else 0.0)
    mine = np.zeros(rows, np.float32) if row_prices is None else row_prices
    theirs = np.zeros(columns, np.float32) if prices is None else prices

    def part(thread: int, threads: int) -> Best:
        other = np.full((rows, many), -1, np.int32)
        value = np.full((rows, many), floor, np.float32)
        compiled.scan(
            *where.rows, *where.columns, *where.row_words, tiles.size, tiles.bits, *tiles.postings,
            *where.off, where.weights, where.hours, where.language, where.mentor, same, mine, theirs, thread, threads,
            other, value,
        )  # fmt: skip
        return Best(other, value)

    parts = on_all_cores(part, -(-rows // tiles.size))
    return parts[0] if len(parts) == 1 else _merged(parts, many, columns)


def _merged(parts: list[Best], many: int, columns: int) -> Best:
    """The best of what each thread found, a stretch of rows at a time."""
    rows = len(parts[0].other)
    merged = Best(np.empty((rows, many), np.int32), np.empty((rows, many), np.float32))
    for first in range(0, rows, MERGED):
        cut = slice(first, first + MERGED)
        other = np.concatenate([one.other[cut] for one in parts], axis=1)
        value = np.concatenate([one.value[cut] for one in parts], axis=1)
        distance = np.where(other < 0, columns, (other - np.arange(first, first + len(other))[:, None]) % columns)
        order = np.lexsort((distance, -value), axis=1)[:, :many]
        merged.other[cut], merged.value[cut] = (np.take_along_axis(array, order, axis=1) for array in (other, value))
    return merged


def on_all_cores(part: Callable[[int, int], Any], most: int) -> list[Any]:
    """Run `part(thread, threads)` on each core; what it compiles gives the interpreter's lock away."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:
        cores = os.cpu_count() or 1
    threads = max(1, min(cores, MOST_THREADS, most))
    if threads == 1:
        return [part(0, 1)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(part, range(threads), [threads] * threads))


def order(people: Traits) -> Array:
    """Return an order in which those who can meet stand near each other: by language, then by when they are free."""
    hours = np.ascontiguousarray(people.bits[:3].T).view(np.uint8)
    bits = np.unpackbits(hours, axis=1, bitorder="little")[:, :168].reshape(-1, 7, 24).sum(axis=1, dtype=np.int32)
    angle = np.arange(24) * (2 * np.pi / 24)
    when = np.arctan2(bits @ np.sin(angle), bits @ np.cos(angle))
    slot = np.floor((when + np.pi) * (48 / (2 * np.pi)) + 1e-9).astype(np.int64)
    return np.lexsort((np.arange(len(slot)), slot, people.small[0]))
