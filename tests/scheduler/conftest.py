"""A community with a pump, fresh for each test."""

from tests.fakes.fixtures import empty_database, post  # noqa: F401
