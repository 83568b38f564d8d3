"""The loops that numba compiles. Imported only for large rounds, in the process that computes them.

The machine code is kept beside this file, or, where that folder cannot be written, in the user's cache, or, where there
is none, in a private temporary folder; it is made once for each machine. No `fastmath`: sums are in a fixed order and
give the same bits everywhere.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba.core import types
from numba.extending import intrinsic

from bot.matching.cache import folder

if kept := folder():
    numba.config.CACHE_DIR = kept  # type: ignore[attr-defined]
jit = numba.njit(cache=True, nogil=True, error_model="numpy")


@intrinsic  # type: ignore[untyped-decorator,unused-ignore]
def _ones(typing: Any, word: Any) -> Any:  # noqa: ARG001
    """The number of bits set in a word of 64 bits."""
    signature = types.uint64(types.uint64)

    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
        return builder.ctpop(arguments[0])

    return signature, made


ones: Any = _ones


@jit
def keep(other, value, row, column, found, columns):  # type: ignore[no-untyped-def]
    """Put a column into a row's list of the best, if it is good enough."""
    many = other.shape[1]
    last = many - 1
    lowest = value[row, last]
    if found < lowest or (found == lowest and other[row, last] < 0):
        return
    distance = (column - row) % columns
    if found == lowest and distance > (other[row, last] - row) % columns:
        return
    place = last
    while place > 0:
        before = value[row, place - 1]
        if found < before:
            break
        if found == before and (other[row, place - 1] < 0 or distance > (other[row, place - 1] - row) % columns):
            break
        value[row, place] = before
        other[row, place] = other[row, place - 1]
        place -= 1
    value[row, place] = found
    other[row, place] = column


@jit
def count_hours(bits, row, bits_, low, wide, met):  # type: ignore[no-untyped-def]
    """How many hours a row shares with each of a tile. A loop of its own: with more arrays it is not vectorised."""
    a, b, c = bits[0, row], bits[1, row], bits[2, row]
    for j in range(wide):
        at = low + j
        met[j] = ones(a & bits_[0, at]) + ones(b & bits_[1, at]) + ones(c & bits_[2, at])


@jit
def common_tongues(bits, row, bits_, low, wide, talk):  # type: ignore[no-untyped-def]
    """The languages that a row shares with each of a tile; not 0 when there is one."""
    tongue = bits[3, row]
    for j in range(wide):
        talk[j] = tongue & bits_[3, low + j]
    for k in range(4, bits.shape[0]):
        tongue = bits[k, row]
        for j in range(wide):
            talk[j] |= tongue & bits_[k, low + j]


@jit
def bit_parts(met, talk, wide, score, weights, min_hours, free_talk):  # type: ignore[no-untyped-def]
    """What hours and languages give the pairs of a row with a tile, and which of them the two rule out."""
    w_hour, w_variety, half_tongue = weights[0], weights[2], np.float32(0.5) * weights[1]
    tenth, zero, never, least = np.float32(10.0), np.float32(0.0), np.float32(-1e8), np.float32(min_hours)
    for j in range(wide):
        count = np.float32(np.int32(met[j]))
        both = talk[j] != 0
        total = w_variety + w_hour * min(count, tenth) + (half_tongue if both else zero)
        score[j] = total if (count >= least) & (both | free_talk) else never


@jit
def small_part(mine, my_level, my_group, first, level, group, weights, mentor):  # type: ignore[no-untyped-def]
    """What the preferred language, the level and the group of a pair give."""
    half, fifth, whole, two = np.float32(0.5), np.float32(0.2), np.float32(1.0), np.float32(2.0)
    total = np.float32(0.0)
    if mine >= 0 and first == mine:
        total += half * weights[1]
    if my_level >= 0 and level >= 0:
        ahead = np.float32(level - my_level)
        fit = half * max(np.float32(0.0), min(ahead, two)) if mentor else whole - fifth * abs(ahead)
        total += weights[3] * fit
    if my_group > 0 and group > 0:
        total += weights[4] if group == my_group else weights[5]
    return total


@jit
def space_parts(spaces, row, spaces_, low, wide, score):  # type: ignore[no-untyped-def]
    """Rule out those who name spaces and share none with a row that does."""
    somewhere = False
    for k in range(spaces.shape[0]):
        somewhere = somewhere or spaces[k, row] != 0
    if not somewhere:
        return
    for j in range(wide):
        near, asked = False, False
        for k in range(spaces.shape[0]):
            near = near or (spaces[k, row] & spaces_[k, low + j]) != 0
            asked = asked or spaces_[k, low + j] != 0
        if asked and not near:
            score[j] = np.float32(-1e8)


@jit
def promising(score, wide, low, price_, lowest, worst, my_price, flags):  # type: ignore[no-untyped-def]
    """Flag what may be good enough for the list of the row or of the column."""
    for j in range(wide):
        at = low + j
        flags[j] = (score[j] - price_[at] >= lowest) | (score[j] - my_price >= worst[at])


@jit
def out_of_reach(bits, row, tile_bits, against, min_hours, need_tongue):  # type: ignore[no-untyped-def]
    """Whether nobody of a tile shares enough hours, or a language, with the row."""
    shared = np.int64(0)
    for k in range(3):
        shared += np.int64(ones(bits[k, row] & tile_bits[k, against]))
    if shared < min_hours:
        return True
    if not need_tongue:
        return False
    for k in range(3, bits.shape[0]):  # noqa: SIM110 - a generator is not compiled
        if bits[k, row] & tile_bits[k, against]:
            return False
    return True


@jit
def scan(  # type: ignore[no-untyped-def]
    bits, small, spaces, bits_, small_, spaces_,
    word_start, words, word_values, size, tile_bits, post_start, post_member, post_value,
    off_start, off_column, off_value, weights, min_hours, need_tongue, mentor, same, price, price_, thread, threads,
    other, value,
):  # fmt: skip
    """Compare the rows of every `threads`-th tile with all columns, or with those from their own tile on (`same`)."""
    rows, columns, many = small.shape[1], small_.shape[1], other.shape[1]
    never, possible = np.float32(-1e8), np.float32(-5e7)
    score = np.empty(size, np.float32)
    met = np.empty(size, np.uint64)
    talk = np.empty(size, np.uint64)
    flags = np.zeros(size, np.uint8)
    eight = flags.view(np.uint64)
    # The small parts are added only where, at their best, they could matter.
    most = np.float32(0.5) * weights[1] + weights[3] + max(weights[4], weights[5]) + np.float32(1e-6)
    worst = np.full(columns, np.float32(1e9))  # unless columns have lists too, these are never reached
    if same:
        for column in range(columns):
            worst[column] = value[column, many - 1] + price_[column] - most
    cursor = np.empty(size, np.int64)
    for tile in range(thread, (rows + size - 1) // size, threads):
        first, last = tile * size, min(tile * size + size, rows)
        for row in range(first, last):
            cursor[row - first] = off_start[row]
        for against in range(tile if same else 0, (columns + size - 1) // size):
            low, high = against * size, min(against * size + size, columns)
            wide = high - low
            flags[:] = 0
            for row in range(first, last):
                if out_of_reach(bits, row, tile_bits, against, min_hours, need_tongue):
                    continue
                count_hours(bits, row, bits_, low, wide, met)
                common_tongues(bits, row, bits_, low, wide, talk)
                bit_parts(met, talk, wide, score, weights, min_hours, not need_tongue)
                if spaces.shape[0] > 0:
                    space_parts(spaces, row, spaces_, low, wide, score)
                for k in range(word_start[row], word_start[row + 1]):
                    word, part = words[k], word_values[k]
                    for at in range(post_start[against, word], post_start[against, word + 1]):
                        score[post_member[at]] += part * post_value[at]
                at, end = cursor[row - first], off_start[row + 1]
                while at < end and off_column[at] < low:
                    at += 1
                while at < end and off_column[at] < high:
                    score[off_column[at] - low] -= off_value[at]
                    at += 1
                cursor[row - first] = at
                if same and against == tile:
                    for j in range(min(row - low + 1, wide)):
                        score[j] = never
                mine, my_level, my_group, my_price = small[0, row], small[1, row], small[2, row], price[row]
                promising(score, wide, low, price_, value[row, many - 1] + my_price - most, worst, my_price, flags)
                for stripe in range((wide + 7) // 8):
                    if eight[stripe] == 0:
                        continue
                    for j in range(stripe * 8, min(stripe * 8 + 8, wide)):
                        if not flags[j] or score[j] < possible:
                            continue
                        at = low + j
                        found = score[j] + small_part(
                            mine, my_level, my_group, small_[0, at], small_[1, at], small_[2, at], weights, mentor
                        )
                        found = found - my_price - price_[at]
                        if found >= value[row, many - 1]:
                            keep(other, value, row, at, found, columns)
                        if same and found >= value[at, many - 1]:
                            keep(other, value, at, row, found, columns)
                            worst[at] = value[at, many - 1] + price_[at] - most
