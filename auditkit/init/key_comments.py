"""The comments of the audit.yaml that `init` writes, one a key, for people who have never seen the file."""

from __future__ import annotations

from auditkit.text import mark

__all__ = [
    "AFFECTED",
    "AS_OF",
    "COUNTRY",
    "DATA",
    "DATA_NONE",
    "DECISION",
    "GROUPS",
    "HARM",
    "KNOWN",
    "LANGUAGE",
    "MISSING",
    "NAME",
    "OBSERVED",
    "OPERATOR",
    "OUTCOME",
    "PERIOD",
    "PUBLISH",
    "REPEATS",
    "RIGHTS",
    "SCORE",
    "SELECTED",
    "SOURCES",
    "STACKED",
    "STATUS",
    "SUPPRESSED",
    "SYSTEM",
    "TITLE",
    "TOP",
    "TOTALS",
    "WEIGHT",
]

TOP = mark(
    "This file says what is audited. What follows a # is for you to read. Lines that begin with # and a key "
    "wait for you: fill them in and take the # away. Texts may be given in two languages: {en: ..., fr: ...}."
)
TITLE = mark("The title of the report.")
LANGUAGE = mark("The language of the report when nothing else is asked for.")
AS_OF = mark("The date of the audit, the only one that enters the results.")
SYSTEM = mark("The system that judges people.")
NAME = mark("Its name.")
HARM = mark(
    "punitive: being selected is unfavourable (a control, a suspicion). assistive: not being selected is (a "
    "grant, a place). This decides which gaps hurt."
)
OPERATOR = mark("Who runs it.")
COUNTRY = mark("The country, by its two letters.")
DECISION = mark("What is decided with it.")
AFFECTED = mark("On whom.")
STATUS = mark("planned, in_use, retired or unknown.")
PERIOD = mark("The years that the data cover.")
SOURCES = mark("Where what is said here can be looked up.")
DATA = mark("The table, beside this file.")
DATA_NONE = mark("No table: a report from documents alone. Name a table here once you have one.")
RIGHTS = mark(
    "The checklist of rights. Its framework says whose law stands behind the questions; name the one of the country of "
    "the system, or take the general one:"
)
KNOWN = mark("Figures that the documents give, each with its source: they are shown as what others said.")
SCORE = mark("The column that holds the score.")
SELECTED = mark("How people are selected: by a limit of the score, a share of the highest scores, or a column.")
OUTCOME = mark("What really happened, and which values mean it: for a control, that there was a fault.")
OBSERVED = mark("everywhere, or when_selected where the outcome is known only for those selected.")
GROUPS = mark(
    "The groups to compare. reference: the group that others are compared with, or a rule such as "
    "{is: largest}. ground: the legal ground."
)
MISSING = mark("Words that stand for no value.")
WEIGHT = mark("A column of sampling weights.")
SUPPRESSED = mark("What the marks in place of numbers may mean: ask who published them, and change the limits.")
TOTALS = mark("Rows that sum up others: checked, then set aside.")
PUBLISH = mark("The smallest number of people that may be shown; 0 for figures that are public already.")
STACKED = mark("The table stacks attributes: column is the value that names the attribute.")
REPEATS = mark("The column that tells apart whose lines stand or fall together; or drop it and say unit: event.")
