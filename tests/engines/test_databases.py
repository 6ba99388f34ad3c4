"""What a database server may answer: one sentence, exit 2, no secret, nothing written, and rows that stay there."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from auditkit import SpecError
from auditkit.counts.tabulate import tabulate
from auditkit.errors import DataError, InputError
from auditkit.intake.audit_tables import Tables
from auditkit.intake.open_database import shown_address
from auditkit.intake.read_only_query import checked_query
from auditkit.spec import AuditSpec
from tests.engines.caseload import audit, consented, frame
from tests.engines.servers import PASSWORD, USER, Server

REFUSED = [
    "DELETE FROM t",
    "UPDATE t SET a = 1",
    "INSERT INTO t VALUES (1)",
    "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE",
    "DROP TABLE t",
    "TRUNCATE t",
    "ALTER TABLE t ADD b int",
    "CREATE TABLE u AS SELECT * FROM t",
    "SELECT * INTO u FROM t",
    "SELECT * FROM t FOR UPDATE",
    "SELECT * FROM t FOR SHARE",
    "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
    "WITH x AS (UPDATE t SET a = 1 RETURNING *) SELECT * FROM x",
    "WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE t",
    "COPY t TO PROGRAM 'x'",
    "COPY t FROM '/etc/passwd'",
    "VACUUM",
    "CALL f()",
    "SET ROLE postgres",
    "GRANT ALL ON t TO public",
    "EXPLAIN ANALYZE DELETE FROM t",
    "SELECT pg_sleep(60)",
    "SELECT pg_terminate_backend(1)",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT * FROM dblink('host=elsewhere', 'SELECT 1') AS d(a int)",
    "SELECT set_config('role', 'postgres', false)",
    "SELECT a FROM t WHERE pg_advisory_lock(1) IS NULL",
    "SELECT nextval('s')",
    "SELECT setseed(0.5)",
    "SELECT * FROM t WHERE random() < 0.5",
    "SELECT * FROM t ORDER BY random()",
    "SELECT *, random() AS r FROM t",
    "SELECT a FROM t TABLESAMPLE BERNOULLI (10)",
    "SELECT a FROM t TABLESAMPLE SYSTEM (10) REPEATABLE (1)",
    "SELECT now()",
    "SELECT * FROM t WHERE day < current_date",
    "SELECT * FROM t WHERE day < CURRENT_TIMESTAMP",
    "SELECT clock_timestamp()",
    "SELECT statement_timestamp()",
    "SELECT timeofday()",
    "SELECT gen_random_uuid()",
    "SELECT * FROM t LIMIT 10",
    "SELECT * FROM t FETCH FIRST 10 ROWS ONLY",
    "SELECT * FROM t OFFSET 5",
    "SELECT * FROM (SELECT * FROM t LIMIT 10) AS u ORDER BY a",
    "SELECT",
    "SELECT a INTO TEMP u FROM t",
    "",
    "nonsense syntax(((",
]


@pytest.mark.parametrize("query", REFUSED)
def test_a_query_that_is_more_than_reading_or_other_each_time_is_refused(query: str) -> None:
    with pytest.raises(SpecError, match=r"data\.query"):
        checked_query(query, "postgres")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM t",
        "SELECT a, count(*) FROM t GROUP BY a",
        "SELECT * FROM t ORDER BY a LIMIT 10",
        "WITH x AS (SELECT * FROM t) SELECT * FROM x WHERE a > 1",
        "SELECT a FROM t UNION ALL SELECT a FROM u",
        'SELECT "région d\'accueil" FROM s."t é" WHERE upper(a) LIKE \'%DELETE%\'',
    ],
)
def test_a_query_that_reads_is_taken(query: str) -> None:
    assert checked_query(query + " ;", "postgres") == query


SECRET = "S3cr3t"
ODD = "p@ss/w:rd?#%é"
AUDIT = """\
title: T
as_of: 2026-11-30
system: {{name: S, harm: punitive}}
publish: {{minimum_count: 0, because: synthetic}}
selected: {{column: Select, in: [1]}}
groups: {{x: {{column: {column}, reference: {{is: largest}}}}}}
"""
ADDRESSES = [
    f"{scheme}://{user}@{host}{rest}"
    for scheme in ("postgresql", "postgres", "mysql", "mssql", "oracle", "snowflake", "trino")
    for user in (
        f"agency:{SECRET}",
        f":{SECRET}",
        f"a%40b:{SECRET}",
        f"a:@{SECRET}/x",
        f"a:?{SECRET}",
        f"a:#{SECRET}",
        f"a:/{SECRET}",
    )
    for host, rest in (("localhost", "/caf"), ("db.example.org:5432", "/caf?sslmode=require"))
] + [
    f"host=localhost password={SECRET}",
    f"postgresql://localhost/caf?user=agency&password={SECRET}",
    f"postgresql://localhost/caf?password={SECRET}",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_secret_in_an_address_is_refused_and_never_printed(address: str, tmp_path: Path) -> None:
    path = audit(tmp_path, f'{{connection: "{address}", table: caseload}}')
    with pytest.raises(InputError) as refused:
        consented(path)
    assert SECRET not in str(refused.value)
    assert SECRET not in shown_address(address)


def failing(tmp_path: Path, address: str, rows: str = "table: caseload") -> str:
    """The sentence that an audit ends with."""
    path = audit(tmp_path, f'{{connection: "{address}", {rows}}}')
    with pytest.raises(InputError) as failed:
        consented(path)
    assert PASSWORD not in str(failed.value)
    return str(failed.value)


@pytest.mark.needs_postgres
class TestPostgres:
    """A real server."""

    def test_a_wrong_password(self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PGPASSWORD", SECRET)
        sentence = failing(tmp_path, server.address)
        assert "password authentication failed" in sentence
        assert SECRET not in sentence

    def test_no_such_table(self, server: Server, tmp_path: Path) -> None:
        server.load("caseload", frame())
        assert '"caseload"' in failing(tmp_path, server.address, "table: caselaod")

    def test_a_column_that_is_not_there(self, server: Server, tmp_path: Path) -> None:
        server.load("renamed", frame().rename(columns={"score": "points"}))
        assert "score" in failing(tmp_path, server.address, "table: renamed")

    def test_no_right_to_read(self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        server.load("caseload", frame())
        server.command("DROP ROLE IF EXISTS guest")
        server.command(f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'")
        monkeypatch.setenv("PGUSER", "guest")
        assert "caseload" in failing(tmp_path, server.address)

    def test_a_value_that_is_no_number(self, server: Server, tmp_path: Path) -> None:
        table = frame().astype({"score": str})
        table.loc[2_500, "score"] = "n/a"
        server.load("texts", table)
        assert "n/a" in failing(tmp_path, server.address, "table: texts")

    def test_a_function_that_writes_cannot(self, server: Server, tmp_path: Path) -> None:
        server.load("caseload", frame())
        server.command(
            "CREATE OR REPLACE FUNCTION harmless(a int) RETURNS int LANGUAGE sql AS "
            "$$ DELETE FROM caseload RETURNING 1 $$"
        )
        sentence = failing(tmp_path, server.address, 'query: "SELECT *, harmless(1) AS h FROM caseload"')
        assert "read-only transaction" in sentence
        assert server.count("caseload") == len(frame())

    def test_the_server_gone_in_the_middle(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server.load("caseload", frame())
        from auditkit.counts import count_rows

        survey = count_rows.survey_rows

        def gone(*arguments: object) -> object:
            found = survey(*arguments)  # type: ignore[arg-type]
            server.stop()
            return found

        monkeypatch.setattr(count_rows, "survey_rows", gone)
        try:
            assert "does not give the rows" in failing(tmp_path, server.address)
        finally:
            server.start()

    def test_only_counts_come_home(self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        server.load("caseload", frame())
        from ibis.backends.postgres import Backend

        brought: list[int] = []
        execute = Backend.execute

        def counted(self: Backend, *arguments: object, **more: object) -> object:
            found = execute(self, *arguments, **more)
            brought.append(len(found))
            return found

        monkeypatch.setattr(Backend, "execute", counted)
        path = audit(tmp_path, f'{{connection: "{server.address}", query: "SELECT sexe, fraud FROM caseload"}}')
        text = path.read_text(encoding="utf-8").split("score: score")[0]
        path.write_text(
            text + "selected: {column: fraud, in: [1]}\ngroups:\n  sexe: {column: sexe, reference: M}\n",
            encoding="utf-8",
        )
        consented(path)
        assert brought
        assert max(brought) <= 6  # two answers, three values of sexe


TABLE = """CREATE TABLE "Mes données"."Case.Load" AS SELECT
  (CASE i % 3 WHEN 0 THEN 'F' WHEN 1 THEN 'M' END)::char(5) AS "Sexe", i % 2 AS "Select", i / 4.0 AS "order",
  nullif(repeat('x', i % 2), 'x') AS empty, (i / 8.0)::numeric(10, 2) AS amount, time '10:00' AS "time",
  timestamptz '2024-01-01 00:30+02' AS seen, ARRAY[i] AS list, jsonb_build_object('k', i % 2) AS json
  FROM generate_series(1, 12) AS i"""
GROUPS = {
    "Sexe": {"F": 4, "M": 4, "": 4},  # CHAR(5) without the blanks it is filled up with
    "empty": {"": 12},  # NULL and the empty text are both nobody's answer
    "time": {"10:00:00": 12},
    "seen": {"2023-12-31 22:30:00": 12},  # in UTC, as everywhere
    "json": {'{"k": 0}': 6, '{"k": 1}': 6},
    "order": {f"{i / 4:g}": 1 for i in range(1, 13)},
}


@pytest.mark.needs_postgres
class TestNamesAndTypes:
    """What a real schema holds: names that need quotes, views, types that are no text and no double."""

    @pytest.fixture(scope="class")
    def there(self, server: Server) -> str:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PGUSER", USER)
            patch.setenv("PGPASSWORD", PASSWORD)
            server.command('DROP SCHEMA IF EXISTS "Mes données" CASCADE')
            server.command('CREATE SCHEMA "Mes données"')
            server.command(TABLE)
            for kind in ("VIEW", "MATERIALIZED VIEW"):
                name = kind.lower().replace(" ", "_")
                server.command(f'CREATE {kind} "{name}" AS SELECT * FROM "Mes données"."Case.Load"')
            server.command("DROP ROLE IF EXISTS reader")
            server.command(f"CREATE ROLE reader LOGIN PASSWORD '{ODD}'")
            server.command('GRANT USAGE ON SCHEMA "Mes données" TO reader')
            server.command('GRANT SELECT ON "Mes données"."Case.Load" TO reader')
        return server.address

    @staticmethod
    def groups(address: str, rows: dict[str, str], column: str) -> dict[str, int]:
        """The rows by the values of a column, as a count of them finds them."""
        text = AUDIT.format(column=json.dumps(column))
        spec = AuditSpec.model_validate({**yaml.safe_load(text), "data": {"connection": address, **rows}})
        with Tables(spec, Path(), None, None) as tables:
            joint = tabulate(spec, tables).joint[0]
        names = joint.levels[0].values
        counts = np.bincount(joint.codes["x"], weights=joint.n, minlength=len(names))
        return {name: int(n) for name, n in zip(names, counts, strict=True)}

    @pytest.mark.parametrize(
        "rows",
        [
            {"table": '"Mes données"."Case.Load"'},
            {"table": "view"},
            {"table": "public.materialized_view"},
            {"query": 'SELECT * FROM "Mes données"."Case.Load" -- all of them'},
        ],
    )
    def test_a_name(self, rows: dict[str, str], there: str) -> None:
        assert self.groups(there, rows, "Sexe") == GROUPS["Sexe"]

    @pytest.mark.parametrize("options", ["?sslmode=disable", "?connect_timeout=5"])
    @pytest.mark.parametrize("scheme", ["postgres", "postgresql+psycopg"])
    def test_an_address(self, scheme: str, options: str, there: str) -> None:
        address = there.replace("postgresql", scheme) + options
        assert self.groups(address, {"table": "view"}, "Sexe") == GROUPS["Sexe"]

    @pytest.mark.parametrize("column", GROUPS)
    def test_a_type(self, column: str, there: str) -> None:
        assert self.groups(there, {"table": "view"}, column) == GROUPS[column]

    def test_a_list_is_no_group(self, there: str) -> None:
        with pytest.raises(DataError, match="one value a row"):
            self.groups(there, {"table": "view"}, "list")

    def test_who_may_only_read(self, there: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PGUSER", "reader")
        monkeypatch.setenv("PGPASSWORD", ODD)
        assert self.groups(there, {"table": '"Mes données"."Case.Load"'}, "Sexe") == GROUPS["Sexe"]

    def test_what_the_server_does_not_offer(self, there: str) -> None:
        with pytest.raises(DataError, match="SSL was required"):
            self.groups(there + "?sslmode=require", {"table": "view"}, "Sexe")

    def test_a_name_slightly_wrong(self, there: str) -> None:
        with pytest.raises(SpecError, match='nearest: "view"'):
            self.groups(there, {"table": "veiw"}, "Sexe")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("foo://host/base", "no address of a database"),
        ("postgresql://127.0.0.1:port/base", "no address of a database"),
        ("mysql://host/base", "is not installed"),
    ],
)
def test_an_address_that_cannot_be_followed(address: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        consented(audit(tmp_path, f'{{connection: "{address}", table: t}}'))


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not give the rows"):
        consented(audit(tmp_path, '{connection: "postgresql://127.0.0.1:9/caf", table: t}'))
