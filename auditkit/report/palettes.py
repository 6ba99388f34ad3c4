"""The two palettes of every chart: the screen's colours follow the reader's, those of paper are literal."""

from __future__ import annotations

from typing import Any

__all__ = ["PALETTES"]


def _palette(sheet: int, **colours: str) -> dict[str, Any]:
    """The colours by what they are for, and how wide a sheet is (0: a screen, drawn in percent).

    `glass` is for glyphs on tinted cells, which let the tint through.
    """
    return {**colours, "sheet": sheet, "glass": {**colours, "paper": "none"}}


PALETTES: dict[str, dict[str, Any]] = {
    "screen": _palette(
        0, ink="var(--ink)", ink2="var(--ink-2)", accent="var(--accent)", paper="var(--paper)", wash="var(--wash)",
        band="var(--wash-2)", grid="var(--grid)", half="var(--half)", plain="var(--on-t)", strong="var(--on-t-strong)",
    ),
    "paper": _palette(
        688, ink="#16191c", ink2="#4b535a", accent="#0b5468", paper="#ffffff", wash="#f3f5f6", band="#e6eaec",
        grid="#e1e5e8", half="#85aab4", plain="#16191c", strong="#ffffff",
    ),
}  # fmt: skip
"""What templates are given as `palette`: WeasyPrint reads no page CSS and no variables inside SVG."""
