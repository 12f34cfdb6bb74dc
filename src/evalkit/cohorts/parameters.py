"""The cohort's choices as parameters of the SQL models."""

from __future__ import annotations

from datetime import date

from evalkit.cohorts.definition import CohortDefinition
from evalkit.cohorts.require import (
    Age,
    Lookback,
    MunicipalityReleases,
    NotNeighbour,
    ReleaseTypeCounts,
    Residence,
    StayLength,
    Vulnerability,
)

__all__ = ["cohort_parameters"]

_NO_LIMIT = 100_000
_BEGINNING = date(1900, 1, 1)
_END = date(9999, 12, 31)


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
        **_stay_parameters(cohort),
        **_arm_parameters(cohort),
        **_step_parameters(cohort),
        **_baseline_parameters(cohort),
    }


def _stay_parameters(cohort: CohortDefinition) -> dict[str, object]:
    return {
        "merge_gap_days": cohort.merge_gap_days,
        "rearrest": cohort.rearrest,
        "arrest_is_stay": cohort.arrest_is_stay,
        "home_detention": cohort.home_detention,
        "home_facilities": list(cohort.home_facilities),
        "longest_bridge_days": cohort.longest_bridge_days,
    }


def _arm_parameters(cohort: CohortDefinition) -> dict[str, object]:
    return {
        "index_event": cohort.index_event,
        "landmark_days": cohort.landmark_days,
        "index_start": cohort.index_start,
        "index_end": cohort.index_end,
        "pilot_municipalities": list(cohort.pilot_municipalities),
        "residence_at": cohort.residence_at,
        "exposure": cohort.exposure,
        "min_participation_days": cohort.min_participation_days,
        "participation_from": cohort.participation_from,
        "comparison": cohort.comparison,
        # Without a period of its own the comparison arm shares the pilots'.
        "comparison_start": cohort.comparison_start or cohort.index_start,
        "comparison_end": cohort.comparison_end or cohort.index_end,
        "comparison_index_day": cohort.comparison_index_day or 0,
        "episodes": cohort.episodes,
    }


def _step_parameters(cohort: CohortDefinition) -> dict[str, object]:
    """Give the values of all steps; of those that the study does not have, values that nothing then reads."""
    stay, age = cohort.step(StayLength) or StayLength(), cohort.step(Age) or Age()
    types, neighbours = cohort.step(ReleaseTypeCounts), cohort.step(NotNeighbour)
    residence, releases = cohort.step(Residence), cohort.step(MunicipalityReleases)
    vulnerability, lookback = cohort.step(Vulnerability), cohort.step(Lookback)
    return {
        "steps": list(cohort.reasons),
        "release_types": list(types.types if types else ()),
        "min_stay_days": stay.min_days,
        "max_stay_days": _NO_LIMIT if stay.max_days is None else stay.max_days,
        "min_age_years": age.min_years,
        "max_age_years": _NO_LIMIT if age.max_years is None else age.max_years,
        "min_residence_days": residence.min_days if residence else 0,
        "neighbours": list(neighbours.municipalities if neighbours else ()),
        "more_releases_than": releases.more_than if releases else 0,
        "vulnerability_flags": list(vulnerability.any_of if vulnerability else ()),
        "cash_benefit_codes": list(vulnerability.cash_benefit_codes if vulnerability else ()),
        "vulnerability_months": vulnerability.lookback_months if vulnerability else 0,
        "lookback_months": lookback.months if lookback else 0,
        "history_from": cohort.history_from or _BEGINNING,
    }


def _baseline_parameters(cohort: CohortDefinition) -> dict[str, object]:
    return {
        "covariates": [
            {
                "name": one.name,
                "as_of": one.as_of,
                "lookback_months": one.lookback_months,
                "since_age_years": one.since_age_years,
            }
            for one in cohort.baseline
        ],
        **_collaboration_parameters(cohort),
        "education_codes": [
            {"level": level, "code": code} for level, codes in cohort.education_codes.items() for code in codes
        ],
    }


def _collaboration_parameters(cohort: CohortDefinition) -> dict[str, object]:
    """Give the agreements in the study's order, after nothing: a list without an element has no type in SQL."""
    agreements = [
        {
            "facility": one.facility,
            "model": one.model,
            "start_date": one.start,
            "end_date": one.end or _END,
            "place": place,
        }
        for place, one in enumerate(cohort.agreements, 1)
    ]
    nothing = {"facility": "", "model": 1, "start_date": _END, "end_date": _END, "place": 0}
    homes = [{"facility": name, "municipality": code} for name, code in cohort.facility_municipalities.items()]
    return {
        "agreements": [nothing, *agreements],
        "facility_municipalities": [{"facility": "", "municipality": ""}, *homes],
    }
