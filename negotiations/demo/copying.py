"""Writes many rows of a model by PostgreSQL's COPY; what a row doesn't tell is as the model has it by default."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from django.db import connection, models


def reserved_ids(model: type[models.Model], number: int) -> range:
    """Take so many ids from the model's sequence; nobody else gets them."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, column])
        (sequence,) = cursor.fetchone()
        cursor.execute("SELECT nextval(%s::regclass)", [sequence])
        (first,) = cursor.fetchone()
        cursor.execute("SELECT setval(%s::regclass, %s)", [sequence, first + number])
    return range(first, first + number)


def copy_in(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Copy the rows into the model's table; keys are column names of the model (`owner_id`, not `owner`).

    The rows may not ask the database anything: the connection is busy copying.
    """
    fields = model._meta.concrete_fields
    blank = {field.attname: _plain(field.get_db_prep_save(field.get_default(), connection)) for field in fields}
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    statement = f"COPY {quoted(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([row.get(name, default) for name, default in blank.items()])


def _plain(value: Any) -> Any:
    """Return a choice's value; psycopg would write its name."""
    return value.value if isinstance(value, Enum) else value
