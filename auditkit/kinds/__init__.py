"""Figures of a kind of system that only rows give, as candidates for release: a module here is a kind.

Each takes the rows that the audit uses and the groups that it compares; `protect` releases, rounds or withholds what
comes out, figure by figure.
"""

from auditkit.kinds.of_rows import kind_figures_of_rows
from auditkit.kinds.probe import figures_of_probe

__all__ = ["figures_of_probe", "kind_figures_of_rows"]
