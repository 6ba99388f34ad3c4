"""Gaps between groups, verdict words, people affected, smallest detectable gap."""
