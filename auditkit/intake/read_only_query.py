"""A query of an audit reads, and gives the same rows each time; any other is refused with the reason."""

from __future__ import annotations

from auditkit.errors import SpecError, cut

__all__ = ["checked_query"]

_WRITES = (
    "Insert",
    "Update",
    "Delete",
    "Merge",
    "Create",
    "Drop",
    "Alter",
    "Command",
    "Copy",
    "Into",
    "Lock",
    "TruncateTable",
)
_BY_CHANCE = (
    "Rand",
    "Randn",
    "TableSample",
    "CurrentTimestamp",
    "CurrentDate",
    "CurrentTime",
    "CurrentDatetime",
    "Uuid",
)
_BY_CHANCE_NAMES = frozenset(
    "random rand newid uuid gen_random_uuid now sysdate getdate statement_timestamp clock_timestamp timeofday nextval "
    "setseed".split()
)
_ACTS = ("pg_", "lo_", "dblink", "xp_", "sp_", "dbms_", "utl_", "load_file", "set_config")


def checked_query(query: str, dialect: str) -> str:
    """The query without its last semicolon.

    Raises SpecError unless it is one SELECT that changes nothing, calls nothing that acts on the server, and does not
    depend on chance, the time of day or an order that is not there.

    >>> checked_query("SELECT a FROM t;", "postgres")
    'SELECT a FROM t'
    """
    import logging

    import sqlglot
    from sqlglot import expressions as exp
    from sqlglot.errors import SqlglotError

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # what it does not know is refused below, in our words
    try:
        statements = [one for one in sqlglot.parse(query, read=dialect) if one is not None]
    except SqlglotError as error:
        raise SpecError(
            "data.query is not understood: {problem}.", problem=cut(str(error).split("\n")[0].rstrip("."), 120)
        ) from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Query) or not statements[0].selects:
        raise SpecError("data.query: expected one SELECT, nothing more.")
    for node in statements[0].walk():
        kind = type(node).__name__
        name = (node.name if isinstance(node, exp.Anonymous) else kind).lower()
        if kind in _WRITES or name.startswith(_ACTS):
            raise SpecError(
                'data.query holds "{part}", which may change something; expected a SELECT that only reads.',
                part=cut(node.sql(dialect=dialect)),
            )
        if kind in _BY_CHANCE or name in _BY_CHANCE_NAMES:
            raise SpecError(
                'data.query holds "{part}", so that it gives other rows another time; name the rows by their values.',
                part=cut(node.sql(dialect=dialect)),
            )
        if kind in ("Limit", "Fetch", "Offset") and node.parent is not None and node.parent.args.get("order") is None:
            raise SpecError(
                'data.query holds "{part}" without ORDER BY, so that it gives other rows another time.',
                part=cut(node.sql(dialect=dialect)),
            )
    return query.strip().rstrip(";").rstrip()
