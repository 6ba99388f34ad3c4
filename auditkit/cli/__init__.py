"""The command line: what a person types, what is printed back, and the exit code.

0 done; 1 done, and what was asked to hold does not; 2 what was given is wrong; 3 a fault of auditkit's own; 130
interrupted; 143 ended from outside. Each command parses, calls one function and prints; nothing heavy is imported
before a command needs it.
"""

from __future__ import annotations

import atexit
import errno
import gc
import io
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event
from types import FrameType
from typing import NoReturn

from auditkit.cli.terminal_reader import READER, language_of_arguments
from auditkit.cli.watched_process import watched
from auditkit.errors import AuditkitError, InputError, cut, nearest
from auditkit.text import Message, say

__all__ = ["exit_code", "main"]

Work = Callable[[list[str]], int]

FAULT = 3
INTERRUPTED = 130
ENDED = 143

_ALLOCATIONS = 5_000_000
"""The collector of cycles looks after so many new objects: a command makes a million that stay, and few cycles."""

_ONE_PRESS = 0.5

_interrupts: list[float] = []
_ended = Event()  # set by SIGTERM: libraries may replace the SystemExit that it raises by an error of theirs


def main(arguments: Sequence[str] | None = None, work: Work | None = None) -> None:
    """Run one command (or `work` in its place), in a process that another watches, and leave with its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    _open_streams()
    watched(language_of_arguments(given), "--debug" in given)
    gc.set_threshold(_ALLOCATIONS)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _interrupt)
    try:
        code = exit_code(given, work)
    except Exception:
        if not _ended.is_set():
            raise
        code = ENDED
    if _ended.is_set() and code:
        code = ENDED
    _leave(code)


class _Closed(io.StringIO):
    """In the place of a stream that was closed before the command began: what is written there is lost, and counted."""

    lost = 0

    def write(self, text: str) -> int:
        self.lost += len(text)
        return len(text)


def _open_streams() -> None:
    """Something in the place of streams that are closed, so that no file of ours takes their numbers."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = _Closed() if sys.stdout is None else sys.stdout
    sys.stderr = _Closed() if sys.stderr is None else sys.stderr


def _leave(code: int) -> NoReturn:
    """End without taking the interpreter down, which takes a tenth of a second after a large audit.

    What libraries and we have registered for the end is done. With polars, DuckDB 2.0 would fill stderr with leaks.
    """
    atexit._run_exitfuncs()
    if isinstance(sys.stdout, _Closed) and sys.stdout.lost:
        code = code or 1
        _say(say("What was to be printed could not be written: {problem}.", problem=os.strerror(errno.EBADF)))
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:  # a command may be begun with its streams closed
                stream.flush()
        except BrokenPipeError:  # the reader of our output has left: nobody is there to tell
            continue
        except OSError as error:
            code = code or 1
            if stream is sys.stdout:
                _say(say("What was to be printed could not be written: {problem}.", problem=str(error.strerror)))
    os._exit(code)


def _end(number: int, frame: FrameType | None) -> None:
    _ended.set()
    raise SystemExit(ENDED)  # so that what has been opened is closed and removed on the way out


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Ctrl-C: the terminal and the watching process both pass it on, so that a second one close by is the same."""
    now = time.monotonic()
    if not _interrupts or now - _interrupts[-1] > _ONE_PRESS:
        _interrupts.append(now)
        raise KeyboardInterrupt


def exit_code(arguments: list[str], work: Work | None = None) -> int:
    """Run one command and give its exit code; what went wrong is said on stderr in the reader's language."""
    READER.language = language_of_arguments(arguments)
    READER.debug = "--debug" in arguments
    arguments = [one for one in arguments if one != "--debug"]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        return (work or _run)(arguments)
    except AuditkitError as error:
        _trace(error.__cause__)
        _say(error.message)
        return error.exit_code
    except KeyboardInterrupt as error:
        if signal.getsignal(signal.SIGINT) is _interrupt and not _interrupts and not _ended.is_set():
            return _out_of_memory(error)  # nobody interrupted: an engine says so when it gets no memory
        _say(say("Interrupted; nothing was written."))
        return ENDED if _ended.is_set() else INTERRUPTED
    except BrokenPipeError:  # the reader of our output has left: nobody is there to tell
        with suppress(OSError, ValueError, io.UnsupportedOperation):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MemoryError as error:
        return _out_of_memory(error)
    except OSError as error:
        _trace(error)
        _say(
            say(
                "The system refused {file}: {problem}. What was there before is unharmed.",
                file=f'"{cut(Path(str(error.filename)).name, 80)}"' if error.filename else "-",
                problem=cut(error.strerror or error, 120),
            )
        )
        return 2
    except Exception as error:
        if _ended.is_set():
            return ENDED
        return _fault(error)


def _out_of_memory(error: BaseException) -> int:
    _trace(error)
    _say(say("The memory of this machine is not enough for it; nothing was written."))
    return 2


def _fault(error: Exception) -> int:
    """A fault of our own: where it is, so that it can be reported, and never that the input is wrong."""
    _trace(error)
    where, trace = "-", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "auditkit" in file.parts:
            where = f"{file.parent.name}/{file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    _say(
        say(
            "This is a fault of auditkit, not of what you gave it ({problem}, at {place}); nothing was written. Please "
            "report it with what you typed; --debug shows the trace.",
            problem=cut(f"{type(error).__name__}: {error}".split("\n")[0], 120),
            place=where,
        )
    )
    return FAULT


def _trace(error: BaseException | None) -> None:
    if READER.debug and error is not None:
        import traceback

        traceback.print_exception(error, file=sys.stderr)


def _say(message: Message) -> None:
    if sys.stderr is not None:
        print(message.text(READER.language), file=sys.stderr)  # noqa: T201


def _run(arguments: list[str]) -> int:
    from auditkit.cli.app import command

    try:
        code = command().main(args=arguments, prog_name="auditkit", standalone_mode=False)
    except Exception as error:
        if type(error).__name__ in ("NoArgsIsHelpError",):
            print(error, file=sys.stderr)  # noqa: T201
            return 2
        if type(error).__name__ == "Abort":
            raise KeyboardInterrupt from None
        if not hasattr(error, "format_message"):
            raise
        raise _usage_error(error) from None
    if code == INTERRUPTED:  # some versions of Typer turn Ctrl-C into its exit code
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


def _usage_error(error: Exception) -> InputError:
    """What Typer found wrong with the arguments, as a sentence of ours."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "auditkit"
    if (option := getattr(error, "option_name", None)) is not None:
        known = [name for parameter in context.command.params for name in parameter.opts] if context else []
        if type(error).__name__ == "NoSuchOption":
            return InputError(
                "{command} has no option {option}; the nearest: {known}.",
                command=path,
                option=cut(option),
                known=nearest(option, [*known, "--help"]),
            )
        return InputError("The option {option} of {command} expects a value.", option=option, command=path)
    if type(error).__name__ == "MissingParameter" and getattr(error, "param", None) is not None:
        name = error.param.metavar or error.param.name.upper()  # type: ignore[attr-defined]
        return InputError("{command} expects {argument}; see {command} --help.", command=path, argument=name)
    return InputError(
        "The arguments of {command} are not understood ({problem}); see {command} --help.",
        command=path,
        problem=cut(error.format_message().rstrip("."), 120),  # type: ignore[attr-defined]
    )
