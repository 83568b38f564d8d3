"""Names of time zones: which exist, and which was meant."""

from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

# In the database of zones, but no place anybody lives in.
_NOT_PLACES = {"Factory", "localtime", "posixrules"}


@cache
def zone_names() -> frozenset[str]:
    """Every IANA name this installation knows."""
    return frozenset(available_timezones() - _NOT_PLACES)


def find_zone(text: str) -> str | None:
    """The IANA name written in `text`, whatever its capitals and with blanks for underscores, or None."""
    return _by_folded().get(_folded(text))


def nearest_zone(text: str) -> str | None:
    """The IANA name that was probably meant by a wrong one: the city alone counts too; None when nothing is close."""
    folded = _folded(text)
    if city := _by_city().get(folded.rsplit("/", 1)[-1]):
        return city
    if near := get_close_matches(folded, _by_folded(), n=1, cutoff=0.8):
        return _by_folded()[near[0]]
    near = get_close_matches(folded.rsplit("/", 1)[-1], _by_city(), n=1, cutoff=0.75)
    return _by_city()[near[0]] if near else None


def usable(*wanted: str | None) -> str:
    """The first of the wanted names that exists here, else UTC: a stored one may have left the tz database since."""
    return next((name for name in wanted if name and name in zone_names()), "UTC")


def _folded(text: str) -> str:
    return text.strip().casefold().replace(" ", "_")


@cache
def _by_folded() -> dict[str, str]:
    return {_folded(name): name for name in sorted(zone_names())}


@cache
def _by_city() -> dict[str, str]:
    return {_folded(name.rsplit("/", 1)[-1]): name for name in sorted(zone_names(), reverse=True) if "/" in name}
