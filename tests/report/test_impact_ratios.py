"""Impact ratios on the first screen, worked by hand from a table of counts in which one category is under 2 %."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditkit.report.audit_facts import AuditFacts
from auditkit.report.brief_blocks import blocks_of
from auditkit.report.number_words import plain
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

TABLE = """sex,race,selected,applicants
Male,White,480,1000
Male,Black,180,500
Male,Hispanic,200,520
Male,Asian,330,600
Female,White,450,900
Female,Black,240,620
Female,Hispanic,190,480
Female,Asian,3,9
"""


def found(folder: Path, reference: Any, minimum: int) -> list[str]:
    """The lines of What was found."""
    (folder / "counts.csv").write_text(TABLE)
    groups = {name: {"column": name, **reference} for name in ("sex", "race")}
    spec = AuditSpec.model_validate(
        {
            "title": "t", "system": {"name": "s", "harm": "assistive"}, "groups": groups,
            "data": {"file": "counts.csv", "columns": {"selected": "selected", "total": "applicants"}},
            "rights": {"framework": "nyc-ll144"}, "publish": {"minimum_count": minimum, "because": "a test"},
        }
    )  # fmt: skip
    block = {b.key: b for b in blocks_of(AuditFacts(run_audit(spec, folder), "en"))}["found"]
    return [plain(item.text, "en") for item in block.items]


@pytest.mark.parametrize("reference", [{"reference": {"is": "highest_rate"}}, {}], ids=["highest", "largest"])
def test_each_ratio_is_over_the_highest_rate_whatever_the_reference(reference: Any, tmp_path: Path) -> None:
    sex, race, crossed = found(tmp_path, reference, 0)
    # women 883 of 2009 (43.95 %) over men 1190 of 2620 (45.42 %): 0.968
    assert sex == "Sex, impact ratios: Female 0.97, Male 1.00."
    # Asian 333 of 609 (54.68 %) is the highest; Black 37.50, Hispanic 39.00, White 930 of 1900 (48.95 %)
    assert race == "Race, impact ratios: Black 0.69, Hispanic 0.71, White 0.90, Asian 1.00."
    assert "Female & White 0.91" in crossed  # 50 over 55 %
    assert "Male & White 0.87" in crossed  # 48 over 55 %
    assert "Female & Asian" not in crossed  # 9 of 4,629 are under 2 %
    assert crossed.endswith("(1 category left out by the rule).")


def test_no_ratio_where_the_highest_rate_may_be_withheld(tmp_path: Path) -> None:
    sex, race, crossed = found(tmp_path, {"reference": {"is": "highest_rate"}}, 11)
    assert (sex[:28], race[:14]) == ("Sex, impact ratios: Female 0", "Race, impact r")
    assert crossed == "Sex & race: no impact ratio, since a category is withheld."
