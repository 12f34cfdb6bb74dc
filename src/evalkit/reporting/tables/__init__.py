"""The report's tables, by great-tables, from released tables."""

from __future__ import annotations

from evalkit.reporting.tables.course import (
    assessments_table,
    attendance_table,
    budget_table,
    cadence_table,
    capacity_table,
    course_table,
    dose_table,
    phase_table,
)
from evalkit.reporting.tables.economy import (
    cost_effectiveness_table,
    cost_per_person_table,
    cost_plane_table,
    social_value_table,
)
from evalkit.reporting.tables.flow import baseline_table, delivery_table, flow_table
from evalkit.reporting.tables.grid import Grid, to_html_table
from evalkit.reporting.tables.groups import group_table, standardised_table
from evalkit.reporting.tables.left_out import left_out_table
from evalkit.reporting.tables.models import cox_table, fit_table, survival_table
from evalkit.reporting.tables.outcomes import contrast_table, curve_table, risk_table
from evalkit.reporting.tables.plans import (
    case_open_table,
    contact_table,
    plan_agreement_table,
    plan_end_table,
    plan_gap_table,
)
from evalkit.reporting.tables.process import kvp_exit_table, municipality_release_table, process_table
from evalkit.reporting.tables.programme import (
    criteria_table,
    indicators_table,
    money_by_year_table,
    programme_end_table,
    targets_table,
)
from evalkit.reporting.tables.reoffending import maturity_table, measures_table, panel_table, parts_table
from evalkit.reporting.tables.shares import continuity_table, plan_state_table, status_table
from evalkit.reporting.tables.states import (
    evidence_table,
    state_weeks_table,
    time_in_state_table,
    transitions_table,
)
from evalkit.reporting.tables.work import work_table

__all__ = [
    "Grid",
    "assessments_table",
    "attendance_table",
    "baseline_table",
    "budget_table",
    "cadence_table",
    "capacity_table",
    "case_open_table",
    "contact_table",
    "continuity_table",
    "contrast_table",
    "cost_effectiveness_table",
    "cost_per_person_table",
    "cost_plane_table",
    "course_table",
    "cox_table",
    "criteria_table",
    "curve_table",
    "delivery_table",
    "dose_table",
    "evidence_table",
    "fit_table",
    "flow_table",
    "group_table",
    "indicators_table",
    "kvp_exit_table",
    "left_out_table",
    "maturity_table",
    "measures_table",
    "money_by_year_table",
    "municipality_release_table",
    "panel_table",
    "parts_table",
    "phase_table",
    "plan_agreement_table",
    "plan_end_table",
    "plan_gap_table",
    "plan_state_table",
    "process_table",
    "programme_end_table",
    "risk_table",
    "social_value_table",
    "standardised_table",
    "state_weeks_table",
    "status_table",
    "survival_table",
    "targets_table",
    "time_in_state_table",
    "to_html_table",
    "transitions_table",
    "work_table",
]
