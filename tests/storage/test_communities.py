"""Two communities in one database: no named query of one sees or touches a row of the other."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

import storage
from storage.db import Db
from storage.engine import Database
from storage.feedback import READABLE
from tests.fakes.rows import MOMENT, classes, fill, row_of

ACROSS = {
    "application.accept": "takes the row itself",
    "community.awake": "an adapter looks after every space of its platform",
    "community.by_id": "it is the community that is looked for",
    "community.every": "for the command line, which names communities",
    "community.space": "finds the community of an event",
    "engine.insert_new": "takes the rows themselves",
    "engine.insert_once": "takes the row itself",
    "inbox.forget_before": "old request ids go in every community",
    "inbox.record": "request ids are the platform's",
    "link.join": "lets one community become part of another",
    "member.communities_of_account": "finds the community of a press in a direct message",
    "milestone.keep": "takes the row itself",
    "outbox.add": "takes the row itself",
    "outbox.add_all": "takes the rows themselves",
    "outbox.claim": "the pump delivers for every community",
    "outbox.newest": "for the command line, which may look at all",
    "outbox.counts": "for the command line, which may look at all",
    "prompt.add_new": "takes the rows themselves",
    "recognition.decide": "writes about a member that its caller has found",
    "risk.keep": "writes about a pair that its caller has found",
    "rows.find": "the core compares the community",
    "schedule.record": "takes the row itself",
    "insight.number": "counts what its caller selects",
    "outcome.keep": "takes members of the programme that its caller has found",
    "rights.part_from_id": "the log refuses it for a member whose row was not emptied before",
    "survey.plan": "takes the row itself",
    "survey.add_words": "adds to a survey that its caller has found",
    "survey.count": "adds to a survey that its caller has found",
}
"""Queries that look over communities without saying "over the whole installation", and why they may."""

GENERIC = {"table": "kudos", "members": ["giver_id"], "texts": ["reason"], "dated": "given_at"}
"""What the queries that work on any table are tried on."""

CHOSEN = {
    ("feedback.mark", "what"): "hidden",
    ("feedback.mark", "value"): True,
    ("meetings.weeks", "periods"): [(MOMENT - timedelta(weeks=5), MOMENT + timedelta(weeks=5))],
}
"""Query and parameter -> its value, where not anything is allowed."""


def queries() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every named query of the ground floor as (module.name, function)."""
    for module in pkgutil.iter_modules(storage.__path__):
        if module.name in ("migrations", "migrate", "lock"):
            continue
        found = importlib.import_module(f"storage.{module.name}")
        for name, function in inspect.getmembers(found, inspect.iscoroutinefunction):
            first = next(iter(inspect.signature(function).parameters), "")
            if function.__module__ == found.__name__ and first == "db" and not name.startswith("_"):
                yield f"{module.name}.{name}", function


def arguments(name: str, function: Callable[..., Any], community: str, rows: dict[str, Any]) -> dict[str, Any]:
    """Return arguments for a query about `community` whose every id and word comes from `rows`."""
    taken: dict[str, Any] = {}
    for parameter in list(inspect.signature(function, eval_str=False).parameters.values())[1:]:
        if parameter.name == "community_id":
            taken["community_id"] = community
        elif parameter.default is inspect.Parameter.empty:
            taken[parameter.name] = argument(name, parameter, rows)
    return taken


def argument(name: str, parameter: inspect.Parameter, rows: dict[str, Any]) -> Any:
    """Return a value for one parameter: an id or word of a row that stands in the other community, or a plain one."""
    if name.startswith(("rights.", "link.rename")) and parameter.name in GENERIC:
        return GENERIC[parameter.name]
    if name == "rows.ours":
        return {"table": classes()["member"], "key": rows["member"].id}.get(parameter.name, rows["community"].id)
    if (name, parameter.name) in CHOSEN:
        return CHOSEN[name, parameter.name]
    area = name.split(".")[0]
    own = [row for table, row in rows.items() if type(row).__module__ == f"storage.{area}"]
    singular = parameter.name.removesuffix("s") if "Collection" in str(parameter.annotation) else parameter.name
    if singular == "id":
        value: Any = rows["member"].id
    elif singular.endswith("_id") and singular.removesuffix("_id") in rows:
        value = rows[singular.removesuffix("_id")].id
    else:
        value = next((getattr(row, singular) for row in [*own, *rows.values()] if hasattr(row, singular)), None)
    if "Collection" in str(parameter.annotation):
        return [value]
    if value is not None and not isinstance(value, datetime):
        return value
    plain = {"datetime": MOMENT, "date": MOMENT.date(), "int": 100, "str": "word", "Any": "word", "bool": True}
    kind = str(parameter.annotation).split(" |")[0]
    assert kind in plain, f"teach this test what {name}({parameter.name}: {parameter.annotation}) takes"
    return plain[kind]


def shown(value: Any) -> Any:
    """Return a result as something that can be compared."""
    if hasattr(value, "model_dump"):
        return type(value).__name__, value.model_dump()
    if isinstance(value, dict):
        return {str(key): shown(item) for key, item in value.items()}
    return [shown(item) for item in value] if isinstance(value, list | tuple | set) else value


async def everything(db: Db, community: str) -> dict[str, Any]:
    """Return all rows of a community."""
    found = {}
    for name, cls in classes().items():
        column = "id" if name == "community" else "community_id"
        if hasattr(cls, column):
            rows = await db.exec(select(cls).where(getattr(cls, column) == community))
            found[name] = sorted(str(row.model_dump()) for row in rows)
    return found


async def test_a_query_takes_its_community_or_says_why_not():
    """Who writes a query without a community has to say why it may look over all of them."""
    for name, function in queries():
        if "community_id" not in inspect.signature(function).parameters:
            assert name in ACROSS or "whole installation" in (function.__doc__ or ""), name


async def test_nothing_crosses_between_two_communities(database: Database):
    """Adding a second community changes no answer about the first, not even to who asks with the second one's ids."""
    ours = [(name, one) for name, one in queries() if "community_id" in inspect.signature(one).parameters]
    ours = [(name, one) for name, one in ours if name not in ACROSS]
    assert len(ours) > 30

    class _Undo(Exception):
        pass

    async def answers(db: Db, here: str, rows: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for name, function in ours:
            savepoint = await db.begin_nested()
            found[name] = shown(await function(db, **arguments(name, function, here, rows)))
            await db.flush()
            await savepoint.rollback()
            db.expire_all()
        return found

    async with database.unit() as db:
        here = await fill(db, "here")
        here["feedback_note"].status = READABLE[0]  # a note that waits has no messages yet
        community = here["community"].id
    theirs: dict[str, Any] = {}
    for name, cls in classes().items():
        theirs[name] = row_of(cls, theirs, "there")

    async def ask() -> tuple[dict[str, Any], dict[str, Any]]:
        try:
            async with database.unit() as db:
                found = await answers(db, community, here), await answers(db, community, theirs)
                raise _Undo
        except _Undo:
            return found

    alone = await ask()
    async with database.unit() as db:
        there = await fill(db, "there")
        there["feedback_note"].status = READABLE[0]
    assert alone == await ask()

    async with database.unit() as db:
        before = await everything(db, there["community"].id)
        for name, function in ours:
            given = arguments(name, function, community, theirs)
            await function(db, **given)
        await db.flush()
        db.expire_all()
        assert before == await everything(db, there["community"].id)
