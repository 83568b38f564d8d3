"""Completion: what is offered after what has been typed."""

from __future__ import annotations

from datetime import date

import pytest

from adapters.playground.palette import hints, with_accounts
from adapters.playground.town import User
from tests.adapters.playground.stub import CATALOGUE

PEOPLE = [User("u1", "Ana Ruiz", "ana"), User("u2", "Bea Okoro", "bea.o"), User("u3", "Chen Wei", "chen")]


async def ask(command, param, typed):
    return [f"{command.name}.{param}.{typed}"]


async def offered(line):
    return await hints(line, CATALOGUE, PEOPLE, date(2026, 3, 2), ask)


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("/", ["/fail", "/goal add", "/kudos give", "/me show", "/programme join", "/coord status"]),
        ("/ku", ["/kudos give"]),
        ("/KUDOS  gi", ["/kudos give"]),
        ("/kudos give", ["/kudos give"]),
        ("/join", ["/programme join"]),
        ("/zzz", []),
        ("/kudos give ", ["@ana", "@bea.o", "@chen"]),
        ("/kudos give @b", ["@bea.o"]),
        ("/kudos give oko", ["@bea.o"]),
        ("/kudos give @bea.o ", []),
        ("/goal add re", ["goal add.what.re"]),
        ('/goal add "read more" ', ["small", "big"]),
        ('/goal add "read more" b', ["big"]),
        ("/goal add read small ", ["2026-03-02", "2026-03-03", "2026-03-09"]),
        ("/goal add read small 2026-03-09 ", []),
        ("hello", []),
        ("hello @be", ["@bea.o"]),
        ("mail ana@be", []),
    ],
)
async def test_what_is_offered(line, labels):
    """After this line, these completions are offered, in this order."""
    assert labels == [hint.label for hint in (await offered(line)).options]


@pytest.mark.parametrize(
    ("line", "inserted"),
    [
        ("/ku", "/kudos give "),
        ("/kudos give @b", "/kudos give @bea.o "),
        ("thank you @b", "thank you @bea.o "),
        ('/goal add "read more" b', '/goal add "read more" big '),
    ],
)
async def test_what_is_inserted(line, inserted):
    """Taking the first completion makes this line."""
    assert inserted == (await offered(line)).options[0].insert


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ("/kudos give ", "to: Who helped you."),
        ("/kudos give @bea.o ", "why: What for, in a sentence."),
        ("/kudos give @bea.o for the", "why: What for, in a sentence."),
        ("/goal add read small 2026-03-09 3 x", "Write down something you want to reach."),
    ],
)
async def test_what_is_expected_next(line, about):
    """While a command is typed, its next parameter is explained."""
    assert about == (await offered(line)).about


async def test_usage_tells_needed_from_optional():
    """Needed parameters stand in angle brackets, others in square ones; coordinators' commands say so."""
    assert "/goal add <what> <kind> [by] [hours]" == (await offered("/goal add ")).usage
    assert "See how the programme goes. (for coordinators)" == (await offered("/coord")).options[0].detail


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("/kudos give @bea.o for @bea.o", "/kudos give <@u2> for @bea.o"),
        ("/kudos give @BEA.O thanks", "/kudos give <@u2> thanks"),
        ("/kudos give @nobody thanks", "/kudos give @nobody thanks"),
        ("/goal add @ana small", "/goal add @ana small"),
        ("/nothing @ana", "/nothing @ana"),
    ],
)
def test_handles_become_accounts_for_member_parameters_only(line, sent):
    """A @handle where a member is asked for is sent as the account; elsewhere it stays what was typed."""
    assert sent == with_accounts(line, CATALOGUE, PEOPLE)
