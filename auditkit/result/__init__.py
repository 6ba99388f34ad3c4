"""The one result, from findings to page: frozen records, checked when they are made and when they are read.

results.json, its JSON Schema and the tables are these records; rooms to the right add to them and never copy them.
"""

from auditkit.result.attribution import Attribution
from auditkit.result.audit_result import AnalysisResult, AuditResult, Source
from auditkit.result.figures import JOINER, REASONS, VERDICTS, Estimate, Family, Gap, Point, Sensitivity, ViewResult
from auditkit.result.kind_figure import KindFigure
from auditkit.result.regression import Regression
from auditkit.result.rights_items import (
    PublishedShares,
    RightsAnswer,
    RightsDomain,
    RightsDuty,
    RightsFigure,
    RightsGround,
    RightsItem,
    RightsResult,
    RightsStatement,
    RightsStep,
)
from auditkit.result.rows_read import Exclusion, RowAccount, ScoreBins

__all__ = [
    "JOINER", "REASONS", "VERDICTS",
    "AnalysisResult", "Attribution", "AuditResult", "Estimate", "Exclusion", "Family", "Gap", "KindFigure", "Point",
    "PublishedShares", "Regression", "RightsAnswer", "RightsDomain", "RightsDuty", "RightsFigure", "RightsGround",
    "RightsItem", "RightsResult", "RightsStatement", "RightsStep", "RowAccount", "ScoreBins", "Sensitivity", "Source",
    "ViewResult",
]  # fmt: skip
