"""How a sentence cites the law: what articles share is said once, as a jurist would write it."""

from __future__ import annotations

import pytest

from auditkit.rights.letters.cite_law import Citing
from auditkit.rights.letters.paths import body_for
from auditkit.rights.library import load_library

LIBRARY = load_library()


@pytest.mark.parametrize(
    ("keys", "french", "english"),
    [
        ("gdpr-15-1 gdpr-15-3", "15, paragraphe 1, points a) à g), et paragraphe 3, du", "15(1)(a) to (g) and (3)"),
        ("gdpr-12-5-6", "article 12, paragraphes 5 et 6, du", "Article 12(5) and (6) of"),
        ("gdpr-12-3 gdpr-12-4", "article 12, paragraphes 3 et 4, du", "Article 12(3) and (4) of"),
        ("ai-act-5-1-c ai-act-5-1-d", "article 5, paragraphe 1, points c) et d), du", "Article 5(1)(c) and (d) of"),
        ("gdpr-77 gdpr-79", "articles 77 et 79 du", "Articles 77 and 79 of"),
        ("crpa-r-343-3-5", "R. 343-3, R.* 343-4 et R. 343-5 du", "R. 343-3, R.* 343-4 and R. 343-5 of"),
        (
            "loi-2008-496-art-1 loi-2008-496-art-2-3",
            "articles 1er et 2, 3°, de la loi n° 2008-496 du 27 mai 2008",
            "Articles 1 and 2, 3° of French law 2008-496 of 27 May 2008",
        ),
    ],
)  # fmt: skip
def test_what_articles_share_is_said_once(keys: str, french: str, english: str) -> None:
    for language, expected in (("fr", french), ("en", english)):
        found = Citing(LIBRARY, language).law(*keys.split()).replace("\u00a0", " ")
        assert expected in found, found


def test_a_law_named_in_full_is_named_short_after() -> None:
    citing = Citing(LIBRARY, "fr")
    citing.law("loi-2008-496-art-1")
    assert citing.law("loi-2008-496-art-4", form="le") == "l’article 4 de la loi du 27 mai 2008"


@pytest.mark.parametrize(
    ("benefit", "court"),
    [
        ("le RSA", "tribunal administratif"), ("revenu de solidarité active", "tribunal administratif"),
        ("APL", "tribunal administratif"), ("aide au logement", "tribunal administratif"),
        ("prime d’activité", "tribunal administratif"), ("AAH", "pôle social du tribunal judiciaire"),
        ("allocations familiales", "pôle social du tribunal judiciaire"), ("une aide", None), ("RSA et AAH", None),
    ],
)  # fmt: skip
def test_the_court_of_a_benefit_as_people_name_it(benefit: str, court: str | None) -> None:
    # CSS L.142-4 and CASF L.262-47, as the legal reading has them: two benefits go to the judicial court.
    body = body_for(benefit)
    assert (None if body is None else body.court.text("fr")) == court
