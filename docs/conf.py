"""How the site is built: sphinx with the pages as they are, no request to outside, a search that works offline."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pygments.lexers.special import TextLexer

project = "auditkit"
author = "auditkit contributors"
project_copyright = "auditkit contributors"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "images", "make_pages.py", "make_keys.py", "key_examples.yaml"]
myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
# Links to files of the repository that are no pages of the site stay as they are written.
suppress_warnings = ["myst.xref_missing"]

html_theme = "furo"
html_title = "auditkit"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"light_css_variables": {"color-brand-primary": "#0b5468", "color-brand-content": "#0b5468"}}


def setup(app: Any) -> None:
    """Tables of text are shown as they are; the page of keys is made of the code as it is."""
    here = Path(__file__).parent
    sys.path.insert(0, str(here))
    from make_keys import keys_page

    (here / "keys.md").write_text(keys_page(), encoding="utf-8")
    app.add_lexer("csv", TextLexer)
