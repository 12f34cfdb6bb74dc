"""The page on conventions does what it says, and the references differ where it says so."""

from __future__ import annotations

import doctest
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from lifelines import AalenJohansenFitter, CoxPHFitter, KaplanMeierFitter
from lifelines.datasets import load_rossi
from lifelines.utils import restricted_mean_survival_time

from evalkit.errors import EstimationError
from evalkit.survival import aalen_johansen, cox, kaplan_meier, mean_cumulative_count, quantile, rmst
from tests.reference.survival_matrix import cell

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "survival-conventions.md"
Data = Callable[[str], pl.DataFrame]


@pytest.fixture
def quiet() -> Iterator[None]:
    # these tests are about the peers' values; that peers also warn is no concern here
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def test_examples_of_the_page() -> None:
    result = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert result.failed == 0
    assert result.attempted >= 15


def test_aalen_type_differs_by_a_few_per_cent(data: Data) -> None:
    d = data("mgus2")
    plain, aalen = (aalen_johansen(d["exit"], d["cause"], variance=kind) for kind in ("greenwood", "aalen"))
    ratio = np.array([aalen.risk(month).std_error / plain.risk(month).std_error for month in (24, 360)])
    assert ratio == pytest.approx([1.0003, 1.0601], abs=5e-5)


def test_jackknife_differs_from_the_multinomial_with_delayed_entry() -> None:
    rows: Any = ([2, 3, 4, 4, 5], [1, 2, 0, 1, 0])
    late = [aalen_johansen(*rows, entry_time=[0, 0, 2, 1, 0], variance=kind) for kind in ("greenwood", "robust")]
    early = [aalen_johansen(*rows, variance=kind) for kind in ("greenwood", "robust")]
    assert early[0].std_error == pytest.approx(early[1].std_error, rel=1e-12)
    assert abs(late[0].std_error - late[1].std_error).max() > 1e-3


def test_variance_that_would_ignore_clusters_is_refused() -> None:
    with pytest.raises(EstimationError, match="ignore the sampling weights or clusters"):
        kaplan_meier([1, 2], [1, 0], cluster=[1, 2], variance="greenwood")


def test_upper_limit_after_the_curve_has_reached_zero() -> None:
    rows = kaplan_meier([1, 2, 2, 3], [1, 1, 0, 1]).tidy()
    before, last = rows["conf_high"][1], rows.row(2, named=True)
    assert (last["estimate"], last["conf_low"]) == (0.0, 0.0)
    assert last["conf_high"] == pytest.approx(before * (1 - 0.025))  # one person at risk: .025 ** (1 / 1)


def test_where_r_differs() -> None:
    # the values that r/where_r_differs.R prints, and the right ones
    time, event, pair = [1, 1, 2, 2, 3, 3, 4, 4], [1, 1, 2, 2, 0, 0, 1, 1], [1, 1, 2, 2, 3, 3, 4, 4]
    error = [kaplan_meier(time, event, cluster=c).tidy([2])["std_error"][0] for c in (None, pair)]
    assert error == pytest.approx([0.1767767, 0.25], abs=1e-7)
    leave = [1, 1, 2, 2, 4, 4, 4, 4]
    mean = [rmst(kaplan_meier(leave, [1] * 8, cluster=c), horizon=4).at().std_error for c in (None, pair)]
    assert mean == pytest.approx([0.4592793, np.sqrt(np.var([1, 2, 4, 4]) / 4)], abs=1e-7)
    exits, entry, person = [1, 4, 5, 2, 3, 5, 3], [0, 1, 4, 0, 0, 3, 0], list("aaabccd")
    counts = [
        mean_cumulative_count(exits, [1, 1, 0, death, 1, 0, 0], person, entry_time=entry).at(4) for death in (0, 2)
    ]
    assert counts == pytest.approx([13 / 12, 7 / 8])  # with death as censoring it is R's 1.083333


def test_limit_of_a_quantile_that_r_misreads() -> None:
    # r/where_r_differs.R: 183
    chosen = cell("lung", "sampling cluster")
    d = chosen.frame
    curves = kaplan_meier(d["exit"], d["event"], group=d["group"], **chosen.options)
    below = curves.tidy().filter(pl.col("group") == 1, pl.col("conf_high") < 0.75)["time"]
    assert quantile(curves, 0.25, group=1).conf_high == below[0] == 179
    assert below.to_list() == [time for time in curves.tidy().filter(group=1)["time"] if time >= 179]


@pytest.mark.usefixtures("quiet")
def test_lifelines_draws_lots_for_ties() -> None:
    d = cell("lung", "heavy").frame
    time, cause = d["exit"].to_numpy(), d["cause"].to_numpy()
    # the last value before day 6 is that of day 5, whose ties were moved apart
    fits = [AalenJohansenFitter(seed=seed).fit(time, cause, 1).cumulative_density_ for seed in range(15)]
    values = {round(float(fit.loc[:5.5].iloc[-1, 0]), 9) for fit in fits}
    assert len(values) == 15
    assert max(values) - min(values) > 0.005
    time, event = np.array([1, 1, 2, 2, 2, 3, 3]), np.array([1, 2, 1, 0, 2, 2, 1])
    assert aalen_johansen(time, event).at(3) == pytest.approx(1 / 7 + 5 / 7 * 1 / 5 + 3 / 7 * 1 / 2)


@pytest.mark.usefixtures("quiet")
def test_lifelines_loses_events_between_the_times_of_a_grid() -> None:
    # no ties, nobody censored: two of five have had event 1 by day 3
    time, event = [1, 2, 3, 4, 5], [1, 1, 2, 1, 2]
    theirs = AalenJohansenFitter().fit(time, event, 1, timeline=[0, 2, 4]).cumulative_density_["CIF_1"]
    assert np.isnan(theirs[2])
    assert theirs[3] == pytest.approx(0.2)
    assert aalen_johansen(time, event).tidy([0, 2, 3, 4]).filter(cause=1)["estimate"].to_list() == pytest.approx(
        [0, 2 / 5, 2 / 5, 3 / 5]
    )


@pytest.mark.usefixtures("quiet")
def test_lifelines_variance_of_the_restricted_mean_is_that_of_a_person() -> None:
    d = load_rossi()
    fitter = KaplanMeierFitter().fit(d["week"], d["arrest"])
    mean, variance = restricted_mean_survival_time(fitter, t=52, return_variance=True)
    ours = rmst(kaplan_meier(d["week"], d["arrest"]), horizon=52).at()
    assert ours.estimate == pytest.approx(mean)
    assert np.sqrt(variance) == pytest.approx(12.646, abs=1e-3)
    # nobody is censored before week 52, so the mean is a plain mean of min(time, 52)
    assert ours.std_error == pytest.approx(np.std(d["week"]) / np.sqrt(len(d)))
    assert ours.std_error == pytest.approx(0.6085, abs=5e-5)


@pytest.mark.usefixtures("quiet")
def test_lifelines_interval_narrows_with_the_unit_of_the_weights() -> None:
    time, event = np.arange(1, 41), np.tile([1, 0], 20)

    def width(limits: npt.NDArray[Any]) -> float:
        return float(limits[1] - limits[0])

    theirs = [
        width(KaplanMeierFitter().fit(time, event, weights=np.full(40, w)).confidence_interval_.loc[20].to_numpy())
        for w in (1.0, 10.0)
    ]
    ours = [
        width(
            kaplan_meier(time, event, sampling_weight=np.full(40, w))
            .tidy([20])["conf_high", "conf_low"]
            .to_numpy()[0, ::-1]
        )
        for w in (1.0, 10.0)
    ]
    assert theirs[1] < 0.4 * theirs[0]
    assert ours == pytest.approx([theirs[0], theirs[0]])


@pytest.mark.usefixtures("quiet")
def test_lifelines_clustered_cox_with_several_rows_a_person(data: Data) -> None:
    d = data("cgd").select("entry", "exit", "event", "group", "age", "x2", "id")
    theirs = CoxPHFitter().fit(d.to_pandas(), "exit", "event", entry_col="entry", cluster_col="id")
    x = d.select("group", "age", "x2").to_numpy()
    names = ["group", "age", "x2"]
    ours = cox(d["exit"], d["event"], x, names, entry_time=d["entry"], cluster=d["id"])
    in_r = cell("cgd", "cluster").from_r("cox").filter(strata=0, offset=0, ties="efron")["v11"].item()
    assert theirs.standard_errors_["group"] == pytest.approx(0.2466, abs=5e-5)
    assert ours.std_error[0] == pytest.approx(0.3053, abs=5e-5)
    assert ours.std_error[0] == pytest.approx(np.sqrt(in_r))
