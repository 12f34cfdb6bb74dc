"""Impossible input ends in an error that names the problem and the counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from evalkit.errors import EstimationError
from evalkit.survival import (
    SeparationError,
    TooFewEventsError,
    aalen_johansen,
    adjusted_survival,
    baseline_hazard,
    cox,
    difference_curve,
    gray_test,
    kaplan_meier,
    life_table,
    log_rank,
    mean_cumulative_count,
    parametric_model,
    predicted_survival,
    proportional_hazards_test,
    quantile,
    risk_difference,
    risk_ratio,
    rmst,
    rmtl,
    time_varying_cox,
)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([-1, 2], [0, 1]), "exit time: negative in 1 of 2 rows"),
        (([1.0, float("nan")], [0, 1]), "exit time: missing or infinite in 1 of 2 rows"),
        (([1.5, 2.0], [0, 1]), "exit time: not a whole number in 1 of 2 rows"),
        ((["a", "b"], [0, 1]), "exit time: not numbers"),
        (([1, 2], [0, -1]), "event type: negative in 1 of 2 rows"),
        (([1, 2], [0, 101]), "event type: above 100 in 1 of 2 rows"),
        (([1, 2], [0, 10**30]), "event type: above 100 in 1 of 2 rows"),
        (([1, 2], [0]), r"arrays of different shapes: exit time \(2,\), event type \(1,\)"),
        (([[1], [2]], [0, 1]), r"arrays of different shapes: exit time \(2, 1\)"),
        ((5, 1), r"arrays of different shapes: exit time \(\)"),
        (([[1, 2], [3]], [0, 1]), "exit time: rows of different lengths"),
        (([], []), "nobody to follow"),
        ((None, [0, 1]), "exit time: missing or infinite in 1 of 1 rows"),
        (("abc", [0, 1]), "exit time: not numbers"),
        (({"a": 1}, [0, 1]), "exit time: not a number in 1 of 1"),
        ((["1", "2"], [0, 1]), "exit time: not numbers"),
        (([1, "2"], [0, 1]), "exit time: not numbers"),
        (([1, None], [0, 1]), "exit time: missing or infinite in 1 of 2 rows"),
        (([1, float("inf")], [0, 1]), "exit time: missing or infinite in 1 of 2 rows"),
        (([1, 10**13], [0, 1]), "exit time: above 1,000,000,000,000 in 1 of 2 rows"),
        (([1, 10**30], [0, 1]), "exit time: above 1,000,000,000,000 in 1 of 2 rows"),
        ((np.array([1, 2**63 + 5], dtype=np.uint64), [0, 1]), "exit time: above 1,000,000,000,000 in 1 of 2 rows"),
        (([1, 1e30], [0, 1]), "exit time: above 1,000,000,000,000 in 1 of 2 rows"),
        (([1j, 2], [0, 1]), "exit time: not numbers"),
        (([True, False], [5, 9]), "exit time: true and false instead of times"),
        (([date(2020, 1, 1)] * 2, [0, 1]), "exit time: not a number in 2 of 2"),
        (
            (np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]"), [0, 1]),
            "exit time: dates or time differences",
        ),
        ((np.array([1, 2], dtype="timedelta64[D]"), [0, 1]), "exit time: dates or time differences"),
        ((pl.Series([date(2020, 1, 1)] * 2), [0, 1]), "exit time: dates or time differences"),
        ((pl.Series([1, 2]).cast(pl.Duration("ms")), [0, 1]), "exit time: dates or time differences"),
        ((pl.Series([1, None]), [0, 1]), "exit time: missing or infinite in 1 of 2 rows"),
        ((pd.Series([1, None], dtype="Int64"), [0, 1]), "exit time: missing or infinite in 1 of 2 rows"),
        ((np.ma.array([1, 2], mask=[False, True]), [0, 1]), "exit time: missing or infinite in 1 of 2 rows"),
        (([1, 2], pl.Series([True, None])), "event type: missing or infinite in 1 of 2 rows"),
        (([1, 2], pd.Series([True, None], dtype="boolean")), "event type: missing or infinite in 1 of 2 rows"),
        (([1, 2], [0.5, 1]), "event type: not a whole number in 1 of 2 rows. 0 is censored"),
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
        ({"entry_time": [0, -1]}, "entry time: negative in 1 of 2 rows"),
        ({"entry_time": [0, None]}, "entry time: missing or infinite in 1 of 2 rows"),
        ({"entry_time": ["a", "b"]}, "entry time: not numbers"),
        ({"weight": [0.0, 0.0]}, "weight: 0 in all 2 rows"),
        ({"weight": ["1", "1"]}, "weight: not numbers"),
        ({"weight": [1.0]}, r"exit time \(2,\), weight \(1,\)"),
        ({"sampling_weight": 1.0}, r"sampling weight \(\)"),
        (
            {"sampling_weight": [1.0, 1e-200]},
            r"sampling weight: above 0 and below 1e-30, or above 1e\+30, in 1 of 2 rows",
        ),
        (
            {"sampling_weight": [1.0, 1e200]},
            r"sampling weight: above 0 and below 1e-30, or above 1e\+30, in 1 of 2 rows",
        ),
        ({"weight": [1, 0], "sampling_weight": [0, 1]}, "weight times sampling weight: 0 in all 2 rows"),
        ({"weight": [1, 0], "group": ["a", "b"]}, "group b: every weight is 0"),
        ({"group": ["a", None]}, "group: missing in 1 of 2 rows"),
        ({"group": ["a", float("nan")]}, "group: missing in 1 of 2 rows"),
        ({"group": [1.0, float("inf")]}, "group: missing in 1 of 2 rows"),
        ({"group": pd.Series(["a", None])}, "group: missing in 1 of 2 rows"),
        ({"group": pd.Series([1, None], dtype="Int64")}, "group: missing in 1 of 2 rows"),
        ({"group": pl.Series(["a", None])}, "group: missing in 1 of 2 rows"),
        ({"group": ["a"]}, r"arrays of different shapes: exit time \(2,\), group \(1,\)"),
        ({"group": "a"}, r"group: shape \(\)"),
        ({"group": [("a", 1), ("b", 2)]}, r"group: shape \(2, 2\)"),
        ({"group": [["a"], ["b", "c"]]}, "group: neither text nor whole numbers"),
        ({"group": [1j, 2j]}, "group: neither text nor whole numbers"),
        ({"group": [b"a", b"b"]}, "group: neither text nor whole numbers"),
        ({"cluster": ["a", None]}, "cluster: missing in 1 of 2 rows"),
        ({"cluster": ["a"]}, r"exit time \(2,\), cluster \(1,\)"),
        ({"n_causes": 1}, "event type: above 1 in 1 of 2 rows"),
        ({"n_causes": 0}, "number of causes 0: not a whole number from 1 on"),
        ({"n_causes": 2.5}, "number of causes 2.5: not a whole number from 1 on"),
        ({"n_causes": 101}, "number of causes 101: above 100"),
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


TIME, EVENT, ARM = [1, 2, 2, 3, 5, 5], [1, 2, 0, 1, 0, 1], ["a", "b", "a", "b", "a", "b"]


@pytest.mark.parametrize(
    ("time", "event"),
    [
        (pl.Series(TIME), pl.Series(EVENT)),
        (pd.Series(TIME), pd.Series(EVENT).astype("category")),
        (pd.Series(TIME, dtype="Int64"), pd.Series(EVENT, dtype="Int8")),
        (np.array(TIME, dtype=np.float32), np.array(EVENT, dtype=np.uint8)),
        (pl.Series(TIME).cast(pl.Decimal(10, 2)), tuple(EVENT)),
        (np.array(TIME, dtype=object), np.ma.array(EVENT)),
    ],
)
def test_columns_of_every_kind_are_the_same_column(time: Any, event: Any) -> None:
    assert aalen_johansen(time, event).tidy().equals(aalen_johansen(TIME, EVENT).tidy())


@pytest.mark.parametrize(
    "event",
    [[True, False], np.array([True, False]), pl.Series([True, False]), pd.Series([True, False], dtype="boolean")],
)
def test_events_may_be_true_and_false(event: Any) -> None:
    assert kaplan_meier([1, 2], event).at(1) == 0.5


@pytest.mark.parametrize(
    ("group", "labels"),
    [
        (["b", "a"], ("a", "b")),
        (pl.Series(["b", "a"]).cast(pl.Categorical), ("a", "b")),
        (pd.Series(["b", "a"]).astype("category"), ("a", "b")),
        (np.array(["b", "a"]), ("a", "b")),
        ([2, 1], (1, 2)),
        ([2.0, 1.0], (1, 2)),
        ([True, False], (0, 1)),
        ([0.5, 1.0], ("0.5", "1.0")),
        (["b", 1], ("1", "b")),
        ([date(2021, 1, 1), date(2020, 1, 1)], ("2020-01-01", "2021-01-01")),
        (np.array([2**63 + 5, 7], dtype=np.uint64), ("7", "9223372036854775813")),
        ([10**30, 1], ("1", str(10**30))),
        ([1e300, 1.0], ("1.0", "1e+300")),
    ],
)
def test_labels_of_every_kind(group: Any, labels: tuple[object, ...]) -> None:
    assert life_table([1, 2], [1, 0], group=group).groups == labels


def test_multiplying_all_weights_changes_no_number_in_a_table() -> None:
    weight = np.array([0.5, 1.0, 2.0, 1.5, 0.7, 1.0])

    def rows(factor: float) -> pl.DataFrame:
        curve = kaplan_meier(TIME, EVENT, group=ARM, sampling_weight=weight * factor)
        return curve.tidy([0, 0.5, 2, 5]).select("effective_at_risk", "conf_low")

    for factor in (1e-12, 1e12):
        for name, values in rows(factor).to_dict().items():
            assert values.to_list() == pytest.approx(rows(1.0)[name].to_list()), name


def test_before_anybody_leaves_the_interval_is_one_sided() -> None:
    # none of ten had the event so far: at most 1 - 0.025^(1/10) of them may, as the limit of Clopper and Pearson says
    most, exits = 1 - 0.025**0.1, [5] * 10
    free = kaplan_meier(exits, [0] * 10).tidy([0, 2, 5])
    assert free["conf_low"].to_list() == pytest.approx([1.0, 1 - most, 1 - most])
    risk = aalen_johansen(exits, [0] * 10)
    assert risk.tidy([0, 2, 5])["conf_high"].to_list() == pytest.approx([0.0, most, most])
    assert risk.risk(2).conf_high == pytest.approx(most)
    count = mean_cumulative_count(exits, [0] * 10, range(10), entry_time=[0] * 10)
    assert count.tidy([0, 2, 5])["conf_high"].to_list() == pytest.approx([0.0, np.log(40) / 10, np.log(40) / 10])
    # with weights 3 and 1 there are effectively (3 + 1)^2 / (9 + 1) = 1.6 persons
    weighted = kaplan_meier([5, 5], [0, 1], sampling_weight=[3, 1]).tidy([1])
    assert weighted["conf_low"].to_list() == pytest.approx([0.025 ** (1 / 1.6)])


def test_difference_before_the_first_event_has_both_arms_width() -> None:
    curves = aalen_johansen([5] * 20, [0] * 20, group=["a"] * 10 + ["b"] * 10)
    early = risk_difference(curves, time=2, reference="a", treated="b")
    assert (early.conf_low, early.conf_high) == pytest.approx((-(1 - 0.025**0.1), 1 - 0.025**0.1))


def test_mean_time_without_events_has_a_one_sided_interval() -> None:
    # whoever is free of the event at day 9 was so for nine days, and that is at least 0.025^(1/10) of ten
    least, exits, arm = 0.025**0.1, [9] * 20, ["a"] * 10 + ["b"] * 10
    means = rmst(kaplan_meier(exits, [0] * 20, group=arm), horizon=9)
    assert (means.at("a").conf_low, means.at("a").conf_high) == pytest.approx((9 * least, 9))
    lost = rmtl(aalen_johansen(exits, [0] * 20, group=arm), horizon=9)
    assert (lost.at("a").conf_low, lost.at("a").conf_high) == pytest.approx((0, 9 * (1 - least)))
    # both arms may be anywhere between 9 least and 9
    ratio = means.ratio(reference="a", treated="b")
    assert (ratio.conf_low, ratio.conf_high) == pytest.approx((least, 1 / least))
    difference = means.difference(reference="a", treated="b")
    assert (difference.conf_low, difference.conf_high) == pytest.approx((-9 * (1 - least), 9 * (1 - least)))
    assert np.isnan(ratio.p_value)


def test_ratio_with_a_reference_that_may_be_nothing_has_no_upper_limit() -> None:
    curves = aalen_johansen([2] * 6, [0, 0, 0, 1, 0, 0], group=["a"] * 3 + ["b"] * 3)
    contrast = risk_ratio(curves, time=2, reference="b", treated="a")
    assert contrast.estimate == contrast.conf_low == 0.0
    assert contrast.conf_high > 1.0


def test_an_arm_is_not_compared_with_itself() -> None:
    curves = aalen_johansen(TIME, EVENT, group=ARM)
    for compare in (risk_difference, risk_ratio):
        with pytest.raises(EstimationError, match="a is compared with itself"):
            compare(curves, time=3, reference="a", treated="a")
    with pytest.raises(EstimationError, match="a is compared with itself"):
        rmst(kaplan_meier(TIME, EVENT, group=ARM), horizon=3).difference(reference="a", treated="a")


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ([-1], "times: missing, infinite or negative in 1 of 1"),
        ([1, None], "times: missing, infinite or negative in 1 of 2"),
        (float("inf"), "times: missing, infinite or negative in 1 of 1"),
        ("3", "times: not numbers"),
        ([], r"times: shape \(0,\)"),
        ([[1, 2]], r"times: shape \(1, 2\)"),
        (date(2020, 1, 1), "times: not a number in 1 of 1"),
    ],
)
def test_times_at_which_curves_are_read(times: Any, message: str) -> None:
    curves = aalen_johansen(TIME, EVENT, group=ARM)
    fit = cox(TIME, [e > 0 for e in EVENT], [[1.0], [2.0], [3.0], [1.0], [2.0], [2.5]], ["x"])
    count = mean_cumulative_count(TIME, EVENT, range(6), entry_time=[0] * 6)
    for read in (
        lambda: kaplan_meier(TIME, EVENT).at(times),
        lambda: kaplan_meier(TIME, EVENT).tidy(times),
        lambda: curves.at(times, group="a"),
        lambda: curves.risk(times, group="a"),
        lambda: count.at(times),
        lambda: difference_curve(curves, times=times, reference="a", treated="b"),
        lambda: adjusted_survival(fit, term="x", values=[1, 2], times=times),
        lambda: predicted_survival(fit, [[1.0]], times=times),
        lambda: baseline_hazard(fit).tidy(times),
    ):
        with pytest.raises(EstimationError, match=message):
            read()


@pytest.mark.parametrize("horizon", [0, -1, float("nan"), float("inf"), "3", None, [3]])
def test_impossible_horizons(horizon: Any) -> None:
    with pytest.raises(EstimationError, match="not a number above 0"):
        rmst(kaplan_meier(TIME, EVENT), horizon=horizon)
    with pytest.raises(EstimationError, match="not a number above 0"):
        rmtl(aalen_johansen(TIME, EVENT), horizon=horizon)


@pytest.mark.parametrize("cause", [0, -1, "reoffence", 1.0, [1]])
def test_impossible_causes(cause: Any) -> None:
    curves = aalen_johansen(TIME, EVENT, group=ARM)
    for ask in (
        lambda: kaplan_meier(TIME, EVENT, cause=cause),
        lambda: log_rank(TIME, EVENT, group=ARM, cause=cause),
        lambda: gray_test(TIME, EVENT, group=ARM, cause=cause),
        lambda: curves.at(2, cause=cause, group="a"),
        lambda: risk_difference(curves, time=2, cause=cause, reference="a", treated="b"),
        lambda: rmtl(curves, horizon=3, cause=cause),
        lambda: curves.plot(cause=cause),
    ):
        with pytest.raises(EstimationError, match="not a whole number from 1 on"):
            ask()


@pytest.mark.parametrize("level", [0, 1, 95, float("nan"), "0.95", None])
def test_impossible_confidence_levels(level: Any) -> None:
    with pytest.raises(EstimationError, match="not between 0 and 1"):
        kaplan_meier(TIME, EVENT, conf_level=level)
    with pytest.raises(EstimationError, match="not between 0 and 1"):
        mean_cumulative_count(TIME, EVENT, range(6), entry_time=[0] * 6, conf_level=level)


def test_unknown_choices_are_named() -> None:
    x = [[1.0], [2.0], [3.0], [1.0], [2.0], [2.5]]
    with pytest.raises(EstimationError, match=r"ties exact: not known\. One of efron, breslow"):
        cox(TIME, EVENT, x, ["x"], ties="exact")  # type: ignore[arg-type]  # what is tested
    fit = cox([0, 1, 2, 3, 5, 5], [1, 1, 0, 1, 0, 1], x, ["x"])
    with pytest.raises(EstimationError, match="time scale log: an event at time 0"):
        proportional_hazards_test(fit, time_scale="log")
    for rho in (float("nan"), float("inf")):
        with pytest.raises(EstimationError, match="not finite"):
            log_rank(TIME, EVENT, group=ARM, emphasis="fleming-harrington", rho=rho)
        with pytest.raises(EstimationError, match="not finite"):
            gray_test(TIME, EVENT, group=ARM, rho=rho)
    with pytest.raises(EstimationError, match="trend: not numbers"):
        log_rank(TIME, EVENT, group=ARM, trend=["a", "b"])  # type: ignore[list-item]  # what is tested
    with pytest.raises(EstimationError, match=r"probability 50: not between 0 and 1\. 0\.5 is the median"):
        quantile(kaplan_meier(TIME, EVENT), 50)
    with pytest.raises(EstimationError, match="strata: missing in 1 of 6 rows"):
        log_rank(TIME, EVENT, group=ARM, strata=pl.Series([1, 1, 1, 2, 2, None]))
    with pytest.raises(EstimationError, match=r"group \(6,\), strata \(2,\)"):
        log_rank(TIME, EVENT, group=ARM, strata=[1, 2])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], "not a list of finite numbers"),
        ([float("nan")], "not a list of finite numbers"),
        (1, "not a list of finite numbers"),
        (["a"], "not numbers"),
        ([1, 1], "one stands twice"),
    ],
)
def test_impossible_values_of_a_covariate(values: Any, message: str) -> None:
    fit = cox(TIME, [e > 0 for e in EVENT], [[1.0], [2.0], [3.0], [1.0], [2.0], [2.5]], ["x"])
    with pytest.raises(EstimationError, match=f"values of x: {message}"):
        adjusted_survival(fit, term="x", values=values, times=[3])


def test_standardised_and_predicted_curves_at_the_edges() -> None:
    fit = cox([2, 3, 4, 5] * 5, [1, 1, 1, 0] * 5, [[float(i % 7)] for i in range(20)], ["x"])
    early = adjusted_survival(fit, term="x", values=[0, 1], times=[0, 1, 3]).tidy().filter(pl.col("group") == 0)
    # none of twenty had the event by time 1
    assert early["conf_low"].to_list()[:2] == pytest.approx([1.0, 0.025 ** (1 / 20)])
    twice = cox([2, 3, 4, 5] * 5, [1, 1, 1, 0] * 5, [[float(i % 7)] for i in range(20)], ["x"], weight=[2] * 20)
    assert adjusted_survival(twice, term="x", values=[0], times=[1]).conf_low[0, 0] == pytest.approx(0.025 ** (1 / 40))
    # ten enter at 1, so ten are at risk until then
    late = cox([2, 3, 4, 5] * 5, [1, 1, 1, 0] * 5, [[float(i % 7)] for i in range(20)], ["x"], entry_time=[0, 1] * 10)
    assert adjusted_survival(late, term="x", values=[0], times=[1]).conf_low[0, 0] == pytest.approx(0.025 ** (1 / 10))
    steep = adjusted_survival(fit, term="x", values=[1e6, -1e6], times=[3])
    assert sorted(steep.estimate[:, 0]) == pytest.approx([0.0, 1.0])
    assert np.all((steep.conf_low <= steep.estimate) & (steep.estimate <= steep.conf_high))
    with pytest.raises(EstimationError, match="time 6: nobody is followed to it"):
        adjusted_survival(fit, term="x", values=[0], times=[6])
    with pytest.raises(EstimationError, match=r"time 6: nobody is followed to it\. The last is followed to 5"):
        predicted_survival(fit, [[0.0]], times=[6])
    with pytest.raises(EstimationError, match="covariates: missing or infinite in 1 of 2 rows"):
        predicted_survival(fit, [[0.0], [float("nan")]], times=[3])
    assert np.all(np.isfinite(predicted_survival(fit, [[1e6], [-1e6]], times=[3])))
    curves = adjusted_survival(fit, term="x", values=[0, 1], times=[3])
    with pytest.raises(EstimationError, match=r"x was not set to 2\. There are: 0, 1"):
        curves.risk_difference(time=3, reference=0, treated=2)
    with pytest.raises(EstimationError, match="time 4: not on the grid"):
        curves.risk_difference(time=4, reference=0, treated=1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"person": ["a", None]}, "person: missing in 1 of 2 rows"),
        ({"person": ["a"]}, "arrays of different shapes"),
        ({"person": ["a", "a"], "entry_time": [0, 2]}, "rows of one person overlap in 1 of 2 rows"),
        ({"event_type": [2, 0]}, "rows after the end of a person's count: 1 of 2 rows"),
        ({"group": ["x", "y"]}, "group: 1 of 1 persons are in more than one group"),
        ({"event_type": [1, 3]}, "event type: above 2 in 1 of 2 rows"),
        ({"exit_time": ["3", "5"]}, "exit time: not numbers"),
    ],
)
def test_rows_of_repeated_events(change: dict[str, Any], message: str) -> None:
    rows: dict[str, Any] = {"exit_time": [3, 5], "event_type": [1, 0], "person": ["a", "a"], "entry_time": [0, 3]}
    with pytest.raises(EstimationError, match=message):
        mean_cumulative_count(**rows | change)


def test_no_model_takes_one_arm_without_events() -> None:
    time, event = list(range(1, 21)), [0, 1] * 10
    arm = [[float(i % 2)] for i in range(20)]
    with pytest.raises(SeparationError, match="covariate pilot"):
        cox(time, event, arm, ["pilot"])
    with pytest.raises(SeparationError, match="covariate pilot"):
        parametric_model(time, event, arm, ["pilot"], distribution="weibull")
    with pytest.raises(EstimationError, match="time-varying Cox"):
        time_varying_cox(time, event, arm, ["pilot"], entry_time=[0] * 20, person=time)
