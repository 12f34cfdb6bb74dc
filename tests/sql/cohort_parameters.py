"""The cohort's parameters of reports/haandholdt_inklusion/study.toml, written out on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

__all__ = ["COHORT_PARAMETERS"]

COHORT_PARAMETERS: Mapping[str, object] = {
    "index_start": date(2016, 1, 1),
    "index_end": date(2020, 1, 1),
    "pilot_municipalities": ["316", "615"],
    "release_types": ["parole", "full_term", "remand_end"],
    "min_stay_days": 14,
    "min_age_years": 18,
    "merge_gap_days": 1,
    "rearrest": "same_stay",
    "arrest_is_stay": False,
    "home_detention": "custody",
    "home_facilities": ["HJEM", "9050"],
    "longest_bridge_days": 730,
}
