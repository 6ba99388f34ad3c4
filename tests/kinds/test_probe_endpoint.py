"""A text system behind an address: planted gaps are found and shown side by side, bad services end in a sentence."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from auditkit.errors import DataError
from auditkit.report.render import render_report
from auditkit.result import AuditResult
from auditkit.result.kind_figure import out_of_noise
from auditkit.run import run_audit
from auditkit.scorers import endpoint_scorer
from auditkit.scorers.consent import consent_hash, foreign_parts
from auditkit.spec import AuditSpec
from tests.kinds.responder import written

CASES = Path(__file__).parents[2] / "audits" / "text-probe"
NAMES = {"name": {"French": ["Claire", "Julie"], "Maghrebi": ["Fatima", "Leila"]}}


class Service(BaseHTTPRequestHandler):
    """Answers as the path says, the same for the same text."""

    def do_POST(self) -> None:
        how = self.path.strip("/")
        texts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["texts"]
        if how == "slow":
            threading.Event().wait(1)
        if how == "broken":
            return self._say(500, b"{}")
        if how == "moved":
            return self._say(302, b"")
        answers = [written(text, how, random.Random(text)) for text in texts]
        if how == "lying":
            answers = answers[1:]
        if how == "numbers":
            answers = [7 for _ in answers]
        body = b"Go away." if how == "rude" else json.dumps({"texts": answers}).encode()
        return self._say(200, body)

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries again at once."""
    monkeypatch.setattr(endpoint_scorer.time, "sleep", lambda seconds: None)


def asked(address: str, **more: object) -> AuditResult:
    part = {"endpoint": address, "cases": "cases", "swap": NAMES, "repeats": 1, **more}
    spec = AuditSpec.model_validate(
        {"title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "none", "probe": part}
    )
    return run_audit(spec, CASES, trust=consent_hash(foreign_parts(spec, CASES)))


@pytest.mark.parametrize(
    ("gap", "item"),
    [("omit", "omitted_facts"), ("tone", "sanction_words"), ("service", "services_proposed"), ("fair", None)],
)
def test_a_planted_gap_is_found_and_shown(address: str, gap: str, item: str | None) -> None:
    result = asked(f"{address}/{gap}")
    told = out_of_noise(result.main.kind_figures)
    assert (item in {one.item for one in told}) if item else not told
    shown = [one.pair for one in result.main.kind_figures if one.pair is not None]
    assert shown  # a pair to read, also where all may be noise
    if gap == "tone":
        pair = next(one.pair for one in told if one.item == "sanction_words")
        assert "sanction" in pair.text
        assert "sanction" not in pair.reference_text
        assert (pair.reference_value, pair.value) == ("Claire", "Fatima")
        page = render_report(result, "en")
        assert page.count('<td class="written">') % 2 == 0
        assert pair.text in page
        assert "le plus grand écart sur" in render_report(result, "fr")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("rude", "JSON"),
        ("lying", "one text for each"),
        ("numbers", "one text for each"),
        ("broken", "did not answer 3 requests"),
        ("moved", "points to another address"),
    ],
)
def test_a_bad_service_ends_with_a_sentence(address: str, how: str, said: str) -> None:
    with pytest.raises(DataError, match=said) as found:
        asked(f"{address}/{how}")
    assert "\n" not in str(found.value)


def test_a_slow_service_is_not_waited_for(address: str) -> None:
    with pytest.raises(DataError, match="did not answer"):
        asked(f"{address}/slow", timeout=0.2)


def test_nobody_there(address: str) -> None:
    with pytest.raises(DataError, match="did not answer"):
        asked("http://127.0.0.1:9/")
