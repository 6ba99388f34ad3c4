"""Columns that name people, known by their names and by what their values look like; nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditkit.init.heading_words import has_word, plain_word
from auditkit.text import Message, say

__all__ = ["personal_warning"]

_NIR = re.compile(r"[1-478]\d{2}(0[1-9]|1[0-2]|[2-9]\d)(\d{2}|2[AB])\d{3}\d{3}(\d{2})?")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{4})( 00:00:00)?")

_NAMES = "nom noms prenom prenoms name surname firstname lastname first_name last_name full_name nom_famille"
_BIRTH = "naissance birth dob ddn birthdate date_naissance ne_le"
_OF_A_PERSON = {
    "nom", "noms", "prenom", "prenoms", "nom prenom", "nom et prenom", "prenom nom", "nom de famille", "nom d usage",
    "nom de naissance", "nom usuel", "nom de jeune fille", "surname", "first name", "last name", "full name",
    "family name", "given name", "firstname", "lastname", "forename",
}  # fmt: skip
"""Names of columns that hold nothing but names of people, however few of them the first rows show."""
_NUMBERS = (
    "nir numero_securite_sociale n_securite_sociale ssn social_security insee_number matricule allocataire_id "
    "numero_allocataire num_allocataire n_allocataire no_allocataire"
)
_CASES = "n_dossier no_dossier num_dossier numero_dossier id_dossier dossier_id identifiant case_number case_id"
_CONTACT = "email e_mail mail courriel telephone tel phone mobile portable gsm adresse address iban rib"
_PHONE = re.compile(r"(\+33|0033|0)[1-9]\d{8}")


def personal_warning(column: str, values: Sequence[str]) -> Message | None:
    """A warning where a column seems to name people; None where it does not.

    >>> personal_warning("contact", ["a@b.org", "c@d.fr"]).values["what"].template
    'e-mail addresses'
    """
    what = _what(column, [value.strip() for value in values if value.strip()])
    if what is None:
        return None
    return say(
        'The column "{column}" seems to hold {what}: take it out of the table unless the audit needs it.',
        column=column,
        what=what,
    )


def _what(column: str, values: Sequence[str]) -> Message | None:
    compact = [re.sub(r"[ \u00a0\u202f.-]", "", value) for value in values]
    if _most(_EMAIL, values):
        return say("e-mail addresses")
    if _most(_NIR, compact):
        return say("social security numbers (NIR)")
    if _most(_IBAN, compact):
        return say("bank account numbers (IBAN)")
    dates = _most(_DATE, values)
    if has_word(column, _BIRTH) and (dates or not values):
        return say("birth dates")
    if dates and len(set(values)) > 0.5 * len(values) and _spread(values) > 30:
        return say("birth dates")
    if has_word(column, _NUMBERS) or (has_word(column, _CASES) and len(set(values)) > 0.8 * len(values) > 0):
        return say("numbers that identify people")
    shared = len(values) >= 20 and len(set(values)) <= 0.2 * len(values)  # how many addresses, not which
    numbers = [re.sub(r"[ \u00a0\u202f./-]", "", value) for value in values]
    if (has_word(column, _CONTACT) and not shared) or _most(_PHONE, numbers):
        return say("addresses or ways to reach people")
    few = len(set(values)) <= (2 if plain_word(column) in _OF_A_PERSON else max(2, 0.2 * len(values)))
    if has_word(column, _NAMES) and not few and not _most(re.compile(r"[\d.,]+"), values):
        return say("names of people")
    return None


def _most(pattern: re.Pattern[str], values: Sequence[str]) -> bool:
    return bool(values) and sum(pattern.fullmatch(value) is not None for value in values) > 0.5 * len(values)


def _spread(values: Sequence[str]) -> int:
    """Years between the earliest and the latest of some dates: birth dates span decades."""
    years = [int(found.group()) for value in values if (found := re.search(r"\d{4}", value))]
    return max(years) - min(years) if years else 0
