"""Templates that may come from a stranger: put through Jinja's sandbox, on the page and nothing else.

No attribute that begins with an underscore, no change of what is given, and of functions only macros, the two that
translate, and the methods of plain texts, numbers and lists.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import TemplateError
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from auditkit.errors import InputError, cut

__all__ = ["ForeignTemplates", "template_fault"]

_PLAIN = (str, int, float, list, tuple, dict, set, frozenset, Markup)


class ForeignTemplates(ImmutableSandboxedEnvironment):
    """An environment in which a template can only read the page."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """No attribute of a path, a function or a type: they lead out of the page."""
        if isinstance(obj, (type, Path)) or (callable(obj) and not isinstance(obj, (Macro, LoopContext))):
            return False
        return super().is_safe_attribute(obj, attr, value)

    def is_safe_callable(self, obj: Any) -> bool:
        """Macros, the functions that every template gets, and the methods of plain values."""
        if isinstance(obj, Macro) or any(obj is known for known in self.globals.values()):
            return super().is_safe_callable(obj)
        return isinstance(getattr(obj, "__self__", None), _PLAIN) and super().is_safe_callable(obj)


def template_fault(error: Exception, folder: Path) -> InputError:
    """Whatever a template of others trips over, as a sentence with its file and line."""
    name, line = getattr(error, "name", None), getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.suffix in (".html", ".css", ".svg", ".js"):
            name, line = file.name, trace.tb_lineno
        trace = trace.tb_next
    said = (error.message if isinstance(error, TemplateError) else None) or str(error)
    return InputError(
        "{file}, line {line}: this template cannot be followed ({problem}).",
        file=cut(name or folder.name, 80),
        line=line or "?",
        problem=cut(f"{type(error).__name__}: {said}", 160),
    )
