"""auditkit: audit the algorithms that judge people."""
