"""The cohort's definition: steps that are said once, and nothing that reads data after time zero."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from evalkit.cohorts import CohortDefinition, cohort_parameters
from evalkit.config import Text
from evalkit.judgement import judgement_calls

BASE: dict[str, Any] = {
    "index_start": date(2016, 1, 1),
    "index_end": date(2020, 1, 1),
    "pilot_municipalities": ("316", "615"),
}
PRE: dict[str, Any] = {
    "comparison": "pre_period",
    "comparison_start": date(2013, 1, 1),
    "comparison_end": date(2015, 1, 1),
}


def cohort(**changed: Any) -> CohortDefinition:
    return CohortDefinition.model_validate({**BASE, **changed})


def steps(*tables: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"step": "municipality_known"}, *tables]


REFUSED = {
    "an offer after admission": ({"index_event": "admission"}, "time zero"),
    "taking part after release": ({"exposure": "took_part", "participation_from": "release"}, "immortal time"),
    "a landmark that is too early": (
        {"exposure": "took_part", "participation_from": "release", "landmark_days": 29},
        "immortal time",
    ),
    "taking part at the offer": (
        {"exposure": "took_part", "index_event": "offer", "comparison_index_day": 10},
        "immortal time",
    ),
    "a comparison with nobody to be in the pilot": ({"pilot_municipalities": ()}, "a comparison needs at least one"),
    "a day for nobody": ({"comparison": "none", "comparison_index_day": 10}, "comparison_index_day"),
    "a period for nobody": ({"comparison": "none", "comparison_start": date(2013, 1, 1)}, "go with comparison"),
    "no comparison period": ({"comparison": "pre_period"}, "needs comparison_start"),
    "a period without pre_period": ({"comparison_start": date(2013, 1, 1)}, "go with comparison"),
    "a period that overlaps": ({**PRE, "comparison_end": date(2016, 1, 2)}, "follow each other"),
    "no day for the comparison": ({"index_event": "programme_end"}, "comparison_index_day"),
    "a day without use": ({"comparison_index_day": 10}, "comparison_index_day"),
    "a step twice": ({"require": steps({"step": "age"}, {"step": "age"})}, "more than once"),
    "no arms": ({"require": [{"step": "age"}]}, "municipality_known"),
    "age said twice": ({"require": steps({"step": "age"}), "min_age_years": 21}, "min_age_years"),
    "a look back to nowhere": ({"require": steps({"step": "lookback", "months": 24})}, "history_from"),
    "an unknown step": ({"require": steps({"step": "height"})}, "step"),
    "a misspelt value": ({"require": steps({"step": "age", "min_year": 18})}, "min_year"),
    "a window backwards": ({"index_end": date(2015, 1, 1)}, "index_start"),
}


@pytest.mark.parametrize(("changed", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        cohort(**changed)


ACCEPTED = {
    "admission with a landmark": {"index_event": "admission", "landmark_days": 60},
    "admission of everyone": {"index_event": "admission", "exposure": "resident"},
    "taking part before release": {"exposure": "took_part"},
    "taking part up to the landmark": {
        "exposure": "took_part",
        "participation_from": "release",
        "landmark_days": 30,
    },
    "the end of the programme": {"index_event": "programme_end", "exposure": "took_part", "comparison_index_day": 90},
    "the period before": PRE,
    "a look back": {"require": steps({"step": "lookback", "months": 24}), "history_from": date(2010, 1, 1)},
}


@pytest.mark.parametrize("changed", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_can_be_is_accepted(changed: dict[str, Any]) -> None:
    definition = cohort(**changed)
    assert definition.fingerprint != cohort().fingerprint
    assert len(definition.explanation.da) == len(definition.explanation.en)


def test_the_default_steps_are_the_short_keys() -> None:
    told = cohort(min_age_years=21, min_stay_days=30, release_types=("parole",))
    parameters = cohort_parameters(told)
    assert told.reasons == (
        "released_in_window",
        "in_population_register",
        "municipality_known",
        "release_type",
        "stay_length",
        "age",
        "resident",
        "offer",
    )
    assert parameters["steps"] == list(told.reasons)
    assert (parameters["min_age_years"], parameters["min_stay_days"], parameters["release_types"]) == (
        21,
        30,
        ["parole"],
    )


def test_the_steps_of_a_study_are_what_it_says_in_its_order() -> None:
    told = cohort(
        require=[
            {"step": "age", "min_years": 21, "max_years": 30},
            {"step": "municipality_known"},
            {"step": "not_neighbour", "municipalities": ["326"]},
            {"step": "municipality_releases"},
            {"step": "vulnerability", "any_of": ["without_work", "housing_need"]},
        ]
    )
    assert told.reasons[1:-1] == (
        "age",
        "municipality_known",
        "not_neighbour",
        "municipality_releases",
        "vulnerability",
    )
    parameters = cohort_parameters(told)
    assert (parameters["min_age_years"], parameters["max_age_years"]) == (21, 30)
    assert parameters["neighbours"] == ["326"]
    assert parameters["more_releases_than"] == 80  # "kommuner med mere end 80 løsladte om året", the call's condition
    assert parameters["vulnerability_flags"] == ["without_work", "housing_need"]
    said = " ".join(told.explanation.en)
    assert "At most 30 years old." in said
    assert "more than 80 releases" in said
    assert "without paid work, housing in the plan" in said
    assert "stay that ends at home" not in said  # nothing is asked of the kind of release


def test_the_explanation_says_what_somebody_chose_otherwise() -> None:
    said = " ".join(cohort(rearrest="new_stay", longest_bridge_days=365, arrest_is_stay=True).explanation.en)
    assert "Released and re-arrested on one day or within the gap: new_stay." in said
    assert "Longest time that an unclosed record is carried on to the next admission: 365." in said
    assert "Arrests count." in said
    assert "Longest time" not in " ".join(cohort().explanation.en)


def test_every_judgement_call_has_a_default_a_reason_and_a_parameter() -> None:
    calls = {call.field: call for call in judgement_calls(cohort())}
    assert set(calls) >= {
        "merge_gap_days",
        "rearrest",
        "arrest_is_stay",
        "home_detention",
        "longest_bridge_days",
        "residence_at",
        "min_age_years",
    }
    assert all(call.is_default for call in calls.values())
    assert all(isinstance(call.judgement.reason, Text) and call.judgement.reason.da for call in calls.values())
    assert set(calls) <= set(cohort_parameters(cohort()))


def test_a_changed_judgement_call_is_one_key() -> None:
    changed = [call.field for call in judgement_calls(cohort(residence_at="index_date")) if not call.is_default]
    assert changed == ["residence_at"]


def test_a_cohort_without_a_comparison_says_so_and_reads_no_offers() -> None:
    cohort = CohortDefinition(
        index_start=date(2016, 1, 1), index_end=date(2020, 1, 1), comparison="none", exposure="resident"
    )
    assert not cohort.reads_offers
    assert "There is nobody to compare with." in cohort.explanation.en
    assert "Der er ingen at sammenligne med." in cohort.explanation.da
    ends = cohort.model_copy(update={"index_event": "programme_end"})
    assert ends.reads_offers


@pytest.mark.parametrize(
    ("municipalities", "said"),
    [
        (("316",), "They lived in the municipality at admission and were offered"),
        (("316", "615"), "They lived in one of the municipalities at admission and were offered"),
    ],
)
def test_one_arm_of_some_municipalities_names_them(municipalities: tuple[str, ...], said: str) -> None:
    cohort = CohortDefinition(
        index_start=date(2016, 1, 1),
        index_end=date(2020, 1, 1),
        comparison="none",
        pilot_municipalities=municipalities,
    )
    assert any(said in sentence for sentence in cohort.explanation.en)
