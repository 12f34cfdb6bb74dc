"""Indicators: one frozen definition and one pure function each, from counts to a result."""

from evalkit.indicators.attrition import ATTRITION_REASONS, attrition
from evalkit.indicators.baseline import baseline
from evalkit.indicators.continuity import PLAN_STATES, ContinuityDefinition, plan_continuity
from evalkit.indicators.delivery import delivery
from evalkit.indicators.left_out import left_out
from evalkit.indicators.regression import cox_model
from evalkit.indicators.reoffending import CAUSES, reoffending
from evalkit.indicators.status import StatusDefinition, status

__all__ = [
    "ATTRITION_REASONS",
    "CAUSES",
    "PLAN_STATES",
    "ContinuityDefinition",
    "StatusDefinition",
    "attrition",
    "baseline",
    "cox_model",
    "delivery",
    "left_out",
    "plan_continuity",
    "reoffending",
    "status",
]
