"""The values of the status's parameters when a study says nothing, written out on purpose."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ORDER", "STATUS_PARAMETERS"]

ORDER = ["dead", "emigrated", "in_custody", "employed", "in_education", "benefit", "no_record"]

STATUS_PARAMETERS: Mapping[str, object] = {
    "status_months": [3, 6, 12, 24],
    "followed_months": 24,
    "min_paid_hours": 0.0,
    "states": [{"state": state, "state_bit": 2**place} for place, state in enumerate(ORDER)],
    "work_states": [{"state": "employed", "over_hours": 0.0}],
    "benefit_states": [{"state": "benefit", "benefit_code": ""}],
    "working_states": ["employed", "in_education"],
    "no_support_codes": ["997"],
    "retention_months": [6, 12],
    "longest_retention_months": 12,
    "state_weeks": list(range(0, 102, 4)),
}
