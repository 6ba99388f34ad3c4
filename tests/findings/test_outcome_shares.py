"""Whose are the outcomes: shares of those with the outcome and of those rightly selected, by hand, seen and unseen."""

import pytest

from auditkit.run import run_audit
from auditkit.spec import AuditSpec

COUNTS = "g,tp,fp,tn,fn\na,30,20,40,10\nb,10,10,70,50\n"


def _shares(folder, **more):
    (folder / "c.csv").write_text(COUNTS)
    spec = AuditSpec.model_validate(
        {
            "title": "t",
            "system": {"name": "s", "harm": "punitive"},
            "data": {
                "file": "c.csv",
                "columns": {
                    "true_positive": "tp",
                    "false_positive": "fp",
                    "true_negative": "tn",
                    "false_negative": "fn",
                },
            },
            "groups": {"g": {"column": "g", "reference": "b"}},
            "measures": [
                "share_of_positives",
                "share_of_true_positives",
                "true_positive_share",
                "false_negative_share",
            ],
            "publish": {"minimum_count": 0, "because": "test"},
            **more,
        }
    )
    return {(e.group, e.measure): e for e in run_audit(spec, folder).analyses[0].estimates}


def test_by_hand(tmp_path):
    found = _shares(tmp_path)
    # 40 and 60 with the outcome; 30 and 10 of them selected; 100 and 140 people
    assert found["a", "share_of_positives"].value == pytest.approx(0.4)
    assert found["a", "share_of_true_positives"].value == pytest.approx(0.75)
    assert found["a", "true_positive_share"].value == pytest.approx(0.3)
    assert found["b", "false_negative_share"].value == pytest.approx(50 / 140)
    interval = found["a", "share_of_positives"]
    # Wilson of 40 in 100
    assert (interval.lower, interval.upper) == (pytest.approx(0.3094, abs=1e-4), pytest.approx(0.4980, abs=1e-4))


def test_outcomes_that_nobody_saw_have_no_share(tmp_path):
    found = _shares(tmp_path, observed="when_selected")
    unseen = found["a", "share_of_positives"]
    assert (unseen.value, unseen.status, unseen.reason) == (None, "not_computed", "outcome_unseen")
    assert found["a", "share_of_true_positives"].value == pytest.approx(0.75)
