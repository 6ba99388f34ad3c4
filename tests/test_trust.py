"""Nothing that an audit names runs, and no row leaves, without consent by hash to exactly that: canaries, sockets."""

from __future__ import annotations

import json
import pickle
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from auditkit.errors import InputError, SpecError, cut
from auditkit.report import render_report
from auditkit.scorers.consent import Foreign, consent_hash
from auditkit.spec.model_spec import ModelPart
from tests.commands import auditkit
from tests.report.samples import rows_result

AUDIT = """\
title: t
system: {name: s, harm: punitive}
data: rows.csv
model: MODEL
selected: {at_least: 0.5}
outcome: {column: y, positive: [1]}
groups: {sex: {column: sex, reference: M}}
"""


class Counted(BaseHTTPRequestHandler):
    """A service that gives 0.6 to everybody, and counts who asked."""

    asked = 0

    def do_POST(self) -> None:
        type(self).asked += 1
        rows = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["rows"]
        body = json.dumps([row[0] / 10 for row in rows]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Counted)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Counted.asked = 0
    yield f"http://127.0.0.1:{server.server_port}/score"
    server.shutdown()
    server.server_close()


class Canary:
    """A pickle that leaves a file behind when it is read."""

    def __reduce__(self) -> Any:
        return (open, ("RAN", "w"))


def folder_with(folder: Path, model: str) -> Path:
    rows = "".join(f"{'MF'[i % 2]},{i % 10},{i % 7},{int(i % 3 == 0)}\n" for i in range(200))
    (folder / "rows.csv").write_text("sex,a,b,y\n" + rows)
    (folder / "evilmod.py").write_text("open('RAN', 'w').close()\ndef score(table):\n    return table['a'] / 10\n")
    (folder / "rule.sh").write_text("touch RAN; awk -F, 'NR>1{print $1/10}'\n")
    (folder / "model.pkl").write_bytes(pickle.dumps(Canary()))
    (folder / "audit.yaml").write_text(AUDIT.replace("MODEL", model))
    return folder


MODELS = {
    "command": "{command: [/bin/sh, rule.sh], columns: [a, b]}",
    "inline command": """{command: [/bin/sh, -c, "touch RAN; awk -F, 'NR>1{print $1/10}'"], columns: [a, b]}""",
    "callable": '{callable: "evilmod:score", columns: [a, b]}',
    "pickle": "{file: model.pkl, columns: [a, b]}",
    "endpoint": '{endpoint: "SERVICE", columns: [a, b], retries: 0}',
}
COMMANDS = (
    ["run", "audit.yaml", "--out", "out"],
    ["run", "audit.yaml", "--out", "out", "--trust", "0" * 64],
    ["check", "audit.yaml"],
    ["reproduce", "audit.yaml"],
    ["letter", "audit.yaml", "documents", "--blank"],
    ["letter", "audit.yaml", "reply", "--blank"],
    ["checklist", "audit.yaml"],
    ["verify", "."],
    ["report", "."],
    ["init", "rows.csv", "--out", "other.yaml"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: " ".join(one)[:30])
@pytest.mark.parametrize("kind", MODELS)
def test_without_consent_nothing_runs(kind: str, command: list[str], service: str, tmp_path: Path) -> None:
    """Five kinds under ten commands: no file of the canary, no request at the service."""
    folder = folder_with(tmp_path, MODELS[kind].replace("SERVICE", service))
    if command[0] == "reproduce":
        (folder / "published.csv").write_text("figure_id,analysis,attribute,group,measure,published,decimals,basis\n")
    done = auditkit(folder, *command)
    assert not (folder / "RAN").exists()
    assert Counted.asked == 0
    assert "Traceback" not in done.stderr
    assert not (folder / "out").exists()
    if command[0] == "run":
        assert done.returncode == 2
        assert "--trust" in done.stderr
    if command[0] == "check" and kind != "pickle":
        assert done.returncode == 0
        assert "--trust" in done.stdout


@pytest.mark.parametrize("kind", ["command", "callable", "endpoint"])
def test_with_consent_exactly_that(kind: str, service: str, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, MODELS[kind].replace("SERVICE", service))
    said = auditkit(folder, "check", "audit.yaml").stdout
    trust = re.findall(r"--trust ([0-9a-f]{64})", said)[0]
    done = auditkit(folder, "run", "audit.yaml", "--out", "out", "--trust", trust)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((folder / "out" / "manifest.json").read_bytes())
    assert manifest["consent"]["sha256"] == trust
    assert [part["kind"] for part in manifest["consent"]["parts"]] == [kind]
    assert auditkit(folder, "verify", "out", "--no-run").returncode == 0
    assert auditkit(folder, "verify", "out", "--audit", "audit.yaml").returncode == 2
    assert auditkit(folder, "verify", "out", "--audit", "audit.yaml", "--trust", trust).returncode == 0
    for word in (["letter", "audit.yaml", "documents", "--blank"], ["checklist", "audit.yaml"]):
        assert auditkit(folder, *word).returncode == 2
        assert auditkit(folder, *word, "--trust", trust).returncode == 0
    for changed in ("evilmod.py", "rule.sh", "audit.yaml"):
        (folder / "RAN").unlink(missing_ok=True)
        Counted.asked = 0
        before = (folder / changed).read_text()
        # of the audit the columns alone: the port of the service may hold a 10 as well
        words = ("columns: [a, b]", "columns: [a]") if changed == "audit.yaml" else ("10", "11")
        (folder / changed).write_text(before.replace(*words))
        again = auditkit(folder, "run", "audit.yaml", "--out", f"after {changed}", "--trust", trust)
        touched = (kind, changed) in (("callable", "evilmod.py"), ("command", "rule.sh"))
        assert again.returncode == (2 if touched else 0), (changed, again.stderr)
        (folder / changed).write_text(before)
        assert (folder / f"after {changed}").exists() != touched
        assert ((folder / "RAN").exists() or bool(Counted.asked)) != touched


def test_the_hash_by_hand() -> None:
    """Two lines, sorted: callable TAB m:f TAB - and endpoint TAB https://a.example:443 TAB -, by sha256sum."""
    parts = (Foreign("endpoint", "https://a.example:443"), Foreign("callable", "m:f"))
    assert consent_hash(parts) == "b3045fe67b39a44b7334c75441d6d63aef9172caa9d1dbc4f15c96c8fb80d1fb"


@pytest.mark.parametrize("name", ["TOKEN", "AWS_SECRET_ACCESS_KEY", "PATH", "audit_token", "AUDIT", "HOME", "XAUDIT_A"])
def test_a_token_comes_only_from_variables_of_audits(name: str) -> None:
    with pytest.raises(ValueError, match="AUDIT_"):
        ModelPart.model_validate({"endpoint": "https://a.example", "columns": ["a"], "token": name})


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:s3cret@db.example/rows",
        "mysql://me:s3cret@db.example:3306/rows?x=1",
        "https://me:s3cret@a.example/score",
        "postgresql+psycopg://me:s3c%40ret@db.example",
        "https://s3cret@a.example",
        "host=db.example password=s3cret user=me",
    ],
)
def test_no_message_shows_a_password(address: str) -> None:
    for length in range(10, 80):
        assert "s3c" not in cut(address, length)
    error = SpecError("cannot reach {address} or {again}", address=address, again=[address])
    assert "s3c" not in str(error) + error.text("fr")


ESCAPES = [
    "{{ cycler.__init__.__globals__.os.system('touch RAN') }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context.cycler.__init__.__globals__.os.popen('touch RAN').read() }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''|attr('__class__') }}",
    "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f')|attr('__base__') }}",
    "{{ [page]|map(attribute='__class__.__init__.__globals__')|list }}",
    "{{ joiner.__init__.__globals__.os }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'].system('touch RAN') }}",
    "{{ lipsum|attr('__globals__') }}",
    "{{ range.__class__ }}",
    "{{ _.__globals__ }}",
    "{{ ngettext.__globals__ }}",
    "{{ _.__closure__ }}",
    "{{ page.__class__.__init__.__globals__ }}",
    "{{ page.__init__.__globals__ }}",
    "{{ '{0.__class__.__mro__}'.format(page) }}",
    "{{ '{a.__class__}'.format_map({'a': page}) }}",
    "{{ ('{0.__class__}'|string).format(page) }}",
    "{% set f = '{0.__class__}'.format %}{{ f(page) }}",
    "{{ page|attr('__reduce_ex__') }}",
    "{{ url_for.__globals__ }}",
    "{{ dict.__base__.__subclasses__() }}",
    "{{ (1).__class__ }}",
    "{{ caller.__globals__ }}",
    "{% macro m() %}{{ caller }}{% endmacro %}{{ m.__globals__ }}",
    "{{ m._func.__globals__ if m is defined else cycler.__init__._x }}",
    "{% import 'report.html' as r %}{{ r.__class__ }}",
    "{{ [].append.__self__.__class__ }}",
    "{% set x = [] %}{{ x.append(1) }}",
    "{% set x = {} %}{{ x.update({'a': 1}) }}",
    "{{ page.__dict__ }}",
    "{{ page['__class__'] }}",
    "{{ page|attr('__dict__') }}",
    "{{ request.application.__globals__ }}",
    "{{ config.from_pyfile('x') }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{% for x in range(99999999) %}{% endfor %}",
    "{{ ''.join.__class__ }}",
    "{{ 'a'.__add__('b') }}",
    "{{ (_ | attr('__code__')).co_code }}",
    "{{ _.__code__.co_consts }}",
    "{{ [_]|map(attribute='__globals__')|first }}",
    "{{ [1]|map(attribute='__class__')|first|attr('mro') }}",
    "{{ [1]|sort(attribute='__class__')|selectattr('__class__')|list }}{{ ''.__doc__.__class__ }}",
    "{% include '/etc/passwd' %}",
    "{% include '../secret.html' %}",
    "{% extends '/etc/hosts' %}",
    "{{ nothing.at.all }}",
    "{% if %}",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_templates_of_others_only_read_the_page(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The public escapes from Jinja, and faults: one sentence with file and line, and nothing has run."""
    monkeypatch.chdir(tmp_path)
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "report.html").write_text(f"first line\n{text}\n")
    (tmp_path / "secret.html").write_text("secret")
    with pytest.raises(InputError, match=r", line \d+: this template cannot be followed"):
        render_report(rows_result(), "en", templates)
    assert not (tmp_path / "RAN").exists()


def test_a_plain_template_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(
        "{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(_('Language')) }}{{ 'a'.upper() }}"
    )
    assert render_report(rows_result(), "en", tmp_path).endswith("A")
