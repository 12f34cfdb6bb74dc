"""Definitions as rows: what the SQL models read, one row an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from evalkit.outcomes.decision_classes import decision_classes
from evalkit.outcomes.definition import OutcomeDefinition

__all__ = ["outcome_rules"]

_AS_THEY_STAND = (
    "event",
    "event_date",
    "follow_up_months",
    "horizon_days",
    "conferred_cases_count",
    "cleared_charges_count",
    "index_day_counts",
    "window_end_counts",
    "missing_offence_date",
    "offence_interval",
    "acts_dated",
    "appeal",
    "residence",
    "death",
    "clock",
)
_FOLLOWING = ("outcome", "residence", "death", "clock", "event_rank", "death_rank", "censoring_rank")
_RANKS = ("event", "death", "censoring")


def outcome_rules(outcomes: Mapping[str, OutcomeDefinition], vintage: date) -> list[dict[str, Any]]:
    """Return the rules of some outcomes as the parameter ``$outcomes`` of the models.

    Parameters
    ----------
    outcomes : mapping of str to OutcomeDefinition
        By the name under which the models and the results know them.
    vintage : date
        The data are complete before this day.

    Returns
    -------
    list of dict
        One row an outcome, all with the same keys.
    """
    rules = [_rule(name, outcome, vintage) for name, outcome in outcomes.items()]
    alike = {_event_rule(rule): rule["outcome"] for rule in reversed(rules)}
    return [{**rule, "counts_like": alike[_event_rule(rule)]} for rule in rules]


def _event_rule(rule: dict[str, Any]) -> str:
    """Return what decides which events count; outcomes that agree in it differ in whom they follow, or how long."""
    return str({key: value for key, value in rule.items() if key not in _FOLLOWING})


def _rule(name: str, outcome: OutcomeDefinition, vintage: date) -> dict[str, Any]:
    deadline, fines = outcome.decision_deadline, outcome.traffic_fines
    return {
        "outcome": name,
        **{field: getattr(outcome, field) for field in _AS_THEY_STAND},
        **{f"{one}_rank": outcome.tie_order.index(one) for one in _RANKS},
        "deadline_calendar_years": deadline.calendar_years,
        "deadline_months": deadline.months_after_follow_up or 0,
        "deadline_days": deadline.days_after_follow_up or 0,
        "observed_before": outcome.observed_before(vintage),
        "traffic_from_year": fines.from_year if fines else None,
        "traffic_limit_dkk": fines.limit_dkk if fines else None,
        "traffic_limit_before_dkk": fines.limit_dkk_before if fines else None,
        "unknown_offence_counts": outcome.offences.unknown_counts or not outcome.offences.include,
        "included_offences": list(outcome.offences.include) or [""],
        "excluded_offences": list(outcome.offences.exclude),
        "custody_kinds": list(outcome.custody_kinds),
        "decisions": [
            {
                "code": code,
                "tier": one.tier,
                "counts": one.name in outcome.counted_decisions,
                "is_guilty": one.tier != "none",
                "is_fine": one.name == "fine",
            }
            for one in decision_classes()
            for code in one.codes
        ],
    }
