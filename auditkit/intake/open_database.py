"""A table of a database server, counted where it stands: Ibis writes the queries, only counts come home.

User and password come from the environment or the driver's own files (PGUSER, PGPASSWORD, ~/.pgpass), never from the
audit, and are never printed. The session is read-only. PostgreSQL, SQLite and DuckDB are tested; whatever else Ibis
opens is opened and untested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import narwhals.stable.v2 as nw

from auditkit.errors import DataError, InputError, SpecError, cut, nearest
from auditkit.intake.open_table import Table
from auditkit.intake.read_only_query import checked_query
from auditkit.spec import DataSpec

__all__ = ["open_database", "shown_address"]

_READ_ONLY = {
    "postgres": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "sqlite": "PRAGMA query_only = ON",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
}
_VIEW = "auditkit_query"
_DIALECTS = {"postgresql": "postgres"}


def shown_address(connection: str) -> str:
    """An address as it may be printed: without user, password and parameters.

    >>> shown_address("postgresql://agency:S3cr3t@localhost:5432/caf?password=S3cr3t")
    'postgresql://localhost:5432/caf'
    >>> shown_address("postgresql://agency:S3/c?r3t@localhost/caf")  # where a password ends cannot be told
    'postgresql://...'
    """
    scheme, found, rest = connection.partition("://")
    if not found:
        return re.sub(r"(?i)(user|password|pwd|token)\s*=\s*[^;\s]*", r"\1=...", connection)
    place = re.split("[?#]", rest, maxsplit=1)[0]
    if "@" in rest[len(place) :] or "@" in place.partition("/")[2]:
        return f"{scheme}://..."
    return f"{scheme}://{place.rpartition('@')[2]}"


@contextmanager
def open_database(data: DataSpec) -> Iterator[Table]:
    """The table or query that `data` names in a database, open while the block lasts.

    Raises SpecError for an address that holds a user or password, a table that is not there, a query that is not
    read-only or not deterministic; InputError where Ibis or the driver is not installed; DataError where the server
    refuses, or goes away while rows are counted.
    """
    assert data.connection is not None
    address = shown_address(data.connection)
    _refuse_credentials(data.connection, address)
    with _told(address):
        backend = _connect(data.connection, address)
        try:
            table, name = _table(backend, data, address)
            if (statement := _READ_ONLY.get(backend.name)) is not None:
                backend.raw_sql(statement)
            frame: nw.LazyFrame[Any] = nw.from_native(_without_padding(backend, table))
            yield Table(
                frame=frame,
                columns=tuple(frame.collect_schema().names()),
                text=False,
                decimal=".",
                name=name,
                sources=(),
            )
        finally:
            backend.disconnect()


def _refuse_credentials(connection: str, address: str) -> None:
    scheme, _, rest = connection.partition("://")
    in_a_file = scheme in ("sqlite", "duckdb")
    if ("@" not in rest or in_a_file) and not re.search(r"(?i)(user|password|passwd|pwd|token)\s*=", connection):
        return
    raise SpecError(
        "data.connection: the address of {address} holds a user or a password; an audit holds neither. Take them out "
        "and give them to the driver: PGUSER and PGPASSWORD in the environment, or the file ~/.pgpass.",
        address=cut(address, 80),
    )


def _connect(connection: str, address: str) -> Any:
    try:
        import ibis
    except ImportError:
        raise InputError(
            "A database is read through Ibis, which is not installed. Type: {command}",
            command='python -m pip install "auditkit[sql]"',
        ) from None
    try:
        return ibis.connect(re.sub(r"^(\w+)\+\w+(?=://)", r"\1", connection))  # SQLAlchemy names the driver too
    except ImportError as error:
        scheme = connection.partition("://")[0]
        extra = "auditkit[sql]" if scheme in ("postgres", "postgresql", "sqlite") else f"ibis-framework[{scheme}]"
        raise InputError(
            "{address}: the driver {driver} is not installed. Type: {command}",
            address=cut(address, 80),
            driver=getattr(error.__cause__ or error, "name", None) or scheme,
            command=f'python -m pip install "{extra}"',
        ) from None
    except ValueError:
        raise SpecError(
            "data.connection: {address} is no address of a database that Ibis knows; expected one such as {example}.",
            address=cut(address, 80),
            example="postgresql://host:5432/base",
        ) from None


def _table(backend: Any, data: DataSpec, address: str) -> tuple[Any, str]:
    """The rows that are meant, and what messages call them."""
    if data.query is not None:
        query = checked_query(data.query, _DIALECTS.get(backend.name, backend.name))
        if backend.name not in _READ_ONLY:
            return backend.sql(query), "query"
        # a view of this session only; Ibis would make one too, to ask for the columns, and drop it in words that
        # PostgreSQL does not take
        backend.raw_sql(f"CREATE TEMPORARY VIEW {_VIEW} AS {query}")
        return backend.table(_VIEW), "query"
    if data.table is None:
        known = sorted(backend.list_tables())
        if len(known) != 1:
            raise SpecError(
                "{address} holds {count} tables ({names}); say which one with table: NAME, or with query: SELECT ...",
                address=cut(address, 80),
                count=len(known),
                names=", ".join(cut(name) for name in known[:8]) or "-",
            )
        return backend.table(known[0]), known[0]
    from ibis.common.exceptions import TableNotFound

    for schema, name in _meant(data.table):
        with suppress(TableNotFound):
            return backend.table(name, database=schema), data.table
    schema, name = _meant(data.table)[0]
    known = sorted(backend.list_tables() if schema is None else backend.list_tables(database=schema))
    raise SpecError(
        '{address}: there is no table "{table}" that this user may read; the nearest: {known}.',
        address=cut(address, 80),
        table=cut(data.table),
        known=nearest(name, known) or "-",
    )


def _meant(table: str) -> list[tuple[str | tuple[str, ...] | None, str]]:
    """What a table's name may mean, the likeliest first: where it stands, and its name.

    >>> _meant('"Mes données"."caseload.2024"')
    [('Mes données', 'caseload.2024')]
    >>> _meant("public.caseload")
    [('public', 'caseload'), (None, 'public.caseload')]
    """
    parts = [
        one[1:-1].replace('""', '"') if one[0] == '"' else one for one in re.findall(r'"(?:[^"]|"")+"|[^."]+', table)
    ]
    if not parts:
        return [(None, table)]
    where = parts[0] if len(parts) == 2 else tuple(parts[:-1])
    found: list[tuple[str | tuple[str, ...] | None, str]] = [(where or None, parts[-1])]
    return found if len(parts) == 1 or '"' in table else [*found, (None, table)]


def _without_padding(backend: Any, table: Any) -> Any:
    """Texts of a fixed length without the blanks that PostgreSQL fills them up with."""
    if backend.name != "postgres":
        return table
    from ibis.expr.operations import DatabaseTable

    node = table.op()
    if not isinstance(node, DatabaseTable):
        return table
    place = ".".join('"' + one.replace('"', '""') + '"' for one in (node.namespace.database, node.name) if one)
    asked = "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND atttypid = 'bpchar'::regtype"
    with closing(backend.con.execute(asked, (place,))) as cursor:
        padded = [name for (name,) in cursor.fetchall()]
    return table.mutate(**{name: table[name].rstrip() for name in padded}) if padded else table


@contextmanager
def _told(address: str) -> Iterator[None]:
    """What a server or its driver says, as one sentence; other errors stay as they are."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        room = type(error).__module__.split(".")[0]
        if room not in ("psycopg", "sqlite3", "ibis", "duckdb", "pymysql", "oracledb", "pyodbc", "snowflake", "google"):
            raise
        raise DataError(
            "{address} does not give the rows: {problem}. Nothing was written.",
            address=cut(address, 80),
            problem=_problem(error),
        ) from None


def _problem(error: Exception) -> str:
    """The first line of what the server says, without what may be secret."""
    line = next((line for line in str(error).split("\n") if line.strip()), type(error).__name__)
    line = re.sub(r"\S+://\S+", lambda found: shown_address(found[0]), line)
    line = re.sub(r"(?i)(password|pwd|token)\s*[=:]\s*\S+", r"\1=...", line)
    return cut(line.strip().rstrip("."), 160)
