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
    "max_stay_days": 100_000,
    "min_age_years": 18,
    "max_age_years": 100_000,
    "steps": [
        "released_in_window",
        "in_population_register",
        "municipality_known",
        "release_type",
        "stay_length",
        "age",
        "resident",
        "offer",
    ],
    "min_residence_days": 0,
    "neighbours": [],
    "more_releases_than": 0,
    "vulnerability_flags": [],
    "vulnerability_months": 0,
    "cash_benefit_codes": [],
    "lookback_months": 0,
    "history_from": date(1900, 1, 1),
    "index_event": "release",
    "landmark_days": 0,
    "residence_at": "admission",
    "exposure": "offered",
    "min_participation_days": 30,
    "participation_from": "enrolment",
    "comparison": "other_municipalities",
    "comparison_start": date(2016, 1, 1),
    "comparison_end": date(2020, 1, 1),
    "comparison_index_day": 0,
    "episodes": "first",
    "merge_gap_days": 1,
    "rearrest": "same_stay",
    "arrest_is_stay": False,
    "home_detention": "custody",
    "home_facilities": ["HJEM", "9050"],
    "longest_bridge_days": 730,
    "covariates": [
        {"name": name, "as_of": as_of, "lookback_months": months, "since_age_years": None}
        for name, as_of, months in (
            ("sex", "index_date", None),
            ("age", "index_date", None),
            ("origin", "index_date", None),
            ("release_type", "release_date", None),
            ("stay_length", "release_date", None),
            ("prior_decisions_5y", "index_date", 60),
            ("worked_year_before_admission", "admission_date", 12),
        )
    ],
    "education_codes": [
        {"level": level, "code": code}
        for level, codes in (
            ("basic", ("10", "15")),
            ("upper_secondary", ("20", "25")),
            ("vocational", ("30", "35")),
            ("higher", ("40", "50", "60", "65", "70", "80")),
        )
        for code in codes
    ],
}
