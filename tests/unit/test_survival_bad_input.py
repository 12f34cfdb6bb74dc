"""Impossible input ends in an error that names the problem and the counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evalkit.errors import EstimationError
from evalkit.survival import (
    SeparationError,
    TooFewEventsError,
    aalen_johansen,
    cox,
    kaplan_meier,
    life_table,
    log_rank,
    risk_difference,
    risk_ratio,
    rmst,
)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([-1, 2], [0, 1]), "exit time: negative in 1 of 2 rows"),
        (([1.0, float("nan")], [0, 1]), "exit time: missing or infinite in 1 of 2 rows"),
        (([1.5, 2.0], [0, 1]), "exit time: not a whole number in 1 of 2 rows"),
        ((["a", "b"], [0, 1]), "exit time: not numbers"),
        (([1, 2], [0, -1]), "event type: negative in 1 of 2 rows"),
        (([1, 2], [0, 101]), "event type: codes up to 101"),
        (([1, 2], [0]), "arrays of different shapes"),
        (([], []), "nobody to follow"),
    ],
)
def test_times_and_events(arguments: Any, message: str) -> None:
    with pytest.raises(EstimationError, match=message):
        life_table(*arguments)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"entry_time": [0, 2]}, "entry time: not before exit time in 1 of 2 rows"),
        ({"weight": [1.0, -1.0]}, "weight: missing, infinite or negative in 1 of 2 rows"),
        ({"weight": [0.0, 0.0]}, "weight: 0 in all 2 rows"),
        ({"group": ["a", None]}, "group: missing in 1 of 2 rows"),
        ({"group": ["a"]}, "arrays of different shapes"),
        ({"n_causes": 1}, "event type: above 1 in 1 of 2 rows"),
    ],
)
def test_other_columns(options: Any, message: str) -> None:
    with pytest.raises(EstimationError, match=message):
        life_table([1, 2], [0, 2], **options)


def test_no_value_of_a_person_is_in_the_message() -> None:
    with pytest.raises(EstimationError) as error:
        life_table([4711, -8472], [0, 1])
    assert "8472" not in str(error.value)


def test_persons_of_weight_zero_count_for_nothing() -> None:
    table = life_table([1, 2, 3], [1, 1, 1], weight=[1, 0, 1])
    assert table.time.tolist() == [1, 3]
    assert table.n_persons.tolist() == [2]


def test_curve_after_the_end_of_follow_up_is_not_known() -> None:
    curve = kaplan_meier([1, 2], [1, 0])
    assert np.isnan(curve.at(3))
    assert curve.tidy([3])["estimate"].to_list() == [None]
    ended = kaplan_meier([1, 2], [1, 1])
    assert ended.at(3) == 0.0


def test_contrast_after_the_end_of_follow_up() -> None:
    curves = aalen_johansen([1, 2, 3, 4], [1, 0, 1, 0], group=[0, 0, 1, 1])
    with pytest.raises(EstimationError, match=r"group 0: nobody is followed to time 4\. The last is followed to 2"):
        risk_difference(curves, time=4, reference=0, treated=1)
    with pytest.raises(EstimationError, match="group 2: nobody is in it"):
        risk_difference(curves, time=2, reference=0, treated=2)


def test_ratio_to_an_arm_without_events() -> None:
    curves = aalen_johansen([2, 2, 2, 2], [0, 0, 1, 0], group=[0, 0, 1, 1])
    with pytest.raises(EstimationError, match="the estimate in 0 is 0"):
        risk_ratio(curves, time=2, reference=0, treated=1)


def test_cause_that_never_occurs_is_a_curve_of_zeros() -> None:
    curves = aalen_johansen(life_table([1, 2], [1, 0], n_causes=2))
    assert curves.at([0, 1, 2], cause=2) == pytest.approx([0, 0, 0])
    assert curves.tidy([2]).height == 2
    assert aalen_johansen([1, 2], [1, 0]).at(2, cause=3) == 0.0


def test_horizon_after_the_end_of_follow_up() -> None:
    with pytest.raises(EstimationError, match="nobody is followed to the horizon 5"):
        rmst(kaplan_meier([1, 2], [1, 0]), horizon=5)
    assert rmst(kaplan_meier([1, 2], [1, 1]), horizon=5).at().estimate == pytest.approx(1.5)


def test_log_rank_needs_two_groups_and_an_event() -> None:
    with pytest.raises(EstimationError, match="1 group"):
        log_rank([1, 2], [1, 1], group=[1, 1])
    with pytest.raises(TooFewEventsError, match="no event happened while two groups were at risk"):
        log_rank([1, 2], [0, 0], group=[0, 1])


def _design(n: int = 40) -> tuple[Any, Any, Any]:
    generator = np.random.default_rng(5)
    x = generator.normal(size=(n, 2))
    return generator.integers(1, 20, n), generator.integers(0, 2, n), x


def test_cox_without_events() -> None:
    time, event, x = _design()
    with pytest.raises(TooFewEventsError, match="no events in 40 rows"):
        cox(time, np.zeros_like(event), x, ["a", "b"])


def test_cox_with_more_covariates_than_events() -> None:
    time, event, x = _design()
    event[:] = 0
    event[:2] = 1
    with pytest.raises(TooFewEventsError, match="2 events for 2 covariates"):
        cox(time, event, x, ["a", "b"])


def test_cox_with_a_constant_covariate() -> None:
    time, event, x = _design()
    x[:, 1] = 3.0
    with pytest.raises(EstimationError, match="covariate b: the same in all rows"):
        cox(time, event, x, ["a", "b"])


def test_cox_with_dependent_covariates() -> None:
    time, event, x = _design()
    with pytest.raises(EstimationError, match="covariates a, c: one follows from the others"):
        cox(time, event, np.column_stack([x, 2 * x[:, 0] + 1]), ["a", "b", "c"])


def test_cox_with_a_missing_covariate() -> None:
    time, event, x = _design()
    x[3, 1] = np.nan
    with pytest.raises(EstimationError, match="covariate b: missing or infinite in 1 of 40 rows"):
        cox(time, event, x, ["a", "b"])


@pytest.mark.parametrize("scale", [1.0, 1e-3, 1e4])
def test_cox_with_separation(scale: float) -> None:
    time, event, x = _design()
    x[:, 1] = np.where(event == 1, scale, 0.0)
    with pytest.raises(SeparationError, match="covariate b: its coefficient is infinite"):
        cox(time, event, x, ["a", "b"])


def test_cox_with_covariates_on_very_different_scales() -> None:
    time, event, x = _design()
    plain = cox(time, event, x, ["a", "b"])
    scaled = cox(time, event, x * [1e6, 1e-6], ["a", "b"])
    assert scaled.coefficients * [1e6, 1e-6] == pytest.approx(plain.coefficients, rel=1e-6)
