"""Scoring models: what turns columns into a score, so that the rule can be run, audited and compared with the law."""
