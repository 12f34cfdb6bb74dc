"""What must hold for the band of any curve."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.survival import SimultaneousBand, TooFewEventsError, aalen_johansen, simultaneous_band

Array = npt.NDArray[Any]
# A busy machine may take a second for an example that usually takes a millisecond.
UNHURRIED = settings(deadline=None)


@dataclass(frozen=True)
class People:
    exit_time: Array
    event_type: Array
    entry_time: Array
    weight: Array
    group: Array
    cluster: Array | None

    def take(self, rows: Array) -> People:
        return People(
            exit_time=self.exit_time[rows],
            event_type=self.event_type[rows],
            entry_time=self.entry_time[rows],
            weight=self.weight[rows],
            group=self.group[rows],
            cluster=None if self.cluster is None else self.cluster[rows],
        )

    def band(self, **options: Any) -> SimultaneousBand | None:
        """The band over all days, or None where a group has no event."""
        curves = aalen_johansen(
            self.exit_time,
            self.event_type,
            entry_time=self.entry_time,
            group=self.group,
            cluster=self.cluster,
            variance="robust",
            **({"weight": self.weight} | options),
        )
        try:
            return simultaneous_band(curves, seed=3, n_draws=40, from_time=0, until=12)
        except TooFewEventsError:
            return None


@st.composite
def people(draw: st.DrawFn) -> People:
    row = st.tuples(st.integers(1, 12), st.integers(0, 2), st.integers(0, 11), st.integers(1, 4), st.integers(0, 1))
    rows = np.array(draw(st.lists(row, min_size=6, max_size=40)), dtype=np.int64)
    entry = np.minimum(rows[:, 2], rows[:, 0] - 1) * draw(st.integers(0, 1))
    cluster = rows[:, 2] // 2 if draw(st.booleans()) else None
    return People(rows[:, 0], rows[:, 1], entry, rows[:, 3].astype(float), rows[:, 4], cluster)


@UNHURRIED
@given(people(), st.randoms())
def test_order_of_persons_does_not_matter(p: People, random: Any) -> None:
    rows = np.arange(p.exit_time.size)
    random.shuffle(rows)
    band, shuffled = p.band(), p.take(rows).band()
    if band is None or shuffled is None:
        assert band is shuffled
        return
    # the numbers drawn are the same; with late entries or clusters standard errors are sums over rows, which round
    tolerance = 1e-9 if p.entry_time.any() or p.cluster is not None else 0.0
    for item in ("critical_value", "band_low", "band_high"):
        np.testing.assert_allclose(getattr(shuffled, item), getattr(band, item), rtol=tolerance, atol=tolerance)


@UNHURRIED
@given(people())
def test_whole_weights_are_replicated_persons(p: People) -> None:
    repeated = p.take(np.repeat(np.arange(p.weight.size), p.weight.astype(np.int64)))
    band, again = p.band(), replace(repeated, weight=np.ones(repeated.weight.size)).band()
    if band is None or again is None:
        assert band is again
        return
    np.testing.assert_allclose(again.critical_value, band.critical_value, rtol=1e-9)
    np.testing.assert_allclose(again.band_low, band.band_low, rtol=1e-9, atol=1e-12)


@UNHURRIED
@given(people(), st.sampled_from([0.001, 3.0, 1000.0]))
def test_scaling_sampling_weights_changes_no_band(p: People, factor: float) -> None:
    band = p.band(weight=None, sampling_weight=p.weight)
    scaled = p.band(weight=None, sampling_weight=factor * p.weight)
    if band is None or scaled is None:
        assert band is scaled
        return
    np.testing.assert_allclose(scaled.critical_value, band.critical_value, rtol=1e-6)
    np.testing.assert_allclose(scaled.band_high, band.band_high, rtol=1e-6, atol=1e-9)


@UNHURRIED
@given(people(), st.integers(1, 11))
def test_splitting_the_time_of_clusters_changes_no_band(p: People, day: int) -> None:
    whole = replace(p, cluster=np.arange(p.exit_time.size) if p.cluster is None else p.cluster)
    across = (whole.entry_time < day) & (day < whole.exit_time)
    before = whole.take(across)
    before = replace(before, exit_time=np.full(across.sum(), day), event_type=np.zeros(across.sum(), int))
    after = replace(whole.take(across), entry_time=np.full(across.sum(), day))
    parts = before, after, whole.take(~across)
    split = People(*(np.concatenate([getattr(part, name) for part in parts]) for name in vars(whole)))
    band, again = whole.band(), split.band()
    if band is None or again is None:
        assert band is again
        return
    np.testing.assert_allclose(again.critical_value, band.critical_value, rtol=1e-6)


@UNHURRIED
@given(people())
def test_band_holds_the_pointwise_interval_and_stays_between_0_and_1(p: People) -> None:
    band = p.band()
    if band is None:
        return
    inside = ~np.isnan(band.band_low)
    curve = band.curve
    assert np.all((band.critical_value >= 1.959963) & np.isfinite(band.critical_value))
    low, high = curve.conf_low[:, 0], curve.conf_high[:, 0]
    assert np.all(band.band_low[inside] <= low[inside] + 1e-9)
    assert np.all(band.band_high[inside] >= high[inside] - 1e-9)
    assert np.all((band.band_low[inside] >= 0) & (band.band_high[inside] <= 1))
