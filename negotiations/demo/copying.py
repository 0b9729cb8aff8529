"""Writes many rows of a model by PostgreSQL's COPY; what a row doesn't tell is as the model has it by default."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from typing import Any

from django.apps import apps
from django.db import connection, models
from pghistory.models import Event as HistoryRow


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


def copy_in(model: type[models.Model], rows: Iterable[Mapping[str, Any]], ids: range) -> None:
    """Copy rows into the model's table; keys are column names of the model (`owner_id`), ids come from `reserved_ids`.

    The rows may not ask the database anything: the connection is busy copying.
    """
    fields = model._meta.concrete_fields
    blank = {field.attname: _plain(field.get_db_prep_save(field.get_default(), connection)) for field in fields}
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    statement = f"COPY {quoted(model._meta.db_table)} ({columns}) FROM STDIN"
    with _triggers_resting(model), connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([row.get(name, default) for name, default in blank.items()])
        _write_history(model, ids)


def _plain(value: Any) -> Any:
    """Return a choice's value; psycopg would write its name."""
    return value.value if isinstance(value, Enum) else value


@contextmanager
def _triggers_resting(model: type[models.Model]) -> Iterator[None]:
    """Let the audit triggers pass by: one call a row costs more than the row; the history is written at once after."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pgtrigger.ignore', array_agg(tgname::text)::text, true)"
            " FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal HAVING count(*) > 0",
            [model._meta.db_table],
        )
        yield
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")


def _write_history(model: type[models.Model], ids: range) -> None:
    """Write what the audit trigger writes of new rows."""
    history = apps.all_models[model._meta.app_label].get(f"{model._meta.model_name}event")
    if history is None or not issubclass(history, HistoryRow):
        return
    quoted = connection.ops.quote_name
    kept = {field.column for field in model._meta.concrete_fields}
    columns = ", ".join(quoted(str(field.column)) for field in history._meta.concrete_fields if field.column in kept)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quoted(history._meta.db_table)} ({columns}, pgh_created_at, pgh_label, pgh_obj_id)"  # noqa: S608 - names of our own models
            f" SELECT {columns}, now(), 'insert', id FROM {quoted(model._meta.db_table)} WHERE id >= %s AND id < %s",
            [ids.start, ids.stop],
        )
