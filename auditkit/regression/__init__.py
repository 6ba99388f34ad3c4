"""Regression tables that an audit asks for, from rows or from counts."""
