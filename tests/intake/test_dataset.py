"""Datasets by name: looked for in order, fetched only when asked, and put in place only when the hash is right."""

from __future__ import annotations

import hashlib
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from auditkit.errors import DataError, InputError, SpecError
from auditkit.intake import dataset_files as module
from auditkit.intake import open_table
from auditkit.intake.dataset_files import datasets, locate
from auditkit.intake.fetch_dataset import fetch
from auditkit.spec import DataSpec
from auditkit.spec.dataset_spec import load_dataset

CONTENT = b"sex,score\n" + b"F,1\nM,2\n" * 100_000
HASH = hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Serves CONTENT, with ranges; /short breaks off, /away redirects, /other is another file."""

    requests: list[tuple[str, str | None]]

    def __init__(self, requests, *arguments):
        self.requests = requests
        super().__init__(*arguments)

    def do_GET(self):
        wanted = self.headers.get("Range")
        self.requests.append((self.path, wanted))
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "ftp://example.org/file.csv")
            self.end_headers()
            return
        if self.path == "/gone":
            self.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.path != "/whole" else 0
        body = b"x" * 10 if self.path == "/other" else CONTENT[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if self.path == "/short" else body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    requests: list[tuple[str, str | None]] = []
    http = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, requests))
    threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
    http.requests = requests
    http.address = f"http://127.0.0.1:{http.server_port}"
    yield http
    http.shutdown()
    http.server_close()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A machine with one dataset, `demo`, of three files: shipped, to be fetched, and without an address."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("AUDITKIT_DATASETS_MIRROR", raising=False)
    folder = tmp_path / "datasets"
    monkeypatch.setattr(module, "shipped", lambda kind: folder)
    monkeypatch.setattr(module, "shipped_names", lambda kind: sorted(p.name for p in folder.iterdir()))
    (folder / "demo").mkdir(parents=True)
    (folder / "demo" / "here.csv").write_text("a\n1\n")
    describe(folder, "https://example.org/far.csv")
    return tmp_path


def describe(folder, address, sha256=HASH, size=800_010):
    here = hashlib.sha256(b"a\n1\n").hexdigest()
    (folder / "demo" / "dataset.yaml").write_text(
        f"""title: {{en: Demo, fr: Démo}}
row: one person
source: made for this test
licence: none
columns: {{a: {{meaning: a number, unit: none}}}}
files:
  here: {{file: here.csv, sha256: {here}, bytes: 4, shipped: true}}
  far: {{file: far.csv, address: "{address}", sha256: {sha256}, bytes: {size}, shipped: false}}
  nowhere: {{file: nowhere.csv, address: null, sha256: {here}, bytes: 4, shipped: false}}
""",
        encoding="utf-8",
    )


def cached(home):
    return home / "data" / "auditkit" / "datasets" / "demo" / "far.csv"


def test_shipped_files_are_found_by_name(home):
    assert locate("demo/here") == home / "datasets" / "demo" / "here.csv"
    with open_table(DataSpec(file="demo/here"), home) as table:
        assert (table.name, table.columns) == ("demo/here", ("a",))


def test_a_path_beside_the_audit_comes_first(home):
    (home / "demo").mkdir()
    (home / "demo" / "here").mkdir()
    with pytest.raises(DataError, match="folder without Parquet"), open_table(DataSpec(file="demo/here"), home):
        pass


def test_what_is_not_here_says_what_to_type(home):
    with pytest.raises(DataError, match=r"Type: auditkit datasets fetch demo\. .*800,010 bytes from https://"):
        locate("demo/far")
    with pytest.raises(DataError, match=r"no address: put it into demo/ .*AUDITKIT_DATASETS_MIRROR"):
        locate("demo/nowhere")
    with pytest.raises(DataError, match=r'no file "her"; it has: "here"'):
        locate("demo/her")
    with pytest.raises(DataError, match=r'no dataset "dmo"; the nearest known: "demo"'):
        locate("dmo/here")


def test_the_mirror_is_looked_into_first_for_what_is_not_shipped(home, monkeypatch):
    mirror = home / "mirror"
    (mirror / "demo").mkdir(parents=True)
    for name in ("far.csv", "here.csv"):
        (mirror / "demo" / name).write_bytes(CONTENT)
    cached(home).parent.mkdir(parents=True)
    cached(home).write_bytes(b"older")
    monkeypatch.setenv("AUDITKIT_DATASETS_MIRROR", str(mirror))
    assert locate("demo/far") == mirror / "demo" / "far.csv"
    assert locate("demo/here") == home / "datasets" / "demo" / "here.csv"
    assert fetch("demo/far") == (mirror / "demo" / "far.csv",)
    (mirror / "demo" / "far.csv").write_bytes(b"another file")
    with pytest.raises(DataError, match="mirror is not the one expected"):
        fetch("demo/far")


def test_datasets_say_where_their_files_are(home):
    (demo,) = datasets()
    assert demo.spec.title.text("fr") == "Démo"
    assert [(f.key, f.place) for f in demo.files] == [
        ("here", "shipped"),
        ("far", "to_fetch"),
        ("nowhere", "not_available"),
    ]


def test_fetching_tells_its_progress_and_keeps_the_file(home, server):
    describe(home / "datasets", f"{server.address}/file")
    steps = []
    (path,) = fetch("demo/far", lambda *step: steps.append(step))
    assert path == cached(home)
    assert path.read_bytes() == CONTENT
    assert steps[-1] == ("far.csv", len(CONTENT), len(CONTENT))
    fetch("demo/far")
    assert server.requests == [("/file", None)]
    assert locate("demo/far") == path


def test_a_download_goes_on_where_it_stopped(home, server):
    describe(home / "datasets", f"{server.address}/short")
    with pytest.raises(DataError, match="goes on where it stopped"):
        fetch("demo/far")
    assert not cached(home).exists()
    describe(home / "datasets", f"{server.address}/file")
    assert fetch("demo/far")[0].read_bytes() == CONTENT
    assert server.requests == [("/short", None), ("/file", "bytes=400005-")]


def test_a_source_that_cannot_resume_starts_again(home, server):
    part = cached(home).with_name("far.csv.part")
    part.parent.mkdir(parents=True)
    part.write_bytes(b"something else")
    describe(home / "datasets", f"{server.address}/whole")
    assert fetch("demo/far")[0].read_bytes() == CONTENT


def test_a_wrong_file_is_thrown_away(home, server):
    describe(home / "datasets", f"{server.address}/other", size=10)
    with pytest.raises(DataError, match=r"not the file expected: 10 bytes came"):
        fetch("demo/far")
    assert list(cached(home).parent.iterdir()) == []
    cached(home).write_bytes(b"rotten")
    describe(home / "datasets", f"{server.address}/file")
    assert fetch("demo/far")[0].read_bytes() == CONTENT


def test_gone_offline_and_unsafe_addresses(home, server):
    describe(home / "datasets", f"{server.address}/gone")
    with pytest.raises(DataError, match="the answer is 404"):
        fetch("demo/far")
    describe(home / "datasets", f"{server.address}/away")
    with pytest.raises(DataError, match=r"cannot be reached .*into a folder as \w+/[\w.]+, and name"):
        fetch("demo/far")
    describe(home / "datasets", "http://127.0.0.1:9/file")
    with pytest.raises(DataError, match="is this machine online") as error:
        fetch("demo/far")
    assert "\n" not in str(error.value)
    for address in ("http://example.org/file", "file:///etc/passwd", "ftp://example.org/x", "example.org/x"):
        describe(home / "datasets", address)
        with pytest.raises(InputError, match="expected https"):
            fetch("demo/far")
    with pytest.raises(DataError, match="no address is known"):
        fetch("demo/nowhere")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title:", "titel:", r"dataset\.yaml.*titel.*title"),
        ("file: far.csv", "file: ../far.csv", "without a folder"),
        (HASH, "abc", "64 hexadecimal digits"),
        ("shipped: false", "shipped: perhaps", "true or false"),
    ],
)
def test_a_wrong_dataset_yaml_is_told(home, old, new, said):
    path = home / "datasets" / "demo" / "dataset.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(SpecError, match=said):
        load_dataset(path)
