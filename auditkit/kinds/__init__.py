"""Figures of a kind of system that only rows give, as candidates for release: a module here is a kind.

Each takes the rows that the audit uses and the groups that it compares; `protect` releases, rounds or withholds what
comes out, figure by figure.
"""

from auditkit.kinds.of_rows import kind_figures_of_rows

__all__ = ["kind_figures_of_rows"]
