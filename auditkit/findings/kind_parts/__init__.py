"""What the released counts of an audit say of its kind of system: a module here is a kind."""
