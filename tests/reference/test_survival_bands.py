"""Bands from the multiplier bootstrap: critical values against theory, and how bands behave."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from scipy.optimize import brentq

from evalkit.errors import EstimationError
from evalkit.survival import (
    KaplanMeier,
    aalen_johansen,
    difference_band,
    hall_wellner_band,
    kaplan_meier,
    life_table,
    mean_cumulative_count,
    risk_difference,
    simultaneous_band,
)
from evalkit.survival.curve_influence import curve_influence
from evalkit.survival.errors import TooFewEventsError
from evalkit.survival.hall_wellner import hall_wellner_quantile
from evalkit.survival.multipliers import build_multipliers

Data: TypeAlias = Callable[[str], pl.DataFrame]
Array: TypeAlias = npt.NDArray[Any]
LEVEL = 0.95


def _normal(x: Any) -> Any:
    return np.exp(-np.square(x) / 2) / sqrt(2 * np.pi)


def _stays_within(c: float, growth: Array) -> float:
    """Chance that a standardised Brownian motion, seen at times `growth`, stays within c: by integrating step by step.

    Two steps j and k are correlated by sqrt(growth[j] / growth[k]), and what comes depends on the last step alone.
    """
    x, weights = np.polynomial.legendre.leggauss(200)
    x, weights = c * x, c * weights
    density = _normal(x)
    for rho in np.sqrt(growth[:-1] / growth[1:]):
        rest = sqrt(1 - rho**2)
        density = _normal((x[:, None] - rho * x) / rest) / rest @ (weights * density)
    return float(weights @ density)


def _critical_value(growth: Array) -> tuple[float, float]:
    """The exact critical value, and the standard error of its estimate from one draw."""
    c = brentq(lambda value: _stays_within(value, growth) - LEVEL, 1.9, 5.0, xtol=1e-10)
    slope = (_stays_within(c + 1e-4, growth) - _stays_within(c - 1e-4, growth)) / 2e-4
    return float(c), sqrt(LEVEL * (1 - LEVEL)) / slope


def _growth(curve: KaplanMeier) -> Array:
    """Greenwood's sum at the days of events, by definition."""
    total, found = 0.0, []
    table = curve.life_table
    for at_risk, events in zip(table.n_at_risk[0], table.n_events[0, :, 0], strict=True):
        if events:
            total += events / (at_risk * (at_risk - events))
            found.append(total)
    return np.array(found)


def _sample(n: int, *, seed: int, censored: bool) -> KaplanMeier:
    generator = np.random.default_rng(seed)
    time = generator.geometric(0.06, n)
    last = generator.integers(5, 40, n) if censored else np.full(n, 30)
    return kaplan_meier(np.minimum(time, last), time <= last)


@pytest.mark.parametrize("censored", [False, True])
def test_critical_value_is_the_exact_one_of_these_days(*, censored: bool) -> None:
    curve = _sample(500, seed=1, censored=censored)
    band = simultaneous_band(curve, seed=1, n_draws=40_000, from_time=0, until=29)
    inside = curve.time[curve.life_table.n_events[0, :, 0] > 0] <= 29
    expected, error = _critical_value(_growth(curve)[inside])
    assert band.critical_value[0] == pytest.approx(expected, abs=3 * error / sqrt(40_000))


def test_critical_value_comes_near_that_of_a_brownian_bridge_in_continuous_time() -> None:
    # Miller & Siegmund (1982), Biometrics 38, 1011-1016, as used by Nair (1984), Technometrics 26, 265-275, from share
    # a to share b of an uncensored sample: 4 phi(c)/c + phi(c) (c - 1/c) log(b(1-a) / (a(1-b))) = 1 - level
    def crosses(c: float, a: float, b: float) -> float:
        return float(_normal(c) * (4 / c + (c - 1 / c) * np.log(b * (1 - a) / (a * (1 - b))))) - (1 - LEVEL)

    # as tabulated: Klein & Moeschberger (2003), Survival Analysis, section 4.4
    assert brentq(crosses, 2.0, 5.0, (0.1, 0.6)) == pytest.approx(2.8826, abs=5e-5)
    continuous = brentq(crosses, 2.0, 5.0, (0.1, 0.9))
    days, n_draws = 2000, 10_000
    curve = kaplan_meier(np.repeat(np.arange(1, days + 1), 3), np.ones(3 * days, int))
    band = simultaneous_band(curve, seed=2, n_draws=n_draws, from_time=days / 10, until=9 * days / 10)
    # a bridge that is looked at once a day is seen to cross less often: Siegmund (1985), Sequential Analysis, section
    # 10.4; its standardised form takes half that logarithm of time
    step = np.log(0.9 * 0.9 / (0.1 * 0.1)) / 2 / (0.8 * days)
    density = (crosses(continuous - 1e-4, 0.1, 0.9) - crosses(continuous + 1e-4, 0.1, 0.9)) / 2e-4
    error = sqrt(LEVEL * (1 - LEVEL) / n_draws) / density
    assert band.critical_value[0] == pytest.approx(continuous - 0.583 * sqrt(2 * step), abs=3 * error)
    assert 3 * error < 0.06


def test_multipliers_find_the_critical_value_of_hall_and_wellner() -> None:
    # the same draws, weighted as Hall and Wellner do, must stay within what a Brownian bridge stays within
    days, until = 2000, 1400
    curve = kaplan_meier(np.repeat(np.arange(1, days + 1), 5), np.ones(5 * days, int))
    moved, n = curve_influence(curve), 5.0 * days
    margin = curve.estimate * (1 + n * (moved.spread() / curve.estimate.clip(1e-9)) ** 2) / sqrt(n)
    # tenfold, because a critical value for distances in standard errors is never below 1.96
    found = build_multipliers(curve.life_table, until).critical_values(
        moved, np.eye(1), margin[:, :until] / 10, level=LEVEL, seed=3, n_draws=10_000
    )
    expected = hall_wellner_quantile(LEVEL, until=until / days)
    assert found[0] / 10 == pytest.approx(expected, abs=0.03)


def test_equal_precision_is_narrower_at_the_ends_and_hall_wellner_in_the_middle(data: Data) -> None:
    d = data("colon")
    curve = kaplan_meier(d["exit"] // 180 + 1, d["event"])
    bands = simultaneous_band(curve, seed=1).tidy(), hall_wellner_band(curve).tidy(), curve.tidy().drop("estimate")
    rows = bands[0].join(bands[1], on="time", suffix="_hw").join(bands[2], on="time").sort("time")
    width, other = (rows[f"band_high{which}"] - rows[f"band_low{which}"] for which in ("", "_hw"))
    assert width[0] < other[0]
    # Hall and Wellner's is narrowest, in standard errors, where n times Greenwood's sum is 1
    middle = int(np.argmin(np.abs(d.height * (rows["std_error"] / rows["estimate"]).to_numpy() ** 2 - 1)))
    assert width[middle] > other[middle]


def test_band_over_one_day_is_the_pointwise_interval(data: Data) -> None:
    d = data("mgus2")
    for curve, cause in (
        (kaplan_meier(d["exit"], d["event"], group=d["group"]), 1),
        (aalen_johansen(d["exit"], d["cause"], group=d["group"]), 2),
    ):
        band = simultaneous_band(curve, seed=5, n_draws=20_000, from_time=120, until=120, cause=cause)
        # 1.96 to within three standard errors of a simulated quantile
        assert band.critical_value.tolist() == pytest.approx([1.96, 1.96], abs=3 * sqrt(0.05 * 0.95 / 20_000) / 0.117)
        pointwise = curve.tidy([120])
        pointwise = pointwise.filter(pl.col("cause") == cause) if "cause" in pointwise.columns else pointwise
        for ours, theirs in (("band_low", "conf_low"), ("band_high", "conf_high")):
            assert band.tidy([120])[ours].to_list() == pytest.approx(pointwise[theirs].to_list(), abs=1e-3)


def test_limits_are_the_pointwise_ones_with_the_critical_value_in_place_of_1_96(data: Data) -> None:
    d = data("mgus2")
    curves = aalen_johansen(d["exit"], d["cause"])
    band = simultaneous_band(curves, seed=1, cause=1)
    row = band.tidy([120]).row(0, named=True)
    f, error = row["estimate"], curves.risk(120).std_error
    width = band.critical_value[0] * error / ((1 - f) * -np.log(1 - f))
    assert row["band_low"] == pytest.approx(1 - (1 - f) ** np.exp(-width))
    assert row["band_high"] == pytest.approx(1 - (1 - f) ** np.exp(width))
    row = simultaneous_band(curves, seed=1, scale="plain").tidy([120]).row(0, named=True)
    assert row["band_high"] - row["estimate"] == pytest.approx(band.critical_value[0] * error)


def test_same_seed_same_band_and_a_generator_goes_on(data: Data) -> None:
    d = data("lung")
    curve = kaplan_meier(d["exit"], d["event"], group=d["group"])
    first, again = (simultaneous_band(curve, seed=7) for _ in range(2))
    assert first.tidy().equals(again.tidy())
    assert first.critical_value.tobytes() == again.critical_value.tobytes()
    generator = np.random.default_rng(7)
    assert simultaneous_band(curve, seed=generator).critical_value.tolist() == first.critical_value.tolist()
    other = simultaneous_band(curve, seed=generator).critical_value
    assert np.all(other != first.critical_value)
    np.testing.assert_allclose(other, first.critical_value, rtol=0.04)


def test_what_is_drawn_grows_with_the_life_table_and_not_with_the_persons() -> None:
    generator = np.random.default_rng(1)
    exits, events, group = (generator.integers(low, high, 50_000) for low, high in ((1, 31), (0, 3), (0, 2)))
    moved = life_table(exits, events, group=group)
    assert build_multipliers(moved, 30).loadings.shape[1] == 2 * 3 * 30 + 2
    # until day 20, who leaves later is one unit in each group
    assert build_multipliers(moved, 20).loadings.shape[1] == 2 * 3 * 20 + 2
    late = life_table(exits, events, group=group, entry_time=np.where(exits > 5, generator.integers(0, 6, 50_000), 0))
    assert build_multipliers(late, 20).loadings.shape[1] <= 2 * (3 * 20 + 1) * 6


def test_draws_do_not_depend_on_what_happens_after_the_band() -> None:
    generator = np.random.default_rng(2)
    exits, events = generator.integers(1, 31, 400), generator.integers(0, 2, 400)
    later = exits > 20
    one = simultaneous_band(kaplan_meier(exits, events), seed=1, until=20)
    two = simultaneous_band(kaplan_meier(np.where(later, 25, exits), events * ~later), seed=1, until=20)
    assert one.critical_value.tolist() == two.critical_value.tolist()


def test_band_of_survival_is_the_band_of_incidence_turned_over(data: Data) -> None:
    d = data("lung")
    survival = simultaneous_band(kaplan_meier(d["exit"], d["event"]), seed=4)
    incidence = simultaneous_band(aalen_johansen(d["exit"], d["event"]), seed=4)
    np.testing.assert_allclose(survival.critical_value, incidence.critical_value, rtol=1e-12)
    np.testing.assert_allclose(survival.band_low, 1 - incidence.band_high, rtol=1e-9)


def test_critical_value_is_that_of_the_rows_whatever_variance_the_limits_have() -> None:
    generator = np.random.default_rng(3)
    exits, events = generator.integers(2, 31, 400), generator.integers(0, 2, 400)
    late = np.where(exits > 10, generator.integers(0, 10, 400), 0)
    curves = [kaplan_meier(exits, events, entry_time=late, variance=kind) for kind in ("greenwood", "robust")]
    bands = [simultaneous_band(curve, seed=1) for curve in curves]
    assert not np.allclose(curves[0].std_error, curves[1].std_error, rtol=1e-3)
    assert bands[0].critical_value[0] == pytest.approx(bands[1].critical_value[0], rel=1e-9)
    width = bands[0].critical_value[0] * curves[0].std_error[0]
    plain = simultaneous_band(curves[0], seed=1, scale="plain")
    held = ~np.isnan(plain.band_low[0])
    np.testing.assert_allclose(plain.band_high[0][held], np.minimum(curves[0].estimate[0] + width, 1)[held])


def test_default_range_needs_twenty_with_the_event_twenty_without_and_twenty_at_risk() -> None:
    # one has the event on each day: by day 20 twenty had it, and twenty are left after day 80
    day = np.arange(1, 101)
    band = simultaneous_band(kaplan_meier(day, day > 0), seed=1)
    assert (band.from_time.tolist(), band.until.tolist()) == ([20], [80])
    assert band.tidy()["time"].to_list() == list(range(20, 81))
    wider = simultaneous_band(kaplan_meier(day, day > 0), seed=1, from_time=0, until=200)
    assert (wider.from_time.tolist(), wider.until.tolist()) == ([1], [99])
    assert wider.critical_value[0] > band.critical_value[0]
    # everybody twice in a cluster is the same hundred
    pairs = kaplan_meier(np.tile(day, 2), np.ones(200, int), cluster=np.tile(day, 2))
    band = simultaneous_band(pairs, seed=1)
    assert (band.from_time.tolist(), band.until.tolist()) == ([20], [80])
    # of those who are censored on day 50 nobody knows more: 20 are at risk on day 50, and none after it
    band = simultaneous_band(kaplan_meier(np.minimum(day, 50), day < 50), seed=1)
    assert (band.from_time.tolist(), band.until.tolist()) == ([20], [50])
    # mean counts: as from 20 events, each of another person
    count = mean_cumulative_count(day, np.ones(100, int), day, entry_time=np.zeros(100, int))
    assert simultaneous_band(count, seed=1).until.tolist() == [81]


def test_grid_reads_steps_inside_the_band_and_nothing_outside() -> None:
    day = np.arange(1, 61)
    band = simultaneous_band(kaplan_meier(day, day % 2), seed=1, from_time=20.5, until=30.5)
    frame = band.tidy([20, 20.5, 21.5, 30.5, 31])
    assert frame.columns == ["group", "time", "estimate", "band_low", "band_high"]
    assert frame["band_low"].is_null().to_list() == [True, False, False, False, True]
    assert frame["estimate"].null_count() == 0
    assert frame["band_high"][2] == band.tidy([21])["band_high"][0]
    assert band.tidy()["time"].to_list() == list(range(21, 31))
    assert (band.from_time.tolist(), band.until.tolist()) == ([20.5], [30.5])


def test_band_ends_with_the_follow_up_and_before_a_share_is_at_its_end() -> None:
    day = np.arange(1, 101)
    # the first group is followed to day 100, the second one to day 40
    exits, group = np.concatenate([day, np.minimum(day, 40)]), np.repeat([0, 1], 100)
    curve = kaplan_meier(exits, np.concatenate([day % 2, day < 40]), group=group)
    assert simultaneous_band(curve, seed=1, from_time=0, until=100).until.tolist() == [100, 40]
    # sums of fractional weights come to 1 but for rounding, where the standard error is rounding too
    weight = np.random.default_rng(5).uniform(0.1, 1.0, 100)
    risk = aalen_johansen(day, np.ones(100, int), sampling_weight=weight)
    assert simultaneous_band(risk, seed=1, from_time=0, until=100).until.tolist() == [99]


def test_mean_count_has_a_band_on_the_log_scale(data: Data) -> None:
    d = data("cgd")
    curve = mean_cumulative_count(d["exit"], d["event"], d["id"], entry_time=d["entry"], group=d["group"])
    band = simultaneous_band(curve, seed=1, from_time=50, until=300)
    row = band.tidy([250]).row(0, named=True)
    error = curve.tidy([250])["std_error"][0]
    assert row["band_high"] == pytest.approx(row["estimate"] * np.exp(band.critical_value[0] * error / row["estimate"]))
    assert row["band_low"] == pytest.approx(row["estimate"] ** 2 / row["band_high"])
    plain = simultaneous_band(curve, seed=1, from_time=50, until=300, scale="plain").tidy([250])
    assert plain["band_high"][0] == pytest.approx(row["estimate"] + band.critical_value[0] * error)


def test_difference_has_the_pointwise_limits_of_the_risk_difference(data: Data) -> None:
    d = data("mgus2")
    for cluster in (None, np.arange(d.height) // 3):
        curves = aalen_johansen(d["exit"], d["cause"], group=d["group"], cluster=cluster)
        band = difference_band(curves, reference=1, treated=2, seed=1, cause=2)
        row = band.tidy([120]).row(0, named=True)
        one = risk_difference(curves, time=120, reference=1, treated=2, cause=2)
        for name in ("measure", "reference", "treated", "estimate", "std_error", "conf_low", "conf_high"):
            expected = getattr(one, name)
            assert row[name] == (pytest.approx(expected, rel=1e-9) if isinstance(expected, float) else expected)
        assert row["band_high"] == pytest.approx(one.estimate + band.critical_value * one.std_error)
        assert band.tidy([0, 10_000]).select("estimate", "conf_low", "band_low").null_count().row(0) == (2, 2, 2)


def test_difference_of_survival_is_that_of_incidence_turned_over(data: Data) -> None:
    d = data("lung")
    survival, incidence = kaplan_meier, aalen_johansen
    one, two = (
        difference_band(curve(d["exit"], d["event"], group=d["group"]), reference=1, treated=2, seed=6)
        for curve in (survival, incidence)
    )
    assert (one.measure, two.measure) == ("survival_difference", "risk_difference")
    np.testing.assert_allclose(one.estimate, -two.estimate, rtol=1e-9)
    np.testing.assert_allclose(one.std_error, two.std_error, rtol=1e-9)
    assert one.critical_value == pytest.approx(two.critical_value, rel=1e-9)


def test_bands_are_drawn_and_shown(data: Data) -> None:
    d = data("lung")
    curve = kaplan_meier(d["exit"], d["event"], group=d["group"])
    for band in (
        simultaneous_band(curve, seed=1),
        hall_wellner_band(curve),
        difference_band(curve, reference=1, treated=2, seed=1),
    ):
        axes = band.plot().axes[0]
        assert len(axes.collections) == len(axes.get_legend_handles_labels()[0])
        assert "band_high" in band._repr_html_()
        assert repr(band).startswith(f"<{type(band).__name__}:")


def test_what_cannot_be_is_said() -> None:
    day = np.arange(1, 101)
    curve = kaplan_meier(np.tile(day, 2), np.ones(200, int), group=np.repeat([0, 1], 100))
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"cause": 2}, "cause 2: not in the curve"),
        ({"scale": "log"}, "scale log: not for this curve"),
        ({"n_draws": 18}, "18 draws are too few for confidence level 0.95"),
        ({"from_time": 30, "until": 20}, "band from 30 until 20: it ends before it begins"),
        ({"from_time": -1}, "infinite or negative in 1 of 1"),
    ]
    for options, message in wrong:
        with pytest.raises(EstimationError, match=message):
            simultaneous_band(curve, seed=1, **options)
    with pytest.raises(EstimationError, match="group 1 is both treated and reference"):
        difference_band(curve, reference=1, treated=1, seed=1)
    with pytest.raises(EstimationError, match="group 2: nobody is in it"):
        difference_band(curve, reference=1, treated=2, seed=1)


def test_too_few_is_said() -> None:
    day = np.arange(1, 101)
    for few in (
        kaplan_meier(day, day <= 19),  # events
        kaplan_meier(day[:39], day[:39] > 0),  # with the event and without it at one time
        kaplan_meier(day, day > 81),  # at risk when 20 have had the event
    ):
        with pytest.raises(TooFewEventsError, match="group all: too few events, or too few at risk"):
            simultaneous_band(few, seed=1)
        assert simultaneous_band(few, seed=1, from_time=0, until=200).tidy().height >= 18
    with pytest.raises(TooFewEventsError, match="group all"):
        simultaneous_band(kaplan_meier(day, 0 * day), seed=1, from_time=0, until=60)
    three = [day, day + 100, day[:5]]
    group = np.repeat([0, 1, 2], [part.size for part in three])
    curve = kaplan_meier(np.concatenate(three), np.ones(group.size, int), group=group)
    with pytest.raises(TooFewEventsError, match="at no time"):
        difference_band(curve, reference=0, treated=1, seed=1)
    with pytest.raises(TooFewEventsError, match="group 2"):
        simultaneous_band(curve, seed=1)


def test_difference_asks_nothing_of_other_groups() -> None:
    day = np.arange(1, 101)
    exits, group = np.concatenate([day, day, day[:5]]), np.repeat([0, 1, 2], [100, 100, 5])
    band = difference_band(kaplan_meier(exits, exits > 0, group=group), reference=0, treated=1, seed=1)
    assert (band.from_time, band.until) == (20, 80)
    assert not band.estimate.any()


def test_difference_of_groups_that_clusters_move_alike_has_no_width() -> None:
    day = np.tile(np.arange(1, 101), 2)
    curve = kaplan_meier(day, np.ones(200, int), cluster=day, group=np.repeat([0, 1], 100))
    band = difference_band(curve, reference=0, treated=1, seed=1)
    assert band.critical_value == pytest.approx(1.959964)
    np.testing.assert_allclose(band.tidy()["band_high"], 0, atol=1e-12)
