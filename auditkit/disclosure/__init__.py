"""Small cells, and what can be worked out from the rest."""
