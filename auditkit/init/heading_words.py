"""The words by which columns of public files give themselves away, in English and in French.

A word is compared without accents and capitals, as a whole word of the column's name. The first role that
matches wins; everything found this way is a guess and is marked as one.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = [
    "COUNT_KINDS",
    "FOR_NO_VALUE",
    "GROUNDS",
    "NUMBER_WORDS",
    "ROLES",
    "SELECTED_VALUES",
    "TOTALS",
    "has_word",
    "plain_word",
]

ROLES = {
    "outcome": (
        "outcome fraud fraude fraudulent indu indus trop_percu resultat_controle resultat result irregularite anomalie "
        "recid recidivism recidivated default label target overpayment error erreur_constatee verdict "
        "conclusion"
    ),
    "selected": (
        "selected selection decision flagged flag flag_high controle controles controlled control_selected "
        "investigated investigation selectionne selectionnee signale signalee alerte alert admitted "
        "admis audited cible"
    ),
    "score": (
        "score scores risk risque note decile probability probabilite proba rang rank points prediction "
        "predicted score_risque risk_score"
    ),
    "weight": "weight weights poids ponderation",
}  # fmt: skip

GROUNDS = {
    "sex": "sex sexe gender genre civilite",
    "age": "age ages tranche_age age_group age_cat classe_age",
    "nationality": "nationality nationalite citizenship nat citoyennete",
    "origin": "race ethnicity ethnic origin origine ethnie pays_naissance country_of_birth birthplace born",
    "family": (
        "family famille situation_familiale household menage marital matrimonial parent parents "
        "monoparental monoparentale isole children enfants partner couple"
    ),
    "disability": "disability disabled handicap handicape aah invalidite invalide",
    "health": "health sante sick malade illness",
    "religion": "religion religious culte",
    "language": "language langue mother_tongue",
    "residence": "residence commune departement region qpv quartier neighbourhood urban rural zone",
    "economic_situation": "income revenu revenus rsa poverty pauvrete precarite social_benefit minima",
}  # fmt: skip

COUNT_KINDS = {
    "true_positive": ("tp", "true positive", "true positives", "vrai positif", "vrais positifs", "vp"),
    "false_positive": ("fp", "false positive", "false positives", "faux positif", "faux positifs"),
    "true_negative": ("tn", "true negative", "true negatives", "vrai negatif", "vrais negatifs", "vn"),
    "false_negative": ("fn", "false negative", "false negatives", "faux negatif", "faux negatifs"),
    "not_selected": (
        "not selected", "not flagged", "not controlled", "not investigated", "not checked",
        "non selectionnes", "non controles", "non signales", "non selectionnees", "non controlees",
        "non retenus", "non retenues", "non admis", "non admises", "refuses", "refusees",
    ),
    "share": ("share", "part", "taux", "percentage", "percent", "pourcentage", "proportion", "rate", "%"),
    "selected": (
        "selected", "flagged", "controlled", "investigated", "checked", "selectionnes",
        "controles", "signales", "selectionnees", "controlees", "cibles", "controls", "investigations",
        "controle", "retenus", "retenues", "admis", "admises", "acceptes", "acceptees",
    ),
    "total": (
        "total", "ensemble", "effectif", "effectifs", "population", "number", "nombre", "people", "personnes",
        "allocataires", "beneficiaires", "beneficiaries", "households", "foyers", "n", "count", "all",
        "candidats", "candidatures", "demandeurs", "demandes", "dossiers",
    ),
}  # fmt: skip

NUMBER_WORDS = (
    "n",
    "count",
    "counts",
    "effectif",
    "effectifs",
    "nombre",
    "number",
    "frequency",
    "nb",
    "people",
)

TOTALS = (
    "ensemble",
    "total",
    "all",
    "overall",
    "tous",
    "toutes",
    "tout",
    "france entiere",
    "totals",
    "totaux",
)

SELECTED_VALUES = (
    "1",
    "yes",
    "oui",
    "true",
    "vrai",
    "y",
    "o",
    "selected",
    "x",
    "flagged",
    "controle",
    "control",
    "selectionne",
    "high",
)


FOR_NO_VALUE = frozenset((
    "na", "n a", "nan", "null", "none", "missing", "unknown", "not available", "not known", "not stated", "n k",
    "nd", "n d", "nr", "n r", "n c", "s o", "nsp", "non renseigne", "non renseignee", "non communique",
    "non communiquee", "non disponible", "non determine", "non precise", "non precisee", "sans objet", "inconnu",
    "inconnue", "secret", "secret statistique",
))  # fmt: skip
"""Words that stand where a value is missing, or is kept back, as `plain_word` has them (N.C. is "n c")."""


def plain_word(text: str) -> str:
    """A text without accents, capitals and signs, words joined by one space.

    >>> plain_word("Situation_Familiale (été)")
    'situation familiale ete'
    """
    letters = unicodedata.normalize("NFKD", text)
    kept = "".join(c for c in letters if not unicodedata.combining(c)).lower()
    return " ".join(re.findall(r"[a-z0-9%]+", kept))


def has_word(name: str, words: str) -> bool:
    """Whether a column's name holds one of the words (several words are joined by _ in the list).

    >>> has_word("Score_Risque_2019", "score rang"), has_word("language", "age")
    (True, False)
    """
    plain = f" {plain_word(name)} "
    return any(f" {word.replace('_', ' ')} " in plain for word in words.split())
