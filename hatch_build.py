"""Compiled sentences for the package: made when it is built or installed, never committed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):  # type: ignore[type-arg]
    """Compile every catalogue of sentences (.po) into the form that gettext reads (.mo)."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write each compiled catalogue beside its source."""
        for path in sorted(Path(self.root, "auditkit", "text").glob("*/LC_MESSAGES/*.po")):
            with path.open("rb") as source:
                catalogue = read_po(source)
            with path.with_suffix(".mo").open("wb") as target:
                write_mo(target, catalogue)
