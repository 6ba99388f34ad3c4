"""Why scores differ between groups: the gap, split by the variables that carry it."""
