"""Mean changes of pairs against a paired test of scipy's, and what is left out when a study does not say enough."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError
from scipy import stats

from evalkit.indicators import AssessmentDefinition, assessment_parameters, assessments
from evalkit.results import Provenance

PROVENANCE = Provenance("assessments@0", date(2023, 7, 1), {}, "0")
COMPASS = AssessmentDefinition(instrument="forandringskompas", lowest=1, highest=10, reliable_change=2)
FIRST, LATER = np.array([3.0, 5.0, 1.0, 10.0, 4.0]), np.array([4.0, 8.0, 1.0, 9.0, 6.5])


def counted(first: np.ndarray, later: np.ndarray) -> pl.DataFrame:
    row = {
        "arm": "pilot",
        "instrument": "forandringskompas",
        "dimension": "housing",
        "month": 0,
        "n_persons": first.size + 3,
        "n_first": first.size + 1,
        "n_pairs": first.size,
        "sum_first": float(first.sum()),
        "sum_later": float(later.sum()),
        "sum_squares": float(((later - first) ** 2).sum()),
        "n_lowest_first": int((first <= 1).sum()),
        "n_highest_first": int((first >= 10).sum()),
        "n_risen": int((later - first >= 2).sum()),
        "n_fallen": int((first - later >= 2).sum()),
    }
    return pl.DataFrame([row])


def test_the_change_and_its_interval_are_those_of_a_paired_t_test() -> None:
    row = assessments(counted(FIRST, LATER), COMPASS, PROVENANCE).frame.row(0, named=True)
    witness = stats.ttest_rel(LATER, FIRST)
    low, high = witness.confidence_interval(0.95)
    # By hand: the changes are 1, 3, 0, -1 and 2.5, which is 1.1 in the mean.
    assert row["estimate"] == pytest.approx(1.1)
    assert (row["mean_first"], row["mean_later"]) == (4.6, 5.7)
    assert (row["conf_low"], row["conf_high"]) == pytest.approx((low, high), rel=1e-12)
    assert (row["n_lowest_first"], row["n_highest_first"], row["n_risen"], row["n_fallen"]) == (1, 1, 2, 0)


def test_one_pair_has_a_change_and_no_interval_and_none_has_nothing() -> None:
    one = assessments(counted(FIRST[:1], LATER[:1]), COMPASS, PROVENANCE).frame.row(0, named=True)
    assert (one["estimate"], one["std_error"], one["conf_low"]) == (1.0, None, None)
    none = assessments(counted(FIRST[:0], LATER[:0]), COMPASS, PROVENANCE).frame.row(0, named=True)
    assert (none["n_pairs"], none["estimate"], none["mean_first"]) == (0, None, None)


def test_everybody_changing_by_the_same_leaves_no_spread() -> None:
    row = assessments(counted(FIRST, FIRST + 0.1), COMPASS, PROVENANCE).frame.row(0, named=True)
    assert row["estimate"] == pytest.approx(0.1)
    assert row["conf_high"] - row["conf_low"] == pytest.approx(0.0, abs=1e-6)


def test_without_a_scale_nothing_is_said_of_its_ends() -> None:
    open_scale = AssessmentDefinition(instrument="forandringskompas")
    frame = assessments(counted(FIRST, LATER), open_scale, PROVENANCE).frame
    assert not {"n_lowest_first", "n_highest_first", "n_risen", "n_fallen"} & set(frame.columns)


def test_parameters_have_a_type_even_when_a_study_has_no_instrument() -> None:
    values = assessment_parameters(())
    assert values["assessment_months"] == [3]
    assert [rule["instrument"] for rule in values["assessments"]] == [""]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"lowest": 1}, "a scale has two ends"),
        ({"lowest": 5, "highest": 1}, "lowest must be less than highest"),
        ({"months": (0,)}, "from 1"),
        ({"instrument": "kompas"}, "forandringskompas"),
    ],
)
def test_choices_that_do_not_fit_are_refused(choice: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        AssessmentDefinition.model_validate({"instrument": "forandringskompas", **choice})
