"""The outcome's parameters of reports/haandholdt_inklusion/study.toml, written out on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

__all__ = ["FINES", "NOT_GUILTY", "OUTCOME_PARAMETERS", "PRIMARY_RULE"]

# AFG_AFGTYPKO by what it is and how severe; what is in none of these is not a finding of guilt.
CUSTODIAL = ["1", "3", "6", "83", "84", "86", "88"]
COMMUNITY = ["4", "5", "81", "82"]
FINES = ["2", "8", "12", "13", "14", "16", "17", "18", "19", "20", "21"]
JUDGMENTS = ["7", "70"]
NOT_GUILTY = ["0", "11", "30", "31", "34", "35", "69", "72", "74", "75", "100", "101", "118", "121"]
OTHER = [str(code) for code in (9, 10, 15, *range(22, 30), 33, *range(36, 54), 60, *range(61, 69), 71, 73)]
OTHER += [str(code) for code in (76, 77, 78, 79, 80, 87, *range(89, 100), 104, 110, 200, 201, 202)]


def decision(code: str, tier: str) -> dict[str, object]:
    is_guilty = tier != "none"
    return {"code": code, "tier": tier, "counts": is_guilty, "is_guilty": is_guilty, "is_fine": code in FINES}


PRIMARY_RULE: Mapping[str, Any] = {
    "outcome": "primary",
    "counts_like": "primary",
    "event": "guilty_decision",
    "event_date": "offence_date",
    "follow_up_months": 24,
    "horizon_days": 731,
    "deadline_calendar_years": 3,
    "deadline_months": 0,
    "deadline_days": 0,
    # The vintage less the twelve months that the rule waits at least.
    "observed_before": date(2022, 7, 1),
    "conferred_cases_count": True,
    "cleared_charges_count": True,
    "index_day_counts": False,
    "window_end_counts": True,
    "missing_offence_date": "decision_date",
    "offence_interval": "start",
    "acts_dated": "own",
    "appeal": "latest_in_time",
    "event_rank": 0,
    "death_rank": 1,
    "censoring_rank": 2,
    "residence": "until_emigration",
    "death": "competes",
    "clock": "calendar",
    "traffic_from_year": 2012,
    "traffic_limit_dkk": 2500.0,
    "traffic_limit_before_dkk": 1500.0,
    "unknown_offence_counts": True,
    "included_offences": [""],
    "excluded_offences": [],
    "custody_kinds": ["remand", "serving"],
    "decisions": [
        *(decision(code, "custodial") for code in CUSTODIAL),
        *(decision(code, "community") for code in COMMUNITY),
        *(decision(code, "fine") for code in (*FINES, *JUDGMENTS)),
        *(decision(code, "other") for code in OTHER),
        *(decision(code, "none") for code in NOT_GUILTY),
    ],
}
OUTCOME_PARAMETERS: Mapping[str, object] = {"follow_up_months": 24, "outcomes": [PRIMARY_RULE]}
