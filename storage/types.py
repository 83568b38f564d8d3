"""Column types that mean the same on SQLite and PostgreSQL, and the names that constraints get.

Importing this module sets the naming convention of `SQLModel.metadata`, so it has to be imported before the first
table class; every table module does that by taking its column types from here.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

# Alembic can alter or drop a constraint later only if it has a name that can be foretold.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_WIDTH = len("2026-01-31T09:30:00.000000Z")


class NaiveDatetime(ValueError, DontWrapMixin):
    """A datetime without a zone was about to be stored or compared."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: takes any aware datetime, gives back the same instant in UTC, to the microsecond.

    SQLite keeps text of one fixed width (`2026-01-31T09:30:00.000000Z`), so that comparing and sorting in SQL is
    comparing and sorting in time; PostgreSQL keeps `timestamptz`. A naive datetime raises `NaiveDatetime`.
    """

    impl = String(_WIDTH)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type that the database itself is asked for."""
        kind: TypeEngine[Any] = DateTime(timezone=True) if dialect.name == "postgresql" else String(_WIDTH)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Turn an aware datetime into what the database stores."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveDatetime(
                f"{value!r} has no time zone, so it is no instant; take it from Clock.now(), or give it a zone with "
                "datetime(..., tzinfo=UTC) or .replace(tzinfo=ZoneInfo(...))"
            )
        instant = value.astimezone(UTC)
        if dialect.name == "postgresql":
            return instant
        return instant.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn what the database stored into an aware datetime in UTC."""
        if value is None:
            return None
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        return instant.astimezone(UTC)


class _WholeJson(TypeDecorator[Any]):
    """JSON that is stored and replaced as one value; `None` is SQL NULL. `jsonb` on PostgreSQL.

    A change made inside a loaded value is not noticed: assign a new value (`row.answers = {**row.answers, "a": 1}`).
    PostgreSQL does not keep the order of keys, so nothing may lean on it.
    """

    impl = JSON
    cache_ok = True
    kind: type

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type that the database itself is asked for."""
        kind: TypeEngine[Any] = JSONB(none_as_null=True) if dialect.name == "postgresql" else JSON(none_as_null=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Refuse with `TypeError` what is neither `None` nor of the column's kind."""
        if value is not None and not isinstance(value, self.kind):
            raise TypeError(f"this column stores a {self.kind.__name__}, not {type(value).__name__}: {value!r}")
        return value


class JsonDict(_WholeJson):
    """A JSON object, replaced whole, as a `dict` of str to JSON values."""

    cache_ok = True
    kind = dict


class JsonList(_WholeJson):
    """A JSON array, replaced whole, as a `list` of JSON values."""

    cache_ok = True
    kind = list


class Json(_WholeJson):
    """Any JSON value but null, replaced whole: a setting, whose shape its declaration knows."""

    cache_ok = True
    kind = object
