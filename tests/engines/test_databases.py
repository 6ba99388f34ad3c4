"""What a database server may answer: one sentence, exit 2, no secret, nothing written, and rows that stay there."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditkit import SpecError
from auditkit.errors import DataError, InputError
from auditkit.intake.open_database import shown_address
from auditkit.intake.read_only_query import checked_query
from tests.engines.caseload import audit, consented, frame
from tests.engines.servers import PASSWORD, Server

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
ADDRESSES = [
    f"{scheme}://{user}@{host}{rest}"
    for scheme in ("postgresql", "postgres", "mysql", "mssql", "oracle", "snowflake", "trino")
    for user in (f"agency:{SECRET}", f":{SECRET}", f"a%40b:{SECRET}")
    for host, rest in (("localhost", "/caf"), ("db.example.org:5432", "/caf?sslmode=require"))
] + [f"postgresql://localhost/caf?user=agency&password={SECRET}", f"postgresql://localhost/caf?password={SECRET}"]


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


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not give the rows"):
        consented(audit(tmp_path, '{connection: "postgresql://127.0.0.1:9/caf", table: t}'))
