"""Values worked by hand in fractions."""

from __future__ import annotations

from fractions import Fraction
from math import log, sqrt

import numpy as np
import pytest

from evalkit.survival import (
    LifeTable,
    aalen_johansen,
    cox,
    kaplan_meier,
    life_table,
    log_rank,
    risk_difference,
    risk_ratio,
    rmst,
    rmtl,
    schoenfeld_residuals,
)


def test_event_comes_before_censoring_on_the_same_day() -> None:
    # day 2: three at risk, one event, one censored: the censored one is still at risk for the event
    curve = kaplan_meier([1, 2, 2, 3], [1, 1, 0, 1])
    assert curve.at([0, 1, 2, 3]) == pytest.approx(
        [1, float(Fraction(3, 4)), float(Fraction(3, 4) * Fraction(2, 3)), 0]
    )


def test_greenwood_in_fractions() -> None:
    curve = kaplan_meier([1, 2, 2, 3], [1, 1, 0, 0])
    variance = Fraction(1, 2) ** 2 * (Fraction(1, 4 * 3) + Fraction(1, 3 * 2))
    assert variance == Fraction(1, 16)
    assert curve.std_error[0, 1] == pytest.approx(sqrt(variance))


def test_log_log_interval() -> None:
    curve = kaplan_meier([1, 2, 2, 3], [1, 1, 0, 0])
    theta = 1.959963984540054 * 0.25 / (0.5 * log(2))
    row = curve.tidy([2]).row(0, named=True)
    assert row["conf_low"] == pytest.approx(0.5 ** np.exp(theta))
    assert row["conf_high"] == pytest.approx(0.5 ** np.exp(-theta))


def test_two_causes_on_one_day() -> None:
    # day 1: 5 at risk, one event of each cause; day 2: 3 at risk, one of cause 1, one censored; day 3: 1, cause 2
    curves = aalen_johansen([1, 1, 2, 2, 3], [1, 2, 1, 0, 2])
    one = [Fraction(1, 5), Fraction(1, 5) + Fraction(3, 5) * Fraction(1, 3), Fraction(2, 5)]
    two = [Fraction(1, 5), Fraction(1, 5), Fraction(1, 5) + Fraction(2, 5)]
    assert curves.at([1, 2, 3]) == pytest.approx([float(x) for x in one])
    assert curves.at([1, 2, 3], cause=2) == pytest.approx([float(x) for x in two])
    assert curves.event_free[0].tolist() == pytest.approx([0.6, 0.4, 0.0])


def test_without_censoring_the_incidence_is_a_proportion() -> None:
    curves = aalen_johansen([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 1, 1, 2, 2, 1, 2])
    assert curves.at(4) == pytest.approx(float(Fraction(3, 8)))
    assert curves.risk(4).std_error == pytest.approx(sqrt(Fraction(3, 8) * Fraction(5, 8) / 8))


def test_delayed_entry_on_an_event_day() -> None:
    # who enters on day 2 is not at risk for the event of day 2, but is for that of day 3
    table = life_table([2, 3, 4, 4], [1, 1, 0, 1], entry_time=[0, 0, 2, 1])
    assert table.time.tolist() == [1, 2, 3, 4]
    assert table.n_at_risk[0].tolist() == [2, 3, 3, 2]
    assert kaplan_meier(table).at([2, 3, 4]) == pytest.approx(
        [float(Fraction(2, 3)), float(Fraction(4, 9)), float(Fraction(2, 9))]
    )


def test_event_on_day_zero_counts() -> None:
    curve = kaplan_meier([0, 3, 3], [1, 0, 0], entry_time=[0, 0, 0])
    assert curve.at(0) == pytest.approx(float(Fraction(2, 3)))


def test_counts_deliver_the_same_table_as_persons() -> None:
    persons = life_table([1, 2, 2, 2, 3], [1, 1, 1, 0, 2], group=["a", "a", "a", "b", "b"], n_causes=2)
    counted = LifeTable.from_counts([1, 2, 2, 3], [1, 1, 0, 2], [1, 2, 1, 1], group=["a", "a", "b", "b"])
    assert counted.groups == persons.groups == ("a", "b")
    for part in ("at_risk", "events", "censored", "start", "entered"):
        np.testing.assert_array_equal(getattr(counted.weighted, part), getattr(persons.weighted, part))


def test_restricted_mean_in_fractions() -> None:
    # S = 1, 3/4, 1/2 on [0,1), [1,2), [2,3): the area is 9/4; Greenwood: (5/4)^2 / 12 + (1/2)^2 / 6
    mean = rmst(kaplan_meier([1, 2, 2, 3], [1, 1, 0, 0]), horizon=3).at()
    assert mean.estimate == float(Fraction(9, 4))
    assert mean.std_error == pytest.approx(sqrt(Fraction(5, 4) ** 2 / 12 + Fraction(1, 2) ** 2 / 6))


def test_time_lost_by_cause_in_fractions() -> None:
    # nobody is censored before 4, so the means are plain means: cause 1 takes 3, 0, 1, 0 and cause 2 takes 0, 2, 0, 0
    # the PyPI package survival 2.0.0 prints standard errors of .631084 for .612372 and, rightly, .433013
    curves = aalen_johansen([1, 2, 3, 5], [1, 2, 1, 0])
    for cause, lost in ((1, [3, 0, 1, 0]), (2, [0, 2, 0, 0])):
        mean = Fraction(sum(lost), 4)
        variance = (Fraction(sum(x * x for x in lost), 4) - mean**2) / 4
        found = rmtl(curves, horizon=4, cause=cause).at()
        assert found.estimate == pytest.approx(float(mean))
        assert found.std_error == pytest.approx(sqrt(variance))
    assert variance == Fraction(3, 16)
    assert rmtl(curves, horizon=4).at().std_error == pytest.approx(sqrt(Fraction(3, 8)))


def test_time_lost_by_cause_after_a_censoring_in_fractions() -> None:
    # cause 1 on day 1 (4 at risk), a censoring on day 2, cause 2 on day 3 (2 at risk): to day 4 cause 2 takes
    # (1 - h1) h2 = 3/8 of a day, with variance h2^2 h1 (1 - h1) / 4 + (1 - h1)^2 h2 (1 - h2) / 2
    found = rmtl(aalen_johansen([1, 2, 3, 4], [1, 0, 2, 0]), horizon=4, cause=2).at()
    one, two = Fraction(1, 4), Fraction(1, 2)
    variance = two**2 * one * (1 - one) / 4 + (1 - one) ** 2 * two * (1 - two) / 2
    assert variance == Fraction(21, 256)
    assert found.estimate == pytest.approx(float(Fraction(3, 8)))
    assert found.std_error == pytest.approx(sqrt(variance))


def test_schoenfeld_residuals_with_weights_in_fractions() -> None:
    # events on days 1 to 4 with x = 0, 1, 0, 1 and weights 6, 33, 22, 11: the score is 0 at a coefficient of 0, where
    # the means of those at risk are 44/72, 44/66, 11/33 and 1. The rows stand in another order, which misleads R 3.5-3
    day, x, weight = [4, 3, 2, 1], [[1.0], [0.0], [1.0], [0.0]], [11, 22, 33, 6]
    fit = cox(day, [1, 1, 1, 1], x, ["x"], sampling_weight=weight)
    residual = [-6 * Fraction(44, 72), 33 * (1 - Fraction(44, 66)), -22 * Fraction(11, 33), Fraction(0)]
    assert sum(residual) == 0
    assert fit.coefficients[0] == pytest.approx(0.0, abs=1e-9)
    found = schoenfeld_residuals(fit)
    assert found.time.tolist() == [1, 2, 3, 4]
    assert found.residual[:, 0] == pytest.approx([float(value) for value in residual], abs=1e-7)


def test_log_rank_in_fractions() -> None:
    test = log_rank([1, 2, 3, 4], [1, 1, 1, 1], group=["a", "a", "b", "b"])
    expected = Fraction(2, 4) + Fraction(1, 3)
    variance = Fraction(1, 2) * Fraction(1, 2) + Fraction(1, 3) * Fraction(2, 3)
    assert test.expected[0] == pytest.approx(float(expected))
    assert test.statistic == pytest.approx(float((2 - expected) ** 2 / variance))


def test_cox_with_one_binary_covariate_by_hand() -> None:
    # treated at times 1 and 4, untreated at 2 and 3; with r = exp(beta) the likelihood is
    # r / (2r + 2) * 1 / (r + 2) * 1 / (r + 1) * 1, largest where 1/r = 2/(r + 1) + 1/(r + 2): 2 r^2 + 2 r - 2 = 0
    r = (sqrt(5) - 1) / 2
    fit = cox([1, 2, 3, 4], [1, 1, 1, 1], [[1.0], [0.0], [0.0], [1.0]], ["treated"])
    assert 1 / r == pytest.approx(2 / (r + 1) + 1 / (r + 2))
    assert np.exp(fit.coefficients[0]) == pytest.approx(r)
    assert fit.log_likelihood == pytest.approx(log(r / (2 * r + 2) / (r + 2) / (r + 1)))
    assert fit.log_likelihood_null == pytest.approx(-log(24))


def test_efron_and_breslow_ties_by_hand() -> None:
    # three at risk at time 1, two of them with the event, the third untreated; at beta = 0
    arguments = ([1, 1, 2, 3], [1, 1, 0, 1], [[1.0], [0.0], [1.0], [0.0]], ["treated"])
    assert cox(*arguments).log_likelihood_null == pytest.approx(-log(4) - log(3))
    assert cox(*arguments, ties="breslow").log_likelihood_null == pytest.approx(-log(4) - log(4))


def test_risk_difference_and_ratio_by_hand() -> None:
    # 10 persons an arm, all followed to day 5: 2 and 5 events
    arm = ["control"] * 10 + ["pilot"] * 10
    event = [1] * 5 + [0] * 5 + [1] * 2 + [0] * 8
    time = [1, 2, 3, 4, 5] + [5] * 5 + [1, 2] + [5] * 8
    curves = aalen_johansen(time, event, group=arm)
    gap = risk_difference(curves, time=5, reference="control", treated="pilot")
    assert gap.estimate == pytest.approx(float(Fraction(2, 10) - Fraction(5, 10)))
    assert gap.std_error == pytest.approx(sqrt(Fraction(2 * 8, 1000) + Fraction(5 * 5, 1000)))
    ratio = risk_ratio(curves, time=5, reference="control", treated="pilot")
    assert ratio.estimate == pytest.approx(float(Fraction(2, 5)))
    assert log(ratio.conf_high / ratio.conf_low) / 2 / 1.959963984540054 == pytest.approx(
        sqrt(Fraction(8, 20) + Fraction(5, 50))
    )


def test_one_sided_interval_where_nothing_was_seen() -> None:
    # none of 10: the Clopper-Pearson limit is .025 ** (1/10) = .6915
    row = kaplan_meier([5] * 10, [0] * 10).tidy().row(0, named=True)
    assert (row["estimate"], row["conf_high"]) == (1.0, 1.0)
    assert row["conf_low"] == pytest.approx(0.6915, abs=5e-5)
    # all of 10 at once: the mirror image
    row = kaplan_meier([5] * 10, [1] * 10).tidy().row(0, named=True)
    assert (row["estimate"], row["conf_low"]) == (0.0, 0.0)
    assert row["conf_high"] == pytest.approx(1 - 0.6915, abs=5e-5)
    incidence = aalen_johansen([5] * 10, [0] * 10).risk(5)
    assert (incidence.conf_low, incidence.conf_high) == pytest.approx((0.0, 0.3085), abs=5e-5)


def test_arm_without_events_widens_the_difference() -> None:
    curves = aalen_johansen([5] * 20, [0] * 10 + [1] * 5 + [0] * 5, group=[1] * 10 + [0] * 10)
    gap = risk_difference(curves, time=5, reference=0, treated=1)
    low_alone = -0.5 - 1.96 * sqrt(0.025)
    assert gap.estimate == -0.5
    assert gap.conf_high > -0.5 + 0.3
    assert gap.conf_low != pytest.approx(low_alone)
    assert np.isnan(gap.p_value)
