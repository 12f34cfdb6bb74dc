"""Indicators: one frozen definition and one pure function each, from counts to a result."""

from evalkit.indicators.all_releases import all_releases
from evalkit.indicators.assessments import AssessmentDefinition, assessment_parameters, assessments
from evalkit.indicators.attrition import ATTRITION_REASONS, attrition
from evalkit.indicators.baseline import baseline
from evalkit.indicators.by_group import by_group
from evalkit.indicators.continuity import PLAN_STATES, ContinuityDefinition, plan_continuity
from evalkit.indicators.continuity_evidence import EVIDENCE, continuity_evidence
from evalkit.indicators.definition_panel import asked, definition_panel
from evalkit.indicators.delivery import delivery
from evalkit.indicators.left_out import left_out
from evalkit.indicators.maturity import STAMPS, maturity
from evalkit.indicators.plan_end import plan_end
from evalkit.indicators.plan_gap import plan_gap
from evalkit.indicators.regression import cox_model
from evalkit.indicators.reoffending import CAUSES, reoffending
from evalkit.indicators.reoffending_set import MEASURES, reoffending_set
from evalkit.indicators.retention import retention
from evalkit.indicators.self_support import self_support
from evalkit.indicators.severity import TIERS, frequency, severity
from evalkit.indicators.standardised import standardised
from evalkit.indicators.state_weeks import state_weeks
from evalkit.indicators.states import MEASURES_OF_STATES, STATES, WORKING, StatusDefinition, status_parameters
from evalkit.indicators.status import status
from evalkit.indicators.time_in_state import time_in_state
from evalkit.indicators.transitions import transitions
from evalkit.indicators.work_start import work_start
from evalkit.indicators.working_year import working_year

__all__ = [
    "ATTRITION_REASONS",
    "CAUSES",
    "EVIDENCE",
    "MEASURES",
    "MEASURES_OF_STATES",
    "PLAN_STATES",
    "STAMPS",
    "STATES",
    "TIERS",
    "WORKING",
    "AssessmentDefinition",
    "ContinuityDefinition",
    "StatusDefinition",
    "all_releases",
    "asked",
    "assessment_parameters",
    "assessments",
    "attrition",
    "baseline",
    "by_group",
    "continuity_evidence",
    "cox_model",
    "definition_panel",
    "delivery",
    "frequency",
    "left_out",
    "maturity",
    "plan_continuity",
    "plan_end",
    "plan_gap",
    "reoffending",
    "reoffending_set",
    "retention",
    "self_support",
    "severity",
    "standardised",
    "state_weeks",
    "status",
    "status_parameters",
    "time_in_state",
    "transitions",
    "work_start",
    "working_year",
]
