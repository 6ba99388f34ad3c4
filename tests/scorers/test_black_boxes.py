"""Functions, programs and services as models: what they give, and each way in which they can fail, in one sentence."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas
import pytest

from auditkit.errors import DataError, InputError, SpecError
from auditkit.scorers import open_model
from auditkit.scorers.command_scorer import CommandScorer
from auditkit.scorers.endpoint_scorer import EndpointScorer, open_endpoint
from auditkit.spec.model_spec import ModelPart

ROWS = pandas.DataFrame({"age": [30.0, np.nan, 50.0], "area": ["town", None, 'a "b", c\nd']})
SECRET = "s3cret-0123456789"


def program(text: str, **more: Any) -> CommandScorer:
    return CommandScorer((sys.executable, "-c", text), Path.cwd(), ("age", "area"), **more)


def test_a_program_reads_csv_and_prints_scores() -> None:
    """The program counts what it got: the missing values are empty, quotes and line ends survive."""
    text = (
        "import csv, sys\n"
        "for row in csv.DictReader(sys.stdin):\n"
        "    print(float(row['age'] or -1) + len(row['area']))\n"
    )
    assert program(text).score(ROWS).tolist() == [34.0, -1.0, 60.0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("print(1)", "printed 1 line for 3 rows; expected one score a line, and no header"),
        ("print('score'); print(1); print(2)", 'printed "score" on line 1; expected a number'),
        ("print(1); print('NA'); print(2)", r"no usable score for 1 of 3 rows \(the first: row 2, score nan\)"),
        ("print(1); print('inf'); print(2)", "row 2, score inf"),
        (
            "import sys; sys.stderr.write('a\\nno licence\\n\\n'); sys.exit(3)",
            'code 3; the last that it said: "no licence"',
        ),
        ("import os; os.kill(os.getpid(), 9)", "ended with the code -9; the last that it said: -"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\n' * 3)", "not UTF-8"),
    ],
)
def test_a_program_that_fails(text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        program(text).score(ROWS)


def test_a_program_that_never_ends_and_one_that_is_not_there() -> None:
    with pytest.raises(DataError, match=r"took more than 0.3 seconds and was ended"):
        program("import time; time.sleep(60)", timeout=0.3).score(ROWS)
    with pytest.raises(DataError, match=r"no-such-program cannot be started \(No such file or directory\)"):
        CommandScorer(("no-such-program",), Path.cwd(), ("age",)).score(ROWS)


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    scorer = CommandScorer((sys.executable, "-c", "print(1)", "; touch canary", "$(touch canary)"), tmp_path, ("age",))
    assert scorer.score(ROWS.head(1)).tolist() == [1.0]
    assert not (tmp_path / "canary").exists()


def test_a_function_beside_the_audit(tmp_path: Path) -> None:
    (tmp_path / "audited_rule.py").write_text(
        "import sys\n"
        "def score(rows): return rows['age'].fillna(0) / 10\n"
        "def short(rows): return [1]\n"
        "def wide(rows): return [[1, 2]] * len(rows)\n"
        "def words(rows): return ['high'] * len(rows)\n"
        "def holes(rows): return [1, None, 2]\n"
        "def leaves(rows): sys.exit(3)\n"
        "def breaks(rows): raise KeyError('income')\n"
        "number = 3\n"
    )

    def score(name: str) -> Any:
        part = ModelPart.model_validate({"callable": f"audited_rule:{name}", "columns": ["age"]})
        return open_model(part, tmp_path).score(ROWS)

    assert score("score").tolist() == [3.0, 0.0, 5.0]
    for name, said in (
        ("short", "gave 1 scores for 3 rows"),
        ("wide", "an answer of the shape 3 x 2; expected one number a row"),
        ("words", "gave something that is no number"),
        ("holes", "no usable score for 1 of 3 rows"),
        ("leaves", r"broke off while scoring \(SystemExit: 3\)"),
        ("breaks", "broke off while scoring .KeyError: 'income'"),
    ):
        with pytest.raises(DataError, match=said):
            score(name)
    with pytest.raises(SpecError, match='has no function "scor"; the nearest: "score"'):
        score("scor")
    with pytest.raises(SpecError, match="has no function"):
        score("number")
    with pytest.raises(SpecError, match="no_such_module cannot be imported"):
        open_model(ModelPart.model_validate({"callable": "no_such_module:f", "columns": ["a"]}), tmp_path)


class Service(BaseHTTPRequestHandler):
    """Answers what the test has laid ready, the last answer again and again."""

    answers: ClassVar[list[tuple[int, dict[str, str], Any]]] = []
    seen: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Service.seen.append({"body": body, "token": self.headers.get("Authorization"), "path": self.path})
        status, headers, answer = Service.answers.pop(0) if len(Service.answers) > 1 else Service.answers[0]
        if answer == "scores":
            answer = {"scores": [row[0] or 0.0 for row in body["rows"]]}
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: Any) -> None:
        return


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    Service.seen.clear()
    Service.answers[:] = [(200, {}, "scores")]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/score"
    server.shutdown()
    server.server_close()


def asked(address: str, waits: list[float] | None = None, **more: Any) -> EndpointScorer:
    return EndpointScorer(address, ("age", "area"), sleep=(waits if waits is not None else []).append, **more)


def test_a_service_gets_rows_and_gives_scores(address: str) -> None:
    scorer = open_endpoint(address, ("age", "area"), {"AUDIT_TOKEN": f" {SECRET}\n"}, "AUDIT_TOKEN")
    assert scorer.score(ROWS).tolist() == [30.0, 0.0, 50.0]
    assert Service.seen[0]["body"] == {
        "columns": ["age", "area"],
        "rows": [[30.0, "town"], [None, None], [50.0, 'a "b", c\nd']],
    }
    assert Service.seen[0]["token"] == f"Bearer {SECRET}"
    assert SECRET not in repr(scorer)


def test_it_is_asked_again_as_it_says(address: str) -> None:
    waits: list[float] = []
    Service.answers[:] = [(503, {}, b""), (429, {"Retry-After": "7"}, b""), (500, {}, b""), (200, {}, [1, 2, 3])]
    assert asked(address, waits).score(ROWS).tolist() == [1.0, 2.0, 3.0]
    assert waits == [0.5, 7.0, 2.0]
    Service.answers[:] = [(429, {"Retry-After": "99999"}, b"")]
    waits.clear()
    with pytest.raises(DataError, match=r"did not answer 3 requests \(status 429\); nothing was written"):
        asked(address, waits, retries=2).score(ROWS)
    assert waits == [300.0, 300.0]


def test_no_more_requests_a_second_than_allowed(address: str) -> None:
    waits: list[float] = []
    scorer = asked(address, waits, rate=0.1)
    for _ in range(3):
        scorer.score(ROWS)
    assert [round(wait) for wait in waits] == [10, 20]  # nobody really slept: the second turn is two waits away


def test_a_redirection_is_not_followed(address: str) -> None:
    for status in (301, 302, 303, 307, 308):
        Service.answers[:] = [(status, {"Location": f"http://elsewhere.example/score?{SECRET}"}, b"")]
        with pytest.raises(DataError, match=r"points to another address .http://elsewhere.example/score.") as refused:
            asked(address, token=SECRET).score(ROWS)
        assert SECRET not in str(refused.value)
    assert len(Service.seen) == 5


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((401, {}, b""), r"refuses the request \(status 401\): name the environment variable"),
        ((404, {}, b""), r"refuses the request \(status 404\)"),
        ((200, {}, b"<html>"), "not JSON"),
        ((200, {}, {"result": [1]}), 'without a list of "scores"'),
        ((200, {}, {"scores": [1, 2]}), "gave 2 scores for 3 rows"),
        ((200, {}, {"scores": [1, None, 2]}), "no usable score for 1 of 3 rows"),
        ((200, {}, b"[1, NaN, 2]"), "no usable score for 1 of 3 rows"),
        ((200, {}, {"scores": [[1], [2], ["x"]]}), "something that is no number"),
        ((200, {}, b" " * 1_100_000), "far more than one number a row"),
        ((200, {"Content-Length": "x"}, b"[]"), "did not answer|not JSON|gave 0 scores"),
    ],
)
def test_a_service_that_answers_badly(answer: tuple[int, dict[str, str], Any], said: str, address: str) -> None:
    Service.answers[:] = [answer]
    with pytest.raises(DataError, match=said) as refused:
        asked(address, token=SECRET, retries=0).score(ROWS)
    assert SECRET not in str(refused.value)


def test_nobody_answers() -> None:
    with pytest.raises(DataError, match=r"did not answer 2 requests \(no connection"):
        asked("http://127.0.0.1:1/", retries=1, token=SECRET).score(ROWS)


def test_a_token_that_is_no_token() -> None:
    with pytest.raises(InputError, match="AUDIT_TOKEN, which is not set"):
        open_endpoint("https://a.example", ("a",), {}, "AUDIT_TOKEN")
    with pytest.raises(InputError) as refused:
        open_endpoint("https://a.example", ("a",), {"T": f"{SECRET}\nX: y"}, "T")
    assert SECRET not in str(refused.value)
    with pytest.raises(InputError, match=r"unencrypted to a\.example"):
        open_endpoint("http://a.example", ("a",), {"T": SECRET}, "T")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({}, "exactly one of"),
        ({"file": "a.skops", "callable": "a:b", "columns": ["a"]}, "exactly one of"),
        ({"file": "a.skops"}, "columns is missing"),
        ({"scorecard": "a", "columns": ["a"]}, "names its own columns"),
        ({"scorecard": []}, "at least 1"),
        ({"callable": "os.system", "columns": ["a"]}, "package.module:function"),
        ({"endpoint": "file:///etc/passwd", "columns": ["a"]}, "https://"),
        ({"endpoint": "https://me:pw@a.example", "columns": ["a"]}, "do not belong in the address"),
        ({"endpoint": "https://a.example?api_key=1", "columns": ["a"]}, "carries"),
        ({"endpoint": "https://a.example", "columns": ["a"], "token": "eyJ.x-y"}, "never the token itself"),
        ({"file": "a", "columns": ["a"], "token": "AUDIT_T"}, "belongs to an endpoint"),
        ({"file": "a", "columns": ["a", "a"]}, "named twice"),
        ({"file": "a", "columns": ["a"], "categories": ["b"]}, "not among columns"),
        ({"file": "a", "columns": ["a"], "allow_unsafe_pickle": "x"}, "extra"),
    ],
)
def test_what_model_may_say(part: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ModelPart.model_validate(part)
