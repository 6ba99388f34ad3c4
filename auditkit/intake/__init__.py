"""Tables opened on an engine; roles given to columns; every row accounted for."""
