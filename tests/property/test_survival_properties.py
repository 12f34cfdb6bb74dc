"""What must hold for any data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.errors import EstimationError
from evalkit.survival import CoxFit, LifeTable, aalen_johansen, cox, kaplan_meier, life_table, log_rank, rmst

Array = npt.NDArray[Any]


def _assert_close(actual: npt.ArrayLike, expected: npt.ArrayLike, tolerance: float = 1e-9) -> None:
    np.testing.assert_allclose(np.asarray(actual), np.asarray(expected), rtol=tolerance, atol=tolerance)


# A busy machine may take a second for an example that usually takes a millisecond.
UNHURRIED = settings(deadline=None)


@dataclass(frozen=True)
class People:
    exit_time: Array
    event_type: Array
    entry_time: Array
    weight: Array
    group: Array

    def take(self, rows: Array) -> People:
        return People(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def table(self, n_causes: int | None = None) -> LifeTable:
        return life_table(
            self.exit_time,
            self.event_type,
            entry_time=self.entry_time,
            weight=self.weight,
            group=self.group,
            n_causes=n_causes,
        )


@st.composite
def people(draw: st.DrawFn, causes: int = 2) -> People:
    row = st.tuples(
        st.integers(1, 12), st.integers(0, causes), st.integers(0, 11), st.integers(1, 4), st.integers(0, 1)
    )
    rows = np.array(draw(st.lists(row, min_size=2, max_size=40)), dtype=np.int64)
    entry = np.minimum(rows[:, 2], rows[:, 0] - 1)
    entry[draw(st.booleans()) * entry.size :] = 0
    return People(rows[:, 0], rows[:, 1], entry, rows[:, 3] / 2.0, rows[:, 4])


GRID = np.arange(0, 13)


def _curves(p: People) -> tuple[Array, Array]:
    tidy = aalen_johansen(p.table(2)).tidy(GRID)
    return tidy["estimate"].fill_null(-1).to_numpy(), tidy["std_error"].fill_null(-1).to_numpy()


@UNHURRIED
@given(people(causes=1))
def test_one_cause_makes_incidence_the_complement_of_survival(p: People) -> None:
    survival = kaplan_meier(p.table())
    incidence = aalen_johansen(p.table())
    _assert_close(incidence.estimate[:, 0], 1 - survival.estimate)
    _assert_close(incidence.std_error[:, 0], survival.std_error, 1e-6)
    inside = (survival.estimate > 0) & (survival.estimate < 1)
    _assert_close(incidence.conf_low[:, 0][inside], 1 - survival.conf_high[inside], 1e-6)


@UNHURRIED
@given(people(causes=3))
def test_incidences_and_event_free_share_sum_to_one(p: People) -> None:
    curves = aalen_johansen(p.table())
    _assert_close(curves.estimate.sum(axis=1) + curves.event_free, 1.0)
    assert np.all(np.diff(curves.estimate, axis=2) >= 0)


@UNHURRIED
@given(people(), st.randoms())
def test_order_of_persons_does_not_matter(p: People, random: Any) -> None:
    rows = np.arange(p.exit_time.size)
    random.shuffle(rows)
    for actual, expected in zip(_curves(p.take(rows)), _curves(p), strict=True):
        _assert_close(actual, expected)


@UNHURRIED
@given(people(), st.integers(1, 11))
def test_splitting_time_at_any_day_changes_nothing(p: People, day: int) -> None:
    across = (p.entry_time < day) & (day < p.exit_time)
    before = replace(p.take(across), exit_time=np.full(across.sum(), day), event_type=np.zeros(across.sum(), int))
    after = replace(p.take(across), entry_time=np.full(across.sum(), day))
    rest = p.take(~across)
    split = People(*(np.concatenate([getattr(part, name) for part in (before, after, rest)]) for name in vars(p)))
    for actual, expected in zip(_curves(split), _curves(p), strict=True):
        _assert_close(actual, expected)


@UNHURRIED
@given(people(), st.sampled_from([0.001, 0.5, 3.0, 1000.0]))
def test_scaling_weights_changes_no_estimate(p: People, factor: float) -> None:
    scaled = replace(p, weight=p.weight * factor)
    _assert_close(_curves(scaled)[0], _curves(p)[0])


@UNHURRIED
@given(people())
def test_whole_weights_are_replicated_persons(p: People) -> None:
    copies = (2 * p.weight).astype(np.int64)
    weighted = replace(p, weight=copies.astype(float))
    repeated = replace(p.take(np.repeat(np.arange(copies.size), copies)), weight=np.ones(copies.sum()))
    for actual, expected in zip(_curves(repeated), _curves(weighted), strict=True):
        _assert_close(actual, expected, 1e-8)


@UNHURRIED
@given(people())
def test_aggregated_counts_are_person_rows(p: People) -> None:
    keys, n = np.unique(np.stack([p.exit_time, p.event_type, p.entry_time, p.group]), axis=1, return_counts=True)
    counted = LifeTable.from_counts(keys[0], keys[1], n, entry_time=keys[2], group=keys[3], n_causes=2)
    persons = life_table(p.exit_time, p.event_type, entry_time=p.entry_time, group=p.group, n_causes=2)
    for part in ("start", "entered", "at_risk", "events", "censored"):
        np.testing.assert_array_equal(getattr(counted.weighted, part), getattr(persons.weighted, part))


@UNHURRIED
@given(people())
def test_limits_hold_the_estimate(p: People) -> None:
    curve = kaplan_meier(p.table())
    assert np.all(curve.conf_low <= curve.estimate + 1e-12)
    assert np.all(curve.conf_high >= curve.estimate - 1e-12)
    assert np.all((curve.conf_low >= 0) & (curve.conf_high <= 1))
    incidence = aalen_johansen(p.table())
    assert np.all(incidence.conf_low <= incidence.estimate + 1e-12)
    assert np.all(incidence.conf_high >= incidence.estimate - 1e-12)


@UNHURRIED
@given(people(causes=1), st.integers(1, 12))
def test_restricted_mean_is_the_area_under_the_curve(p: People, horizon: int) -> None:
    curve = kaplan_meier(p.exit_time, p.event_type, weight=p.weight)
    if np.isnan(curve.at(horizon)):
        return
    area = sum(curve.at(day) for day in range(horizon))
    _assert_close(rmst(curve, horizon=horizon).at().estimate, area)


@UNHURRIED
@given(people(causes=1), st.integers(2, 9))
def test_log_rank_does_not_depend_on_the_unit_of_time(p: People, factor: int) -> None:
    if len(set(p.group.tolist())) < 2 or not _overlap(p):
        return
    plain = log_rank(p.exit_time, p.event_type, group=p.group)
    stretched = log_rank(p.exit_time * factor, p.event_type, group=p.group)
    swapped = log_rank(p.exit_time, p.event_type, group=1 - p.group)
    _assert_close([stretched.statistic, swapped.statistic], plain.statistic, 1e-9)
    _assert_close(plain.observed.sum(), plain.expected.sum())


def _overlap(p: People) -> bool:
    """Whether an event happens while both groups are at risk and not all have it."""
    last = min(p.exit_time[p.group == 0].max(), p.exit_time[p.group == 1].max())
    times = p.exit_time[(p.event_type == 1) & (p.exit_time <= last)]
    return any(((p.exit_time == t) & (p.event_type == 1)).sum() < (p.exit_time >= t).sum() for t in times.tolist())


@st.composite
def cox_people(draw: st.DrawFn) -> tuple[People, Array]:
    seed = draw(st.integers(0, 10_000))
    generator = np.random.default_rng(seed)
    n = 40
    exits = generator.integers(1, 13, n)
    entries = generator.integers(0, exits) * generator.integers(0, 2, n)
    sample = People(
        exits, generator.integers(0, 2, n), entries, generator.uniform(0.5, 2.0, n), generator.integers(0, 2, n)
    )
    return sample, np.column_stack([generator.normal(size=n), generator.integers(0, 2, n)])


def _fit(p: People, x: Array, **options: Any) -> CoxFit:
    return cox(p.exit_time, p.event_type, x, ["z", "arm"], entry_time=p.entry_time, **options)


@UNHURRIED
@given(cox_people(), st.randoms(), st.integers(1, 11))
def test_cox_does_not_depend_on_order_or_on_where_time_is_cut(
    sample: tuple[People, Array], random: Any, day: int
) -> None:
    p, x = sample
    try:
        whole = _fit(p, x, weight=p.weight, strata=p.group)
    except EstimationError:  # a drawn sample may be separated
        return
    rows = np.arange(p.exit_time.size)
    random.shuffle(rows)
    q = p.take(rows)
    shuffled = _fit(q, x[rows], weight=q.weight, strata=q.group)
    _assert_close(shuffled.coefficients, whole.coefficients, 1e-7)
    _assert_close(shuffled.concordance, whole.concordance)
    across = (p.entry_time < day) & (day < p.exit_time)
    before = replace(p.take(across), exit_time=np.full(across.sum(), day), event_type=np.zeros(across.sum(), int))
    after = replace(p.take(across), entry_time=np.full(across.sum(), day))
    cut = People(
        *(np.concatenate([getattr(part, name) for part in (before, after, p.take(~across))]) for name in vars(p))
    )
    again = _fit(cut, np.concatenate([x[across], x[across], x[~across]]), weight=cut.weight, strata=cut.group)
    _assert_close(again.coefficients, whole.coefficients, 1e-7)
    _assert_close(again.covariance, whole.covariance, 1e-7)
    _assert_close(again.log_likelihood, whole.log_likelihood)


@UNHURRIED
@given(cox_people(), st.sampled_from([0.01, 3.0, 1e4]))
def test_scaling_sampling_weights_changes_no_robust_interval_of_cox(
    sample: tuple[People, Array], factor: float
) -> None:
    p, x = sample
    try:
        one = _fit(p, x, sampling_weight=p.weight)
    except EstimationError:  # a drawn sample may be separated
        return
    many = _fit(p, x, sampling_weight=factor * p.weight)
    _assert_close(many.coefficients, one.coefficients, 1e-7)
    _assert_close(many.covariance, one.covariance, 1e-7)
