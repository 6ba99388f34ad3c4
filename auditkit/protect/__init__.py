"""Which sums may be published, and the released table that every figure is computed from."""
