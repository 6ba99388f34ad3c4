"""Tests of intervals, tests and corrections; one file a module."""
