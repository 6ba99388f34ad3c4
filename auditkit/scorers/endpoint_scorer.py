"""A service on the network as a model: batches of rows go out as JSON, scores come back.

The only place where a run leaves the machine, and only to the address that the person wrote. The token comes from the
environment, goes into one header, and stands in no file, message or log.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, InputError, cut
from auditkit.scorers.model_file import ModelFile
from auditkit.scorers.scorecard import Cut
from auditkit.scorers.scored_batches import checked_scores, table_of
from auditkit.text import Message, say

__all__ = ["EndpointScorer", "open_endpoint"]

_AGAIN = (408, 425, 429, 500, 502, 503, 504)
_LONGEST_WAIT = 300.0
_LOCAL = ("localhost", "127.0.0.1", "::1")


class _Stay(urllib.request.HTTPRedirectHandler):
    """No redirection is followed: rows and token go to the address that was written, and to no other."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        return None


@dataclass
class _Pace:
    """When the last request left."""

    last: float | None = None


@dataclass(frozen=True)
class EndpointScorer:
    """POST {"columns": [...], "rows": [[...], ...]}; the answer is {"scores": [...]} or a plain list, one number a row.

    `rate` is the most requests a second. Failed requests are tried again `retries` times, the waiting doubled each time
    from half a second, or as the service says (Retry-After).
    """

    address: str
    columns: tuple[str, ...]
    token: str | None = field(default=None, repr=False)
    categories: tuple[str, ...] = ()
    timeout: float = 60.0
    retries: int = 4
    rate: float | None = None
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    files: tuple[ModelFile, ...] = ()
    notes: tuple[Message, ...] = ()
    family: Literal["endpoint"] = "endpoint"
    native: None = None
    decision: Cut | None = None
    _pace: _Pace = field(default_factory=_Pace, repr=False)

    @property
    def name(self) -> str:
        """The host that is asked."""
        return cut(urlsplit(self.address).netloc, 60)

    def score(self, frame: Any) -> NDArray[np.float64]:
        """A score for each row of a table, in its order.

        Raises DataError where the service cannot be reached, refuses, or answers with anything but one number a row.
        """
        table = table_of(frame, self.columns)
        if not len(table):
            return np.empty(0)
        plain = table.astype(object).where(table.notna(), None)
        rows = [[_plain(value) for value in row] for row in plain.itertuples(index=False, name=None)]
        body = json.dumps({"columns": list(self.columns), "rows": rows}, allow_nan=False, ensure_ascii=False)
        answer = self._ask(body.encode("utf-8"), len(rows))
        scores = answer.get("scores") if isinstance(answer, dict) else answer
        if not isinstance(scores, list):
            raise DataError('{model} answered without a list of "scores".', model=self.name)
        return checked_scores(scores, len(rows), self.name)

    def written(self, texts: list[str]) -> Any:
        """What the service writes of texts: POST {"texts": [...]}; the answer as it came. Raises DataError as above."""
        body = json.dumps({"texts": texts}, ensure_ascii=False).encode("utf-8")
        return self._ask(body, len(texts) * 1_000)

    def decide(self, scores: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """A service has no decision of its own."""
        return None

    def _ask(self, body: bytes, rows: int) -> Any:
        for attempt in range(self.retries + 1):
            self._wait_for_turn()
            problem, after = self._send(body, rows)
            if not isinstance(problem, Message):
                return problem
            if attempt < self.retries:
                self.sleep(min(_LONGEST_WAIT, after if after is not None else 0.5 * 2**attempt))
        raise DataError(
            "{model} did not answer {count} requests ({problem}); nothing was written.",
            model=self.name,
            count=self.retries + 1,
            problem=problem,
        )

    def _wait_for_turn(self) -> None:
        if self.rate is None:
            return
        now = time.monotonic()
        if self._pace.last is not None and (wait := self._pace.last + 1 / self.rate - now) > 0:
            self.sleep(wait)
            now += wait
        self._pace.last = now

    def _send(self, body: bytes, rows: int) -> tuple[Any, float | None]:
        """The answer; or what went wrong and may go right, and how long the service asks to wait."""
        headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.address, data=body, headers=headers, method="POST")
        most = 1_000_000 + 100 * rows
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=self.timeout) as response:
                content = response.read(most + 1)
        except urllib.error.HTTPError as error:
            with error:
                return self._refused(error.code, error.headers)
        except TimeoutError:
            return say("no answer within {seconds} seconds", seconds=f"{self.timeout:g}"), None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                return say("no answer within {seconds} seconds", seconds=f"{self.timeout:g}"), None
            return say("no connection ({problem})", problem=self._hidden(error.reason)), None
        except (http.client.HTTPException, OSError) as error:
            return say("no connection ({problem})", problem=self._hidden(error)), None
        if len(content) > most:
            raise DataError("{model} answered with far more than one number a row.", model=self.name)
        try:
            return json.loads(content), None
        except (ValueError, RecursionError):
            raise DataError("{model} answered with something that is not JSON.", model=self.name) from None

    def _refused(self, code: int, headers: Any) -> tuple[Message, float | None]:
        if code in _AGAIN:
            return say("status {code}", code=str(code)), _retry_after(headers.get("Retry-After"))
        if 300 <= code < 400:
            target = urlsplit(headers.get("Location") or "")
            raise DataError(
                "{model} points to another address ({address}), which is not followed: rows would go where nobody "
                "said. If it is right, write it under endpoint.",
                model=self.name,
                address=self._hidden(f"{target.scheme}://{target.netloc}{target.path}"),
            )
        if code in (401, 403):
            raise DataError(
                "{model} refuses the request (status {code}): name the environment variable that holds your token "
                "under token, and look at what it holds.",
                model=self.name,
                code=str(code),
            )
        raise DataError("{model} refuses the request (status {code}).", model=self.name, code=str(code))

    def _hidden(self, text: object) -> str:
        """A text of others as it may be shown: never the token."""
        shown = str(text)
        return cut(shown.replace(self.token, "***") if self.token else shown, 100)


def open_endpoint(
    address: str,
    columns: tuple[str, ...],
    environment: Mapping[str, str],
    token: str | None = None,
    categories: tuple[str, ...] = (),
    timeout: float = 60.0,
    retries: int = 4,
    rate: float | None = None,
) -> EndpointScorer:
    """The service at an address; `token` is the NAME of the variable of `environment` that holds the token.

    Raises InputError where the variable is not set, holds what cannot stand in a header, or would travel unencrypted.
    """
    secret: str | None = None
    if token is not None:
        secret = environment.get(token, "").strip()
        if not secret:
            raise InputError(
                "model: token names the environment variable {name}, which is not set. Type: export {name}=... before "
                "the run.",
                name=cut(token),
            )
        if not secret.isascii() or not secret.isprintable():
            raise InputError(
                "The environment variable {name} holds characters that no token has; copy the token again.",
                name=cut(token),
            )
        if urlsplit(address).scheme != "https" and urlsplit(address).hostname not in _LOCAL:
            raise InputError(
                "The token would travel unencrypted to {host}; expected https://.", host=cut(urlsplit(address).netloc)
            )
    return EndpointScorer(address, columns, secret, categories, timeout, retries, rate)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _retry_after(value: str | None) -> float | None:
    """How many seconds a service asks to wait: a number, or a moment."""
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
