"""The cohort's choices as parameters of the SQL models."""

from __future__ import annotations

from evalkit.cohorts.definition import CohortDefinition

__all__ = ["cohort_parameters"]


def cohort_parameters(cohort: CohortDefinition) -> dict[str, object]:
    """Return the values of the parameters that the models of stays and of the cohort take.

    Parameters
    ----------
    cohort : CohortDefinition
        Who is studied, and from when.

    Returns
    -------
    dict of str to object
        Name without the dollar sign to value.
    """
    return {
        "index_start": cohort.index_start,
        "index_end": cohort.index_end,
        "pilot_municipalities": list(cohort.pilot_municipalities),
        "release_types": list(cohort.release_types),
        "min_stay_days": cohort.min_stay_days,
        "min_age_years": cohort.min_age_years,
        "merge_gap_days": cohort.merge_gap_days,
        "rearrest": cohort.rearrest,
        "arrest_is_stay": cohort.arrest_is_stay,
        "home_detention": cohort.home_detention,
        "home_facilities": list(cohort.home_facilities),
        "longest_bridge_days": cohort.longest_bridge_days,
    }
